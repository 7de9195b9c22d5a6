"""Methods, attributes and calls of `memoryview`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.inference.overloads import (
    Constant,
    intrinsic,
    overload,
    overload_attribute,
    overload_method,
    refuse,
)
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.heap import finalize, get, new, put
from pellucid.library.numpy.primitives import array_data, cast_pointer, make_view
from pellucid.library.strings.fronts import as_bytes, content, shown
from pellucid.library.strings.memory_views import renamed, view_of, view_type, viewed
from pellucid.library.strings.primitives import TEXT
from pellucid.types import (
    VIEW_FORMATS,
    Array,
    ByteArray,
    BytesType,
    Literal,
    MemoryView,
    NoneType,
    ViewHold,
    dtype_of,
    uint8,
    view_hold,
)

_BYTES = Array(uint8, 1, "C")


# ---- methods and attributes -----------------------------------------------------------------


@overload_method(MemoryView, "tobytes")
def tobytes(self, order="C"):
    """As `memoryview.tobytes`, in C's order."""
    view_type(self)
    if not isinstance(order, Literal) or order.value != "C":
        refuse("order is 'C' in compiled code")
    return _tobytes


def _tobytes(self, order="C"):
    return as_bytes(content(self))


@overload_method(MemoryView, "tolist")
def tolist(self):
    """As `memoryview.tolist`, of one axis."""
    if view_type(self).array.ndim > 1:
        refuse("views of several axes make no list in compiled code")
    return _tolist


def _tolist(self):
    return list(self)


@overload_method(MemoryView, "hex")
def hex_(self, sep=None, bytes_per_sep=1):
    """As `memoryview.hex`."""
    view_type(self)
    return _hex


def _hex(self, sep=None, bytes_per_sep=1):
    return self.tobytes().hex(sep, bytes_per_sep)


@overload_method(MemoryView, "toreadonly")
def toreadonly(self):
    """As `memoryview.toreadonly`."""
    ty = view_type(self)
    array = ty.array
    frozen = MemoryView(Array(array.dtype, array.ndim, array.layout, readonly=True), ty.format)
    return renamed("memoryview.toreadonly", ty, frozen)


@overload_method(MemoryView, "cast")
def cast(self, format, shape=None, /):
    """As `memoryview.cast` of one axis without gaps: to bytes, or from them."""
    ty = view_type(self)
    letter = format.value if isinstance(format, Literal) else None
    if not isinstance(letter, str) or letter.removeprefix("@") not in VIEW_FORMATS:
        refuse("memoryview: destination format must be a native single character format")
    letter = letter.removeprefix("@")
    if not isinstance(shape, NoneType) or ty.array.ndim != 1 or ty.array.layout != "C":
        refuse("a view is cast from and to one axis without gaps in compiled code")
    if "B" not in (letter, ty.format) and not {letter, ty.format} & {"b", "c"}:
        refuse("memoryview: cannot cast between two non-byte formats")
    dtype = VIEW_FORMATS[letter]
    size, old_size = dtype_of(dtype).itemsize, dtype_of(ty.array.dtype).itemsize

    def impl(self, format, shape=None):
        array = viewed(self)
        nbytes = len(array) * old_size
        if nbytes % size != 0:
            raise TypeError("memoryview: length is not a multiple of itemsize")
        data = cast_pointer(array_data(array), dtype)
        return view_of(make_view(array, data, (nbytes // size,), (size,), "C"), letter)

    return impl


@overload_attribute(MemoryView, "format")
def format_(self):
    """The format."""
    return Constant(view_type(self).format)


@overload_attribute(MemoryView, "itemsize")
def itemsize(self):
    """The bytes of an item."""
    return Constant(dtype_of(view_type(self).array.dtype).itemsize)


@overload_attribute(MemoryView, "ndim")
def ndim(self):
    """The number of axes."""
    return Constant(view_type(self).array.ndim)


@overload_attribute(MemoryView, "readonly")
def readonly(self):
    """Whether items cannot be assigned."""
    return Constant(view_type(self).array.readonly)


@overload_attribute(MemoryView, "nbytes")
def nbytes(self):
    """The bytes of all items."""
    view_type(self)
    return _nbytes


def _nbytes(self):
    return viewed(self).nbytes


@overload_attribute(MemoryView, "shape")
def shape(self):
    """The length of each axis."""
    view_type(self)
    return _shape


def _shape(self):
    return viewed(self).shape


@overload_attribute(MemoryView, "strides")
def strides(self):
    """The bytes from one item to the next, along each axis."""
    view_type(self)
    return _strides


def _strides(self):
    return viewed(self).strides


@overload_attribute(MemoryView, "suboffsets")
def suboffsets(self):
    """Of such memory, none."""
    view_type(self)
    return Constant(())


def _contiguity(self: MemoryView, layouts: str) -> Any:
    array = view_type(self).array
    if array.layout in layouts:
        return Constant(True)
    if array.ndim > 1:
        refuse("whether the items of several axes lie without gaps is not known while compiling")
    return _has_no_gaps


def _has_no_gaps(self):
    return len(self) == 1 or self.strides[0] == self.itemsize


@overload_attribute(MemoryView, "c_contiguous")
def c_contiguous(self):
    """Whether the items lie without gaps, in C's order."""
    return _contiguity(self, "C")


@overload_attribute(MemoryView, "f_contiguous")
def f_contiguous(self):
    """Whether the items lie without gaps, in Fortran's order."""
    return _contiguity(self, "F")


@overload_attribute(MemoryView, "contiguous")
def contiguous(self):
    """Whether the items lie without gaps, in either order."""
    return _contiguity(self, "CF")


# ---- calls of the class ---------------------------------------------------------------------


@overload(memoryview)
def memoryview_(object):
    """A view of bytes, a bytearray, an array, or what another view shows."""
    if isinstance(object, MemoryView):
        return _view_again
    if isinstance(object, Array):
        letter = dtype_of(object.dtype).char
        if VIEW_FORMATS.get(letter) != object.dtype or object.ndim == 0:
            refuse(f"a {object} has no memoryview in compiled code")

        def of_array(object):
            return view_of(object, letter)

        return of_array
    if isinstance(object.base, ByteArray):
        return _view_of_byte_array
    if not isinstance(object.base, BytesType):
        refuse(f"memoryview: a bytes-like object is required, not '{object.base}'")
    return _view_of_bytes


def _view_again(object):
    return object


def _view_of_bytes(object):
    return view_of(_array_over(shown(object)), "B").toreadonly()


def _view_of_byte_array(object):
    hold = new(view_hold)
    put(hold, "array", object)
    put(object, "exports", get(object, "exports") + 1)
    put(hold, "is_counted", True)
    return view_of(_array_held(hold, shown(object)), "B")


@intrinsic
def _array_over(s):
    """The array of the bytes of a text of width 1, in the same memory."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _make_array(cg, cg.field(TEXT, args[0], "owner"), args[0])

    def run(s: str) -> Any:
        message = f"the interpreter has no array over {s!r}"
        raise NotImplementedError(message)

    return Primitive("array_over_text", _BYTES(TEXT), lower, run)


@intrinsic
def _array_held(hold, s):
    """The same, with an owner of its own."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _make_array(cg, args[0], args[1])

    def run(_: Any, s: str) -> Any:
        message = f"the interpreter has no array over {s!r}"
        raise NotImplementedError(message)

    return Primitive("array_over_bytearray", _BYTES(view_hold, TEXT), lower, run)


def _make_array(cg: Any, owner: Any, text: Any) -> Any:
    i64 = ll.IntType(64)
    made = cg.make(
        _BYTES,
        owner=owner,
        data=cg.field(TEXT, text, "data"),
        shape=ll.Constant.literal_struct([ll.Constant(i64, 0)]),
        strides=ll.Constant.literal_struct([ll.Constant(i64, 1)]),
    )
    names = ("owner", "data", "shape", "strides")
    count = cg.field(TEXT, text, "length")
    made = cg.builder.insert_value(made, count, [names.index("shape"), 0])
    cg.retain(_BYTES, made)
    return made


@overload(finalize)
def finalize_hold(obj):
    """The bytearray may change its length again."""
    if not isinstance(obj, ViewHold):
        refuse(f"{obj.base} does not hold a bytearray")
    return _finalize


def _finalize(obj):
    if get(obj, "is_counted"):
        array = get(obj, "array")
        put(array, "exports", get(array, "exports") - 1)


@overload(np.asarray)
def asarray(a, dtype=None):
    """The array of a view's memory."""
    if view_type(a).format in "c?":
        refuse("of a view of bytes or bools, take the array of `view.cast('B')`")
    return _asarray if isinstance(dtype, NoneType) else _asarray_as


def _asarray(a, dtype=None):
    return viewed(a)


def _asarray_as(a, dtype):
    return np.asarray(viewed(a), dtype)
