"""Attributes of instances of users' classes: fields that are read and assigned, properties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import (
    Knot,
    Widening,
    bind,
    intrinsic,
    joined_fields,
    of_class,
    overload,
    refuse,
    tied,
    tied_type,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import present, unwrap_optional
from pellucid.library.builtins import heap
from pellucid.library.builtins.heap import get, put
from pellucid.library.containers.shared import is_container, share
from pellucid.types import (
    Boolean,
    FunctionType,
    HeapType,
    Instance,
    JitInstance,
    Literal,
    Number,
    Optional,
    PlainInstance,
    Tuple,
    Type,
    TypeVariable,
    UnicodeType,
    boolean,
)
from pellucid.types.convert import can_convert
from pellucid.types.heap import all_types
from pellucid.types.instance import class_member
from pellucid.types.plain import SET
from pellucid.types.unify import unify


def instance_of(ty: Type) -> Instance:
    """`ty`, which must be the type of an instance; refuses others."""
    if not isinstance(ty, Instance):
        refuse(f"{ty.base} is no instance of a user's class")
    return ty


@overload("pellucid.types.Instance.get", literals=("name",), inline=True)
def get_field(obj, name):
    """A field of an instance; AttributeError if nothing was assigned to it."""
    ty = instance_of(obj)
    assert isinstance(name, Literal)
    text = str(name.value)
    message = f"{ty.pyclass.__name__!r} object has no attribute {text!r}"
    if isinstance(ty, PlainInstance) and ty.may_be_unset(text):
        flag = f"{text}{SET}"

        def assigned(obj, name):
            if not get(obj, flag):
                raise AttributeError(message)
            return get(obj, text)

        return assigned
    if not isinstance(ty, JitInstance) or _reference(ty.field_type(text)) is None:
        return heap.get.template(obj, name)

    def checked(obj, name):
        if is_null_field(obj, text):
            raise AttributeError(message)
        return get(obj, text)

    return checked


def _reference(ty: Type) -> tuple[int, ...] | None:
    """Where in a value is what is zero only if nothing was assigned; None if nowhere."""
    if isinstance(ty, HeapType):
        return ()
    if isinstance(ty, UnicodeType):
        return (3,)  # the width of its characters
    if isinstance(ty, FunctionType):
        return (1,)
    if isinstance(ty, Tuple):
        for index, elem in enumerate(ty.elems):
            found = _reference(elem)
            if found is not None:
                return (index, *found)
    return None


@intrinsic
def is_null_field(obj, name):
    """Whether nothing was assigned to a field that holds a reference."""
    ty, text = instance_of(obj), str(name.value)
    place = _reference(ty.field_type(text))
    assert place is not None

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        value = cg.load_field(ty, args[0], text)
        for index in place:
            value = cg.builder.extract_value(value, index)
        return cg.builder.icmp_unsigned("==", value, ll.Constant(value.type, None))

    def run(value: Any, _: str) -> bool:
        return not value.fields[text]

    return Primitive(f"no .{text}", boolean(ty, name), lower, run, Effects.READS)


@overload(present, literals=("name",), inline=True)
def present_(instance, name):
    """An instance that must not be None, to be asked for an attribute."""
    message = f"'NoneType' object has no attribute {name.value!r}"

    def impl(instance, name):
        if instance is None:
            raise AttributeError(message)
        return unwrap_optional(instance)

    return impl


def _assign_present(obj, name, value):
    setattr(present(obj, name), name, value)


@overload(setattr)
def setattr_(obj, name, value):
    """`obj.name = value`; the field keeps its type."""
    if isinstance(obj, Optional) and isinstance(obj.value_ty, Instance):
        return _assign_present
    ty = instance_of(obj)
    text = name.value if isinstance(name, Literal) else None
    if not isinstance(text, str):
        refuse("setattr() takes a constant name in compiled code")
    if text not in ty.names or isinstance(class_member(ty.pyclass, text), property):
        return _set_property(ty, text)
    if ty.is_frozen:
        refuse(f"cannot assign to field {text!r} of a frozen dataclass")
    field_ty = ty.field_type(text)
    if isinstance(ty, PlainInstance):
        return _put_widening(ty, text, value)
    bind(value.base, field_ty)
    if not can_convert(value, field_ty):
        refuse(f"`{text}` is a {field_ty}, which a {value.base} is not")
    if isinstance(ty, JitInstance):
        return _put_shared(field_ty, text)
    return heap.put.template(obj, name, value)


def _set_property(ty: Instance, name: str) -> Callable[..., Any]:
    found = class_member(ty.pyclass, name)
    if not isinstance(found, property):
        refuse(f"{ty} has no field {name!r}")
    setter = found.fset
    if setter is None:
        refuse(f"property {name!r} of {ty} has no setter")

    def assign(obj, name, value):
        setter(obj, value)

    return assign


def _put_widening(ty: PlainInstance, text: str, value: Type) -> Callable[..., Any]:
    """What assigns an attribute of a plain instance, which may come to hold a wider type."""
    held = value.base
    field_ty = ty.field_type(text)
    others = of_class(held, ty.cls)
    if others and not (ty.is_knot and others == [ty]):
        _tie(ty, text, held)
    if isinstance(field_ty, TypeVariable):
        bind(field_ty, held)
    bind(held, field_ty)  # an empty container is what the attribute holds already
    bind(field_ty, held)
    joined = unify(field_ty, held)
    if joined is None:
        refuse(f"`{text}` is a {field_ty}, which a {held} is not")
    if joined != field_ty:
        if ty.is_knot:
            raise Knot(ty, ty.with_field(text, tied(joined, ty.cls)))
        refusal = f"`{text}` is a {field_ty}, and a {held} is assigned to it"
        raise Widening(ty, ty.with_field(text, joined), refusal)
    if not ty.may_be_unset(text):

        def assign(obj, name, value):
            put(obj, text, value)

        return assign
    flag = f"{text}{SET}"

    def assign_first(obj, name, value):
        put(obj, text, value)
        put(obj, flag, True)

    return assign_first


def _tie(ty: PlainInstance, text: str, held: Type) -> None:
    """An instance is assigned another of its class: then all of its class are of one type."""
    name, others = ty.pyclass.__name__, of_class(held, ty.cls)
    if ty.is_knot or any(other.is_knot for other in others):
        refuse(
            f"a {name} from Python, and one that compiled code made, cannot hold each other:"
            " make all of them in compiled code, or decorate the class with jitclass"
        )
    holders = (part for part in all_types(held) if isinstance(part, PlainInstance) and part.is_knot)
    for holder in holders:
        refuse(
            f"a {name} and a {holder.pyclass.__name__} hold each other, which only a jitclass may:"
            " one whose spec has a deferred_type() for the other"
        )
    all_tied = tied_type(ty)
    for other in (ty.with_field(text, held), *others):
        joined = joined_fields(all_tied, other)
        if joined is None:
            refuse(f"`{text}` is assigned a {held}, with attributes that a {ty} cannot have")
        all_tied = joined
    raise Knot(ty, all_tied)


def _put_shared(field_ty: Type, text: str) -> Callable[..., Any]:
    """What assigns a field that Python may read: it sees lists, dicts and sets as they are."""
    if isinstance(field_ty, (Number, Boolean)):

        def convert(obj, name, value):
            put(obj, text, field_ty(value))

        return convert
    if not is_container(field_ty):

        def assign(obj, name, value):
            put(obj, text, value)

        return assign

    def assign_shared(obj, name, value):
        put(obj, text, share(value))

    return assign_shared
