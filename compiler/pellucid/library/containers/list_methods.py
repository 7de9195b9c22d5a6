"""The methods of lists that are not in `lists.py`; the errors are CPython's."""

from __future__ import annotations

from pellucid.inference.overloads import overload_method
from pellucid.library.builtins.heap import (
    advance,
    drop,
    free_items,
    get,
    move_items,
    nowhere,
    put,
    take,
)
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import format_error
from pellucid.library.containers.lists import (
    copy_items,
    is_managed,
    list_type,
    remove_at,
    reserve,
    takes_item,
)
from pellucid.types import (
    BytesType,
    Deque,
    Dict,
    List,
    Literal,
    NoneType,
    Optional,
    Set,
    Tuple,
    Type,
    UnicodeType,
    is_scalar,
)
from pellucid.types.kinds import static

EMPTY_POP, POP_RANGE = error_text([].pop), error_text([1].pop, 5)
NOT_REMOVED = error_text([].remove, 1)
NOT_IN_LIST = "{} is not in list"


@overload_method(List, "insert")
def insert(self, index, item):
    """Put an item before the one at `index`, which is clamped."""
    integer(index)
    takes_item(list_type(self), item)
    return _insert


def _insert(self, index, item):
    length = get(self, "length")
    at = max(index + length, 0) if index < 0 else min(index, length)
    reserve(self, length + 1)
    items = get(self, "items")
    move_items(advance(items, at + 1), advance(items, at), length - at)
    store(items, at, item)
    put(self, "length", length + 1)


@overload_method(List, "pop", inline=True)
def pop(self, index=-1):
    """Take out an item, the last by default, and give it."""
    list_type(self)
    integer(index)
    is_last = isinstance(index, Literal) and index.value == -1
    return _pop_last if is_last else _pop


def _pop_last(self, index=-1):
    length = get(self, "length")
    if length == 0:
        raise IndexError(EMPTY_POP)
    put(self, "length", length - 1)
    return take(get(self, "items"), length - 1)


def _pop(self, index=-1):
    length = get(self, "length")
    if length == 0:
        raise IndexError(EMPTY_POP)
    at = index + length if index < 0 else index
    if at < 0 or at >= length:
        raise IndexError(POP_RANGE)
    return remove_at(self, at)


@overload_method(List, "clear")
def clear(self):
    """Take out all items."""
    list_type(self)
    return clear_items


def clear_items(self):
    """Take out all items, and give their memory back."""
    items, length = get(self, "items"), get(self, "length")
    put(self, "length", 0)
    put(self, "capacity", 0)
    put(self, "items", nowhere(items))
    if is_managed(items):
        for i in range(length):
            drop(items, i)
    free_items(items)


@overload_method(List, "copy")
def copy(self):
    """A new list of the same items."""
    list_type(self)
    return _copy


def _copy(self):
    return copy_items(self, 0, get(self, "length"))


@overload_method(List, "reverse")
def reverse(self):
    """Turn the order of the items round."""
    list_type(self)
    return reverse_items


def reverse_items(self):
    """Turn the order of the items round."""
    items, length = get(self, "items"), get(self, "length")
    for i in range(length // 2):
        first, last = take(items, i), take(items, length - 1 - i)
        store(items, i, last)
        store(items, length - 1 - i, first)


@overload_method(List, "count")
def count(self, item):
    """How many items are equal to `item`."""
    list_type(self)
    return _count


def _count(self, item):
    found = 0
    for each in self:
        if each == item:
            found += 1
    return found


@overload_method(List, "index")
def index(self, item, start=0, stop=9223372036854775807):
    """The position of the first item that is equal to `item`, between `start` and `stop`."""
    list_type(self)
    integer(start)
    integer(stop)
    return _index


def _index(self, item, start=0, stop=9223372036854775807):
    length = get(self, "length")
    at = max(start + length, 0) if start < 0 else start
    end = stop + length if stop < 0 else stop
    while at < end and at < get(self, "length"):
        if load(get(self, "items"), at) == item:
            return at
        at += 1
    raise_with_item(NOT_IN_LIST, item)
    return -1


def raise_with_item(template, item):
    """ValueError with the item in a text that is constant, as CPython has it."""
    if is_number(item):
        raise format_error(ValueError, template, item)
    if has_text(item):
        raise ValueError(template.format(repr(item)))
    raise ValueError(template.format("the value"))


@static
def is_number(item: Type) -> bool:
    """Whether an exception's template takes a value of this type."""
    return is_scalar(item.base)


@static
def has_text(item: Type) -> bool:
    """Whether `repr` writes a value of this type."""
    match item.base:
        case Tuple():
            return all(map(has_text, item.elems)) if isinstance(item, Tuple) else False
        case List(elem_ty=elem) | Deque(elem_ty=elem) | Set(elem_ty=elem) | Optional(value_ty=elem):
            return has_text(elem)
        case Dict(key_ty=key, value_ty=value):
            return has_text(key) and has_text(value)
        case UnicodeType() | BytesType() | NoneType():
            return True
        case other:
            return is_scalar(other)


@overload_method(List, "remove")
def remove(self, item):
    """Take out the first item that is equal to `item`."""
    list_type(self)
    return _remove


def _remove(self, item):
    at = 0
    while at < get(self, "length"):
        if load(get(self, "items"), at) == item:
            remove_at(self, at)
            return
        at += 1
    raise ValueError(NOT_REMOVED)
