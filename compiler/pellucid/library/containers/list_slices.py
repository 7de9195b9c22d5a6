"""`a[i:j:k]` of lists: read, assigned, deleted."""

from __future__ import annotations

import operator

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.heap import advance, get, move_items, new, put, resize_items, take
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.structs import format_error
from pellucid.library.containers.lists import (
    copy_items,
    list_,
    list_type,
    remove_at,
    replace,
    reserve,
    takes_item,
    type_of,
)
from pellucid.types import List, Slice, Type

WRONG_SIZE = "attempt to assign sequence of size {} to extended slice of size {}"


def _slice(ty: Type) -> Slice:
    if not isinstance(ty, Slice):
        refuse(f"{ty.base} is not a slice")
    return ty


@overload(operator.getitem)
def getitem_slice(a, b):
    """`a[i:j:k]`: a new list."""
    list_type(a)
    _slice(b)
    return _getitem


def _getitem(a, b):
    start, stop, step = b.indices(get(a, "length"))
    if step == 1:
        return copy_items(a, start, max(start, stop))
    made = new(type_of(a))
    count = len(range(start, stop, step))
    if count > 0:
        room = resize_items(get(made, "items"), count)
        put(made, "items", room)
        put(made, "capacity", count)
        source = get(a, "items")
        for i in range(count):
            store(room, i, load(source, start + i * step))
            put(made, "length", i + 1)
    return made


@overload(operator.setitem)
def setitem_slice(a, b, c):
    """`a[i:j:k] = iterable`: other items in place of those, of a step of 1 more or fewer."""
    list_type(a)
    _slice(b)
    if isinstance(c, List):
        takes_item(a, c.elem_ty)
        return _setitem
    list_.template(c)
    return _setitem_of


def _setitem_of(a, b, c):
    _setitem(a, b, list(c))


def _setitem(a, b, c):
    start, stop, step = b.indices(get(a, "length"))
    given = get(c, "length")
    source = copy_items(c, 0, given)  # it may be the list itself
    if step == 1:
        _replace_range(a, start, max(start, stop), source)
        return
    count = len(range(start, stop, step))
    if given != count:
        raise format_error(ValueError, WRONG_SIZE, given, count)
    for i in range(count):
        replace(get(a, "items"), start + i * step, load(get(source, "items"), i))


def _replace_range(a, start, stop, source):
    given, length = get(source, "length"), get(a, "length")
    removed = copy_items(a, start, stop)  # released when the list is whole again
    for i in range(start, stop):
        take(get(a, "items"), i)
    after = length - stop
    reserve(a, length - (stop - start) + given)
    items = get(a, "items")
    move_items(advance(items, start + given), advance(items, stop), after)
    for i in range(given):
        store(items, start + i, load(get(source, "items"), i))
    put(a, "length", start + given + after)
    return removed


@overload(operator.delitem)
def delitem_slice(a, b):
    """`del a[i:j:k]`."""
    list_type(a)
    _slice(b)
    return _delitem


def _delitem(a, b):
    start, stop, step = b.indices(get(a, "length"))
    if step == 1:
        _replace_range(a, start, max(start, stop), new(type_of(a)))
        return
    count = len(range(start, stop, step))
    first = start if step > 0 else start + (count - 1) * step
    for i in range(count):
        remove_at(a, first + i * (abs(step) - 1))
