"""`round()` and `divmod()`."""

import math

import pytest
from differential import (
    REAL_TYPES,
    Outcome,
    awkward,
    check,
    outcome_of,
    plain,
    sampled,
    scalar,
)
from hypothesis import example, given
from hypothesis import strategies as st

from pellucid.types import float32, int8, int64


def whole(x):
    return round(x)


def digits(x, n):
    return round(x, n)


@pytest.mark.parametrize("ty", REAL_TYPES, ids=str)
def test_round_to_an_integer(ty):
    for value in awkward(ty):
        wanted = outcome_of(whole, plain(value))
        if isinstance(wanted.value, int) and not -(2**63) <= wanted.value < 2**64:
            wanted = Outcome(error="OverflowError: float too large to convert to int64")
        check(whole, value, expected=wanted)


@sampled
@given(st.floats(), st.integers(-22, 22))
@example(2.675, 2)
@example(1234.567, -2)
@example(0.5, 0)
@example(5e-324, 22)
@example(1.7976931348623157e308, -20)
def test_round_to_digits_is_exact(value, count):
    check(digits, value, count)


@sampled
@given(
    st.integers(-(10**7), 10**7),
    st.sampled_from([2, 4, 8, 10, 20, 1000, 2000]),
    st.integers(-3, 5),
)
def test_round_decimals_and_ties(numerator, denominator, count):
    check(digits, numerator / denominator, count)


@pytest.mark.parametrize("count", [23, 30, 300, 323, 400, -23, -300, -400])
def test_round_to_many_digits_is_an_ulp_off_at_most(count):
    for value in (1e-7, 1.5, -2.75e-12, 1e300, -0.0, math.inf):
        check(digits, value, count, ulps=1)


@sampled
@given(st.integers(-(2**62), 2**62), st.integers(-18, 3))
def test_round_integers(value, count):
    check(digits, value, count)


def test_round_single():
    assert check(digits, scalar(float32, 2.25), 1) is None


def pair(x, y):
    return divmod(x, y)


@pytest.mark.parametrize("right", [int64, int8], ids=str)
def test_divmod_of_integers(right):
    for x in awkward(int64):
        for y in awkward(right):
            if (plain(x), plain(y)) != (int64.min, -1):
                check(pair, x, y)


@sampled
@given(st.floats(), st.floats())
def test_divmod_of_floats(x, y):
    check(pair, x, y)


def modular(x, y, m):
    return pow(x, y, m)


INTS = st.one_of(st.integers(-9, 9), st.integers(-(2**63), 2**63 - 1))


@sampled
@given(INTS, INTS, INTS)
@example(2, -(2**63), 7)
@example(3, -1, 0)
@example(2, -1, 4)
def test_pow_with_a_modulus(x, y, m):
    check(modular, x, y, m)
