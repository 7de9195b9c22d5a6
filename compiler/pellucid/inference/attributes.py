"""Whether a value has an attribute, which its type tells; members of modules and classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeGuard

from pellucid.base.diagnostics import error
from pellucid.inference.binding import Arguments
from pellucid.inference.instances import has_instance_attribute, is_instance, is_known_class
from pellucid.inference.overloads import Overload, attribute_key, method_key
from pellucid.ir.ops import Call
from pellucid.types import Callable as CallableType
from pellucid.types import Literal, Module, PyObjectType, Type
from pellucid.types.pyclass import python_class, types_of_class

FindMember = Callable[..., list[Any]]


def has_attribute(op: Call, arguments: Arguments, find_member: FindMember) -> bool:
    """`hasattr(x, "name")`: what Python's class has, also where compiled code lacks it."""
    owner, name_ty = arguments.types
    if not isinstance(name_ty, Literal) or not isinstance(name_ty.value, str):
        error("unsupported-feature", "hasattr() takes a constant name in compiled code", op.span)
    name = name_ty.value
    if isinstance(owner, Module):
        return hasattr(owner.pyobj, name)
    if is_instance(owner):
        return has_instance_attribute(owner, name)
    cls = python_class(owner)
    if cls is not None:
        return hasattr(cls, name)
    return bool(find_member(owner, name, attribute_key) or find_member(owner, name, method_key))


def find_member(
    find: Callable[[str], list[Overload]],
    owner: Type,
    name: str,
    key: Callable[[type[Type], str], str],
) -> list[Overload]:
    """The overloads of a method or attribute, as `key` says; those of the narrowest type first."""
    classes = [c for c in type(owner).__mro__ if issubclass(c, Type)]
    if isinstance(owner, Literal):
        classes += [c for c in type(owner.base).__mro__ if issubclass(c, Type)]
    return [found for cls in classes for found in find(key(cls, name))]


def is_member(owner: Type, name: str) -> TypeGuard[PyObjectType]:
    """Whether `owner` is a module or a Python class that has a member `name`."""
    is_class = isinstance(owner, CallableType) and isinstance(owner.pyobj, type)
    if is_class and is_known_class(owner.pyobj):  # type: ignore[attr-defined]  # a class
        return False  # which is looked into as Python does it
    return (is_class or isinstance(owner, Module)) and hasattr(owner.pyobj, name)  # type: ignore[attr-defined]  # of both


def unbound_methods(pyobj: Any, find: Callable[[str], list[Overload]]) -> list[Overload]:
    """The overloads of a method that is asked of its class: `str.upper`."""
    owner, name = getattr(pyobj, "__objclass__", None), getattr(pyobj, "__name__", "")
    return [found for cls in types_of_class(owner) for found in find(method_key(cls, name))]
