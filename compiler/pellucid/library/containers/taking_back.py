"""What Python code made of a list, dict or set that it was given: `ir.protocol.read_back`.

The container takes over the items of a fresh one that is read from the object. Items that change
in place and that it held before stay the values that they are, and are read back in turn, so that
other names for them see the change as well.
"""

from __future__ import annotations

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import build_dict, read_back, unbox
from pellucid.library.builtins.heap import get, new, put, resize_items
from pellucid.library.builtins.memory import load
from pellucid.library.containers.deques import deque_type, push_last
from pellucid.library.containers.dicts import dict_type, set_item
from pellucid.library.containers.entries import get_part
from pellucid.library.containers.list_objects import (
    elem_type,
    is_mutable,
    type_marker,
    unbox_mutable,
)
from pellucid.library.containers.lists import list_type
from pellucid.library.containers.sets import set_type
from pellucid.library.containers.table_objects import (
    in_order,
    is_of_kind,
    key_of,
    unbox_number,
    value_of,
)
from pellucid.library.containers.tables import begin_at, next_entry
from pellucid.library.objects.calls import require_objects
from pellucid.library.objects.checks import identity, is_exact, is_null_object
from pellucid.library.objects.classes import builtin_class, call_with
from pellucid.library.objects.containers import dict_next, list_size
from pellucid.library.objects.conversion import zero
from pellucid.types import Dict, HeapType, Set

OTHER = "Python code put an item of another type into a container that holds one type"


@overload(read_back)
def read_back_list(obj, value):
    """The items of a list."""
    require_objects(obj)
    list_type(value)
    return _read_list


def _read_list(obj, value):
    if not is_exact(obj, "PyList_Type"):
        return  # a proxy: the items are shared
    if is_mutable(elem_type(type_marker(value))):
        ok, fresh = read_mutable(obj, value)
    else:
        ok, fresh = unbox(obj, type_marker(value))
    if not ok:
        raise TypeError(OTHER)
    exchange(value, fresh, "items")
    exchange(value, fresh, "length")
    exchange(value, fresh, "capacity")


def read_mutable(obj, value):
    """(ok, a fresh list with the items of an object), those of before being what they were."""
    known = build_dict()
    for i in range(get(value, "length")):
        remember(known, load(get(value, "items"), i))
    fresh = new(type_marker(value))
    count = list_size(obj)
    put(fresh, "items", resize_items(get(fresh, "items"), count))
    put(fresh, "capacity", count)
    return unbox_mutable(obj, fresh, elem_type(type_marker(value)), zero(type_marker(value)), known)


def remember(known, item):
    """Read an item back, once, and keep it under the identity of its object."""
    origin = get(item, "origin")
    if not is_null_object(origin):
        name = identity(origin)
        if name not in known:
            known[name] = item
            read_back(origin, item)


def exchange(one, other, name):
    """Let two objects have each other's field."""
    held = get(one, name)
    put(one, name, get(other, name))
    put(other, name, held)


@overload(read_back)
def read_back_table(obj, value):
    """The items of a dict, or the elements of a set."""
    require_objects(obj)
    if isinstance(value, Set):
        return _nothing if set_type(value).is_frozen else _read_set
    if not isinstance(value, Dict):
        refuse(f"{value.base} is no dict or set")
    return _read_mutable_dict if isinstance(dict_type(value).value_ty, HeapType) else _read_dict


def _nothing(obj, value):
    pass


def _read_set(obj, value):
    if is_exact(obj, "PySet_Type"):
        ok, fresh = unbox(obj, type_marker(value))
        if not ok:
            raise TypeError(OTHER)
        exchange_tables(value, fresh)


def _read_dict(obj, value):
    if is_of_kind(obj, type_marker(value)):
        ok, fresh = unbox(obj, type_marker(value))
        if not ok:
            raise TypeError(OTHER)
        exchange_tables(value, fresh)


def _read_mutable_dict(obj, value):
    ty = type_marker(value)
    if not is_of_kind(obj, ty):
        return
    known = build_dict()
    entries = get(value, "entries")
    number = next_entry(value, 0)
    for _ in range(get(value, "used")):
        remember(known, get_part(entries, number, 2))
        number = next_entry(value, number + 1)
    fresh = new(type_marker(value))
    source = in_order(obj, ty)
    more, position, key_obj, value_obj = dict_next(source, 0)
    while more:
        ok, key = unbox_number(key_obj, key_of(ty))
        if not ok:
            raise TypeError(OTHER)
        name = identity(value_obj)
        if name not in known:
            ok, item = unbox(value_obj, value_of(ty))
            if not ok:
                raise TypeError(OTHER)
            known[name] = item
        set_item(fresh, key, known[name])
        more, position, key_obj, value_obj = dict_next(source, position)
    exchange_tables(value, fresh)


def exchange_tables(one, other):
    """Let two dicts or sets have each other's items."""
    exchange(one, other, "entries")
    exchange(one, other, "slots")
    exchange(one, other, "mask")
    exchange(one, other, "filled")
    exchange(one, other, "used")
    exchange(one, other, "capacity")
    begin_at(one, 0)


@overload(read_back)
def read_back_deque(obj, value):
    """The items of a deque."""
    require_objects(obj)
    deque_type(value)
    return _read_deque


def _read_deque(obj, value):
    items = list(value)
    read_back(call_with(builtin_class("PyList_Type"), obj), items)
    value.clear()
    for item in items:
        push_last(value, item)
    put(value, "is_new", False)
