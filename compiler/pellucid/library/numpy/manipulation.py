"""Other shapes of the same items: reshape, ravel, transpose, flip; and arrays joined."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.inference.overloads import intrinsic, overload, overload_method, refuse
from pellucid.library.builtins import arithmetic
from pellucid.library.builtins.arithmetic import divide_floor
from pellucid.library.builtins.memory import offset
from pellucid.library.builtins.structs import format_error
from pellucid.library.numpy.allocation import contiguous_strides, new_array
from pellucid.library.numpy.attributes import transpose_all
from pellucid.library.numpy.broadcasting import is_shape, shape_text
from pellucid.library.numpy.creation import copy_as, layout_kept
from pellucid.library.numpy.dtypes import dtype_argument, order_argument
from pellucid.library.numpy.elementwise import pack, run_loops
from pellucid.library.numpy.indexing import as_tuple, itself
from pellucid.library.numpy.literals import with_literals
from pellucid.library.numpy.primitives import (
    array_data,
    array_shape,
    array_size,
    array_strides,
    array_type,
    item_bytes,
    load_item,
    make_view,
)
from pellucid.library.numpy.reduction import at_origin
from pellucid.library.numpy.resolution import common_type
from pellucid.library.numpy.scalars import as_type
from pellucid.library.numpy.views import axis_argument, permute, permuted_layout
from pellucid.types import (
    Array,
    Complex,
    Float,
    Integer,
    Tuple,
    Type,
    complex128,
    float64,
    int64,
    is_integer,
    is_none,
    is_scalar,
)
from pellucid.types.kinds import static

# ---- reshape ----------------------------------------------------------------------------------


def in_rows(a):
    """The array itself if its items lie in C order, else a copy where they do."""
    if is_c_order(a):
        return a
    return in_rows_or_copy(a)


def in_rows_or_copy(a):
    """A view typed as in C order if the strides allow, else a copy."""
    shape = array_shape(a)
    strides = contiguous_strides(shape, item_bytes(a), "C")
    if array_size(a) <= 1 or is_shape(strides, array_strides(a)):
        return make_view(a, array_data(a), shape, strides, "C")
    return copy_in_rows(a)


def copy_in_rows(a):
    """A copy in C order."""
    out = new_array(a.dtype, array_shape(a), "C")
    run_loops(itself, out, pack((a.dtype,), a))
    return out


@static
def is_c_order(ty: Type) -> bool:
    """Whether the type says that items lie in C order."""
    array = array_type(ty)
    return array.layout == "C"


def with_shape(a, shape):
    """A view of an array in C order, with another shape of the same size."""
    strides = contiguous_strides(shape, item_bytes(a), "C")
    return make_view(a, array_data(a), shape, strides, "C")


def completed(shape, size):
    """A shape, its one length of -1 replaced by what is left of `size`; ValueError if none fits."""
    unknown, known = tally(shape)
    if unknown > 1:
        raise ValueError("can only specify one unknown dimension")
    if unknown == 0:
        if known != size:
            raise_reshape(shape, size)
        return shape
    if known == 0 or divide_floor(size, known) * known != size:
        raise_reshape(shape, size)
    return filled_in(shape, divide_floor(size, known))


def tally(shape):
    """How many lengths are negative, and the product of the others."""
    if len(shape) == 0:
        return 0, 1
    unknown, known = tally(shape[1:])
    return (unknown + 1, known) if shape[0] < 0 else (unknown, known * shape[0])


def filled_in(shape, length):
    """The shape with `length` in place of what is negative."""
    if len(shape) == 0:
        return ()
    return (length if shape[0] < 0 else as_type(shape[0], int64), *filled_in(shape[1:], length))


def raise_reshape(shape, size):
    """The sizes differ."""
    raise format_error(ValueError, reshape_text(shape), size, *shape)


@static
def reshape_text(shape: Type) -> str:
    """NumPy's message; it writes an unknown length in words."""
    assert isinstance(shape, Tuple)
    return f"cannot reshape array of size {{}} into shape {shape_text(len(shape.elems))}"


def _check_lengths(shape: Type) -> None:
    items = shape.elems if isinstance(shape, Tuple) else (shape,)
    if not all(is_integer(ty) for ty in items):
        refuse(f"a shape is an int or a tuple of ints, not {shape.base}")


@overload(np.reshape)
def reshape(a, shape):
    """The items in C order, in another shape; one length may be -1.

    Unlike NumPy: items that do not lie in C order are copied, even if a view would do.
    """
    array_type(a), _check_lengths(shape)

    def impl(a, shape):
        wanted = completed(as_tuple(shape), array_size(a))
        return with_shape(in_rows(a), wanted)

    return impl


@overload_method(Array, "reshape")
def reshape_method(a, *shape):
    """`a.reshape(2, 3)` or `a.reshape((2, 3))`."""
    wanted = shape[0] if len(shape) == 1 else Tuple(shape)
    reshape.template(a, wanted)
    is_packed = len(shape) == 1 and isinstance(shape[0], Tuple)

    def packed(a, *shape):
        return np.reshape(a, shape[0])

    def spread(a, *shape):
        return np.reshape(a, shape)

    return packed if is_packed else spread


@overload(np.ravel)
def ravel(a, order="C"):
    """The items in C order along one axis: a view where they lie so, else a copy."""
    if order_argument(order) != "C":
        refuse("only order='C' is supported")
    array_type(a)

    def impl(a, order="C"):
        return with_shape(in_rows(a), (array_size(a),))

    return impl


@overload_method(Array, "flatten")
def flatten(a):
    """A copy of the items in C order, along one axis."""

    def impl(a):
        return with_shape(copy_in_rows(a), (array_size(a),))

    return impl


ravel_method = overload_method(Array, "ravel")(ravel.template)


# ---- turning ----------------------------------------------------------------------------------


@overload(np.transpose)
def transpose(a, axes=None):
    """A view with the axes in the opposite order, or in that of the literal `axes`."""
    array = array_type(a)
    if is_none(axes):

        def impl(a, axes=None):
            return transpose_all(a)

        return impl
    order = _order(array, axes)
    layout = permuted_layout(array, order)

    def ordered(a, axes=None):
        return permute(a, order, layout)

    return ordered


def _order(array: Array, axes: Type) -> tuple[int, ...]:
    items = axes.elems if isinstance(axes, Tuple) else (axes,)
    order = [axis_argument(ty, array.ndim) for ty in items]
    if len(order) != array.ndim:
        refuse("axes don't match array")
    if sorted(at for at in order if at is not None) != list(range(array.ndim)):
        refuse("repeated axis in transpose")
    return tuple(at for at in order if at is not None)


@overload_method(Array, "transpose")
def transpose_method(a, *axes):
    """`a.transpose()`, `a.transpose(1, 0)` or `a.transpose((1, 0))`."""
    if not axes:

        def plain(a, *axes):
            return transpose_all(a)

        return plain
    order = _order(a, axes[0] if len(axes) == 1 else Tuple(axes))
    layout = permuted_layout(a, order)

    def impl(a, *axes):
        return permute(a, order, layout)

    return impl


@overload(np.swapaxes)
def swapaxes(a, axis1, axis2):
    """A view with two axes exchanged."""
    array = array_type(a)
    first, second = axis_argument(axis1, array.ndim), axis_argument(axis2, array.ndim)
    if first is None or second is None:
        refuse("axes are ints known while compiling")
    order = list(range(array.ndim))
    order[first], order[second] = order[second], order[first]
    turned, layout = tuple(order), permuted_layout(array, order)

    def impl(a, axis1, axis2):
        return permute(a, turned, layout)

    return impl


@overload(np.expand_dims)
def expand_dims(a, axis):
    """A view with one more axis, of length 1, at a literal place."""
    array = array_type(a)
    place = axis_argument(axis, array.ndim + 1)
    if place is None:
        refuse("axis must be an int known while compiling")
    order, layout = (*range(place), -1, *range(place, array.ndim)), array.layout

    def impl(a, axis):
        return permute(a, order, layout)

    return impl


@overload(np.flip)
def flip(m, axis=None):
    """A view with the items in the opposite order, along all axes or one."""
    array = array_type(m)
    where = axis_argument(axis, array.ndim)
    flags = tuple(where is None or at == where for at in range(array.ndim))

    def impl(m, axis=None):
        shape, strides = array_shape(m), array_strides(m)
        start, turned = flipped(shape, strides, flags)
        distance = start if array_size(m) > 0 else 0
        return make_view(m, offset(array_data(m), distance), shape, turned, "A")

    return impl if array.ndim else _flip_nothing


def _flip_nothing(m, axis=None):
    return m


@with_literals("flags")
def flipped(shape, strides, flags):
    """The distance to the new first item, and the strides, some of them negated."""
    if len(shape) == 0:
        return 0, ()
    start, rest = flipped(shape[1:], strides[1:], flags[1:])
    if flags[0]:
        return start + (shape[0] - 1) * strides[0], (-strides[0], *rest)
    return start, (strides[0], *rest)


# ---- joining ----------------------------------------------------------------------------------


def _joined_arrays(arrays: Type) -> list[Array]:
    if not isinstance(arrays, Tuple) or not arrays.elems:
        refuse("a tuple of at least one array is needed")
    return [array_type(ty) for ty in arrays.elems]


@overload(np.concatenate)
def concatenate(arrays, axis=0):
    """The arrays of a tuple one after the other, along a literal axis."""
    parts = _joined_arrays(arrays)
    ndim = parts[0].ndim
    if ndim == 0:
        refuse("zero-dimensional arrays cannot be concatenated")
    for place, part in enumerate(parts):
        if part.ndim != ndim:
            refuse(
                "all the input arrays must have same number of dimensions, but the array at index "
                f"0 has {ndim} dimension(s) and the array at index {place} has {part.ndim} "
                "dimension(s)"
            )
    where = axis_argument(axis, ndim)
    if where is None:
        refuse("axis=None is not supported")
    item = common_type(*(part.dtype for part in parts))

    def impl(arrays, axis=0):
        shape = array_shape(arrays[0])
        out = new_array(item, with_length(shape, where, total_length(arrays, where)), "C")
        copy_parts(out, arrays, 0, where, 0)
        return out

    return impl


@with_literals("axis")
def total_length(arrays, axis):
    """The lengths along an axis, added."""
    if len(arrays) == 0:
        return 0
    return array_shape(arrays[0])[axis] + total_length(arrays[1:], axis)


@with_literals("axis")
def with_length(shape, axis, length):
    """The shape with another length on one axis."""
    if axis == 0:
        return (length, *shape[1:])
    return (shape[0], *with_length(shape[1:], axis - 1, length))


@with_literals("axis")
def copy_parts(out, arrays, start, axis, place):
    """Copy each array into its part of `out`; ValueError if the other lengths differ."""
    if len(arrays) > 0:
        part = arrays[0]
        length = array_shape(part)[axis]
        check_lengths(out, part, axis, place)
        distance = start * array_strides(out)[axis]
        view = make_view(
            out, offset(array_data(out), distance), array_shape(part), array_strides(out), "A"
        )
        run_loops(itself, view, pack((out.dtype,), part))
        copy_parts(out, arrays[1:], start + length, axis, place + 1)


def check_lengths(out, part, axis, place):
    """All lengths but that along `axis` are those of `out`."""
    for at in range(out.ndim):
        have, want = array_shape(part)[at], array_shape(out)[at]
        if at != axis and have != want:
            raise format_error(
                ValueError,
                "all the input array dimensions except for the concatenation axis must match "
                "exactly, but along dimension {}, the array at index 0 has size {} and the array "
                "at index {} has size {}",
                at,
                want,
                place,
                have,
            )


@overload(np.stack)
def stack(arrays, axis=0):
    """The arrays of a tuple, all of one shape, side by side along a new literal axis."""
    parts = _joined_arrays(arrays)
    where = axis_argument(axis, parts[0].ndim + 1)
    if where is None:
        refuse("axis must be an int known while compiling")

    def impl(arrays, axis=0):
        check_same(arrays[0], arrays[1:])
        return np.concatenate(expanded(arrays, where), where)

    return impl


def check_same(first, others):
    """ValueError unless all shapes are the same."""
    if len(others) > 0:
        if not is_shape(array_shape(first), array_shape(others[0])):
            raise ValueError("all input arrays must have the same shape")
        check_same(first, others[1:])


@with_literals("axis")
def expanded(arrays, axis):
    """The arrays with one more axis."""
    if len(arrays) == 0:
        return ()
    return (np.expand_dims(arrays[0], axis), *expanded(arrays[1:], axis))


# ---- methods ----------------------------------------------------------------------------------


@overload_method(Array, "copy")
def copy(a, order="C"):
    """A copy, in C order if nothing else is asked for."""
    made = copy_as(a, a.dtype, order_argument(order, layout_kept(a)))

    def impl(a, order="C"):
        return made(a)

    return impl


@overload_method(Array, "astype")
def astype(a, dtype):
    """A copy with items of another type."""
    made = copy_as(a, dtype_argument(dtype, a.dtype), layout_kept(a))

    def impl(a, dtype):
        return made(a)

    return impl


@overload_method(Array, "fill")
def fill(a, value):
    """Assign a number to every item."""
    if a.readonly:
        refuse("assignment destination is read-only")
    if not is_scalar(value):
        refuse("only a number can fill an array")
    item = a.dtype

    def impl(a, value):
        run_loops(itself, a, pack((item,), value))

    return impl


@overload_method(Array, "tolist")
def tolist(self):
    """The items as Python's numbers, in a list; of several dimensions, in lists of lists."""
    ty = array_type(self)
    if ty.ndim == 0:
        return _item_itself
    return _items if ty.ndim == 1 else _rows


def _item_itself(self):
    return as_plain(self[()])


def _items(self):
    return [as_plain(item) for item in self]


def _rows(self):
    return [row.tolist() for row in self]


@intrinsic
def as_plain(x):
    """A number as one of Python's: of 64 bits."""
    ty: Any = x.base
    if isinstance(ty, Integer):
        wide: Any = int64 if ty.signed or ty.bits < 64 else ty
    elif isinstance(ty, Complex):
        wide = complex128
    else:
        wide = float64 if isinstance(ty, Float) else ty
    return arithmetic.identity(wide)


@overload_method(Array, "item")
def item(a, *args):
    """The one item of an array of size 1, or the one at an index."""
    if args:

        def indexed(a, *args):
            return a[args]

        return indexed

    def impl(a, *args):
        if array_size(a) != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return load_item(at_origin(a), ())

    return impl
