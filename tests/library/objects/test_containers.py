"""Library code reads and fills Python's containers through the C API, and leaks nothing."""

import gc
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit, types
from pellucid.compilation import overload_table
from pellucid.inference.overloads import Overload
from pellucid.library.objects.checks import is_exact, is_none_object, is_same
from pellucid.library.objects.containers import (
    dict_get,
    dict_new,
    dict_next,
    dict_set,
    dict_size,
    frozenset_of,
    iterator_next,
    iterator_of,
    list_append,
    list_get,
    list_new,
    list_put,
    list_set_slice,
    list_size,
    set_add,
    set_new,
    set_size,
    tuple_get,
    tuple_new,
    tuple_put,
    tuple_size,
)
from pellucid.library.objects.conversion import box, list_box, list_unbox, tuple_unbox, unbox

pyobject, int64, float64 = types.pyobject, types.int64, types.float64
SETTINGS = settings(max_examples=30, deadline=None)


def as_library(function, count=1, *, nogil=False):
    """Compile a function of objects as library code is; it gives an object."""

    def callee():
        """What the compiled function calls."""

    callee.__qualname__ = function.__qualname__ + str(nogil)
    key = f"{callee.__module__}.{callee.__qualname__}"
    template = (lambda a: a and function, lambda a, b: a and b and function)[count - 1]
    overload_table().add(Overload(key, template))
    outer = (lambda a: callee(a), lambda a, b: callee(a, b))[count - 1]
    return njit(pyobject(*[pyobject] * count), nogil=nogil, cache=False)(outer)


def check_references(function, *args):
    """Many calls leave the reference counts of the arguments as they were."""
    function(*args)
    gc.collect()
    before = [sys.getrefcount(arg) for arg in args]
    for _ in range(50):
        function(*args)
    gc.collect()
    assert [sys.getrefcount(arg) for arg in args] == before


def _reversed_list(items):
    count = list_size(items)
    result = list_new(count)
    for i in range(count):
        list_put(result, count - 1 - i, list_get(items, i))
    list_append(result, items)
    return result


@pytest.mark.parametrize("nogil", [False, True])
def test_lists_are_read_and_filled(nogil):
    compiled = as_library(_reversed_list, nogil=nogil)
    items = [object(), "text", 10**30, None]
    assert compiled(items) == [*reversed(items), items]
    check_references(compiled, items)
    check_references(lambda item: compiled([item] * 3), items[0])


def _swapped_slice(items, other):
    list_set_slice(items, 1, 3, other)
    return items


def test_a_slice_of_a_list_is_assigned():
    compiled = as_library(_swapped_slice, 2)
    items = [1, 2, 3, 4]
    assert compiled(items, ("a", "b", "c")) is items
    assert items == [1, "a", "b", "c", 4]


def _reversed_tuple(items):
    count = tuple_size(items)
    result = tuple_new(count)
    for i in range(count):
        tuple_put(result, count - 1 - i, tuple_get(items, i))
    return result


def test_tuples_are_read_and_filled():
    compiled = as_library(_reversed_tuple)
    items = (object(), 1.5, "x")
    assert compiled(items) == items[::-1]
    check_references(compiled, items)
    check_references(lambda item: compiled((item,)), items[0])


def _inverted(mapping):
    result = dict_new()
    more, at, key, value = dict_next(mapping, 0)
    while more:
        known, old = dict_get(result, value)
        if known:
            list_append(old, key)
        else:
            keys = list_new(1)
            list_put(keys, 0, key)
            dict_set(result, value, keys)
        more, at, key, value = dict_next(mapping, at)
    dict_set(result, box(None), box(dict_size(mapping)))
    return result


@SETTINGS
@given(st.dictionaries(st.integers(), st.integers(0, 3)))
def test_dicts_are_read_and_filled(mapping):
    expected = {}
    for key, value in mapping.items():
        expected.setdefault(value, []).append(key)
    expected[None] = len(mapping)
    assert INVERTED(mapping) == expected
    assert list(INVERTED(mapping)) == list(expected)


INVERTED = as_library(_inverted)


def test_dicts_leak_nothing():
    key, value = object(), object()
    check_references(lambda k, v: INVERTED({k: v, v: v}), key, value)


def test_an_error_of_a_key_comes_through():
    with pytest.raises(TypeError, match="unhashable"):
        INVERTED({1: []})


def _unique(items):
    result, other = set_new(), set_new()
    iterator = iterator_of(items)
    more, item = iterator_next(iterator)
    while more:
        set_add(result, item)
        set_add(other, item)
        more, item = iterator_next(iterator)
    pair = tuple_new(3)
    tuple_put(pair, 0, result)
    tuple_put(pair, 1, frozenset_of(other))
    tuple_put(pair, 2, box(set_size(result)))
    return pair


@pytest.mark.parametrize("nogil", [False, True])
def test_sets_and_iterators(nogil):
    compiled = as_library(_unique, nogil=nogil)
    items = [3, 1, 3, "a", None]
    assert compiled(items) == (set(items), frozenset(items), len(set(items)))
    assert compiled(x for x in items)[0] == set(items)
    check_references(lambda item: compiled([item, item]), object())
    with pytest.raises(ZeroDivisionError):
        compiled(1 // x for x in (1, 0))
    with pytest.raises(TypeError, match="not iterable"):
        compiled(3)
    with pytest.raises(TypeError, match="unhashable"):
        compiled([1, []])


def _kinds(obj, other):
    result = list_new(0)
    list_append(result, box(is_exact(obj, "PyLong_Type")))
    list_append(result, box(is_exact(obj, "PyUnicode_Type")))
    list_append(result, box(is_none_object(obj)))
    list_append(result, box(is_same(obj, other)))
    return result


@pytest.mark.parametrize("value", [1, True, "s", None, 2.5, []])
def test_questions_about_objects(value):
    expected = [type(value) is int, type(value) is str, value is None, True]
    assert KINDS(value, value) == expected


KINDS = as_library(_kinds, 2)


def _sum_of_items(items):
    total = 0
    for i in range(list_size(items)):
        ok, value = list_unbox(items, i, int64)
        if not ok:
            raise TypeError("not an int")
        total += value
    result = list_new(2)
    list_box(result, 0, total)
    list_box(result, 1, (total, 0.5, None))
    list_box(result, 1, (total, 1.5, None))
    return result


@SETTINGS
@given(st.lists(st.integers(-(2**40), 2**40)))
def test_items_are_unboxed_and_boxed_in_place(items):
    assert SUMS(items) == [sum(items), (sum(items), 1.5, None)]


SUMS = as_library(_sum_of_items)


@pytest.mark.parametrize("wrong", [1.5, 2**70, "1", None])
def test_an_item_of_another_type_is_told(wrong):
    with pytest.raises(TypeError, match="not an int"):
        SUMS([1, wrong])


PAIR = types.Tuple((float64[::1], int64))


def _array_of(items):
    ok, pair = tuple_unbox(items, 0, PAIR)
    if not ok:
        raise TypeError("not an array and an int")
    array, index = pair
    array[index] += 1
    again, total = unbox(box(array.sum()), float64)
    result = list_new(0)
    list_append(result, box(array))
    list_append(result, box(again))
    list_append(result, box(total))
    list_append(result, box(array[1:]))
    return result


@pytest.mark.parametrize("nogil", [False, True])
def test_an_array_in_a_container_is_shared(nogil):
    compiled = as_library(_array_of, nogil=nogil)
    array = np.zeros(3)
    same, again, total, tail = compiled(((array, 1),))
    assert same is array
    assert array.tolist() == [0, 1, 0]
    assert (again, total) == (True, 1.0)
    assert tail.base is array
    check_references(lambda a: compiled(((a, 0),)), array)
    with pytest.raises(TypeError, match="not an array"):
        compiled(((array, 1.5),))

    def miss(a):
        with pytest.raises(TypeError):
            compiled(((a, 1.5),))

    check_references(miss, array)
