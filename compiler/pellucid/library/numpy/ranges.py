"""Evenly spaced numbers: arange and linspace."""

from __future__ import annotations

import operator

import numpy as np

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.arithmetic import divide_floor
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.structs import format_error
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.dtypes import dtype_argument
from pellucid.library.numpy.primitives import store_at
from pellucid.library.numpy.resolution import common_type
from pellucid.library.numpy.scalars import add, as_type, ceil, div, floor, mul, sub
from pellucid.types import (
    Boolean,
    Complex,
    Integer,
    Literal,
    Type,
    boolean,
    float64,
    int64,
    is_float,
    is_integer,
    is_none,
    is_scalar,
)

# NumPy divides Python's numbers to find the length.
INT_DIVISION = error_text(operator.truediv, 1, 0)
FLOAT_DIVISION = error_text(operator.truediv, 1.0, 0.0)


@overload(np.arange)
def arange(start_or_stop, /, stop=None, step=None, *, dtype=None):
    """The numbers from `start` (0) up to `stop`, which is left out, `step` (1) apart."""
    given = [ty for ty in (start_or_stop, stop, step) if not is_none(ty)]
    if not all(is_scalar(ty) and not isinstance(ty.base, Complex) for ty in given):
        refuse("np.arange takes real numbers")
    numbers = [int64 if isinstance(ty.base, Boolean) else ty.base for ty in given]
    item = dtype_argument(dtype, common_type(*numbers))
    if isinstance(item, (Boolean, Complex)):
        refuse(f"np.arange of {item} is not supported")
    whole = all(isinstance(ty, Integer) for ty in numbers)
    work = int64 if whole else float64
    has_stop, has_step = not is_none(stop), not is_none(step)

    def impl(start_or_stop, stop=None, step=None, dtype=None):
        first = as_type(start_or_stop, work) if has_stop else as_type(0, work)
        last = as_type(stop, work) if has_stop else as_type(start_or_stop, work)
        apart = as_type(step, work) if has_step else as_type(1, work)
        count = range_length(first, last, apart)
        out = new_array(item, (count,), "C")
        fill_range(out, as_type(first, item), as_type(first + apart, item), count)
        return out

    return impl


def range_length(first, last, apart):
    """How many numbers from `first` on, `apart` apart, come before `last`."""
    if is_integer(first):
        if apart == 0:
            raise ZeroDivisionError(INT_DIVISION)
        if apart > 0:
            return 1 + divide_floor(last - first - 1, apart) if first < last else 0
        return 1 + divide_floor(first - last - 1, -apart) if last < first else 0
    if apart == 0:
        raise ZeroDivisionError(FLOAT_DIVISION)
    length = ceil(div(last - first, apart))
    if length != length:
        raise ValueError("arange: cannot compute length")
    if length >= 9223372036854775807.0:
        raise ValueError("Maximum allowed size exceeded")
    return as_type(length, int64) if length > 0.0 else 0


def fill_range(out, first, second, count):
    """`first`, `second`, and on by their difference, which rounds as in NumPy."""
    difference = sub(second, first)
    for i in range(count):
        store_at(out, i, add(first, mul(as_type(i, first), difference)))
    if count > 1:
        # For floats, first + ((first + step) - first) is not always first + step.
        store_at(out, 1, second)


@overload(np.linspace)
def linspace(start, stop, num=50, endpoint=True, dtype=None):
    """`num` numbers from `start` to `stop`, evenly spaced; without `stop` if not `endpoint`."""
    for ty in (start, stop):
        if not is_scalar(ty) or isinstance(ty.base, Complex):
            refuse("np.linspace takes real numbers")
    if not is_integer(num):
        refuse(f"num is an int, not {num.base}")
    work = common_type(start.base, stop.base, float64)
    item = dtype_argument(dtype, work)
    is_whole = isinstance(item, Integer)
    whole_end = _flag(endpoint)
    assert is_float(work)

    def impl(start, stop, num=50, endpoint=True, dtype=None):
        count = as_type(num, int64)
        if count < 0:
            raise format_error(ValueError, NEGATIVE_COUNT, count)
        out = new_array(item, (count,), "C")
        low, high = as_type(start, work), as_type(stop, work)
        fill_line(out, low, high, count, count - 1 if whole_end else count, is_whole)
        if whole_end and count > 1:
            store_at(out, count - 1, as_type(floor(high) if is_whole else high, item))
        return out

    return impl


def _flag(ty: Type | bool) -> bool:
    if isinstance(ty, bool):
        return ty
    if not isinstance(ty, Literal) or ty.base_ty != boolean:
        refuse("endpoint must be True or False, known while compiling")
    return bool(ty.value)


def fill_line(out, low, high, count, parts, is_whole):
    """`low + i * step`, in NumPy's order of operations."""
    delta = sub(high, low)
    step = div(delta, as_type(parts, delta)) if parts > 0 else as_type(1, delta)
    is_flat = parts > 0 and step == 0.0
    for i in range(count):
        place = as_type(i, delta)
        if is_flat:
            offset = mul(div(place, as_type(parts, delta)), delta)
        elif parts > 0:
            offset = mul(place, step)
        else:
            offset = mul(place, delta)
        value = add(offset, low)
        if is_whole:
            value = floor(value)
        store_at(out, i, as_type(value, out.dtype))


NEGATIVE_COUNT = "Number of samples, {}, must be non-negative."
