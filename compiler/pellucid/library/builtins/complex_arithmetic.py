"""Division and powers of complex numbers, as in CPython 3.13 (Objects/complexobject.c)."""

from __future__ import annotations

import math

from pellucid.library.builtins.arithmetic import divide, make_complex
from pellucid.library.builtins.floats import c_pow, fabs
from pellucid.library.builtins.messages import error_text

ZERO_POWER = error_text(pow, 0j, -1)


def complex_divide(a, b):
    """`a / b`, not checked for zero: Smith's method."""
    if fabs(b.real) >= fabs(b.imag):
        ratio = divide(b.imag, b.real)
        scale = b.real + b.imag * ratio
        return make_complex(
            divide(a.real + a.imag * ratio, scale), divide(a.imag - a.real * ratio, scale)
        )
    ratio = divide(b.real, b.imag)
    scale = b.real * ratio + b.imag
    return make_complex(
        divide(a.real * ratio + a.imag, scale), divide(a.imag * ratio - a.real, scale)
    )


def complex_power(a, b):
    """`a ** b` of complex numbers of one type; ZeroDivisionError for 0 to a negative power."""
    exponent = b.real
    if b.imag == 0 and fabs(exponent) <= 100 and exponent == math.floor(exponent):
        count = int(exponent)
        if count > 0:
            return whole_power(a, count)
        if a == 0 and count < 0:
            raise ZeroDivisionError(ZERO_POWER)
        one = make_complex(b.imag + True, b.imag)  # of the type of `b`
        return complex_divide(one, whole_power(a, -count)) if count < 0 else one
    if a == 0:
        if b.imag != 0 or exponent < 0:
            raise ZeroDivisionError(ZERO_POWER)
        return a
    return polar_power(a, b)


def whole_power(a, count):
    """`a` to a whole power, by squaring; CPython's order of products."""
    result = a
    is_first = True
    while count > 0:
        if count & 1:
            result = a if is_first else result * a
            is_first = False
        count >>= 1
        if count > 0:
            a = a * a
    return result


def polar_power(a, b):
    """`a ** b` through the logarithm of `a`, which is not zero."""
    size = math.hypot(a.real, a.imag)
    angle = math.atan2(a.imag, a.real)
    length = c_pow(size, b.real)
    phase = angle * b.real
    if b.imag != 0:
        length = length * math.exp(-angle * b.imag)
        phase = phase + b.imag * math.log(size)
    return make_complex(length * math.cos(phase), length * math.sin(phase))
