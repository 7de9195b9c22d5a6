"""The machine's operations on numbers, as primitives; no operation traps or raises.

Integers wrap. Division by zero gives 0 for integers (NumPy's answer) and an infinity or NaN for
floats; the least integer divided by -1 wraps. Operators check first where Python raises.

Each function of a type gives a `Primitive`, the same object for the same type. The intrinsics are
for library code in the compiled language: they convert to the type their operands meet in.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.promotion import integer, number, promote, promote_floating, widened
from pellucid.types import Complex, Float, Integer, Number, Type, boolean, int64
from pellucid.types.signature import Signature

Emit = Callable[..., Any]
"""`emit(cg, *operands)`: llvmlite has no annotations, so values are Any throughout this room."""


def primitive(name: str, ret: Type, params: Sequence[Type], emit: Emit, run: Emit) -> Primitive:
    """A pure primitive; `emit` takes the lowering context and the operands one by one."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return emit(cg, *args)

    return Primitive(name, Signature(ret, tuple(params)), lower, run)


@cache
def identity(ty: Type) -> Primitive:
    """The operand itself: inference converts it to `ty` on the way."""
    return primitive("convert", ty, (ty,), lambda _, x: x, lambda x: x)


@cache
def complex_of(part: Float) -> Primitive:
    """The complex number of a real and an imaginary part."""
    ty = Complex(2 * part.bits)

    def emit(cg: Any, ll_re: Any, ll_im: Any) -> Any:
        return cg.make(ty, real=ll_re, imag=ll_im)

    return primitive("complex", ty, (part, part), emit, complex)


def parts(cg: Any, ty: Complex, ll_value: Any) -> tuple[Any, Any]:
    """The real and the imaginary part of a complex value."""
    return cg.field(ty, ll_value, "real"), cg.field(ty, ll_value, "imag")


def constant(cg: Any, ty: Type, value: float) -> Any:
    """A constant of a bool, integer or float type."""
    return ll.Constant(cg.ll_type(ty), value)


# ---- sums and products ----------------------------------------------------------------------


def _termwise(name: str, ty: Number, run: Emit) -> Primitive:
    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        if isinstance(ty, Integer):
            return getattr(cg.builder, name)(lhs, rhs)
        add = getattr(cg.builder, f"f{name}")
        if isinstance(ty, Float):
            return add(lhs, rhs, flags=cg.fast)
        pairs = zip(parts(cg, ty, lhs), parts(cg, ty, rhs), strict=True)
        re, im = (add(x, y, flags=cg.fast) for x, y in pairs)
        return cg.make(ty, real=re, imag=im)

    return primitive(name, ty, (ty, ty), emit, run)


@cache
def add(ty: Number) -> Primitive:
    """`x + y`."""
    return _termwise("add", ty, operator.add)


@cache
def sub(ty: Number) -> Primitive:
    """`x - y`."""
    return _termwise("sub", ty, operator.sub)


@cache
def mul(ty: Number) -> Primitive:
    """`x * y`; complex numbers by the schoolbook formula, as CPython before 3.14."""

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        return emit_mul(cg, ty, lhs, rhs)

    return primitive("mul", ty, (ty, ty), emit, operator.mul)


def emit_mul(cg: Any, ty: Number, lhs: Any, rhs: Any) -> Any:
    """The LLVM of `x * y`."""
    builder, fast = cg.builder, cg.fast
    if isinstance(ty, Integer):
        return builder.mul(lhs, rhs)
    if not isinstance(ty, Complex):
        return builder.fmul(lhs, rhs, flags=fast)
    (a, b), (c, d) = parts(cg, ty, lhs), parts(cg, ty, rhs)
    re = builder.fsub(builder.fmul(a, c, flags=fast), builder.fmul(b, d, flags=fast), flags=fast)
    im = builder.fadd(builder.fmul(a, d, flags=fast), builder.fmul(b, c, flags=fast), flags=fast)
    return cg.make(ty, real=re, imag=im)


@cache
def neg(ty: Number, ret: Number) -> Primitive:
    """`-x`, then as wide as `ret`: an unsigned integer wraps at its own width."""

    def emit(cg: Any, operand: Any) -> Any:
        if isinstance(ty, Integer) and not ty.signed:
            return cg.convert(ty, ret, cg.builder.neg(operand))
        if isinstance(ty, Integer):
            return cg.builder.neg(cg.convert(ty, ret, operand))
        if isinstance(ty, Float):
            return cg.builder.fneg(operand, flags=cg.fast)
        re, im = (cg.builder.fneg(x, flags=cg.fast) for x in parts(cg, ty, operand))
        return cg.make(ty, real=re, imag=im)

    def run(operand: Any) -> Any:
        return _widen(-operand, ty)

    return primitive("neg", ret, (ty,), emit, run)


def _widen(value: Any, ty: Number) -> Any:
    """What a result computed at the width of `ty` is, if that is an unsigned integer."""
    return value & ty.max if isinstance(ty, Integer) and not ty.signed else value


# ---- division -------------------------------------------------------------------------------


@cache
def quotient(ty: Float) -> Primitive:
    """`x / y` of floats."""

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        return cg.builder.fdiv(lhs, rhs, flags=cg.fast)

    return primitive("div", ty, (ty, ty), emit, _run_quotient)


def _run_quotient(lhs: Any, rhs: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.divide(lhs, rhs).item() if type(lhs) is float else np.divide(lhs, rhs)


@cache
def remainder(ty: Float) -> Primitive:
    """C's fmod: the remainder with the sign of `x`."""

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        return cg.builder.frem(lhs, rhs, flags=cg.fast)

    def run(lhs: Any, rhs: Any) -> Any:
        is_nan = math.isnan(lhs) or math.isnan(rhs) or math.isinf(lhs) or rhs == 0
        return math.nan if is_nan else math.fmod(lhs, rhs)

    return primitive("rem", ty, (ty, ty), emit, run)


@cache
def floor_quotient(ty: Integer) -> Primitive:
    """`x // y` of integers."""

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        return _emit_floor(cg, ty, lhs, rhs)[0]

    return primitive("floordiv", ty, (ty, ty), emit, lambda x, y: x // y if y else 0)


@cache
def floor_remainder(ty: Integer) -> Primitive:
    """`x % y` of integers: the remainder with the sign of `y`."""

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        return _emit_floor(cg, ty, lhs, rhs)[1]

    return primitive("mod", ty, (ty, ty), emit, lambda x, y: x % y if y else 0)


def _emit_floor(cg: Any, ty: Integer, lhs: Any, rhs: Any) -> tuple[Any, Any]:
    """The quotient rounded down, and its remainder."""
    builder = cg.builder
    known = rhs.constant if isinstance(rhs, ll.Constant) and isinstance(rhs.constant, int) else 0
    if 0 < known <= (ty.max if ty.signed else 0) or known & (known - 1) == 0 < known:
        return _emit_floor_by_constant(cg, ty, lhs, known)
    zero, one = constant(cg, ty, 0), constant(cg, ty, 1)
    is_zero = builder.icmp_unsigned("==", rhs, zero)
    if not ty.signed:
        divisor = builder.select(is_zero, one, rhs)
        quotient, rest = builder.udiv(lhs, divisor), builder.urem(lhs, divisor)
        return builder.select(is_zero, zero, quotient), builder.select(is_zero, zero, rest)
    # sdiv traps on x / 0 and on min / -1; with the divisor 1 instead, quotient and rest follow.
    is_minus_one = builder.icmp_unsigned("==", rhs, constant(cg, ty, -1))
    divisor = builder.select(builder.or_(is_zero, is_minus_one), one, rhs)
    quotient, rest = builder.sdiv(lhs, divisor), builder.srem(lhs, divisor)
    differ = builder.icmp_signed("<", builder.xor(rest, divisor), zero)
    is_high = builder.and_(builder.icmp_unsigned("!=", rest, zero), differ)
    quotient = builder.select(is_high, builder.sub(quotient, one), quotient)
    rest = builder.select(is_high, builder.add(rest, divisor), rest)
    quotient = builder.select(is_minus_one, builder.neg(lhs), quotient)
    return builder.select(is_zero, zero, quotient), rest


def _emit_floor_by_constant(cg: Any, ty: Integer, lhs: Any, divisor: int) -> tuple[Any, Any]:
    """By a positive constant: powers of two shift, and others need no correction afterwards."""
    builder = cg.builder
    if divisor & (divisor - 1) == 0:
        shift = builder.ashr if ty.signed else builder.lshr
        quotient = shift(lhs, constant(cg, ty, divisor.bit_length() - 1))
        return quotient, builder.and_(lhs, constant(cg, ty, divisor - 1))
    # x // d is x / d of natural numbers, and ~(~x / d) of negative ones. The mask says again that
    # the dividend is natural: LLVM then multiplies by a shorter reciprocal.
    sign = builder.ashr(lhs, constant(cg, ty, ty.bits - 1))
    natural = builder.and_(builder.xor(lhs, sign), constant(cg, ty, ty.max))
    quotient = builder.xor(builder.udiv(natural, constant(cg, ty, divisor)), sign)
    return quotient, builder.sub(lhs, builder.mul(quotient, constant(cg, ty, divisor)))


# ---- bits -----------------------------------------------------------------------------------


@cache
def bitwise(name: str, ty: Type) -> Primitive:
    """`x & y` (`and_`), `x | y` (`or_`), `x ^ y` (`xor`) of integers or bools."""

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        return getattr(cg.builder, name)(lhs, rhs)

    return primitive(name.strip("_"), ty, (ty, ty), emit, getattr(operator, name))


@cache
def invert(ty: Type, ret: Type) -> Primitive:
    """`~x` of integers, then as wide as `ret`; of a bool its opposite, as in NumPy."""

    def emit(cg: Any, operand: Any) -> Any:
        return cg.convert(ty, ret, cg.builder.not_(operand))

    def run(operand: Any) -> Any:
        return _widen(~operand, ty) if isinstance(ty, Integer) else not operand

    return primitive("invert", ret, (ty,), emit, run)


@cache
def shift(name: str, ty: Integer) -> Primitive:
    """`x << n` (`shl`) or `x >> n` (`shr`) for any `n` as Python has it, cut to 64 bits."""

    def emit(cg: Any, operand: Any, count: Any) -> Any:
        builder = cg.builder
        width = ll.Constant(count.type, ty.bits)
        is_short = builder.icmp_unsigned("<", count, width)
        if name == "shl":
            shifted = builder.shl(operand, builder.select(is_short, count, width.type(0)))
            return builder.select(is_short, shifted, constant(cg, ty, 0))
        last = ll.Constant(count.type, ty.bits - 1)
        if ty.signed:
            return builder.ashr(operand, builder.select(is_short, count, last))
        shifted = builder.lshr(operand, builder.select(is_short, count, last))
        return builder.select(is_short, shifted, constant(cg, ty, 0))

    def run(operand: int, count: int) -> int:
        count = count if 0 <= count < ty.bits else ty.bits
        return operand << count if name == "shl" else operand >> count

    return primitive(name, ty, (ty, ty), emit, run)


# ---- comparison -----------------------------------------------------------------------------

_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


@cache
def compare(symbol: str, left: Number, right: Number) -> Primitive:
    """`x < y` and the like, by true value: an int64 and a uint64 are not converted."""
    ty = _meeting(left, right)
    if ty is None:
        return _compare_signs(symbol, left, right)

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        builder = cg.builder
        if isinstance(ty, Integer):
            return (builder.icmp_signed if ty.signed else builder.icmp_unsigned)(symbol, lhs, rhs)
        compare_floats = builder.fcmp_unordered if symbol == "!=" else builder.fcmp_ordered
        if isinstance(ty, Float):
            return compare_floats(symbol, lhs, rhs, flags=cg.fast)
        (a, b), (c, d) = parts(cg, ty, lhs), parts(cg, ty, rhs)
        join = builder.or_ if symbol == "!=" else builder.and_
        return join(
            compare_floats(symbol, a, c, flags=cg.fast), compare_floats(symbol, b, d, flags=cg.fast)
        )

    return primitive(f"compare{symbol}", boolean, (ty, ty), emit, _COMPARE[symbol])


def _meeting(left: Number, right: Number) -> Number | None:
    """The type in which both are compared; None for a signed and an unsigned 64-bit integer."""
    if not (isinstance(left, Integer) and isinstance(right, Integer)):
        return promote(left, right)
    if left == right:
        return left
    if left.signed == right.signed:
        return max(left, right, key=lambda ty: ty.bits)
    unsigned = right if left.signed else left
    return None if unsigned.bits == 64 else int64


def _compare_signs(symbol: str, left: Number, right: Number) -> Primitive:
    """A signed with a uint64: a negative number is the least, the others compare unsigned."""
    signed_first = isinstance(left, Integer) and left.signed
    order = symbol if signed_first else _SWAPPED[symbol]

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        signed, unsigned = (lhs, rhs) if signed_first else (rhs, lhs)
        is_negative = cg.builder.icmp_signed("<", signed, signed.type(0))
        if_negative = cg.ll_type(boolean)(int(order in ("<", "<=", "!=")))
        as_unsigned = cg.builder.icmp_unsigned(order, signed, unsigned)
        return cg.builder.select(is_negative, if_negative, as_unsigned)

    params = tuple(widened(ty) for ty in (left, right))
    return primitive(f"compare{symbol}", boolean, params, emit, _COMPARE[symbol])


# ---- for library code -----------------------------------------------------------------------


@intrinsic
def divide(x, y):
    """`x / y` of real numbers without a check."""
    ty = promote_floating(x, y)
    assert isinstance(ty, Float), "complex numbers divide in complex_arithmetic.py"
    return quotient(ty)


@intrinsic
def fmod(x, y):
    """C's fmod without a check."""
    ty = promote_floating(x, y)
    assert isinstance(ty, Float), "only real numbers have a remainder"
    return remainder(ty)


@intrinsic
def divide_floor(x, y):
    """`x // y` of integers without a check."""
    return floor_quotient(integer(promote(x, y)))


@intrinsic
def modulo(x, y):
    """`x % y` of integers without a check."""
    return floor_remainder(integer(promote(x, y)))


@intrinsic
def shift_left(x, count):
    """`x << count` of a count that is not negative."""
    return shift("shl", integer(widened(x)))


@intrinsic
def shift_right(x, count):
    """`x >> count` of a count that is not negative."""
    return shift("shr", integer(widened(x)))


@intrinsic
def multiply(x, y):
    """`x * y`, complex numbers by the schoolbook formula."""
    return mul(promote(x, y))


@intrinsic
def make_complex(re, im):
    """The complex number of two real numbers, of the width they meet in."""
    part = promote_floating(re, im)
    assert isinstance(part, Float), "the parts of a complex number are real"
    return complex_of(part)


@intrinsic
def to_number(x):
    """`x` as a number: a bool as an int."""
    return identity(number(x))
