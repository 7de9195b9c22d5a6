"""sum, prod, mean, var, std, count_nonzero, any, all; nansum and nanmean."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.inference.overloads import overload, overload_method, refuse
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.cursors import fetch_unit
from pellucid.library.numpy.dtypes import dtype_argument
from pellucid.library.numpy.elementwise import elementwise, pack, run_loops
from pellucid.library.numpy.folds import fold_in_order, pairwise_fold
from pellucid.library.numpy.lines import PIECE, line_up
from pellucid.library.numpy.primitives import (
    array_size,
    array_type,
    axis_length,
    is_array,
    store_item,
)
from pellucid.library.numpy.reduction import Reduction, reduce_all, reduce_operation
from pellucid.library.numpy.scalars import (
    add,
    as_type,
    bit_and,
    bit_or,
    div,
    imag_part,
    make_complex,
    mul,
    real_part,
    sqrt,
    sub,
)
from pellucid.library.numpy.ufuncs.comparison import is_nan
from pellucid.library.numpy.views import axis_argument, flag_argument
from pellucid.types import (
    Array,
    Boolean,
    Complex,
    DType,
    Float,
    Integer,
    Literal,
    Type,
    boolean,
    float64,
    int64,
    is_complex,
    is_integer,
    is_none,
    uint64,
)

# Any: functions of the compiled language.


def sum_type(item: Type) -> Type:
    """The type in which NumPy adds and multiplies items: integers in at least 64 bits."""
    if isinstance(item, Boolean):
        return int64
    if isinstance(item, Integer):
        return int64 if item.signed else uint64
    return item


def _converter(work: Type) -> Any:
    def kernel(x):
        return as_type(x, work)

    return kernel


def sum_reduction(work: Type, is_plain: bool) -> Reduction:
    """The sum in the type `work`; `is_plain` if the kernel changes nothing."""
    if isinstance(work, Boolean):
        return Reduction("add", fold_in_order(bit_or, 0, work), bit_or, 0)
    if isinstance(work, Integer):
        return Reduction("add", fold_in_order(add, 0, work), add, 0)
    return Reduction("add", pairwise_fold(work, is_plain), add, 0)


def product_reduction(work: Type) -> Reduction:
    """The product in the type `work`, one item after the other."""
    times = bit_and if isinstance(work, Boolean) else mul
    return Reduction("multiply", fold_in_order(times, 1, work), times, 1)


def _sum_operation(a: Array, dtype: Type, axis: Type, keepdims: Type) -> Any:
    work = dtype_argument(dtype, sum_type(a.dtype))
    if isinstance(a.dtype, Complex) and not isinstance(work, Complex):
        refuse("a complex array is summed in a complex type")
    reduction = sum_reduction(work, is_plain=work == a.dtype)
    where, keeps = axis_argument(axis, a.ndim), flag_argument(keepdims, "keepdims")
    return reduce_operation(a, reduction, _converter(work), work, where, keeps)


@overload(np.sum)
def sum_(a, axis=None, dtype=None, keepdims=False):
    """The sum of the items, of all or along an axis; floats are added pairwise."""
    operation = _sum_operation(array_type(a), dtype, axis, keepdims)

    def impl(a, axis=None, dtype=None, keepdims=False):
        return operation(a)

    return impl


@overload(np.prod)
def prod(a, axis=None, dtype=None, keepdims=False):
    """The product of the items, of all or along an axis."""
    array = array_type(a)
    work = dtype_argument(dtype, sum_type(array.dtype))
    where, keeps = axis_argument(axis, array.ndim), flag_argument(keepdims, "keepdims")
    operation = reduce_operation(
        array, product_reduction(work), _converter(work), work, where, keeps
    )

    def impl(a, axis=None, dtype=None, keepdims=False):
        return operation(a)

    return impl


@overload(np.count_nonzero)
def count_nonzero(a, axis=None, *, keepdims=False):
    """How many items are not zero (or False), of all or along an axis."""
    array = array_type(a)

    def kernel(x):
        return as_type(as_type(x, boolean), int64)

    where, keeps = axis_argument(axis, array.ndim), flag_argument(keepdims, "keepdims")
    operation = reduce_operation(array, sum_reduction(int64, False), kernel, int64, where, keeps)

    def impl(a, axis=None, keepdims=False):
        return operation(a)

    return impl


# ---- means ------------------------------------------------------------------------------------


def mean_type(item: Type) -> Type:
    """The type of a mean: integers are averaged as floats."""
    return float64 if isinstance(item, (Integer, Boolean)) else item


def divide_by(x, count):
    """A sum over a number of items."""
    if is_complex(x):
        part = real_part(x)
        length = as_type(count, part)
        return make_complex(div(part, length), div(imag_part(x), length))
    return div(x, as_type(count, x))


def divided(sums, count):
    """A sum, or an array of sums, over a number of items."""
    if is_array(sums):
        run_loops(divide_by, sums, pack((sums.dtype, int64), sums, count))
        return sums
    return divide_by(sums, count)


def items_along(a: Array, axis: int | None) -> Any:
    """The function that counts the items of an array along an axis. Any: compiled code."""
    if axis is None:
        return array_size

    def impl(a):
        return axis_length(a, axis)

    return impl


@overload(np.mean)
def mean(a, axis=None, dtype=None, keepdims=False):
    """The arithmetic mean, of all items or along an axis."""
    array = array_type(a)
    work = dtype_argument(dtype, mean_type(array.dtype))
    if not isinstance(work, (Float, Complex)):
        refuse(f"a mean in {work} is not supported")
    total = _sum_operation(array, DType(work), axis, keepdims)
    count = items_along(array, axis_argument(axis, array.ndim))

    def impl(a, axis=None, dtype=None, keepdims=False):
        return divided(total(a), count(a))

    return impl


def squared(x):
    """The square of the magnitude, a real number."""
    if is_complex(x):
        return add(mul(real_part(x), real_part(x)), mul(imag_part(x), imag_part(x)))
    return mul(x, x)


def _spread(a: Type, axis: Type, dtype: Type, ddof: Type, keepdims: Type) -> Any:
    """The function of (array, ddof) that gives the variance. Any: compiled code."""
    array = array_type(a)
    work = dtype_argument(dtype, mean_type(array.dtype))
    if not isinstance(work, (Float, Complex)):
        refuse(f"a variance in {work} is not supported")
    part = work.part if isinstance(work, Complex) else work
    where, keeps = axis_argument(axis, array.ndim), flag_argument(keepdims, "keepdims")
    total = _sum_operation(array, DType(work), axis, Literal(where is not None, boolean))
    count = items_along(array, where)

    def deviation(x, middle):
        return squared(sub(as_type(x, work), middle))

    if where is None:
        fold = pairwise_fold(part, False)

        def whole(a, ddof):
            middle = divided(total(a), count(a))
            sums = reduce_all(
                fold, add, deviation, pack((work, work), a, middle), a.shape, as_type(0, part)
            )
            return divide_left(sums, count(a), ddof)

        return whole if not keeps else _lifted(whole, array, part)
    summed = Array(part, array.ndim, "C")
    rest = reduce_operation(summed, sum_reduction(part, True), _converter(part), part, where, keeps)

    def along(a, ddof):
        middle = divided(total(a), count(a))
        sums = rest(elementwise(deviation, part, "C", (a, middle)))
        run_loops(divide_sum, sums, pack((part, int64, int64), sums, count(a), ddof))
        return sums

    return along


def _lifted(whole: Any, array: Array, part: Type) -> Any:
    shape, place = (1,) * array.ndim, (0,) * array.ndim

    def impl(a, ddof):
        out = new_array(part, shape, "C")
        store_item(out, place, whole(a, ddof))
        return out

    return impl


def divide_left(total, count, ddof):
    """A sum over the degrees of freedom: NaN or an infinity if none are left."""
    left = count - ddof
    return div(total, as_type(left if left > 0 else 0, total))


def divide_sum(total, count, ddof):
    """`divide_left`, as a kernel."""
    return divide_left(total, count, ddof)


@overload(np.var)
def var(a, axis=None, dtype=None, ddof=0, keepdims=False):
    """The variance: the mean of the squared distances from the mean."""
    _check_ddof(ddof)
    operation = _spread(a, axis, dtype, ddof, keepdims)

    def impl(a, axis=None, dtype=None, ddof=0, keepdims=False):
        return operation(a, as_type(ddof, int64))

    return impl


@overload(np.std)
def std(a, axis=None, dtype=None, ddof=0, keepdims=False):
    """The standard deviation: the square root of the variance."""
    _check_ddof(ddof)
    operation = _spread(a, axis, dtype, ddof, keepdims)

    def impl(a, axis=None, dtype=None, ddof=0, keepdims=False):
        return root(operation(a, as_type(ddof, int64)))

    return impl


def _check_ddof(ddof: Type | int) -> None:
    if not isinstance(ddof, int) and not is_integer(ddof):
        refuse("ddof is an int")


def root(x):
    """The square root of a number, or of each item of an array, in place."""
    if is_array(x):
        run_loops(sqrt, x, (x,))
        return x
    return sqrt(x)


# ---- any and all ------------------------------------------------------------------------------


def find_any(kernel, walked, count):
    """Whether a row has a true item; it is looked through in pieces."""
    first = 0
    while first < count:
        length = PIECE if first + PIECE < count else count - first
        line = line_up(walked, first, length)
        found = False
        for i in range(length):
            found = bit_or(found, kernel(*fetch_unit(line, i)))
        if found:
            return True
        first += PIECE
    return False


def find_all(kernel, walked, count):
    """Whether all items of a row are true; it is looked through in pieces."""
    first = 0
    while first < count:
        length = PIECE if first + PIECE < count else count - first
        line = line_up(walked, first, length)
        held = True
        for i in range(length):
            held = bit_and(held, kernel(*fetch_unit(line, i)))
        if not held:
            return False
        first += PIECE
    return True


ANY = Reduction("logical_or", find_any, bit_or, 0)
ALL = Reduction("logical_and", find_all, bit_and, 1)


def _truth(reduction: Reduction, a: Type, axis: Type, keepdims: Type) -> Any:
    array = array_type(a)
    where, keeps = axis_argument(axis, array.ndim), flag_argument(keepdims, "keepdims")
    return reduce_operation(array, reduction, _converter(boolean), boolean, where, keeps)


@overload(np.any)
def any_(a, axis=None, *, keepdims=False):
    """Whether an item is true, of all or along an axis."""
    operation = _truth(ANY, a, axis, keepdims)

    def impl(a, axis=None, keepdims=False):
        return operation(a)

    return impl


@overload(np.all)
def all_(a, axis=None, *, keepdims=False):
    """Whether all items are true, of all or along an axis."""
    operation = _truth(ALL, a, axis, keepdims)

    def impl(a, axis=None, keepdims=False):
        return operation(a)

    return impl


# ---- without NaN ------------------------------------------------------------------------------


@overload(np.nansum)
def nansum(a, axis=None, dtype=None, keepdims=False):
    """The sum, NaN counted as 0."""
    array = array_type(a)
    work = dtype_argument(dtype, sum_type(array.dtype))

    def kernel(x):
        return as_type(0, work) if is_nan(x) else as_type(x, work)

    where, keeps = axis_argument(axis, array.ndim), flag_argument(keepdims, "keepdims")
    reduction = sum_reduction(work, is_plain=False)
    operation = reduce_operation(array, reduction, kernel, work, where, keeps)

    def impl(a, axis=None, dtype=None, keepdims=False):
        return operation(a)

    return impl


def is_number_item(x):
    """1 if `x` is not NaN, else 0."""
    return as_type(not is_nan(x), int64)


@overload(np.nanmean)
def nanmean(a, axis=None):
    """The mean of the items that are not NaN."""
    array = array_type(a)
    if not is_none(axis):
        refuse("np.nanmean along an axis is not supported yet")
    count = reduce_operation(
        array, sum_reduction(int64, False), is_number_item, int64, None, keepdims=False
    )

    def impl(a, axis=None):
        return divide_by(as_type(np.nansum(a), work), count(a))

    work = mean_type(array.dtype)
    return impl


sum_method = overload_method(Array, "sum")(sum_.template)
prod_method = overload_method(Array, "prod")(prod.template)
mean_method = overload_method(Array, "mean")(mean.template)
var_method = overload_method(Array, "var")(var.template)
std_method = overload_method(Array, "std")(std.template)
any_method = overload_method(Array, "any")(any_.template)
all_method = overload_method(Array, "all")(all_.template)
