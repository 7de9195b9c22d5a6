"""min, max, ptp, argmin, argmax; nanmin and nanmax."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.inference.overloads import Overload, overload, overload_method
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.cursors import cursors, fetch_unit
from pellucid.library.numpy.folds import fold_in_order
from pellucid.library.numpy.lines import PIECE, line_up
from pellucid.library.numpy.primitives import (
    array_shape,
    array_size,
    array_type,
    keep_alive,
)
from pellucid.library.numpy.reduction import Reduction, fold_rows, reduce_operation
from pellucid.library.numpy.scalars import bit_and, bit_or, eq, maximum, minimum
from pellucid.library.numpy.ufuncs.comparison import (
    is_nan,
    larger,
    larger_number,
    smaller,
    smaller_number,
)
from pellucid.library.numpy.views import (
    axis_argument,
    flag_argument,
    permute,
    permuted_layout,
    pick,
)
from pellucid.types import Array, Float, int64, is_complex, is_float, is_none

# Any: functions of the compiled language, and NumPy's own, which have no common type.


def _itself(x):
    return x


def _declare(function: Any, template: Any, doc: str) -> Overload:
    template.__qualname__ = template.__name__ = function.__name__
    template.__doc__ = doc
    return overload(function)(template)


def _extreme(function: Any, name: str, step: Any, float_step: Any, doc: str) -> Overload:
    def template(a, axis=None, out=None, keepdims=False):
        array = array_type(a)
        join = float_step if isinstance(array.dtype, Float) else step
        reduction = Reduction(name, fold_in_order(join, None, array.dtype), join, None)
        where, keeps = axis_argument(axis, array.ndim), flag_argument(keepdims, "keepdims")
        operation = reduce_operation(array, reduction, _itself, array.dtype, where, keeps)

        def impl(a, axis=None, out=None, keepdims=False):
            return operation(a)

        return impl

    return _declare(function, template, doc)


max_ = _extreme(np.max, "maximum", larger, maximum, "The largest item; NaN if there is one.")
min_ = _extreme(np.min, "minimum", smaller, minimum, "The smallest item; NaN if there is one.")
nanmax = _extreme(np.nanmax, "fmax", larger_number, larger_number, "The largest that is no NaN.")
nanmin = _extreme(np.nanmin, "fmin", smaller_number, smaller_number, "The smallest but for NaN.")


@overload(np.ptp)
def ptp(a, axis=None):
    """The largest item less the smallest, of all or along an axis."""
    axis_argument(axis, array_type(a).ndim)
    if is_none(axis):

        def whole(a, axis=None):
            return np.subtract(np.max(a), np.min(a))

        return whole
    where = axis_argument(axis, array_type(a).ndim)

    def along(a, axis=None):
        return np.subtract(np.max(a, where), np.min(a, where))

    return along


# ---- places -----------------------------------------------------------------------------------


def is_found(x, extreme):
    """Whether `x` is the extreme item: equal to it, or NaN as it is."""
    if is_complex(x):
        return eq(x, extreme) or (is_nan(extreme) and is_nan(x))
    if is_float(x):
        return bit_or(eq(x, extreme), bit_and(is_nan(extreme), is_nan(x)))
    return eq(x, extreme)


def place_fold(extreme: Any) -> Any:
    """The fold that gives the place of the extreme item of a row, the first of equal ones.

    `extreme` folds to the item itself: finding it, and then where it is, vectorises.
    """

    def fold(kernel, walked, count):
        best = extreme(kernel, walked, count)
        first = 0
        while first < count:
            length = PIECE if first + PIECE < count else count - first
            line = line_up(walked, first, length)
            found = False
            for i in range(length):
                found = bit_or(found, is_found(kernel(*fetch_unit(line, i)), best))
            if found:
                for i in range(length):
                    if is_found(kernel(*fetch_unit(line, i)), best):
                        return first + i
            first += PIECE
        return 0

    return fold


def _place(function: Any, is_max: bool) -> Overload:
    name = "argmax" if is_max else "argmin"
    message = f"attempt to get {name} of an empty sequence"
    step, float_step = (larger, maximum) if is_max else (smaller, minimum)

    def template(a, axis=None):
        array = array_type(a)
        join = float_step if isinstance(array.dtype, Float) else step
        fold = place_fold(fold_in_order(join, None, array.dtype))
        where = axis_argument(axis, array.ndim)
        if where is None:

            def whole(a, axis=None):
                if array_size(a) == 0:
                    raise ValueError(message)
                run = (np.ravel(a),)
                place = fold(_itself, cursors(run, (array_size(a),)), array_size(a))
                keep_alive(run)
                return place

            return whole
        operation = _places_along(array, where, fold, message)

        def along(a, axis=None):
            return operation(a)

        return along

    return _declare(
        function, template, f"The place of the {'largest' if is_max else 'smallest'} item."
    )


def _places_along(array: Array, axis: int, fold: Any, message: str) -> Any:
    last = array.ndim - 1
    order = (*(at for at in range(array.ndim) if at != axis), axis)
    layout = permuted_layout(array, order)
    lead = tuple(range(last))

    def impl(a):
        turned = permute(a, order, layout)
        shape = array_shape(turned)
        out = new_array(int64, pick(shape, lead), "C")
        if shape[last] == 0 and array_size(out) != 0:
            raise ValueError(message)
        target = cursors((out,), array_shape(out))
        fold_rows(fold, _itself, _itself, target, cursors((turned,), shape), shape)
        keep_alive(turned)
        return out

    def single(a):
        if array_size(a) == 0:
            raise ValueError(message)
        place = fold(_itself, cursors((a,), array_shape(a)), array_size(a))
        keep_alive(a)
        return place

    return impl if array.ndim > 1 else single


argmax = _place(np.argmax, True)
argmin = _place(np.argmin, False)


max_method = overload_method(Array, "max")(max_.template)
min_method = overload_method(Array, "min")(min_.template)
argmax_method = overload_method(Array, "argmax")(argmax.template)
argmin_method = overload_method(Array, "argmin")(argmin.template)
