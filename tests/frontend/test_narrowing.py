"""Where a variable is known not to be None, it has the type of the value inside."""

from __future__ import annotations

import math

import pytest

from pellucid import njit
from pellucid.frontend import build_function
from pellucid.ir.ops import Call
from pellucid.ir.protocol import NOT_NONE


def formatted(x):
    kept = math.sqrt(x) if x > 0 else None
    return f"{kept:.3f}" if kept is not None else "none"


def left_early(x):
    kept = x * 0.5 if x > 0 else None
    if kept is None:
        return "none"
    return str(kept) + repr(kept)


def counted_down(x):
    left = x
    steps = []
    while left is not None:
        steps.append(left)
        left = left - 1.0 if left > 1.0 else None
    return steps


def both(x):
    one = x if x > 1 else None
    two = x + 1 if x < 3 else None
    if one is not None and two is not None:
        return [one, two]
    return [0.0] if one is None or two is None else [one + two]


def negated(x):
    kept = x if x > 1 else None
    if kept is not None:
        return format(kept, ".2f")
    return "none"


def assigned_again(x):
    kept = x if x > 1 else None
    if kept is not None:
        kept = kept - 1 if kept > 2 else None
    return kept


@pytest.mark.parametrize(
    "function", [formatted, left_early, counted_down, both, negated, assigned_again]
)
def test_a_test_for_none_gives_the_value(function):
    compiled = njit(cache=False)(function)
    for x in (-1.0, 0.0, 1.0, 1.5, 2.5, 7.0, math.nan):
        assert repr(compiled(x)) == repr(function(x))


def test_elements_that_are_not_none_make_a_list_of_values():
    compiled = njit(cache=False)(counted_down)
    compiled(2.0)
    assert str(compiled.nopython_signatures[0].return_type) == "list(float64)"


def test_only_uses_behind_the_test_are_replaced():
    fn = build_function(assigned_again)
    (made,) = [op for op in fn.ops() if isinstance(op, Call) and op.callee is NOT_NONE]
    readers = [op for op in fn.ops() if made.out in op.operands()]
    assert readers
    (value,) = made.args
    assert any(value in op.operands() for op in fn.ops() if op is not made)
