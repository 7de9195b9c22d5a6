"""Instances of dataclasses and of plain classes as arguments and results.

An instance that is passed in is read field by field, and remembers the object as its `origin`. When
the call is over, fields that have changed are assigned to the object; an instance that is given to
Python and has an origin is that very object. What was changed in a mutable object that is then no
longer held by anything that came in or goes out, is not seen outside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Intrinsic, overload, refuse
from pellucid.ir.protocol import box, read_back, unbox, write_back
from pellucid.library.builtins.heap import get, new, put
from pellucid.library.containers.list_objects import (
    is_held,
    is_in_place,
    is_unchanged,
    may_change,
    type_marker,
)
from pellucid.library.objects.calls import require_objects
from pellucid.library.objects.checks import is_null_object, is_same
from pellucid.library.objects.classes import (
    assign_attribute,
    has_attribute,
    has_class,
    new_instance,
    object_attribute,
)
from pellucid.library.objects.conversion import marked, read_as, zero
from pellucid.types import DataClass, Literal, PlainInstance, Type
from pellucid.types.dataclass import declared_fields
from pellucid.types.plain import SET


def dataclass_type(ty: Type) -> DataClass:
    """`ty`, which must be the type of a dataclass instance; refuses others."""
    if not isinstance(ty, DataClass):
        refuse(f"{ty.base} is no dataclass instance")
    return ty


def copied_type(ty: Type) -> DataClass | PlainInstance:
    """`ty`, which must be the type of an instance that is copied in; refuses others."""
    if not isinstance(ty, (DataClass, PlainInstance)):
        refuse(f"{ty.base} is no instance of a dataclass or a plain class")
    if isinstance(ty, PlainInstance) and ty.is_knot:
        refuse(f"a {ty.pyclass.__name__} that may hold others cannot be given to Python")
    return ty


def _flag_of(ty: DataClass | PlainInstance, name: str) -> str | None:
    """The field that tells whether an attribute is assigned; None if it always is."""
    is_optional = isinstance(ty, PlainInstance) and ty.may_be_unset(name)
    return f"{name}{SET}" if is_optional else None


def position(ty: Type) -> int:
    """The number of a field, which is known."""
    if not isinstance(ty, Literal) or not isinstance(ty.value, int):
        refuse(f"{ty} is not a position known while compiling")
    return ty.value


def by_field(name: str, template: Callable[..., Any]) -> Intrinsic:
    """A function that goes over the fields: its parameter `at` is the number of one."""
    return Intrinsic(f"pellucid.library.{name}", template, frozenset({"at"}))


@overload(unbox)
def unbox_instance(obj, ty):
    """An instance of exactly the class, whose fields all have the types."""
    require_objects(obj)
    copied_type(marked(ty))
    return _unbox


def _unbox(obj, ty):
    if not has_class(obj, ty):
        return False, zero(ty)
    made = new(ty)
    put(made, "origin", obj)
    return unbox_fields(obj, made, ty, 0), made


def _unbox_fields(obj, made, ty, at):
    """Read the fields from a position on; tells whether all are of the types."""
    held = copied_type(made)
    if position(at) == len(held.field_tys):
        return _all_read
    name, field_ty = held.fields[position(at)]
    read: Any = unbox
    if isinstance(held, DataClass) and declared_fields(held.cls.pyobj)[position(at)] is not None:
        read = unbox_field  # the annotation says the type, and what converts to it is one
    flag = _flag_of(held, name)

    def impl_if_set(obj, made, ty, at):
        if has_attribute(obj, name):
            ok, value = read(object_attribute(obj, name), field_ty)
            if not ok:
                return False
            put(made, name, value)
            put(made, flag, True)
        return unbox_fields(obj, made, ty, at + 1)

    if flag is not None:
        return impl_if_set

    def impl(obj, made, ty, at):
        ok, value = read(object_attribute(obj, name), field_ty)
        if not ok:
            return False
        put(made, name, value)
        return unbox_fields(obj, made, ty, at + 1)

    return impl


def _all_read(obj, made, ty, at):
    return True


unbox_fields = by_field("unbox_fields", _unbox_fields)


def unbox_field(obj, ty):
    """(ok, the value of what a field holds): an int may stand for a float."""
    return read_as(obj, ty) if is_in_place(ty) else unbox(obj, ty)


@overload(box)
def box_instance(value):
    """The object that an instance came from, brought up to date; else a new one."""
    copied_type(value)
    return _box


def _box(value):
    origin = get(value, "origin")
    if not is_null_object(origin):
        write_back(origin, value)
        return origin
    made = new_instance(type_marker(value))
    put(value, "origin", made)
    box_fields(made, value, 0)
    return made


def _box_fields(obj, value, at):
    held = copied_type(value)
    if position(at) == len(held.field_tys):
        return _nothing
    name = held.names[position(at)]
    flag = _flag_of(held, name)

    def impl_if_set(obj, value, at):
        if get(value, flag):
            assign_attribute(obj, name, box(get(value, name)))
        box_fields(obj, value, at + 1)

    if flag is not None:
        return impl_if_set

    def impl(obj, value, at):
        assign_attribute(obj, name, box(get(value, name)))
        box_fields(obj, value, at + 1)

    return impl


def _nothing(obj, value, at):
    pass


box_fields = by_field("box_fields", _box_fields)


@overload(write_back)
def write_back_instance(obj, value):
    """The fields that have changed."""
    require_objects(obj)
    copied_type(value)
    return _write_back


def _write_back(obj, value):
    write_fields(obj, value, 0)


def _write_fields(obj, value, at):
    held = copied_type(value)
    if position(at) == len(held.field_tys):
        return _nothing
    name, field_ty = held.fields[position(at)]
    if held.is_frozen and not field_ty.is_managed:

        def skip(obj, value, at):
            write_fields(obj, value, at + 1)

        return skip
    flag = _flag_of(held, name)

    def impl_if_set(obj, value, at):
        if get(value, flag):
            if has_attribute(obj, name):
                update_field(obj, name, get(value, name))
            else:
                assign_attribute(obj, name, box(get(value, name)))
        write_fields(obj, value, at + 1)

    if flag is not None:
        return impl_if_set

    def impl(obj, value, at):
        update_field(obj, name, get(value, name))
        write_fields(obj, value, at + 1)

    return impl


write_fields = by_field("write_fields", _write_fields)


def _update_field(obj, name, item):
    return _update_object if may_change(item) else _update_value


def _update_object(obj, name, item):
    old = object_attribute(obj, name)
    if is_same(old, get(item, "origin")):
        write_back(old, item)
    else:
        assign_attribute(obj, name, box(item))


def _update_value(obj, name, item):
    ok, old = unbox_field(object_attribute(obj, name), type_marker(item))
    if not ok or not is_unchanged(old, item):
        assign_attribute(obj, name, box(item))


update_field = Intrinsic("pellucid.library.update_field", _update_field, frozenset({"name"}))


@overload(read_back)
def read_back_instance(obj, value):
    """The fields that Python code has assigned, and what it has changed in them."""
    require_objects(obj)
    dataclass_type(value)
    return _read_back


def _read_back(obj, value):
    read_fields(obj, value, 0)


def _read_fields(obj, value, at):
    held = dataclass_type(value)
    if position(at) == len(held.field_tys):
        return _nothing
    name, field_ty = held.fields[position(at)]
    message = f"Python code set a field of a `{held.cls.pyobj.__name__}` to a value of another type"
    read: Any = unbox if declared_fields(held.cls.pyobj)[position(at)] is None else unbox_field

    def impl(obj, value, at):
        found = object_attribute(obj, name)
        if is_held(found, get(value, name)):
            read_back(found, get(value, name))
        else:
            ok, item = read(found, field_ty)
            if not ok:
                raise TypeError(message)
            put(value, name, item)
        read_fields(obj, value, at + 1)

    return impl


read_fields = by_field("read_fields", _read_fields)
