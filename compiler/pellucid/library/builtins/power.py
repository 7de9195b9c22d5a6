"""`a ** b`, `pow(a, b)`, `pow(a, b, m)`.

    int ** int        an integer that wraps; with a negative exponent 0, 1 or -1, as Numba has it
    float32 ** int    float32, whatever the integer's width
    small int         products instead of a call, up to an exponent of 16
    otherwise         C's pow; 0.0 to a negative power raises ZeroDivisionError as in Python

Unlike Python: a negative float to a fractional power is NaN, too large a result is infinite, and
complex powers of infinities and NaN do not raise.
"""

from __future__ import annotations

import math
import operator
from functools import cache
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, option, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.arithmetic import divide, divide_floor, emit_mul, primitive
from pellucid.library.builtins.complex_arithmetic import complex_power
from pellucid.library.builtins.floats import c_pow
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.operators import binary
from pellucid.library.builtins.promotion import integer, literal_value, number, promote
from pellucid.types import (
    Complex,
    Float,
    Integer,
    NoneType,
    Number,
    Type,
    complex128,
    int64,
    uint64,
)

INT_POWER = error_text(pow, 0, -1)
FLOAT_POWER = error_text(pow, 0.0, -1.0)
ZERO_MODULUS = error_text(pow, 1, 1, 0)
NOT_INVERTIBLE = error_text(pow, 2, -1, 4)

LONGEST_PRODUCT = 16


def _power(a, b):
    """`a ** b` of numbers."""
    ty = _result_type(a, b)
    exponent = literal_value(b)
    if isinstance(ty, Complex):
        return _complex_power_of(ty)
    if exponent is not None and abs(exponent) <= LONGEST_PRODUCT:
        if exponent >= 0:
            return _product(ty, exponent)
        if isinstance(ty, Float):
            return _reciprocal_power_of(-exponent)
    if isinstance(ty, Integer):
        return _int_power
    return (_whole_power_of if isinstance(number(b), Integer) else _float_power_of)(ty)


def _result_type(a: Type, b: Type) -> Number:
    base, exponent = number(a), number(b)
    if isinstance(base, Float) and isinstance(exponent, Integer):
        return base
    return promote(a, b)


@cache
def _product(ty: Number, exponent: int) -> Primitive:
    """`x ** exponent` of a small exponent: repeated squaring, as products."""

    def emit(cg: Any, base: Any, _: Any) -> Any:
        if exponent == 0:
            return ll.Constant(cg.ll_type(ty), 1)
        result = None
        for bit in range(exponent.bit_length()):
            if bit:
                base = emit_mul(cg, ty, base, base)
            if exponent >> bit & 1:
                result = base if result is None else emit_mul(cg, ty, result, base)
        return result

    def run(base: Any, _: Any) -> Any:
        result = 1 if isinstance(base, int) else 1.0
        for bit in reversed(range(exponent.bit_length())):
            result = result * result * (base if exponent >> bit & 1 else 1)
        return result

    return primitive("power", ty, (ty, int64), emit, run)


@cache
def _reciprocal_power_of(exponent: int) -> Any:
    def impl(a, b):
        if option("error_model") == "python" and a == 0:
            raise ZeroDivisionError(FLOAT_POWER)
        return divide(True, a**exponent)  # a bool, since an int would widen a float32

    return impl


def _int_power(a, b):
    if b < 0:
        if a == 0 and option("error_model") == "python":
            raise ZeroDivisionError(INT_POWER)
        return _negative_int_power(a, b)
    base = a + 0 * (a + b)  # of the result's type
    result = base * 0 + True
    while b > 0:
        if b & 1:
            result = result * base
        b >>= 1
        base = base * base
    return result


def _negative_int_power(a, b):
    if a == 1:
        return a + 0 * b
    if a == -1:
        return (1 - 2 * (b & 1)) + 0 * a
    return 0 * (a + b)


@cache
def _float_power_of(ty: Number) -> Any:
    def impl(a, b):
        if option("error_model") == "python" and a == 0 and b < 0 and b != -math.inf:
            raise ZeroDivisionError(FLOAT_POWER)
        return c_pow(ty(a), ty(b))

    return impl


@cache
def _whole_power_of(ty: Number) -> Any:
    """A float to an integer power that is not constant: products where they are few."""

    def impl(a, b):
        if option("error_model") == "python" and a == 0 and b < 0:
            raise ZeroDivisionError(FLOAT_POWER)
        if b == 2:
            return ty(a) * ty(a)
        if b == 3:
            return ty(a) * ty(a) * ty(a)
        if 0 <= b <= LONGEST_PRODUCT:
            return _short_power(ty(a), b)
        return c_pow(ty(a), ty(b))

    return impl


@intrinsic
def _short_power(x, count):
    """`x ** count` of a count from 0 to 16, without a loop or branches."""
    ty = number(x)

    def emit(cg: Any, base: Any, ll_count: Any) -> Any:
        builder, one = cg.builder, ll.Constant(cg.ll_type(ty), 1)
        result = one
        for bit in range(LONGEST_PRODUCT.bit_length()):
            base = emit_mul(cg, ty, base, base) if bit else base
            is_set = builder.trunc(builder.lshr(ll_count, ll_count.type(bit)), ll.IntType(1))
            result = emit_mul(cg, ty, result, builder.select(is_set, base, one))
        return result

    def run(base: float, power: int) -> float:
        result = 1.0
        for bit in range(LONGEST_PRODUCT.bit_length()):
            base = base * base if bit else base
            result *= base if power >> bit & 1 else 1.0
        return result

    return primitive("short_power", ty, (ty, int64), emit, run)


@cache
def _complex_power_of(ty: Complex) -> Any:
    def impl(a, b):
        # complex64 in double too: the angle of a power magnifies what rounding loses.
        return ty(complex_power(complex128(a), complex128(b)))

    return impl


pow_operator, ipow = binary(operator.pow, _power)


@overload(pow, inline=True)
def pow_(base, exp, mod=None):
    """`base ** exp`; with `mod`, of integers, the power modulo it without overflow.

    >>> pow(3, 200, 1000)
    1
    """
    if isinstance(mod, NoneType):
        return _pow
    integer(base)
    integer(exp)
    integer(mod)
    if any(integer(ty).bits == 64 and not integer(ty).signed for ty in (base, exp, mod)):
        refuse("pow() with three arguments takes signed integers")
    return _pow_mod


def _pow(base, exp, mod=None):
    return base**exp


def _pow_mod(base, exp, mod=None):
    if mod == 0:
        raise ValueError(ZERO_MODULUS)
    factor = base % mod
    if exp < 0:
        factor = _inverse(factor, mod)
    count = uint64(0) - uint64(exp) if exp < 0 else uint64(exp)
    result = 1 % mod
    while count > 0:
        if count & 1:
            result = _multiply_mod(result, factor, mod)
        count >>= 1
        factor = _multiply_mod(factor, factor, mod)
    return result


def _inverse(value, mod):
    # Extended Euclid; the coefficients stay below the modulus.
    old, current = value, mod + 0
    old_factor, factor = 1, 0
    while current != 0:
        quotient = divide_floor(old, current)
        old, current = current, old - quotient * current
        old_factor, factor = factor, old_factor - quotient * factor
    if old == -1:
        old, old_factor = -old, -old_factor
    if old != 1:
        raise ValueError(NOT_INVERTIBLE)
    return old_factor % mod


@intrinsic
def _multiply_mod(x, y, mod):
    """`x * y % mod` of int64, exact: the product has 128 bits. `mod` is not zero."""
    params = (int64, int64, int64)
    return primitive("mulmod", int64, params, _emit_multiply_modulo, lambda x, y, m: x * y % m)


def _emit_multiply_modulo(cg: Any, lhs: Any, rhs: Any, mod: Any) -> Any:
    builder, wide = cg.builder, ll.IntType(128)
    lhs, rhs, divisor = (builder.sext(value, wide) for value in (lhs, rhs, mod))
    rest = builder.trunc(builder.srem(builder.mul(lhs, rhs), divisor), ll.IntType(64))
    zero = rest.type(0)
    differ = builder.icmp_signed("<", builder.xor(rest, mod), zero)
    is_high = builder.and_(builder.icmp_unsigned("!=", rest, zero), differ)
    return builder.select(is_high, builder.add(rest, mod), rest)
