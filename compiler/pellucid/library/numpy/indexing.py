"""`a[...]` and `a[...] = x` with ints, slices, `...` and newaxis; masks and index arrays are in
`index_arrays.py`.

Each index is checked by one unsigned comparison; the hoisting pass replaces calls whose indices it
has proven to be in range by `getitem_unchecked` and `setitem_unchecked`.
"""

from __future__ import annotations

import operator

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.memory import offset
from pellucid.library.builtins.structs import format_error
from pellucid.library.numpy.broadcasting import is_shape, joined_shape, shape_text, shapes_fit
from pellucid.library.numpy.elementwise import pack, run_loops
from pellucid.library.numpy.overlap import detach_one
from pellucid.library.numpy.primitives import (
    array_data,
    array_shape,
    array_strides,
    axis_length,
    load_item,
    make_view,
    store_item,
)
from pellucid.library.numpy.resolution import operand_dtype
from pellucid.library.numpy.scalars import as_type
from pellucid.library.numpy.slicing import (
    check_count,
    is_basic,
    is_full,
    locate,
    position,
    view_layout,
)
from pellucid.types import Array, Complex, Tuple, Type, int64, is_integer, is_scalar
from pellucid.types.kinds import static

GETITEM_UNCHECKED = "pellucid.numpy.getitem_unchecked"
SETITEM_UNCHECKED = "pellucid.numpy.setitem_unchecked"


# ---- items ------------------------------------------------------------------------------------


def positions(index, a):
    """The index of an item as a tuple of places on the axes."""
    if is_integer(index):
        return (position(index, axis_length(a, 0), 0),)
    if len(index) == 1:
        return (position(index[0], axis_length(a, 0), 0),)
    if len(index) == 2:
        return (
            position(index[0], axis_length(a, 0), 0),
            position(index[1], axis_length(a, 1), 1),
        )
    return all_positions(index, array_shape(a), 0)


def all_positions(index, shape, axis):
    """As `positions`, for any number of axes."""
    if len(index) == 0:
        return ()
    return (
        position(index[0], shape[0], axis),
        *all_positions(index[1:], shape[1:], axis + 1),
    )


@overload(operator.getitem, inline=True)
def getitem(a, index):
    """The item or view at an index."""
    if not isinstance(a, Array):
        refuse(f"{a.base} is not an array")
    if not is_basic(index):
        refuse(f"an array index of {index} is not ints, slices, ... and None")
    check_count(a, index)
    if is_full(index, a.ndim):

        def item(a, index):
            return load_item(a, positions(index, a))

        return item
    return _get_view


def _get_view(a, index):
    start, shape, strides = locate(as_tuple(index), array_shape(a), array_strides(a), 0)
    return make_view(a, offset(array_data(a), start), shape, strides, view_layout(a, index))


def as_tuple(index):
    """The parts of an index."""
    if is_tuple(index):
        return index
    return (index,)


@static
def is_tuple(ty: Type) -> bool:
    """Whether `ty` is a tuple."""
    return isinstance(ty, Tuple)


# ---- assignment -------------------------------------------------------------------------------


@overload(operator.setitem, inline=True)
def setitem(a, index, value):
    """Assign to the item or view at an index; values broadcast, and convert to the item type."""
    if not isinstance(a, Array):
        refuse(f"{a.base} is not an array")
    if not is_basic(index):
        refuse(f"an array index of {index} is not ints, slices, ... and None")
    check_count(a, index)
    check_assignable(a, value)
    if is_full(index, a.ndim):
        return _set_item if is_scalar(value) else _set_item_from_array
    return _set_scalar if is_scalar(value) else _set_array


def check_assignable(a: Array, value: Type) -> None:
    """Refuse a value that cannot be assigned to items of `a`."""
    if a.readonly:
        refuse("assignment destination is read-only")
    if not is_scalar(value) and not isinstance(value, Array):
        refuse(f"{value.base} cannot be assigned to an item of {a}")
    if isinstance(operand_dtype(value), Complex) and not isinstance(a.dtype, Complex):
        refuse(f"a complex number cannot be assigned to an item of {a}")


def _set_item(a, index, value):
    store_item(a, positions(index, a), as_type(value, a.dtype))


def _set_item_from_array(a, index, value):
    place = positions(index, a)
    if value.size != 1:
        raise ValueError("setting an array element with a sequence.")
    store_item(a, place, as_type(value.item(), a.dtype))


def _set_scalar(a, index, value):
    view = _get_view(a, index)
    run_loops(itself, view, pack((a.dtype,), value))


def _set_array(a, index, value):
    assign(_get_view(a, index), value)


def assign(view, value):
    """Copy an array into a view, broadcast."""
    shape = array_shape(view)
    source = array_shape(value)
    if not can_assign(shape, source):
        raise format_error(ValueError, assign_text(shape, source), *source, *shape)
    fill_from(view, detach_one(drop_axes(value, view), view))


def fill_from(view, value):
    """Copy an array into a view that it broadcasts to and does not overlap."""
    run_loops(itself, view, pack((view.dtype,), value))


def itself(x):
    """`x`: the kernel of a copy."""
    return x


def can_assign(shape, source):
    """Whether `source` broadcasts to `shape`; leading axes of length 1 too many do not matter."""
    if len(source) > len(shape):
        return source[0] == 1 and can_assign(shape, source[1:])
    return shapes_fit((shape, source)) and is_shape(joined_shape((shape, source)), shape)


def drop_axes(value, view):
    """The array without its first axes, of length 1, that `view` has not."""
    if value.ndim > view.ndim:
        return drop_axes(first(value), view)
    return value


def first(a):
    """`a[0]`, unchecked, as a view."""
    return make_view(a, array_data(a), array_shape(a)[1:], array_strides(a)[1:], rest_layout(a))


@static
def rest_layout(ty: Type) -> str:
    """The layout of an array without its first axis."""
    assert isinstance(ty, Array)
    return ty.layout if ty.layout == "C" or ty.ndim <= 1 else "A"


@static
def assign_text(shape: Type, source: Type) -> str:
    """NumPy's message for an assignment that does not broadcast."""
    places = [shape_text(len(ty.elems)) for ty in (source, shape) if isinstance(ty, Tuple)]
    return f"could not broadcast input array from shape {places[0]} into shape {places[1]}"


# ---- unchecked --------------------------------------------------------------------------------


def _places(index):
    if is_integer(index):
        return (as_type(index, int64),)
    return index


@overload(GETITEM_UNCHECKED, inline=True)
def getitem_unchecked(a, index):
    """The item at an index of ints that are in range and not negative."""
    if not isinstance(a, Array) or not is_full(index, a.ndim):
        refuse("an unchecked index is one int for each axis")

    def impl(a, index):
        return load_item(a, _places(index))

    return impl


@overload(SETITEM_UNCHECKED, inline=True)
def setitem_unchecked(a, index, value):
    """Assign to the item at an index of ints that are in range and not negative."""
    if not isinstance(a, Array) or not is_full(index, a.ndim):
        refuse("an unchecked index is one int for each axis")
    check_assignable(a, value)
    if not is_scalar(value):
        refuse("only a scalar is assigned without a check")

    def impl(a, index, value):
        store_item(a, _places(index), as_type(value, a.dtype))

    return impl
