"""Arrays through the entry: the right answer or a clear refusal, for arrays of every kind."""

import gc
import sys
import weakref

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.runtime import support
from pellucid.types.typeof import typeof

DTYPES = [*"?bBhHiIlLqQfdFD"]


@njit
def same(a):
    return a


@njit
def rows(a):
    return a[::2]


@njit
def describe(a):
    return a.shape, a.strides, a.ndim, a.size


@njit
def from_flat(a):
    return a.shape, a.ndim


@st.composite
def odd_arrays(draw):
    """Arrays with odd shapes, strides, orders and flags; some cannot be passed."""
    shape = tuple(draw(st.lists(st.integers(0, 4), max_size=3)))
    dtype = np.dtype(draw(st.sampled_from([*DTYPES, "e", "g", "O", "M8[s]", "i4,f4", "S3"])))
    array = np.zeros(shape, dtype, order=draw(st.sampled_from("CF")))
    if draw(st.booleans()) and dtype.kind not in "OMVS":
        array = array.astype(dtype.newbyteorder(draw(st.sampled_from("<>="))))
    for axis in range(array.ndim):
        step = draw(st.sampled_from([1, 1, 2, -1, -2]))
        index = [slice(None)] * array.ndim
        index[axis] = slice(None, None, step)
        array = array[tuple(index)]
    if array.ndim > 1 and draw(st.booleans()):
        array = array.T
    if draw(st.integers(0, 4)) == 0 and dtype.kind not in "O":
        room = np.zeros(array.nbytes + 1, "u1")[1:].view(array.dtype).reshape(array.shape)
        array = room
    if draw(st.integers(0, 3)) == 0:
        array.flags.writeable = False
    if draw(st.integers(0, 4)) == 0:
        array = array.view(np.memmap if draw(st.booleans()) else Sub)
    return array


class Sub(np.ndarray):
    pass


@given(odd_arrays())
@settings(max_examples=150, deadline=None)
def test_any_array_comes_back_or_is_refused(array):
    try:
        ty = typeof(array)
    except (TypeError, OverflowError) as error:
        with pytest.raises(type(error), match="argument 'a'"):
            same(array)
        return
    for _ in range(2):
        assert same(array) is array
        shape, strides, ndim, size = describe(array)
        assert (shape, strides, ndim, size) == (array.shape, array.strides, array.ndim, array.size)
    assert (ty,) in same.signatures


@given(odd_arrays().filter(lambda a: a.ndim > 0))
@settings(max_examples=100, deadline=None)
def test_views_are_numpys_views(array):
    try:
        typeof(array)
    except (TypeError, OverflowError):
        return
    for _ in range(2):
        view, expected = rows(array), np.asarray(array)[::2]
        assert view.shape == expected.shape
        assert view.dtype == expected.dtype
        assert view.strides == expected.strides or view.size <= 1
        assert view.flags.writeable == expected.flags.writeable
        assert view.tobytes() == expected.tobytes()
        assert np.shares_memory(view, array) or not view.size
        if array.size:
            assert view.base is not None


@pytest.mark.parametrize("code", DTYPES)
def test_every_dtype_is_written_in_place(code):
    @njit
    def fill(a, value):
        for i in range(a.shape[0]):
            a[i] = value

    array = np.zeros(5, code)
    fill(array, np.dtype(code).type(3))
    assert (array == np.dtype(code).type(3)).all()


def test_a_view_keeps_its_array_alive():
    array = np.arange(10.0)
    alive = weakref.ref(array)
    view = rows(array)
    del array
    gc.collect()
    assert alive() is not None
    assert view.tolist() == [0, 2, 4, 6, 8]
    del view
    gc.collect()
    assert alive() is None


def test_a_view_of_a_view_has_the_first_array_as_its_base():
    array = np.arange(10.0)
    assert rows(array[1:]).base is array


def test_new_arrays_own_a_block_until_they_go():
    @njit
    def make(n):
        return np.zeros(n)

    before = make(3) is not None and support.live_blocks()
    arrays = [make(n) for n in (0, 1, 5, 10**6)]
    assert support.live_blocks() == before + 4
    assert [a.shape for a in arrays] == [(0,), (1,), (5,), (10**6,)]
    assert all(a.flags.owndata is False and a.flags.writeable and a.flags.aligned for a in arrays)
    assert all(a.ctypes.data % 64 == 0 for a in arrays)
    view = arrays[3][5:]
    del arrays
    gc.collect()
    assert support.live_blocks() == before + 1
    assert not view.any()
    del view
    assert support.live_blocks() == before


def test_a_tuple_of_new_arrays_and_arguments():
    @njit
    def several(a):
        b = a + 1
        return b, a, b, a[1:]

    array = np.arange(4)
    for _ in range(2):
        first, second, third, fourth = several(array)
        assert first.tolist() == third.tolist() == [1, 2, 3, 4]
        assert second is array
        assert fourth.tolist() == [1, 2, 3]
        first[0] = 9
        assert third[0] == 9


def test_the_same_array_twice():
    @njit
    def swap(a, b):
        return b, a

    array = np.arange(3)
    for _ in range(2):
        first, second = swap(array, array)
        assert first is array
        assert second is array


def test_arguments_are_not_kept():
    array = np.arange(10.0)
    count = sys.getrefcount(array)
    for _ in range(10):
        rows(array)
        same(array)
        describe(array)
    assert sys.getrefcount(array) == count


def test_huge_strides():
    base = np.zeros(3, "i8")
    huge = np.lib.stride_tricks.as_strided(base, (1, 3), (2**62, 8))
    for _ in range(2):
        assert describe(huge) == ((1, 3), huge.strides, 2, 3)
        assert same(huge) is huge
    zero = np.broadcast_to(np.arange(3), (10**12, 3))
    for _ in range(2):
        assert describe(zero)[0] == (10**12, 3)
        assert same(zero) is zero


def test_rank_32():
    array = np.zeros((1,) * 32)
    for _ in range(2):
        assert same(array) is array
        assert from_flat(array) == ((1,) * 32, 32)


def test_a_readonly_array_cannot_be_written():
    @njit
    def put(a):
        a[0] = 1

    array = np.zeros(3)
    put(array)
    array.flags.writeable = False
    with pytest.raises(Exception, match=r"read-?only"):
        put(array)
    assert array.tolist() == [1, 0, 0]


def test_flags_that_change_between_calls_are_seen():
    array = np.zeros((3, 3))
    same(array)
    array.flags.writeable = False
    assert same(array) is array
    assert [str(s[0]) for s in same.signatures if str(s[0]).startswith("readonly")]
    array.flags.writeable = True
    assert same(array) is array


def test_masked_arrays_are_refused_with_the_arguments_name():
    with pytest.raises(TypeError, match="same\\(\\) argument 'a': a masked array"):
        same(np.ma.array([1]))


@given(hnp.arrays(st.sampled_from(["f8", "i8", "c16"]), hnp.array_shapes(max_dims=1)))
@settings(max_examples=40, deadline=None)
def test_items_are_those_of_numpy(array):
    result = total(array)
    expected = array.dtype.type(0)
    with np.errstate(all="ignore"):
        for item in array.ravel():
            expected = expected + item
    np.testing.assert_equal(result, expected.item())


@njit
def total(a):
    result = np.zeros(1, a.dtype)[0]
    for item in a:
        result += item
    return result
