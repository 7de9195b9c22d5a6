"""What floating-point numbers are made of: rounding, classes, signs, neighbours, scaling."""

from __future__ import annotations

import numpy as np

from pellucid.library.numpy.scalars import (
    as_type,
    bit_and,
    bit_or,
    ceil,
    copysign,
    eq,
    fabs,
    floor,
    imag_part,
    ldexp,
    limit_of,
    lt,
    make_complex,
    ne,
    nextafter,
    real_part,
    rint,
    sub,
    trunc,
)
from pellucid.library.numpy.ufuncs.arithmetic import same
from pellucid.library.numpy.ufuncs.comparison import is_nan
from pellucid.library.numpy.ufuncs.define import definer
from pellucid.types import is_complex, is_float

define = definer(__name__)


def complex_rint(x):
    """Each part to the nearest integer, ties to even."""
    return make_complex(rint(real_part(x)), rint(imag_part(x)))


def is_infinite(x):
    """Whether `x`, or a part of it, is an infinity."""
    if is_complex(x):
        return bit_or(is_infinite(real_part(x)), is_infinite(imag_part(x)))
    if is_float(x):
        return eq(fabs(x), limit_of(x, "inf"))
    return False


def is_finite(x):
    """Whether `x`, and each part of it, is neither an infinity nor NaN."""
    if is_complex(x):
        return bit_and(is_finite(real_part(x)), is_finite(imag_part(x)))
    if is_float(x):
        return lt(fabs(x), limit_of(x, "inf"))
    return True


def has_sign_bit(x):
    """Whether the sign bit is set: also of -0.0 and of a negative NaN."""
    return lt(copysign(as_type(1, x), x), as_type(0, x))


def spacing_kernel(x):
    """The distance to the next number away from zero."""
    infinity = limit_of(x, "inf")
    if eq(fabs(x), infinity) or ne(x, x):
        return limit_of(x, "nan")
    if eq(x, as_type(0, x)):
        return nextafter(as_type(0, x), infinity)
    return sub(nextafter(x, copysign(infinity, x)), x)


def ldexp_kernel(x, n):
    """`x * 2**n`."""
    return ldexp(x, n)


floor_ = define(np.floor, same, float=floor)
ceil_ = define(np.ceil, same, float=ceil)
trunc_ = define(np.trunc, same, float=trunc)
rint_ = define(np.rint, float=rint, complex=complex_rint)
isnan = define(np.isnan, is_nan)
isinf = define(np.isinf, is_infinite)
isfinite = define(np.isfinite, is_finite)
signbit = define(np.signbit, float=has_sign_bit)
copysign_ = define(np.copysign, float=copysign)
nextafter_ = define(np.nextafter, float=nextafter)
spacing = define(np.spacing, float=spacing_kernel)
ldexp_ = define(np.ldexp, int=ldexp_kernel)
