"""Arguments and results whose types library functions unbox, box and write back.

The type of these tests is a record that holds a compiled list; Python's side of it is a list of
floats.
"""

import gc
import sys

import numpy as np
import pytest

from pellucid import njit
from pellucid.compilation import overload_table
from pellucid.inference.overloads import Overload, refuse
from pellucid.ir.protocol import box
from pellucid.library.builtins.heap import new
from pellucid.library.builtins.structs import field, struct
from pellucid.library.objects.checks import is_exact
from pellucid.library.objects.containers import (
    list_new,
    list_set_slice,
    list_size,
)
from pellucid.library.objects.conversion import list_box, list_unbox, zero
from pellucid.types import DType, List, Optional, Struct, Tuple, float64, int64

FLOATS = List(float64)
BAG = Struct("bag", (("items", FLOATS),))


def _unbox(obj, ty):
    if not is_exact(obj, "PyList_Type"):
        return False, zero(BAG)
    items = new(FLOATS)
    for i in range(list_size(obj)):
        ok, value = list_unbox(obj, i, float64)
        if not ok:
            return False, zero(BAG)
        items.append(value)
    return True, struct("bag", "items", items)


def _box(value):
    items = field(value, "items")
    made = list_new(len(items))
    for i in range(len(items)):
        list_box(made, i, items[i])
    return made


def _write_back(obj, value):
    items = field(value, "items")
    if len(items) > 3:
        raise BufferError("too many")
    list_set_slice(obj, 0, list_size(obj), box(value))


def _only_bags(function, position):
    def template(*tys):
        ty = tys[position]
        if (ty.dtype if isinstance(ty, DType) else ty) != BAG:
            refuse("not a bag")
        return function

    return {1: lambda value: template(value), 2: lambda obj, ty: template(obj, ty)}[position + 1]


def _write_back_template(obj, value):
    if value != BAG:
        refuse("not a bag")
    return _write_back


def _items(bag):
    return field(bag, "items")


def bag_items(bag):
    """What the tests' functions call: the compiled list of a bag."""


for name, template in (
    ("pellucid.runtime.unbox", _only_bags(_unbox, 1)),
    ("pellucid.runtime.box", _only_bags(_box, 0)),
    ("pellucid.runtime.write_back", _write_back_template),
    (f"{__name__}.bag_items", lambda bag: bag and _items),
):
    overload_table().add(Overload(name, template))


def compiled(*arg_tys, **options):
    return njit(arg_tys, cache=False, **options)


def check_balance(function, *args):
    """Many calls, whatever they raise, leave the reference counts as they were."""

    def call():
        try:
            function(*args)
        except (ArithmeticError, BufferError, LookupError, TypeError):
            return

    call()
    gc.collect()
    before = [sys.getrefcount(arg) for arg in args]
    for _ in range(50):
        call()
    gc.collect()
    assert [sys.getrefcount(arg) for arg in args] == before


@pytest.mark.parametrize("nogil", [False, True])
def test_an_argument_is_converted_and_written_back(nogil):
    @compiled(BAG, float64, nogil=nogil)
    def add(bag, x):
        items = bag_items(bag)
        items.append(x)
        return len(items)

    given = [1.0, 2.0]
    assert add(given, 3.0) == 3
    assert given == [1.0, 2.0, 3.0]
    check_balance(lambda x: add([x], x), 0.5)


def test_an_object_of_another_type_is_refused_and_left_alone():
    @compiled(BAG, BAG)
    def total(bag, other):
        return len(bag_items(bag)) + len(bag_items(other))

    assert total([1.0], []) == 1
    for wrong in ((1.0,), [1.0, "x"], None):
        good = [1.0]
        with pytest.raises(TypeError):
            total(good, wrong)
        assert good == [1.0]
    check_balance(total, [1.0], [2.0, None])
    check_balance(total, [2.0, None], [1.0])


def test_an_exception_writes_back_as_well():
    @compiled(BAG, int64)
    def divide(bag, n):
        items = bag_items(bag)
        items.append(0.5)
        return len(items) // n

    given = [1.0]
    with pytest.raises(ZeroDivisionError):
        divide(given, 0)
    assert given == [1.0, 0.5]
    check_balance(divide, [1.0], 0)


def test_an_exception_of_writing_back_comes_out():
    @compiled(BAG, int64)
    def grow(bag, n):
        items = bag_items(bag)
        while len(items) < 4:
            items.append(1.0)
        return 1 // n

    with pytest.raises(BufferError, match="too many"):
        grow([], 1)
    with pytest.raises(BufferError) as caught:
        grow([], 0)
    assert isinstance(caught.value.__context__, ZeroDivisionError)
    check_balance(grow, [], 1)
    check_balance(grow, [], 0)


def test_a_result_is_boxed():
    @compiled(BAG)
    def same(bag):
        return bag

    given = [1.0, 2.0]
    result = same(given)
    assert result == given
    assert result is not given
    check_balance(same, given)


def test_tuples_and_optionals_of_such_types():
    @compiled(Tuple((BAG, int64)), Optional(BAG))
    def both(pair, maybe):
        bag, n = pair
        items = bag_items(bag)
        items.append(float(n))
        if maybe is not None:
            bag_items(maybe).append(0.25)
        return bag, (maybe, n)

    first, second = [1.0], []
    assert both((first, 3), second) == ([1.0, 3.0], ([0.25], 3))
    assert (first, second) == ([1.0, 3.0], [0.25])
    assert both((first, 4), None) == ([1.0, 3.0, 4.0], (None, 4))
    for wrong in ((first, 1.5), (first,), [first, 1]):
        with pytest.raises(TypeError):
            both(wrong, None)
    check_balance(lambda a, b: both((a[:1], 1), b[:1]), first, second)
    check_balance(lambda a, b: both((a[:1], 1.5), b[:1]), first, second)


def test_variadic_arguments():
    @njit((Tuple((BAG, int64, BAG)),), cache=False)
    def count(*args):
        bag_items(args[0]).append(1.0)
        return len(bag_items(args[0])) + args[1] + len(bag_items(args[2]))

    given = []
    assert count(given, 10, [2.0]) == 12
    assert given == [1.0]


def test_a_type_without_conversion_is_refused():
    record = Struct("record", (("x", int64),))

    @njit(cache=False)
    def length(x):
        return 1

    with pytest.raises(Exception, match="cannot be passed from Python"):
        length.compile((record,))


def test_items_share_the_memory_of_arrays():
    array = np.arange(3.0)
    pair = Tuple((float64[::1], BAG))

    @compiled(pair)
    def first(pair):
        values, bag = pair
        values[0] = len(bag_items(bag))
        return values, bag

    same, items = first((array, [1.0, 2.0]))
    assert same is array
    assert items == [1.0, 2.0]
    assert array.tolist() == [2.0, 1.0, 2.0]
    check_balance(lambda a: first((a, [])), array)
