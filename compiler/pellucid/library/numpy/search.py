"""Finding items: nonzero, where, clip, searchsorted."""

from __future__ import annotations

import numpy as np

from pellucid.inference.overloads import overload, overload_method, refuse
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.cursors import cursors, fetch_at
from pellucid.library.numpy.elementwise import elementwise, pack
from pellucid.library.numpy.primitives import (
    array_data,
    array_shape,
    array_strides,
    array_type,
    axis_length,
    keep_alive,
    load_item,
    make_view,
    store_item,
)
from pellucid.library.numpy.resolution import (
    common_type,
    is_operand,
    operand_dtype,
    result_layout,
)
from pellucid.library.numpy.scalars import as_type, choose
from pellucid.library.numpy.ufuncs.comparison import complex_less, is_nan
from pellucid.library.numpy.views import at_index
from pellucid.types import (
    Array,
    Literal,
    Type,
    boolean,
    int64,
    is_complex,
    is_none,
    is_scalar,
)

# ---- nonzero ----------------------------------------------------------------------------------


@overload(np.nonzero)
def nonzero(a):
    """The places of the items that are not zero: one array for each axis."""
    if array_type(a).ndim == 0:
        refuse("np.nonzero does not take 0-d arrays: use np.atleast_1d(a)")
    slots = tuple(range(a.ndim))

    def impl(a):
        count = np.count_nonzero(a)
        # One more than needed: the places are written before it is known whether they count.
        places = new_places(count + 1, slots)
        find_places(a, places, (), 0)
        return shortened(places, count)

    return impl


def new_places(count, slots):
    """One array of `count` places for each slot."""
    if len(slots) == 0:
        return ()
    return (new_array(int64, (count,), "C"), *new_places(count, slots[1:]))


def find_places(a, places, lead, found):
    """Write the places of nonzero items of `a`, which lies at `lead`; how many are found then."""
    if a.ndim == 1:
        walked = cursors((a,), array_shape(a))
        for i in range(axis_length(a, 0)):
            write_place(places, (*lead, i), found)
            found += as_type(as_type(fetch_at(walked, i)[0], boolean), int64)
        keep_alive(a)
    else:
        for i in range(axis_length(a, 0)):
            found = find_places(at_index(a, 0, i), places, (*lead, i), found)
    return found


def write_place(places, place, at):
    """Write one place into the arrays."""
    if len(places) > 0:
        store_item(places[0], (at,), place[0])
        write_place(places[1:], place[1:], at)


def shortened(arrays, count):
    """The first `count` items of each array."""
    if len(arrays) == 0:
        return ()
    first = arrays[0]
    view = make_view(first, array_data(first), (count,), array_strides(first), "C")
    return (view, *shortened(arrays[1:], count))


@overload(np.flatnonzero)
def flatnonzero(a):
    """The places of nonzero items along the raveled array."""
    array_type(a)

    def impl(a):
        return np.nonzero(np.ravel(a))[0]

    return impl


nonzero_method = overload_method(Array, "nonzero")(nonzero.template)


# ---- where ------------------------------------------------------------------------------------


def choose_item(condition, x, y):
    """`x` where the condition is true, else `y`."""
    return choose(as_type(condition, boolean), x, y)


def _weak(ty: Type, other: Type) -> Type:
    """The type with which an operand counts: an int constant gives way to the other's."""
    if isinstance(ty, Literal) and ty.base_ty != boolean and not isinstance(other, Literal):
        dtype = operand_dtype(other)
        return common_type(dtype, dtype if dtype != boolean else int64)
    return operand_dtype(ty)


@overload(np.where)
def where(condition, x=None, y=None, /):
    """Items of `x` where the condition is true, else of `y`; with one argument, `nonzero`."""
    if is_none(x) != is_none(y):
        refuse("either both or neither of x and y should be given")
    if is_none(x):
        operation = nonzero.template(condition)

        def places(condition, x=None, y=None):
            return operation(condition)

        return places
    if not all(is_operand(ty) for ty in (condition, x, y)):
        refuse("np.where takes arrays and numbers")
    item = common_type(_weak(x, y), _weak(y, x))
    inputs = (operand_dtype(condition), item, item)
    layout = result_layout(condition, x, y)

    def kernel(condition, x, y):
        return choose_item(condition, as_type(x, item), as_type(y, item))

    def impl(condition, x=None, y=None):
        return elementwise(kernel, item, layout, pack(inputs, condition, x, y))

    return impl


# ---- clip -------------------------------------------------------------------------------------


@overload(np.clip, literals=("a_min", "a_max"))
def clip(a, a_min=None, a_max=None, out=None):
    """Hold the items between two bounds, either of which may be None."""
    if not is_operand(a):
        refuse(f"np.clip takes arrays and numbers, not {a.base}")

    def both(a, a_min=None, a_max=None, out=None):
        return np.minimum(np.maximum(a, a_min), a_max, out)

    def lower(a, a_min=None, a_max=None, out=None):
        return np.maximum(a, a_min, out)

    def upper(a, a_min=None, a_max=None, out=None):
        return np.minimum(a, a_max, out)

    def neither(a, a_min=None, a_max=None, out=None):
        return np.positive(a, out)

    if is_none(a_min):
        return neither if is_none(a_max) else upper
    return lower if is_none(a_max) else both


clip_method = overload_method(Array, "clip", literals=clip.literals)(clip.template)


# ---- searchsorted -----------------------------------------------------------------------------


def before(x, y):
    """Whether `x` goes before `y` in a sorted array: NaN goes last."""
    if is_complex(x):
        return complex_less(x, y) or (is_nan(y) and not is_nan(x))
    return x < y or (is_nan(y) and not is_nan(x))


@overload(np.searchsorted)
def searchsorted(a, v, side="left"):
    """Where the items of `v` would go in the sorted array `a`."""
    array = array_type(a)
    if array.ndim != 1:
        refuse("object too deep for desired array")
    text = side.value if isinstance(side, Literal) else side
    if text not in ("left", "right"):
        refuse("side must be 'left' or 'right'")
    item = common_type(array.dtype, operand_dtype(v))
    to_right = text == "right"

    def place(a, x):
        low, high = 0, axis_length(a, 0)
        while low < high:
            middle = (low + high) >> 1
            there = as_type(load_item(a, (middle,)), item)
            if not before(x, there) if to_right else before(there, x):
                low = middle + 1
            else:
                high = middle
        return low

    def single(a, v, side="left"):
        return place(a, as_type(v, item))

    def several(a, v, side="left"):
        out = new_array(int64, array_shape(v), "C")
        flat, items = np.ravel(out), np.ravel(v)
        for i in range(axis_length(flat, 0)):
            store_item(flat, (i,), place(a, as_type(load_item(items, (i,)), item)))
        return out

    return single if is_scalar(v) else several
