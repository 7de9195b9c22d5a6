"""`sorted` and `list.sort`: stable, and apart from the functions that call them.

What is sorted are numbers: items that are numbers themselves, or the positions of items, by keys
beside them. `orders.py` does that, once per type of key; then the items are brought into their
order. So code that is compiled with a user's function only computes its keys. The list is touched
when all is done: it holds what it held if comparing, a key, or Ctrl-C raises.
"""

from __future__ import annotations

from pellucid.inference.engines import engine
from pellucid.inference.overloads import overload, overload_method
from pellucid.ir.protocol import build_list, unwrap_optional
from pellucid.library.builtins.heap import advance, get, move_items, new
from pellucid.library.builtins.memory import load
from pellucid.library.containers.lists import copy_items, list_type, reserve, type_of
from pellucid.library.containers.orders import is_number, order, sort_numbers
from pellucid.types import List, NoneType, Optional


@overload_method(List, "sort")
def sort(self, *, key=None, reverse=False):
    """Sort in place; equal items keep their order."""
    list_type(self)
    if isinstance(key, Optional):
        return _sort_perhaps_by_key
    if not isinstance(key, NoneType):
        return _sort_by_key
    return _sort_numbers if is_number(self) else _sort_items


@overload(sorted)
def sorted_(iterable, *, key=None, reverse=False):
    """A new list of the items of an iterable, sorted; equal items keep their order."""
    return _sorted


def _sorted(iterable, *, key=None, reverse=False):
    made = list(iterable)
    made.sort(key=key, reverse=reverse)
    return made


def _sort_numbers(self, *, key=None, reverse=False):
    sort_numbers(self, bool(reverse))


def _sort_items(self, *, key=None, reverse=False):
    put_in_order(self, order(self, bool(reverse)))


def _sort_by_key(self, *, key=None, reverse=False):
    keys = build_list()
    for item in copy_items(self, 0, get(self, "length")):  # a key may change the list
        keys.append(key(item))  # type: ignore[reportOptionalCall]  # None is another implementation
    put_in_order(self, order(keys, bool(reverse)))


def _sort_perhaps_by_key(self, *, key=None, reverse=False):
    if key is None:
        self.sort(reverse=reverse)
    else:
        self.sort(key=unwrap_optional(key), reverse=reverse)


@engine()
def put_in_order(self, places):
    """Bring a list's items into the order of these places."""
    count = get(places, "length")
    if get(self, "length") != count:
        raise ValueError("list modified during sort")
    # Bits are moved, and no reference is counted: room that holds no items.
    room = new(type_of(self))
    reserve(room, count)
    source, target, at = get(self, "items"), get(room, "items"), get(places, "items")
    for i in range(count):
        move_items(advance(target, i), advance(source, load(at, i)), 1)
    move_items(source, target, count)
