"""Arrays of integers under `overflow="raise"`: what would wrap in NumPy raises OverflowError.

    a + b, a - b, a * b      also in place, and by np.add and the like; each item is looked at
    np.sum(a), a.sum()       each partial sum, in the order in which items are added
    prod, cumsum, cumprod    the same
    np.dot(a, b), a.dot(b)   of vectors: each product and each partial sum

Other operations on arrays wrap, as do items that are stored in a narrower type.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.inference.overloads import Overload, intrinsic, method_key, refuse
from pellucid.library.builtins.overflow import (
    checked,
    checked_sum,
    exact,
    text,
)
from pellucid.library.numpy.accumulation import along_last
from pellucid.library.numpy.dtypes import dtype_argument
from pellucid.library.numpy.elementwise import apply_once, elementwise, elementwise_into, pack
from pellucid.library.numpy.folds import fold_in_order
from pellucid.library.numpy.primitives import array_type, axis_length
from pellucid.library.numpy.reduction import Reduction, reduce_operation
from pellucid.library.numpy.resolution import common_type, resolve, result_layout, result_rank
from pellucid.library.numpy.scalars import as_type
from pellucid.library.numpy.sums import sum_type
from pellucid.library.numpy.views import axis_argument, flag_argument
from pellucid.types import Array, Integer, Type, int64

# Any: functions of the compiled language, and NumPy's own, which have no common type.


def _integer(ty: Type) -> Integer:
    if not isinstance(ty, Integer):
        refuse("only integers overflow")
    return ty


@intrinsic
def added(x, y):
    """(the sum of two integers of one type in that type, whether it does not fit)."""
    return exact("add", _integer(x.base))


@intrinsic
def subtracted(x, y):
    """(their difference, whether it does not fit)."""
    return exact("sub", _integer(x.base))


@intrinsic
def multiplied(x, y):
    """(their product, whether it does not fit)."""
    return exact("mul", _integer(x.base))


def _raising(exactly: Any, what: str, ty: Integer) -> Any:
    """The function of two integers that raises where the result does not fit their type."""
    message = text(what, ty)

    def join(x, y):
        value, failed = exactly(x, y)
        if failed:
            raise OverflowError(message)
        return value

    return join


# ---- item by item ---------------------------------------------------------------------------


def _operation(ufunc: np.ufunc, make: Any, what: str, a: Type, b: Type) -> tuple[Any, Any, Type]:
    """(the function of two operands, that of an output and them, the type of the items)."""
    if not isinstance(a, Array) and not isinstance(b, Array):
        refuse("neither operand is an array")
    loop = resolve(ufunc, a, b)
    output = _integer(loop.output)
    inputs, layout, (first, second) = loop.inputs, result_layout(a, b), loop.inputs
    join = _raising(make, what, output)

    def kernel(x, y):
        return join(as_type(as_type(x, first), output), as_type(as_type(y, second), output))

    def item(a, b):
        return apply_once(kernel, pack(inputs, a, b))

    def array(a, b):
        return elementwise(kernel, output, layout, pack(inputs, a, b))

    def into(out, a, b):
        elementwise_into(kernel, out, pack(inputs, a, b))
        return out

    return (array if result_rank(a, b) else item), into, output


def _declare(
    function: Callable[..., Any], ufunc: np.ufunc, make: Any, what: str
) -> tuple[Overload, Overload, Overload]:
    def template(a, b):
        operation, _, _ = _operation(ufunc, make, what, a, b)
        return operation

    def in_place(a, b):
        operation, into, output = _operation(ufunc, make, what, a, b)
        if not isinstance(a, Array):
            return operation
        if a.readonly:
            refuse("output array is read-only")
        if a.dtype != output:
            refuse(f"items of {output} are stored as {a.dtype}")

        def impl(a, b):
            return into(a, a, b)

        return impl

    def by_name(x1, x2, /):
        operation, _, _ = _operation(ufunc, make, what, x1, x2)

        def impl(x1, x2, /):
            return operation(x1, x2)

        return impl

    for each in (template, in_place, by_name):
        each.__doc__ = f"NumPy's `{ufunc.__name__}` of integers, which must fit."
        each.__qualname__ = each.__name__ = ufunc.__name__
    assigning = getattr(operator, f"i{function.__name__}")
    return (
        checked(function, inline=False)(template),
        checked(assigning, inline=False)(in_place),
        checked(ufunc, inline=False)(by_name),
    )


add, iadd, add_ufunc = _declare(operator.add, np.add, added, "a sum")
sub, isub, subtract_ufunc = _declare(operator.sub, np.subtract, subtracted, "a difference")
mul, imul, multiply_ufunc = _declare(operator.mul, np.multiply, multiplied, "a product")


# ---- sums and products ----------------------------------------------------------------------


def _reduced(
    name: str, exactly: Any, start: int, a: Type, axis: Type, dtype: Type, keepdims: Type
) -> Any:
    array = array_type(a)
    work = _integer(dtype_argument(dtype, sum_type(array.dtype)))
    join = _raising(exactly, f"the {name}", work)

    def kernel(x):
        return as_type(x, work)

    reduction = Reduction(name, fold_in_order(join, start, work), join, start)
    where, keeps = axis_argument(axis, array.ndim), flag_argument(keepdims, "keepdims")
    return reduce_operation(array, reduction, kernel, work, where, keeps)


@checked(np.sum, inline=False)
def sum_(a, axis=None, dtype=None, keepdims=False):
    """The sum of integers, of all or along an axis."""
    operation = _reduced("sum", added, 0, a, axis, dtype, keepdims)
    array = array_type(a)
    is_plain = dtype_argument(dtype, sum_type(array.dtype)) == array.dtype == int64
    if is_plain and array.ndim == 1 and not flag_argument(keepdims, "keepdims"):
        operation = checked_sum(text("the sum", int64))  # one loop, which is packed

    def impl(a, axis=None, dtype=None, keepdims=False):
        return operation(a)

    return impl


@checked(np.prod, inline=False)
def prod(a, axis=None, dtype=None, keepdims=False):
    """The product of integers, of all or along an axis."""
    operation = _reduced("product", multiplied, 1, a, axis, dtype, keepdims)

    def impl(a, axis=None, dtype=None, keepdims=False):
        return operation(a)

    return impl


def _running(name: str, exactly: Any, a: Type, axis: Type, dtype: Type) -> tuple[Any, Type]:
    array = array_type(a)
    work = _integer(dtype_argument(dtype, sum_type(array.dtype)))
    if array.ndim != 1 and axis_argument(axis, array.ndim) is not None:
        refuse("along one axis of several, sums wrap")
    return _raising(exactly, f"the {name}", work), work


@checked(np.cumsum, inline=False)
def cumsum(a, axis=None, dtype=None):
    """The running sums of integers: of all, or of a vector."""
    join, work = _running("sum", added, a, axis, dtype)

    def impl(a, axis=None, dtype=None):
        return along_last(join, work, np.ravel(a))

    return impl


@checked(np.cumprod, inline=False)
def cumprod(a, axis=None, dtype=None):
    """The running products of integers: of all, or of a vector."""
    join, work = _running("product", multiplied, a, axis, dtype)

    def impl(a, axis=None, dtype=None):
        return along_last(join, work, np.ravel(a))

    return impl


@checked(np.dot, inline=False)
def dot(a, b):
    """The product of two vectors of integers."""
    left, right = array_type(a), array_type(b)
    if left.ndim != 1 or right.ndim != 1:
        refuse("products of matrices wrap")
    work = _integer(common_type(left.dtype, right.dtype))
    times = _raising(multiplied, "a product", work)
    plus = _raising(added, "the sum", work)

    def impl(a, b):
        count = axis_length(a, 0)
        if axis_length(b, 0) != count:
            return np.dot(a, b)  # which raises
        total = as_type(0, work)
        for i in range(count):
            total = plus(total, times(as_type(a[i], work), as_type(b[i], work)))
        return total

    return impl


_METHODS = {"sum": sum_, "prod": prod, "cumsum": cumsum, "cumprod": cumprod, "dot": dot}
sum_method, prod_method, cumsum_method, cumprod_method, dot_method = (
    checked(method_key(Array, name), inline=False)(function.template)
    for name, function in _METHODS.items()
)
