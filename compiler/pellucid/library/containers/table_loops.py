"""Loops over dicts and sets, and the views `keys()`, `values()` and `items()`.

The state of a loop is (the number of the entry, how many entries there were at the start); of an
OrderedDict also how often its order had changed.
"""

from __future__ import annotations

import operator
from typing import Any

from pellucid.inference.overloads import overload, overload_method, refuse
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.heap import get
from pellucid.library.builtins.structs import field, struct
from pellucid.library.containers.dicts import dict_type
from pellucid.library.containers.entries import get_part
from pellucid.library.containers.tables import next_entry, table_type
from pellucid.types import Dict, OrderedDict, Set, Struct, Table, Type
from pellucid.types.kinds import static

CHANGED_SET = "Set changed size during iteration"
CHANGED_DICT = "dictionary changed size during iteration"
CHANGED_ORDER = "OrderedDict mutated during iteration"
VIEWS = ("dict_keys", "dict_values", "dict_items")


def _table_of_loop(ty: Type) -> Table:
    """The table that is iterated over: itself, or by a view."""
    if isinstance(ty, Struct) and ty.name in VIEWS:
        return dict_type(ty.fields[0][1])
    return table_type(ty)


def _require_view(ty: Type) -> None:
    if not isinstance(ty, Struct) or ty.name not in VIEWS:
        refuse(f"{ty.base} is not a view of a dict")


@static
def is_view(iterable: Type) -> bool:
    """Whether something is a view of a dict, rather than a table."""
    return isinstance(iterable, Struct)


@static
def part_of(iterable: Type) -> int:
    """What a loop gives of an entry: 1, its key; 2, its value; 0, both."""
    if isinstance(iterable, Table):
        return 1
    return {"dict_keys": 1, "dict_values": 2}.get(iterable.name, 0)


@static
def is_ordered(table: Type) -> bool:
    """Whether the order of a table can change."""
    return isinstance(table, OrderedDict)


@static
def change_of(table: Type) -> str:
    """What is said where a table changed its size."""
    return CHANGED_SET if isinstance(table, Set) else CHANGED_DICT


def table_of(iterable):
    """The table that is iterated over."""
    return field(iterable, "table") if is_view(iterable) else iterable


def _view(name: str, method: str) -> Any:
    def template(self):
        dict_type(self)
        return make

    def make(self):
        return struct(name, "table", self)

    template.__qualname__ = name
    template.__doc__ = f"A view of the {method} of a dict, as it is when looked at."
    return overload_method(Dict, method, inline=True)(template)


keys, values, items = (
    _view(name, method) for name, method in zip(VIEWS, ("keys", "values", "items"), strict=True)
)


@overload(len, inline=True)
def view_length(x):
    """The number of items."""
    _require_view(x)
    return _view_length


def _view_length(x):
    return get(table_of(x), "used")


@overload(operator.contains)
def view_contains(a, b):
    """`key in d.keys()`, and the like."""
    _require_view(a)
    return _view_contains


def _view_contains(a, b):
    part = part_of(a)
    if part == 1:
        return b in table_of(a)
    for item in a:  # noqa: SIM110 (a generator would be one function more)
        if item == b:
            return True
    return False


@overload(reversed)
def dict_reversed(sequence):
    """The keys, values or pairs from the last to the first."""
    dict_type(_table_of_loop(sequence))
    return _reversed


def _reversed(sequence):
    return list(sequence)[::-1]


@overload(iter_start)
def table_start(iterable):
    """The first entry."""
    return _ordered_start if is_ordered(_table_of_loop(iterable)) else _start


def _start(iterable):
    table = table_of(iterable)
    return next_entry(table, 0), get(table, "used")


def _ordered_start(iterable):
    table = table_of(iterable)
    return next_entry(table, 0), get(table, "used"), get(table, "moves")


@overload(iter_valid, inline=True)
def table_valid(iterable, state):
    """Whether there is an entry; RuntimeError if entries came or went meanwhile."""
    return _ordered_valid if is_ordered(_table_of_loop(iterable)) else _valid


def _valid(iterable, state):
    table = table_of(iterable)
    if get(table, "used") != state[1]:
        raise RuntimeError(change_of(table))
    return state[0] < get(table, "filled")


def _ordered_valid(iterable, state):
    table = table_of(iterable)
    if get(table, "used") != state[1] or get(table, "moves") != state[2]:
        raise RuntimeError(CHANGED_ORDER)
    return state[0] < get(table, "filled")


@overload(iter_value, inline=True)
def table_value(iterable, state):
    """The key, value or pair of the entry."""
    _table_of_loop(iterable)
    return _value


def _value(iterable, state):
    entries, part = get(table_of(iterable), "entries"), part_of(iterable)
    if part == 1:
        return get_part(entries, state[0], 1)
    if part == 2:
        return get_part(entries, state[0], 2)
    return get_part(entries, state[0], 1), get_part(entries, state[0], 2)


@overload(iter_next, inline=True)
def table_next(iterable, state):
    """The next entry."""
    _table_of_loop(iterable)
    return _next


def _next(iterable, state):
    return (next_entry(table_of(iterable), state[0] + 1), *state[1:])
