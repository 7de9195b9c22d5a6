"""Python's deques as arguments and results, by way of lists with their items."""

from __future__ import annotations

from pellucid.inference.overloads import overload
from pellucid.ir.protocol import box, unbox, write_back
from pellucid.library.builtins.heap import get, new, put
from pellucid.library.containers.deques import deque_type, push_last
from pellucid.library.containers.list_objects import type_marker
from pellucid.library.objects.calls import require_objects
from pellucid.library.objects.checks import is_null_object
from pellucid.library.objects.classes import (
    builtin_class,
    call_object,
    call_with,
    class_object,
    has_class,
    object_attribute,
)
from pellucid.library.objects.conversion import marked, zero
from pellucid.types import List, Optional, Type, int64
from pellucid.types.kinds import static

LIMIT = Optional(int64)


@static
def list_of(ty: Type) -> Type:
    """The type of a list with the items of a deque, whose type is given as a dtype."""
    return List(deque_type(marked(ty)).elem_ty)


@overload(unbox)
def unbox_deque(obj, ty):
    """A deque whose items all have the element type."""
    require_objects(obj)
    deque_type(marked(ty))
    return _unbox


def _unbox(obj, ty):
    if not has_class(obj, ty):
        return False, zero(ty)
    ok, items = unbox(call_with(builtin_class("PyList_Type"), obj), list_of(ty))
    if not ok:
        return False, zero(ty)
    ok, limit = unbox(object_attribute(obj, "maxlen"), LIMIT)
    made = new(ty)
    if limit is not None:
        put(made, "limit", limit + 1)
    for item in items:
        push_last(made, item)
    put(made, "origin", obj)
    put(made, "is_new", False)
    return True, made


@overload(box)
def box_deque(value):
    """The Python deque that a deque came from, brought up to date; else a new one."""
    deque_type(value)
    return _box


def _box(value):
    origin = get(value, "origin")
    if not is_null_object(origin):
        write_back(origin, value)
        return origin
    made = call_object(class_object(type_marker(value)), box((list(value), value.maxlen)))
    put(value, "origin", made)
    put(value, "is_new", False)
    return made


@overload(write_back)
def write_back_deque(obj, value):
    """The items that have changed, and all of them if any came or went."""
    require_objects(obj)
    deque_type(value)
    return _write_back


def _write_back(obj, value):
    if has_class(obj, type_marker(value)):
        items = call_with(builtin_class("PyList_Type"), obj)
        write_back(items, list(value))
        if get(value, "is_new"):
            call_object(object_attribute(obj, "clear"), box(()))
            call_with(object_attribute(obj, "extend"), items)
