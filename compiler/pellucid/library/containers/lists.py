"""Lists: made, grown, indexed, iterated over.

A list's `items` have room for `capacity` of them, of which `length` hold one. As in CPython, a loop
over a list sees what is appended meanwhile. `list_methods.py`, `list_slices.py` and
`list_operators.py` hold the rest.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from pellucid.inference.engines import engine
from pellucid.inference.overloads import (
    Widening,
    bind,
    intrinsic,
    overload,
    overload_method,
    refuse,
    uninterrupted,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import ItemsPointer
from pellucid.ir.protocol import (
    build_list,
    container,
    iter_next,
    iter_start,
    iter_valid,
    iter_value,
    list_append,
)
from pellucid.library.builtins.heap import (
    advance,
    drop,
    finalize,
    free_items,
    get,
    move_items,
    new,
    put,
    resize_items,
    take,
)
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.containers.literal_lists import make_literal_list
from pellucid.types import List, Pointer, Tuple, Type, none
from pellucid.types.convert import can_convert
from pellucid.types.kinds import static
from pellucid.types.signature import Signature
from pellucid.types.unify import unify

INDEX_RANGE = error_text(operator.getitem, [1, 2], 5)
ASSIGN_RANGE = error_text(operator.setitem, [1, 2], 5, 0)


def list_type(ty: Type) -> List:
    """`ty`, which must be a list type; refuses others."""
    if not isinstance(ty, List):
        refuse(f"{ty.base} is not a list")
    return ty


def takes_item(ty: List, item: Type) -> None:
    """Refuse a list that cannot hold an `item`; one that may still change becomes one that can."""
    bind(ty.elem_ty, item)
    bind(item.base, ty.elem_ty)
    joined = unify(ty.elem_ty, item.base)
    if joined == ty.elem_ty and can_convert(item, ty.elem_ty):
        return
    reason = f"a {ty} cannot hold a {item.base}"
    if joined is None:
        refuse(f"{reason}: the elements of a compiled list have one type")
    raise Widening(ty, List(joined), reason)


@static
def is_managed(items: Type) -> bool:
    """Whether items at a pointer hold references."""
    assert isinstance(items, Pointer)
    return items.elem_ty.is_managed


# ---- making ---------------------------------------------------------------------------------


@overload(build_list)
def build(*items):
    """`[a, b, c]`; items of several types make a list that does not change."""
    elem_ty = _joined(items)
    if elem_ty is None:
        return make_literal_list
    ty = List(elem_ty)

    def build_items(*items):
        return container(ty, *items)

    return build_items


def _joined(items: Sequence[Type]) -> Type | None:
    elem_ty: Type | None = items[0].base
    for item in items[1:]:
        assert elem_ty is not None
        bind(elem_ty, item)
        bind(item.base, elem_ty)
        elem_ty = unify(elem_ty, item.base)
        if elem_ty is None:
            return None
    return elem_ty


@overload(container)
def container_list(dtype, *items):
    """A list of a type, of so many items."""
    ty = list_type(dtype.dtype)
    for item in items:
        if not can_convert(item, ty.elem_ty):
            refuse(f"a {item.base} is no element of {ty}")
    return _container if items else _empty


def _empty(dtype, *items):
    return new(dtype)


def _container(dtype, *items):
    made = new(dtype)
    room = resize_items(get(made, "items"), len(items))
    put(made, "items", room)
    put(made, "capacity", len(items))
    store_all(room, *items)
    put(made, "length", len(items))
    return made


@intrinsic
def store_all(items, *values):
    """Fill places one after the other."""
    assert isinstance(items, Pointer)
    elem_ty = items.elem_ty

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        for index, value in enumerate(args[1:]):
            cg.retain(elem_ty, value)
            cg.store(elem_ty, value, cg.offset(args[0], index * cg.size_of(elem_ty)))
        return cg.zero(none)

    def run(at: ItemsPointer, *given: Any) -> None:
        at.items[at.position : at.position + len(given)] = given

    sig = Signature(none, (items, *[elem_ty] * len(values)))
    return Primitive("store_all", sig, lower, run, Effects.WRITES, confines=True)


@overload(list)
def list_(iterable):
    """A new list of the items of an iterable."""
    return _list_of_list if isinstance(iterable, List) else _list_of


def _list_of(iterable):
    made = build_list()
    for item in iterable:
        made.append(item)
    return made


def _list_of_list(iterable):
    return copy_items(iterable, 0, get(iterable, "length"))


@engine()
def copy_items(items, start, stop):
    """A new list of a list's items from `start` to `stop`, a range inside it."""
    made = new(type_of(items))
    if stop > start:
        room = resize_items(get(made, "items"), stop - start)
        put(made, "items", room)
        put(made, "capacity", stop - start)
        source = get(items, "items")
        for i in range(stop - start):
            store(room, i, load(source, start + i))
            put(made, "length", i + 1)
    return made


@static
def type_of(value: Type) -> Type:
    """The type of a value, as a dtype."""
    return value


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


# ---- growing --------------------------------------------------------------------------------


@overload_method(List, "append", inline=True)
def append(self, item):
    """Add an item at the end."""
    takes_item(self, item)
    return add_last


@overload(list_append, inline=True)
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
    if count > get(self, "capacity"):
        capacity = count + (count >> 1) + 4
        put(self, "items", resize_items(get(self, "items"), capacity))
        put(self, "capacity", capacity)


@overload_method(List, "extend")
def extend(self, iterable):
    """Add the items of an iterable at the end."""
    list_type(self)
    if isinstance(iterable, List):
        takes_item(self, iterable.elem_ty)
        return _extend_by_list
    if isinstance(iterable, Tuple):
        for item in iterable.elems:
            takes_item(self, item)
        return _extend_by_tuple
    return _extend


def _extend(self, iterable):
    for item in iterable:
        self.append(item)


def _extend_by_list(self, iterable):
    # The list may be this very one: what is added is not iterated over.
    count = get(iterable, "length")
    reserve(self, get(self, "length") + count)
    for i in range(count):
        add_last(self, load(get(iterable, "items"), i))


def _extend_by_tuple(self, iterable):
    if len(iterable) > 0:
        add_last(self, iterable[0])
        if len(iterable) > 1:
            _extend_by_tuple(self, iterable[1:])


# ---- reading and assigning ------------------------------------------------------------------


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
    integer(b)
    takes_item(list_type(a), c)
    return _setitem


def _setitem(a, b, c):
    length = get(a, "length")
    index = b + length if b < 0 else b
    if index < 0 or index >= length:
        raise IndexError(ASSIGN_RANGE)
    replace(get(a, "items"), index, c)


def replace(items, index, item):
    """Assign an item in place of one; the old one is released when the new one is there."""
    old = take(items, index)
    store(items, index, item)
    return old


@overload(operator.delitem)
def delitem(a, b):
    """`del a[b]`."""
    list_type(a)
    integer(b)
    return _delitem


def _delitem(a, b):
    length = get(a, "length")
    index = b + length if b < 0 else b
    if index < 0 or index >= length:
        raise IndexError(ASSIGN_RANGE)
    remove_at(a, index)


def remove_at(self, index):
    """Take out the item at a position inside the list."""
    items, length = get(self, "items"), get(self, "length")
    item = take(items, index)
    move_items(advance(items, index), advance(items, index + 1), length - index - 1)
    put(self, "length", length - 1)
    return item


# ---- the loop -------------------------------------------------------------------------------


@overload(iter_start, inline=True)
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
