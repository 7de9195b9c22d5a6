"""`+ * == < in` and the like between lists."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, bind, overload, refuse
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.heap import get, new, put, resize_items
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import field, struct
from pellucid.library.containers.list_methods import clear_items
from pellucid.library.containers.lists import (
    extend,
    list_type,
    reserve,
    type_of,
)
from pellucid.types import List, Struct
from pellucid.types.unify import unify


@overload(operator.add)
def add(a, b):
    """`a + b`: a new list of the items of both."""
    left, right = list_type(a), list_type(b)
    for first, second in ((left, right), (right, left)):
        bind(first.elem_ty, second.elem_ty)
    elem_ty = unify(left.elem_ty, right.elem_ty)
    if elem_ty is None:
        refuse(f"a list of {left.elem_ty} and {right.elem_ty} has no one type")
    ty = List(elem_ty)

    def add_lists(a, b):
        made = new(ty)
        reserve(made, get(a, "length") + get(b, "length"))
        made.extend(a)
        made.extend(b)
        return made

    return add_lists


@overload(operator.iadd)
def iadd(a, b):
    """`a += b`: the items of an iterable are added to the list itself."""
    answer: Any = extend.template(list_type(a), b)

    def add_items(a, b):
        answer(a, b)
        return a

    return add_items


@overload(operator.mul)
def mul(a, b):
    """`a * n`, `n * a`: the items so many times, in a new list."""
    if isinstance(a, List):
        integer(b)
        return repeat
    list_type(b)
    integer(a)
    return _repeat_right


def repeat(a, b):
    """The items of `a` again and again, `b` times."""
    made = new(type_of(a))
    length = get(a, "length")
    count = length * b if b > 0 else 0
    if count > 0:
        room = resize_items(get(made, "items"), count)
        put(made, "items", room)
        put(made, "capacity", count)
        source = get(a, "items")
        if length == 1:
            item = load(source, 0)
            for i in range(count):
                store(room, i, item)
                put(made, "length", i + 1)
        else:
            for i in range(count):
                store(room, i, load(source, i % length))
                put(made, "length", i + 1)
    return made


def _repeat_right(a, b):
    return repeat(b, a)


@overload(operator.imul)
def imul(a, b):
    """`a *= n`, in place."""
    list_type(a)
    integer(b)
    return _repeat_in_place


def _repeat_in_place(a, b):
    if b <= 0:
        clear_items(a)
        return a
    length = get(a, "length")
    reserve(a, length * b)
    items = get(a, "items")
    for i in range(length, length * b):
        store(items, i, load(items, i - length))
        put(a, "length", i + 1)
    return a


@overload(operator.contains)
def contains(a, b):
    """`b in a`."""
    list_type(a)
    return _contains


def _contains(a, b):
    for item in a:  # noqa: SIM110 (a generator would be one function more)
        if item == b:
            return True
    return False


@overload(operator.eq)
def eq(a, b):
    """`a == b`: as many items, equal one by one."""
    list_type(a)
    list_type(b)
    return _equal


def _equal(a, b):
    if get(a, "length") != get(b, "length"):
        return False
    i = 0
    while i < get(a, "length") and i < get(b, "length"):
        if load(get(a, "items"), i) != load(get(b, "items"), i):
            return False
        i += 1
    return get(a, "length") == get(b, "length")


@overload(operator.ne)
def ne(a, b):
    """`a != b`."""
    list_type(a)
    list_type(b)
    return _not_equal


def _not_equal(a, b):
    return not _equal(a, b)


def _ordering(function: Callable[..., Any]) -> Overload:
    def template(a, b):
        list_type(a)
        list_type(b)
        return compare

    def compare(a, b):
        i = 0
        while i < get(a, "length") and i < get(b, "length"):
            left, right = load(get(a, "items"), i), load(get(b, "items"), i)
            if left != right:
                return function(left, right)
            i += 1
        return function(get(a, "length"), get(b, "length"))

    template.__qualname__ = function.__name__
    template.__doc__ = "Compares the first items that differ, or the lengths."
    return overload(function)(template)


lt, le = _ordering(operator.lt), _ordering(operator.le)
gt, ge = _ordering(operator.gt), _ordering(operator.ge)


@overload(reversed)
def reversed_(sequence):
    """The items from the last to the first, each as it is when its turn comes."""
    list_type(sequence)
    return _reversed


def _reversed(sequence):
    return struct(REVERSED, "items", sequence)


REVERSED = "reversed_list"


def _reversed_type(ty):
    if not isinstance(ty, Struct) or ty.name != REVERSED:
        refuse(f"{ty.base} is not made by reversed()")


@overload(iter_start, inline=True)
def reversed_start(iterable):
    """The last position."""
    _reversed_type(iterable)
    return _last


def _last(iterable):
    return len(field(iterable, "items")) - 1


@overload(iter_valid, inline=True)
def reversed_valid(iterable, state):
    """Whether there is an item at a position: the list may have become shorter."""
    _reversed_type(iterable)
    return _is_there


def _is_there(iterable, state):
    return 0 <= state < len(field(iterable, "items"))


@overload(iter_value, inline=True)
def reversed_value(iterable, state):
    """The item at a position."""
    _reversed_type(iterable)
    return _item


def _item(iterable, state):
    return load(get(field(iterable, "items"), "items"), state)


@overload(iter_next, inline=True)
def reversed_next(iterable, state):
    """The position before."""
    _reversed_type(iterable)
    return _before


def _before(iterable, state):
    return state - 1
