"""The attributes of arrays, and `len`."""

from __future__ import annotations

import numpy as np

from pellucid.inference.overloads import Constant, overload, overload_attribute, refuse
from pellucid.library.builtins.memory import offset
from pellucid.library.numpy.cursors import reverse_shape
from pellucid.library.numpy.primitives import (
    array_data,
    array_shape,
    array_size,
    array_strides,
    axis_length,
    cast_pointer,
    item_bytes,
    item_size,
    make_view,
)
from pellucid.types import Array, Complex, Type
from pellucid.types.kinds import static


@overload_attribute(Array, "shape")
def shape(a):
    """The length of each axis."""
    return array_shape.template(a)


@overload_attribute(Array, "strides")
def strides(a):
    """The bytes from one item to the next along each axis."""
    return array_strides.template(a)


@overload_attribute(Array, "ndim")
def ndim(a):
    """The number of axes."""
    return Constant(a.ndim)


@overload_attribute(Array, "size")
def size(a):
    """The number of items."""
    return array_size.template(a)


@overload_attribute(Array, "itemsize")
def itemsize(a):
    """The bytes of one item."""
    return Constant(item_size(a.dtype))


@overload_attribute(Array, "nbytes")
def nbytes(a):
    """The bytes of all items."""

    def impl(a):
        return array_size(a) * item_bytes(a)

    return impl


@overload_attribute(Array, "dtype")
def dtype(a):
    """The type of the items."""
    return Constant(a.dtype)


@static
def turned_layout(ty: Type) -> str:
    """The layout with the axes in the opposite order."""
    assert isinstance(ty, Array)
    return ty.layout if ty.ndim < 2 else {"C": "F", "F": "C", "A": "A"}[ty.layout]


@overload_attribute(Array, "T")
def transposed(a):
    """The array with its axes in the opposite order: a view."""
    return transpose_all


def transpose_all(a):
    """A view with the axes in the opposite order."""
    return make_view(
        a,
        array_data(a),
        reverse_shape(array_shape(a)),
        reverse_shape(array_strides(a)),
        turned_layout(a),
    )


def _itself(a):
    return a


def _zeros(a):
    return np.zeros_like(a)


@overload_attribute(Array, "real")
def real(a):
    """The real parts: a view of a complex array, else the array itself."""
    if not isinstance(a.dtype, Complex):
        return _itself
    part, layout = a.dtype.part, "A" if a.ndim else "C"

    def impl(a):
        data = cast_pointer(array_data(a), part)
        return make_view(a, data, array_shape(a), array_strides(a), layout)

    return impl


@overload_attribute(Array, "imag")
def imag(a):
    """The imaginary parts: a view of a complex array, else zeros."""
    if not isinstance(a.dtype, Complex):
        return _zeros
    part, layout = a.dtype.part, "A" if a.ndim else "C"
    distance = item_size(part)

    def impl(a):
        data = offset(cast_pointer(array_data(a), part), distance)
        return make_view(a, data, array_shape(a), array_strides(a), layout)

    return impl


@overload(len, inline=True)
def length(obj):
    """The length of the first axis."""
    if not isinstance(obj, Array):
        refuse(f"{obj.base} is not an array")
    if obj.ndim == 0:
        refuse("len() of unsized object")
    first = 0

    def impl(obj):
        return axis_length(obj, first)

    return impl
