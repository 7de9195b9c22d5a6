"""Running sums and products, and differences."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.inference.overloads import Overload, overload, overload_method, refuse
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.cursors import advance, cursors, fetch_at, put_at
from pellucid.library.numpy.dtypes import dtype_argument
from pellucid.library.numpy.primitives import array_shape, array_type, keep_alive
from pellucid.library.numpy.scalars import add, as_type, bit_and, bit_or, mul
from pellucid.library.numpy.sums import sum_type
from pellucid.library.numpy.views import axis_argument, permute, permuted_layout
from pellucid.types import Array, Boolean, Literal

# Any: functions of the compiled language, and NumPy's own, which have no common type.


def accumulate(step, dtype, target, walked, shape):
    """Each row of `target` becomes the running fold of that of `walked`."""
    if len(shape) == 1:
        if shape[0] > 0:
            total = as_type(fetch_at(walked, 0)[0], dtype)
            put_at(target[0], 0, total)
            for i in range(1, shape[0]):
                total = step(total, as_type(fetch_at(walked, i)[0], dtype))
                put_at(target[0], i, total)
    else:
        for i in range(shape[0]):
            accumulate(step, dtype, advance(target, i), advance(walked, i), shape[1:])


def _declare(function: Any, template: Any, doc: str) -> Overload:
    template.__qualname__ = template.__name__ = function.__name__
    template.__doc__ = doc
    return overload(function)(template)


def _running(function: Any, step: Any, bool_step: Any, doc: str) -> Overload:
    def template(a, axis=None, dtype=None):
        array = array_type(a)
        work = dtype_argument(dtype, sum_type(array.dtype))
        join = bool_step if isinstance(work, Boolean) else step
        where = axis_argument(axis, array.ndim)
        if where is None:

            def whole(a, axis=None, dtype=None):
                return along_last(join, work, np.ravel(a))

            return whole
        order = [at for at in range(array.ndim) if at != where] + [where]
        turned, layout = tuple(order), permuted_layout(array, order)
        back = tuple(order.index(at) for at in range(array.ndim))
        made = permuted_layout(Array(work, array.ndim, "C"), back)

        def along(a, axis=None, dtype=None):
            return permute(along_last(join, work, permute(a, turned, layout)), back, made)

        return along

    return _declare(function, template, doc)


def along_last(step, dtype, a):
    """The running folds along the last axis."""
    shape = array_shape(a)
    out = new_array(dtype, shape, "C")
    accumulate(step, dtype, cursors((out,), shape), cursors((a,), shape), shape)
    keep_alive(out)
    keep_alive(a)
    return out


cumsum = _running(np.cumsum, add, bit_or, "The running sums, of all items or along an axis.")
cumprod = _running(np.cumprod, mul, bit_and, "The running products, of all items or along an axis.")
cumsum_method = overload_method(Array, "cumsum")(cumsum.template)
cumprod_method = overload_method(Array, "cumprod")(cumprod.template)


@overload(np.diff, literals=("n",))
def diff(a, n=1, axis=-1):
    """The differences of neighbours along the last axis, `n` times over."""
    array = array_type(a)
    times = n.value if isinstance(n, Literal) else n
    if not isinstance(times, int) or axis_argument(axis, array.ndim) != array.ndim - 1:
        refuse("np.diff takes an n known while compiling, and the last axis")
    if array.ndim == 0:
        refuse("diff requires input that is at least one dimensional")
    if times < 0:
        refuse(f"order must be non-negative but got {times}")
    step = np.not_equal if isinstance(array.dtype, Boolean) else np.subtract

    def none(a, n=1, axis=-1):
        return a

    def once(a, n=1, axis=-1):
        return step(a[..., 1:], a[..., :-1])

    def more(a, n=1, axis=-1):
        return np.diff(step(a[..., 1:], a[..., :-1]), n - 1)

    return none if times == 0 else once if times == 1 else more
