"""Sets and frozensets: made, changed, compared, combined. The engine is in `tables.py`.

They are iterated over in the order of insertion (`table_loops.py`); `table_operators.py` has what
they share with dicts.
"""

from __future__ import annotations

from pellucid.inference.overloads import (
    Typed,
    Widening,
    bind,
    overload,
    overload_method,
    refuse,
)
from pellucid.ir.protocol import (
    build_set,
    container,
    set_add,
    set_update,
)
from pellucid.library.builtins.heap import get, new
from pellucid.library.builtins.messages import error_text
from pellucid.library.containers.dicts import raise_key_error
from pellucid.library.containers.entries import drop_part, take_part
from pellucid.library.containers.key_hashes import check_key, key_hash, scramble
from pellucid.library.containers.lists import type_of
from pellucid.library.containers.table_operators import takes_key
from pellucid.library.containers.tables import (
    clear,
    copy_table,
    find,
    find_hashed,
    insert,
    remove,
)
from pellucid.types import Set, Type
from pellucid.types.convert import can_convert
from pellucid.types.unify import unify

EMPTY_SET = error_text(set().pop).strip("'")


def set_type(ty: Type) -> Set:
    """`ty`, which must be a set or frozenset type; refuses others."""
    if not isinstance(ty, Set):
        refuse(f"{ty.base} is not a set")
    return ty


def mutable(ty: Type) -> Set:
    """`ty`, which must be a set type."""
    if set_type(ty).is_frozen:
        refuse("a frozenset does not change")
    return set_type(ty)


def takes_item(ty: Set, item: Type) -> None:
    """Refuse a set that cannot hold an item; one that may still change becomes one that can."""
    bind(ty.elem_ty, item)
    check_key(item)
    joined = unify(ty.elem_ty, item.base)
    reason = f"a {ty} cannot hold a {item.base}"
    if joined is None:
        refuse(f"{reason}: the elements of a compiled set have one type")
    if joined != ty.elem_ty:
        raise Widening(ty, Set(joined, ty.is_frozen), reason)


# ---- making ---------------------------------------------------------------------------------


@overload(build_set)
def build(*items):
    """`{a, b, c}`."""
    elem_ty: Type = items[0].base
    for item in items:
        check_key(item)
        joined = unify(elem_ty, item.base)
        if joined is None:
            held = " and ".join(dict.fromkeys(str(each.base) for each in items))
            refuse(f"the elements of a compiled set have one type, not {held}")
        elem_ty = joined
    ty = Set(elem_ty)

    def build_items(*items):
        return container(ty, *items)

    return build_items


@overload(container)
def container_set(dtype, *items):
    """A set of a type, of so many items."""
    ty = set_type(dtype.dtype)
    for item in items:
        if not can_convert(item, ty.elem_ty):
            refuse(f"a {item.base} is no element of {ty}")
    return _container if items else _empty


def _empty(dtype, *items):
    return new(dtype)


def _container(dtype, *items):
    made = new(dtype)
    _fill(made, items)
    return made


def _fill(made, items):
    if len(items) > 0:
        made.add(items[0])
        _fill(made, items[1:])


@overload(set)
def set_(iterable):
    """A new set of the items of an iterable."""
    return _set_of_set if isinstance(iterable, Set) and not iterable.is_frozen else _set_of


def _set_of_set(iterable):
    return iterable.copy()


def _set_of(iterable):
    made = build_set()
    for item in iterable:
        made.add(item)
    return made


@overload(frozenset)
def frozenset_(iterable):
    """A new frozenset of the items of an iterable."""
    if isinstance(iterable, Set):
        ty = Set(iterable.elem_ty, is_frozen=True)

        def freeze(iterable):
            made = new(ty)
            for item in iterable:
                add_item(made, item)
            return made

        return freeze
    return _frozenset_of


def _frozenset_of(iterable):
    return frozenset(set(iterable))


@overload_method(Set, "copy")
def copy(self):
    """A new set of the same elements."""
    set_type(self)
    return _copy


def _copy(self):
    made = new(type_of(self))
    copy_table(self, made)
    return made


# ---- reading and changing -------------------------------------------------------------------


@overload_method(Set, "add")
def add(self, item):
    """Add an element, unless it is there."""
    ty = mutable(self)
    takes_item(ty, item)
    return Typed(add_item, (ty, ty.elem_ty))


@overload(set_add)
def comprehension_add(items, item):
    """`{item for ...}`."""
    return add.template(items, item)


def add_item(table, key):
    """Add an element, unless it is there."""
    hashed = key_hash(key)
    number = find_hashed(table, key, hashed) if get(table, "used") > 0 else -1
    if number < 0:
        insert(table, key, hashed)


@overload_method(Set, "discard")
def discard(self, item):
    """Take out an element, if it is there."""
    ty = mutable(self)
    takes_key(ty, item)
    return Typed(_discard, (ty, ty.elem_ty))


def _discard(self, item):
    number = find(self, item)
    if number >= 0:
        drop_entry(self, number)


@overload_method(Set, "remove")
def remove_(self, item):
    """Take out an element; KeyError if it is not there."""
    ty = mutable(self)
    takes_key(ty, item)
    return Typed(_remove, (ty, ty.elem_ty))


def _remove(self, item):
    number = find(self, item)
    if number < 0:
        raise_key_error(item)
    drop_entry(self, number)


def drop_entry(table, number):
    """Take out an element at its place."""
    drop_part(get(table, "entries"), number, 1)
    remove(table, number)


@overload_method(Set, "pop")
def pop(self):
    """Take out some element, and give it."""
    mutable(self)
    return _pop


def _pop(self):
    if get(self, "used") == 0:
        raise KeyError(EMPTY_SET)
    number = get(self, "filled") - 1  # the last is never a gap
    item = take_part(get(self, "entries"), number, 1)
    remove(self, number)
    return item


@overload_method(Set, "clear")
def clear_(self):
    """Take out all elements."""
    mutable(self)
    return clear


@overload_method(Set, "update")
def update(self, *others):
    """Add the items of iterables."""
    mutable(self)
    return _update


def _update(self, *others):
    if len(others) > 0:
        for item in others[0]:
            self.add(item)
        _update(self, *others[1:])


@overload(set_update)
def display_update(items, iterable):
    """`{*iterable}`."""
    mutable(items)
    return _display_update


def _display_update(items, iterable):
    for item in iterable:
        items.add(item)


@overload(key_hash)
def frozenset_hash(key):
    """Of a frozenset: whatever the order of its elements."""
    if not set_type(key).is_frozen:
        refuse("unhashable type: set")
    return _frozenset_hash


def _frozenset_hash(key):
    total = 0
    for item in key:
        total ^= scramble(key_hash(item) + 5)
    return scramble(total + get(key, "used"))
