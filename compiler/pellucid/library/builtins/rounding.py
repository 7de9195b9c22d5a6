"""`round()` and `divmod()`."""

from __future__ import annotations

import math

from pellucid.inference.overloads import option, overload, refuse
from pellucid.library.builtins.arithmetic import divide, divide_floor, modulo
from pellucid.library.builtins.floats import copysign, floor, fma, rint
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer, promote, real
from pellucid.types import Float, Integer, NoneType, float32, float64, uint64

NAN_TO_INT = error_text(round, math.nan)
INFINITY_TO_INT = error_text(round, math.inf)
TOO_LARGE = "float too large to convert to int64"
INT_TOO_LARGE = "rounded integer does not fit in int64"
ROUNDED_TOO_LARGE = "rounded value too large to represent"
INT_DIVMOD = error_text(divmod, 1, 0)
FLOAT_DIVMOD = error_text(divmod, 1.0, 0.0)


# ---- round ----------------------------------------------------------------------------------


@overload(round)
def round_(number, ndigits=None):
    """The nearest integer, half to even; with `ndigits`, the nearest decimal of so many digits.

    Unlike Python: a float that no int64 holds raises OverflowError.

    >>> round(2.5), round(-3.5), round(2.675, 2), round(1234.5, -2)
    (2, -4, 2.67, 1200.0)
    """
    ty = real(number)
    if isinstance(ndigits, NoneType):
        return _whole if isinstance(ty, Integer) else _round_to_int
    integer(ndigits)
    if ty == uint64:
        refuse("a uint64 is not rounded to digits in compiled code")
    if isinstance(ty, Integer):
        return _round_int
    return _round_single if ty == float32 else _round_float


def _whole(number, ndigits=None):
    return +number


def _round_to_int(number, ndigits=None):
    nearest = rint(number)
    if not -9223372036854775808.0 <= nearest < 9223372036854775808.0:
        if nearest != nearest:
            raise ValueError(NAN_TO_INT)
        if nearest - nearest != 0:
            raise OverflowError(INFINITY_TO_INT)
        raise OverflowError(TOO_LARGE)
    return int(nearest)


def _round_int(number, ndigits=None):
    if ndigits >= 0:
        return +number
    if ndigits < -18:
        if ndigits == -19 and not -5 * 10**18 <= number <= 5 * 10**18:
            raise OverflowError(INT_TOO_LARGE)
        return 0 * number
    unit = 10**-ndigits
    rest = number % unit
    low = number - rest
    twice = rest - (unit - rest)
    if twice > 0 or (twice == 0 and low // unit % 2 == 1):
        return low + unit
    return low


def _round_single(number, ndigits=None):
    return float32(_round_float(float64(number), ndigits))


def _round_float(number, ndigits=None):
    # CPython rounds the decimal expansion. The product with a power of ten that is a float (up to
    # 10**22) and its exact error (by fma) decide the same; the quotient is then correctly rounded.
    if number - number != 0 or number == 0:
        return number
    if ndigits > 22 or ndigits < -22:
        return _round_far(number, ndigits)
    if ndigits >= 0:
        scale = _ten_to(ndigits)
        scaled = number * scale
        if abs(scaled) >= 9007199254740992.0:  # 2**53: a digit is less than an ulp of `number`
            return number
        return copysign(divide(_nearest(scaled, fma(number, scale, -scaled)), scale), number)
    scale = _ten_to(-ndigits)
    scaled = divide(number, scale)
    if abs(scaled) >= 9007199254740992.0:
        return number
    return copysign(_nearest(scaled, fma(-scaled, scale, number)) * scale, number)


def _ten_to(ndigits):
    """10.0 ** ndigits of 0 to 22, exact."""
    low = ndigits if ndigits < 18 else 18
    return float64(10**low) * float64(10 ** (ndigits - low))


def _nearest(value, error):
    """`value + error`, where the error is less than an ulp, to the nearest whole number."""
    distance = value - floor(value)
    if distance == 0.5 and error != 0:
        return floor(value) + (error > 0)  # no tie: towards the exact number's side
    return rint(value)


def _round_far(number, ndigits):
    """CPython's fallback, which may be an ulp off, for digits that hardly ever matter."""
    if ndigits > 323 or (ndigits > 0 and abs(number) >= 1e-6):
        return number
    if ndigits < -308:
        return number * 0.0
    if ndigits > 0:
        scale = 10.0 ** (ndigits - 22)
        scaled = number * scale * 1e22
        if scaled - scaled != 0:
            return number
        return divide(divide(rint(scaled), scale), 1e22)
    scale = 10.0**-ndigits
    scaled = divide(number, scale)
    if abs(scaled) >= 9007199254740992.0:
        return number
    result = rint(scaled) * scale
    if result - result != 0:
        raise OverflowError(ROUNDED_TOO_LARGE)
    return copysign(result, number)


# ---- divmod ---------------------------------------------------------------------------------


@overload(divmod, inline=True)
def divmod_(x, y):
    """`(x // y, x % y)` of real numbers.

    >>> divmod(-7, 2)
    (-4, 1)
    """
    ty = promote(real(x), real(y))
    return _float_divmod if isinstance(ty, Float) else _int_divmod


def _int_divmod(x, y):
    if option("error_model") == "python" and y == 0:
        raise ZeroDivisionError(INT_DIVMOD)
    return divide_floor(x, y), modulo(x, y)


def _float_divmod(x, y):
    if option("error_model") == "python" and y == 0:
        raise ZeroDivisionError(FLOAT_DIVMOD)
    return x // y, x % y
