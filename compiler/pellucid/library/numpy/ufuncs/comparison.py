"""Comparisons, logic, and the larger or smaller of two."""

from __future__ import annotations

import numpy as np

from pellucid.library.numpy.scalars import (
    as_type,
    bit_and,
    bit_not,
    bit_or,
    bit_xor,
    choose,
    eq,
    ge,
    gt,
    imag_part,
    le,
    lt,
    ne,
    real_part,
)
from pellucid.library.numpy.ufuncs.define import definer
from pellucid.types import boolean, is_complex, is_float

define = definer(__name__)


def complex_less(x, y):
    """By real part, then by imaginary part; nothing is less than NaN."""
    a, b = real_part(x), real_part(y)
    c, d = imag_part(x), imag_part(y)
    return (lt(a, b) and eq(c, c) and eq(d, d)) or (eq(a, b) and lt(c, d))


def complex_less_equal(x, y):
    """By real part, then by imaginary part; nothing compares with NaN."""
    a, b = real_part(x), real_part(y)
    c, d = imag_part(x), imag_part(y)
    return (lt(a, b) and eq(c, c) and eq(d, d)) or (eq(a, b) and le(c, d))


def complex_greater(x, y):
    """`y` less than `x`."""
    return complex_less(y, x)


def complex_greater_equal(x, y):
    """`y` less than or equal to `x`."""
    return complex_less_equal(y, x)


equal = define(np.equal, eq)
not_equal = define(np.not_equal, ne)
less = define(np.less, lt, complex=complex_less)
less_equal = define(np.less_equal, le, complex=complex_less_equal)
greater = define(np.greater, gt, complex=complex_greater)
greater_equal = define(np.greater_equal, ge, complex=complex_greater_equal)


# ---- logic ------------------------------------------------------------------------------------


def both(x, y):
    """Whether both are true."""
    return bit_and(as_type(x, boolean), as_type(y, boolean))


def either(x, y):
    """Whether at least one is true."""
    return bit_or(as_type(x, boolean), as_type(y, boolean))


def just_one(x, y):
    """Whether one is true and the other is not."""
    return bit_xor(as_type(x, boolean), as_type(y, boolean))


def opposite(x):
    """Whether it is false."""
    return bit_not(as_type(x, boolean))


logical_and = define(np.logical_and, both)
logical_or = define(np.logical_or, either)
logical_xor = define(np.logical_xor, just_one)
logical_not = define(np.logical_not, opposite)


# ---- extremes ---------------------------------------------------------------------------------


def is_nan(x):
    """Whether `x`, or a part of it, is NaN."""
    if is_complex(x):
        return bit_or(ne(real_part(x), real_part(x)), ne(imag_part(x), imag_part(x)))
    if is_float(x):
        return ne(x, x)
    return False


def larger(x, y):
    """The larger; NaN if either is (the first of them)."""
    if is_float(x):
        return choose(bit_or(gt(x, y), ne(x, x)), x, y)
    if is_complex(x):
        return x if is_nan(x) or complex_less_equal(y, x) else y
    return choose(ge(x, y), x, y)


def smaller(x, y):
    """The smaller; NaN if either is (the first of them)."""
    if is_float(x):
        return choose(bit_or(lt(x, y), ne(x, x)), x, y)
    if is_complex(x):
        return x if is_nan(x) or complex_less_equal(x, y) else y
    return choose(le(x, y), x, y)


def larger_number(x, y):
    """The larger; the other if one is NaN."""
    if is_float(x):
        return choose(bit_or(gt(x, y), ne(y, y)), x, y)
    if is_complex(x):
        return x if is_nan(y) or complex_less_equal(y, x) else y
    return choose(ge(x, y), x, y)


def smaller_number(x, y):
    """The smaller; the other if one is NaN."""
    if is_float(x):
        return choose(bit_or(lt(x, y), ne(y, y)), x, y)
    if is_complex(x):
        return x if is_nan(y) or complex_less_equal(x, y) else y
    return choose(le(x, y), x, y)


maximum = define(np.maximum, larger)
minimum = define(np.minimum, smaller)
fmax = define(np.fmax, larger_number)
fmin = define(np.fmin, smaller_number)
