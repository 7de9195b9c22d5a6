"""`range`: loops, length, items, membership."""

import itertools

import numpy as np
import pytest
from differential import Outcome, awkward, check, outcome_of, plain, result_type, sampled, scalar
from hypothesis import given
from hypothesis import strategies as st

from pellucid.types import int8, int16, int32, int64, uint8, uint64

FAR = [-(2**63), -(2**63) + 1, 2**63 - 2, 2**63 - 1]
EDGES = st.one_of(st.integers(-5, 5), st.sampled_from(FAR))


def first_items(start, stop, step):
    last, count = 0, 0
    for i in range(start, stop, step):
        last = i
        count += 1
        if count == 7:
            break
    return last, count


def asked(start, stop, step):
    items = range(start, stop, step)
    return items.start, items.stop, items.step, 3 in items, -4 in items, items == range(start, stop)


@sampled
@given(EDGES, EDGES, EDGES)
def test_range_of_any_bounds(start, stop, step):
    check(first_items, start, stop, step)
    check(asked, start, stop, step)


@pytest.mark.parametrize("ty", [int8, int16, int32, uint8], ids=str)
def test_narrow_bounds(ty):
    values = [v for v in awkward(ty) if abs(plain(v)) > 60 or abs(plain(v)) < 3]
    for start, stop, step in itertools.product(values, repeat=3):
        check(first_items, start, stop, step)


def upto(n):
    total = 0
    for i in range(n):
        total += i
    else:
        total += 1000
    return total


def test_range_of_a_stop():
    for n in (-3, 0, 1, 10, True, np.int8(5), np.uint64(6)):
        check(upto, n)


def item(n):
    for i in range(n):
        return i
    return n


def test_item_types():
    assert result_type(item, scalar(int32, 3)) == int32
    assert result_type(item, scalar(uint64, 3)) == uint64
    assert result_type(item, scalar(uint8, 3)) == uint64
    assert result_type(item, 3) == int64


def indexed(start, stop, step, k):
    return range(start, stop, step)[k], len(range(start, stop, step))


def test_items_by_index():
    for bounds in [(0, 10, 3), (10, -5, -4), (3, 3, 1)]:
        for k in range(-5, 6):
            check(indexed, *bounds, k)


def backwards(start, stop, step):
    total = 0
    for i in reversed(range(start, stop, step)):
        total = total * 3 + i
    return total


def test_reversed():
    for bounds in [(0, 10, 3), (10, -5, -4), (3, 3, 1), (0, 5, 1)]:
        check(backwards, *bounds)


def zero_step():
    for _ in range(0, 3, 0):
        pass


def test_zero_step_raises():
    check(zero_step, expected=outcome_of(zero_step))


def test_length_saturates():
    def length(start, stop):
        return len(range(start, stop))

    check(length, -(2**63), 2**63 - 1, expected=Outcome(2**63 - 1))
