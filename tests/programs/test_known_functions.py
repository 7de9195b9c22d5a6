"""Getters, keyword arguments and decorators that are known while compiling."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pellucid import CompileError, njit


def four_items(values):
    return operator.itemgetter(0, 2, 1, 0)(values)


def two_items(values):
    return operator.itemgetter(2, 0)(values)


def three_attributes(z):
    return operator.attrgetter("real", "imag", "real")(z)


def chained_attribute(a):
    return operator.attrgetter("T.T.shape")(a)


def total(**values):
    shown, number = "", 0.0
    for name, value in values.items():
        shown += name + str(value)
        number += value
    return shown, number


def keywords_of_several_types(x):
    return total(a=1, b=x, c=True), total(a=1, b=2)


def decorated_with_options(x):
    @njit(fastmath=True)
    def doubled(y):
        return y * 2

    return doubled(x)


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (four_items, (1, 2.5, True)),
        (two_items, [4, 5, 6]),
        (three_attributes, 1 + 2j),
        (chained_attribute, np.ones((2, 3))),
        (keywords_of_several_types, 2.5),
        (decorated_with_options, 3),
    ],
)
def test_as_in_python(function: Callable[[Any], Any], argument: Any) -> None:
    assert njit(function)(argument) == function(argument)


def other_division(x):
    @njit(error_model="numpy")
    def inverse(y):
        return 1 / y

    return inverse(x)


def test_options_that_change_results_are_refused() -> None:
    with pytest.raises(CompileError, match="error_model"):
        njit(other_division)(3)


def test_which_of_several_functions_it_is():
    def one(x):
        return x + 1

    def other(x):
        return x * 2

    def ask(flag):
        chosen = one if flag else other
        kept = chosen if flag else None
        return (
            chosen is one, chosen is not one, chosen == other, chosen != other, other is chosen,
            chosen is abs, kept is None, kept is not None and kept is one,
        )  # fmt: skip

    compiled = njit(ask)
    for flag in (True, False):
        assert compiled(flag) == ask(flag)
