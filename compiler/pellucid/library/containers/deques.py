"""`collections.deque`: a queue with two ends, in a ring of places. `deque_methods.py` has the rest.

A loop over a deque ends with a RuntimeError if items came or went meanwhile.
"""

from __future__ import annotations

import collections
import operator

from pellucid.inference.overloads import (
    Widening,
    bind,
    overload,
    overload_attribute,
    overload_method,
    refuse,
    uninterrupted,
)
from pellucid.ir.protocol import (
    container,
    iter_next,
    iter_start,
    iter_valid,
    iter_value,
    unwrap_optional,
)
from pellucid.library.builtins.heap import (
    advance,
    drop,
    finalize,
    free_items,
    get,
    move_items,
    new,
    nowhere,
    put,
    resize_items,
    take,
)
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import field, struct
from pellucid.library.containers.lists import is_managed, replace, type_of
from pellucid.types import Deque, NoneType, Optional, Struct, Type
from pellucid.types.convert import can_convert
from pellucid.types.kinds import static
from pellucid.types.unify import unify

INDEX_RANGE = error_text(operator.getitem, collections.deque([1]), 5)
EMPTY_POP = error_text(collections.deque().pop)
NEGATIVE = error_text(collections.deque, [], -1)
CHANGED = "deque mutated during iteration"
LEAST = 8


def deque_type(ty: Type) -> Deque:
    """`ty`, which must be the type of a deque; refuses others."""
    if not isinstance(ty, Deque):
        refuse(f"{ty.base} is not a deque")
    return ty


def takes_item(ty: Deque, item: Type) -> None:
    """Refuse a deque that cannot hold an item; one that may still change becomes one that can."""
    bind(ty.elem_ty, item)
    bind(item.base, ty.elem_ty)
    joined = unify(ty.elem_ty, item.base)
    if joined == ty.elem_ty and can_convert(item, ty.elem_ty):
        return
    reason = f"a {ty} cannot hold a {item.base}"
    if joined is None:
        refuse(f"{reason}: the elements of a compiled deque have one type")
    raise Widening(ty, Deque(joined), reason)


# ---- making ---------------------------------------------------------------------------------


@overload(container)
def container_deque(dtype, *, maxlen=None):
    """An empty deque of a type."""
    deque_type(dtype.dtype)
    _check_limit(maxlen)
    return _container


def _check_limit(maxlen: Type) -> None:
    ty = maxlen.value_ty if isinstance(maxlen, Optional) else maxlen
    if not isinstance(ty.base, NoneType):
        integer(ty)


def _container(dtype, *, maxlen=None):
    made = new(dtype)
    if maxlen is not None:
        limit = limit_of(maxlen)
        if limit < 0:
            raise ValueError(NEGATIVE)
        put(made, "limit", limit + 1)
    return made


def limit_of(maxlen):
    """A length that is not None."""
    if is_optional(maxlen):
        return unwrap_optional(maxlen)
    return maxlen


@static
def is_optional(value: Type) -> bool:
    """Whether a value may be None."""
    return isinstance(value, Optional)


@overload(collections.deque)
def deque_(iterable, maxlen=None):
    """A new deque of the items of an iterable, the last `maxlen` of them.

    >>> window = collections.deque([1, 2, 3], maxlen=2)
    >>> window.append(4)
    >>> list(window)
    [3, 4]
    """
    _check_limit(maxlen)
    return _deque


def _deque(iterable, maxlen=None):
    made = collections.deque(maxlen=maxlen)
    made.extend(iterable)
    return made


def empty_like(deque):
    """A new deque of the type and length of another."""
    made = new(type_of(deque))
    put(made, "limit", get(deque, "limit"))
    return made


@uninterrupted
def _finalize(obj):
    drop_items(obj)
    free_items(get(obj, "items"))


@overload(finalize)
def finalize_deque(obj):
    """Release the items."""
    deque_type(obj)
    return _finalize


@uninterrupted
def drop_items(self):
    """Release all items."""
    items, length = get(self, "items"), get(self, "length")
    put(self, "length", 0)
    if is_managed(items):
        for i in range(length):
            drop(items, place_of(self, i))


@overload_attribute(Deque, "maxlen")
def maxlen(self):
    """The number of items beyond which those at the other end are lost, or None."""
    deque_type(self)
    return _maxlen


def _maxlen(self):
    limit = get(self, "limit")
    return None if limit == 0 else limit - 1


# ---- the ring -------------------------------------------------------------------------------


def place_of(self, index):
    """Where the item at a position stands."""
    return (get(self, "first") + index) & (get(self, "capacity") - 1)


def touch(self):
    """Note that items came or went."""
    put(self, "changes", get(self, "changes") + 1)
    put(self, "is_new", True)


@uninterrupted
def grow(self):
    """Twice as many places."""
    old = get(self, "capacity")
    capacity = max(old + old, LEAST)
    put(self, "items", resize_items(get(self, "items"), capacity))
    put(self, "capacity", capacity)
    first, length = get(self, "first"), get(self, "length")
    if first + length > old:
        items, count = get(self, "items"), old - first
        move_items(advance(items, capacity - count), advance(items, first), count)
        put(self, "first", capacity - count)


def push_last(self, item):
    """Add an item at the end; one at the start is lost if there are too many."""
    limit = get(self, "limit")
    if limit > 0 and get(self, "length") >= limit - 1:
        if limit == 1:
            return
        take_first(self)
    if get(self, "length") == get(self, "capacity"):
        grow(self)
    length = get(self, "length")
    store(get(self, "items"), place_of(self, length), item)
    put(self, "length", length + 1)
    touch(self)


def push_first(self, item):
    """Add an item at the start; one at the end is lost if there are too many."""
    limit = get(self, "limit")
    if limit > 0 and get(self, "length") >= limit - 1:
        if limit == 1:
            return
        take_last(self)
    if get(self, "length") == get(self, "capacity"):
        grow(self)
    first = (get(self, "first") - 1) & (get(self, "capacity") - 1)
    store(get(self, "items"), first, item)
    put(self, "first", first)
    put(self, "length", get(self, "length") + 1)
    touch(self)


def take_last(self):
    """Take out the last item of some."""
    length = get(self, "length") - 1
    item = take(get(self, "items"), place_of(self, length))
    put(self, "length", length)
    touch(self)
    return item


def take_first(self):
    """Take out the first item of some."""
    first = get(self, "first")
    item = take(get(self, "items"), first)
    put(self, "first", (first + 1) & (get(self, "capacity") - 1))
    put(self, "length", get(self, "length") - 1)
    touch(self)
    return item


def clear_items(self):
    """Take out all items, and give their memory back."""
    drop_items(self)
    items = get(self, "items")
    put(self, "items", nowhere(items))
    put(self, "first", 0)
    put(self, "capacity", 0)
    touch(self)
    free_items(items)


@overload_method(Deque, "append", inline=True)
def append(self, item):
    """Add an item at the end."""
    takes_item(self, item)
    return push_last


@overload_method(Deque, "appendleft", inline=True)
def appendleft(self, item):
    """Add an item at the start."""
    takes_item(self, item)
    return push_first


@overload_method(Deque, "pop", inline=True)
def pop(self):
    """Take out the last item, and give it."""
    deque_type(self)
    return _pop


def _pop(self):
    if get(self, "length") == 0:
        raise IndexError(EMPTY_POP)
    return take_last(self)


@overload_method(Deque, "popleft", inline=True)
def popleft(self):
    """Take out the first item, and give it."""
    deque_type(self)
    return _popleft


def _popleft(self):
    if get(self, "length") == 0:
        raise IndexError(EMPTY_POP)
    return take_first(self)


# ---- reading and assigning ------------------------------------------------------------------


@overload(len, inline=True)
def length_(x):
    """The number of items."""
    deque_type(x)
    return _length


def _length(x):
    return get(x, "length")


@overload(bool, inline=True)
def is_true(x):
    """Whether there are items."""
    deque_type(x)
    return _is_true


def _is_true(x):
    return get(x, "length") != 0


@overload(operator.getitem, inline=True)
def getitem(a, b):
    """`d[i]`."""
    deque_type(a)
    integer(b)
    return _getitem


def _getitem(a, b):
    return load(get(a, "items"), checked_place(a, b))


def checked_place(self, index):
    """Where the item at a position from either end stands; IndexError if there is none."""
    length = get(self, "length")
    at = index + length if index < 0 else index
    if at < 0 or at >= length:
        raise IndexError(INDEX_RANGE)
    return place_of(self, at)


@overload(operator.setitem, inline=True)
def setitem(a, b, c):
    """`d[i] = value`."""
    integer(b)
    takes_item(deque_type(a), c)
    return _setitem


def _setitem(a, b, c):
    replace(get(a, "items"), checked_place(a, b), c)
    put(a, "is_new", True)


# ---- loops ----------------------------------------------------------------------------------


def _deque_of_loop(ty: Type) -> Deque:
    """The deque that is iterated over: itself, or by `reversed`."""
    if isinstance(ty, Struct) and ty.name == "deque_reversed":
        return deque_type(ty.fields[0][1])
    return deque_type(ty)


@static
def is_reversed(iterable: Type) -> bool:
    """Whether a loop goes from the last item to the first."""
    return isinstance(iterable, Struct)


def ring_of(iterable):
    """The deque that is iterated over."""
    return field(iterable, "deque") if is_reversed(iterable) else iterable


@overload(reversed)
def reversed_(sequence):
    """The items from the last to the first."""
    deque_type(sequence)
    return _reversed


def _reversed(sequence):
    return struct("deque_reversed", "deque", sequence)


@overload(iter_start, inline=True)
def deque_start(iterable):
    """The first position, and how often the deque had changed."""
    _deque_of_loop(iterable)
    return _start


def _start(iterable):
    return 0, get(ring_of(iterable), "changes")


@overload(iter_valid, inline=True)
def deque_valid(iterable, state):
    """Whether there is an item at a position; RuntimeError if items came or went meanwhile."""
    _deque_of_loop(iterable)
    return _valid


def _valid(iterable, state):
    ring = ring_of(iterable)
    if get(ring, "changes") != state[1]:
        raise RuntimeError(CHANGED)
    return state[0] < get(ring, "length")


@overload(iter_value, inline=True)
def deque_value(iterable, state):
    """The item at a position."""
    _deque_of_loop(iterable)
    return _value


def _value(iterable, state):
    ring = ring_of(iterable)
    at = get(ring, "length") - 1 - state[0] if is_reversed(iterable) else state[0]
    return load(get(ring, "items"), place_of(ring, at))


@overload(iter_next, inline=True)
def deque_next(iterable, state):
    """The next position."""
    _deque_of_loop(iterable)
    return _next


def _next(iterable, state):
    return state[0] + 1, state[1]
