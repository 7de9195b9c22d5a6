"""Loops over arrays: over the items of one axis, or over the subarrays along the first.

As in NumPy the array is looked at turn by turn: items assigned in the loop are seen.
"""

from __future__ import annotations

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.memory import offset
from pellucid.library.numpy.indexing import rest_layout
from pellucid.library.numpy.primitives import (
    array_data,
    array_shape,
    array_strides,
    axis_length,
    load_item,
    make_view,
)
from pellucid.library.numpy.scalars import as_type
from pellucid.types import Array, Type, int64


def _check(ty: Type) -> Array:
    if not isinstance(ty, Array):
        refuse(f"{ty.base} is not an array")
    if ty.ndim == 0:
        refuse("iteration over a 0-d array")
    return ty


@overload(iter_start, inline=True)
def start(iterable):
    """The place of the first item."""
    _check(iterable)

    def impl(iterable):
        return as_type(0, int64)

    return impl


@overload(iter_valid, inline=True)
def valid(iterable, state):
    """Whether there is an item at this place."""
    _check(iterable)

    def impl(iterable, state):
        return state < axis_length(iterable, 0)

    return impl


@overload(iter_value, inline=True)
def value(iterable, state):
    """The item, or the view of the subarray, at this place."""
    if _check(iterable).ndim == 1:

        def item(iterable, state):
            return load_item(iterable, (state,))

        return item

    def view(iterable, state):
        strides = array_strides(iterable)
        data = offset(array_data(iterable), state * strides[0])
        lengths = array_shape(iterable)[1:]
        return make_view(iterable, data, lengths, strides[1:], rest_layout(iterable))

    return view


@overload(iter_next, inline=True)
def following(iterable, state):
    """The next place."""
    _check(iterable)

    def impl(iterable, state):
        return state + 1

    return impl
