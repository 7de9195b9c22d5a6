"""Tell debuggers of loaded code: gdb's JIT interface, which lldb reads too.

    register(data, addresses)      # the bytes of an object file, where its sections are in memory

A debugger puts a breakpoint on the function `__jit_debug_register_code` and reads the list at
`__jit_debug_descriptor`. It finds both as symbols of a loaded library, so there must be one that
has them: a few hundred bytes of ELF, written here and kept in the cache folder. The library also
holds `pellucid_gdb_breakpoint`, which does nothing: `gdb_breakpoint()` calls it, and gdb stops
there.

What is registered stays, as the code does (`loader.py`). x86-64 Linux only.

Ground truth: "JIT Compilation Interface" in gdb's manual; System V ABI, chapters 4 and 5.
"""

from __future__ import annotations

import ctypes
import os
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from struct import Struct, pack

from pellucid.base import options as settings
from pellucid.base.digest import blake2b
from pellucid.cache import elf
from pellucid.codegen.names import BREAKPOINT

REGISTER, DESCRIPTOR = "__jit_debug_register_code", "__jit_debug_descriptor"

_REGISTER_ACTION = 1
_ADDRESS_FIELD = Struct("<Q")
_ADDRESS_AT = 16  # of `sh_addr` in a row of the section table
_lock = threading.Lock()
_entries: list[tuple[_Entry, object]] = []


class _Entry(ctypes.Structure):
    """`struct jit_code_entry`."""


_Entry._fields_ = [
    ("next", ctypes.POINTER(_Entry)),
    ("previous", ctypes.POINTER(_Entry)),
    ("symfile", ctypes.c_void_p),
    ("size", ctypes.c_uint64),
]


class _Descriptor(ctypes.Structure):
    """`struct jit_descriptor`."""

    _fields_ = (
        ("version", ctypes.c_uint32),
        ("action", ctypes.c_uint32),
        ("relevant", ctypes.POINTER(_Entry)),
        ("first", ctypes.POINTER(_Entry)),
    )


def register(data: bytes, addresses: Mapping[int, int]) -> None:
    """Tell debuggers of an object file whose sections, by index, are at these addresses."""
    library = _library()
    symfile = ctypes.create_string_buffer(_placed(data, addresses), len(data))
    entry = _Entry(symfile=ctypes.addressof(symfile), size=len(data))
    with _lock:
        descriptor = _Descriptor.in_dll(library, DESCRIPTOR)
        if descriptor.first:
            entry.next = descriptor.first
            descriptor.first.contents.previous = ctypes.pointer(entry)
        descriptor.first = descriptor.relevant = ctypes.pointer(entry)
        descriptor.action = _REGISTER_ACTION
        getattr(library, REGISTER)()
        _entries.append((entry, symfile))


def breakpoint_address() -> int:
    """The address of the function at which gdb stops for `gdb_breakpoint()`."""
    return ctypes.cast(getattr(_library(), BREAKPOINT), ctypes.c_void_p).value or 0


def stop() -> None:
    """Call the function at which gdb stops."""
    getattr(_library(), BREAKPOINT)()


def _placed(data: bytes, addresses: Mapping[int, int]) -> bytes:
    """The object with its sections' addresses, as if a linker had placed it."""
    placed = bytearray(data)
    for section, address in addresses.items():
        _ADDRESS_FIELD.pack_into(placed, elf.section_row(data, section) + _ADDRESS_AT, address)
    return bytes(placed)


# -- the library --------------------------------------------------------------------------------

# push %rbp; mov %rsp, %rbp; nop; pop %rbp; ret: a frame that debuggers recognise.
_CODE = b"\x55\x48\x89\xe5\x90\x5d\xc3".ljust(16, b"\x90")
_PAGE = 0x1000
_DESCRIPTOR_SIZE = 24
_FUNCTION, _OBJECT, _GLOBAL = 2, 1, 1
_DT_HASH, _DT_STRTAB, _DT_SYMTAB, _DT_STRSZ, _DT_SYMENT, _DT_SONAME = 4, 5, 6, 10, 11, 14


@cache
def _library() -> ctypes.PyDLL:
    """The library, written and loaded."""
    data = library_bytes()
    name = f"pellucid-jit-{blake2b(data, digest_size=8).hexdigest()}.so"
    path = os.path.join(settings.cache_dir(), name)
    try:
        _write(path, data)
        return ctypes.PyDLL(path)
    except OSError:  # a folder that is not ours to write, or where no code may lie
        path = os.path.join(tempfile.mkdtemp(prefix="pellucid-"), name)
        _write(path, data)
        return ctypes.PyDLL(path)


def _write(path: str, data: bytes) -> None:
    """Put a file there whole, unless it is there."""
    if os.path.exists(path):
        with open(path, "rb") as there:
            if there.read() == data:
                return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
    with open(handle, "wb") as file:
        file.write(data)
    os.chmod(temporary, 0o755)
    os.replace(temporary, path)


def library_bytes() -> bytes:
    """The shared library, as an ELF file: two functions, and the descriptor."""
    names = [b"", REGISTER.encode(), BREAKPOINT.encode(), DESCRIPTOR.encode(), b"pellucid-jit.so"]
    strings = b"\0".join(names) + b"\0"
    starts = [strings.index(b"\0" + name + b"\0") + 1 for name in names[1:]]
    count = 4
    # The parts of the first page, then those of the second: what is written to at run time.
    symbols_at = 64 + 56 * 4
    hash_at = symbols_at + 24 * count
    strings_at = hash_at + 4 * (2 + 1 + count)
    code_at = -(-(strings_at + len(strings)) // 16) * 16
    dynamic_at = _PAGE
    dynamic = [
        (_DT_HASH, hash_at),
        (_DT_STRTAB, strings_at),
        (_DT_SYMTAB, symbols_at),
        (_DT_STRSZ, len(strings)),
        (_DT_SYMENT, 24),
        (_DT_SONAME, starts[3]),
        (0, 0),
    ]
    data_at = dynamic_at + 16 * len(dynamic)
    end = data_at + _DESCRIPTOR_SIZE
    symbols = bytes(24) + b"".join(
        pack("<IBBHQQ", name, _GLOBAL << 4 | kind, 0, section, at, size)
        for name, kind, section, at, size in (
            (starts[0], _FUNCTION, 4, code_at, 7),
            (starts[1], _FUNCTION, 4, code_at + 16, 7),
            (starts[2], _OBJECT, 6, data_at, _DESCRIPTOR_SIZE),
        )
    )
    # One bucket, in which each symbol leads to the next.
    hashes = pack("<7I", 1, count, 1, 0, 2, 3, 0)
    first = b"".join(
        (_elf_header(end), _segments(code_at + 32, dynamic_at, dynamic, end), symbols, hashes)
    )
    first = (first + strings).ljust(code_at, b"\0") + _CODE * 2
    second = b"".join(pack("<QQ", *row) for row in dynamic) + pack("<IIQQ", 1, 0, 0, 0)
    places = (symbols_at, hash_at, strings_at, code_at, dynamic_at, data_at)
    sizes = (24 * count, len(hashes), len(strings), 32, 16 * len(dynamic), _DESCRIPTOR_SIZE)
    return first.ljust(_PAGE, b"\0") + second + _section_table(end, places, sizes)


_SECTIONS = (".dynsym", ".hash", ".dynstr", ".text", ".dynamic", ".data", ".shstrtab")
_SECTION_NAMES = b"\0" + b"".join(name.encode() + b"\0" for name in _SECTIONS)


def _elf_header(end: int) -> bytes:
    """`end`: where the names of sections lie, and after them the section table."""
    table = _table_at(end)
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    row = pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, table, 0, 64, 56, 4, 64, len(_SECTIONS) + 1, 7)
    return ident + row


def _table_at(end: int) -> int:
    return -(-(end + len(_SECTION_NAMES)) // 8) * 8


def _segments(code_end: int, dynamic_at: int, dynamic: list[tuple[int, int]], end: int) -> bytes:
    size = 16 * len(dynamic)
    rows = (
        (1, 5, 0, code_end, _PAGE),  # code, read and run
        (1, 6, dynamic_at, end - dynamic_at, _PAGE),  # data, read and written
        (2, 6, dynamic_at, size, 8),
        (0x6474E551, 6, 0, 0, 16),  # the stack need not be executable
    )
    return b"".join(
        pack("<IIQQQQQQ", kind, flags, at, at, at, nbytes, nbytes, align)
        for kind, flags, at, nbytes, align in rows
    )


def _section_table(end: int, places: tuple[int, ...], sizes: tuple[int, ...]) -> bytes:
    rows = (  # kind, flags, link, info, align, size of an entry
        (11, 2, 3, 1, 8, 24),
        (5, 2, 1, 0, 4, 4),
        (3, 2, 0, 0, 1, 0),
        (1, 6, 0, 0, 16, 0),
        (6, 3, 3, 0, 8, 16),
        (1, 3, 0, 0, 8, 0),
    )
    table = [bytes(64)]
    for name, at, size, row in zip(_SECTIONS, places, sizes, rows, strict=False):
        kind, flags, link, info, align, entry = row
        name_at = _SECTION_NAMES.index(b"\0" + name.encode() + b"\0") + 1
        table.append(
            pack("<IIQQQQIIQQ", name_at, kind, flags, at, at, size, link, info, align, entry)
        )
    name_at = _SECTION_NAMES.index(b".shstrtab")
    table.append(pack("<IIQQQQIIQQ", name_at, 3, 0, 0, end, len(_SECTION_NAMES), 0, 0, 1, 0))
    return _SECTION_NAMES.ljust(_table_at(end) - end, b"\0") + b"".join(table)
