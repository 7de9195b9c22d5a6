"""Lists in compiled code, against Python's."""

import re

import numpy as np
import pytest
from engines import outcome_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit


@njit
def squares(n):
    items = []
    for i in range(n):
        items.append(i * i)
    total = 0
    for item in items:
        total += item
    return total, len(items)


@njit
def nested(n):
    rows = []
    for i in range(n):
        row = []
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
    items = []
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
    items = [10, 20, 30]
    items[i] = 5
    return items[0], items[1], items[2], items[i]


@njit
def push(items, item):
    items.append(item)


@njit
def grown_elsewhere(n):
    items = []
    for i in range(n):
        push(items, i)
    return len(items), items[-1]


@njit
def never_filled():
    items = []
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


NUMBERS = st.lists(st.integers(-5, 5), max_size=12)
INDICES = st.integers(-14, 14)


@njit
def mutate(items, which, i, item):  # noqa: C901 (a table)
    """One of the methods that change a list."""
    if which == 0:
        items.append(item)
    elif which == 1:
        items.insert(i, item)
    elif which == 2:
        return items.pop(i)
    elif which == 3:
        items.remove(item)
    elif which == 4:
        items.reverse()
    elif which == 5:
        items.extend(items)
    elif which == 6:
        items[i] = item
    elif which == 7:
        del items[i]
    elif which == 8:
        items.sort()
    elif which == 9:
        items.sort(key=lambda x: x % 3, reverse=True)
    elif which == 10:
        items *= i
    elif which == 11:
        items += (item, i)
    elif which == 12:
        return items.index(item, i)
    elif which == 13:
        return items.count(item)
    elif which == 14:
        return items.pop()
    else:
        items.clear()
    return 0


@settings(max_examples=200, deadline=None)
@given(NUMBERS, st.integers(0, 15), INDICES, st.integers(-5, 5))
def test_methods_change_the_argument(items, which, i, item):
    mine = list(items)
    try:
        expected = mutate.py_func(items, which, i, item)
    except (IndexError, ValueError) as problem:
        with pytest.raises(type(problem), match=f"^{re.escape(str(problem))}$"):
            mutate(mine, which, i, item)
    else:
        assert mutate(mine, which, i, item) == expected
    assert mine == items


@njit
def combine(a, b, start, stop, step):
    c = a[start:stop:step]
    d = a + b
    e = a * 2
    e[start:stop] = b
    del d[start:stop:step]
    return c, d, e, a == b, a < b, a >= b, 3 in a, sorted(a), list(reversed(b))


@settings(max_examples=100, deadline=None)
@given(NUMBERS, NUMBERS, INDICES, INDICES, st.sampled_from([-3, -2, -1, 1, 2, 3]))
def test_slices_and_operators(a, b, start, stop, step):
    assert combine(a, b, start, stop, step) == combine.py_func(a, b, start, stop, step)


@njit
def same(items):
    return items


@pytest.mark.parametrize(
    "items",
    [
        [1, 2],
        [1.5, 2],
        [True, False],
        [1j, 2.0, 3],
        ["a", "ß", "😀"],
        [None, 3],
        [(1, 2.5), (3, 4.5)],
        [[1], [], [2, 3]],
        [[], [[1.5]]],
        [],
    ],
)
def test_an_argument_comes_back_itself(items):
    expected = list(items)
    inner = [id(item) for item in items]
    result = same(items)
    assert result is items
    assert items == expected
    assert [id(item) for item in items] == inner


def test_a_list_of_several_types_is_refused():
    with pytest.raises(TypeError, match="a list of int64 and str"):
        same([1, "a"])


@njit
def widened(x):
    items = [1, 2]
    items.append(x)
    more = []
    more.append(1)
    more[0] = x
    return items, more


def test_a_local_list_widens():
    assert widened(2.5) == widened.py_func(2.5)


@njit
def append_float(items):
    items.append(2.5)


def test_an_argument_does_not_widen():
    with pytest.raises(Exception, match="cannot hold a float64"):
        append_float([1])


@njit
def fail_after(items):
    items.append(7)
    return items[99]


def test_changes_show_after_an_exception():
    items = [1]
    with pytest.raises(IndexError):
        fail_after(items)
    assert items == [1, 7]


@njit
def change_rows(rows, other):
    rows[0].append(7)
    other.append(rows[1])
    return len(rows), len(other)


def test_what_is_one_object_stays_one():
    row = [1]
    rows = [row, row]
    expected_row = [1]
    expected = [expected_row, expected_row]
    assert change_rows(rows, rows) == change_rows.py_func(expected, expected)
    assert rows == expected
    assert rows[0] is rows[1] is rows[2] is row


def test_what_is_not_in_a_list_is_in_the_message():
    def missing(items, item):
        return items.index(item)

    compiled = njit(missing)
    for items, item in (([1], 2), (["a"], "b'"), ([[1]], [2, 3]), ([(1, "x")], (2, "y"))):
        assert outcome_of(compiled, items, item) == outcome_of(missing, items, item)


@njit
def only_reads(rows, key):
    total = 0
    for row in rows:
        total += len(row) + (key in row)
    return total


@njit
def clears(rows):
    rows[0].clear()


@njit
def changes_by_call(rows, key):
    total = only_reads(rows, key)
    clears(rows)
    return total


def test_a_list_is_written_back_by_functions_that_write():
    rows = [[1, 2], [3]]
    held = rows[0]
    assert only_reads(rows, 3) == 4
    assert rows == [[1, 2], [3]]
    assert changes_by_call(rows, 3) == 4
    assert rows == [[], [3]]
    assert rows[0] is held
