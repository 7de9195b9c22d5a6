"""`gcd lcm factorial comb perm isqrt`, beside CPython; what no int64 holds raises."""

import math

import pytest
from differential import Outcome, check, outcome_of, sampled, scalar
from hypothesis import example, given
from hypothesis import strategies as st

from pellucid.types import int8, int64, uint64

TOO_LARGE = Outcome(error="OverflowError: the result does not fit in int64")
INTS = st.one_of(st.integers(-20, 20), st.integers(-(2**63), 2**63 - 1))


def divisors(a, b, c):
    return math.gcd(), math.gcd(a), math.gcd(a, b), math.gcd(a, b, c)


@sampled
@given(INTS, INTS, INTS)
@example(-(2**63), 6, 4)
def test_gcd(a, b, c):
    check(divisors, a, b, c)


def multiples(a, b, c):
    return math.lcm(), math.lcm(a), math.lcm(a, b), math.lcm(a, b, c)


@sampled
@given(*[st.integers(-(10**5), 10**5)] * 3)
def test_lcm(a, b, c):
    check(multiples, a, b, c)


def test_unsigned_and_narrow_integers():
    check(divisors, scalar(uint64, 2**64 - 2), scalar(uint64, 6), scalar(uint64, 4))
    check(divisors, scalar(int8, -128), scalar(int8, 6), scalar(int8, 4))


def factorial(n):
    return math.factorial(n)


def comb(n, k):
    return math.comb(n, k)


def perm(n, k):
    return math.perm(n, k)


def perm_of_all(n):
    return math.perm(n)


def check_exact(function, *args):
    wanted = outcome_of(function, *args)
    if not wanted.error and wanted.value > int64.max:
        wanted = TOO_LARGE
    check(function, *args, expected=wanted)


@pytest.mark.parametrize("n", range(-2, 24))
def test_factorial(n):
    check_exact(factorial, n)
    check_exact(perm_of_all, n)


@sampled
@given(st.integers(-2, 80), st.integers(-2, 80))
@example(66, 33)
@example(67, 33)
@example(62, 31)
def test_choices(n, k):
    check_exact(comb, n, k)
    check_exact(perm, n, k)


def isqrt(n):
    return math.isqrt(n)


@sampled
@given(st.integers(-1, 2**63 - 1))
@example(2**63 - 1)
@example(3037000499**2)
@example(3037000499**2 - 1)
def test_isqrt(n):
    check(isqrt, n)


def test_isqrt_of_uint64():
    for n in (0, 1, 2**64 - 1, (2**32 - 1) ** 2, (2**32 - 1) ** 2 - 1):
        check(isqrt, scalar(uint64, n))
