"""Python's lists, tuples, dicts and sets: read and filled by library code.

The caller has checked that the object is of the class (`checks.is_exact`), and that an index is in
range. `list_put` and `tuple_put` take the place of what was there.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen import pylayout
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import intrinsic
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.objects.calls import (
    I32,
    I64,
    MAKES,
    NULL,
    POINTER,
    Gives,
    c_function,
    drop,
    emit,
    item_address,
    own,
    require_objects,
)
from pellucid.types import Tuple, boolean, int64, none, pyobject
from pellucid.types.signature import Signature

_FILLS = Effects.RAISES | Effects.WRITES


def _size(name: str, run: Callable[[Any], int], offset: int) -> Primitive:
    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg
        return objects.field(args[0], offset, I64, 8)

    return emit(name, int64(pyobject), body, run)


def _item(name: str, *, is_list: bool) -> Primitive:
    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        address = item_address(objects, *args, is_list=is_list)
        return own(objects, cg.builder.load(address, typ=POINTER, align=8))

    return emit(name, pyobject(pyobject, int64), body, lambda items, i: items[i])


def _put(name: str, *, is_list: bool) -> Primitive:
    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        container, index, item = args
        put_item(objects, container, index, own(objects, item), is_list=is_list)
        return cg.zero(none)

    sig = none(pyobject, int64, pyobject)
    return emit(name, sig, body, _put_in_python, Effects.WRITES | Effects.IO)


def put_item(objects: Objects, container: Any, index: Any, ll_item: Any, *, is_list: bool) -> None:
    """Let a list or tuple hold an item, whose reference it takes over, in place of the old one."""
    address = item_address(objects, container, index, is_list=is_list)
    old = objects.builder.load(address, typ=POINTER, align=8)
    objects.builder.store(ll_item, address, align=8)
    drop(objects, old)


def _put_in_python(items: Any, index: int, item: Any) -> None:
    if isinstance(items, tuple):
        message = "the interpreter cannot fill a tuple"
        raise TypeError(message)
    items[index] = item


# -- lists ------------------------------------------------------------------------------------


@intrinsic
def list_new(count):
    """A list with room for `count` items, which are null until they are put."""
    del count
    return c_function("PyList_New", Gives.OBJECT, [int64], lambda n: [None] * n, MAKES)


@intrinsic
def list_size(obj):
    """`len(obj)` of a list."""
    require_objects(obj)
    return _size("list_size", len, pylayout.SIZE)


@intrinsic
def list_get(obj, index):
    """An item of a list."""
    require_objects(obj)
    del index
    return _item("list_get", is_list=True)


@intrinsic
def list_put(obj, index, item):
    """`obj[index] = item` of a list."""
    require_objects(obj, item)
    del index
    return _put("list_put", is_list=True)


@intrinsic
def list_append(obj, item):
    """`obj.append(item)` of a list."""
    require_objects(obj, item)
    return c_function("PyList_Append", Gives.STATUS, [pyobject, pyobject], list.append, _FILLS)


@intrinsic
def list_set_slice(obj, start, stop, items):
    """`obj[start:stop] = items` of a list."""
    require_objects(obj, items)
    del start, stop

    def run(target: list[Any], low: int, high: int, new: list[Any]) -> None:
        target[low:high] = new

    params = [pyobject, int64, int64, pyobject]
    return c_function("PyList_SetSlice", Gives.STATUS, params, run)


@intrinsic
def list_as_tuple(obj):
    """`tuple(obj)` of a list."""
    require_objects(obj)
    return c_function("PyList_AsTuple", Gives.OBJECT, [pyobject], tuple, MAKES)


# -- tuples -----------------------------------------------------------------------------------


@intrinsic
def tuple_new(count):
    """A tuple of `count` items, which are null until they are put."""
    del count

    def run(n: int) -> Any:
        return _put_in_python((), n, None)

    return c_function("PyTuple_New", Gives.OBJECT, [int64], run, MAKES)


@intrinsic
def tuple_size(obj):
    """`len(obj)` of a tuple."""
    require_objects(obj)
    return _size("tuple_size", len, pylayout.SIZE)


@intrinsic
def tuple_get(obj, index):
    """An item of a tuple."""
    require_objects(obj)
    del index
    return _item("tuple_get", is_list=False)


@intrinsic
def tuple_put(obj, index, item):
    """Fill an item of a new tuple."""
    require_objects(obj, item)
    del index
    return _put("tuple_put", is_list=False)


# -- dicts ------------------------------------------------------------------------------------


@intrinsic
def dict_new():
    """An empty dict."""
    return c_function("PyDict_New", Gives.OBJECT, [], dict, MAKES)


@intrinsic
def dict_size(obj):
    """`len(obj)` of a dict."""
    require_objects(obj)
    return c_function("PyDict_Size", Gives.COUNT, [pyobject], len, Effects.RAISES | Effects.READS)


@intrinsic
def dict_set(obj, key, value):
    """`obj[key] = value` of a dict; calls the key's `__hash__` and `__eq__`."""
    require_objects(obj, key, value)
    return c_function("PyDict_SetItem", Gives.STATUS, [pyobject] * 3, dict.__setitem__)


@intrinsic
def item_set(obj, key, value):
    """`obj[key] = value` of a dict of any class."""
    require_objects(obj, key, value)
    return c_function("PyObject_SetItem", Gives.STATUS, [pyobject] * 3, operator.setitem)


@intrinsic
def dict_clear(obj):
    """`obj.clear()` of a dict."""
    require_objects(obj)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        objects.call("PyDict_Clear", ll.VoidType(), args[0])
        return cg.zero(none)

    return emit("dict_clear", none(pyobject), body, dict.clear, Effects.WRITES | Effects.IO)


@intrinsic
def dict_get(obj, key):
    """(whether the key is there, its value or null) of a dict."""
    require_objects(obj, key)
    ret = Tuple((boolean, pyobject))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            found = own(objects, objects.call("PyDict_GetItemWithError", POINTER, *args))
        return _found(cg, ret, found)

    def run(items: dict[Any, Any], wanted: Any) -> tuple[bool, Any]:
        return wanted in items, items.get(wanted)

    sig = ret(pyobject, pyobject)
    return Primitive("dict_get", sig, lower, run, Effects.RAISES | Effects.READS | Effects.IO)


@intrinsic
def dict_next(obj, position):
    """(whether there is an item, the position after it, key, value) at a position from 0 on.

    The dict must not change its size meanwhile.
    """
    require_objects(obj)
    del position
    ret = Tuple((boolean, int64, pyobject, pyobject))

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        container, start = args
        cells = [objects.stack(1, ll_type) for ll_type in (I64, POINTER, POINTER)]
        cg.builder.store(start, cells[0], align=8)
        for cell in cells[1:]:
            cg.builder.store(NULL, cell, align=8)
        more = objects.call("PyDict_Next", I32, container, *cells)
        after = cg.builder.load(cells[0], typ=I64, align=8)
        pair = [own(objects, cg.builder.load(c, typ=POINTER, align=8)) for c in cells[1:]]
        is_there = cg.builder.icmp_signed("!=", more, ll.Constant(I32, 0))
        return cg.make_tuple(ret, [is_there, after, *pair])

    def run(items: dict[Any, Any], at: int) -> tuple[Any, ...]:
        pairs = list(items.items())
        return (True, at + 1, *pairs[at]) if at < len(pairs) else (False, at, None, None)

    return emit("dict_next", ret(pyobject, int64), body, run)


def _found(cg: Any, ret: Tuple, ll_obj: Any) -> Any:
    """(whether there is an object, it), of one that may be null; and where Python failed, raise."""
    builder = cg.builder
    is_there = builder.icmp_unsigned("!=", ll_obj, NULL)
    failed_at = cg.alloca(ll.IntType(1))
    builder.store(ll.Constant(ll.IntType(1), 0), failed_at)
    with builder.if_then(builder.not_(is_there)), cg.python():
        occurred = Objects(cg.module, builder).call("PyErr_Occurred", POINTER)
        builder.store(builder.icmp_unsigned("!=", occurred, NULL), failed_at)
    cg.leave_by_python_error(builder.load(failed_at, typ=ll.IntType(1)))
    return cg.make_tuple(ret, [is_there, ll_obj])


# -- sets -------------------------------------------------------------------------------------


@intrinsic
def set_new():
    """An empty set."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del args
        return made.lower(cg, [NULL])

    made = c_function("PySet_New", Gives.OBJECT, [pyobject], set, MAKES)
    return Primitive("PySet_New", Signature(pyobject, ()), lower, set, MAKES)


@intrinsic
def frozenset_of(obj):
    """`frozenset(obj)`."""
    require_objects(obj)
    return c_function("PyFrozenSet_New", Gives.OBJECT, [pyobject], frozenset)


@intrinsic
def set_size(obj):
    """`len(obj)` of a set or frozenset."""
    require_objects(obj)
    return c_function("PySet_Size", Gives.COUNT, [pyobject], len, Effects.RAISES | Effects.READS)


@intrinsic
def set_add(obj, item):
    """`obj.add(item)` of a set."""
    require_objects(obj, item)
    return c_function("PySet_Add", Gives.STATUS, [pyobject, pyobject], set.add)


@intrinsic
def set_clear(obj):
    """`obj.clear()` of a set."""
    require_objects(obj)
    return c_function("PySet_Clear", Gives.STATUS, [pyobject], set.clear)


# -- iterators --------------------------------------------------------------------------------


@intrinsic
def iterator_of(obj):
    """`iter(obj)`."""
    require_objects(obj)
    return c_function("PyObject_GetIter", Gives.OBJECT, [pyobject], iter)


@intrinsic
def iterator_next(iterator):
    """(whether there is a next item, it or null) of an iterator."""
    require_objects(iterator)
    ret = Tuple((boolean, pyobject))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            found = Objects(cg.module, cg.builder).call("PyIter_Next", POINTER, *args)
        return _found(cg, ret, found)

    def run(source: Any) -> tuple[bool, Any]:
        for item in source:
            return True, item
        return False, None

    effects = Effects.RAISES | Effects.READS | Effects.WRITES | Effects.IO
    return Primitive("iterator_next", ret(pyobject), lower, run, effects)
