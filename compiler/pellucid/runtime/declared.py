"""What a parameter's annotation asks of its arguments: `jit(annotations=True)`.

    check(declared, values, types)   ->   values and types as declared, or TypeError

An argument converts where nothing is lost: a bool to an int, an int to a float, a float to a
complex number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.types import Array, Boolean, Complex, Float, Integer, Optional, Type, dtype_of, none
from pellucid.types.typeof import can_hold

_ORDER: tuple[type[Type], ...] = (Boolean, Integer, Float, Complex)


@dataclass(frozen=True)
class Declared:
    """The parameter `name` is annotated as `text`: of type `ty`, or an array of `dtype`."""

    name: str
    text: str
    ty: Type | None = None
    dtype: Type | None = None

    def take(self, function: str, value: Any, given: Type) -> tuple[Any, Type]:
        """The value and its type as declared; TypeError if the value is something else."""
        if self.ty is None:
            if isinstance(given, Array) and given.dtype == self.dtype:
                return value, given
        elif given == self.ty:
            return value, given
        elif self._is_part(given) or can_hold(self.ty, given):
            return value, self.ty
        elif _is_wider(given, self.ty):
            return dtype_of(self.ty).type(value), self.ty
        message = f"{function}() parameter '{self.name}' is annotated as {self.text}, not {given}"
        raise TypeError(message)

    def _is_part(self, given: Type) -> bool:
        return isinstance(self.ty, Optional) and given in (none, self.ty.value_ty)


def _is_wider(given: Type, wanted: Type) -> bool:
    """Whether every value of a scalar type is one of another, or is rounded to it as in Python."""
    first, last = (
        next((place for place, kind in enumerate(_ORDER) if isinstance(ty, kind)), None)
        for ty in (given, wanted)
    )
    if first is None or last is None or first > last:
        return False
    if first < last:
        return True
    return bool(np.can_cast(dtype_of(given), dtype_of(wanted)))


def take_all(
    declared: Sequence[Declared | None], function: str, values: Sequence[Any], types: Sequence[Type]
) -> tuple[list[Any], tuple[Type, ...]]:
    """All arguments as declared; those without an annotation as they are."""
    pairs = [
        (value, ty) if wanted is None else wanted.take(function, value, ty)
        for wanted, value, ty in zip(declared, values, types, strict=True)
    ]
    return [value for value, _ in pairs], tuple(ty for _, ty in pairs)
