"""Values that may be None."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from pellucid.inference.overloads import intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import unwrap_optional
from pellucid.types import Optional, Type, boolean, is_none


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
    _optional(value)

    def impl(value):
        if is_absent(value):
            raise TypeError("expected a value, got None")
        return optional_value(value)

    return impl


@overload(operator.is_, inline=True)
def is_(a: Type, b: Type) -> Any:
    """`optional is None`."""
    if isinstance(a, Optional) and is_none(b):
        return lambda a, b: is_absent(a)
    if isinstance(b, Optional) and is_none(a):
        return lambda a, b: is_absent(b)
    refuse("neither is an optional compared with None")


@overload(operator.is_not, inline=True)
def is_not(a: Type, b: Type) -> Any:
    """`optional is not None`."""
    if isinstance(a, Optional) and is_none(b):
        return lambda a, b: not is_absent(a)
    if isinstance(b, Optional) and is_none(a):
        return lambda a, b: not is_absent(b)
    refuse("neither is an optional compared with None")


def _optional(ty: Type) -> Optional:
    if not isinstance(ty, Optional):
        refuse(f"{ty.base} is never None")
    return ty
