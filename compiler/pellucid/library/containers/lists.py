"""Lists: made, grown, indexed, iterated over.

A list's `items` have room for `capacity` of them, of which `length` hold one. As in CPython, a loop
over a list sees what is appended meanwhile.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache
from typing import Any

from pellucid.inference.overloads import bind, overload, overload_method, refuse, uninterrupted
from pellucid.ir.protocol import (
    build_list,
    empty,
    iter_next,
    iter_start,
    iter_valid,
    iter_value,
    list_append,
)
from pellucid.library.builtins.heap import (
    drop,
    finalize,
    free_items,
    get,
    new,
    put,
    resize_items,
    take,
)
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.types import List, Type
from pellucid.types.convert import can_convert
from pellucid.types.kinds import static
from pellucid.types.unify import unify

INDEX_RANGE = error_text(operator.getitem, [1, 2], 5)
ASSIGN_RANGE = error_text(operator.setitem, [1, 2], 5, 0)


def list_type(ty: Type) -> List:
    """`ty`, which must be a list type; refuses others."""
    if not isinstance(ty, List):
        refuse(f"{ty.base} is not a list")
    return ty


def takes_item(ty: List, item: Type) -> None:
    """Refuse a list that cannot hold an `item`; one that is not known yet is a list of such."""
    bind(ty.elem_ty, item)
    if unify(ty.elem_ty, item.base) != ty.elem_ty or not can_convert(item, ty.elem_ty):
        refuse(f"a {item.base} is no element of {ty}: compiled lists hold one type")


# ---- making ---------------------------------------------------------------------------------


@overload(empty)
def empty_list(dtype):
    """An empty list of a type."""
    list_type(dtype.dtype)
    return new


@overload(build_list)
def build(*items):
    """`[a, b, c]`: the elements' types must join."""
    if not items:
        refuse("what the list holds is not known")
    elem_ty: Type | None = items[0].base
    for item in items[1:]:
        bind(elem_ty, item)
        bind(item.base, elem_ty)
        elem_ty = unify(elem_ty, item.base)
        if elem_ty is None:
            held = ", ".join(dict.fromkeys(str(ty.base) for ty in items))
            refuse(f"the elements of a compiled list have one type, not {held}")
    return _build_of(List(elem_ty), len(items))


@cache
def _build_of(ty: List, count: int) -> Callable[..., Any]:
    def build_items(*items):
        made = new(ty)
        put(made, "items", resize_items(get(made, "items"), count))
        put(made, "capacity", count)
        for item in items:
            add_last(made, item)
        return made

    return build_items


@uninterrupted
def _finalize_list(obj):
    items, length = get(obj, "items"), get(obj, "length")
    if is_managed(items):
        for i in range(length):
            drop(items, i)
    free_items(items)


@overload(finalize)
def finalize_list(obj):
    """Release the elements."""
    list_type(obj)
    return _finalize_list


@static
def is_managed(items: Type) -> bool:
    """Whether items at a pointer hold references."""
    return items.elem_ty.is_managed


# ---- growing --------------------------------------------------------------------------------


@overload_method(List, "append")
def append(self, item):
    """Add an item at the end."""
    takes_item(self, item)
    return add_last


@overload(list_append)
def comprehension_append(items, item):
    """Add an item at the end."""
    takes_item(list_type(items), item)
    return _append


def _append(items, item):
    add_last(items, item)


def add_last(self, item):
    """Add an item at the end."""
    length = get(self, "length")
    if length == get(self, "capacity"):
        reserve(self, length + 1)
    store(get(self, "items"), length, item)
    put(self, "length", length + 1)


def reserve(self, count):
    """Make room for `count` items and some more, so that appending is cheap on the whole."""
    capacity = count + (count >> 1) + 4
    put(self, "items", resize_items(get(self, "items"), capacity))
    put(self, "capacity", capacity)


@overload_method(List, "pop")
def pop(self, index=-1):
    """Remove and give an item, the last by default."""
    integer(index)
    return _pop_last if getattr(index, "value", None) == -1 else refuse("only the last item")


def _pop_last(self, index=-1):
    length = get(self, "length")
    if length == 0:
        raise IndexError("pop from empty list")
    put(self, "length", length - 1)
    return take(get(self, "items"), length - 1)


# ---- reading and assigning --------------------------------------------------------------------


@overload(len, inline=True)
def length(x):
    """The number of elements."""
    list_type(x)
    return _length


def _length(x):
    return get(x, "length")


@overload(bool, inline=True)
def is_true(x):
    """Whether there are elements."""
    list_type(x)
    return _is_true


def _is_true(x):
    return get(x, "length") != 0


@overload(operator.getitem, inline=True)
def getitem(a, b):
    """`a[b]`."""
    list_type(a)
    integer(b)
    return _getitem


def _getitem(a, b):
    length = get(a, "length")
    index = b + length if b < 0 else b
    if index < 0 or index >= length:
        raise IndexError(INDEX_RANGE)
    return load(get(a, "items"), index)


@overload(operator.setitem, inline=True)
def setitem(a, b, c):
    """`a[b] = c`."""
    takes_item(list_type(a), c)
    integer(b)
    return _setitem


def _setitem(a, b, c):
    length = get(a, "length")
    index = b + length if b < 0 else b
    if index < 0 or index >= length:
        raise IndexError(ASSIGN_RANGE)
    items = get(a, "items")
    old = take(items, index)
    store(items, index, c)
    release_later(old)


def release_later(old):
    """Nothing: an argument lives until the call is over, when its place holds the new item."""


# ---- the loop -------------------------------------------------------------------------------


@overload(iter_start)
def list_start(iterable):
    """The first position."""
    list_type(iterable)
    return _start


def _start(iterable):
    return 0


@overload(iter_valid, inline=True)
def list_valid(iterable, state):
    """Whether there is an element at a position."""
    list_type(iterable)
    return _valid


def _valid(iterable, state):
    return state < get(iterable, "length")


@overload(iter_value, inline=True)
def list_value(iterable, state):
    """The element at a position."""
    list_type(iterable)
    return _value


def _value(iterable, state):
    return load(get(iterable, "items"), state)


@overload(iter_next, inline=True)
def list_next(iterable, state):
    """The next position."""
    list_type(iterable)
    return _next


def _next(iterable, state):
    return state + 1
