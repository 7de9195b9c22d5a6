"""`is`, truth, comparison with None, and what folds to a constant."""

import numpy as np
import pytest
from differential import SCALAR_TYPES, Outcome, awkward, check, typed, types_of

from pellucid.types import Literal, int64


def truth(x):
    return bool(x), not x, 1 if x else 2


@pytest.mark.parametrize("ty", SCALAR_TYPES, ids=str)
def test_truth_of_scalars(ty):
    for value in awkward(ty):
        check(truth, value)


@pytest.mark.parametrize("value", [(), (0,), (1, 2.5), None], ids=repr)
def test_truth_of_others(value):
    check(truth, value)


def maybe(x):
    y = None
    if x > 0:
        y = x
    return y is None, y is not None, y == None, y != None, y == 2, y != 2, bool(y)  # noqa: E711


@pytest.mark.parametrize("value", [-1, 0, 1, 2, 2.0, -0.5])
def test_optional_values(value):
    check(maybe, value)


def maybe_sum(x):
    y = None
    if x > 0:
        y = x
    return y + 1


def test_arithmetic_with_none_raises():
    check(maybe_sum, 3)
    check(maybe_sum, -3, expected=Outcome(error="TypeError: expected int64, got None"))


def identity(x):
    return x is None, x is not None, None is None, x is x, x is True


def test_identity_is_known_by_type():
    check(identity, 3, expected=Outcome((False, True, True, True, False)))


def folded(x):
    if x is None:
        return 1
    if isinstance(x, float):
        return 2
    return x.no_such_attribute


@pytest.mark.parametrize("value", [None, 2.5])
def test_dead_branches_are_not_typed(value):
    ret = typed(folded, types_of((value,))).sig.ret
    assert isinstance(ret, Literal) or ret == int64


def text(x):
    return "a" < "b", "a" == "a", x == "a", len("abc"), "x" != "y"


def test_text_compares_while_compiling():
    check(text, 1)


def chains(a, b, c):
    return a < b < c, a <= b == c, a if a > b else c, a and b, a or b


def test_chains_and_choices():
    for values in [(1, 2, 3), (3, 2, 1), (0, 0, 0), (2, 2, 2)]:
        check(chains, *values)


def same_arrays(a, b):
    return a is b, a is not b, a is a, a is None


def test_arrays_are_compared_by_their_memory():
    a, b = np.arange(6.0), np.arange(6.0)
    check(same_arrays, a, a)
    check(same_arrays, a, b)
    check(same_arrays, a[::2], a[1::2])
