"""Sorting gives what CPython's gives, by digits and by merging, and moves equal items nowhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit

LIMITS = (-(2**63), 2**63 - 1, 0, -1)


def fresh():
    """Compiled functions of their own for each kind of item."""

    @njit
    def in_place(items, reverse):
        items.sort(reverse=reverse)

    @njit
    def by_key(items, reverse):
        return sorted(items, key=lambda item: item, reverse=reverse)

    return in_place, by_key


KINDS = {
    "wide": (st.integers(*LIMITS[:2]) | st.sampled_from(LIMITS), fresh()),
    "narrow": (st.integers(-300, 300), fresh()),
    "floats": (st.floats(allow_nan=False), fresh()),
    "zeros": (st.sampled_from([0.0, -0.0, 1.0, -1.0, math.inf, -math.inf]), fresh()),
    "bools": (st.booleans(), fresh()),
    "texts": (st.text(max_size=3), fresh()),
    "pairs": (st.tuples(st.integers(0, 2), st.sampled_from([0.0, -0.0])), fresh()),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_items_are_in_order(kind, data):
    items, (in_place, by_key) = KINDS[kind]
    few = data.draw(st.lists(items, min_size=1, max_size=40))
    turns = data.draw(st.integers(1, 40))  # enough items for digits
    given_items, reverse = few * turns, data.draw(st.booleans())
    expected = repr(sorted(given_items, reverse=reverse))
    assert repr(by_key(given_items, reverse)) == expected
    in_place(given_items, reverse)
    assert repr(given_items) == expected


def test_what_is_in_order_or_falls_is_taken_as_it_is():
    in_place, by_key = fresh()
    for items in (list(range(1000)), list(range(1000, 0, -1)), [7] * 1000, []):
        for reverse in (False, True):
            mine = [*items, 3]
            expected = sorted(mine, reverse=reverse)
            assert by_key(mine, reverse) == expected
            in_place(mine, reverse)
            assert mine == expected


@njit
def remainders(items):
    return sorted(items, key=lambda item: item % 7, reverse=True)


@njit
def lengths(items):
    return sorted(items, key=lambda item: (len(item), -ord(item[0])))


def test_equal_keys_keep_their_order():
    numbers = [i * 7919 % 1009 for i in range(2000)]
    assert remainders(numbers) == remainders.py_func(numbers)
    words = [f"{'abc'[i % 3]}{'x' * (i * 5 % 4)}{i}" for i in range(300)]
    assert lengths(words) == lengths.py_func(words)


@njit
def of_array(array):
    return sorted(array)


@pytest.mark.parametrize("dtype", ["u8", "i4", "u1", "f4", "f8"])
def test_items_of_arrays(dtype):
    numbers = np.random.default_rng(3).integers(0, 2**63, 1000, dtype="u8") * 2 + 1
    array = numbers.astype(dtype) if dtype[0] != "f" else (numbers - 2.0**63).astype(dtype)
    assert np.array_equal(of_array(array), np.sort(array))


def test_nan_is_in_no_order_and_not_lost():
    in_place, by_key = fresh()
    items = [math.nan if i % 5 == 0 else float(i * 37 % 101) for i in range(600)]
    for made in (by_key(items, False), [*items]):
        in_place(made, True)
        assert np.array_equal(np.sort(made), np.sort(items), equal_nan=True)


@njit
def changing(grows):
    items = [3, 1, 2]

    def key(item):
        if grows:
            items.append(item)
        else:
            items.clear()
        return item

    items.sort(key=key)


@pytest.mark.parametrize("grows", [False, True])
def test_a_list_that_a_key_changes(grows):
    with pytest.raises(ValueError, match="list modified during sort"):
        changing(grows)
