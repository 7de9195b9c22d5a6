"""Load a relocatable object file into memory, without LLVM.

    loaded = ObjectCode(data).load(resolve)      # bytes of an ELF object, name -> address
    loaded.symbols["add"]                        # the address of a function of it

A compilation ends in an object file, and so does a cache entry; this is what makes it callable. It
takes a fraction of a millisecond, where importing llvmlite alone takes 60.

Contract. The object was made by LLVM for x86-64 ELF with position-independent code in the small
model. All of it lies in one mapping (code R-X, constants and address slots R--, data RW-; never
writable and executable at once). A call out of the object goes directly where the target is within
2 GiB, else through a stub; an address of something outside comes from a slot. `.eh_frame` is left
out: compiled code is never unwound. Anything else (another format, thread-local data, constructors,
an unknown relocation) raises `UnsupportedObject`, and the caller lets LLVM's own JIT do it.

The mapping stays for the life of the process unless `unload` is called: compiled code may be
reached from C (a type's slot, a capsule's destructor) after every Python object is gone.

Ground truth: System V ABI, AMD64 supplement, section 4.4 (relocation).
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from struct import Struct
from struct import error as StructError

from pellucid.base import options as settings
from pellucid.cache import elf
from pellucid.cache.elf import ElfObject, Section, UnsupportedObject

Resolve = Callable[[str], int]
"""Gives the address of a symbol that the object uses and does not define; `LookupError` if none."""

_X86_64 = 62
_QUAD = Struct("<q")
_SIGNED = Struct("<i")

_R_64, _R_PC32, _R_PLT32, _R_GOTPCREL, _R_32, _R_32S = 1, 2, 4, 9, 10, 11
_R_PC64, _R_GOTPCRELX, _R_REX_GOTPCRELX = 24, 41, 42
_FORMS = {
    _R_64: _QUAD,
    _R_PC64: _QUAD,
    _R_32: Struct("<I"),
    _R_32S: _SIGNED,
    _R_PC32: _SIGNED,
    _R_PLT32: _SIGNED,
    _R_GOTPCREL: _SIGNED,
    _R_GOTPCRELX: _SIGNED,
    _R_REX_GOTPCRELX: _SIGNED,
}
_ABSOLUTES = frozenset({_R_64, _R_32, _R_32S})
_THROUGH_SLOT = frozenset({_R_GOTPCREL, _R_GOTPCRELX, _R_REX_GOTPCRELX})

_STUB_SIZE, _SLOT_SIZE = 8, 8
_JUMP_THROUGH_SLOT = b"\xff\x25"  # jmp *disp32(%rip)
_REACH = 0x7FFF_0000
_PROT_READ, _PROT_WRITE, _PROT_EXEC = 1, 2, 4
_MAP_PRIVATE, _MAP_ANONYMOUS = 2, 0x20  # Linux's values: the only system it loads on
_MAP_FAILED = ctypes.c_void_p(-1).value


class LoadedObject:
    """Code in memory: the addresses of the global symbols that the object defines."""

    __slots__ = ("base", "size", "symbols")

    def __init__(self, symbols: dict[str, int], base: int, size: int) -> None:
        self.symbols = symbols
        self.base = base
        self.size = size

    def unload(self) -> None:
        """Give the memory back. Only for code that nothing can reach any more."""
        _libc().munmap(self.base, self.size)


class ObjectCode:
    """The bytes of an object file, as LLVM's target machine emits them."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def load(self, resolve: Resolve, *, debug: bool = False) -> LoadedObject:
        """Place, relocate and protect it; `UnsupportedObject` if that is not possible here.

        With `debug`, debuggers are told of it.
        """
        if sys.platform != "linux" or os.uname().machine != "x86_64" or sys.maxsize < 1 << 32:
            message = "objects are loaded on x86-64 Linux only"
            raise UnsupportedObject(message)
        source = ElfObject(self.data)
        if source.machine != _X86_64:
            message = f"an object for another processor (ELF machine {source.machine})"
            raise UnsupportedObject(message)
        image = _place(source)
        try:
            addresses = _bind(image, source, resolve)
            _copy(image, source)
            _relocate(image, source, addresses)
            _protect(image)
        except BaseException:
            _libc().munmap(image.base, image.size)
            raise
        if debug:
            from pellucid.cache.jit_interface import register  # few ask for it

            register(self.data, {index: image.base + at for index, at in image.places.items()})
        if settings.profiling_enabled():
            from pellucid.cache.perf_map import add_functions  # few ask for it

            add_functions(source, addresses)
        exported = {
            source.name(index): addresses[index]
            for index, (_, info, _, section, _, _) in enumerate(source.symbols)
            if info >> 4 != elf.LOCAL and section != elf.UNDEFINED
        }
        return LoadedObject(exported, image.base, image.size)


class _Image:
    """The mapping: where each section, common symbol, stub and slot stands, from `base`."""

    def __init__(self) -> None:
        self.places: dict[int, int] = {}  # by section
        self.commons: dict[int, int] = {}  # these by symbol
        self.stubs: dict[int, int] = {}
        self.slots: dict[int, int] = {}
        self.const_at = 0
        self.data_at = 0
        self.size = 0

    def map(self) -> None:
        self.base = _map(self.size)
        memory = (ctypes.c_ubyte * self.size).from_address(self.base)
        self.memory = memoryview(memory).cast("B")


# -- placing ---------------------------------------------------------------------------------


def _place(source: ElfObject) -> _Image:
    """Choose where everything stands, then map that much memory."""
    image = _Image()
    stubs, slots, symbols = image.stubs, image.slots, source.symbols
    for rows in source.relocations.values():
        for _, kind, symbol, _ in rows:
            if kind == _R_PLT32 and symbols[symbol][3] == elf.UNDEFINED:
                stubs[symbol] = slots[symbol] = 0
            elif kind in _THROUGH_SLOT:
                slots[symbol] = 0
    loaded = [section for section in source.sections if section.flags & elf.ALLOC]
    code = [section for section in loaded if section.flags & elf.EXEC]
    data = [section for section in loaded if section.flags & elf.WRITE]
    const = [section for section in loaded if not section.flags & (elf.EXEC | elf.WRITE)]

    page = os.sysconf("SC_PAGESIZE")
    at = _lay(code, image.places, 0)
    at = _lay_entries(stubs, _STUB_SIZE, _align(at, _STUB_SIZE))
    image.const_at = at = _align(at, page)
    at = _lay(const, image.places, at)
    at = _lay_entries(slots, _SLOT_SIZE, _align(at, _SLOT_SIZE))
    image.data_at = at = _align(at, page)
    at = _lay(data, image.places, at)
    for index, (_, _, _, section, value, size) in enumerate(symbols):
        if section == elf.COMMON:  # there, the value is the alignment
            image.commons[index] = at = _align(at, value)
            at += size
    image.size = max(_align(at, page), page)
    if image.size > _REACH:
        message = "larger than 2 GiB"
        raise UnsupportedObject(message)
    image.map()
    return image


def _align(value: int, to: int) -> int:
    return (value + to - 1) & -to if to > 1 else value


def _lay(sections: list[Section], places: dict[int, int], at: int) -> int:
    for section in sections:
        at = _align(at, section.align)
        places[section.index] = at
        at += section.size
    return at


def _lay_entries(entries: dict[int, int], size: int, at: int) -> int:
    for symbol in entries:
        entries[symbol] = at
        at += size
    return at


def _bind(image: _Image, source: ElfObject, resolve: Resolve) -> list[int]:
    """The address of every symbol, by its index."""
    base, places = image.base, image.places
    addresses: list[int] = []
    for index, (name, info, _, section, value, _) in enumerate(source.symbols):
        if info & 15 in {elf.TYPE_TLS, elf.TYPE_IFUNC}:
            message = f"`{source.name(index)}` is thread-local or chosen at run time"
            raise UnsupportedObject(message)
        if section == elf.UNDEFINED:
            addresses.append(_outside(source.name(index), info, resolve) if name else 0)
        elif section == elf.ABSOLUTE:
            addresses.append(value)
        elif section == elf.COMMON:
            addresses.append(base + image.commons[index])
        elif section >= elf.RESERVED:
            message = f"a symbol in the reserved section {section:#x}"
            raise UnsupportedObject(message)
        else:
            addresses.append(base + places.get(section, 0) + value)
    return addresses


def _outside(name: str, info: int, resolve: Resolve) -> int:
    try:
        return resolve(name)
    except LookupError:
        if info >> 4 == elf.WEAK:
            return 0
        message = f"nothing defines `{name}`"
        raise UnsupportedObject(message) from None


# -- writing ---------------------------------------------------------------------------------


def _copy(image: _Image, source: ElfObject) -> None:
    memory, data = image.memory, memoryview(source.data)
    for index, at in image.places.items():
        section = source.sections[index]
        if section.kind != elf.NOBITS:
            memory[at : at + section.size] = data[section.offset : section.offset + section.size]


def _relocate(image: _Image, source: ElfObject, addresses: list[int]) -> None:
    memory, base = image.memory, image.base
    for symbol, slot in image.slots.items():
        _QUAD.pack_into(memory, slot, addresses[symbol])
    for symbol, stub in image.stubs.items():
        memory[stub : stub + 2] = _JUMP_THROUGH_SLOT
        _SIGNED.pack_into(memory, stub + 2, image.slots[symbol] - stub - 6)
    for section, rows in source.relocations.items():
        start = image.places[section]
        for offset, kind, symbol, addend in rows:
            form = _FORMS.get(kind)
            if form is None:
                message = f"relocation type {kind}"
                raise UnsupportedObject(message)
            at = start + offset
            target = base + image.slots[symbol] if kind in _THROUGH_SLOT else addresses[symbol]
            value = target + addend
            if kind not in _ABSOLUTES:
                value -= base + at
                if symbol in image.stubs and kind == _R_PLT32 and not -_REACH < value < _REACH:
                    value = image.stubs[symbol] + addend - at
            try:
                form.pack_into(memory, at, value)
            except StructError:
                target = source.name(symbol) or "a section"
                message = f"relocation type {kind} cannot reach {target}"
                raise UnsupportedObject(message) from None


def _protect(image: _Image) -> None:
    libc = _libc()
    for start, end, protection in (
        (0, image.const_at, _PROT_READ | _PROT_EXEC),
        (image.const_at, image.data_at, _PROT_READ),
    ):
        if end > start and libc.mprotect(image.base + start, end - start, protection) != 0:
            message = f"the system refuses executable memory: {os.strerror(ctypes.get_errno())}"
            raise UnsupportedObject(message)


# -- memory ----------------------------------------------------------------------------------

_loaded_libc: ctypes.PyDLL | None = None


def _libc() -> ctypes.PyDLL:
    """The C library, with the three functions' types set on a handle of our own."""
    global _loaded_libc
    if _loaded_libc is None:
        libc = ctypes.PyDLL(None, use_errno=True)
        address, size = ctypes.c_void_p, ctypes.c_size_t
        libc.mmap.restype = address
        libc.mmap.argtypes = (address, size, *[ctypes.c_int] * 3, ctypes.c_long)
        libc.mprotect.argtypes = (address, size, ctypes.c_int)
        libc.munmap.argtypes = (address, size)
        _loaded_libc = libc
    return _loaded_libc


def _map(size: int) -> int:
    flags = _MAP_PRIVATE | _MAP_ANONYMOUS
    base = _libc().mmap(None, size, _PROT_READ | _PROT_WRITE, flags, -1, 0)
    if base in {None, _MAP_FAILED}:
        message = f"no memory: {os.strerror(ctypes.get_errno())}"
        raise UnsupportedObject(message)
    return base
