"""Python's dicts and sets as arguments and results, as `list_objects.py` does it for lists."""

from __future__ import annotations

from typing import Any

from pellucid.inference.overloads import overload
from pellucid.ir.protocol import box, build_dict, unbox, write_back
from pellucid.library.builtins.heap import get, new, put
from pellucid.library.containers.dicts import dict_type, set_item
from pellucid.library.containers.entries import get_part
from pellucid.library.containers.key_hashes import GONE
from pellucid.library.containers.list_objects import is_unchanged, may_change, type_marker
from pellucid.library.containers.sets import add_item, set_type
from pellucid.library.containers.shared import box_proxy, is_proxy_class, unbox_proxy
from pellucid.library.containers.tables import find, next_entry
from pellucid.library.objects.calls import require_objects
from pellucid.library.objects.checks import identity, is_exact, is_null_object, is_same
from pellucid.library.objects.containers import (
    dict_clear,
    dict_new,
    dict_next,
    dict_set,
    dict_size,
    frozenset_new,
    iterator_next,
    iterator_of,
    set_add,
    set_clear,
    set_new,
    set_size,
)
from pellucid.library.objects.conversion import marked, zero
from pellucid.types import HeapType, Set, Type
from pellucid.types.kinds import static


@static
def key_of(ty: Type) -> Type:
    """The type of the keys, of a dict type given as a dtype."""
    return dict_type(marked(ty)).key_ty


@static
def value_of(ty: Type) -> Type:
    """The type of the values, of a dict type given as a dtype."""
    return dict_type(marked(ty)).value_ty


@static
def elem_of(ty: Type) -> Type:
    """The type of the elements, of a set type given as a dtype."""
    return set_type(marked(ty)).elem_ty


# ---- dicts ----------------------------------------------------------------------------------


@overload(unbox)
def unbox_dict(obj, ty):
    """A dict whose keys, and whose values, all have the types."""
    require_objects(obj)
    dict_type(marked(ty))
    return _unbox_mutable if isinstance(marked(ty).value_ty, HeapType) else _unbox_dict


def _unbox_dict(obj, ty):
    if not is_exact(obj, "PyDict_Type"):
        return unbox_proxy(obj, ty)
    made = new(ty)
    put(made, "origin", obj)
    more, position, key_obj, value_obj = dict_next(obj, 0)
    while more:
        ok, key = unbox(key_obj, key_of(ty))
        if not ok:
            return False, zero(ty)
        ok, value = unbox(value_obj, value_of(ty))
        if not ok:
            return False, zero(ty)
        set_item(made, key, value)
        more, position, key_obj, value_obj = dict_next(obj, position)
    return True, made


def _unbox_mutable(obj, ty):
    # Several of the values may be one object.
    if not is_exact(obj, "PyDict_Type"):
        return unbox_proxy(obj, ty)
    made = new(ty)
    put(made, "origin", obj)
    known = build_dict()
    more, position, key_obj, value_obj = dict_next(obj, 0)
    while more:
        ok, key = unbox(key_obj, key_of(ty))
        if not ok:
            return False, zero(ty)
        name = identity(value_obj)
        if name not in known:
            ok, value = unbox(value_obj, value_of(ty))
            if not ok:
                return False, zero(ty)
            known[name] = value
        set_item(made, key, known[name])
        more, position, key_obj, value_obj = dict_next(obj, position)
    return True, made


@overload(box)
def box_dict(value):
    """The Python dict that a dict came from or went out as, up to date; else a new one."""
    dict_type(value)
    return _box_dict


def _box_dict(value):
    origin = get(value, "origin")
    if not is_null_object(origin):
        if is_proxy_class(origin, type_marker(value)):
            return box_proxy(value)
        write_back(origin, value)
        return origin
    made = dict_new()
    put(value, "origin", made)
    fill_dict(made, value)
    put(value, "origin", made)
    return made


def fill_dict(obj, table):
    """Put all items into a Python dict."""
    entries = get(table, "entries")
    for number in range(get(table, "filled")):
        if get_part(entries, number, 0) != GONE:
            dict_set(obj, box(get_part(entries, number, 1)), box(get_part(entries, number, 2)))


@overload(write_back)
def write_back_dict(obj, value):
    """The items that have changed."""
    require_objects(obj)
    dict_type(value)
    return _write_back_dict


def _write_back_dict(obj, value):
    if not is_exact(obj, "PyDict_Type"):
        return
    if not has_same_keys(obj, value):
        dict_clear(obj)
        fill_dict(obj, value)
        return
    entries = get(value, "entries")
    number = next_entry(value, 0)
    more, position, key_obj, value_obj = dict_next(obj, 0)
    while more:
        item = get_part(entries, number, 2)
        if may_change(item):
            if is_same(value_obj, get(item, "origin")):
                write_back(value_obj, item)
            else:
                dict_set(obj, key_obj, box(item))
        else:
            ok, old = unbox(value_obj, type_marker(item))
            if not ok or not is_unchanged(old, item):
                dict_set(obj, key_obj, box(item))
        number = next_entry(value, number + 1)
        more, position, key_obj, value_obj = dict_next(obj, position)


def has_same_keys(obj, table):
    """Whether a Python dict has the keys of a table, in its order."""
    if dict_size(obj) != get(table, "used"):
        return False
    entries = get(table, "entries")
    number = next_entry(table, 0)
    more, position, key_obj, _ = dict_next(obj, 0)
    while more:
        key = get_part(entries, number, 1)
        ok, old = unbox(key_obj, type_marker(key))
        if not ok or old != key:
            return False
        number = next_entry(table, number + 1)
        more, position, key_obj, _ = dict_next(obj, position)
    return True


# ---- sets -----------------------------------------------------------------------------------


@overload(unbox)
def unbox_set(obj, ty):
    """A set, or frozenset, whose elements all have the type."""
    require_objects(obj)
    name = "PyFrozenSet_Type" if set_type(marked(ty)).is_frozen else "PySet_Type"

    def unbox_elements(obj, ty):
        if not is_exact(obj, name):
            return unbox_other(obj, ty)
        made = new(ty)
        put(made, "origin", obj)
        iterator = iterator_of(obj)
        more, item_obj = iterator_next(iterator)
        while more:
            ok, item = unbox(item_obj, elem_of(ty))
            if not ok:
                return False, zero(ty)
            add_item(made, item)
            more, item_obj = iterator_next(iterator)
        return True, made

    return unbox_elements


def unbox_other(obj, ty):
    """(ok, the set of a proxy); there are none of frozensets."""
    if is_frozen(ty):
        return False, zero(ty)
    return unbox_proxy(obj, ty)


@static
def is_frozen(ty: Type) -> bool:
    """Whether a set type, given as a dtype, is that of frozensets."""
    return set_type(marked(ty)).is_frozen


@overload(box)
def box_set(value):
    """The Python set that a set came from or went out as, up to date; else a new one."""
    make: Any = frozenset_new if set_type(value).is_frozen else set_new

    def box_elements(value):
        origin = get(value, "origin")
        if not is_null_object(origin):
            if is_shared(origin, value):
                return box_proxy(value)
            write_back(origin, value)
            return origin
        made = make()
        put(value, "origin", made)
        fill_set(made, value)
        put(value, "origin", made)
        return made

    return box_elements


def is_shared(origin, value):
    """Whether a set goes out as a proxy."""
    if is_frozen(type_marker(value)):
        return False
    return is_proxy_class(origin, type_marker(value))


def fill_set(obj, table):
    """Put all elements into a Python set."""
    for item in table:
        set_add(obj, box(item))


@overload(write_back)
def write_back_set(obj, value):
    """The elements that came and went."""
    require_objects(obj)
    set_type(value)
    return _nothing if value.is_frozen else _write_back_set


def _nothing(obj, value):
    pass


def _write_back_set(obj, value):
    if is_exact(obj, "PySet_Type") and not has_same_elements(obj, value):
        set_clear(obj)
        fill_set(obj, value)


def has_same_elements(obj, table):
    """Whether a Python set has the elements of a table."""
    if set_size(obj) != get(table, "used"):
        return False
    iterator = iterator_of(obj)
    more, item_obj = iterator_next(iterator)
    while more:
        ok, item = unbox(item_obj, elem_marker(table))
        if not ok or find(table, item) < 0:
            return False
        more, item_obj = iterator_next(iterator)
    return True


@static
def elem_marker(table: Type) -> Type:
    """The element type of a set, as a dtype."""
    assert isinstance(table, Set)
    return table.elem_ty
