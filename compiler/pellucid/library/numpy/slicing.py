"""What an index of ints, slices, `...` and newaxis selects, without looking at any item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.inference.overloads import intrinsic, option, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.arithmetic import divide_floor
from pellucid.library.builtins.structs import format_error
from pellucid.library.numpy.primitives import array_type, in_bounds
from pellucid.library.numpy.scalars import as_type
from pellucid.types import (
    Array,
    Integer,
    Literal,
    Slice,
    Tuple,
    Type,
    ellipsis,
    int64,
    is_integer,
    none,
    uint64,
)
from pellucid.types.kinds import static

LARGEST = int64.max


def index_items(index: Type) -> list[Type]:
    """The parts of an index: `a[i, j]` has two, `a[i]` one."""
    return list(index.elems) if isinstance(index, Tuple) else [index]


def is_basic(index: Type) -> bool:
    """Whether the index has only ints, slices, `...` and newaxis."""
    return all(
        isinstance(ty.base, (Integer, Slice)) or ty in (none, ellipsis) for ty in index_items(index)
    )


def is_full(index: Type, ndim: int) -> bool:
    """Whether the index is one int for each axis."""
    items = index_items(index)
    return len(items) == ndim and all(isinstance(ty.base, Integer) for ty in items)


def check_count(a: Array, index: Type) -> None:
    """Refuse an index of more parts than there are axes, in NumPy's words."""
    items = index_items(index)
    if sum(ty == ellipsis for ty in items) > 1:
        refuse("an index can only have a single ellipsis ('...')")
    used = sum(ty not in (none, ellipsis) for ty in items)
    if used > a.ndim:
        refuse(
            f"too many indices for array: array is {a.ndim}-dimensional, but {used} were indexed"
        )


# ---- one axis ---------------------------------------------------------------------------------


def position(i, length, axis):
    """Where the index `i` lies on an axis; IndexError outside it."""
    if is_uint64(i):
        return unsigned_position(i, length, axis)
    at = as_type(i, int64)
    if option("boundscheck"):
        if in_bounds(at, length):
            return at
        return wrapped_position(at, length, axis)
    return at + length if at < 0 else at


def wrapped_position(i, length, axis):
    """Where a negative index lies; IndexError if there is no such item."""
    if in_bounds(i + length, length):
        return i + length
    raise format_error(
        IndexError, "index {} is out of bounds for axis {} with size {}", i, axis, length
    )


def unsigned_position(i, length, axis):
    """As `position`, of a number that is not negative and may be beyond int64."""
    at = as_type(i, int64)
    if not option("boundscheck") or in_bounds(at, length):
        return at
    raise format_error(
        IndexError, "index {} is out of bounds for axis {} with size {}", i, axis, length
    )


@static
def is_uint64(ty: Type) -> bool:
    """Whether `ty` is the one integer type that int64 does not hold."""
    return ty.base == uint64


@static
def is_slice(ty: Type) -> bool:
    """Whether `ty` is a slice."""
    return isinstance(ty, Slice)


@static
def is_newaxis(ty: Type) -> bool:
    """Whether `ty` is None, which adds an axis."""
    return ty == none


@static
def is_ellipsis(ty: Type) -> bool:
    """Whether `ty` is `...`."""
    return ty == ellipsis


@intrinsic
def slice_part(s, name):
    """The `start`, `stop` or `step` of a slice, as it is: a number or None."""
    if not isinstance(s, Slice) or not isinstance(name, Literal):
        refuse("slice_part(slice, name)")
    which = str(name.value)
    part = getattr(s, which)
    ty = part.base

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.field(s, args[0], which)

    return Primitive(f"slice_{which}", ty(s, name), lower, lambda value, _: getattr(value, which))


@static
def has_unit_step(ty: Type) -> bool:
    """Whether a slice goes forward by ones, as far as its type tells."""
    return isinstance(ty, Slice) and (
        ty.step == none or (isinstance(ty.step, Literal) and ty.step.value == 1)
    )


@static
def is_whole(ty: Type) -> bool:
    """Whether a slice is `:`."""
    return isinstance(ty, Slice) and (ty.start, ty.stop) == (none, none) and has_unit_step(ty)


@static
def has_part(ty: Type, name: Type) -> bool:
    """Whether a slice gives that part."""
    assert isinstance(name, Literal)
    return isinstance(ty, Slice) and getattr(ty, str(name.value)) != none


def slice_span(s, length):
    """The start, the number of items and the step of a slice on an axis (CPython's rules)."""
    if is_whole(s):
        return 0, length, 1
    if has_unit_step(s):
        start = forward_bound(s, length, "start", 0)
        stop = forward_bound(s, length, "stop", length)
        # Nothing selected: no distance either, so that no address leaves the array.
        return (start, stop - start, 1) if start < stop else (0, 0, 1)
    step = as_type(slice_part(s, "step"), int64)
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if step > 0:
        start = forward_bound(s, length, "start", 0)
        stop = forward_bound(s, length, "stop", length)
        if start >= stop:
            return 0, 0, step
        return start, 1 + divide_floor(stop - start - 1, step), step
    start = backward_bound(s, length, "start", length - 1)
    stop = backward_bound(s, length, "stop", -1)
    step = step if step > -LARGEST else -LARGEST
    if stop >= start:
        return 0, 0, step
    return start, 1 + divide_floor(start - stop - 1, -step), step


def forward_bound(s, length, name, missing):
    """A bound of a slice that goes forward: between 0 and `length`."""
    if not has_part(s, name):
        return as_type(missing, int64)
    bound = as_type(slice_part(s, name), int64)
    if bound < 0:
        bound += length
        return bound if bound > 0 else 0
    return bound if bound < length else length


def backward_bound(s, length, name, missing):
    """A bound of a slice that goes backward: between -1 and `length - 1`."""
    if not has_part(s, name):
        return as_type(missing, int64)
    bound = as_type(slice_part(s, name), int64)
    if bound < 0:
        bound += length
        return bound if bound >= 0 else -1
    return bound if bound < length else length - 1


# ---- all axes ---------------------------------------------------------------------------------


def locate(index, shape, strides, axis):
    """The distance in bytes to the first item that `index` selects, and the shape and strides."""
    if len(index) == 0:
        return 0, shape, strides
    if is_newaxis(index[0]):
        start, lengths, steps = locate(index[1:], shape, strides, axis)
        return start, (1, *lengths), (0, *steps)
    if is_ellipsis(index[0]):
        return locate_after_ellipsis(index[1:], shape, strides, axis)
    if is_slice(index[0]):
        first, count, step = slice_span(index[0], shape[0])
        start, lengths, steps = locate(index[1:], shape[1:], strides[1:], axis + 1)
        return start + first * strides[0], (count, *lengths), (step * strides[0], *steps)
    at = position(index[0], shape[0], axis)
    start, lengths, steps = locate(index[1:], shape[1:], strides[1:], axis + 1)
    return start + at * strides[0], lengths, steps


def locate_after_ellipsis(index, shape, strides, axis):
    """As `locate`, after passing the axes that `index` leaves over."""
    if axes_used(index) == len(shape):
        return locate(index, shape, strides, axis)
    start, lengths, steps = locate_after_ellipsis(index, shape[1:], strides[1:], axis + 1)
    return start, (shape[0], *lengths), (strides[0], *steps)


@static
def axes_used(index: Type) -> int:
    """The axes that an index speaks of."""
    return sum(ty not in (none, ellipsis) for ty in index_items(index))


# ---- layouts ----------------------------------------------------------------------------------


@static
def view_layout(a: Type, index: Type) -> str:
    """The layout of what a basic index selects, as far as types tell."""
    array = array_type(a)
    rank = view_rank(array, index)
    if rank == 0:
        return "C"
    items = [ty for ty in _expanded(array, index) if ty != none]
    is_fortran = array.layout == "F" and array.ndim > 1
    if array.layout == "A" or not _is_run(items[::-1] if is_fortran else items):
        return "A"
    return "F" if is_fortran and rank > 1 else "C"


def _is_run(items: list[Type]) -> bool:
    """Whether ints, then at most one slice by ones, then whole slices: one run of memory."""
    rest = list(items)
    while rest and is_integer(rest[0]):
        rest.pop(0)
    if rest and has_unit_step(rest[0]):
        rest.pop(0)
    return all(is_whole(ty) for ty in rest)


def _expanded(array: Array, index: Type) -> list[Type]:
    """The parts of the index, `...` and what is left out at the end written as whole slices."""
    items = index_items(index)
    whole = Slice(none, none, none)
    missing = array.ndim - sum(ty not in (none, ellipsis) for ty in items)
    if ellipsis not in items:
        return items + [whole] * missing
    at = items.index(ellipsis)
    return items[:at] + [whole] * missing + items[at + 1 :]


def view_rank(array: Array, index: Type) -> int:
    """The number of axes of what a basic index selects."""
    return sum(not is_integer(ty) for ty in _expanded(array, index))
