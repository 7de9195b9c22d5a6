"""`a[...]` and `a[...] = x` beside NumPy, iteration and attributes."""

import numpy as np
import pytest
from array_checks import arrays, check, laid_out, native
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.base.diagnostics import CompileError

BOTH = settings(max_examples=6, deadline=None)
TYPED = settings(max_examples=20, deadline=None)


def item(a, i):
    return a[i]


def item_2d(a, i, j):
    return a[i, j]


def set_item(a, i, x):
    a[i] = x
    return a


@settings(max_examples=30, deadline=None)
@given(st.integers(-8, 8), st.sampled_from(["C", "strided", "reversed", "readonly"]))
def test_items(i, layout):
    check(item, laid_out(np.arange(5.0), layout), i)


@settings(max_examples=30, deadline=None)
@given(st.integers(-4, 4), st.integers(-5, 5), st.sampled_from(["C", "F", "strided"]))
def test_items_2d(i, j, layout):
    check(item_2d, laid_out(np.arange(12).reshape(3, 4), layout), i, j)


@pytest.mark.parametrize("kind", ["int8", "uint8", "int32", "uint64"])
@pytest.mark.parametrize("i", [0, 4, 5, 100])
def test_indices_of_any_width(kind, i):
    check(item, np.arange(5.0), np.dtype(kind).type(i))


def test_a_large_unsigned_index_does_not_wrap():
    # NumPy says that it is too large for a C long.
    with pytest.raises(IndexError, match="index 18446744073709551615 is out of bounds"):
        native(item)(np.arange(5.0), np.uint64(2**64 - 1))


@settings(max_examples=20, deadline=None)
@given(st.integers(-7, 7), st.sampled_from([2, 2.75, True, -1]))
def test_assigned_items(i, x):
    check(set_item, np.arange(5), i, x)


# ---- slices -----------------------------------------------------------------------------------

bounds = st.none() | st.integers(-6, 6)
steps = st.none() | st.integers(-3, 3)


def sliced(a, i, j, k):
    return a[i:j:k]


def tail(a, i):
    return a[i:]


def head(a, j):
    return a[:j]


def every(a, k):
    return a[::k]


@TYPED
@given(bounds, bounds, steps, st.sampled_from(["C", "strided", "reversed"]))
def test_slices(i, j, k, layout):
    check(sliced, laid_out(np.arange(5.0), layout), i, j, k, engines=("interpreter",))


@BOTH
@given(st.integers(-6, 6), st.integers(-6, 6), st.integers(-3, 3))
def test_slices_in_machine_code(i, j, k):
    a = np.arange(5.0)
    check(sliced, a, i, j, k)
    check(tail, a, i)
    check(head, a, j)
    check(every, a, k)


def extreme_step(a):
    return a[:: -(2**63)], a[:: 2**63 - 1], a[-(2**63) : 2**63 - 1]


def test_extreme_slices():
    check(extreme_step, np.arange(5.0))


VIEWS = [
    lambda a: a[1],
    lambda a: a[-1, 1:],
    lambda a: a[:, 1],
    lambda a: a[..., 0],
    lambda a: a[0, ...],
    lambda a: a[:, ::-1],
    lambda a: a[::-1, ::2],
    lambda a: a[1:, None],
    lambda a: a[None],
    lambda a: a[..., None],
    lambda a: a[:, None, 1:],
    lambda a: a[:],
    lambda a: a[...],
    lambda a: a[1:2],
    lambda a: a[5:],
    lambda a: a[1:, 1:].T[0],
    lambda a: a.T[1:],
]


def layout_of(view):
    return "C" if view.flags.c_contiguous else "F" if view.flags.f_contiguous else "A"


@pytest.mark.parametrize("function", VIEWS)
def test_views(function):
    for layout in ("C", "F", "strided", "readonly"):
        a = laid_out(np.arange(12.0).reshape(3, 4), layout)
        check(function, a, engines=("interpreter",))


@pytest.mark.parametrize("function", VIEWS)
def test_views_share_memory_and_writability(function):
    a = np.arange(12.0).reshape(3, 4)
    view, wanted = native(function)(a), function(a)
    assert view.strides == wanted.strides or 0 in wanted.shape
    assert 0 in wanted.shape or np.shares_memory(view, a)
    assert layout_of(view) == layout_of(wanted)


def scalar_array(a):
    return a[()]


def assign_scalar_array(a):
    a[()] = 7
    return a


def test_arrays_without_axes():
    check(scalar_array, np.array(2.5))
    check(assign_scalar_array, np.array(2.5))


# ---- assignment -------------------------------------------------------------------------------


def assign_slice(a, i, j, x):
    a[i:j] = x
    return a


def assign_row(a, x):
    a[1] = x
    return a


def assign_column(a, x):
    a[:, 1] = x
    return a


def assign_all(a, x):
    a[...] = x
    return a


@TYPED
@given(
    st.sampled_from([assign_row, assign_column, assign_all]),
    arrays(("float64", "int16", "bool"), shape=(3, 3), layouts=("C", "F", "strided")),
    st.one_of(
        st.sampled_from([3, 2.5, True]),
        arrays(("float64", "int64"), shape=(3,)),
        arrays(("float32",), shape=(3, 3)),
        arrays(("float64",), shape=(1,)),
        arrays(("float64",), shape=(1, 3)),
        arrays(("float64",), shape=(2,)),
        arrays(("float64",), shape=(1, 1, 3)),
        arrays(("float64",), shape=()),
    ),
)
def test_assignment(function, a, x):
    check(function, a, x, engines=("interpreter",))


@BOTH
@given(
    arrays(("float64",), shape=(3, 3), layouts=("C",)),
    arrays(("float64",), shape=(3,), layouts=("C",)),
)
def test_assignment_in_machine_code(a, x):
    check(assign_row, a, x)
    check(assign_column, a, x)
    check(assign_row, a, 2.5)


def shift_up(a):
    a[1:] = a[:-1]
    return a


def turn(a):
    a[:] = a[::-1]
    return a


def transpose_in_place(a):
    a[:] = a.T
    return a


def test_source_and_destination_may_share_memory():
    for function in (shift_up, turn):
        check(function, np.arange(700.0))
        check(function, np.arange(20.0)[::2])
    check(transpose_in_place, np.arange(9).reshape(3, 3))


REFUSED = [
    (lambda a: a[0, 0, 0], "too many indices for array: array is 2-dimensional, but 3 were"),
    (lambda a: a[..., ...], "an index can only have a single ellipsis"),
    (lambda a: a[1.5], "ints, slices"),
]


@pytest.mark.parametrize(("function", "words"), REFUSED)
def test_refusals(function, words):
    with pytest.raises(CompileError, match=words):
        native(function)(np.ones((2, 2)))


def test_a_readonly_array_refuses_assignment():
    a = laid_out(np.ones(3), "readonly")
    with pytest.raises(CompileError, match="assignment destination is read-only"):
        native(set_item)(a, 0, 1.0)


# ---- iteration and attributes -----------------------------------------------------------------


def total(a):
    result = 0.0
    for x in a:
        result += x
    return result


def rows(a):
    result = 0.0
    for row in a:
        for x in row:
            result += 2 * x
    return result, len(a)


def unpacked(a):
    x, y, z = a
    return z, y, x


@BOTH
@given(st.sampled_from(["C", "F", "strided", "reversed", "repeated"]))
def test_iteration(layout):
    check(total, laid_out(np.arange(5.0), layout))
    check(rows, laid_out(np.arange(12.0).reshape(3, 4), layout))


ATTRIBUTES = [
    lambda a: (a.shape, a.strides, a.ndim, a.size, a.itemsize, a.nbytes),
    lambda a: a.T,
    lambda a: a.real,
    lambda a: a.imag,
    lambda a: a.dtype == np.float64,
]


@pytest.mark.parametrize("function", ATTRIBUTES[:4])
def test_attributes(function):
    for dtype in ("float64", "complex64", "int8"):
        for layout in ("C", "F", "strided"):
            a = laid_out(np.arange(6).reshape(2, 3).astype(dtype), layout)
            check(function, a, engines=("interpreter",))
    check(function, a)


def membership(a, x):
    return x in a


def test_contains():
    check(membership, np.arange(5.0), 3)
    check(membership, np.arange(5.0), 7.5)
