"""New arrays beside NumPy's."""

import numpy as np
import pytest
from array_checks import check, laid_out, native
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.base.diagnostics import CompileError

FEW = settings(max_examples=12, deadline=None)

SHAPED = [
    lambda n: np.zeros(n),
    lambda n: np.ones(n, np.int32),
    lambda n: np.zeros((n, 2), "f4"),
    lambda n: np.ones((2, n), dtype=bool, order="F"),
    lambda n: np.full(n, 7),
    lambda n: np.full((n, 2), 2.5, dtype=np.int8),
    lambda n: np.full(n, True),
    lambda n: np.eye(n),
    lambda n: np.eye(n, 3, 1),
    lambda n: np.eye(n, 5, -1, dtype=np.int64),
    lambda n: np.identity(n),
    lambda n: np.empty((n, 0)).shape,
    lambda n: np.array(((1, 2, n), (4, 5, 6))),
    lambda n: np.array((1, 2.5, n)),
    lambda n: np.array((1, n), dtype=np.complex64),
    lambda n: np.array(n),
]


@pytest.mark.parametrize("function", SHAPED)
def test_shapes(function):
    for n in (0, 1, 4, -1):
        check(function, n, engines=("interpreter",))
    check(function, 3)
    check(function, -1)


def huge(n):
    return np.zeros((n, n, n))


def large(n):
    return np.empty(n)


def test_impossible_sizes():
    check(huge, 2**40)
    with pytest.raises(MemoryError, match="Unable to allocate"):
        native(large)(2**55)


def test_refusals():
    with pytest.raises(CompileError, match="a shape is an int"):
        native(lambda n: np.zeros(n))(1.5)
    with pytest.raises(CompileError, match="f2"):
        native(lambda n: np.zeros(n, "f2"))(1)


LIKE = [
    lambda a: np.zeros_like(a),
    lambda a: np.ones_like(a, np.int8),
    lambda a: np.full_like(a, 3),
    lambda a: np.empty_like(a).shape,
    lambda a: np.copy(a),
    lambda a: a.copy(),
    lambda a: np.array(a),
    lambda a: np.array(a, dtype=np.float32),
    lambda a: np.asarray(a),
    lambda a: np.ascontiguousarray(a),
    lambda a: np.asfortranarray(a),
    lambda a: a.astype(np.int16),
    lambda a: a.astype("c16"),
    lambda a: a.astype(np.bool_),
]


@pytest.mark.parametrize("function", LIKE)
def test_like(function):
    for layout in ("C", "F", "strided", "repeated"):
        a = laid_out(np.arange(-3.0, 3.0).reshape(2, 3), layout)
        check(function, a, engines=("interpreter",))
        if layout not in "CF":
            continue
        got, wanted = native(function)(a), function(a)
        if isinstance(got, np.ndarray):
            assert got.flags.f_contiguous == wanted.flags.f_contiguous
            assert np.shares_memory(got, a) == np.shares_memory(wanted, a)


def one(n):
    return np.arange(n)


def two(start, stop):
    return np.arange(start, stop)


def three(start, stop, step):
    return np.arange(start, stop, step)


def typed(start, stop, step):
    return np.arange(start, stop, step, dtype=np.float32)


numbers = st.one_of(st.integers(-9, 9), st.floats(-5, 5, width=32).map(float))


@FEW
@given(numbers, numbers, numbers)
def test_arange(start, stop, step):
    check(one, stop, engines=("interpreter",))
    check(two, start, stop, engines=("interpreter",))
    if not 0 < abs(step) < 1e-3:
        check(three, start, stop, step, engines=("interpreter",))
        check(typed, start, stop, step, engines=("interpreter",))


@pytest.mark.parametrize("bounds", [(1, 9, 3), (9, 1, -3), (0.5, 3.0, 0.1), (3, -1.5, -0.5)])
def test_arange_in_machine_code(bounds):
    check(three, *bounds)


def test_arange_errors():
    check(three, 0, 5, 0)
    check(one, float("nan"))
    check(one, 1e30)


def line(start, stop, num):
    return np.linspace(start, stop, num)


def open_line(start, stop, num):
    return np.linspace(start, stop, num, endpoint=False)


def whole_line(start, stop, num):
    return np.linspace(start, stop, num, dtype=np.int64)


@FEW
@given(numbers, numbers, st.integers(-1, 7))
def test_linspace(start, stop, num):
    check(line, start, stop, num, engines=("interpreter",))
    check(open_line, start, stop, num, engines=("interpreter",))
    check(whole_line, start, stop, num, engines=("interpreter",))


def test_linspace_in_machine_code():
    for num in (-1, 0, 1, 2, 50):
        check(line, -1.5, 2.0, num)


def no_axes():
    return np.zeros(()), np.array(()), np.full((), 2)


def test_arrays_without_axes_or_items():
    check(no_axes)
