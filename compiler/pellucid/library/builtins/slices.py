"""Slices as values: `a:b:c` inside an index, `slice(a, b, c)`, their parts and `indices()`.

A part that is a constant stays known, so that `a[::2]` is typed with its step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.inference.overloads import (
    Constant,
    Overload,
    overload,
    overload_attribute,
    overload_method,
    refuse,
)
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.types import EllipsisType, Literal, NoneType, Slice, Type, int64
from pellucid.types.signature import Signature

ZERO_STEP = error_text(slice(None, None, 0).indices, 1)
NEGATIVE_LENGTH = error_text(slice(None).indices, -1)


@overload(slice)
def slice_(start, stop=..., step=None):
    """`slice(stop)`, `slice(start, stop[, step])`: each part an integer or None."""
    given = (start, stop, step)
    if isinstance(stop, EllipsisType):
        return _only_stop
    ty = Slice(*(_part(part) for part in given))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.make(ty, start=args[0], stop=args[1], step=args[2])

    return Primitive("slice", Signature(ty, (ty.start, ty.stop, ty.step)), lower, slice)


def _only_stop(start, stop=..., step=None):
    return slice(None, start, step)


def _part(ty: Type) -> Type:
    if isinstance(ty, NoneType):
        return ty
    if isinstance(ty, Literal) and isinstance(ty.value, int):
        return Literal(int(ty.value), int64)
    integer(ty)
    return int64


def _attribute(name: str) -> Overload:
    def template(x):
        ty: Type = getattr(x, name)
        if isinstance(ty, Literal):
            return Constant(ty.value)
        if isinstance(ty, NoneType):
            return Constant(None)

        def lower(cg: Any, args: Sequence[Any]) -> Any:
            return cg.field(x, args[0], name)

        return Primitive(f"slice.{name}", ty(x), lower, lambda value: getattr(value, name))

    template.__qualname__ = f"slice_{name}"
    template.__doc__ = f"The {name} of a slice, or None."
    return overload_attribute(Slice, name)(template)


slice_start, slice_stop, slice_step = map(_attribute, ("start", "stop", "step"))


@overload_method(Slice, "indices")
def slice_indices(x, length):
    """The start, stop and step that a slice has for a sequence of `length` items.

    >>> slice(-3, None, 2).indices(10)
    (7, 10, 2)
    """
    if not isinstance(x, Slice):
        refuse(f"{x} is not a slice")
    integer(length)
    return _indices


def _indices(x, length):
    # CPython's PySlice_AdjustIndices.
    if length < 0:
        raise ValueError(NEGATIVE_LENGTH)
    step = 1 if x.step is None else x.step
    if step == 0:
        raise ValueError(ZERO_STEP)
    lowest = 0 if step > 0 else -1
    highest = int(length) + lowest
    if x.start is None:
        start = lowest if step > 0 else highest
    else:
        start = _clamped(x.start, length, lowest, highest)
    if x.stop is None:
        stop = highest if step > 0 else lowest
    else:
        stop = _clamped(x.stop, length, lowest, highest)
    return start, stop, step


def _clamped(bound, length, lowest, highest):
    if bound < 0:
        bound += length
    return max(lowest, min(bound, highest))
