"""The methods and operators of deques that are not in `deques.py`; the errors are CPython's."""

from __future__ import annotations

import collections
import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, overload, overload_method
from pellucid.library.builtins.heap import get, is_same_object, put, take
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.containers.deques import (
    checked_place,
    clear_items,
    deque_type,
    empty_like,
    place_of,
    push_first,
    push_last,
    take_first,
    take_last,
    takes_item,
)
from pellucid.library.containers.list_methods import raise_with_item
from pellucid.types import Deque

NOT_REMOVED = error_text(collections.deque().remove, 1).replace("1 is", "{} is")
FULL = error_text(collections.deque(maxlen=0).insert, 0, 0)
SAYS_ITEM = "{}" in NOT_REMOVED  # from Python 3.13 on
NOT_IN_DEQUE = "{} is not in deque"


def _append(self, item):
    self.append(item)


def _appendleft(self, item):
    self.appendleft(item)


def _extending(
    name: str, push: Callable[..., Any], method: Callable[..., Any], doc: str
) -> Overload:
    def template(self, iterable):
        deque_type(self)
        if isinstance(iterable, Deque):
            takes_item(self, iterable.elem_ty)
            return by_deque
        return impl

    def impl(self, iterable):
        for item in iterable:
            method(self, item)

    def by_deque(self, iterable):
        if is_same_object(self, iterable):
            for item in list(iterable):
                push(self, item)
        else:
            for item in iterable:
                push(self, item)

    template.__qualname__, template.__doc__ = name, doc
    return overload_method(Deque, name)(template)


extend = _extending("extend", push_last, _append, "Add the items of an iterable at the end.")
extendleft = _extending(
    "extendleft", push_first, _appendleft, "Add the items of an iterable at the start."
)


@overload_method(Deque, "clear")
def clear(self):
    """Take out all items."""
    deque_type(self)
    return clear_items


@overload_method(Deque, "copy")
def copy(self):
    """A new deque of the same items."""
    deque_type(self)
    return copy_deque


def copy_deque(self):
    """A new deque of the same items."""
    made = empty_like(self)
    for i in range(get(self, "length")):
        push_last(made, load(get(self, "items"), place_of(self, i)))
    return made


@overload_method(Deque, "rotate")
def rotate(self, n=1):
    """Move `n` items from the end to the start; if `n` is negative, from the start to the end."""
    deque_type(self)
    integer(n)
    return _rotate


def _rotate(self, n=1):
    length = get(self, "length")
    if length > 1:
        steps = n % length
        if steps <= length // 2:
            for _ in range(steps):
                _turn_right(self)
        else:
            for _ in range(length - steps):
                _turn_left(self)


def _turn_right(self):
    item = take_last(self)
    push_first(self, item)


def _turn_left(self):
    item = take_first(self)
    push_last(self, item)


@overload_method(Deque, "reverse")
def reverse(self):
    """Turn the order of the items round."""
    deque_type(self)
    return _reverse


def _reverse(self):
    items, length = get(self, "items"), get(self, "length")
    for i in range(length // 2):
        left, right = place_of(self, i), place_of(self, length - 1 - i)
        first, last = take(items, left), take(items, right)
        store(items, left, last)
        store(items, right, first)
    put(self, "is_new", True)


@overload_method(Deque, "count")
def count(self, item):
    """How many items are equal to `item`."""
    deque_type(self)
    return _count


def _count(self, item):
    found = 0
    for each in self:
        if each == item:
            found += 1
    return found


@overload_method(Deque, "index")
def index(self, item, start=0, stop=9223372036854775807):
    """The position of the first item that is equal to `item`, between `start` and `stop`."""
    deque_type(self)
    integer(start)
    integer(stop)
    return _index


def _index(self, item, start=0, stop=9223372036854775807):
    length = get(self, "length")
    at = max(start + length, 0) if start < 0 else start
    end = stop + length if stop < 0 else stop
    while at < end and at < get(self, "length"):
        if load(get(self, "items"), place_of(self, at)) == item:
            return at
        at += 1
    raise_with_item(NOT_IN_DEQUE, item)
    return -1


@overload_method(Deque, "insert")
def insert(self, index, item):
    """Put an item before the one at `index`, which is clamped."""
    integer(index)
    takes_item(deque_type(self), item)
    return _insert


def _insert(self, index, item):
    length, limit = get(self, "length"), get(self, "limit")
    if limit > 0 and length >= limit - 1:
        raise IndexError(FULL)
    at = max(index + length, 0) if index < 0 else min(index, length)
    push_last(self, item)
    _move(self, length, at)


def _move(self, source, target):
    """Bring the item at one position to another; those between make room."""
    items = get(self, "items")
    item = take(items, place_of(self, source))
    step = 1 if target > source else -1
    for i in range(source, target, step):
        store(items, place_of(self, i), take(items, place_of(self, i + step)))
    store(items, place_of(self, target), item)


@overload_method(Deque, "remove")
def remove(self, item):
    """Take out the first item that is equal to `item`."""
    deque_type(self)
    return _remove


def _remove(self, item):
    at = 0
    while at < get(self, "length"):
        if load(get(self, "items"), place_of(self, at)) == item:
            _take_at(self, at)
            return
        at += 1
    if SAYS_ITEM:
        raise_with_item(NOT_REMOVED, item)
    raise ValueError(NOT_REMOVED)


def _take_at(self, at):
    """Take out the item at a position, and give it."""
    last = get(self, "length") - 1
    if at < last - at:
        _move(self, at, 0)
        return take_first(self)
    _move(self, at, last)
    return take_last(self)


@overload(operator.delitem)
def delitem(a, b):
    """`del d[i]`."""
    deque_type(a)
    integer(b)
    return _delitem


def _delitem(a, b):
    checked_place(a, b)
    _take_at(a, b + get(a, "length") if b < 0 else b)


@overload(operator.contains)
def contains(a, b):
    """`b in a`."""
    deque_type(a)
    return _contains


def _contains(a, b):
    for item in a:  # noqa: SIM110 (a generator would be one function more)
        if item == b:
            return True
    return False


# ---- operators ------------------------------------------------------------------------------


@overload(operator.add)
def add(a, b):
    """`a + b`: a new deque of the items of both, with the maximum length of the first."""
    deque_type(a)
    deque_type(b)
    return _add


def _add(a, b):
    made = a.copy()
    made.extend(b)
    return made


@overload(operator.iadd)
def iadd(a, b):
    """`a += b`: the items of an iterable are added to the deque itself."""
    deque_type(a)
    return _iadd


def _iadd(a, b):
    a.extend(b)
    return a


@overload(operator.mul)
def mul(a, b):
    """`a * n`, `n * a`: the items so many times, in a new deque."""
    if isinstance(a, Deque):
        integer(b)
        return _repeat
    deque_type(b)
    integer(a)
    return _repeat_right


def _repeat(a, b):
    made = empty_like(a)
    for _ in range(b):
        made.extend(a)
    return made


def _repeat_right(a, b):
    return _repeat(b, a)


@overload(operator.imul)
def imul(a, b):
    """`a *= n`, in place."""
    deque_type(a)
    integer(b)
    return _repeat_in_place


def _repeat_in_place(a, b):
    if b <= 0:
        clear_items(a)
    else:
        items = list(a)
        for _ in range(b - 1):
            a.extend(items)
    return a


def _comparing(function: Callable[..., Any], *, ends: bool) -> Overload:
    def template(a, b):
        deque_type(a)
        deque_type(b)
        return by_items if ends else compare

    def by_items(a, b):
        if get(a, "length") != get(b, "length"):
            return function(0, 1)
        return compare(a, b)

    def compare(a, b):
        i = 0
        while i < get(a, "length") and i < get(b, "length"):
            left = load(get(a, "items"), place_of(a, i))
            right = load(get(b, "items"), place_of(b, i))
            if left != right:
                return function(left, right)
            i += 1
        return function(get(a, "length"), get(b, "length"))

    template.__qualname__ = function.__name__
    template.__doc__ = "Compares the first items that differ, or the lengths."
    return overload(function)(template)


eq, ne = _comparing(operator.eq, ends=True), _comparing(operator.ne, ends=True)
lt, le = _comparing(operator.lt, ends=False), _comparing(operator.le, ends=False)
gt, ge = _comparing(operator.gt, ends=False), _comparing(operator.ge, ends=False)
