"""`min max sum any all`."""

import math
import sys

import pytest
from differential import Outcome, check, native, outcome_of, sampled
from hypothesis import given
from hypothesis import strategies as st

from pellucid import njit


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


@njit
def by_key(xs, k, t):
    return (
        min(xs, key=lambda x: abs(x - k)),
        max(xs, key=lambda x: abs(x - k)),
        min(xs, default=k),
        max(xs, default=k, key=lambda x: -x),
        min(k, 2, -3, key=abs),
        max(t, key=lambda x: -x),
        min(t, default=0.0),
    )


@sampled
@given(st.lists(st.integers(-5, 5), min_size=1), st.integers(-5, 5))
def test_extrema_by_key(xs, k):
    assert by_key(xs, k, (1, 2.5, k)) == by_key.py_func(xs, k, (1, 2.5, k))


@njit
def or_default(xs, k):
    return min(xs, default=k), max((x + 1 for x in xs), default=None), max(xs, default=k, key=abs)


def test_default_of_nothing():
    xs = [1]
    assert or_default(xs, 7) == (1, 2, 1)
    xs.clear()
    assert or_default.py_func(xs, 7) == (7, None, 7)
    assert by_default(0) == by_default.py_func(0)


@njit
def by_default(n):
    return min(range(n), default=7), max(list(range(n)), default=2, key=lambda x: -x)


@njit
def text_extrema(words):
    return min(words), max(words, key=len), min("b", "a")


def test_extrema_of_text():
    words = ["pear", "fig", "quince", "apple"]
    assert text_extrema(words) == text_extrema.py_func(words)


@njit
def float_sums(xs):
    return sum(xs), sum(x * 0.5 for x in xs), sum(xs, 3), sum(set(xs), 0.5)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="CPython sums without compensation")
@sampled
@given(st.lists(st.floats(-1e20, 1e20), min_size=1))
def test_float_sums_of_lists(xs):
    assert float_sums(xs)[:3] == float_sums.py_func(xs)[:3]
