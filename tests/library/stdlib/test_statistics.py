"""`statistics` in compiled code, against CPython's."""

import statistics

import numpy as np
import pytest
from differential import outcome_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pellucid import njit

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NUMBERS = st.one_of(st.floats(-1e9, 1e9), st.floats(-1, 1), st.integers(-99, 99).map(float))
DATA = st.lists(NUMBERS, min_size=2, max_size=20)
# Sums are exact to the 106 bits of a pair of floats: these need fewer.
GRID = st.lists(st.integers(-(2**40), 2**40).map(lambda n: n / 2**20), min_size=2, max_size=20)


@njit
def means(xs):
    return statistics.mean(xs), statistics.fmean(xs), statistics.mean([x / 3 for x in xs])


@njit
def positive_means(xs):
    return statistics.geometric_mean(xs), statistics.harmonic_mean(xs)


@njit
def middles(xs):
    return (
        (statistics.median(xs), statistics.median_low(xs), statistics.median_high(xs)),
        statistics.mode(xs),
        statistics.multimode(xs),
    )


@njit
def spreads(xs, center):
    return (
        (statistics.variance(xs), statistics.pvariance(xs)),
        (statistics.stdev(xs), statistics.pstdev(xs)),
        (statistics.variance(xs, center), statistics.pvariance(xs, center)),
    )


@njit
def relations(xs, ys):
    return statistics.covariance(xs, ys), statistics.correlation(xs, ys)


@few
@given(GRID)
def test_means(xs):
    assert means(xs) == means.py_func(xs)


@few
@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20))
def test_positive_means(xs):
    assert positive_means(xs) == positive_means.py_func(xs)


@few
@given(DATA)
def test_middles(xs):
    assert middles(xs) == middles.py_func(xs)


@few
@given(DATA, NUMBERS)
def test_spreads(xs, center):
    assert spreads(xs, center) == spreads.py_func(xs, center)


@few
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=20))
def test_relations(pairs):
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    expected, found = outcome_of(relations.py_func, xs, ys), outcome_of(relations, xs, ys)
    if expected.error:
        assert found.error == expected.error
    else:
        assert found.value == pytest.approx(expected.value, rel=1e-12, abs=1e-9)


@njit
def of_nothing(which, n):
    xs = [x * 0.5 for x in range(n)]
    if which == 0:
        return statistics.mean(xs)
    if which == 1:
        return statistics.median(xs)
    if which == 2:
        return statistics.variance(xs)
    if which == 3:
        return statistics.harmonic_mean(xs)
    return statistics.mode(xs)


@pytest.mark.parametrize("which", range(5))
def test_no_data_raises(which):
    assert outcome_of(of_nothing, which, 0) == outcome_of(of_nothing.py_func, which, 0)


def test_arrays_and_integers():
    assert means(np.arange(7.0)) == means.py_func(list(range(7)))
    assert means([1, 2, 4]) == means.py_func([1, 2, 4])
