"""Reshaping, joining, searching and products beside NumPy."""

import numpy as np
import pytest
from array_checks import arrays, check, laid_out, native
from hypothesis import given, settings
from hypothesis import strategies as st

RANDOM = np.random.default_rng(11)

SHAPES = [
    lambda a: a.reshape(3, 2),
    lambda a: a.reshape((6,)),
    lambda a: np.reshape(a, (1, -1, 2)),
    lambda a: a.reshape(-1),
    lambda a: a.ravel(),
    lambda a: np.ravel(a),
    lambda a: a.flatten(),
    lambda a: a.T,
    lambda a: np.transpose(a),
    lambda a: a.transpose(1, 0),
    lambda a: np.transpose(a, (0, 1)),
    lambda a: np.swapaxes(a, 0, 1),
    lambda a: np.expand_dims(a, 1),
    lambda a: np.flip(a),
    lambda a: np.flip(a, 1),
    lambda a: np.concatenate((a, a)),
    lambda a: np.concatenate((a, a[:, :1]), axis=1),
    lambda a: np.stack((a, a)),
    lambda a: np.stack((a, a), axis=1),
    lambda a: np.nonzero(a),
    lambda a: np.flatnonzero(a),
    lambda a: np.where(a > 2, a, -1),
    lambda a: np.where(a > 2, 1, 0),
    lambda a: np.where(a > 2),
    lambda a: np.clip(a, 1, 4),
    lambda a: a.clip(None, 3),
    lambda a: np.outer(a, a),
    lambda a: np.trace(a),
    lambda a: a @ a.T,
    lambda a: np.dot(a.T, a),
    lambda a: a @ a[0],
    lambda a: a[:, 0] @ a,
    lambda a: a[0] @ a[0],
    lambda a: np.vdot(a, a),
    lambda a: np.inner(a, a),
    lambda a: np.dot(a, 2),
]


@pytest.mark.parametrize("function", SHAPES)
def test_matrix(function):
    for dtype, layout in (("float64", "F"), ("int16", "strided"), ("float32", "repeated")):
        a = laid_out(np.arange(6).reshape(2, 3).astype(dtype), layout)
        check(function, a, engines=("interpreter",))
    check(function, np.arange(6.0).reshape(2, 3), engines=("machine code",))


SHARED = SHAPES[:15]


@pytest.mark.parametrize("function", SHARED)
def test_views_are_views(function):
    a = np.arange(6.0).reshape(2, 3)
    assert np.shares_memory(native(function)(a), a) == np.shares_memory(function(a), a)


def reshaped(a, n, m):
    return a.reshape(n, m)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5))
def test_reshape(n, m):
    check(reshaped, np.arange(6), n, m)


def test_reshape_errors():
    check(reshaped, np.arange(6), -1, -1)


def joined(a, b):
    return np.concatenate((a, b))


@settings(max_examples=12, deadline=None)
@given(arrays(("float64", "int8")), arrays(("float32", "bool")))
def test_concatenate(a, b):
    if a.ndim and a.ndim == b.ndim:
        check(joined, a, b, engines=("interpreter",))


def products(a, b):
    return np.dot(a, b)


def matrix_product(a, b):
    return a @ b


@pytest.mark.parametrize("left", [(3,), (4,), (2, 3), (5, 3)])
@pytest.mark.parametrize("right", [(3,), (3, 4), (4, 3), (3, 1)])
def test_products(left, right):
    a, b = RANDOM.integers(-9, 9, left), RANDOM.integers(-9, 9, right)
    check(products, a, b, engines=("interpreter",))
    check(matrix_product, a, b.astype(float), engines=("machine code",))


def test_large_products():
    a, b = RANDOM.normal(size=(33, 70)), RANDOM.normal(size=(70, 41))
    for left, right in ((a, b), (b.T, a.T), (a[::2], b), (a, b[:, ::3]), (a[0], b), (a, b[:, 0])):
        assert np.allclose(native(matrix_product)(left, right), left @ right, rtol=1e-12)


def chosen(c, x, y):
    return np.where(c, x, y)


@settings(max_examples=20, deadline=None)
@given(
    arrays(("bool", "float64", "int8")),
    arrays(("float32", "int16")),
    arrays(("float64", "int8", "uint64")),
)
def test_where(c, x, y):
    check(chosen, c, x, y, engines=("interpreter",))


def left_of(a, v):
    return np.searchsorted(a, v)


def right_of(a, v):
    return np.searchsorted(a, v, side="right")


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from([1.0, 2.0, 2.0, 3.5, np.inf, np.nan]), max_size=8),
    st.sampled_from([0.0, 2.0, 2.5, np.inf, np.nan]),
)
def test_searchsorted(items, v):
    a = np.sort(np.array(items))
    for function in (left_of, right_of):
        check(function, a, v, engines=("interpreter",))
        check(function, a, np.array([[v, 2.0]]), engines=("interpreter",))
        check(function, a, v)


def filled(a, x):
    a.fill(x)
    return a


def only(a):
    return a.item()


def test_methods():
    check(filled, np.arange(5), 2.75)
    check(filled, np.zeros((3, 4))[::2], 7)
    check(only, np.array([[3]]))
    check(only, np.arange(3))


@pytest.mark.parametrize(
    "a",
    [
        np.arange(6).reshape(2, 3),
        np.arange(6.0).reshape(2, 3).T,
        np.float32([1.5, 2.5]),
        np.array(2.5),
        np.zeros((2, 0)),
        np.zeros((0, 2)),
        np.array([True, False]),
        np.arange(8, dtype=np.int8).reshape(2, 2, 2)[:, ::-1],
        np.array([2**64 - 1], dtype=np.uint64),
        np.array([1j], dtype=np.complex64),
    ],
    ids=lambda a: f"{a.dtype}{a.shape}",
)
def test_lists_of_pythons_numbers(a):
    assert repr(native(lambda a: a.tolist())(a)) == repr(a.tolist())
