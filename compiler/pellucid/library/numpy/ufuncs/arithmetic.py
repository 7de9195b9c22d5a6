"""Sums, products, quotients, remainders, powers, signs, gcd and lcm.

Integers wrap; an integer divided by zero is 0, as is its remainder. Nothing raises but an integer
to a negative power.
"""

from __future__ import annotations

import numpy as np

from pellucid.inference.overloads import Constant, intrinsic, overload_method
from pellucid.library.numpy.scalars import (
    add,
    as_type,
    bit_and,
    bit_or,
    choose,
    copysign,
    div,
    eq,
    fabs,
    floor,
    floor_quotient,
    floor_remainder,
    gt,
    imag_part,
    le,
    limit_of,
    lt,
    make_complex,
    mul,
    ne,
    neg,
    power,
    real_part,
    remainder,
    sub,
)
from pellucid.library.numpy.ufuncs.complex_math import (
    complex_absolute,
    complex_divide,
    complex_power,
)
from pellucid.library.numpy.ufuncs.define import definer
from pellucid.types import Array, dtype_of, is_float

define = definer(__name__)


def same(x):
    """`x` itself."""
    return x


# ---- division ---------------------------------------------------------------------------------


def float_remainder(x, y):
    """The remainder with the sign of `y`; NaN for a zero divisor (NumPy's npy_divmod)."""
    rest = remainder(x, y)
    if eq(y, as_type(0, y)):
        return rest
    if ne(rest, as_type(0, y)):
        if lt(y, as_type(0, y)) != lt(rest, as_type(0, y)):
            return add(rest, y)
        return rest
    return copysign(as_type(0, y), y)


def float_floor_divide(x, y):
    """The quotient rounded down, so that it goes with the remainder (NumPy's npy_floor_divide)."""
    zero = as_type(0, y)
    if eq(y, zero):
        return div(x, y)
    rest = remainder(x, y)
    quotient = div(sub(x, rest), y)
    if ne(rest, zero) and lt(y, zero) != lt(rest, zero):
        quotient = sub(quotient, as_type(1, y))
    if eq(quotient, zero):
        return copysign(zero, div(x, y))
    whole = floor(quotient)
    if gt(sub(quotient, whole), as_type(0.5, y)):
        whole = add(whole, as_type(1, y))
    return whole


def int_fmod(x, y):
    """The remainder with the sign of `x`."""
    rest = floor_remainder(x, y)
    zero = as_type(0, x)
    if ne(rest, zero) and lt(x, zero) != lt(y, zero):
        return sub(rest, y)
    return rest


add_ = define(np.add, add, bool=bit_or)
subtract = define(np.subtract, sub)
multiply = define(np.multiply, mul, bool=bit_and)
divide = define(np.divide, float=div, complex=complex_divide)
floor_divide = define(np.floor_divide, int=floor_quotient, float=float_floor_divide)
remainder_ = define(np.remainder, int=floor_remainder, float=float_remainder)
fmod_ = define(np.fmod, int=int_fmod, float=remainder)


# ---- powers -----------------------------------------------------------------------------------


def int_power(x, y):
    """By repeated squaring, wrapping."""
    if lt(y, as_type(0, y)):
        raise ValueError("Integers to negative integer powers are not allowed.")
    result = as_type(1, x)
    base, rest = x, y
    while ne(rest, as_type(0, y)):
        if ne(bit_and(rest, as_type(1, y)), as_type(0, y)):
            result = mul(result, base)
        rest = floor_quotient(rest, as_type(2, y))
        base = mul(base, base)
    return result


def square_kernel(x):
    """`x * x`."""
    return mul(x, x)


def float_reciprocal(x):
    """`1 / x`."""
    return div(as_type(1, x), x)


def int_reciprocal(x):
    """`1 / x` cut towards zero: 0 but for 1 and -1; of 0, what C's conversion makes of infinity."""
    if eq(x, as_type(0, x)):
        return as_type(zero_reciprocal(x), x)
    one, zero = as_type(1, x), as_type(0, x)
    if eq(x, one) or (lt(x, zero) and eq(add(x, one), zero)):
        return x
    return zero


@intrinsic
def zero_reciprocal(x):
    """What NumPy gives for `1 / 0`: the machine's conversion of an infinity to the integer type."""
    with np.errstate(all="ignore"):
        return Constant(int(np.reciprocal(np.zeros(1, dtype_of(x)))[0]))


def complex_reciprocal(x):
    """`1 / x` by Smith's method, with NumPy's order of operations."""
    real, imag = real_part(x), imag_part(x)
    one = as_type(1, real)
    if le(fabs(imag), fabs(real)):
        ratio = div(imag, real)
        scale = add(real, mul(imag, ratio))
        return make_complex(div(one, scale), div(neg(ratio), scale))
    ratio = div(real, imag)
    scale = add(mul(real, ratio), imag)
    return make_complex(div(ratio, scale), div(neg(one), scale))


power_ = define(np.power, int=int_power, float=power, complex=complex_power)
float_power = define(np.float_power, float=power, complex=complex_power)
square = define(np.square, square_kernel)
reciprocal = define(
    np.reciprocal, int=int_reciprocal, float=float_reciprocal, complex=complex_reciprocal
)


# ---- signs ------------------------------------------------------------------------------------


def int_absolute(x):
    """`|x|`; of the least integer, itself."""
    return choose(lt(x, as_type(0, x)), neg(x), x)


def number_sign(x):
    """-1, 0 or 1; NaN of NaN."""
    zero, one = as_type(0, x), as_type(1, x)
    signed = choose(gt(x, zero), one, choose(lt(x, zero), neg(one), zero))
    if is_float(x):
        return choose(ne(x, x), x, signed)
    return signed


def complex_sign(x):
    """`x / |x|`; 0 of 0."""
    size = complex_absolute(x)
    real, imag = real_part(x), imag_part(x)
    zero, one = as_type(0, real), as_type(1, real)
    if ne(size, size):
        return make_complex(size, size)
    infinity = limit_of(real, "inf")
    if eq(size, infinity):
        if ne(fabs(real), infinity):
            return make_complex(zero, copysign(one, imag))
        if ne(fabs(imag), infinity):
            return make_complex(copysign(one, real), zero)
        nan = limit_of(real, "nan")
        return make_complex(nan, nan)
    if eq(size, zero):
        return make_complex(zero, zero)
    return make_complex(div(real, size), div(imag, size))


def complex_conjugate(x):
    """The number mirrored at the real axis."""
    return make_complex(real_part(x), neg(imag_part(x)))


def heaviside_kernel(x, at_zero):
    """0 below zero, 1 above, `at_zero` at it; NaN of NaN."""
    zero, one = as_type(0, x), as_type(1, x)
    if ne(x, x):
        return x
    if eq(x, zero):
        return at_zero
    return choose(lt(x, zero), zero, one)


negative = define(np.negative, neg)
positive = define(np.positive, same)
absolute = define(np.absolute, bool=same, int=int_absolute, float=fabs, complex=complex_absolute)
fabs_ = define(np.fabs, float=fabs)
sign = define(np.sign, number_sign, complex=complex_sign)
conjugate = define(np.conjugate, same, complex=complex_conjugate)
conj_method = overload_method(Array, "conj")(conjugate.template)
conjugate_method = overload_method(Array, "conjugate")(conjugate.template)
heaviside = define(np.heaviside, float=heaviside_kernel)


# ---- divisors ---------------------------------------------------------------------------------


def int_gcd(x, y):
    """The greatest common divisor, not negative (Euclid)."""
    a, b = int_absolute(x), int_absolute(y)
    while ne(b, as_type(0, b)):
        a, b = b, floor_remainder(a, b)
    return int_absolute(a)


def int_lcm(x, y):
    """The least common multiple, not negative; 0 if either is 0."""
    a, b = int_absolute(x), int_absolute(y)
    divisor = int_gcd(a, b)
    if eq(divisor, as_type(0, divisor)):
        return divisor
    return mul(floor_quotient(a, divisor), b)


gcd = define(np.gcd, int=int_gcd)
lcm = define(np.lcm, int=int_lcm)
