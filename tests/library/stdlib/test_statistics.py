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


@njit
def weighted(xs, weights):
    return statistics.fmean(xs, weights), statistics.harmonic_mean(xs, weights)


@few
@given(st.lists(st.tuples(st.floats(0.5, 1e6), st.floats(0.25, 1e3)), min_size=2, max_size=20))
def test_weighted_means(pairs):
    xs, weights = map(list, zip(*pairs, strict=True))
    assert weighted(xs, weights) == pytest.approx(weighted.py_func(xs, weights), rel=1e-14)


@njit
def lines(xs, ys):
    line = statistics.linear_regression(xs, ys)
    through_zero = statistics.linear_regression(xs, ys, proportional=True)
    return line.slope, line.intercept, through_zero.slope, tuple(through_zero)[1]


@few
@given(st.data())
def test_lines(data):
    xs = data.draw(st.lists(st.integers(-999, 999), min_size=2, max_size=20, unique=True))
    ys = data.draw(st.lists(st.integers(-999, 999), min_size=len(xs), max_size=len(xs)))
    xs, ys = list(map(float, xs)), list(map(float, ys))
    expected = pytest.approx(lines.py_func(xs, ys), rel=1e-9, abs=1e-9)
    assert lines(xs, ys) == expected


@njit
def quantiles(xs, n):
    return statistics.quantiles(xs, n=n), statistics.quantiles(xs, n=n, method="inclusive")


@few
@given(DATA, st.integers(1, 9))
def test_quantiles(xs, n):
    assert quantiles(xs, n) == quantiles.py_func(xs, n)


@njit
def what_weights_refuse(which):
    if which == 0:
        return statistics.fmean([1.0], [1.0, 2.0])
    if which == 1:
        return statistics.fmean([1.0], [0.0])
    if which == 2:
        return statistics.harmonic_mean([1.0, 2.0], [1.0])
    if which == 3:
        return statistics.harmonic_mean([1.0, -2.0], [1.0, 1.0])
    if which == 4:
        return statistics.linear_regression([1.0], [2.0, 3.0]).slope
    if which == 5:
        return statistics.linear_regression([1.0, 1.0], [2.0, 3.0]).slope
    if which == 6:
        return statistics.linear_regression([1.0], [2.0]).slope
    return statistics.quantiles([1.0, 2.0], n=0)[0]


@pytest.mark.parametrize("which", range(8))
def test_what_weights_refuse(which):
    assert outcome_of(what_weights_refuse, which) == outcome_of(what_weights_refuse.py_func, which)


@pytest.mark.skipif(not hasattr(statistics, "kde"), reason="ranks are Python 3.12's")
def test_ranks():
    f = njit(lambda x, y: statistics.correlation(x, y, method="ranked"))
    for xs, ys in (
        ([1.0, 5.0, 2.0], [9.0, 1.0, 1.0]),
        ([3.0, 3.0, 1.0, 0.0], [1.0, 2.0, 2.0, 7.0]),
    ):
        assert f(xs, ys) == pytest.approx(f.py_func(xs, ys), rel=1e-15)
