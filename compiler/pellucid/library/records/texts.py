"""The text of named tuples, members of enumerations and dataclass instances."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import join_str
from pellucid.library.builtins.heap import get
from pellucid.library.records.data_objects import by_field, position
from pellucid.library.records.enums import code_of, position_of
from pellucid.types import DataClass, EnumMember, Instance, Tuple, Type
from pellucid.types.instance import own_function


def _call(method: Any) -> Callable[..., Any]:
    def call(object):
        return method(object)

    return call


@overload(repr)
def repr_(object):
    """The text of an instance: `Point(x=1, y=2)`, `<Color.RED: 1>`."""
    method = own_function(object, "__repr__")
    if method is not None:
        return _call(method)
    ty = object.base
    if isinstance(ty, EnumMember):
        return _flags_repr(ty) if ty.is_flag else _member_repr(ty)
    if isinstance(ty, DataClass) and ty.pyclass.__dataclass_params__.repr:
        return _with_fields(ty.pyclass.__qualname__)
    if isinstance(ty, Tuple) and ty.cls is not None:
        return _with_fields(ty.pyclass.__name__)
    return refuse(f"a {ty} has no text in compiled code")


@overload(str)
def str_(object):
    """As `repr`; of a member of an enumeration, its class and name."""
    method = own_function(object, "__str__")
    if method is not None:
        return _call(method)
    ty = object.base
    if isinstance(ty, EnumMember):
        if ty.is_int:
            refuse(f"a {ty} is written as an int")
        return _flags_str(ty) if ty.is_flag else _member_str(ty)
    if not isinstance(ty, Instance) and not (isinstance(ty, Tuple) and ty.cls is not None):
        refuse(f"a {ty} is no instance of a user's class")
    return _as_repr


def _as_repr(object):
    return repr(object)


# ---- fields ---------------------------------------------------------------------------------


def _with_fields(name: str) -> Callable[..., Any]:
    def impl(object):
        return join_str(name, "(", fields_text(object, 0), ")")

    return impl


def _shown(ty: Type) -> list[str]:
    if isinstance(ty, DataClass):
        return [f.name for f in dataclasses.fields(ty.pyclass) if f.repr]
    assert isinstance(ty, Tuple)
    return list(ty.names)


def _fields_text(object, at):
    """`x=1, y=2`, from a field on."""
    names, number = _shown(object), position(at)
    if number == len(names):
        return _nothing
    name = names[number]
    start = f", {name}=" if number else f"{name}="

    def from_object(object, at):
        return join_str(start, repr(get(object, name)), fields_text(object, at + 1))

    def from_tuple(object, at):
        return join_str(start, repr(object[at]), fields_text(object, at + 1))

    return from_object if isinstance(object, DataClass) else from_tuple


def _nothing(object, at):
    return ""


fields_text = by_field("fields_text", _fields_text)


# ---- members --------------------------------------------------------------------------------


def _texts_of(ty: EnumMember, texts: tuple[str, ...]) -> Callable[..., Any]:
    """What reads the text of a member."""
    if not ty.is_by_value:

        def read(object):
            return texts[code_of(object)]

        return read
    values = tuple(ty.code(each) for each in ty.members)

    def find(object):
        return texts[position_of(values, code_of(object))]

    return find


def _member_repr(ty: EnumMember) -> Callable[..., Any]:
    return _texts_of(ty, tuple(map(repr, ty.members)))


def _member_str(ty: EnumMember) -> Callable[..., Any]:
    return _texts_of(ty, tuple(map(str, ty.members)))


def _flag_names(ty: EnumMember) -> tuple[tuple[str, ...], tuple[int, ...], str]:
    members = [each for each in ty.members if each.value]
    zero = next((each.name for each in ty.pyclass.__members__.values() if not each.value), "")
    names = tuple(str(each.name) for each in members)
    return names, tuple(int(each.value) for each in members), zero


def flag_name(code, names, values, zero):
    """`READ|WRITE`, of the flags that are set; bits without a name as a number."""
    if code == 0:
        return zero
    text, rest = "", code
    for i in range(len(values)):
        if code & values[i] == values[i]:
            text = names[i] if len(text) == 0 else join_str(text, "|", names[i])
            rest &= ~values[i]
    if rest == 0:
        return text
    return str(rest) if len(text) == 0 else join_str(text, "|", str(rest))


def _flags_repr(ty: EnumMember) -> Callable[..., Any]:
    names, values, zero = _flag_names(ty)
    name = ty.pyclass.__name__

    def impl(object):
        code = code_of(object)
        text = flag_name(code, names, values, zero)
        return join_str("<", name, "." if len(text) > 0 else "", text, ": ", str(code), ">")

    return impl


def _flags_str(ty: EnumMember) -> Callable[..., Any]:
    names, values, zero = _flag_names(ty)
    name = ty.pyclass.__name__

    def impl(object):
        code = code_of(object)
        text = flag_name(code, names, values, zero)
        if len(text) > 0:
            return join_str(name, ".", text)
        return join_str(name, "(", str(code), ")")

    return impl
