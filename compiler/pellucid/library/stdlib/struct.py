"""`struct`: bytes of C's values, by constant formats; `packed.py` reads and writes them."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

from pellucid.inference.constants import STRUCT_FORMAT
from pellucid.inference.overloads import (
    Constant,
    overload,
    overload_attribute,
    overload_method,
    refuse,
)
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import format_error
from pellucid.library.builtins.structs import struct as record
from pellucid.library.stdlib.packed import (
    TEXTS,
    Field,
    format_of,
    layout,
    read_fields,
    write_fields,
)
from pellucid.library.strings.building import new_block
from pellucid.library.strings.fronts import as_bytes, content, is_buffer, is_octets, shown
from pellucid.library.strings.primitives import finish, length
from pellucid.types import (
    Boolean,
    ByteArray,
    Float,
    Integer,
    MemoryView,
    Struct,
    Type,
    float32,
    int64,
)

UNPACK_SIZE = "unpack requires a buffer of {} bytes"
UNPACK_ROOM = (
    "unpack_from requires a buffer of at least {} bytes for unpacking {} bytes at offset {}"
    " (actual buffer size is {})"
)
UNPACK_SHORT = "not enough data to unpack {} bytes at offset {}"
PACK_ROOM = (
    "pack_into requires a buffer of at least {} bytes for packing {} bytes at offset {}"
    " (actual buffer size is {})"
)
PACK_SHORT = "no space to pack {} bytes at offset {}"
OUT_OF_RANGE = "offset {} out of range for {}-byte buffer"
PIECES = "iterative unpacking requires a buffer of a multiple of {} bytes"
NO_PIECES = error_text(struct.iter_unpack, "", b"")
FLOAT_RANGE, HALF_RANGE = (error_text(struct.pack, code, 1e300) for code in ("<f", "<e"))
ONE_BYTE = error_text(struct.pack, "c", b"ab")


@overload(struct.calcsize)
def calcsize(format, /):
    """The bytes that a format describes."""
    return Constant(struct.calcsize(format_of(format)))


# ---- unpack ---------------------------------------------------------------------------------


def _require_buffer(ty: Type) -> None:
    if not is_buffer(ty):
        refuse(f"a bytes-like object is required, not '{ty.base}'")


@overload(struct.unpack)
def unpack(format, buffer, /):
    """As in Python, with a constant format.

    >>> struct.unpack("<hB", b"\\x01\\x00\\x02")
    (1, 2)
    """
    text = format_of(format)
    _require_buffer(buffer)
    size, view = struct.calcsize(text), _view(text)

    def impl(format, buffer):
        s = view(buffer)
        if length(s) != size:
            raise format_error(struct.error, UNPACK_SIZE, size)
        return read_fields(s, 0, text)

    return impl


def _view(text: str) -> Callable[..., Any]:
    """What shows a buffer: bytes that are read from it share its memory, which must not change."""
    return content if any(field.letter in TEXTS for field in layout(text)) else shown


@overload(struct.unpack_from)
def unpack_from(format, /, buffer, offset=0):
    """As in Python, with a constant format."""
    text = format_of(format)
    _require_buffer(buffer)
    integer(offset)
    size, view = struct.calcsize(text), _view(text)

    def impl(format, buffer, offset=0):
        s = view(buffer)
        start = int64(offset)
        if start < 0:
            if start + size > 0:
                raise format_error(struct.error, UNPACK_SHORT, size, start)
            if start + length(s) < 0:
                raise format_error(struct.error, OUT_OF_RANGE, start, length(s))
            start += length(s)
        if length(s) - start < size:
            raise format_error(struct.error, UNPACK_ROOM, size + start, size, start, length(s))
        return read_fields(s, start, text)

    return impl


@overload(struct.iter_unpack)
def iter_unpack(format, buffer, /):
    """As in Python, with a constant format."""
    text = format_of(format)
    _require_buffer(buffer)
    size = struct.calcsize(text)

    def pieces(s):
        for at in range(0, length(s), size):
            yield read_fields(s, at, text)

    def impl(format, buffer):
        if size == 0:
            raise struct.error(NO_PIECES)
        s = content(buffer)
        if length(s) % size != 0:
            raise format_error(struct.error, PIECES, size)
        return pieces(s)

    return impl


# ---- pack -----------------------------------------------------------------------------------


@overload(struct.pack)
def pack(format, /, *v):
    """As in Python, with a constant format.

    >>> struct.pack(">Hs", 258, b"a")
    b'\\x01\\x02a'
    """
    text = format_of(format)
    _require_count("pack", text, v)
    fit = _all_fitted(layout(text), v)
    size = struct.calcsize(text)

    def impl(format, *v):
        block = new_block(size, 1)
        write_fields(block, text, fit(v))
        return as_bytes(finish(block, size, 1, False))

    return impl


def _require_count(name: str, text: str, given: tuple[Type, ...]) -> None:
    wanted = len(layout(text))
    if wanted != len(given):
        refuse(f"{name} expected {wanted} items for packing (got {len(given)})")


@overload(struct.pack_into)
def pack_into(format, /, buffer, offset, *v):
    """As in Python, with a constant format, into a bytearray."""
    text = format_of(format)
    is_view = isinstance(buffer, MemoryView) and buffer.format == "B"
    if not is_view and not isinstance(buffer, ByteArray):
        refuse(f"argument must be a bytearray or a view of bytes, not {buffer.base}")
    integer(offset)
    _require_count("pack_into", text, v)
    fit = _all_fitted(layout(text), v)
    size = struct.calcsize(text)

    def impl(format, buffer, offset, *v):
        count = len(buffer)
        start = int64(offset)
        if start < 0:
            if start + size > 0:
                raise format_error(struct.error, PACK_SHORT, size, start)
            if start + count < 0:
                raise format_error(struct.error, OUT_OF_RANGE, start, count)
            start += count
        if count - start < size:
            raise format_error(struct.error, PACK_ROOM, size + start, size, start, count)
        block = new_block(size, 1)
        write_fields(block, text, fit(v))
        buffer[start : start + size] = as_bytes(finish(block, size, 1, False))

    return impl


def _all_fitted(fields: tuple[Field, ...], tys: tuple[Type, ...]) -> Callable[..., Any]:
    """What makes of a tuple of arguments the values that are written; they must fit."""
    if not fields:
        return _nothing
    first, rest = _fitted(fields[0], tys[0].base), _all_fitted(fields[1:], tys[1:])

    def impl(values):
        return (first(values[0]), *rest(values[1:]))

    return impl


def _nothing(values):
    return ()


def _fitted(field: Field, ty: Type) -> Callable[..., Any]:
    if field.letter in TEXTS:
        if not is_octets(ty):
            refuse(f"argument for '{field.letter}' must be a bytes object, not {ty}")
        return _one_byte if field.letter == "c" else _bytes
    if field.letter == "?":
        return _truth
    if field.letter in "efd":
        if not isinstance(ty, (Float, Integer, Boolean)):
            refuse(f"required argument is not a float: it is a {ty}")
        if field.letter == "e":
            return _half
        # The machine's own floats become infinite where they are too large.
        return _single if field.letter == "f" and field.order != "@" else _double
    if not isinstance(ty, (Integer, Boolean)):
        refuse(f"required argument is not an integer: it is a {ty}")
    return _number(field, ty)


def _number(field: Field, ty: Type) -> Callable[..., Any]:
    low, high = field.limits
    code = field.order + field.letter
    too_low, too_high = (error_text(struct.pack, code, n) for n in (low - 1, high + 1))
    has_low = isinstance(ty, Integer) and ty.signed and ty.min < low
    has_high = isinstance(ty, Integer) and ty.max > high

    def impl(x):
        if has_low and x < low:
            raise struct.error(too_low)
        if has_high and x > high:
            raise struct.error(too_high)
        return int64(x)

    return impl


def _one_byte(x):
    if len(x) != 1:
        raise struct.error(ONE_BYTE)
    return as_bytes(content(x))


def _bytes(x):
    return as_bytes(content(x))


def _truth(x):
    return int64(bool(x))


def _double(x):
    return float(x)


def _single(x):
    value = float(x)
    if math.isinf(float32(value)) and not math.isinf(value):
        raise OverflowError(FLOAT_RANGE)
    return value


def _half(x):
    """The 16 bits of the half that is nearest, of two the even one."""
    value = float(x)
    sign = 0x8000 if math.copysign(1.0, value) < 0 else 0
    if math.isnan(value):
        return sign | 0x7E00
    if math.isinf(value):
        return sign | 0x7C00
    fraction, exponent = math.frexp(abs(value))
    if fraction == 0.0 or exponent < -24:
        return sign
    # Units of the last place: 10 bits below the first, or 2 ** -24 where numbers are denormal.
    place = max(exponent - 11, -24)
    units = int64(round(math.ldexp(fraction, exponent - place)))
    bits = units if place == -24 else units + ((place + 24) << 10)
    if bits >= 0x7C00:
        raise OverflowError(HALF_RANGE)
    return sign | bits


# ---- Struct ---------------------------------------------------------------------------------


@overload(struct.Struct)
def struct_(format, /):
    """As in Python, of a constant format."""
    text = format_of(format)

    def impl(format):
        return record(STRUCT_FORMAT, "format", text)

    return impl


def _own_format(ty: Type) -> str:
    if not isinstance(ty, Struct) or ty.name != STRUCT_FORMAT:
        refuse(f"{ty.base} is not a struct.Struct")
    return format_of(ty.fields[0][1])


@overload_attribute(Struct, "format")
def struct_format(self):
    """The format."""
    return Constant(_own_format(self))


@overload_attribute(Struct, "size")
def struct_size(self):
    """The bytes that the format describes."""
    return Constant(struct.calcsize(_own_format(self)))


@overload_method(Struct, "unpack")
def struct_unpack(self, buffer, /):
    """As `struct.unpack`."""
    text = _own_format(self)

    def impl(self, buffer):
        return struct.unpack(text, buffer)

    return impl


@overload_method(Struct, "unpack_from")
def struct_unpack_from(self, /, buffer, offset=0):
    """As `struct.unpack_from`."""
    text = _own_format(self)

    def impl(self, buffer, offset=0):
        return struct.unpack_from(text, buffer, offset)

    return impl


@overload_method(Struct, "iter_unpack")
def struct_iter_unpack(self, buffer, /):
    """As `struct.iter_unpack`."""
    text = _own_format(self)

    def impl(self, buffer):
        return struct.iter_unpack(text, buffer)

    return impl


@overload_method(Struct, "pack")
def struct_pack(self, /, *v):
    """As `struct.pack`."""
    text = _own_format(self)

    def impl(self, *v):
        return struct.pack(text, *v)

    return impl


@overload_method(Struct, "pack_into")
def struct_pack_into(self, /, buffer, offset, *v):
    """As `struct.pack_into`."""
    text = _own_format(self)

    def impl(self, buffer, offset, *v):
        struct.pack_into(text, buffer, offset, *v)

    return impl
