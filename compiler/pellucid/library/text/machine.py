"""Operations on machine words and constant tables: for this room only."""

from __future__ import annotations

import ctypes
import struct
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.builtins.arithmetic import primitive
from pellucid.library.builtins.promotion import literal_value
from pellucid.types import Float, Pointer, Type, float64, int64, none, uint8, uint64

_I64, _I128 = ll.IntType(64), ll.IntType(128)
_MASK = (1 << 64) - 1


@intrinsic
def high_product(x, y):
    """The high half of the product of two uint64."""

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        builder = cg.builder
        product = builder.mul(builder.zext(lhs, _I128), builder.zext(rhs, _I128))
        return builder.trunc(builder.lshr(product, ll.Constant(_I128, 64)), _I64)

    return primitive("high_product", uint64, (uint64, uint64), emit, lambda x, y: (x * y) >> 64)


@intrinsic
def leading_zeros(x):
    """The zero bits before the first one of a uint64; 64 of 0."""

    def emit(cg: Any, operand: Any) -> Any:
        return cg.intrinsic("llvm.ctlz.i64", _I64, operand, ll.IntType(1)(0))

    return primitive("leading_zeros", int64, (uint64,), emit, lambda x: 64 - x.bit_length())


@intrinsic
def float_bits(x):
    """The bits of a float, as a uint64."""
    ty = x.base
    if not isinstance(ty, Float):
        refuse(f"{x} is not a float")
    integer, kind = ll.IntType(ty.bits), "<dQ" if ty.bits == 64 else "<fI"

    def emit(cg: Any, operand: Any) -> Any:
        found = cg.builder.bitcast(operand, integer)
        return found if ty.bits == 64 else cg.builder.zext(found, _I64)

    def run(value: float) -> int:
        return struct.unpack(f"<{kind[2]}", struct.pack(f"<{kind[1]}", value))[0]

    return primitive("float_bits", uint64, (ty,), emit, run)


@intrinsic
def float_of_bits(bits):
    """The float64 that has these bits."""

    def emit(cg: Any, operand: Any) -> Any:
        return cg.builder.bitcast(operand, ll.DoubleType())

    def run(value: int) -> float:
        return struct.unpack("<d", struct.pack("<Q", value & _MASK))[0]

    return primitive("float_of_bits", float64, (uint64,), emit, run)


@cache
def _table(data: bytes) -> ctypes.Array[Any]:
    """The table in memory that lasts: the interpreter's."""
    return ctypes.create_string_buffer(data, len(data))


def constant_table(name: str, ty: Type, make: Callable[[], bytes]) -> Primitive:
    """The address of constant data, as that of items of `ty`; `make` gives its bytes."""

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        return cg.module.bytes_constant(make(), 16)

    def run() -> int:
        return ctypes.addressof(_table(make()))

    return Primitive(name, Pointer(ty)(), lower, run)


@cache
def powers_of_ten() -> bytes:
    """`10**k` for `k` of LEAST_POWER to MOST_POWER: its first 128 bits, high word first.

    Cut off, not rounded, so that they are exact where `10**k` has no more bits: from 0 to 55.
    """
    words: list[int] = []
    for k in range(LEAST_POWER, MOST_POWER + 1):
        if k >= 0:
            power = 10**k
            shift = power.bit_length() - 128
            bits = power >> shift if shift >= 0 else power << -shift
        else:
            power = 10**-k
            bits = (1 << (power.bit_length() + 127)) // power
            bits >>= bits.bit_length() - 128
        words += (bits >> 64, bits & _MASK)
    return struct.pack(f"<{len(words)}Q", *words)


LEAST_POWER, MOST_POWER = -342, 324
MOST_EXACT_POWER = 55


@intrinsic
def power_table():
    """The table of `powers_of_ten`."""
    return constant_table("power_table", uint64, powers_of_ten)


@cache
def digit_pairs() -> bytes:
    """`00 01 .. 99`, two bytes each."""
    return "".join(f"{n:02}" for n in range(100)).encode()


@intrinsic
def pair_table():
    """The table of `digit_pairs`."""
    return constant_table("pair_table", uint8, digit_pairs)


@intrinsic
def copy_bytes(target, source, count):
    """Copy `count` bytes; the two may not overlap."""
    ty = Pointer(uint8)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        kind = ll.FunctionType(
            ll.VoidType(), [ll.PointerType(), ll.PointerType(), _I64, ll.IntType(1)]
        )
        function = cg.module.declare("llvm.memcpy.p0.p0.i64", kind)
        cg.builder.call(function, [*args, ll.IntType(1)(0)])
        return cg.zero(none)

    def run(to: int, at: int, nbytes: int) -> None:
        ctypes.memmove(to, at, nbytes)

    return Primitive("copy_bytes", none(ty, ty, int64), lower, run, Effects.READS | Effects.WRITES)


@intrinsic
def fill_bytes(target, value, count):
    """Write the byte `value` `count` times."""
    ty = Pointer(uint8)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        kind = ll.FunctionType(
            ll.VoidType(), [ll.PointerType(), ll.IntType(8), _I64, ll.IntType(1)]
        )
        function = cg.module.declare("llvm.memset.p0.i64", kind)
        cg.builder.call(function, [*args, ll.IntType(1)(0)])
        return cg.zero(none)

    def run(to: int, byte: int, nbytes: int) -> None:
        ctypes.memset(to, byte, nbytes)

    return Primitive("fill_bytes", none(ty, uint8, int64), lower, run, Effects.WRITES)


@intrinsic
def words(pointer, nbytes):
    """The address so many bytes further, as that of uint64 items."""
    ty = Pointer(uint8)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.gep(args[0], [args[1]], inbounds=True, source_etype=ll.IntType(8))

    return Primitive("words", Pointer(uint64)(ty, int64), lower, lambda at, by: at + by)


_scratches: deque[ctypes.Array[Any]] = deque(maxlen=64)
"""The interpreter's scratch memory: a function needs its own no longer than its call."""


@intrinsic
def scratch(nbytes):
    """`nbytes` (a constant) bytes on the stack, for as long as the calling function runs."""
    size = literal_value(nbytes)
    if size is None:
        refuse("the size of scratch memory is a constant")
    ty = Pointer(uint8)

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        address = cg.alloca(ll.ArrayType(ll.IntType(8), size))
        address.align = 16
        address.type = ll.PointerType()  # llvmlite would print a typed pointer
        return address

    def run(_: int) -> int:
        memory = ctypes.create_string_buffer(size + 16)
        _scratches.append(memory)
        return (ctypes.addressof(memory) + 15) & ~15

    return Primitive("scratch", ty(nbytes), lower, run, Effects.ALLOCATES)
