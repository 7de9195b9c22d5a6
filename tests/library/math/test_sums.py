"""`hypot dist prod sumprod fsum` over several numbers."""

import math

import numpy as np
import pytest
from differential import check, sampled
from hypothesis import example, given
from hypothesis import strategies as st

from pellucid import njit

FLOATS = st.one_of(st.floats(), st.floats(-10, 10), st.integers(-100, 100).map(float))


def lengths(a, b, c, d):
    few = math.hypot(), math.hypot(a), math.hypot(a, b)
    return few, math.hypot(a, b, c), math.hypot(a, b, c, d)


@sampled
@given(FLOATS, FLOATS, FLOATS, FLOATS)
def test_hypot(a, b, c, d):
    check(lengths, a, b, c, d, ulps=1)


def distance(p, q):
    return math.dist(p, q)


@sampled
@given(st.tuples(FLOATS, FLOATS, FLOATS), st.tuples(FLOATS, FLOATS, FLOATS))
def test_dist(p, q):
    check(distance, p, q, ulps=1)


def product(t):
    return math.prod(t), math.prod(t, start=3), math.prod(range(1, 6))


@pytest.mark.parametrize("t", [(), (2,), (2, 3.5), (1, -2, True)])
def test_prod(t):
    check(product, t)


def outcome(function, *args):
    try:
        return repr(function(*args))
    except ValueError as problem:
        return str(problem)


compiled_distance = njit(cache=False)(distance)


@sampled
@given(st.lists(st.tuples(FLOATS, FLOATS), max_size=6), st.sampled_from([list, np.array]))
def test_dist_of_sequences(pairs, kind):
    p, q = kind([x for x, _ in pairs]), kind([y for _, y in pairs])
    if not len(p):
        p = q = np.zeros(0)
    found, wanted = compiled_distance(p, q), distance(p, q)
    assert found == wanted or found != found or abs(found - wanted) <= math.ulp(wanted)
    assert (found != found) == (wanted != wanted)


def test_dist_of_unlike_points():
    points = [1.0], [1.0, 2.0]
    assert outcome(compiled_distance, *points) == outcome(distance, *points)


@pytest.mark.skipif(not hasattr(math, "sumprod"), reason="math.sumprod is new in Python 3.12")
def test_sumprod():
    def sum_of_products(p, q):
        return math.sumprod(p, q)

    check(sum_of_products, (), ())
    check(sum_of_products, (1, 2, 3), (4, 5, 6))
    check(sum_of_products, (0.1,) * 10, (1, 2.0, 3, 4, 5.5, 6, 7, 8, 9, 10))
    check(sum_of_products, (1e100, 1.0, -1e100), (1.0, 1.0, 1.0))
    check(sum_of_products, (1.0, math.inf), (1.0, 2.0))
    check(sum_of_products, (1,), (1, 2))
    compiled = njit(cache=False)(sum_of_products)
    for p, q in (
        ([1, 2, 3], [4, 5, 6]),
        ([1e100, 1.0, -1e100], [1.0, 1.0, 1.0]),
        ([0.1] * 10, [float(x) for x in range(10)]),
        ([0.1] * 10, list(range(10))),
        ([1.0, math.inf], [1.0, 2.0]),
        ([1.0], [1.0, 2.0]),
    ):
        assert outcome(compiled, p, q) == outcome(sum_of_products, p, q)


def exact_sum(t):
    return math.fsum(t)


@sampled
@given(st.lists(FLOATS, min_size=1, max_size=6).map(tuple))
@example((1e308, 1e308))
@example((math.inf, -math.inf))
@example((math.nan, 1.0))
@example((1e16, 1.0, 1e-16))
@example((1e-16, 1.0, 1e16))
def test_fsum(t):
    check(exact_sum, t)


def test_fsum_of_others():
    check(exact_sum, ())
    check(exact_sum, (1, 2.5, True))
    check(exact_sum, (0.1,) * 30)
