"""A `while` loop with a step known only at run time is checked once, or as it was."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import njit, types


@njit
def clear(numbers, start, limit, step):
    x = start
    while x < limit:
        numbers[x] = 0
        x += step
    return x


def test_check_stands_before_the_loop():
    report = clear.explain(types.uint8[::1], types.int64, types.int64, types.int64)
    kinds = [event.kind for event in report.events]
    assert "bounds-check-removed" in kinds
    assert "bounds-check-kept" not in kinds


@pytest.mark.parametrize(
    ("start", "limit", "step"),
    [
        (0, 10, 3),
        (4, 10, 1),
        (0, 11, 3),  # one past the end
        (0, 40, 7),
        (-3, 10, 2),  # from the end, then from the beginning
        (-11, 10, 2),
        (10, 10, 1),
        (9, 10, 1 << 62),
        (5, 10, -1),  # down through the beginning to the last index from the end
        (0, 1 << 62, 3),
    ],
)
def test_result_is_pythons(start, limit, step):
    ours, theirs = np.ones(10, np.uint8), np.ones(10, np.uint8)
    assert outcome(clear, ours, start, limit, step) == outcome(
        clear.py_func, theirs, start, limit, step
    )
    assert ours.tolist() == theirs.tolist()


def outcome(function, *args):
    try:
        return function(*args)
    except IndexError as error:
        return str(error)
