"""`hash()` is CPython's, for everything that has one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import CompileError, njit

EDGES = [0, 1, -1, 2**61 - 1, 2**61, -(2**61), 1 - 2**61, 2**63 - 1, -(2**63)]


@njit
def hash_of(value):
    return hash(value)


@settings(max_examples=60, deadline=None)
@given(st.integers(-(2**63), 2**63 - 1) | st.sampled_from(EDGES))
def test_integers(value):
    assert hash_of(value) == hash(value)


@settings(max_examples=80, deadline=None)
@given(st.floats(allow_nan=False))
def test_floats(value):
    assert hash_of(value) == hash(value)


@settings(max_examples=40, deadline=None)
@given(st.complex_numbers(allow_nan=False))
def test_complex_numbers(value):
    assert hash_of(value) == hash(value)


@settings(max_examples=40, deadline=None)
@given(st.tuples(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.text()))
def test_tuples(value):
    assert hash_of(value) == hash(value)
    assert hash_of((value, value)) == hash((value, value))


@settings(max_examples=40, deadline=None)
@given(st.frozensets(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_frozensets(value):
    assert hash_of(value) == hash(value)


OTHERS = [True, (), b"abc", "日本", np.int8(-1), np.uint64(2**64 - 1), np.float32(0.1), (1, (2,))]


@pytest.mark.parametrize("value", OTHERS, ids=str)
def test_others(value):
    assert hash_of(value) == hash(value)


@pytest.mark.parametrize("value", [[1], {1: 2}, {1}, np.arange(2), ([1], 2)], ids=str)
def test_what_has_none(value):
    with pytest.raises(CompileError, match="unhashable type"):
        hash_of(value)
