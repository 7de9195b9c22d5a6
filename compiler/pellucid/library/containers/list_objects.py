"""Python's lists as arguments and results.

A list that is passed in is copied item by item, and remembers the Python list as its `origin`. When
the call is over, items that have changed since are put back into it; a list that is given to Python
and has an origin is that very list. One that was made in compiled code has the list as which it is
given first.
"""

from __future__ import annotations

from pellucid.codegen.boxing import Boxing
from pellucid.codegen.unboxing import Unboxing
from pellucid.inference.overloads import Intrinsic, overload
from pellucid.ir.protocol import box, build_dict, unbox, unbox_known, unwrap_optional, write_back
from pellucid.library.builtins.heap import get, new, put, resize_items
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.structs import field
from pellucid.library.containers.lists import add_last, list_type
from pellucid.library.containers.literal_lists import literal_list_type
from pellucid.library.containers.long_tuples import items_type, long_tuple
from pellucid.library.containers.shared import box_proxy, is_proxy_class, unbox_proxy
from pellucid.library.objects.calls import require_objects
from pellucid.library.objects.checks import identity, is_exact, is_null_object, is_same
from pellucid.library.objects.classes import builtin_class, call_with
from pellucid.library.objects.containers import (
    list_append,
    list_as_tuple,
    list_get,
    list_new,
    list_put,
    list_set_slice,
    list_size,
)
from pellucid.library.objects.conversion import list_box, list_unbox, marked, zero
from pellucid.library.objects.known import all_shown, note_joined, shown_by
from pellucid.library.text.machine import float_bits
from pellucid.types import (
    Boolean,
    Complex,
    Float,
    HeapType,
    JitInstance,
    Number,
    Optional,
    Tuple,
    Type,
    UnicodeType,
    boolean,
    complex128,
    float64,
    int64,
)
from pellucid.types.kinds import static

_NARROWER = {int64: (boolean,), float64: (int64, boolean), complex128: (float64, int64, boolean)}


@static
def is_in_place(ty: Type) -> bool:
    """Whether a value of a type, given as a dtype, is read from an object in machine code."""
    return Unboxing.reads(marked(ty), known_objects=False)


@static
def is_made_in_place(value: Type) -> bool:
    """Whether the object of a value is made in machine code."""
    return Boxing.makes(value, known_objects=False)


@static
def may_change(value: Type) -> bool:
    """Whether a value is one that code changes in place, apart from its object."""
    return isinstance(value, HeapType) and not isinstance(value, JitInstance)


@static
def elem_type(ty: Type) -> Type:
    """The element type of a list type that is given as a dtype."""
    return list_type(marked(ty)).elem_ty


@static
def narrower(ty: Type) -> tuple[Type, ...]:
    """The other types that a Python list may hold where its items have joined to a type."""
    return _NARROWER.get(marked(ty), ())


@overload(unbox)
def unbox_list(obj, ty):
    """A list whose items all have the element type."""
    require_objects(obj)
    list_type(marked(ty))
    return _unbox


def _unbox(obj, ty):
    if not is_exact(obj, "PyList_Type"):
        return unbox_proxy(obj, ty)
    count = list_size(obj)
    made = new(ty)
    room = resize_items(get(made, "items"), count)
    put(made, "items", room)
    put(made, "capacity", count)
    put(made, "origin", obj)
    if is_mutable(elem_type(ty)):
        return unbox_mutable(obj, made, elem_type(ty), zero(ty), build_dict())
    shown = 0
    for i in range(count):
        ok, item = unbox_exact(obj, i, elem_type(ty))
        if ok:
            shown |= shown_by(item)
        else:
            ok, item = unbox_joined(obj, i, elem_type(ty))
            if not ok:
                return False, zero(ty)
        store(room, i, item)
        put(made, "length", i + 1)
    if count > 0 and shown != all_shown(elem_type(ty)):
        note_joined()
    return True, made


def unbox_mutable(obj, made, ty, nothing, known):
    """(ok, a list with the items of a Python list), of which several may be one object.

    `known` has those that are values already, by the identity of their objects.
    """
    for i in range(get(made, "capacity")):
        item_obj = list_get(obj, i)
        name = identity(item_obj)
        if name in known:
            add_last(made, known[name])
        else:
            ok, item = unbox(item_obj, ty)
            if not ok:
                return False, nothing
            known[name] = item
            add_last(made, item)
    return True, made


@static
def is_mutable(ty: Type) -> bool:
    """Whether values of a type, given as a dtype, change in place."""
    return isinstance(marked(ty), HeapType)


def unbox_item(obj, at, ty):
    """(ok, the item of a Python list) at a position."""
    ok, item = unbox_exact(obj, at, ty)
    if not ok:
        return unbox_joined(obj, at, ty)
    return ok, item


def unbox_exact(obj, at, ty):
    """The same of what is of the item type itself."""
    if not is_in_place(ty):
        return unbox(list_get(obj, at), ty)
    return list_unbox(obj, at, ty)


def unbox_joined(obj, at, ty):
    """The same of what has a type that joined to the item type."""
    return unbox_narrower(obj, at, ty, narrower(ty))


def unbox_narrower(obj, at, ty, others):
    """The same of one of some other types, or of what `typeof` says that it converts."""
    if len(others) == 0:
        return unbox_known(list_get(obj, at), ty)
    ok, item = list_unbox(obj, at, others[0])
    if ok:
        return True, ty(item)
    return unbox_narrower(obj, at, ty, others[1:])


@overload(box)
def box_list(value):
    """The Python list that a list came from or went out as, up to date; else a new one."""
    list_type(value)
    return _box


def _box(value):
    origin = get(value, "origin")
    if not is_null_object(origin):
        if is_proxy_class(origin, type_marker(value)):
            return box_proxy(value)
        write_back(origin, value)
        return origin
    count = get(value, "length")
    made = list_new(count)
    put(value, "origin", made)
    items = get(value, "items")
    for i in range(count):
        box_item(made, i, load(items, i))
    put(value, "origin", made)
    return made


def box_item(obj, at, item):
    """Put an item into a Python list, at a position that it has."""
    if is_made_in_place(item):
        list_box(obj, at, item)
    else:
        list_put(obj, at, box(item))


@overload(write_back)
def write_back_list(obj, value):
    """The items that have changed, and those that were added or taken out."""
    require_objects(obj)
    list_type(value)
    return _write_back


def _write_back(obj, value):
    if not is_exact(obj, "PyList_Type"):
        return
    count, items = get(value, "length"), get(value, "items")
    had = list_size(obj)
    if had > count:
        list_set_slice(obj, count, had, list_new(0))
        had = count
    for i in range(had):
        update_item(obj, i, load(items, i))
    for i in range(had, count):
        list_append(obj, box(load(items, i)))


def update_item(obj, at, item):
    """Put an item into a Python list, unless it is there."""
    if may_change(item):
        old = list_get(obj, at)
        if is_same(old, get(item, "origin")):
            write_back(old, item)
        else:
            list_put(obj, at, box(item))
    else:
        ok, old = unbox_item(obj, at, type_marker(item))
        if not ok or not is_unchanged(old, item):
            box_item(obj, at, item)


@static
def type_marker(value: Type) -> Type:
    """The type of a value, as a dtype."""
    return value


def is_unchanged(old, item):
    """Whether nobody could tell two values apart; unknown is no."""
    match kind_of(item):
        case "float":
            return float_bits(old) == float_bits(item)
        case "complex":
            return is_unchanged(old.real, item.real) and is_unchanged(old.imag, item.imag)
        case "tuple":
            return are_unchanged(old, item)
        case "optional":
            if old is None or item is None:
                return old is None and item is None
            return is_unchanged(unwrap_optional(old), unwrap_optional(item))
        case "other":
            return old == item
        case _:
            return False


def are_unchanged(old, items):
    """The same of tuples."""
    if len(items) == 0:
        return True
    return is_unchanged(old[0], items[0]) and are_unchanged(old[1:], items[1:])


@static
def kind_of(item: Type) -> str:
    """How values of a type are told apart: equal floats may differ in their sign."""
    match item:
        case Float():
            return "float"
        case Complex():
            return "complex"
        case Tuple():
            return "tuple"
        case Optional():
            return "optional"
        case Number() | UnicodeType() | Boolean():
            return "other"
        case _:
            return "unknown"


def _is_held(obj, item):
    """Whether an object is that of a value that may change in place."""
    return _is_its_origin if may_change(item) else _never


def _is_its_origin(obj, item):
    return is_same(obj, get(item, "origin"))


def _never(obj, item):
    return False


is_held = Intrinsic("pellucid.library.is_held", _is_held)


@overload(box)
def box_literal_list(value):
    """A new list, of a list of items of several types."""
    literal_list_type(value)
    return _box_literal_list


def _box_literal_list(value):
    return call_with(builtin_class("PyList_Type"), box(field(value, "items")))


# ---- tuples of unknown length ---------------------------------------------------------------


@overload(unbox)
def unbox_long_tuple(obj, ty):
    """A tuple of any length whose items all have the element type."""
    require_objects(obj)
    items_type(marked(ty))
    return _unbox_long_tuple


def _unbox_long_tuple(obj, ty):
    if is_exact(obj, "PyTuple_Type"):
        ok, items = unbox(call_with(builtin_class("PyList_Type"), obj), list_in(ty))
        if ok:
            return True, long_tuple(items)
    return False, zero(ty)


@static
def list_in(ty: Type) -> Type:
    """The type of the list in a tuple of unknown length, given as a dtype."""
    return items_type(marked(ty))


@overload(box)
def box_long_tuple(value):
    """A new tuple."""
    items_type(value)
    return _box_long_tuple


def _box_long_tuple(value):
    return list_as_tuple(box(field(value, "items").copy()))


@overload(write_back)
def write_back_long_tuple(obj, value):
    """A tuple does not change; items that do are written back by those who hold them."""
    require_objects(obj)
    items_type(value)
    return _write_nothing


def _write_nothing(obj, value):
    pass
