"""Tuples: indexing, slicing, joining, comparing, unpacking."""

import itertools

import numpy as np
import pytest
from differential import Outcome, check, native, outcome_of, result_type

from pellucid.base.diagnostics import TypingError
from pellucid.types import Tuple, float64, int64


def slices(t):
    return t[0], t[-1], t[1:], t[::-1], t[:-1], t[5:], t[::2], len(t), t[-100:100]


@pytest.mark.parametrize("t", [(1, 2, 3), (1, 2.5, True), ((1, 2), 3.0), (1,)], ids=repr)
def test_constant_indices(t):
    check(slices, t)


def joined(a, b):
    return a + b, a * 2, 0 * a, (*a, 7, *b), a + ()  # noqa: RUF005 (`+` is what is tested)


@pytest.mark.parametrize(("a", "b"), [((1, 2), (3.5,)), ((), (1,)), ((1, (2, 3)), (4j, False))])
def test_joining(a, b):
    check(joined, a, b)


def compared(a, b):
    return a == b, a != b, a < b, a <= b, a > b, a >= b


TUPLES = [(), (1,), (1, 2), (1, 3), (1, 2, 0), (0, 9), (1.0, 2), (1.5, 2), (True, 2)]


@pytest.mark.parametrize(("a", "b"), list(itertools.product(TUPLES, TUPLES)))
def test_comparison(a, b):
    check(compared, a, b, engines="interpreter")


def test_nested_comparison_natively():
    check(compared, ((1, 2), 3), ((1, 2.5), 3))
    check(compared, (np.int8(1), 2), (1, 2))


def at(t, i):
    return t[i]


@pytest.mark.parametrize("count", [1, 3, 8, 9, 20])
def test_computed_index(count):
    for i in range(-count - 1, count + 1):
        check(at, tuple(range(10, 10 + count)), i)


def test_computed_index_of_mixed_types_is_refused():
    with pytest.raises(TypingError, match="no one type"):
        native(at)((1, 2.5), 0)


def out_of_range(t):
    return t[3]


def test_constant_index_out_of_range_is_refused():
    with pytest.raises(TypingError, match="out of range"):
        native(out_of_range)((1, 2, 3))


def found(t, x):
    return x in t, t.count(x)


def test_searching():
    for x in (1, 2.0, 7):
        check(found, (1, 2, 2, 3), x)
        check(found, (), x)


def position(t, x):
    return t.index(x)


def test_index_method():
    check(position, (4, 5, 5), 5)
    check(position, (4, 5, 5), 6, expected=outcome_of((4, 5, 5).index, 6))


def unpacked(t):
    a, (b, c) = t
    return c, b, a


def unpacked_range(r0, r1):
    a, b, c = range(r0, r1)
    return a, b, c


def test_unpacking():
    check(unpacked, (1, (2.5, True)))
    for stop in (2, 3, 4):
        got = outcome_of(native(unpacked_range), 0, stop)
        expected = outcome_of(lambda n: _three(range(n)), stop)
        assert got.error.partition(", got")[0] == expected.error.partition(", got")[0]


def _three(items):
    a, b, c = items
    return a, b, c


def too_many(t):
    a, b = t
    return a + b


def test_unpacking_a_tuple_of_another_length_is_refused():
    with pytest.raises(TypingError, match="too many values"):
        native(too_many)((1, 2, 3))


def iterated(t):
    total = 0
    for x in t:
        total = total * 10 + x
    return total


def test_iteration():
    check(iterated, (1, 2, 3))
    check(iterated, (1.5, 2.5))
    check(iterated, (), expected=Outcome(0))
    check(iterated, tuple(range(12)))


def test_iteration_of_mixed_types():
    check(iterated, (1, 2.5))


def test_types_by_position():
    assert result_type(slices, (1, 2.5)).elems[3] == Tuple((float64, int64))


def swapped(a, b):
    a, b = b, a
    return a, b, tuple((a, b))  # noqa: C409 (the call is what is tested)


def test_swap():
    check(swapped, 1, 2.5)
