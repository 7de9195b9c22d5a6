"""`cmath` on a grid of zeros, infinities, NaN and extremes, wherever CPython does not raise."""

import cmath
import math

import numpy as np
import pytest
from differential import check, outcome_of, result_type, scalar

from pellucid.types import complex64, complex128

POINTS = (
    -math.inf, -1e308, -800.0, -2.5, -1.0, -0.3, -1e-200, -5e-324, -0.0,
    0.0, 5e-324, 1e-200, 0.3, 1.0, 1.2, 2.5, 800.0, 1e308, math.inf, math.nan,
)  # fmt: skip


def exp(z):
    return cmath.exp(z)


def log(z):
    return cmath.log(z), cmath.log10(z)


def sqrt(z):
    return cmath.sqrt(z)


def cosh(z):
    return cmath.cosh(z)


def sinh(z):
    return cmath.sinh(z)


def tanh(z):
    return cmath.tanh(z)


def cos(z):
    return cmath.cos(z)


def sin(z):
    return cmath.sin(z)


def tan(z):
    return cmath.tan(z)


def acos(z):
    return cmath.acos(z)


def acosh(z):
    return cmath.acosh(z)


def asin(z):
    return cmath.asin(z)


def asinh(z):
    return cmath.asinh(z)


def atan(z):
    return cmath.atan(z)


def atanh(z):
    return cmath.atanh(z)


def polar(z):
    return cmath.polar(z), cmath.phase(z)


def questions(z):
    return cmath.isnan(z), cmath.isinf(z), cmath.isfinite(z), cmath.isclose(z, z + 1e-12)


def rect(z):
    return cmath.rect(z.real, z.imag)


FUNCTIONS = (
    exp, log, sqrt, cosh, sinh, tanh, cos, sin, tan, acos, acosh, asin, asinh, atan, atanh,
    polar, questions, rect,
)  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_on_the_grid(function):
    for re in POINTS:
        for im in POINTS:
            z = complex(re, im)
            wanted = outcome_of(function, z)
            if not wanted.error:
                check(function, z, expected=wanted, ulps=2)


def test_poles_and_bases():
    def at_poles(z):
        return cmath.log(z), cmath.atanh(z + 1)

    def to_base(z):
        return cmath.log(z, 2), cmath.log(4, z)

    wanted = outcome_of(lambda: (complex(-math.inf, 0.0), complex(math.inf, 0.0)))
    check(at_poles, 0j, expected=wanted)
    check(to_base, 3 + 1j, ulps=2)


def test_real_and_single_arguments():
    check(sqrt, -4)
    check(exp, 1.5, ulps=1)
    assert result_type(sqrt, scalar(complex64, 2j)) == complex64
    assert result_type(sqrt, 2.0) == complex128
    check(sqrt, np.complex64(-3 + 4j), ulps=1)
