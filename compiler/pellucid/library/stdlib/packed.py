"""C's values as bytes: the fields of a struct format, and what reads and writes them.

fields = layout("<i4s")                 Field("i", 0, 4, ...), Field("s", 4, 4, ...)
read_fields(s, start, format)           the tuple of the values in a text of width 1
write_fields(block, format, values)     the bytes of a tuple of values, which must fit
"""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.strings.primitives import TEXT
from pellucid.types import (
    Literal,
    Tuple,
    Type,
    boolean,
    bytes_type,
    float64,
    int64,
    memory_block,
    none,
    uint64,
)

_I1, _I8, _I32, _I64 = (ll.IntType(bits) for bits in (1, 8, 32, 64))
_VOID = ll.VoidType()
_ITEM = re.compile(r"\s*(\d*)([?a-zA-Z])")
_UNSIGNED = "BHILQNP"
TEXTS = "csp"
_SCALE_HALF = 2.0**1008
"""What brings the bits of a half, moved to where a double has its own, to the number."""


@dataclass(frozen=True)
class Field:
    """A value of a format: its letter, where it lies, its bytes, and the format's byte order."""

    letter: str
    offset: int
    size: int
    order: str

    @property
    def swapped(self) -> bool:
        """Whether the bytes are not in the machine's order."""
        is_native = self.order in "@="
        is_big = sys.byteorder == "big" if is_native else self.order in ">!"
        return is_big != (sys.byteorder == "big")

    @property
    def ty(self) -> Type:
        """The type of the value that is read."""
        if self.letter in TEXTS:
            return bytes_type
        if self.letter == "?":
            return boolean
        if self.letter in "efd":
            return float64
        return uint64 if self.letter in _UNSIGNED and self.size == 8 else int64

    @property
    def limits(self) -> tuple[int, int]:
        """The least and the greatest integer that fits."""
        bits = 8 * self.size
        if self.letter in _UNSIGNED:
            return 0, (1 << bits) - 1
        return -(1 << (bits - 1)), (1 << (bits - 1)) - 1

    @property
    def stored_type(self) -> Type:
        """The type in which a value comes that is to be written."""
        if self.letter in TEXTS:
            return bytes_type
        return float64 if self.letter in "fd" else int64


def format_of(ty: Type) -> str:
    """The format that a type stands for; refuses what is none."""
    value = ty.value if isinstance(ty, Literal) else None
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if not isinstance(value, str):
        refuse("a struct format is a constant in compiled code")
    try:
        struct.calcsize(value)
    except struct.error as raised:
        refuse(str(raised))
    return value


@cache
def layout(text: str) -> tuple[Field, ...]:
    """The values of a format, in order; padding is none of them."""
    has_order = text[:1] in tuple("@=<>!")
    order = text[0] if has_order else "@"
    found: list[Field] = []
    before = order
    for number, letter in _ITEM.findall(text[1:] if has_order else text):
        if letter in "sp":
            size = struct.calcsize(f"{before}{number}{letter}")
            length = int(number or 1)
            found.append(Field(letter, size - length, length, order))
        elif letter != "x":
            each = struct.calcsize(f"{order}{letter}")
            start = struct.calcsize(f"{before}0{letter}")
            found += [
                Field(letter, start + index * each, each, order)
                for index in range(int(number or 1))
            ]
        before += f"{number}{letter}"
    return tuple(found)


def tuple_of(text: str) -> Tuple:
    """The type of the values of a format."""
    return Tuple(tuple(field.ty for field in layout(text)))


# ---- read -----------------------------------------------------------------------------------


@intrinsic
def read_fields(s, start, format):
    """The values in a text of width 1, from a place on."""
    text = format_of(format)
    ty = tuple_of(text)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        data = _offset(cg, cg.field(TEXT, args[0], "data"), args[1])
        made = cg.make_tuple(ty, [_read(cg, field, args[0], data) for field in layout(text)])
        cg.retain(ty, made)
        return made

    def run(s: str, start: int, _: str) -> tuple[Any, ...]:
        return struct.unpack_from(text, s.encode("latin-1"), start)

    return Primitive(f"read[{text}]", ty(TEXT, int64, format), lower, run, Effects.READS)


def _offset(cg: Any, address: Any, distance: Any) -> Any:
    return cg.builder.gep(address, [distance], inbounds=True, source_etype=_I8)


def _read(cg: Any, field: Field, text: Any, data: Any) -> Any:
    builder = cg.builder
    place = _offset(cg, data, ll.Constant(_I64, field.offset))
    if field.letter in TEXTS:
        return _read_bytes(cg, field, text, place)
    ll_type = ll.IntType(8 * field.size)
    bits = _swapped(cg, field, builder.load(place, typ=ll_type, align=1))
    if field.letter == "?":
        return builder.icmp_unsigned("!=", bits, ll.Constant(ll_type, 0))
    if field.letter == "d":
        return builder.bitcast(bits, ll.DoubleType())
    if field.letter == "f":
        return builder.fpext(builder.bitcast(bits, ll.FloatType()), ll.DoubleType())
    if field.letter == "e":
        return _half(cg, builder.zext(bits, _I64))
    if field.size == 8:
        return bits
    return (builder.zext if field.letter in _UNSIGNED else builder.sext)(bits, _I64)


def _swapped(cg: Any, field: Field, bits: Any) -> Any:
    if not field.swapped or field.size == 1:
        return bits
    return cg.intrinsic(f"llvm.bswap.i{8 * field.size}", bits.type, bits)


def _half(cg: Any, bits: Any) -> Any:
    """The number of 16 bits: moved to a double's place, and scaled by what the exponents differ."""
    builder = cg.builder

    def number(value: int) -> Any:
        return ll.Constant(_I64, value)

    moved = builder.shl(builder.and_(bits, number(0x7FFF)), number(42))
    scale = ll.Constant(ll.DoubleType(), _SCALE_HALF)
    finite = builder.bitcast(builder.fmul(builder.bitcast(moved, ll.DoubleType()), scale), _I64)
    special = builder.or_(moved, number(0x7FF << 52))
    is_special = builder.icmp_unsigned(">=", moved, number(0x7C00 << 42))
    sign = builder.shl(builder.and_(bits, number(0x8000)), number(48))
    whole = builder.or_(builder.select(is_special, special, finite), sign)
    return builder.bitcast(whole, ll.DoubleType())


def _read_bytes(cg: Any, field: Field, text: Any, place: Any) -> Any:
    builder = cg.builder
    length = ll.Constant(_I64, field.size)
    if field.letter == "p":
        # The first byte says how many follow.
        if field.size == 0:
            length = ll.Constant(_I64, 0)
        else:
            most = ll.Constant(_I64, field.size - 1)
            told = builder.zext(builder.load(place, typ=_I8, align=1), _I64)
            length = builder.select(builder.icmp_unsigned("<", told, most), told, most)
            place = _offset(cg, place, ll.Constant(_I64, 1))
    owner = cg.field(TEXT, text, "owner")
    return cg.make(bytes_type, owner=owner, data=place, length=length)


# ---- write ----------------------------------------------------------------------------------


@intrinsic
def write_fields(block, format, values):
    """Write a tuple of values into a block, which is as large as the format says."""
    text = format_of(format)
    fields, total = layout(text), struct.calcsize(text)
    ty = Tuple(tuple(field.stored_type for field in fields))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        data, no = cg.block_data(args[0]), ll.Constant(_I1, 0)
        zero, count = ll.Constant(_I8, 0), ll.Constant(_I64, total)
        cg.intrinsic("llvm.memset.p0.i64", _VOID, data, zero, count, no)
        for index, field in enumerate(fields):
            place = _offset(cg, data, ll.Constant(_I64, field.offset))
            _write(cg, field, place, cg.element(ty, args[2], index))
        return cg.zero(none)

    def run(*_: Any) -> None:
        message = "the interpreter writes no packed values"
        raise NotImplementedError(message)

    sig = none(memory_block, format, ty)
    return Primitive(f"write[{text}]", sig, lower, run, Effects.WRITES)


def _write(cg: Any, field: Field, place: Any, value: Any) -> None:
    builder = cg.builder
    if field.letter in TEXTS:
        _write_bytes(cg, field, place, value)
        return
    ll_type = ll.IntType(8 * field.size)
    if field.letter == "d":
        bits = builder.bitcast(value, _I64)
    elif field.letter == "f":
        bits = builder.bitcast(builder.fptrunc(value, ll.FloatType()), _I32)
    else:
        bits = value if field.size == 8 else builder.trunc(value, ll_type)
    builder.store(_swapped(cg, field, bits), place, align=1)


def _write_bytes(cg: Any, field: Field, place: Any, value: Any) -> None:
    builder = cg.builder

    def at_most(count: Any, most: int) -> Any:
        limit = ll.Constant(_I64, most)
        return builder.select(builder.icmp_unsigned("<", count, limit), count, limit)

    is_counted = field.letter == "p"
    if is_counted and field.size == 0:
        return
    count = at_most(cg.field(bytes_type, value, "length"), field.size - is_counted)
    if is_counted:
        builder.store(builder.trunc(at_most(count, 255), _I8), place, align=1)
        place = _offset(cg, place, ll.Constant(_I64, 1))
    source, no = cg.field(bytes_type, value, "data"), ll.Constant(_I1, 0)
    cg.intrinsic("llvm.memcpy.p0.p0.i64", _VOID, place, source, count, no)
