"""Masks and arrays of places as indices, beside NumPy."""

import numpy as np
import pytest
from array_checks import arrays, check, laid_out
from hypothesis import given, settings
from hypothesis import strategies as st

A = np.arange(12.0).reshape(3, 4)


def selected(a, index):
    return a[index]


def assigned(a, index, x):
    a[index] = x
    return a


def above(a):
    return a[a > 4]


def cut(a):
    a[a > 4] = 4
    return a


@pytest.mark.parametrize("layout", ["C", "F", "strided", "reversed"])
def test_masks(layout):
    a = laid_out(A, layout)
    for function in (above, cut):
        check(function, a, engines=("interpreter",))
    check(selected, a, laid_out(A % 3 == 0, layout), engines=("interpreter",))


def test_masks_in_machine_code():
    check(above, A)
    check(cut, A)
    check(above, A[0])
    check(cut, np.arange(7, dtype=np.int8))
    check(selected, A, np.ones((3, 5), bool))


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(-6, 5), max_size=6),
    st.sampled_from(["int64", "int8", "int32"]),
    st.sampled_from(["C", "strided", "reversed"]),
)
def test_places(places, dtype, layout):
    index = np.array(places, dtype)
    check(selected, laid_out(np.arange(5.0), layout), index, engines=("interpreter",))
    check(selected, laid_out(np.arange(10).reshape(5, 2), layout), index, engines=("interpreter",))


def test_places_in_machine_code():
    check(selected, np.arange(5.0), np.array([[0, 4], [-1, 2]]))
    check(selected, A, np.array([2, 0, -1]))
    check(selected, np.arange(5.0), np.array([1, 5]))


@settings(max_examples=15, deadline=None)
@given(arrays(("float64", "int16"), shape=(5,), layouts=("C",)), st.integers(0, 4))
def test_assignment(a, count):
    x = np.arange(float(count))
    check(assigned, a, np.array([0, 3, -1]), x, engines=("interpreter",))
    check(assigned, a, np.array([True, False, True, True, False]), x, engines=("interpreter",))
    check(assigned, a, np.array([4, 4, 1]), 7, engines=("interpreter",))


def test_assignment_in_machine_code():
    check(assigned, np.arange(5.0), np.array([1, -2]), np.array([7.0, 8.0]))
    check(assigned, np.arange(5.0), np.array([1, 9]), 1.5)
    check(assigned, A, A > 5, np.array([7.0]))
    check(assigned, A, A > 5, np.array([7.0, 8.0]))
