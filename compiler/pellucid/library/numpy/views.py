"""Views that move, drop, add or turn axes, and the axis arguments of NumPy's functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.memory import offset
from pellucid.library.numpy.literals import with_literals
from pellucid.library.numpy.primitives import (
    array_data,
    array_shape,
    array_strides,
    array_type,
    literal_value,
    make_view,
)
from pellucid.types import Array, Literal, Tuple, Type, int64, is_none
from pellucid.types.kinds import static

I64 = ll.IntType(64)


def axis_argument(axis: Type | int | None, ndim: int) -> int | None:
    """The axis that a literal argument names, counted from 0; None for None."""
    if is_none(axis):
        return None
    value = axis.value if isinstance(axis, Literal) else axis
    if not isinstance(value, int) or isinstance(value, bool):
        refuse("axis must be None or an int known while compiling")
    if not -ndim <= value < ndim:
        refuse(f"axis {value} is out of bounds for array of dimension {ndim}")
    return value % ndim


def flag_argument(ty: Type | bool, name: str) -> bool:
    """The value of an argument that is True or False, known while compiling."""
    value = ty.value if isinstance(ty, Literal) else ty
    if not isinstance(value, bool):
        refuse(f"{name} must be True or False, known while compiling")
    return value


@intrinsic
def pick(items, order):
    """The elements of a tuple of int64 at the literal positions `order`; -1 stands for a 1."""
    given = items
    if not isinstance(given, Tuple):
        refuse(f"{given} is not a tuple")
    places = [literal_value(ty) for ty in order.elems]
    source = Tuple((int64,) * len(given.elems))
    ret = Tuple((int64,) * len(places))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        parts = [
            ll.Constant(I64, 1) if at < 0 else cg.element(source, args[0], at) for at in places
        ]
        return cg.make_tuple(ret, parts)

    def run(values: Sequence[int], _: Any) -> Any:
        return tuple(1 if at < 0 else values[at] for at in places)

    return Primitive("pick", ret(source, order), lower, run)


@static
def without_axis(ty: Type, axis: Type) -> tuple[int, ...]:
    """The numbers of all axes but one."""
    return tuple(at for at in range(array_type(ty).ndim) if at != literal_value(axis))


@static
def layout_without_axis(ty: Type, axis: Type) -> str:
    """The layout of an array at one index of an axis."""
    array, at = array_type(ty), literal_value(axis)
    if array.ndim == 1:
        return "C"
    if array.layout == "C":
        return "C" if at == 0 else "A"
    if array.layout == "F":
        return ("F" if array.ndim > 2 else "C") if at == array.ndim - 1 else "A"
    return "A"


@with_literals("axis")
def at_index(a, axis, i):
    """The subarray at index `i` of an axis, a literal; unchecked."""
    order = without_axis(a, axis)
    data = offset(array_data(a), i * array_strides(a)[axis])
    lengths = pick(array_shape(a), order)
    return make_view(a, data, lengths, pick(array_strides(a), order), layout_without_axis(a, axis))


def permuted_layout(ty: Array, order: Sequence[int]) -> str:
    """The layout of an array with its axes in another order."""
    axes = list(range(ty.ndim))
    if list(order) == axes or ty.ndim < 2:
        return ty.layout
    if list(order) == axes[::-1]:
        return {"C": "F", "F": "C", "A": "A"}[ty.layout]
    return "A"


@with_literals("order")
def permute(a, order, layout):
    """A view with the axes in another order, a tuple of literals; -1 is a new axis of length 1."""
    return make_view(
        a, array_data(a), pick(array_shape(a), order), pick(array_strides(a), order), layout
    )
