"""Sums checked for overflow once a chunk: they raise where Python's integers leave int64."""

import itertools
import traceback

import numpy as np
import pytest
from engines import define
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.passes.interrupts import CHUNK

LEAST, MOST = -(1 << 63), (1 << 63) - 1

SOURCES = {
    "items": "def f(xs):\n t = 0\n for x in xs:\n  t += x\n return t",
    "places": "def f(xs):\n t = 0\n for i in range(len(xs)):\n  t = xs[i] + t\n return t",
    "less": "def f(xs):\n t = 0\n for x in xs:\n  t -= x\n return t",
    "two": "def f(xs):\n t = 5\n u = -3\n for x in xs:\n  t += x\n  u -= x\n return t, u",
    "start": f"def f(xs):\n t = {MOST - 20}\n for x in xs:\n  t += x\n return t",
}
PYTHON = {name: define(text) for name, text in SOURCES.items()}
CHECKED = {name: njit(overflow="raise")(f) for name, f in PYTHON.items()}


def _expected(name, items):
    """As Python, but OverflowError as soon as a sum leaves int64."""
    starts = {"start": [(MOST - 20, 1)], "less": [(0, -1)], "two": [(5, 1), (-3, -1)]}
    results = []
    for start, sign in starts.get(name, [(0, 1)]):
        sums = list(itertools.accumulate((sign * x for x in items), initial=start))
        if min(sums) < LEAST or max(sums) > MOST:
            return OverflowError
        results.append(sums[-1])
    return tuple(results) if name == "two" else results[0]


def _outcome(function, *args):
    try:
        return function(*args)
    except OverflowError:
        return OverflowError


terms = st.one_of(
    st.integers(-10, 10),
    st.integers(LEAST, MOST),
    st.sampled_from(
        [1 << 47, 1 << 48, (1 << 48) - 1, -(1 << 48), -(1 << 48) - 1, 1 << 61, 1 << 62]
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(terms, max_size=30))
def test_short_sums(items):
    for name, function in CHECKED.items():
        assert _outcome(function, np.array(items, np.int64)) == _expected(name, items), name


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("place", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5])
@pytest.mark.parametrize("term", [3, (1 << 48) - 1, 1 << 48, 1 << 62, MOST, LEAST])
def test_long_sums(name, place, term):
    items = np.full(2 * CHUNK + 10, 7)
    items[place] = term
    assert _outcome(CHECKED[name], items) == _expected(name, items.tolist())


@pytest.mark.parametrize("dtype", ["int8", "int32", "uint16", "bool"])
def test_narrow_terms(dtype):
    items = np.random.default_rng(3).integers(0, 2, 3 * CHUNK).astype(dtype)
    assert CHECKED["items"](items) == sum(map(int, items))
    assert CHECKED["start"](items[:15]) == _expected("start", items[:15].tolist())
    assert _outcome(CHECKED["start"], items) is OverflowError


def test_the_loop_is_packed_and_the_line_is_named():
    items = np.full(CHUNK + 100, 1 << 49)
    total = njit(overflow="raise")(PYTHON["items"])
    with pytest.raises(OverflowError) as caught:
        total(items)
    assert traceback.extract_tb(caught.value.__traceback__)[-1].lineno == 4
    (assembly,) = total.inspect_asm().values()
    assert "padd" in assembly


def test_a_sum_that_is_read_while_it_grows_is_checked_each_turn():
    def f(xs):
        t = 0
        most = 0
        for x in xs:
            t += x
            most = max(most, t)
        return t, most

    checked = njit(overflow="raise")(f)
    items = [5, -7, 1 << 50, -(1 << 49), 3]
    assert checked(np.array(items)) == f(items)
    assert _outcome(checked, np.array([MOST, 1])) is OverflowError
