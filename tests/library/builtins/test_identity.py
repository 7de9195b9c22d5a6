"""`id` of lists, dicts and arrays: equal for one object, another for others alive."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid import CompileError, njit


def compared(a, b):
    return id(a) == id(a), id(a) == id(b)


@pytest.mark.parametrize("make", [lambda: [1, 2], lambda: {1: 2.0}, lambda: np.ones(3)])
def test_one_object_and_another(make):
    same, other = make(), make()
    compiled = njit(compared)
    assert compiled(same, other) == compared(same, other)
    assert compiled(same, same) == compared(same, same)


def test_values_without_identity_are_refused():
    with pytest.raises(CompileError, match="without identity"):
        njit(lambda x: id(x))(3)
