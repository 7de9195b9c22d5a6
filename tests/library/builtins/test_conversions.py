"""`int() float() complex() abs()`, NumPy's scalar classes, parts and methods of numbers."""

import math

import numpy as np
import pytest
from differential import (
    REAL_TYPES,
    SCALAR_TYPES,
    Outcome,
    awkward,
    check,
    plain,
    result_type,
    sampled,
    scalar,
    scalars,
)
from hypothesis import given
from hypothesis import strategies as st

from pellucid.types import Complex, Float, Integer, boolean, complex64, float32, int8, int64


def to_float(x):
    return float(x), complex(x), bool(x)


@pytest.mark.parametrize("ty", REAL_TYPES, ids=str)
def test_conversions_to_floats(ty):
    for value in awkward(ty):
        check(to_float, value)


def to_int(x):
    return int(x)


@pytest.mark.parametrize("ty", REAL_TYPES, ids=str)
def test_int_truncates(ty):
    for value in awkward(ty):
        x = plain(value)
        if isinstance(x, float) and not -(2.0**63) <= x < 2.0**63:
            continue  # some integer, unspecified
        check(to_int, value)


def test_int_keeps_the_width_of_integers():
    assert result_type(to_int, scalar(int8, 3)) == int8
    assert result_type(to_int, True) == int64


def to_small(x):
    return np.int8(x), np.uint16(x), np.int32(x), np.uint64(x), np.bool_(x)


@sampled
@given(st.integers(-(2**63), 2**63 - 1))
def test_numpy_classes_wrap_integers(value):
    with np.errstate(all="ignore"):
        wide = np.int64(value)
        names = ("int8", "uint16", "int32", "uint64", "bool")
        wanted = tuple(wide.astype(name).item() for name in names)
    check(to_small, value, expected=Outcome(wanted))


def to_floats(x):
    return np.float32(x), np.float64(x), np.complex64(x), np.complex128(x)


@sampled
@given(st.sampled_from(REAL_TYPES).flatmap(scalars))
def test_numpy_classes_of_floats(value):
    x = plain(value)
    wanted = (float(x), float(x), complex(x), complex(x))
    check(to_floats, value, expected=Outcome(wanted))


def complex_of_two(x, y):
    return complex(x, y)


@pytest.mark.parametrize(("x", "y"), [(1, 2), (-0.0, -0.0), (1.5, True), (1j, 2j), (2, -1j)])
def test_complex_of_two(x, y):
    check(complex_of_two, x, y)


def text():
    return float("1.5"), float(" -inf ")


def test_float_of_constant_text():
    check(text)


def magnitude(x):
    return abs(x)


@pytest.mark.parametrize("ty", SCALAR_TYPES, ids=str)
def test_abs(ty):
    for value in awkward(ty):
        x = plain(value)
        wanted = Outcome(math.hypot(x.real, x.imag)) if isinstance(x, complex) else None
        check(magnitude, value, expected=wanted, ulps=1 if isinstance(ty, Complex) else 0)


def test_abs_keeps_the_width():
    assert result_type(magnitude, scalar(int8, -3)) == int8
    assert result_type(magnitude, scalar(float32, -3)) == float32
    assert result_type(magnitude, scalar(complex64, 1j)) == float32


def parts(x):
    return x.real, x.imag, x.conjugate()


@pytest.mark.parametrize("ty", SCALAR_TYPES, ids=str)
def test_parts(ty):
    for value in awkward(ty):
        check(parts, value)


def bits(x):
    return x.bit_length(), x.bit_count(), x.numerator, x.denominator


@pytest.mark.parametrize("ty", [ty for ty in SCALAR_TYPES if isinstance(ty, Integer)], ids=str)
def test_bits_of_integers(ty):
    for value in awkward(ty):
        check(bits, value)


def is_whole(x):
    return x.is_integer()


@pytest.mark.parametrize("ty", [ty for ty in SCALAR_TYPES if isinstance(ty, Float)], ids=str)
def test_is_integer(ty):
    for value in awkward(ty):
        if math.isfinite(value) and abs(value) < 2**62:
            check(is_whole, value)


def again(x):
    return type(x)(3.7), isinstance(x, int), isinstance(x, (float, complex)), callable(x)


@pytest.mark.parametrize("value", [1, 2.5, 1j, True])
def test_type_and_isinstance(value):
    check(again, value) if not isinstance(value, complex) else None
    assert result_type(again, value) is not None


def test_type_of_a_literal():
    assert result_type(to_int, 1) == int64
    assert result_type(magnitude, True) in (boolean, int64)
