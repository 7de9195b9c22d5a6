"""Values of the reference interpreter, and their way from and to Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.ir.interp import (
    ArrayValue,
    BlockValue,
    array_from_numpy,
    convert,
    numpy_from_array,
    value_from_python,
    value_to_python,
    wrap,
)
from pellucid.ir.interp_values import References
from pellucid.types import (
    INTEGERS,
    NUMBERS,
    Array,
    Tuple,
    complex64,
    dtype_of,
    float32,
    float64,
    int64,
    memory_block,
    optional,
    uint8,
)


@given(st.integers(-(2**70), 2**70), st.sampled_from(INTEGERS))
def test_integers_wrap_as_in_c(number, ty):
    wrapped = wrap(number, ty)
    assert ty.min <= wrapped <= ty.max
    assert (wrapped - number) % 2**ty.bits == 0


def test_float32_rounds_and_overflows_to_infinity():
    assert wrap(0.1, float32) == float(np.float32(0.1))
    assert wrap(1e300, float32) == float("inf")
    assert wrap(0.1 + 0.2j, complex64) == complex(np.complex64(0.1 + 0.2j))


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(NUMBERS))
def test_integers_convert_as_in_numpy(number, ty):
    expected = np.int64(number).astype(dtype_of(ty)).item()
    assert convert(number, int64, ty) == expected


def test_tuples_and_optionals_convert_by_part():
    have, want = Tuple((int64, uint8)), Tuple((float64, optional(int64)))
    assert convert((3, 4), have, want) == (3.0, 4)
    assert convert(None, optional(int64), optional(float64)) is None


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0),
        np.arange(6.0)[::-2],
        np.arange(6.0).reshape(2, 3).T,
        np.array(2.5),
        np.zeros((3, 0)),
        np.broadcast_to(np.arange(3.0), (2, 3)),
    ],
    ids=["c", "reversed", "transposed", "0d", "empty", "broadcast"],
)
def test_arrays_come_back_as_they_went(array):
    ty = Array(float64, array.ndim, "A", readonly=not array.flags.writeable)
    value = value_from_python(array, ty)
    assert value_to_python(value, ty) is array or array.size == 0
    inner = ArrayValue(object(), value.data, value.shape, value.strides)
    copy = numpy_from_array(inner, ty)
    np.testing.assert_array_equal(copy, array)
    assert copy.dtype == array.dtype


def test_views_keep_their_memory_and_their_owner():
    block = BlockValue(24)
    view = numpy_from_array(ArrayValue(block, block.address, (3,), (8,)), Array(float64, 1, "C"))
    view[:] = 7
    assert block.address % 64 == 0
    again = array_from_numpy(view)
    assert again.data == block.address
    del block
    assert view.sum() == 21


def test_references_refuse_a_release_too_many():
    counts, block = References(), object()
    counts.add(block, memory_block, 1)
    assert counts.leaked() == [block]
    counts.add(block, memory_block, -1)
    assert counts.leaked() == []
    with pytest.raises(AssertionError):
        counts.add(block, memory_block, -1)
