"""Lists in compiled code, against Python's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.ir.protocol import build_list


@njit
def squares(n):
    items = build_list()
    for i in range(n):
        items.append(i * i)
    total = 0
    for item in items:
        total += item
    return total, len(items)


@njit
def nested(n):
    rows = build_list()
    for i in range(n):
        row = build_list()
        for j in range(i):
            row.append(j + 0.5)
        rows.append(row)
    total = 0.0
    for row in rows:
        for item in row:
            total += item
    return total, len(rows)


@njit
def of_arrays(n):
    items = build_list()
    for i in range(n):
        items.append(np.full(i, 1.5))
    if items:
        items[0] = np.zeros(3)
    total = 0.0
    for item in items:
        total += item.sum()
    return total


@njit
def read(i):
    items = build_list(10, 20, 30)
    items[i] = 5
    return items[0], items[1], items[2], items[i]


@njit
def push(items, item):
    items.append(item)


@njit
def grown_elsewhere(n):
    items = build_list()
    for i in range(n):
        push(items, i)
    return len(items), items[-1]


@njit
def never_filled():
    items = build_list()
    return len(items)


@pytest.mark.parametrize("function", [squares, nested, of_arrays])
def test_agrees_with_python(function):
    for n in (0, 1, 2, 7, 50):
        assert function(n) == function.py_func(n)


def test_type_is_bound_in_a_callee():
    items = list(range(5))
    assert grown_elsewhere(5) == (len(items), items[-1])
    assert never_filled() == 0


@settings(max_examples=20)
@given(st.integers(-6, 6))
def test_index(i):
    try:
        expected = read.py_func(i)
    except IndexError as problem:
        with pytest.raises(IndexError, match=str(problem)):
            read(i)
    else:
        assert read(i) == expected
