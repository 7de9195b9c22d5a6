"""`+ - *`, division, bit operators and signs on numbers, and their in-place forms.

Widths follow `promotion.py`; integers wrap. Division by zero raises as in Python, with its words,
unless `error_model="numpy"`. On scalars an in-place operator is the operator.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, option, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.builtins import arithmetic
from pellucid.library.builtins.arithmetic import (
    divide,
    divide_floor,
    modulo,
    shift_left,
    shift_right,
)
from pellucid.library.builtins.complex_arithmetic import complex_divide
from pellucid.library.builtins.floats import copysign, exact_remainder, floor
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import (
    integer,
    literal_value,
    number,
    promote,
    promote_floating,
    widened,
)
from pellucid.types import Boolean, Complex, Float, Number, Type, boolean

COMPLEX_DIVISION = error_text(operator.truediv, 1j, 0j)
FLOAT_DIVISION = error_text(operator.truediv, 1.0, 0.0)
FLOAT_FLOOR_DIVISION = error_text(operator.floordiv, 1.0, 0.0)
FLOAT_MODULO = error_text(operator.mod, 1.0, 0.0)
INT_DIVISION = error_text(operator.truediv, 1, 0)
INT_FLOOR_DIVISION = error_text(operator.floordiv, 1, 0)
INT_MODULO = error_text(operator.mod, 1, 0)
NEGATIVE_SHIFT = error_text(operator.lshift, 1, -1)


def binary(
    function: Callable[..., Any], template: Callable[..., Any], *, inline: bool = True
) -> tuple[Overload, Overload]:
    """The overloads of an operator and of its in-place form."""
    name = function.__name__.strip("_")
    in_place = getattr(operator, f"i{name}")
    return overload(function, inline=inline)(template), overload(in_place, inline=inline)(template)


# ---- + - * --------------------------------------------------------------------------------


def _add(a, b):
    """`a + b` of numbers."""
    return arithmetic.add(promote(a, b))


def _sub(a, b):
    """`a - b` of numbers."""
    return arithmetic.sub(promote(a, b))


def _mul(a, b):
    """`a * b` of numbers."""
    return arithmetic.mul(promote(a, b))


add, iadd = binary(operator.add, _add)
sub, isub = binary(operator.sub, _sub)
mul, imul = binary(operator.mul, _mul)


# ---- / // % -------------------------------------------------------------------------------


def _truediv(a, b):
    """`a / b` of numbers; integers divide as floats."""
    ty = promote_floating(a, b)
    if isinstance(ty, Complex):
        return _complex_truediv
    if literal_value(b):
        return arithmetic.quotient(ty)
    message = FLOAT_DIVISION if isinstance(promote(a, b), Float) else INT_DIVISION

    def impl(a, b):
        if option("error_model") == "python" and b == 0:
            raise ZeroDivisionError(message)
        return divide(a, b)

    return impl


def _complex_truediv(a, b):
    if option("error_model") == "python" and b == 0:
        raise ZeroDivisionError(COMPLEX_DIVISION)
    return complex_divide(a, b)


def _floordiv(a, b):
    """`a // b` of real numbers: the quotient rounded down."""
    ty = _real_promotion(a, b, "//")
    if isinstance(ty, Float):
        return _float_floordiv
    if literal_value(b):
        return arithmetic.floor_quotient(ty)
    return _int_floordiv


def _int_floordiv(a, b):
    if option("error_model") == "python" and b == 0:
        raise ZeroDivisionError(INT_FLOOR_DIVISION)
    return divide_floor(a, b)


def _float_floordiv(a, b):
    # CPython's _float_div_mod: exact for quotients that floating division rounds up to an integer.
    if option("error_model") == "python" and b == 0:
        raise ZeroDivisionError(FLOAT_FLOOR_DIVISION)
    if b == 0:
        return divide(a, b)
    rest = exact_remainder(a, b)
    is_above = rest != 0 and (b < 0) != (rest < 0)
    quotient = divide(a - rest, b) - is_above  # a bool, since an int would widen a float32
    if quotient == 0:
        return copysign(quotient, divide(a, b))
    whole = floor(quotient)
    return whole + (quotient - whole > 0.5)


def _mod(a, b):
    """`a % b` of real numbers: the remainder with the sign of `b`."""
    ty = _real_promotion(a, b, "%")
    if isinstance(ty, Float):
        return _float_mod
    if literal_value(b):
        return arithmetic.floor_remainder(ty)
    return _int_mod


def _int_mod(a, b):
    if option("error_model") == "python" and b == 0:
        raise ZeroDivisionError(INT_MODULO)
    return modulo(a, b)


def _float_mod(a, b):
    if option("error_model") == "python" and b == 0:
        raise ZeroDivisionError(FLOAT_MODULO)
    rest = exact_remainder(a, b)
    if rest == 0:
        return copysign(rest, b)
    return rest + b if (b < 0) != (rest < 0) else rest


def _real_promotion(a: Type, b: Type, symbol: str) -> Number:
    ty = promote(a, b)
    if isinstance(ty, Complex):
        refuse(f"complex numbers have no {symbol}")
    return ty


truediv, itruediv = binary(operator.truediv, _truediv)
floordiv, ifloordiv = binary(operator.floordiv, _floordiv)
mod, imod = binary(operator.mod, _mod)


# ---- bits -----------------------------------------------------------------------------------


def _bitwise(name: str, a: Type, b: Type) -> Primitive:
    if isinstance(a.base, Boolean) and isinstance(b.base, Boolean):
        return arithmetic.bitwise(name, boolean)
    integer(a)
    integer(b)
    return arithmetic.bitwise(name, promote(a, b))


def _and(a, b):
    """`a & b` of integers or bools."""
    return _bitwise("and_", a, b)


def _or(a, b):
    """`a | b` of integers or bools."""
    return _bitwise("or_", a, b)


def _xor(a, b):
    """`a ^ b` of integers or bools."""
    return _bitwise("xor", a, b)


and_, iand = binary(operator.and_, _and)
or_, ior = binary(operator.or_, _or)
xor, ixor = binary(operator.xor, _xor)


def _shift(name: str, a: Type, b: Type) -> Primitive | None:
    """The primitive, where the count cannot be negative."""
    ty, count = integer(widened(integer(a))), integer(b)
    known = literal_value(b)
    if not count.signed or isinstance(b.base, Boolean) or (known is not None and known >= 0):
        return arithmetic.shift(name, ty)
    return None


def _lshift(a, b):
    """`a << b`: bits beyond the width are lost, also where `b` is the width or more.

    The result is as wide and signed as `+a`.
    """
    return _shift("shl", a, b) or _checked_lshift


def _checked_lshift(a, b):
    if b < 0:
        raise ValueError(NEGATIVE_SHIFT)
    return shift_left(a, b)


def _rshift(a, b):
    """`a >> b`: rounds down, as Python."""
    return _shift("shr", a, b) or _checked_rshift


def _checked_rshift(a, b):
    if b < 0:
        raise ValueError(NEGATIVE_SHIFT)
    return shift_right(a, b)


lshift, ilshift = binary(operator.lshift, _lshift)
rshift, irshift = binary(operator.rshift, _rshift)


# ---- signs ----------------------------------------------------------------------------------


@overload(operator.neg)
def neg(a):
    """`-a`; a bool is an int, an unsigned integer wraps at its own width."""
    return arithmetic.neg(number(a), widened(a))


@overload(operator.pos)
def pos(a):
    """`+a`."""
    return arithmetic.identity(widened(a))


@overload(operator.invert)
def invert(a):
    """`~a`: of a bool its opposite, as in NumPy.

    Unlike Python: `~True` is False, not -2.
    """
    if isinstance(a.base, Boolean):
        return arithmetic.invert(boolean, boolean)
    return arithmetic.invert(integer(a), widened(a))
