"""`cmath`: functions of complex numbers, by CPython's methods (Modules/cmathmodule.c, after Kahan).

Infinities and NaN have results of their own, which depend on the kinds of both parts alone; CPython
is asked for them when this module is loaded. A real number is taken as complex; complex64 is
computed in double and rounded.

Unlike Python: nothing raises. At a pole the result is infinite, elsewhere outside the domain NaN.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, overload
from pellucid.library.builtins.arithmetic import divide, make_complex
from pellucid.library.builtins.complex_arithmetic import complex_divide
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import number, real
from pellucid.types import EllipsisType, complex64, complex128, float64

LARGE = 1.7976931348623157e308 / 4.0
SQRT_LARGE, LOG_LARGE = math.sqrt(LARGE), math.log(LARGE)
SMALL = 2.2250738585072014e-308
SQRT_SMALL = math.sqrt(SMALL)
LN2, LN10, E, HALF_PI = math.log(2.0), math.log(10.0), math.e, math.pi / 2.0
INFINITY = math.inf
NEGATIVE_TOLERANCE = error_text(lambda: cmath.isclose(1, 1, rel_tol=-1.0))

_KINDS = (-math.inf, -1.0, -0.0, 0.0, 1.0, math.inf, math.nan)


def _specials(function: Callable[[complex], complex]) -> tuple[complex, ...]:
    """The results for all kinds of real and imaginary part; NaN where CPython raises."""
    return tuple(_special(function, complex(re, im)) for re in _KINDS for im in _KINDS)


def _special(function: Callable[[complex], complex], z: complex) -> complex:
    try:
        return function(z)
    except (ValueError, OverflowError):
        return complex(math.nan, math.nan)


def kind(x):
    """The position of a number's kind among `_KINDS`."""
    if x != x:
        return 6
    is_negative = math.copysign(1.0, x) < 0
    if math.isinf(x):
        return 0 if is_negative else 5
    if x == 0:
        return 2 if is_negative else 3
    return 1 if is_negative else 4


def position(z):
    """Where a table of `_specials` holds the result for `z`."""
    return 7 * kind(z.real) + kind(z.imag)


def is_special(z):
    """Whether a part is infinite or NaN."""
    return not (math.isfinite(z.real) and math.isfinite(z.imag))


def is_directed(z):
    """Whether the real part is infinite and the imaginary part gives a direction."""
    return math.isinf(z.real) and math.isfinite(z.imag) and z.imag != 0


def _function(function: Callable[..., Any], impl: Callable[[Any], Any]) -> Overload:
    """The overload of a function of one complex number that gives a complex number."""

    def in_double(z, /):
        return impl(complex128(z))

    def in_single(z, /):
        return complex64(impl(complex128(z)))

    def template(z, /):
        return in_single if number(z) == complex64 else in_double

    template.__qualname__ = f"cmath_{function.__name__}"
    template.__doc__ = f"`cmath.{function.__name__}(z)`; nothing raises."
    return overload(function)(template)


# ---- exponential and logarithm --------------------------------------------------------------

EXP, LOG, SQRT = _specials(cmath.exp), _specials(cmath.log), _specials(cmath.sqrt)


def _exp(z):
    if is_special(z):
        if is_directed(z):
            size = INFINITY if z.real > 0 else 0.0
            return make_complex(
                math.copysign(size, math.cos(z.imag)), math.copysign(size, math.sin(z.imag))
            )
        return EXP[position(z)]
    if z.real > LOG_LARGE:
        size = math.exp(z.real - 1.0)
        return make_complex(size * math.cos(z.imag) * E, size * math.sin(z.imag) * E)
    size = math.exp(z.real)
    return make_complex(size * math.cos(z.imag), size * math.sin(z.imag))


def _log(z):
    if is_special(z):
        return LOG[position(z)]
    return make_complex(_log_size(math.fabs(z.real), math.fabs(z.imag)), math.atan2(z.imag, z.real))


def _log_size(x, y):
    """The logarithm of the length of (x, y), none negative."""
    if x > LARGE or y > LARGE:
        return math.log(math.hypot(x / 2.0, y / 2.0)) + LN2
    if x < SMALL and y < SMALL:
        if x == 0 and y == 0:
            return -INFINITY
        return math.log(math.hypot(math.ldexp(x, 53), math.ldexp(y, 53))) - 53 * LN2
    size = math.hypot(x, y)
    if 0.71 <= size <= 1.73:
        high, low = (x, y) if x > y else (y, x)
        return math.log1p((high - 1.0) * (high + 1.0) + low * low) / 2.0
    return math.log(size)


def _log10(z):
    found = _log(z)
    return make_complex(found.real / LN10, found.imag / LN10)


def _sqrt(z):
    if is_special(z):
        return SQRT[position(z)]
    if z.real == 0 and z.imag == 0:
        return make_complex(0.0, z.imag)
    x, y = math.fabs(z.real), math.fabs(z.imag)
    if x < SMALL and y < SMALL:
        x = math.ldexp(x, 53)
        size = math.ldexp(math.sqrt(x + math.hypot(x, math.ldexp(y, 53))), -27)
    else:
        x /= 8.0
        size = 2.0 * math.sqrt(x + math.hypot(x, y / 8.0))
    rest = divide(y, 2.0 * size)
    if z.real >= 0:
        return make_complex(size, math.copysign(rest, z.imag))
    return make_complex(rest, math.copysign(size, z.imag))


exp = _function(cmath.exp, _exp)
log10 = _function(cmath.log10, _log10)
sqrt = _function(cmath.sqrt, _sqrt)


@overload(cmath.log)
def log(z, base=..., /):
    """The natural logarithm, or that to a base; of zero, negative infinity.

    >>> cmath.log(1j).imag
    1.5707963267948966
    """
    number(z)
    if isinstance(base, EllipsisType):
        return _log_single if number(z) == complex64 else _natural_log
    number(base)
    return _log_to_base


def _natural_log(z, base=..., /):
    return _log(complex128(z))


def _log_single(z, base=..., /):
    return complex64(_log(complex128(z)))


def _log_to_base(z, base=..., /):
    return complex_divide(_log(complex128(z)), _log(complex128(base)))


# ---- hyperbolic and circular ----------------------------------------------------------------

COSH, SINH, TANH = _specials(cmath.cosh), _specials(cmath.sinh), _specials(cmath.tanh)


def _cosh(z):
    if is_special(z):
        if is_directed(z):
            turned = math.copysign(math.sin(z.imag), math.sin(z.imag) * z.real)
            return make_complex(
                math.copysign(INFINITY, math.cos(z.imag)), math.copysign(INFINITY, turned)
            )
        return COSH[position(z)]
    if math.fabs(z.real) > LOG_LARGE:
        x = z.real - math.copysign(1.0, z.real)
        return make_complex(
            math.cos(z.imag) * math.cosh(x) * E, math.sin(z.imag) * math.sinh(x) * E
        )
    return make_complex(math.cos(z.imag) * math.cosh(z.real), math.sin(z.imag) * math.sinh(z.real))


def _sinh(z):
    if is_special(z):
        if is_directed(z):
            turned = math.copysign(math.cos(z.imag), math.cos(z.imag) * z.real)
            return make_complex(
                math.copysign(INFINITY, turned), math.copysign(INFINITY, math.sin(z.imag))
            )
        return SINH[position(z)]
    if math.fabs(z.real) > LOG_LARGE:
        x = z.real - math.copysign(1.0, z.real)
        return make_complex(
            math.cos(z.imag) * math.sinh(x) * E, math.sin(z.imag) * math.cosh(x) * E
        )
    return make_complex(math.cos(z.imag) * math.sinh(z.real), math.sin(z.imag) * math.cosh(z.real))


def _tanh(z):
    if is_special(z):
        if is_directed(z):
            direction = 2.0 * math.sin(z.imag) * math.cos(z.imag)
            return make_complex(math.copysign(1.0, z.real), math.copysign(0.0, direction))
        return TANH[position(z)]
    if math.fabs(z.real) > LOG_LARGE:
        rest = 4.0 * math.sin(z.imag) * math.cos(z.imag) * math.exp(-2.0 * math.fabs(z.real))
        return make_complex(math.copysign(1.0, z.real), rest)
    x, y = math.tanh(z.real), math.tan(z.imag)
    narrow = divide(1.0, math.cosh(z.real))
    scale = 1.0 + x * y * (x * y)
    return make_complex(x * (1.0 + y * y) / scale, y / scale * narrow * narrow)


def _turned(z):
    """`1j * z`, exact."""
    return make_complex(-z.imag, z.real)


def _turned_back(z):
    """`-1j * z`, exact."""
    return make_complex(z.imag, -z.real)


def _cos(z):
    return _cosh(_turned(z))


def _sin(z):
    return _turned_back(_sinh(_turned(z)))


def _tan(z):
    return _turned_back(_tanh(_turned(z)))


cosh, sinh = _function(cmath.cosh, _cosh), _function(cmath.sinh, _sinh)
tanh, cos = _function(cmath.tanh, _tanh), _function(cmath.cos, _cos)
sin, tan = _function(cmath.sin, _sin), _function(cmath.tan, _tan)


# ---- their inverses -------------------------------------------------------------------------

ACOS, ACOSH = _specials(cmath.acos), _specials(cmath.acosh)
ASINH, ATANH = _specials(cmath.asinh), _specials(cmath.atanh)


def _is_large(z):
    return math.fabs(z.real) > LARGE or math.fabs(z.imag) > LARGE


def _log_of_double(z):
    """The logarithm of twice the length of a large number."""
    return math.log(math.hypot(z.real / 2.0, z.imag / 2.0)) + LN2 * 2.0


def _acos(z):
    if is_special(z):
        return ACOS[position(z)]
    if _is_large(z):
        size = _log_of_double(z)
        sign = -math.copysign(size, z.imag) if z.real < 0 else math.copysign(size, -z.imag)
        return make_complex(math.atan2(math.fabs(z.imag), z.real), sign)
    low = _sqrt(make_complex(1.0 - z.real, -z.imag))
    high = _sqrt(make_complex(1.0 + z.real, z.imag))
    return make_complex(
        2.0 * math.atan2(low.real, high.real),
        math.asinh(high.real * low.imag - high.imag * low.real),
    )


def _acosh(z):
    if is_special(z):
        return ACOSH[position(z)]
    if _is_large(z):
        return make_complex(_log_of_double(z), math.atan2(z.imag, z.real))
    low = _sqrt(make_complex(z.real - 1.0, z.imag))
    high = _sqrt(make_complex(z.real + 1.0, z.imag))
    return make_complex(
        math.asinh(low.real * high.real + low.imag * high.imag),
        2.0 * math.atan2(low.imag, high.real),
    )


def _asinh(z):
    if is_special(z):
        return ASINH[position(z)]
    if _is_large(z):
        size = _log_of_double(z)
        sign = math.copysign(size, z.real) if z.imag >= 0 else -math.copysign(size, -z.real)
        return make_complex(sign, math.atan2(z.imag, math.fabs(z.real)))
    low = _sqrt(make_complex(1.0 + z.imag, -z.real))
    high = _sqrt(make_complex(1.0 - z.imag, z.real))
    return make_complex(
        math.asinh(low.real * high.imag - high.real * low.imag),
        math.atan2(z.imag, low.real * high.real - low.imag * high.imag),
    )


def _atanh(z):
    if is_special(z):
        return ATANH[position(z)]
    if math.copysign(1.0, z.real) < 0:
        return -_atanh_right(-z)
    return _atanh_right(z)


def _atanh_right(z):
    """Of a number in the right half plane."""
    y = math.fabs(z.imag)
    if z.real > SQRT_LARGE or y > SQRT_LARGE:
        size = math.hypot(z.real / 2.0, z.imag / 2.0)
        return make_complex(
            divide(divide(z.real / 4.0, size), size), -math.copysign(HALF_PI, -z.imag)
        )
    if z.real == 1.0 and y < SQRT_SMALL:
        if y == 0:
            return make_complex(INFINITY, z.imag)
        return make_complex(
            -math.log(divide(math.sqrt(y), math.sqrt(math.hypot(y, 2.0)))),
            math.copysign(math.atan2(2.0, -y) / 2.0, z.imag),
        )
    distance = (1.0 - z.real) * (1.0 - z.real) + y * y
    return make_complex(
        math.log1p(divide(4.0 * z.real, distance)) / 4.0,
        -math.atan2(-2.0 * z.imag, (1.0 - z.real) * (1.0 + z.real) - y * y) / 2.0,
    )


def _asin(z):
    return _turned_back(_asinh(_turned(z)))


def _atan(z):
    return _turned_back(_atanh(_turned(z)))


acos, acosh = _function(cmath.acos, _acos), _function(cmath.acosh, _acosh)
asin, asinh = _function(cmath.asin, _asin), _function(cmath.asinh, _asinh)
atan, atanh = _function(cmath.atan, _atan), _function(cmath.atanh, _atanh)


# ---- polar form -----------------------------------------------------------------------------


def _rect_special(z: complex) -> complex:
    return cmath.rect(z.real, z.imag)


RECT = _specials(_rect_special)


@overload(cmath.phase)
def phase(z, /):
    """The angle, from -pi to pi.

    >>> cmath.phase(complex(-1, -0.0))
    -3.141592653589793
    """
    number(z)
    return _phase


def _phase(z, /):
    return math.atan2(z.imag, z.real)


@overload(cmath.polar)
def polar(z, /):
    """The length and the angle.

    >>> cmath.polar(2j)
    (2.0, 1.5707963267948966)
    """
    number(z)
    return _polar


def _polar(z, /):
    return abs(float_parts(z)), math.atan2(z.imag, z.real)


def float_parts(z):
    """A number as complex."""
    return make_complex(z.real, z.imag)


@overload(cmath.rect)
def rect(r, phi, /):
    """The number of a length and an angle.

    >>> cmath.rect(2.0, 0.0)
    (2+0j)
    """
    real(r)
    real(phi)
    return _rect


def _rect(r, phi, /):
    z = make_complex(float64(r), float64(phi))
    if is_special(z):
        if is_directed(z):
            size = INFINITY if z.real > 0 else -INFINITY
            return make_complex(
                math.copysign(size, math.cos(z.imag) * size),
                math.copysign(size, math.sin(z.imag) * size),
            )
        return RECT[position(z)]
    if z.imag == 0:
        return make_complex(z.real, z.real * z.imag)
    return make_complex(z.real * math.cos(z.imag), z.real * math.sin(z.imag))


# ---- questions ------------------------------------------------------------------------------


def _question(function: Callable[[complex], bool], impl: Callable[[Any], Any]) -> Overload:
    def template(z, /):
        number(z)
        return impl

    template.__qualname__ = f"cmath_{function.__name__}"
    template.__doc__ = f"`cmath.{function.__name__}(z)`."
    return overload(function)(template)


def _isnan(z, /):
    return math.isnan(z.real) or math.isnan(z.imag)


def _isinf(z, /):
    return math.isinf(z.real) or math.isinf(z.imag)


def _isfinite(z, /):
    return math.isfinite(z.real) and math.isfinite(z.imag)


isnan = _question(cmath.isnan, _isnan)
isinf = _question(cmath.isinf, _isinf)
isfinite = _question(cmath.isfinite, _isfinite)


@overload(cmath.isclose)
def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    """Whether two numbers are equal up to a relative or an absolute tolerance.

    >>> cmath.isclose(1j, 1.0000000001j)
    True
    """
    number(a)
    number(b)
    real(rel_tol)
    real(abs_tol)
    return _isclose


def _isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if rel_tol < 0 or abs_tol < 0:
        raise ValueError(NEGATIVE_TOLERANCE)
    x, y = complex128(a), complex128(b)
    if x == y:
        return True
    if _isinf(x) or _isinf(y):
        return False
    distance = abs(x - y)
    return distance <= rel_tol * abs(y) or distance <= rel_tol * abs(x) or distance <= abs_tol
