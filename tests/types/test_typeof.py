"""Which type Python values have, and what is said of those that have none."""

import enum
import math
from collections import namedtuple

import numpy as np
import pytest

from pellucid.types.typeof import typeof


class Colour(enum.Enum):
    RED = 1


Point = namedtuple("Point", "x y")


VALUES = [
    (3, "int64"),
    (-(2**63), "int64"),
    (2**63 - 1, "int64"),
    (2**63, "uint64"),
    (2**64 - 1, "uint64"),
    (True, "bool"),
    (1.5, "float64"),
    (1j, "complex128"),
    ("text", "str"),
    (np.str_("text"), "str"),
    (None, "none"),
    (np.bool_(True), "bool"),
    (np.int8(1), "int8"),
    (np.uint16(1), "uint16"),
    (np.longlong(1), "int64"),
    (np.float32(1), "float32"),
    (np.complex64(1), "complex64"),
    ((), "Tuple()"),
    ((1, 2), "UniTuple(int64, 2)"),
    ((1, (2.0, None)), "Tuple(int64, Tuple(float64, none))"),
    (slice(1, None), "slice(int64, none, none)"),
    (slice(None, np.int8(3), -1), "slice(none, int64, int64)"),
    (range(3), "range(int64)"),
    (np.float32, "dtype(float32)"),
    (np.dtype("u2"), "dtype(uint16)"),
    (math, "Module(math)"),
    (np.sin, "Function(numpy.sin)"),
    (len, "Function(builtins.len)"),
    (int, "Function(builtins.int)"),
    (ValueError, "ExceptionClass(builtins.ValueError)"),
    (Colour.RED, f"Enum({__name__}.Colour)"),
    (Point(1, 2.0), f"NamedTuple({__name__}.Point, x: int64, y: float64)"),
]


@pytest.mark.parametrize(("value", "text"), VALUES, ids=[repr(v)[:30] for v, _ in VALUES])
def test_values_have_their_types(value, text):
    assert str(typeof(value)) == text


def _readonly(array):
    array.flags.writeable = False
    return array


class Sub(np.ndarray):
    pass


ARRAYS = [
    (np.zeros((2, 3)), "array(float64, 2d, C)"),
    (np.zeros((2, 3)).T, "array(float64, 2d, F)"),
    (np.zeros((4, 4))[::2], "array(float64, 2d, A)"),
    (np.zeros(6)[::-1], "array(float64, 1d, A)"),
    (np.array(1), "array(int64, 0d, C)"),
    (np.zeros((0, 3)).T, "array(float64, 2d, C)"),
    (np.zeros((1, 5))[:, ::2], "array(float64, 2d, A)"),
    (np.zeros((5, 1))[:, ::1].T, "array(float64, 2d, C)"),
    (np.zeros(3, np.longlong), "array(int64, 1d, C)"),
    (np.zeros(3, "?"), "array(bool, 1d, C)"),
    (_readonly(np.zeros(3)), "readonly array(float64, 1d, C)"),
    (np.broadcast_to(np.zeros(3), (2, 3)), "readonly array(float64, 2d, A)"),
    (np.zeros(3).view(Sub), "array(float64, 1d, C)"),
    (np.zeros(3, np.dtype("i8").newbyteorder("<")), "array(int64, 1d, C)"),
]


@pytest.mark.parametrize(("array", "text"), ARRAYS, ids=[t for _, t in ARRAYS])
def test_arrays_have_their_types(array, text):
    assert str(typeof(array)) == text


REFUSED = [
    (object(), "an object cannot be passed"),
    (np.zeros(3, ">f8"), "foreign byte order"),
    (
        np.zeros(9, "u1")[1:].view("f8"),
        "unaligned array cannot be passed .*; copy it",
    ),
    (np.zeros(2, object), "object arrays are not supported"),
    (np.zeros(2, "f2"), "half precision"),
    (np.zeros(2, np.longdouble), "extended precision"),
    (np.zeros(2, "M8[D]"), "dates are not supported yet"),
    (np.zeros(2, "i4,f8"), "structured arrays are not supported yet"),
    (np.ma.array([1]), "masked array"),
    (np.float16(1), "half precision"),
    (slice(1.0), "use ints or None"),
    ((1, object()), "an object cannot be passed"),
]


@pytest.mark.parametrize(("value", "text"), REFUSED, ids=[t for _, t in REFUSED])
def test_other_values_are_refused_with_advice(value, text):
    with pytest.raises(TypeError, match=text) as caught:
        typeof(value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, slice(2**63), range(2**70)])
def test_ints_beyond_64_bits_are_refused(value):
    with pytest.raises(OverflowError):
        typeof(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": {"b": 1.0}, "c": {}}, "dict(str, dict(str, float64))"),
        ([set(), {1}], "list(set(int64))"),
        ([([], 1), ([2.0], 3)], "list(Tuple(list(float64), int64))"),
        ({1: frozenset(), 2: frozenset({"x"})}, "dict(int64, frozenset(str))"),
        ([{}, {1: []}, {2: [3]}], "list(dict(int64, list(int64)))"),
    ],
)
def test_an_empty_container_is_as_its_neighbours(value, text):
    assert str(typeof(value)) == text
