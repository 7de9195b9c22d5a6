"""The kernels of complex division, magnitude, powers, exponentials, roots and trigonometry.

Division is NumPy's (Smith's method with a reciprocal). The others are C's own functions of double
complex numbers, which NumPy calls too; complex64 goes through complex128.

Ground truth: numpy/_core/src/umath/loops_utils.h and funcs.inc.src.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.inference.overloads import Intrinsic
from pellucid.ir.callee import Primitive
from pellucid.library.numpy.scalars import (
    add,
    as_type,
    atan2,
    cos,
    div,
    eq,
    exp,
    expm1,
    fabs,
    ge,
    hypot,
    imag_part,
    log,
    make_complex,
    mul,
    real_part,
    sin,
    sub,
)
from pellucid.types import Type, complex128

# A double complex argument or result is two doubles to the C calling conventions of x86-64 (System
# V) and AArch64: each in a register of its own, as LLVM passes `double, double` and `{double,
# double}`.
_DOUBLE = ll.DoubleType()
_PAIR = ll.LiteralStructType([_DOUBLE, _DOUBLE])
_PURE = ("nofree", "nosync", "willreturn", "memory(none)")


def _c_function(name: str, numpy_name: str, count: int = 1) -> Intrinsic:
    """C's function `name` of complex128 operands."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        parts = [cg.field(complex128, arg, part) for arg in args for part in ("real", "imag")]
        function = cg.declare(name, ll.FunctionType(_PAIR, [_DOUBLE] * len(parts)), *_PURE)
        pair = cg.builder.call(function, parts)
        real, imag = (cg.builder.extract_value(pair, index) for index in (0, 1))
        return cg.make(complex128, real=real, imag=imag)

    def run(*args: complex) -> complex:
        with np.errstate(all="ignore"):
            return complex(getattr(np, numpy_name)(*map(np.complex128, args)))

    made = Primitive(name, complex128(*(complex128,) * count), lower, run)

    def unary(x: Type) -> Primitive:
        return made

    def binary(x: Type, y: Type) -> Primitive:
        return made

    return Intrinsic(f"{__name__}.{name}", unary if count == 1 else binary)


csqrt = _c_function("csqrt", "sqrt")
cexp = _c_function("cexp", "exp")
clog = _c_function("clog", "log")
csin = _c_function("csin", "sin")
ccos = _c_function("ccos", "cos")
ctan = _c_function("ctan", "tan")
casin = _c_function("casin", "arcsin")
cacos = _c_function("cacos", "arccos")
catan = _c_function("catan", "arctan")
csinh = _c_function("csinh", "sinh")
ccosh = _c_function("ccosh", "cosh")
ctanh = _c_function("ctanh", "tanh")
casinh = _c_function("casinh", "arcsinh")
cacosh = _c_function("cacosh", "arccosh")
catanh = _c_function("catanh", "arctanh")
cpow = _c_function("cpow", "power", 2)


def complex_divide(x, y):
    """`x / y` by Smith's method, with NumPy's order of operations."""
    a, b, c, d = real_part(x), imag_part(x), real_part(y), imag_part(y)
    one, zero = as_type(1, a), as_type(0, a)
    if ge(fabs(c), fabs(d)):
        if eq(c, zero) and eq(d, zero):
            return make_complex(div(a, fabs(c)), div(b, fabs(c)))
        ratio = div(d, c)
        scale = div(one, add(c, mul(d, ratio)))
        return make_complex(mul(add(a, mul(b, ratio)), scale), mul(sub(b, mul(a, ratio)), scale))
    ratio = div(c, d)
    scale = div(one, add(d, mul(c, ratio)))
    return make_complex(mul(add(mul(a, ratio), b), scale), mul(sub(mul(b, ratio), a), scale))


def complex_absolute(x):
    """The distance from 0."""
    return hypot(real_part(x), imag_part(x))


def complex_power(x, y):
    """`x ** y`; whole exponents below 100 by squaring (NumPy's npy_cpow)."""
    a, b, c, d = real_part(x), imag_part(x), real_part(y), imag_part(y)
    zero, one = as_type(0, a), as_type(1, a)
    if eq(c, zero) and eq(d, zero):
        return make_complex(one, zero)
    if eq(a, zero) and eq(b, zero):
        if c > 0.0:
            return make_complex(zero, zero)
        nan = div(zero, zero)
        return make_complex(nan, nan)
    if eq(d, zero) and -100.0 < c < 100.0:
        count = as_type(c, np.int64)
        if as_type(count, a) == c:
            return whole_power(x, count)
    return as_type(cpow(x, y), x)


def whole_power(x, count):
    """`x` to a whole power that is not 0."""
    if count == 1:
        return x
    if count == 2:
        return mul(x, x)
    if count == 3:
        return mul(x, mul(x, x))
    rest = -count if count < 0 else count
    result, base = as_type(1, x), x
    bit = 1
    while True:
        if rest & bit:
            result = mul(result, base)
        bit = bit << 1
        if rest < bit:
            break
        base = mul(base, base)
    if count < 0:
        return complex_divide(as_type(1, x), result)
    return result


def complex_log2(x):
    """The logarithm to base 2."""
    return scaled(clog(x), 1.442695040888963407359924681001892137)


def complex_log10(x):
    """The logarithm to base 10."""
    return scaled(clog(x), 0.434294481903251827651128918916605082)


def complex_exp2(x):
    """2 to the power `x`."""
    return cexp(scaled(as_type(x, np.complex128), 0.693147180559945309417232121458176568))


def scaled(x, factor):
    """Both parts times a real factor."""
    return make_complex(mul(real_part(x), factor), mul(imag_part(x), factor))


def complex_expm1(x):
    """`exp(x) - 1` without cancellation."""
    real, imag = real_part(x), imag_part(x)
    half = sin(div(imag, as_type(2, imag)))
    return make_complex(
        sub(mul(expm1(real), cos(imag)), mul(as_type(2, half), mul(half, half))),
        mul(exp(real), sin(imag)),
    )


def complex_log1p(x):
    """`log(1 + x)`."""
    real, imag = add(real_part(x), as_type(1, real_part(x))), imag_part(x)
    return make_complex(log(hypot(real, imag)), atan2(imag, real))
