"""What a float is made of: whole part, fraction, exponent, neighbours; remainders."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.inference.overloads import Overload, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.interp_values import convert
from pellucid.library.builtins import arithmetic, floats
from pellucid.library.builtins.arithmetic import primitive
from pellucid.library.builtins.floats import libm, llvm_float, quiet, silent
from pellucid.library.builtins.promotion import integer, promote_floating, real, widened
from pellucid.library.math.elementary import real_float
from pellucid.library.text.machine import float_bits, float_of_bits
from pellucid.types import Float, Integer, NoneType, Tuple, dtype_of, float64, int64, uint64

I32 = ll.IntType(32)


def _whole(function: Callable[..., int], name: str, run: Callable[..., float]) -> Overload:
    def template(x, /):
        if isinstance(real(x), Integer):
            return arithmetic.identity(widened(x))
        ty = real_float(x)
        rounded = llvm_float(name, ty, 1, run)

        def emit(cg: Any, operand: Any) -> Any:
            return cg.convert(ty, int64, rounded.lower(cg, (operand,)))

        return primitive(name, int64, (ty,), emit, lambda x: convert(run(x), ty, int64))

    template.__qualname__ = function.__name__
    template.__doc__ = (
        f"`math.{function.__name__}(x)` as an int64.\n\n"
        "Unlike Python: NaN, infinities and numbers out of range give some integer."
    )
    return overload(function)(template)


floor = _whole(math.floor, "floor", floats.RUN_FLOOR)
ceil = _whole(math.ceil, "ceil", floats.RUN_CEIL)
trunc = _whole(math.trunc, "trunc", floats.RUN_TRUNC)


@overload(math.modf)
def modf(x, /):
    """The fraction and the whole part, both with the sign of `x`.

    >>> math.modf(-2.5)
    (-0.5, -2.0)
    """
    zero = dtype_of(real_float(x)).type(0)

    def impl(x, /):
        whole = floats.trunc(x)
        if whole - whole != 0 and x == x:
            return floats.copysign(zero, x), whole
        return floats.copysign(x - whole, x), whole

    return impl


def _frexp_type(ty: Float) -> Tuple:
    return Tuple((ty, int64))


@overload(math.frexp)
def frexp(x, /):
    """The mantissa from 0.5 to 1, and the exponent; 0, NaN and infinities keep themselves.

    >>> math.frexp(8.0)
    (0.5, 4)
    """
    ty = real_float(x)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder, ll_type = cg.builder, cg.ll_type(ty)
        pair = ll.LiteralStructType([ll_type, I32])
        found = cg.intrinsic(f"llvm.frexp.f{ty.bits}.i32", pair, args[0])
        exponent = builder.sext(builder.extract_value(found, 1), ll.IntType(64))
        is_finite = builder.fcmp_ordered("==", builder.fsub(args[0], args[0]), ll_type(0.0))
        exponent = builder.select(is_finite, exponent, exponent.type(0))
        return cg.make_tuple(_frexp_type(ty), [builder.extract_value(found, 0), exponent])

    return Primitive("frexp", _frexp_type(ty)(ty), lower, math.frexp)


@overload(math.ldexp)
def ldexp(x, i, /):
    """`x * 2**i`; infinite where that is too large.

    >>> math.ldexp(0.5, 4)
    8.0
    """
    ty = real_float(x)
    integer(i)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_i64 = ll.IntType(64)
        low, high = ll_i64(-10000), ll_i64(10000)
        bounded = cg.intrinsic("llvm.smin.i64", ll_i64, args[1], high)
        bounded = cg.intrinsic("llvm.smax.i64", ll_i64, bounded, low)
        exponent = cg.builder.trunc(bounded, I32)
        return cg.intrinsic(f"llvm.ldexp.f{ty.bits}.i32", cg.ll_type(ty), args[0], exponent)

    def run(mantissa: float, exponent: int) -> float:
        try:
            return math.ldexp(mantissa, exponent)
        except OverflowError:
            return math.copysign(math.inf, mantissa)

    return Primitive("ldexp", ty(ty, int64), lower, run)


@overload(math.fmod)
def fmod(x, y, /):
    """The remainder with the sign of `x`; NaN where Python raises.

    >>> math.fmod(-7.0, 3.0)
    -1.0
    """
    ty = real_float(x, y)

    def impl(x, y, /):
        return floats.exact_remainder(ty(x), ty(y))

    return impl


@overload(math.remainder)
def remainder(x, y, /):
    """The remainder nearest to zero, by IEEE 754; NaN where Python raises.

    >>> math.remainder(7.0, 4.0)
    -1.0
    """
    ty = real_float(x, y)
    return libm("remainder", ty, 2, silent(math.remainder, lambda *_: math.nan))


@overload(math.nextafter)
def nextafter(x, y, /, *, steps=None):
    """The float next to `x` towards `y`.

    >>> math.nextafter(1.0, 2.0)
    1.0000000000000002
    """
    ty = real_float(x, y)
    if not isinstance(steps, NoneType):
        integer(steps)
        if ty.bits != 64:
            refuse("with `steps` both are a float64")
        return _nextafter
    next_one = libm("nextafter", ty, 2, _run_nextafter(ty))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return next_one.lower(cg, args[:2])

    params = (ty, ty, steps)
    return Primitive("nextafter", ty(*params), lower, lambda x, y, _: next_one.run(x, y))


def _nextafter(x, y, /, *, steps=None):
    # The bits of floats, as integers, are in the order of the floats on each side of zero.
    count = int64(steps)
    if count < 0:
        raise ValueError("steps must be a non-negative integer")
    first, last = float64(x), float64(y)
    if count == 0 or first == last:
        return last if count != 0 else first
    if first != first or last != last:
        return first + last
    here, there = _ordinal(first), _ordinal(last)
    if here < there:
        here = here + count if uint64(there) - uint64(here) > uint64(count) else there
    else:
        here = here - count if uint64(here) - uint64(there) > uint64(count) else there
    if here == there:
        return last
    if here < 0 or (here == 0 and first < 0):
        return -float_of_bits(uint64(-here))
    return float_of_bits(uint64(here))


def _ordinal(x):
    bits = int64(float_bits(math.fabs(x)))
    return -bits if math.copysign(1.0, x) < 0 else bits


def _run_nextafter(ty: Float) -> Callable[[float, float], float]:
    kind = np.dtype(str(ty)).type
    return quiet(lambda x, y: np.nextafter(kind(x), kind(y)))


@overload(math.ulp)
def ulp(x, /):
    """The distance from `|x|` to the next larger float.

    >>> math.ulp(1.0)
    2.220446049250313e-16
    """
    kind = dtype_of(real_float(x)).type
    zero, infinity = kind(0), kind(math.inf)

    def impl(x, /):
        size = math.fabs(x)
        if size - size != 0:
            return size
        above = math.nextafter(size, infinity)
        if above == infinity:
            return size - math.nextafter(size, zero)
        return above - size

    return impl


if hasattr(math, "fma"):

    @overload(math.fma)
    def fma(x, y, z, /):
        """`x * y + z`, rounded once.

        >>> math.fma(2.0, 3.0, 1.0)
        7.0
        """
        ty = promote_floating(real_float(x, y), real(z))
        assert isinstance(ty, Float), "all three are real"
        return floats.fma.template(x, y, z)
