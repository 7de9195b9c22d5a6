"""`heapq` and `bisect` in compiled code, against CPython's."""

import bisect
import heapq

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pellucid import njit

few = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NUMBERS = st.lists(st.integers(-6, 6), min_size=1, max_size=12)
FLOATS = st.lists(st.floats(allow_nan=False), min_size=1, max_size=12)
TEXTS = st.lists(st.text("abé", max_size=3), min_size=1, max_size=9)


@njit
def heap_steps(heap, more):
    """Every function on one heap; what it gave, and the heap between the steps."""
    heapq.heapify(heap)
    seen = [list(heap)]
    taken = []
    for item in more:
        heapq.heappush(heap, item)
        seen.append(list(heap))
    for item in more:
        taken.append(heapq.heappushpop(heap, item))
        taken.append(heapq.heapreplace(heap, item))
        seen.append(list(heap))
    while heap:
        taken.append(heapq.heappop(heap))
    return seen, taken


@few
@given(st.one_of(st.tuples(NUMBERS, NUMBERS), st.tuples(FLOATS, FLOATS), st.tuples(TEXTS, TEXTS)))
def test_heaps(lists):
    first, second = lists
    expected = heap_steps.py_func(list(first), list(second))
    assert heap_steps(list(first), list(second)) == expected


@njit
def tasks(n):
    heap = [(0, "begin")]
    for i in range(n):
        heapq.heappush(heap, (i * 7 % 5, str(i)))
    return [heapq.heappop(heap) for _ in range(n)]


def test_heap_of_tuples():
    assert tasks(20) == tasks.py_func(20)


@njit
def pop(heap):
    return heapq.heappop(heap)


def test_empty_heap_raises():
    heap = [1]
    assert pop(heap) == 1
    with pytest.raises(IndexError, match="index out of range"):
        pop(heap)


@njit
def best(n, xs, words):
    return (
        heapq.nsmallest(n, xs),
        heapq.nlargest(n, xs),
        heapq.nsmallest(n, xs, key=abs),
        heapq.nlargest(n, words, key=len),
        heapq.nlargest(n, (x * x for x in xs)),
    )


@few
@given(st.integers(-1, 12), st.lists(st.integers(-6, 6), min_size=1, max_size=40), TEXTS)
def test_best(n, xs, words):
    assert best(n, xs, words) == best.py_func(n, xs, words)


def test_best_of_many():
    xs = [(i * 7919) % 1009 for i in range(2000)]
    assert best(3, xs, ["a"]) == best.py_func(3, xs, ["a"])


@njit
def merged(xs, ys, zs):
    return (
        list(heapq.merge(xs, ys, zs)),
        list(heapq.merge(xs, (2, 3))),
        list(heapq.merge(zs[::-1], xs[::-1], reverse=True)),
        list(heapq.merge(xs, ys, zs, key=lambda x: x // 2)),
    )


@few
@given(NUMBERS, NUMBERS, NUMBERS)
def test_merge(xs, ys, zs):
    xs, ys, zs = sorted(xs), sorted(ys), sorted(zs)
    assert merged(xs, ys, zs) == merged.py_func(xs, ys, zs)


@njit
def places(xs, x, lo):
    return (
        bisect.bisect(xs, x),
        bisect.bisect_left(xs, x),
        bisect.bisect_right(xs, x, lo),
        bisect.bisect_left(xs, x, lo, len(xs) - 1),
        bisect.bisect_left(xs, -x, key=lambda y: -y),
        bisect.bisect(xs, 2 * x, key=lambda y: 2 * y),
    )


@few
@given(NUMBERS, st.integers(-7, 7), st.integers(0, 3))
def test_bisect(xs, x, lo):
    xs = sorted(xs)
    assert places(xs, x, lo) == places.py_func(xs, x, lo)
    assert places(np.array(xs), x, lo) == places.py_func(xs, x, lo)


@njit
def inserted(xs, more):
    for x in more:
        bisect.insort(xs, x)
        bisect.insort_left(xs, x)
    ys = sorted(xs, key=lambda x: -x)
    for x in more:
        bisect.insort(ys, x, key=lambda y: -y)
        bisect.insort_left(ys, x, key=lambda y: -y)
    return ys


@few
@given(FLOATS, FLOATS)
def test_insort(xs, more):
    ours, theirs = sorted(xs), sorted(xs)
    assert inserted(ours, more) == inserted.py_func(theirs, more)
    assert ours == theirs


def test_negative_bound_raises():
    with pytest.raises(ValueError, match="lo must be non-negative"):
        places([1], 1, -1)
