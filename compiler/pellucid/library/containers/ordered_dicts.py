"""`collections.OrderedDict`: a dict whose entries come and go at both ends."""

from __future__ import annotations

import collections
import operator

from pellucid.inference.overloads import (
    Typed,
    overload,
    overload_method,
    refuse,
    uninterrupted,
)
from pellucid.library.builtins.heap import advance, get, move_items, put
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.containers.dicts import (
    has_same_items,
    raise_key_error,
    take_item,
)
from pellucid.library.containers.entries import get_part, put_part
from pellucid.library.containers.key_hashes import GONE
from pellucid.library.containers.table_operators import takes_key
from pellucid.library.containers.tables import begin_at, find, insert, link, make_room, next_entry
from pellucid.types import OrderedDict, Type

EMPTY = error_text(collections.OrderedDict().popitem).strip("'")


def ordered_type(ty: Type) -> OrderedDict:
    """`ty`, which must be the type of an OrderedDict; refuses others."""
    if not isinstance(ty, OrderedDict):
        refuse(f"{ty.base} is not an OrderedDict")
    return ty


@overload(collections.OrderedDict)
def ordered_dict(*iterable, **kwargs):
    """A new OrderedDict of a mapping or of pairs, and of keyword arguments."""
    if len(iterable) > 1:
        refuse(f"OrderedDict expected at most 1 argument, got {len(iterable)}")
    return _ordered_dict


def _ordered_dict(*iterable, **kwargs):
    made = collections.OrderedDict()
    made.update(*iterable, **kwargs)
    return made


@overload(collections.OrderedDict.fromkeys)
def fromkeys(iterable, value=None):
    """A new OrderedDict of the items of an iterable as keys, which all have one value."""
    return _fromkeys


def _fromkeys(iterable, value=None):
    made = collections.OrderedDict()
    for key in iterable:
        made[key] = value
    return made


@overload_method(OrderedDict, "move_to_end")
def move_to_end(self, key, last=True):
    """Let a key be the last, or the first."""
    ty = ordered_type(self)
    return Typed(_move_to_end, (ty, takes_key(ty, key), last))


def _move_to_end(self, key, last=True):
    number = find(self, key)
    if number < 0:
        raise_key_error(key)
    if last:
        _move_to_last(self, number)
    else:
        _move_to_first(self, number)
    put(self, "moves", get(self, "moves") + 1)


def _move_to_last(self, number):
    if number < get(self, "filled") - 1:
        hashed = get_part(get(self, "entries"), number, 0)
        key, value = take_item(self, number)
        number = insert(self, key, hashed)
        put_part(get(self, "entries"), number, 2, value)


@uninterrupted
def _move_to_first(self, number):
    if number != next_entry(self, 0):
        hashed = get_part(get(self, "entries"), number, 0)
        key, value = take_item(self, number)
        begin_at(self, next_entry(self, 0))
        if get(self, "first") == 0:
            _make_room_before(self)
        first, entries = get(self, "first") - 1, get(self, "entries")
        put_part(entries, first, 0, hashed)
        put_part(entries, first, 1, key)
        put_part(entries, first, 2, value)
        put(self, "used", get(self, "used") + 1)
        begin_at(self, first)
        link(self, hashed, first)


@uninterrupted
def _make_room_before(self):
    """As many places before the first entry as there are entries."""
    count = get(self, "used")
    make_room(self, count + 1)
    entries, slots = get(self, "entries"), get(self, "slots")
    move_items(advance(entries, count), entries, count)
    for number in range(count):
        put_part(entries, number, 0, GONE)
    for at in range(get(self, "mask") + 1):
        number = load(slots, at)
        if number != 0:
            store(slots, at, number + count)
    put(self, "filled", count + count)
    begin_at(self, count)


@overload_method(OrderedDict, "popitem")
def popitem(self, last=True):
    """Take out the last item, or the first, and give it."""
    ordered_type(self)
    return _popitem


def _popitem(self, last=True):
    if get(self, "used") == 0:
        raise KeyError(EMPTY)
    if last:
        return take_item(self, get(self, "filled") - 1)  # the last is never a gap
    number = next_entry(self, 0)
    pair = take_item(self, number)
    begin_at(self, min(number + 1, get(self, "filled")))
    return pair


@overload(operator.eq)
def eq(a, b):
    """`a == b`: the same items in the same order."""
    takes_key(ordered_type(a), ordered_type(b).key_ty)
    return _equal


def _equal(a, b):
    if not has_same_items(a, b):
        return False
    for left, right in zip(a, b):  # noqa: B905, SIM110 (they are as many)
        if left != right:
            return False
    return True
