"""`min max sum any all`."""

import math
import sys

import pytest
from differential import Outcome, check, native, outcome_of, sampled
from hypothesis import given
from hypothesis import strategies as st


def extrema(a, b, c):
    return min(a, b), max(a, b), min(a, b, c), max(a, b, c)


VALUES = st.one_of(st.integers(-5, 5), st.floats(), st.booleans())


@sampled
@given(VALUES, VALUES, VALUES)
def test_extrema_of_scalars(a, b, c):
    check(extrema, a, b, c)


def over(t):
    return min(t), max(t), sum(t), any(t), all(t)


@sampled
@given(st.lists(st.floats(), min_size=1, max_size=4).map(tuple))
def test_over_tuples_of_floats(t):
    check(over, t)


@pytest.mark.parametrize("t", [(1, 2, 3), (0, False), (1, 2.5, -3), (True, True)])
def test_over_tuples(t):
    check(over, t)


def over_range(n):
    return sum(range(n)), sum(range(n), 2.5), max(range(n)), min(range(n)), any(range(n))


def test_over_ranges():
    check(over_range, 5)
    check(over_range, 1)


def least(n):
    return min(range(n))


def test_empty_extremum_raises():
    check(least, 0, expected=outcome_of(lambda: min(iter(()))))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="CPython sums without compensation")
def test_float_sum_is_compensated():
    check(over, (0.1,) * 10)
    check(over, (1e100, 1.0, -1e100))
    check(over, (math.inf, 1.0))


def empty(t):
    return sum(t), sum(t, 1.5), any(t), all(t)


def test_empty_tuple():
    check(empty, ())


def test_nan_is_kept_as_cpython_keeps_it():
    assert math.isnan(native(extrema)(math.nan, 1.0, 2.0)[0])
    assert native(extrema)(1.0, math.nan, 2.0)[:2] == (1.0, 1.0)
    check(extrema, math.nan, 1.0, 2.0)
    check(extrema, 1.0, math.nan, 2.0, expected=Outcome((1.0, 1.0, 1.0, 2.0)))
