"""Integer arithmetic that raises OverflowError where it would wrap: `overflow="raise"`.

What users' own expressions call then, before the operators of `operators.py` are asked: operators
and signs, `abs() pow() sum() int() math.prod()`, and dtypes called. Library code goes on to wrap:
its indices and hashes are not the user's numbers. Arrays are in `library/numpy/overflow.py`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import cache
from typing import Any

from pellucid.inference.overloads import Overload, checked_key, intrinsic, option, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import callable_path, iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins import arithmetic
from pellucid.library.builtins.arithmetic import (
    divide_floor,
    primitive,
    shift_left,
    shift_right,
)
from pellucid.library.builtins.operators import INT_FLOOR_DIVISION, NEGATIVE_SHIFT
from pellucid.library.builtins.power import INT_POWER
from pellucid.library.builtins.promotion import (
    integer,
    literal_value,
    number,
    promote,
    widened,
)
from pellucid.types import Array, Boolean, DType, Float, Integer, Tuple, Type, boolean, int64

_TERMS = {"add": operator.add, "sub": operator.sub, "mul": operator.mul}


def checked(target: Callable[..., Any] | str, *, inline: bool = True) -> Any:
    """Declare what raises where the implementations of `target` wrap."""
    path = target if isinstance(target, str) else callable_path(target)
    return overload(checked_key(path), inline=inline)


def both(function: Callable[..., Any], template: Callable[..., Any]) -> tuple[Overload, Overload]:
    """The checked overloads of an operator and of its in-place form."""
    in_place = getattr(operator, f"i{function.__name__}")
    return checked(function)(template), checked(in_place)(template)


def text(what: str, *tys: Type) -> str:
    """The message of an overflow."""
    return f"integer overflow: {what} does not fit {' or '.join(map(str, tys))}"


def integers(a: Type, b: Type) -> Integer:
    """The type that two integers meet in; refuses others, which do not overflow."""
    ty = promote(a, b)
    if not isinstance(ty, Integer):
        refuse("only integers overflow")
    return ty


# ---- + - * ----------------------------------------------------------------------------------


@cache
def exact(name: str, ty: Integer) -> Primitive:
    """`add`, `sub` or `mul` as (what it wraps to, whether it does)."""
    pair = Tuple((ty, boolean))
    run_exact = _TERMS[name]

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        ll_pair = cg.overflowing(f"llvm.{'s' if ty.signed else 'u'}{name}", lhs, rhs)
        value, failed = (cg.builder.extract_value(ll_pair, i) for i in range(2))
        return cg.make_tuple(pair, (value, failed))

    def run(lhs: int, rhs: int) -> tuple[int, bool]:
        value = run_exact(lhs, rhs)
        wrapped = (value - ty.min) % (1 << ty.bits) + ty.min
        return wrapped, wrapped != value

    return primitive(f"{name}_exactly", pair, (ty, ty), emit, run)


@intrinsic
def add_exactly(x, y):
    """`x + y` and whether it wrapped."""
    return exact("add", integers(x, y))


@intrinsic
def subtract_exactly(x, y):
    """`x - y` and whether it wrapped."""
    return exact("sub", integers(x, y))


@intrinsic
def multiply_exactly(x, y):
    """`x * y` and whether it wrapped."""
    return exact("mul", integers(x, y))


@cache
def _checked_add(message: str) -> Any:
    def impl(a, b):
        value, failed = add_exactly(a, b)
        if failed:
            raise OverflowError(message)
        return value

    return impl


def _add(a, b):
    """`a + b` of integers."""
    return _checked_add(text("the sum", integers(a, b)))


@cache
def _checked_sub(message: str) -> Any:
    def impl(a, b):
        value, failed = subtract_exactly(a, b)
        if failed:
            raise OverflowError(message)
        return value

    return impl


def _sub(a, b):
    """`a - b` of integers."""
    return _checked_sub(text("the difference", integers(a, b)))


@cache
def _checked_mul(message: str) -> Any:
    def impl(a, b):
        value, failed = multiply_exactly(a, b)
        if failed:
            raise OverflowError(message)
        return value

    return impl


def _mul(a, b):
    """`a * b` of integers."""
    return _checked_mul(text("the product", integers(a, b)))


add, iadd = both(operator.add, _add)
sub, isub = both(operator.sub, _sub)
mul, imul = both(operator.mul, _mul)


# ---- // << ** -------------------------------------------------------------------------------


def _floordiv(a, b):
    """`a // b` of integers: only the least one by -1 overflows."""
    ty = integers(a, b)
    if not ty.signed or literal_value(b) not in (None, -1):
        refuse("this division does not overflow")
    return _checked_floordiv(ty.min, text("the quotient", ty))


@cache
def _checked_floordiv(least: int, message: str) -> Any:
    def impl(a, b):
        if option("error_model") == "python" and b == 0:
            raise ZeroDivisionError(INT_FLOOR_DIVISION)
        if b == -1 and a == least:
            raise OverflowError(message)
        return divide_floor(a, b)

    return impl


def _lshift(a, b):
    """`a << b`: raises where a bit is lost, or the sign changes."""
    integer(b)
    return _checked_lshift(text("the shifted integer", widened(integer(a))))


@cache
def _checked_lshift(message: str) -> Any:
    def impl(a, b):
        if b < 0:
            raise ValueError(NEGATIVE_SHIFT)
        value = shift_left(a, b)
        if shift_right(value, b) != a:
            raise OverflowError(message)
        return value

    return impl


def _pow(a, b):
    """`a ** b` of integers."""
    ty = integers(a, b)
    return _checked_pow(text("the power", ty))


@cache
def _checked_pow(message: str) -> Any:
    def impl(a, b):
        if b < 0:
            if a == 0 and option("error_model") == "python":
                raise ZeroDivisionError(INT_POWER)
            return a**b
        base = a + 0 * (a + b)  # of the result's type
        result = base * 0 + True
        failed = False
        while True:
            if b & 1:
                result, wrapped = multiply_exactly(result, base)
                failed = failed or wrapped
            b >>= 1
            if b == 0:
                break
            base, wrapped = multiply_exactly(base, base)
            failed = failed or wrapped
        if failed:
            raise OverflowError(message)
        return result

    return impl


floordiv, ifloordiv = both(operator.floordiv, _floordiv)
lshift, ilshift = both(operator.lshift, _lshift)
pow_, ipow = both(operator.pow, _pow)
builtin_pow = checked(pow)(_pow)


# ---- signs ----------------------------------------------------------------------------------


def _neg(a):
    """`-a` of an integer."""
    ty = integer(widened(integer(a)))
    return _checked_neg(text("the negative", ty))


@cache
def _checked_neg(message: str) -> Any:
    def impl(a):
        value, failed = subtract_exactly(to_wide(a) * 0, a)
        if failed:
            raise OverflowError(message)
        return value

    return impl


@intrinsic
def to_wide(x):
    """`+x`."""
    return arithmetic.identity(widened(x))


def _abs(x):
    """`abs(x)` of a signed integer: only of the least one it overflows."""
    ty = integer(x)
    if not ty.signed or isinstance(x.base, Boolean):
        refuse("this does not overflow")
    return _checked_abs(ty.min, text("the absolute value", ty))


@cache
def _checked_abs(least: int, message: str) -> Any:
    def impl(x):
        if x == least:
            raise OverflowError(message)
        return abs(x)

    return impl


neg = checked(operator.neg)(_neg)
abs_ = checked(abs)(_abs)
operator_abs = checked(operator.abs)(_abs)


# ---- conversions ----------------------------------------------------------------------------


@checked(int)
def int_(x=0):
    """`int(x)` of a float that an int64 holds."""
    if not isinstance(number(x), Float):
        refuse("this does not overflow")
    return _int_of_float


NAN_TO_INT = "cannot convert float NaN to integer"
INF_TO_INT = "cannot convert float infinity to integer"
FLOAT_TO_INT = text("the float", int64)


def _int_of_float(x=0):
    if x != x:
        raise ValueError(NAN_TO_INT)
    if math.isinf(x):
        raise OverflowError(INF_TO_INT)
    if not -9223372036854775808.0 <= x < 9223372036854775808.0:
        raise OverflowError(FLOAT_TO_INT)
    return int(x)


@checked("pellucid.types.DType.call")
def dtype_call(dtype, x=0):
    """An integer dtype called with a number that it may not hold."""
    if not isinstance(dtype, DType) or not isinstance(dtype.dtype, Integer):
        refuse("only integers overflow")
    target, source = dtype.dtype, number(x)
    if isinstance(source, Integer) and target.min <= source.min and source.max <= target.max:
        refuse("this does not overflow")
    if not isinstance(source, (Integer, Float)):
        refuse(f"a {source} is not an integer")
    below = float(target.max + 1) if isinstance(source, Float) else None
    least = float(target.min) if below is not None else target.min
    return _checked_dtype(least, target.max, below, text(f"the {source}", target))


@cache
def _checked_dtype(least: Any, most: int, below: Any, message: str) -> Any:
    def impl(dtype, x=0):
        if below is None:
            if x < least or x > most:
                raise OverflowError(message)
        elif not (least <= x < below):
            raise OverflowError(message)
        return dtype(x)

    return impl


# ---- sums -----------------------------------------------------------------------------------


def _item_type(iterable: Type) -> Integer:
    """The type of the items of what may be summed as integers."""
    if isinstance(iterable, Array) and iterable.ndim == 1:
        return integer(iterable.dtype)
    return refuse("only integers overflow")


@checked(sum, inline=False)
def sum_(iterable, start=0):
    """`sum(xs)` of integers, in an array."""
    ty = integers(_item_type(iterable), start)
    return checked_sum(text("the sum", ty))


@cache
def checked_sum(message: str) -> Any:
    def impl(iterable, start=0):
        total = start + 0
        state = iter_start(iterable)
        while iter_valid(iterable, state):
            total, failed = add_exactly(total, iter_value(iterable, state))
            if failed:
                raise OverflowError(message)
            state = iter_next(iterable, state)
        return total

    return impl


@checked(math.prod, inline=False)
def prod(iterable, /, *, start=1):
    """`math.prod(xs)` of integers, in an array."""
    ty = integers(_item_type(iterable), start)
    return _checked_prod(text("the product", ty))


@cache
def _checked_prod(message: str) -> Any:
    def impl(iterable, /, *, start=1):
        total = start + 0
        state = iter_start(iterable)
        while iter_valid(iterable, state):
            total, failed = multiply_exactly(total, iter_value(iterable, state))
            if failed:
                raise OverflowError(message)
            state = iter_next(iterable, state)
        return total

    return impl
