"""`overflow="raise"` on arrays of integers: as exact arithmetic, or OverflowError."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit

LEAST, MOST = -(2**63), 2**63 - 1
exact = njit(overflow="raise")


def by_operators(a, b):
    return a + b, a - b, a * b, np.add(a, b), a + 1, 2 * b


def nested(a, b):
    return (a + b) * 2, (a * b).sum(), (a | b).sum(), np.sum((a & b) - a), (a + b) * (a - b)


def in_place(a, b):
    a = a.copy()
    a += b
    a *= 2
    return a


def sums(a, b):
    return a.sum(), np.sum(a), a.prod(), np.prod(b), a.dot(b), np.dot(a, b)


def running(a, b):
    return np.cumsum(a), a.cumsum(), np.cumprod(b), b.cumprod()


def along_axes(a, b):
    both = np.stack((a, b))
    return both.sum(axis=0), both.sum(axis=1), both.prod(axis=0), both.sum(), both.T.sum(axis=1)


FUNCTIONS = (by_operators, nested, in_place, sums, running, along_axes)
COMPILED = {function: exact(function) for function in FUNCTIONS}


def in_python(function, a, b):
    """What the function gives for Python's ints, which have no limit; None if one is too large."""
    told = [np.array(x, object) for x in (a, b)]
    result = function(*told)
    parts = result if isinstance(result, tuple) else (result,)
    partial = [math.prod(x[:i]) for x in (a, b) for i in range(len(x) + 1)]
    partial += [sum(x[:i]) for x in (a, b, a + b, b + a) for i in range(len(a) + len(b) + 1)]
    partial += [
        sum((x & y) - x for x, y in zip(a[:i], b[:i], strict=True)) for i in range(len(a) + 1)
    ]
    partial += [sum(x | y for x, y in zip(a[:i], b[:i], strict=True)) for i in range(len(a) + 1)]
    partial += [v for x, y in zip(a, b, strict=True) for v in (x + y, x - y, x * y, (x & y) - x)]
    partial += [sum(x * y for x, y in zip(a[:i], b[:i], strict=True)) for i in range(len(a) + 1)]
    items = [int(x) for part in parts for x in np.ravel(part)]
    return parts, max(map(abs, [*items, *partial])) <= MOST


values = st.one_of(st.integers(-3, 3), st.sampled_from([MOST, LEAST, 2**62, -(2**62), 2**31]))


@pytest.mark.parametrize("function", FUNCTIONS)
@settings(max_examples=40, deadline=None)
@given(pairs=st.lists(st.tuples(values, values), min_size=1, max_size=5))
def test_exact_or_an_error(function, pairs):
    a, b = ([pair[i] for pair in pairs] for i in range(2))
    expected, fits = in_python(function, a, b)
    try:
        found = COMPILED[function](np.array(a), np.array(b))
    except OverflowError as error:
        assert "integer overflow" in str(error)  # noqa: PT017 (what fits must not raise)
        assert not fits
        return
    found = found if isinstance(found, tuple) else (found,)
    for one, other in zip(found, expected, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64])
def test_items_of_every_width(dtype):
    most = np.iinfo(dtype).max
    a = np.array([most, 1], dtype)
    add = exact(lambda x, y: x + y)
    total = exact(lambda x: np.sum(x))
    with pytest.raises(OverflowError, match=f"a sum does not fit {np.dtype(dtype).name}"):
        add(a, a)
    assert add(a, np.zeros_like(a)).tolist() == [most, 1]
    if np.dtype(dtype).itemsize < np.dtype(np.int64).itemsize:
        assert total(a) == most + 1
    else:
        with pytest.raises(OverflowError, match="the sum does not fit uint64"):
            total(a)


def test_the_error_names_the_line():
    @exact
    def total(a):
        first = 0
        return first + a.sum()

    with pytest.raises(OverflowError) as caught:
        total(np.array([MOST, 1]))
    line = caught.traceback[-1].lineno
    assert line == total.py_func.__code__.co_firstlineno + 2


def test_floats_and_bools_are_as_ever():
    total = exact(lambda x: (x.sum(), np.dot(x, x), (x + x).sum(), np.cumsum(x)[-1]))
    assert total(np.array([1.5, 2.5])) == (4.0, 8.5, 8.0, 4.0)
    assert exact(lambda x: (x + x).sum())(np.array([True, False])) == 1


def test_without_the_option_they_wrap():
    @njit
    def total(a):
        return a.sum(), (a + a)[0]

    assert total(np.array([MOST, 1])) == (LEAST, -2)
