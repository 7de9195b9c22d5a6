"""New arrays: empty, zeros, ones, full and their `_like`s, eye; copies; arrays of tuples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.inference.overloads import Overload, intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp import ArrayValue
from pellucid.library.builtins.memory import write_item
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.dtypes import dtype_argument, order_argument
from pellucid.library.numpy.elementwise import pack, run_loops
from pellucid.library.numpy.indexing import as_tuple, itself
from pellucid.library.numpy.primitives import (
    array_shape,
    array_size,
    array_type,
    item_size,
    store_at,
    store_item,
)
from pellucid.library.numpy.resolution import common_type
from pellucid.library.numpy.scalars import as_type, real_part
from pellucid.library.numpy.sequences import array_of_lists
from pellucid.types import (
    Array,
    Complex,
    List,
    Tuple,
    Type,
    float64,
    int64,
    is_integer,
    is_none,
    is_scalar,
    none,
)


def _check_shape(shape: Type) -> None:
    items = shape.elems if isinstance(shape, Tuple) else (shape,)
    for ty in items:
        if not is_integer(ty):
            refuse(f"a shape is an int or a tuple of ints, not {shape.base}")


def fill(out, value):
    """Assign `value` to every item of a contiguous array."""
    item = as_type(value, out.dtype)
    for i in range(array_size(out)):
        store_at(out, i, item)


# ---- of a shape -------------------------------------------------------------------------------


@overload(np.empty)
def empty(shape, dtype=float, order="C"):
    """A new array whose items are not set."""
    _check_shape(shape)
    item, layout = dtype_argument(dtype, float64), order_argument(order)

    def impl(shape, dtype=float, order="C"):
        return new_array(item, as_tuple(shape), layout)

    return impl


def _filled(function: Any, value: int) -> Overload:
    """`np.zeros` or `np.ones`. Any: NumPy's functions have no common type."""

    def template(shape, dtype=None, order="C"):
        _check_shape(shape)
        item, layout = dtype_argument(dtype, float64), order_argument(order)

        def impl(shape, dtype=None, order="C"):
            out = new_array(item, as_tuple(shape), layout)
            fill(out, value)
            return out

        return impl

    return _declare(function, template)


def _declare(function: Any, template: Any) -> Overload:
    template.__qualname__ = template.__name__ = function.__name__
    template.__doc__ = f"A new array, as NumPy's `{function.__name__}` makes it."
    return overload(function)(template)


zeros = _filled(np.zeros, 0)
ones = _filled(np.ones, 1)


@overload(np.full)
def full(shape, fill_value, dtype=None, order="C"):
    """A new array with every item `fill_value`."""
    _check_shape(shape)
    if not is_scalar(fill_value):
        refuse("fill_value must be a scalar")
    item, layout = dtype_argument(dtype, fill_value.base), order_argument(order)

    def impl(shape, fill_value, dtype=None, order="C"):
        out = new_array(item, as_tuple(shape), layout)
        fill(out, fill_value)
        return out

    return impl


# ---- like another array -----------------------------------------------------------------------


def _like(prototype: Type, dtype: Type, order: Type) -> tuple[Type, str]:
    source = array_type(prototype)
    keep = "F" if source.layout == "F" and source.ndim > 1 else "C"
    return dtype_argument(dtype, source.dtype), order_argument(order, keep)


@overload(np.empty_like)
def empty_like(prototype, dtype=None, order="K"):
    """A new array of the same shape and dtype, its items not set."""
    item, layout = _like(prototype, dtype, order)

    def impl(prototype, dtype=None, order="K"):
        return new_array(item, array_shape(prototype), layout)

    return impl


def _filled_like(function: Any, value: int) -> Overload:
    def template(a, dtype=None, order="K"):
        item, layout = _like(a, dtype, order)

        def impl(a, dtype=None, order="K"):
            out = new_array(item, array_shape(a), layout)
            fill(out, value)
            return out

        return impl

    return _declare(function, template)


zeros_like = _filled_like(np.zeros_like, 0)
ones_like = _filled_like(np.ones_like, 1)


@overload(np.full_like)
def full_like(a, fill_value, dtype=None, order="K"):
    """A new array of the same shape and dtype, with every item `fill_value`."""
    item, layout = _like(a, dtype, order)
    if not is_scalar(fill_value):
        refuse("fill_value must be a scalar")

    def impl(a, fill_value, dtype=None, order="K"):
        out = new_array(item, array_shape(a), layout)
        fill(out, fill_value)
        return out

    return impl


# ---- diagonals --------------------------------------------------------------------------------


@overload(np.eye)
def eye(N, M=None, k=0, dtype=float, order="C"):
    """Ones on the diagonal `k`, zeros elsewhere."""
    if not is_integer(N) or not (is_none(M) or is_integer(M)) or not is_integer(k):
        refuse("N, M and k are ints")
    item, layout = dtype_argument(dtype, float64), order_argument(order)
    is_square = is_none(M)

    def impl(N, M=None, k=0, dtype=float, order="C"):
        rows = as_type(N, int64)
        columns = rows if is_square else as_type(M, int64)
        out = new_array(item, (rows, columns), layout)
        fill(out, 0)
        first = -k if k < 0 else 0
        last = rows if rows + k < columns else columns - k
        for i in range(first, last):
            store_item(out, (i, i + k), as_type(1, item))
        return out

    return impl


@overload(np.identity)
def identity(n, dtype=None):
    """The square array with ones on its diagonal."""
    item = dtype_argument(dtype, float64)

    def impl(n, dtype=None):
        return np.eye(n, dtype=item)

    return impl


# ---- copies -----------------------------------------------------------------------------------


def copy_as(a: Type, item: Type, layout: str) -> Any:
    """The function that copies an array to another dtype and layout. Any: compiled code."""
    source = array_type(a)
    drops_imag = isinstance(source.dtype, Complex) and not isinstance(item, Complex)
    kernel = real_part if drops_imag else itself

    def impl(a):
        out = new_array(item, array_shape(a), layout)
        run_loops(kernel, out, pack((item,), a))
        return out

    return impl


def layout_kept(a: Type) -> str:
    """The layout of a copy that keeps the order of the axes: F, or else C."""
    source = array_type(a)
    return "F" if source.layout == "F" and source.ndim > 1 else "C"


@overload(np.copy)
def copy(a, order="K"):
    """A copy with memory of its own."""
    if is_scalar(a):
        return _array_of_scalar(a.base)
    made = copy_as(a, array_type(a).dtype, order_argument(order, layout_kept(a)))

    def impl(a, order="K"):
        return made(a)

    return impl


def _array_of_scalar(item: Type) -> Any:
    def impl(value, *options):
        out = new_array(item, (), "C")
        store_item(out, (), as_type(value, item))
        return out

    return impl


@overload(np.array)
def array(object, dtype=None):
    """A new array of an array, a number, or (nested) tuples or lists of numbers."""
    if isinstance(object, Array):
        made = copy_as(object, dtype_argument(dtype, object.dtype), layout_kept(object))
    elif isinstance(object, Tuple):
        made = _array_of_tuples(object, dtype)
    elif isinstance(object, List):
        made = array_of_lists(object, dtype)
    elif is_scalar(object):
        made = _array_of_scalar(dtype_argument(dtype, object.base))
    else:
        refuse(f"np.array takes arrays, numbers, lists and tuples, not {object.base}")

    def impl(object, dtype=None):
        return made(object)

    return impl


@overload(np.asarray)
def asarray(a, dtype=None):
    """An array itself, if it has that dtype; else a new array."""
    if isinstance(a, Array) and dtype_argument(dtype, a.dtype) == a.dtype:

        def same(a, dtype=None):
            return a

        return same
    return array.template(a, dtype)


@overload(np.ascontiguousarray)
def ascontiguousarray(a, dtype=None):
    """An array in C order: itself, if it is; of at least one axis."""
    source = array_type(a)
    item = dtype_argument(dtype, source.dtype)
    if source.ndim and source.layout == "C" and item == source.dtype:

        def same(a, dtype=None):
            return a

        return same
    made = copy_as(a, item, "C")
    if source.ndim == 0:

        def lifted(a, dtype=None):
            return made(a).reshape(1)

        return lifted

    def impl(a, dtype=None):
        return made(a)

    return impl


@overload(np.asfortranarray)
def asfortranarray(a, dtype=None):
    """An array in Fortran order: itself, if it is."""
    source = array_type(a)
    item = dtype_argument(dtype, source.dtype)
    is_there = source.layout == "F" or (source.ndim == 1 and source.layout == "C")
    if is_there and item == source.dtype:

        def same(a, dtype=None):
            return a

        return same
    made = copy_as(a, item, "F" if source.ndim > 1 else "C")

    def impl(a, dtype=None):
        return made(a)

    return impl


# ---- of tuples --------------------------------------------------------------------------------


def tuple_shape(ty: Type) -> tuple[int, ...]:
    """The shape of nested tuples; refuses tuples of different lengths on one level."""
    if not isinstance(ty, Tuple):
        return ()
    inner = {tuple_shape(elem) for elem in ty.elems}
    if len(inner) > 1:
        refuse("the nested tuples have an inhomogeneous shape")
    return (len(ty.elems), *(next(iter(inner)) if inner else ()))


def _leaves(ty: Type) -> list[Type]:
    if not isinstance(ty, Tuple):
        return [ty]
    return [leaf for elem in ty.elems for leaf in _leaves(elem)]


def _array_of_tuples(ty: Tuple, dtype: Type) -> Any:
    leaves = _leaves(ty)
    if not all(is_scalar(leaf) for leaf in leaves):
        refuse("np.array takes tuples of numbers only")
    item = dtype_argument(dtype, common_type(*leaves) if leaves else float64)
    shape = tuple_shape(ty)

    def impl(items):
        out = new_array(item, shape, "C")
        store_tuple(out, items)
        return out

    return impl


def _converted(ty: Type, item: Type) -> Type:
    if isinstance(ty, Tuple):
        return Tuple(tuple(_converted(elem, item) for elem in ty.elems))
    return item


@intrinsic
def store_tuple(out, items):
    """Assign the numbers of nested tuples to the items of a C array, in order."""
    ty = array_type(out)
    given = _converted(items, ty.dtype)
    size = item_size(ty.dtype)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        data = cg.field(ty, args[0], "data")
        for place, value in enumerate(_values(cg, given, args[1])):
            at = ll.Constant(ll.IntType(64), place)
            storage = cg.ll_storage(ty.dtype)
            cg.store(ty.dtype, value, cg.builder.gep(data, [at], True, source_etype=storage))
        return cg.zero(none)

    def run(array: ArrayValue, values: Any) -> None:
        for place, value in enumerate(_run_values(values)):
            write_item(ty.dtype, array.data + place * size, value)

    return Primitive("store_tuple", none(ty, given), lower, run, Effects.WRITES)


def _values(cg: Any, ty: Type, value: Any) -> list[Any]:
    if not isinstance(ty, Tuple):
        return [value]
    return [
        leaf
        for index, elem in enumerate(ty.elems)
        for leaf in _values(cg, elem, cg.element(ty, value, index))
    ]


def _run_values(values: Any) -> list[Any]:
    if not isinstance(values, tuple):
        return [values]
    return [leaf for value in values for leaf in _run_values(value)]
