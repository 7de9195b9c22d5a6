"""Tuples whose length is known at run time only: `tuple(items)`, and what `zip(*rows)` gives.

Such a tuple is a record that holds a list, which nothing changes. Its items have one type.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, overload, overload_method, refuse
from pellucid.inference.spreading import spread_key
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.hashes import finish_hash, hash_start, mix_hash
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import field, struct
from pellucid.library.containers.key_hashes import key_hash, scramble
from pellucid.library.containers.lists import list_type
from pellucid.types import LONG_TUPLE, Array, List, Literal, Slice, Struct, Tuple, Type, UnicodeType

INDEX_RANGE = error_text(operator.getitem, (1, 2), 5)
NOT_IN_TUPLE = error_text((1,).index, 2)


def items_type(ty: Type) -> List:
    """The list in a tuple of unknown length; refuses other types."""
    if not isinstance(ty, Struct) or ty.name != LONG_TUPLE:
        refuse(f"{ty.base} is not a tuple of unknown length")
    return list_type(ty.fields[0][1])


def _are_tuples(*tys: Type) -> None:
    """Refuse what is neither such a tuple nor one of items of one type, and two of the latter."""
    if not any(isinstance(ty, Struct) for ty in tys):
        refuse("neither is a tuple of unknown length")
    for ty in tys:
        if not isinstance(ty, Tuple) or not ty.is_homogeneous:
            items_type(ty)


def long_tuple(items):
    """The tuple of the items of a list, which nothing else holds."""
    return struct(LONG_TUPLE, "items", items)


def list_of(sequence):
    """The items of such a tuple, or of another one, as a list."""
    return list(sequence)


@overload(tuple)
def tuple_(iterable):
    """A tuple of the items of an iterable."""
    if isinstance(iterable, Tuple):
        refuse("its length is known")
    if isinstance(iterable, Struct) and iterable.name == LONG_TUPLE:
        return _itself
    return _tuple


def _itself(iterable):
    return iterable


def _tuple(iterable):
    return long_tuple(list(iterable))


@overload(list)
def list_(iterable):
    """A list of the items."""
    items_type(iterable)
    return _list


def _list(iterable):
    return field(iterable, "items").copy()


@overload(spread_key("builtins.zip"))
def zip_rows(iterables, strict=False):
    """`zip(*rows)`: the first items of all, the second ones, and so on."""
    rows = iterables.elem_ty if isinstance(iterables, List) else None
    is_strict = not isinstance(strict, Literal) or bool(strict.value)
    if not isinstance(rows, (List, Tuple, Array, UnicodeType)) or is_strict:
        refuse(
            "zip(*rows) takes a list of lists, arrays or texts;"
            " write [[row[i] for row in rows] for i in range(len(rows[0]))]"
        )
    return _zip_rows


def _zip_rows(iterables, strict=False):
    if len(iterables) > 0:
        count = min([len(row) for row in iterables])
        for i in range(count):
            yield long_tuple([row[i] for row in iterables])


# ---- reading --------------------------------------------------------------------------------


@overload(len, inline=True)
def length(x):
    """The number of items."""
    items_type(x)
    return _length


def _length(x):
    return len(field(x, "items"))


@overload(bool, inline=True)
def is_true(x):
    """Whether there are items."""
    items_type(x)
    return _is_true


def _is_true(x):
    return len(field(x, "items")) > 0


@overload(operator.getitem)
def getitem(a, b):
    """`t[i]`, or `t[a:b]`, which is a tuple again."""
    items_type(a)
    if isinstance(b, Slice):
        return _slice
    integer(b)
    return _getitem


def _slice(a, b):
    return long_tuple(field(a, "items")[b])


def _getitem(a, b):
    items = field(a, "items")
    if not -len(items) <= b < len(items):
        raise IndexError(INDEX_RANGE)
    return items[b]


@overload(operator.contains)
def contains(a, b):
    """`b in a`."""
    items_type(a)
    return _contains


def _contains(a, b):
    return b in field(a, "items")


@overload_method(Struct, "count")
def count(self, value, /):
    """How many items are equal to `value`."""
    items_type(self)
    return _count


def _count(self, value, /):
    return field(self, "items").count(value)


@overload_method(Struct, "index")
def index(self, value, start=0, stop=9223372036854775807, /):
    """The position of the first item that is equal to `value`."""
    items_type(self)
    return _index


def _index(self, value, start=0, stop=9223372036854775807, /):
    try:
        return field(self, "items").index(value, start, stop)
    except ValueError:
        raise ValueError(NOT_IN_TUPLE) from None


@overload(reversed)
def reversed_(sequence):
    """The items from the last to the first."""
    items_type(sequence)
    return _reversed


def _reversed(sequence):
    return reversed(field(sequence, "items"))


def _step(function: Callable[..., Any], doc: str) -> Overload:
    def start(iterable):
        items_type(iterable)
        return begin

    def begin(iterable):
        return function(field(iterable, "items"))

    def step(iterable, state):
        items_type(iterable)
        return go

    def go(iterable, state):
        return function(field(iterable, "items"), state)

    template = start if function is iter_start else step
    template.__qualname__, template.__doc__ = function.__name__, doc
    return overload(function, inline=True)(template)


loop_start = _step(iter_start, "The first position.")
loop_valid = _step(iter_valid, "Whether there is an item at a position.")
loop_value = _step(iter_value, "The item at a position.")
loop_next = _step(iter_next, "The next position.")


# ---- operators ------------------------------------------------------------------------------


def _of_both(function: Callable[..., Any], doc: str) -> Overload:
    def template(a, b):
        _are_tuples(a, b)
        return compare

    def compare(a, b):
        return function(list_of(a), list_of(b))

    template.__qualname__, template.__doc__ = function.__name__, doc
    return overload(function)(template)


eq, ne, lt, le, gt, ge = (
    _of_both(function, "Compares the first items that differ, or the lengths.")
    for function in (
        operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge,
    )
)  # fmt: skip


@overload(operator.add)
def add(a, b):
    """`a + b`: the items of both."""
    _are_tuples(a, b)
    return _add


def _add(a, b):
    return long_tuple(list_of(a) + list_of(b))


@overload(operator.mul)
def mul(a, b):
    """`a * n`: the items so many times."""
    items_type(a)
    integer(b)
    return _mul


def _mul(a, b):
    return long_tuple(field(a, "items") * b)


@overload(hash)
def hash_(obj, /):
    """As the hash of any tuple."""
    items_type(obj)
    return _hash


def _hash(obj, /):
    found = hash_start()
    for item in field(obj, "items"):
        found = mix_hash(found, hash(item))
    return finish_hash(found, len(obj))


@overload(key_hash)
def tuple_key_hash(key):
    """Of the hashes of the items."""
    items_type(key)
    return _key_hash


def _key_hash(key):
    total = len(key)
    for item in field(key, "items"):
        total = scramble(total * 31 + key_hash(item))
    return total
