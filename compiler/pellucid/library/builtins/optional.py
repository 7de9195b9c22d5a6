"""Values that may be None."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.inference.overloads import intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import not_none, unwrap_optional
from pellucid.types import Optional, Type, boolean


@intrinsic
def is_absent(value: Type) -> Primitive:
    """Whether an optional holds None."""
    ty = _optional(value)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.not_(cg.field(ty, args[0], "valid"))

    return Primitive("is_absent", boolean(ty), lower, lambda value: value is None)


@intrinsic
def optional_value(value: Type) -> Primitive:
    """The value inside an optional, which is not None."""
    ty = _optional(value)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        inner = cg.field(ty, args[0], "value")
        cg.retain(ty.value_ty, inner)
        return inner

    return Primitive("optional_value", ty.value_ty(ty), lower, lambda value: value)


@overload(unwrap_optional, inline=True)
def unwrap(value: Type) -> Any:
    """`value`, which must not be None."""
    if not isinstance(value, Optional):
        return _same
    message = f"expected {value.value_ty}, got None"

    def impl(value):
        if is_absent(value):
            raise TypeError(message)
        return optional_value(value)

    return impl


@overload(not_none, inline=True)
def not_none_(value: Type) -> Any:
    """`value`, which is known not to be None."""
    return _value_inside if isinstance(value, Optional) else _same


def _value_inside(value):
    return optional_value(value)


def _same(value):
    return value


def equal(a, b):
    """`a == b` where either may be None."""
    if a is None:
        return b is None
    if b is None:
        return False
    return unwrap_optional(a) == unwrap_optional(b)


def unequal(a, b):
    """`a != b` where either may be None."""
    return not equal(a, b)


def is_true(x):
    """`bool(x)` of an optional."""
    if x is None:
        return False
    return bool(unwrap_optional(x))


def is_none(ty: Type, a: Type, b: Type, *, wanted: bool) -> Primitive:
    """Whether the operand of the optional type `ty`, which is `a` or `b`, is None as `wanted`."""
    position = 0 if ty is a else 1

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        valid = cg.field(ty, args[position], "valid")
        return cg.builder.not_(valid) if wanted else valid

    def run(*operands: Any) -> bool:
        return (operands[position] is None) == wanted

    return Primitive("is_none" if wanted else "is_not_none", boolean(a, b), lower, run)


def _optional(ty: Type) -> Optional:
    if not isinstance(ty, Optional):
        refuse(f"{ty.base} is never None")
    return ty
