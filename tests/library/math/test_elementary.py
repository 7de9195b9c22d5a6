"""`math`'s functions of floats, beside CPython; where that raises, beside C's answer."""

import math

import numpy as np
import pytest
from differential import (
    REAL_TYPES,
    Outcome,
    awkward,
    check,
    outcome_of,
    plain,
    result_type,
    sampled,
    scalar,
)
from hypothesis import given
from hypothesis import strategies as st

from pellucid.jit import FAST_MATH
from pellucid.types import Float, Integer, boolean, float32, float64, int64, uint64


def acos(x):
    return math.acos(x)


def acosh(x):
    return math.acosh(x)


def asin(x):
    return math.asin(x)


def asinh(x):
    return math.asinh(x)


def atan(x):
    return math.atan(x)


def atanh(x):
    return math.atanh(x)


def cbrt(x):
    return math.cbrt(x)


def cos(x):
    return math.cos(x)


def cosh(x):
    return math.cosh(x)


def degrees(x):
    return math.degrees(x)


def erf(x):
    return math.erf(x)


def erfc(x):
    return math.erfc(x)


def exp(x):
    return math.exp(x)


def exp2(x):
    return math.exp2(x)


def expm1(x):
    return math.expm1(x)


def fabs(x):
    return math.fabs(x)


def gamma(x):
    return math.gamma(x)


def lgamma(x):
    return math.lgamma(x)


def log(x):
    return math.log(x)


def log10(x):
    return math.log10(x)


def log1p(x):
    return math.log1p(x)


def log2(x):
    return math.log2(x)


def radians(x):
    return math.radians(x)


def sin(x):
    return math.sin(x)


def sinh(x):
    return math.sinh(x)


def sqrt(x):
    return math.sqrt(x)


def tan(x):
    return math.tan(x)


def tanh(x):
    return math.tanh(x)


# CPython has its own gamma and lgamma; lgamma loses all digits near its zeros.
ULPS = {gamma: 16, lgamma: 1 << 16}
FUNCTIONS = (
    acos, acosh, asin, asinh, atan, atanh, cbrt, cos, cosh, degrees, erf, erfc, exp, exp2, expm1,
    fabs, gamma, lgamma, log, log10, log1p, log2, radians, sin, sinh, sqrt, tan, tanh,
)  # fmt: skip

POLES = [
    (log, 0.0, -math.inf), (log10, 0.0, -math.inf), (log2, 0.0, -math.inf),
    (log1p, -1.0, -math.inf), (atanh, 1.0, math.inf), (atanh, -1.0, -math.inf),
    (gamma, 0.0, math.inf), (gamma, -0.0, -math.inf), (gamma, 172.0, math.inf),
    (lgamma, 0.0, math.inf), (lgamma, -3.0, math.inf), (exp, 1000.0, math.inf),
    (expm1, 1000.0, math.inf), (sinh, -1000.0, -math.inf), (cosh, 1000.0, math.inf),
    (sqrt, -1.0, math.nan), (acos, 1000.0, math.nan), (log, -1.0, math.nan),
    (gamma, -1.0, math.nan), (sin, math.inf, math.nan), (exp2, 2000.0, math.inf),
]  # fmt: skip


def check_function(function, value):
    x = float(plain(value))
    wanted = outcome_of(function, x)
    if not wanted.error:
        ulps = ULPS.get(function, 2)
        check(function, value, expected=wanted, ulps=ulps)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_awkward_arguments(function):
    for ty in (boolean, int64, uint64, float32, float64):
        for value in awkward(ty):
            check_function(function, value)


@sampled
@given(st.sampled_from(FUNCTIONS), st.one_of(st.floats(), st.floats(-2, 2), st.floats(-50, 50)))
def test_any_float(function, value):
    check_function(function, value)


@pytest.mark.parametrize(("function", "value", "wanted"), POLES)
def test_nothing_raises_outside_the_domain(function, value, wanted):
    check(function, value, expected=Outcome(wanted))


def test_widths():
    for function in FUNCTIONS:
        assert result_type(function, scalar(float32, 0.5)) == float32
        assert result_type(function, 1) == float64
        assert result_type(function, True) == float64


def of_two(x, y):
    return (
        math.atan2(x, y), math.copysign(x, y), math.hypot(x, y), math.fmod(x, y), math.pow(x, y),
        math.remainder(x, y), math.nextafter(x, y), math.isclose(x, y), math.log(x, y),
    )  # fmt: skip


def reference_of_two(x, y):
    with np.errstate(all="ignore"):
        quotient = np.divide(*map(float, (np.log(x), np.log(y))))
    return (
        math.atan2(x, y), math.copysign(x, y), math.hypot(x, y), _or_nan(math.fmod, x, y),
        _c_pow(x, y), _or_nan(math.remainder, x, y), math.nextafter(x, y), math.isclose(x, y),
        float(quotient),
    )  # fmt: skip


def _or_nan(function, *args):
    try:
        return function(*args)
    except ValueError:
        return math.nan


def _c_pow(x, y):
    try:
        return math.pow(x, y)
    except (ValueError, OverflowError):
        with np.errstate(all="ignore"):
            return float(np.power(x, y))


@sampled
@given(st.floats(), st.one_of(st.floats(), st.floats(-4, 4)))
def test_functions_of_two(x, y):
    check(of_two, x, y, expected=Outcome(reference_of_two(x, y)), ulps=4)


def whole_parts(x):
    return math.floor(x), math.ceil(x), math.trunc(x)


@pytest.mark.parametrize("ty", REAL_TYPES, ids=str)
def test_whole_parts(ty):
    for value in awkward(ty):
        x = plain(value)
        if math.isfinite(x) and -(2**63) <= x < (2**64 if isinstance(ty, Integer) else 2**63):
            check(whole_parts, value, expected=outcome_of(whole_parts, x))


def pieces(x):
    return math.modf(x), math.frexp(x), math.isnan(x), math.isinf(x), math.isfinite(x)


@sampled
@given(st.floats())
def test_pieces(x):
    check(pieces, x)


def of_integers(n):
    return math.isnan(n), math.isinf(n), math.isfinite(n)


def test_questions_about_integers():
    check(of_integers, 3)


@pytest.mark.parametrize("exponent", [-(2**40), -1100, -3, 0, 5, 2000, 2**40])
def test_ldexp(exponent):
    def scaled(x, i):
        return math.ldexp(x, i)

    for x in awkward(float64):
        wanted = outcome_of(scaled, x, exponent)
        if wanted.error:
            wanted = Outcome(math.copysign(math.inf, x))
        check(scaled, x, exponent, expected=wanted)


def distance_to_next(x):
    return math.ulp(x)


def test_ulp():
    for x in awkward(float64):
        check(distance_to_next, x)
    single = scalar(float32, 1)
    check(distance_to_next, single, expected=Outcome(float(np.spacing(np.float32(1)))))


@pytest.mark.skipif(not hasattr(math, "fma"), reason="math.fma is new in Python 3.13")
def test_fma():
    def fused(x, y, z):
        return math.fma(x, y, z)

    values = (0.1, -0.3, 1e200, 5e-324, 0.0, -0.0, 3.0)
    for x in values:
        for y in values:
            for z in values:
                wanted = outcome_of(fused, x, y, z)
                if not wanted.error:
                    check(fused, x, y, z, expected=wanted)


def test_nan_is_found_under_fast_math():
    def is_nan(x):
        return math.isnan(x)

    check(is_nan, math.nan, fastmath=FAST_MATH)


def test_float_types_are_floats():
    assert isinstance(float32, Float)
