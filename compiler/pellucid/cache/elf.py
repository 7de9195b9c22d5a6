"""Read an ELF object: its sections, symbols and relocations, as far as loading needs them.

Only 64-bit little-endian relocatable objects. The tables are sliced out with `struct` and kept as
plain rows; names are decoded when they are asked for. Anything cut off or out of place raises
`UnsupportedObject`.

Ground truth: the System V ABI's generic part (gABI), chapter 4.
"""

from __future__ import annotations

from struct import Struct
from struct import error as StructError

NOBITS = 8
WRITE, ALLOC, EXEC, TLS = 1, 2, 4, 0x400
UNDEFINED, RESERVED, ABSOLUTE, COMMON = 0, 0xFF00, 0xFFF1, 0xFFF2
LOCAL, WEAK = 0, 2
TYPE_TLS, TYPE_IFUNC = 6, 10

_HEADER = Struct("<16sHHIQQQIHHHHHH")
_SECTION = Struct("<IIQQQQIIQQ")
_SYMBOL = Struct("<IBBHQQ")
_RELOCATION = Struct("<QIIq")

_IDENT = b"\x7fELF\x02\x01\x01"  # 64-bit, little-endian, version 1
_RELOCATABLE = 1
_SYMTAB, _RELA, _NOTE, _REL = 2, 4, 7, 9
_CTORS = (b".ctors", b".dtors")
_INIT_ARRAY, _FINI_ARRAY, _PREINIT_ARRAY = 14, 15, 16

SymbolRow = tuple[int, int, int, int, int, int]
"""Offset of the name, binding and type, visibility, section, value, size."""

RelocationRow = tuple[int, int, int, int]
"""Offset in the section, type, symbol, addend."""


class UnsupportedObject(Exception):
    """The object is none that can be loaded here; the text says why."""


# Plain classes: making a dataclass costs half a millisecond of every process's first call.


class Section:
    """One row of the section table; `flags` without ALLOC where loading leaves it out."""

    __slots__ = ("align", "flags", "index", "info", "kind", "link", "offset", "size")

    def __init__(self, index: int, flags: int, row: tuple[int, ...]) -> None:
        self.index = index
        self.flags = flags
        self.kind = row[1]
        self.offset, self.size, self.link, self.info, self.align = row[4:9]


class ElfObject:
    """The parts of an object file. `relocations` maps a section's index to its rows."""

    __slots__ = ("_names", "data", "machine", "relocations", "sections", "symbols")

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self.machine, self.sections = _read_sections(data)
            self.symbols, self._names = _read_symbols(data, self.sections)
            self.relocations = _read_relocations(data, self.sections)
        except (StructError, IndexError, ValueError) as problem:
            message = f"malformed object: {problem}"
            raise UnsupportedObject(message) from problem

    def name(self, symbol: int) -> str:
        """The name of the symbol with this index."""
        start = self.symbols[symbol][0]
        return self._names[start : self._names.index(b"\0", start)].decode()


def section_row(data: bytes, section: int) -> int:
    """Where the row of a section stands in an object file."""
    header = _HEADER.unpack_from(data)
    return int(header[6]) + section * _SECTION.size


def _read_sections(data: bytes) -> tuple[int, list[Section]]:
    if not data.startswith(_IDENT):
        message = "not a 64-bit little-endian ELF object"
        raise UnsupportedObject(message)
    header = _HEADER.unpack_from(data)
    kind, machine, table, entry, count = header[1], header[2], header[6], header[11], header[12]
    if kind != _RELOCATABLE:
        message = f"not a relocatable object (type {kind})"
        raise UnsupportedObject(message)
    if count == 0 or entry != _SECTION.size or table + count * entry > len(data):
        message = "the section table is missing or cut off"
        raise UnsupportedObject(message)
    rows = _SECTION.iter_unpack(memoryview(data)[table : table + count * entry])
    names_at = _SECTION.unpack_from(data, table + header[13] * entry)[4]
    return machine, [
        Section(index, _loaded_flags(data, names_at + row[0], row), row)
        for index, row in enumerate(rows)
    ]


def _loaded_flags(data: bytes, name_at: int, row: tuple[int, ...]) -> int:
    _, kind, flags, _, offset, size = row[:6]
    if kind != NOBITS and offset + size > len(data):
        message = "a section is cut off"
        raise UnsupportedObject(message)
    if not flags & ALLOC:
        return flags
    if size == 0 or kind == _NOTE or data.startswith(b".eh_frame\0", name_at):
        return flags & ~ALLOC
    if flags & TLS:
        message = "thread-local data"
        raise UnsupportedObject(message)
    if kind in {_INIT_ARRAY, _FINI_ARRAY, _PREINIT_ARRAY} or data.startswith(_CTORS, name_at):
        message = "constructors or destructors"
        raise UnsupportedObject(message)
    if flags & WRITE and flags & EXEC:
        message = "a section that is writable and executable"
        raise UnsupportedObject(message)
    if data.startswith(b".data.rel.ro", name_at):
        return flags & ~WRITE  # constant once it is relocated
    return flags


def _read_symbols(data: bytes, sections: list[Section]) -> tuple[list[SymbolRow], bytes]:
    for section in sections:
        if section.kind == _SYMTAB:
            rows = _SYMBOL.iter_unpack(data[section.offset : section.offset + section.size])
            names = sections[section.link]
            return list(rows), data[names.offset : names.offset + names.size]
    return [], b""


def _read_relocations(data: bytes, sections: list[Section]) -> dict[int, list[RelocationRow]]:
    found: dict[int, list[RelocationRow]] = {}
    for section in sections:
        if section.kind not in {_RELA, _REL} or not sections[section.info].flags & ALLOC:
            continue
        if section.kind == _REL:
            message = "relocations without addends"
            raise UnsupportedObject(message)
        rows = memoryview(data)[section.offset : section.offset + section.size]
        found[section.info] = list(_RELOCATION.iter_unpack(rows))
    return found
