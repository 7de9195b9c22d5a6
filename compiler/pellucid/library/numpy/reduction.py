"""The reduction engine: items folded to one, over all axes or along one.

A `Reduction` has two functions of the compiled language: `fold(kernel, walked, count)` folds along
the one axis of cursors, `combine(x, y)` joins two results. Over contiguous memory and along the
last axis rows are folded; along another axis the subarrays are combined one after the other into
the output, which runs along memory too. Fortran order is turned around first.

Every item goes through `kernel`, so an elementwise expression is reduced without being stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.broadcasting import same_shapes, shapes_of
from pellucid.library.numpy.creation import fill
from pellucid.library.numpy.cursors import (
    advance,
    collapse,
    collapse_shape,
    cursors,
    fetch,
    put,
    reverse_axes,
    reverse_shape,
)
from pellucid.library.numpy.elementwise import (
    arrays_in,
    elementwise,
    is_fortran,
    item_of,
    run_loops,
)
from pellucid.library.numpy.primitives import (
    array_shape,
    array_size,
    axis_length,
    keep_alive,
    store_item,
)
from pellucid.library.numpy.scalars import as_type
from pellucid.library.numpy.views import at_index, permute, pick
from pellucid.types import Array, Type
from pellucid.types.kinds import static


@dataclass(frozen=True)
class Reduction:
    """How to reduce: `start` is the result for no items; None where there is none.

    `name` is the ufunc's in messages. Any: functions of the compiled language.
    """

    name: str
    fold: Any
    combine: Any
    start: float | None


def reduce_operation(
    a: Array, reduction: Reduction, kernel: Any, work: Type, axis: int | None, keepdims: bool
) -> Callable[..., Any]:
    """The function of an array that reduces it; `kernel` takes an item and gives a `work`."""
    if axis is None:
        return _whole(a, reduction, kernel, work, keepdims)
    if a.layout == "F" and a.ndim > 1:
        return _turned(a, reduction, kernel, work, axis, keepdims)
    made = _last if axis == a.ndim - 1 else _inner
    if a.ndim == 1:
        return _whole(a, reduction, kernel, work, keepdims)
    return _keeping(made(a, reduction, kernel, work, axis), a.ndim, axis, keepdims)


# ---- all axes ---------------------------------------------------------------------------------


@static
def is_one_run(operands: Type) -> bool:
    """Whether arrays of equal shapes are one run of items in the same order."""
    arrays = arrays_in(operands)
    orders = {ty.layout if ty.ndim > 1 or ty.layout == "A" else "C" for ty in arrays}
    return len({ty.ndim for ty in arrays}) == 1 and orders in ({"C"}, {"F"})


@static
def is_turned(operands: Type) -> bool:
    """Whether the first axis is the one to run along: all arrays are in Fortran order."""
    return all(is_fortran(ty) for ty in arrays_in(operands))


def _whole(
    a: Array, reduction: Reduction, kernel: Any, work: Type, keepdims: bool
) -> Callable[..., Any]:
    fold, combine, start = reduction.fold, reduction.combine, reduction.start
    message = f"zero-size array to reduction operation {reduction.name} which has no identity"
    has_start = start is not None
    ones, zeros = (1,) * a.ndim, (0,) * a.ndim

    def impl(a):
        if has_start:
            return reduce_all(fold, combine, kernel, (a,), array_shape(a), as_type(start, work))
        if array_size(a) == 0:
            raise ValueError(message)
        first = kernel(*fetch(origin(a)))
        return reduce_all(fold, combine, kernel, (a,), array_shape(a), first)

    def kept(a):
        out = new_array(work, ones, "C")
        store_item(out, zeros, impl(a))
        return out

    return kept if keepdims else impl


def origin(a):
    """A cursor at the first item of an array, which has one."""
    return cursors((at_origin(a),), ())


def at_origin(a):
    """The first item of an array, which has one, as an array without axes."""
    if a.ndim == 0:
        return a
    return at_origin(at_index(a, 0, 0))


def reduce_all(fold, combine, kernel, operands, shape, start):
    """All items of `operands`, broadcast to `shape`, through `kernel` and folded to one."""
    walked = cursors(operands, shape)
    if is_turned(operands):
        walked, shape = reverse_axes(walked), reverse_shape(shape)
    if is_one_run(operands) and len(shape) > 1:
        total = count_items(shape)
        flat = same_shapes(shapes_of(operands))
        walked = collapse(walked, total, flat)
        shape = collapse_shape(shape, total, flat)
    result = fold_nest(fold, combine, kernel, walked, shape, start)
    keep_alive(operands)
    return result


def count_items(shape):
    """The number of items of an array of that shape."""
    if len(shape) == 0:
        return 1
    return shape[0] * count_items(shape[1:])


def fold_nest(fold, combine, kernel, walked, shape, start):
    """The folds of all rows, combined."""
    if len(shape) == 0:
        return combine(start, kernel(*fetch(walked)))
    if len(shape) == 1:
        return combine(start, fold(kernel, walked, shape[0]))
    result = start
    for i in range(shape[0]):
        result = fold_nest(fold, combine, kernel, advance(walked, i), shape[1:], result)
    return result


# ---- one axis ---------------------------------------------------------------------------------


def _last(a: Array, reduction: Reduction, kernel: Any, work: Type, axis: int) -> Callable[..., Any]:
    """Fold each row."""
    fold, start, combine = reduction.fold, reduction.start, reduction.combine
    message = f"zero-size array to reduction operation {reduction.name} which has no identity"
    needs_items = start is None
    order = tuple(range(axis))
    begin = 0 if start is None else start

    def finish(value):
        return value if needs_items else combine(as_type(begin, work), value)

    def impl(a):
        shape = array_shape(a)
        out = new_array(work, pick(shape, order), "C")
        if needs_items and shape[axis] == 0 and array_size(out) != 0:
            raise ValueError(message)
        fold_rows(
            fold, finish, kernel, cursors((out,), array_shape(out)), cursors((a,), shape), shape
        )
        keep_alive(out)
        keep_alive(a)
        return out

    return impl


def fold_rows(fold, finish, kernel, target, walked, shape):
    """Fold each row into its place."""
    if len(shape) == 1:
        put(target[0], as_type(finish(fold(kernel, walked, shape[0])), item_of(target)))
    else:
        for i in range(shape[0]):
            fold_rows(fold, finish, kernel, advance(target, i), advance(walked, i), shape[1:])


def _inner(
    a: Array, reduction: Reduction, kernel: Any, work: Type, axis: int
) -> Callable[..., Any]:
    """Combine the subarrays, one after the other."""
    combine, start = reduction.combine, reduction.start
    message = f"zero-size array to reduction operation {reduction.name} which has no identity"
    order = tuple(at for at in range(a.ndim) if at != axis)

    def joined(result, x):
        return combine(result, kernel(x))

    def from_start(a):
        out = new_array(work, pick(array_shape(a), order), "C")
        fill(out, start)
        for i in range(axis_length(a, axis)):
            run_loops(joined, out, (out, at_index(a, axis, i)))
        return out

    def from_first(a):
        count = axis_length(a, axis)
        if count == 0:
            out = new_array(work, pick(array_shape(a), order), "C")
            if array_size(out) != 0:
                raise ValueError(message)
            return out
        out = elementwise(kernel, work, "C", (at_index(a, axis, 0),))
        for i in range(1, count):
            run_loops(joined, out, (out, at_index(a, axis, i)))
        return out

    return from_first if start is None else from_start


def _turned(
    a: Array, reduction: Reduction, kernel: Any, work: Type, axis: int, keepdims: bool
) -> Callable[..., Any]:
    """An array in Fortran order: its transpose, reduced, transposed back."""
    mirror = Array(a.dtype, a.ndim, "C", a.readonly)
    reduce = reduce_operation(mirror, reduction, kernel, work, a.ndim - 1 - axis, keepdims)

    def impl(a):
        return reduce(a.T).T

    return impl


def _keeping(
    reduce: Callable[..., Any], ndim: int, axis: int, keepdims: bool
) -> Callable[..., Any]:
    if not keepdims:
        return reduce
    order = (*range(axis), -1, *range(axis, ndim - 1))

    def impl(a):
        # An axis of length 1 leaves a contiguous array contiguous.
        return permute(reduce(a), order, "C")

    return impl
