"""Python's dicts and sets as arguments and results, as `list_objects.py` does it for lists."""

from __future__ import annotations

from typing import Any

from pellucid.inference.overloads import Intrinsic, overload, refuse
from pellucid.ir.protocol import box, build_dict, unbox, unbox_known, write_back
from pellucid.library.builtins.heap import get, new, put
from pellucid.library.containers.dicts import dict_type, set_item
from pellucid.library.containers.entries import get_part
from pellucid.library.containers.key_hashes import GONE
from pellucid.library.containers.list_objects import (
    is_unchanged,
    may_change,
    narrower,
    type_marker,
)
from pellucid.library.containers.sets import add_item, set_type
from pellucid.library.containers.shared import box_proxy, is_proxy_class, unbox_proxy
from pellucid.library.containers.tables import find, next_entry
from pellucid.library.objects.calls import require_objects
from pellucid.library.objects.checks import identity, is_exact, is_null_object, is_same
from pellucid.library.objects.classes import (
    builtin_class,
    call_object,
    call_with,
    class_object,
    has_class,
    known_class,
    object_attribute,
)
from pellucid.library.objects.containers import (
    dict_clear,
    dict_new,
    dict_next,
    dict_set,
    dict_size,
    frozenset_of,
    item_set,
    iterator_next,
    iterator_of,
    set_add,
    set_clear,
    set_new,
    set_size,
)
from pellucid.library.objects.conversion import marked, zero
from pellucid.library.objects.known import all_shown, note_joined, shown_by
from pellucid.types import (
    Callable,
    DefaultDict,
    Dict,
    HeapType,
    NoneType,
    OrderedDict,
    PyObject,
    Set,
    Type,
)
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
    """A dict of the kind whose keys, and whose values, all have the types."""
    require_objects(obj)
    dict_type(marked(ty))
    return _unbox_dict


def _unbox_dict(obj, ty):
    if not is_of_kind(obj, ty):
        return unbox_other_dict(obj, ty)
    made = new(ty)
    put(made, "origin", obj)
    if has_factory(ty):
        ok, factory = unbox_factory(object_attribute(obj, "default_factory"), ty)
        if not ok:
            return False, zero(ty)
        put(made, "factory", factory)
    if has_mutable_values(ty):
        return fill_mutable(made, in_order(obj, ty), ty), made
    return fill_plain(made, in_order(obj, ty), ty), made


@static
def is_plain_dict(ty: Type) -> bool:
    """Whether a dict type, given as a dtype, is that of dicts of no special kind."""
    return type(marked(ty)) is Dict


@static
def has_factory(ty: Type) -> bool:
    """Whether a dict type, given as a dtype, is that of defaultdicts."""
    return isinstance(marked(ty), DefaultDict)


@static
def is_ordered(ty: Type) -> bool:
    """Whether a dict type, given as a dtype, is that of OrderedDicts."""
    return isinstance(marked(ty), OrderedDict)


@static
def has_mutable_values(ty: Type) -> bool:
    """Whether several values of a dict may be one object."""
    return isinstance(dict_type(marked(ty)).value_ty, HeapType)


def is_of_kind(obj, ty):
    """Whether an object is a dict of exactly the kind of a type."""
    return is_exact(obj, "PyDict_Type") if is_plain_dict(ty) else has_class(obj, ty)


def unbox_other_dict(obj, ty):
    """(ok, the dict of a proxy); there are none of special kinds."""
    return unbox_proxy(obj, ty) if is_plain_dict(ty) else (False, zero(ty))


def in_order(obj, ty):
    """A dict that `dict_next` goes over in the order of an object's items: an OrderedDict's own."""
    return call_with(builtin_class("PyDict_Type"), obj) if is_ordered(ty) else obj


def fill_plain(made, obj, ty):
    """Take over the items of a Python dict; tells whether all are of the types.

    Values may be ints where some are floats, or a factory makes floats.
    """
    shown_keys, shown = 0, all_shown(value_of(ty)) if has_factory(ty) else 0
    more, position, key_obj, value_obj = dict_next(obj, 0)
    is_empty = not more
    while more:
        ok, key, shown_by_key = unbox_part(key_obj, key_of(ty))
        if not ok:
            return False
        ok, value, shown_by_value = unbox_part(value_obj, value_of(ty))
        if not ok:
            return False
        shown_keys, shown = shown_keys | shown_by_key, shown | shown_by_value
        set_item(made, key, value)
        more, position, key_obj, value_obj = dict_next(obj, position)
    note_shown(is_empty, shown_keys, key_of(ty))
    note_shown(is_empty, shown, value_of(ty))
    return True


def unbox_part(obj, ty):
    """(ok, the value of an object, what it shows) of what is of a type, or joined to it."""
    ok, value = unbox(obj, ty)
    if ok:
        return True, value, shown_by(value)
    ok, value = unbox_narrower(obj, ty, narrower(ty))
    return ok, value, 0


def note_shown(is_empty, shown, ty):
    """Tell the entry if the items of a container may have another type."""
    if not is_empty and shown != all_shown(ty):
        note_joined()


def unbox_number(obj, ty):
    """As `unbox`, also of what a type was joined from: an int may stand for a float."""
    ok, value = unbox(obj, ty)
    if not ok:
        return unbox_narrower(obj, ty, narrower(ty))
    return ok, value


def unbox_narrower(obj, ty, others):
    """(ok, the value of what is of one of some types that convert to `ty`)."""
    if len(others) == 0:
        return unbox_known(obj, ty)
    ok, value = unbox(obj, others[0])
    if ok:
        return True, ty(value)
    return unbox_narrower(obj, ty, others[1:])


def fill_mutable(made, obj, ty):
    """The same of values that change in place, of which several may be one object."""
    known, shown = build_dict(), 0
    more, position, key_obj, value_obj = dict_next(obj, 0)
    is_empty = not more
    while more:
        ok, key, shown_by_key = unbox_part(key_obj, key_of(ty))
        if not ok:
            return False
        shown |= shown_by_key
        name = identity(value_obj)
        if name not in known:
            ok, value = unbox(value_obj, value_of(ty))
            if not ok:
                return False
            known[name] = value
        set_item(made, key, known[name])
        more, position, key_obj, value_obj = dict_next(obj, position)
    note_shown(is_empty, shown, key_of(ty))
    return True


@overload(box)
def box_dict(value):
    """The Python dict that a dict came from or went out as, up to date; else a new one."""
    dict_type(value)
    return _box_dict


def _box_dict(value):
    origin = get(value, "origin")
    if not is_null_object(origin):
        if is_shared_dict(origin, value):
            return box_proxy(value)
        write_back(origin, value)
        return origin
    made = new_dict(value)
    fill_dict(made, value)
    put(value, "origin", made)
    return made


def is_shared_dict(origin, value):
    """Whether a dict goes out as a proxy."""
    if is_plain_dict(type_marker(value)):
        return is_proxy_class(origin, type_marker(value))
    return False


def new_dict(value):
    """An empty Python dict of the kind of a dict."""
    ty = type_marker(value)
    if is_plain_dict(ty):
        return dict_new()
    if has_factory(ty):
        return call_with(class_object(ty), box_factory(value))
    return call_object(class_object(ty), box(()))


def fill_dict(obj, table):
    """Put all items into a Python dict."""
    entries = get(table, "entries")
    for number in range(get(table, "filled")):
        if get_part(entries, number, 0) != GONE:
            key, value = get_part(entries, number, 1), get_part(entries, number, 2)
            set_object(obj, box(key), box(value), type_marker(table))


def set_object(obj, key, value, ty):
    """`obj[key] = value` of a Python dict of the kind of a type."""
    if is_ordered(ty):
        item_set(obj, key, value)
    else:
        dict_set(obj, key, value)


def clear_object(obj, ty):
    """`obj.clear()` of a Python dict of the kind of a type."""
    if is_ordered(ty):
        call_object(object_attribute(obj, "clear"), box(()))
    else:
        dict_clear(obj)


@overload(write_back)
def write_back_dict(obj, value):
    """The items that have changed."""
    require_objects(obj)
    dict_type(value)
    return _write_back_dict


def _write_back_dict(obj, value):
    ty = type_marker(value)
    if not is_of_kind(obj, ty):
        return
    source = in_order(obj, ty)
    if not has_same_keys(source, value):
        clear_object(obj, ty)
        fill_dict(obj, value)
        return
    entries = get(value, "entries")
    number = next_entry(value, 0)
    more, position, key_obj, value_obj = dict_next(source, 0)
    while more:
        item = get_part(entries, number, 2)
        if may_change(item):
            if is_same(value_obj, get(item, "origin")):
                write_back(value_obj, item)
            else:
                set_object(obj, key_obj, box(item), ty)
        else:
            ok, old = unbox_number(value_obj, type_marker(item))
            if not ok or not is_unchanged(old, item):
                set_object(obj, key_obj, box(item), ty)
        number = next_entry(value, number + 1)
        more, position, key_obj, value_obj = dict_next(source, position)


def has_same_keys(obj, table):
    """Whether a Python dict has the keys of a table, in its order."""
    if dict_size(obj) != get(table, "used"):
        return False
    entries = get(table, "entries")
    number = next_entry(table, 0)
    more, position, key_obj, _ = dict_next(obj, 0)
    while more:
        key = get_part(entries, number, 1)
        ok, old = unbox_number(key_obj, type_marker(key))
        if not ok or old != key:
            return False
        number = next_entry(table, number + 1)
        more, position, key_obj, _ = dict_next(obj, position)
    return True


# ---- what makes the values of a defaultdict -------------------------------------------------


def _factory_type(ty: Type) -> Type:
    assert isinstance(ty, DefaultDict)
    assert ty.factory is not None
    return ty.factory


def _unbox_factory(obj, ty):
    factory = _factory_type(marked(ty))
    if isinstance(factory, Callable):

        def is_class(obj, ty):
            return is_same(obj, known_class(factory)), get_factory(ty)

        return is_class

    def impl(obj, ty):
        return unbox(obj, factory)

    return impl


unbox_factory = Intrinsic("pellucid.library.unbox_factory", _unbox_factory)


@static
def get_factory(ty: Type) -> Any:
    """The class that a defaultdict calls, of a type given as a dtype."""
    factory = _factory_type(marked(ty))
    assert isinstance(factory, Callable)
    return factory.pyobj


def _box_factory(table):
    factory = _factory_type(table)
    if isinstance(factory, (NoneType, PyObject)):
        return _box_object
    if not isinstance(factory, Callable) or not isinstance(factory.pyobj, type):
        refuse(
            "a defaultdict whose factory is a function of compiled code cannot be given to Python;"
            " give dict(d)"
        )

    def impl(table):
        return known_class(factory)

    return impl


def _box_object(table):
    return box(get(table, "factory"))


box_factory = Intrinsic("pellucid.library.box_factory", _box_factory)


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
        is_empty, shown = not more, 0
        while more:
            ok, item, shown_by_item = unbox_part(item_obj, elem_of(ty))
            if not ok:
                return False, zero(ty)
            shown |= shown_by_item
            add_item(made, item)
            more, item_obj = iterator_next(iterator)
        note_shown(is_empty, shown, elem_of(ty))
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
    return _box_frozenset if set_type(value).is_frozen else _box_set


def _box_set(value):
    origin = get(value, "origin")
    if not is_null_object(origin):
        if is_shared(origin, value):
            return box_proxy(value)
        write_back(origin, value)
        return origin
    made = set_new()
    put(value, "origin", made)
    fill_set(made, value)
    return made


def _box_frozenset(value):
    origin = get(value, "origin")
    if not is_null_object(origin):
        return origin
    # C adds to a frozenset only while there is one reference to it: so it is made of a set.
    elements = set_new()
    fill_set(elements, value)
    made = frozenset_of(elements)
    put(value, "origin", made)
    return made


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
        ok, item = unbox_number(item_obj, elem_marker(table))
        if not ok or find(table, item) < 0:
            return False
        more, item_obj = iterator_next(iterator)
    return True


@static
def elem_marker(table: Type) -> Type:
    """The element type of a set, as a dtype."""
    assert isinstance(table, Set)
    return table.elem_ty
