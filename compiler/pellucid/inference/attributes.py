"""Whether a value has an attribute, which its type tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pellucid.base.diagnostics import error
from pellucid.inference.binding import Arguments
from pellucid.inference.overloads import attribute_key, method_key
from pellucid.ir.ops import Call
from pellucid.types import Literal, Module
from pellucid.types.pyclass import python_class

FindMember = Callable[..., list[Any]]


def has_attribute(op: Call, arguments: Arguments, find_member: FindMember) -> bool:
    """`hasattr(x, "name")`: what Python's class has, also where compiled code lacks it."""
    owner, name_ty = arguments.types
    if not isinstance(name_ty, Literal) or not isinstance(name_ty.value, str):
        error("unsupported-feature", "hasattr() takes a constant name in compiled code", op.span)
    name = name_ty.value
    if isinstance(owner, Module):
        return hasattr(owner.pyobj, name)
    cls = python_class(owner)
    if cls is not None:
        return hasattr(cls, name)
    return bool(find_member(owner, name, attribute_key) or find_member(owner, name, method_key))
