"""`hash` of numbers and tuples."""

import numpy as np
import pytest
from differential import awkward, one_of_type, plain, sampled
from hypothesis import given
from hypothesis import strategies as st

from pellucid import njit
from pellucid.types import boolean, complex128, float32, float64, int8, int64, uint64


@njit
def hashed(x):
    return hash(x)


TYPES = (boolean, int8, int64, uint64, float32, float64, complex128)


def is_nan(x):
    return x != x


@pytest.mark.parametrize("ty", TYPES, ids=str)
def test_awkward_numbers(ty):
    for x in awkward(ty):
        if not is_nan(x):
            assert hashed(x) == hash(plain(x))


@sampled
@given(one_of_type(TYPES))
def test_numbers(x):
    if not is_nan(x):
        assert hashed(x) == hash(plain(x))


NUMBERS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-2, 2))


@sampled
@given(NUMBERS, st.floats(allow_nan=False), st.text())
def test_tuples(a, b, c):
    assert hashed((a, b)) == hash((a, b))
    assert hashed(((a, b), c, True)) == hash(((a, b), c, True))
    assert hashed(()) == hash(())


def test_numpy_scalars():
    assert hashed(np.float32(1.1)) == hash(np.float32(1.1))
    assert hashed(np.uint64(2**64 - 1)) == hash(2**64 - 1)
