"""`a[mask]` and `a[places]`, read and assigned: an index that is itself an array.

A mask has the shape of the array; what it selects comes in C order. An array of ints selects along
the first axis. Both give new arrays, not views.

Unlike NumPy: an index array stands alone, not in a tuple; a mask covers all axes; a value assigned
through an index array is a number or has one axis.
"""

from __future__ import annotations

import operator

import numpy as np

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.structs import format_error
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.cursors import advance, cursors, fetch_at, put_at
from pellucid.library.numpy.indexing import check_assignable, fill_from
from pellucid.library.numpy.overlap import detach_one
from pellucid.library.numpy.primitives import (
    array_shape,
    axis_length,
    is_array,
    keep_alive,
    load_item,
    store_item,
)
from pellucid.library.numpy.scalars import as_type
from pellucid.library.numpy.search import shortened
from pellucid.library.numpy.slicing import position
from pellucid.library.numpy.views import at_index
from pellucid.types import Array, Type, boolean, int64, is_integer, is_scalar


def _index(a: Type, index: Type) -> Array:
    """The index array; refuses an index that is none, or one that is not supported."""
    if not isinstance(a, Array):
        refuse(f"{a.base} is not an array")
    if not isinstance(index, Array):
        refuse(f"{index.base} is not an array of indices")
    if index.dtype == boolean:
        if index.ndim != a.ndim or a.ndim == 0:
            refuse("a mask must have as many dimensions as the array")
    elif not is_integer(index.dtype):
        refuse("arrays used as indices must be of integer (or boolean) type")
    elif a.ndim > 1 and index.ndim != 1:
        refuse("an index array has one dimension, if the array has several")
    elif a.ndim == 0:
        refuse("too many indices for array: array is 0-dimensional, but 1 were indexed")
    return index


@overload(operator.getitem)
def getitem(a, index):
    """The items that a mask or an array of places selects, as a new array."""
    if _index(a, index).dtype == boolean:
        return _get_masked
    return _get_items if a.ndim == 1 else _get_rows


@overload(operator.setitem)
def setitem(a, index, value):
    """Assign to the items that a mask or an array of places selects."""
    places = _index(a, index)
    check_assignable(a, value)
    if isinstance(value, Array) and value.ndim != 1:
        refuse("what is assigned through an index array is a number or has one dimension")
    if places.dtype == boolean:
        return _set_masked
    if a.ndim > 1:
        refuse("assignment through an index array needs an array of one dimension")
    if places.ndim != 1:
        refuse("assignment needs an index array of one dimension")
    return _set_items


# ---- masks ------------------------------------------------------------------------------------


def check_mask(shape, mask_shape, axis):
    """IndexError unless the mask has the shape of the array."""
    if len(shape) > 0:
        if shape[0] != mask_shape[0]:
            raise format_error(
                IndexError,
                "boolean index did not match indexed array along axis {}; size of axis is {} but "
                "size of corresponding boolean axis is {}",
                axis,
                shape[0],
                mask_shape[0],
            )
        check_mask(shape[1:], mask_shape[1:], axis + 1)


def _get_masked(a, index):
    shape = array_shape(a)
    check_mask(shape, array_shape(index), 0)
    count = np.count_nonzero(index)
    # One more than needed: items are written before it is known whether they count.
    out = new_array(a.dtype, (count + 1,), "C")
    copy_masked(out, cursors((a, index), shape), shape, 0)
    keep_alive(a)
    keep_alive(index)
    return shortened((out,), count)[0]


def copy_masked(out, walked, shape, found):
    """Copy the items whose mask is true to `out`, from `found` on; how many there are then."""
    if len(shape) == 1:
        for i in range(shape[0]):
            item, chosen = fetch_at(walked, i)
            store_item(out, (found,), item)
            found += as_type(chosen, int64)
    else:
        for i in range(shape[0]):
            found = copy_masked(out, advance(walked, i), shape[1:], found)
    return found


def _set_masked(a, index, value):
    shape = array_shape(a)
    check_mask(shape, array_shape(index), 0)
    if is_array(value):
        count = np.count_nonzero(index)
        have = axis_length(value, 0)
        if have != 1 and have != count:
            raise format_error(
                ValueError,
                "NumPy boolean array indexing assignment cannot assign {} input values to the {} "
                "output values where the mask is true",
                have,
                count,
            )
    source = detach_one(value, a)
    mask = detach_one(index, a)
    assign_masked(cursors((a,), shape), cursors((mask,), shape), shape, source, 0)
    keep_alive(a)
    keep_alive(mask)


def assign_masked(target, mask, shape, value, found):
    """Assign to the items whose mask is true; how many there are so far."""
    if len(shape) == 1:
        for i in range(shape[0]):
            if fetch_at(mask, i)[0]:
                put_at(target[0], i, as_type(value_at(value, found), fetch_at(target, i)[0]))
                found += 1
    else:
        for i in range(shape[0]):
            found = assign_masked(advance(target, i), advance(mask, i), shape[1:], value, found)
    return found


def value_at(value, i):
    """The number itself, or the item at `i` of an array, which may repeat one item."""
    if is_scalar(value):
        return value
    return load_item(value, (i if axis_length(value, 0) != 1 else 0,))


# ---- places -----------------------------------------------------------------------------------


def _get_items(a, index):
    shape, length = array_shape(index), axis_length(a, 0)
    out = new_array(a.dtype, shape, "C")
    take(a, length, cursors((out,), shape), cursors((index,), shape), shape)
    keep_alive(out)
    keep_alive(index)
    return out


def take(a, length, target, places, shape):
    """Copy the items of `a` at `places` to `target`."""
    if len(shape) == 0:
        return
    if len(shape) == 1:
        for i in range(shape[0]):
            at = position(fetch_at(places, i)[0], length, 0)
            put_at(target[0], i, load_item(a, (at,)))
    else:
        for i in range(shape[0]):
            take(a, length, advance(target, i), advance(places, i), shape[1:])


def _get_rows(a, index):
    length = axis_length(a, 0)
    out = new_array(a.dtype, (axis_length(index, 0), *array_shape(a)[1:]), "C")
    for i in range(axis_length(index, 0)):
        at = position(load_item(index, (i,)), length, 0)
        fill_from(at_index(out, 0, i), at_index(a, 0, at))
    return out


def _set_items(a, index, value):
    count = axis_length(index, 0)
    if is_array(value):
        have = axis_length(value, 0)
        if have != 1 and have != count:
            raise format_error(
                ValueError,
                "shape mismatch: value array of shape ({},) could not be broadcast to indexing "
                "result of shape ({},)",
                have,
                count,
            )
    source = detach_one(value, a)
    places = detach_one(index, a)
    # All places are checked before anything is assigned.
    for i in range(count):
        position(load_item(places, (i,)), axis_length(a, 0), 0)
    for i in range(count):
        at = position(load_item(places, (i,)), axis_length(a, 0), 0)
        store_item(a, (at,), as_type(value_at(source, i), a.dtype))
