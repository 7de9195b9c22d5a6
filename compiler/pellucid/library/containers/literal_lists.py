"""Lists of several types: `['a', 10, 1j, values]`, which do not change.

Each item keeps its own type and is found by a constant index; a loop over the list is written out.
"""

from __future__ import annotations

import operator
from typing import Any

from pellucid.inference.overloads import (
    Constant,
    Overload,
    overload,
    overload_method,
    refuse,
)
from pellucid.ir.protocol import iter_start, unpack
from pellucid.library.builtins.structs import field, struct
from pellucid.types import LITERAL_LIST, Literal, Struct, Tuple, Type

UNCHANGED = "a list of items of several types does not change: make a new one, or use a tuple"
CONSTANT_INDEX = "the items of a list of several types are found by constant indices"


def literal_list_type(ty: Type) -> Tuple:
    """The items of a list of several types; refuses other types."""
    if not isinstance(ty, Struct) or ty.name != LITERAL_LIST:
        refuse(f"{ty.base} is not a list of items of several types")
    items = ty.fields[0][1]
    assert isinstance(items, Tuple)
    return items


def make_literal_list(*items):
    """The list of these items."""
    return struct(LITERAL_LIST, "items", items)


@overload(len)
def length(x):
    """The number of items."""
    return Constant(len(literal_list_type(x).elems))


@overload(bool)
def is_true(x):
    """True: there are at least two."""
    literal_list_type(x)
    return Constant(True)


@overload(operator.getitem, literals=("b",), inline=True)
def getitem(a, b):
    """`a[b]` of a constant index."""
    count = len(literal_list_type(a).elems)
    if not isinstance(b, Literal) or not isinstance(b.value, int):
        refuse(CONSTANT_INDEX)
    if not -count <= b.value < count:
        refuse("list index out of range")
    return _getitem


def _getitem(a, b):
    return field(a, "items")[b]


@overload(operator.contains)
def contains(a, b):
    """`b in a`."""
    literal_list_type(a)
    return _contains


def _contains(a, b):
    return b in field(a, "items")


def _comparison(function: Any) -> Overload:
    def template(a, b):
        literal_list_type(a)
        literal_list_type(b)
        return compare

    def compare(a, b):
        return function(field(a, "items"), field(b, "items"))

    template.__qualname__ = function.__name__
    template.__doc__ = "Compares item by item."
    return overload(function)(template)


eq, ne = _comparison(operator.eq), _comparison(operator.ne)


@overload(unpack, literals=("count",), inline=True)
def unpack_(iterable, count):
    """The right side of `a, b = [1, "x"]`."""
    literal_list_type(iterable)
    return _unpack


def _unpack(iterable, count):
    return unpack(field(iterable, "items"), count)


@overload(tuple)
def tuple_(iterable=()):
    """The items as a tuple."""
    literal_list_type(iterable)
    return _tuple


def _tuple(iterable=()):
    return field(iterable, "items")


@overload(iter_start)
def start(iterable):
    """Only a `for` statement, which is written out, goes over items of several types."""
    literal_list_type(iterable)
    refuse("only a `for` statement goes over a list of several types")


@overload_method(Struct, "copy")
def copy(self):
    """A list that does not change is its own copy."""
    literal_list_type(self)
    return _copy


def _copy(self):
    return self


def _changing(name: str) -> Overload:
    def template(self, *args, **kwargs):
        literal_list_type(self)
        refuse(UNCHANGED)

    template.__qualname__ = name
    template.__doc__ = "Refused: lists of several types do not change."
    return overload_method(Struct, name)(template)


append, extend, insert, pop, remove, clear, sort, reverse = map(
    _changing,
    ("append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse"),
)


@overload(operator.setitem)
def setitem(a, b, c):
    """Refused: lists of several types do not change."""
    literal_list_type(a)
    refuse(UNCHANGED)
