"""The elementary functions of floats: calls of C's library, of which LLVM packs whole loops.

Unlike Python: nothing raises. Outside the domain the result is NaN, at a pole infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from pellucid.inference.overloads import Overload, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.arithmetic import divide
from pellucid.library.builtins.floats import RUN_SQRT, c_pow, libm, llvm_float, silent
from pellucid.library.builtins.promotion import floating, promote_floating, real
from pellucid.types import EllipsisType, Float, Type, dtype_of


def real_float(*tys: Type) -> Float:
    """The float type that real numbers are computed in; refuses complex numbers."""
    found = floating(real(tys[0]))
    for ty in tys[1:]:
        real(ty)
        found = promote_floating(tys[0], ty)
    if not isinstance(found, Float):
        refuse(f"{found} is not a real number")
    return found


def _function(
    function: Callable[..., float], otherwise: Callable[..., Any], name: str | None = None
) -> Overload:
    run = silent(function, otherwise)
    c_name = name or function.__name__

    def template(x, /):
        return libm(c_name, real_float(x), 1, run)

    template.__qualname__ = function.__name__
    template.__doc__ = f"`math.{function.__name__}(x)`: NaN or infinite where Python raises."
    return overload(function)(template)


def _gamma_pole(x: float) -> float:
    if x == 0:
        return math.copysign(math.inf, x)
    return math.inf if x > 0 else math.nan


acos = _function(math.acos, np.arccos)
acosh = _function(math.acosh, np.arccosh)
asin = _function(math.asin, np.arcsin)
asinh = _function(math.asinh, np.arcsinh)
atan = _function(math.atan, np.arctan)
atanh = _function(math.atanh, np.arctanh)
cbrt = _function(math.cbrt, np.cbrt)
cos = _function(math.cos, np.cos)
cosh = _function(math.cosh, np.cosh)
erf = _function(math.erf, np.positive)
erfc = _function(math.erfc, np.positive)
exp = _function(math.exp, np.exp)
exp2 = _function(math.exp2, np.exp2)
expm1 = _function(math.expm1, np.expm1)
gamma = _function(math.gamma, _gamma_pole, "tgamma")
lgamma = _function(math.lgamma, lambda _: math.inf)
log10 = _function(math.log10, np.log10)
log1p = _function(math.log1p, np.log1p)
log2 = _function(math.log2, np.log2)
sin = _function(math.sin, np.sin)
sinh = _function(math.sinh, np.sinh)
tan = _function(math.tan, np.tan)
tanh = _function(math.tanh, np.tanh)


@overload(math.sqrt)
def sqrt(x, /):
    """The square root; NaN of a negative number.

    >>> math.sqrt(2.25)
    1.5
    """
    return llvm_float("sqrt", real_float(x), 1, RUN_SQRT)


@overload(math.log)
def log(x, base=..., /):
    """The natural logarithm, or that to a base.

    >>> math.log(1.0)
    0.0
    """
    ty = real_float(x)
    if not isinstance(base, EllipsisType):
        return _log_to_base_in(real_float(x, base))
    return _natural_log(ty, base)


def _natural_log(ty: Float, absent: Type) -> Primitive:
    inner = libm("log", ty, 1, silent(math.log, np.log))

    def lower(cg: Any, args: Any) -> Any:
        return inner.lower(cg, args[:1])

    return Primitive("log", ty(ty, absent), lower, lambda x, _: inner.run(x))


@cache
def _log_to_base_in(ty: Float) -> Any:
    def impl(x, base=..., /):
        return divide(math.log(ty(x)), math.log(ty(base)))

    return impl


@overload(math.atan2)
def atan2(y, x, /):
    """The angle of the point (x, y), from -pi to pi.

    >>> math.atan2(0.0, -1.0)
    3.141592653589793
    """
    return libm("atan2", real_float(y, x), 2, math.atan2)


@overload(math.pow)
def pow_(x, y, /):
    """C's `pow`, of floats.

    >>> math.pow(2, 10)
    1024.0
    """
    return c_pow.template(x, y) if real_float(x, y) else None


@overload(math.fabs)
def fabs(x, /):
    """`|x|` as a float.

    >>> math.fabs(-3)
    3.0
    """
    return llvm_float("fabs", real_float(x), 1, math.fabs)


@overload(math.copysign)
def copysign(x, y, /):
    """`x` with the sign of `y`.

    >>> math.copysign(8.0, -0.0)
    -8.0
    """
    return llvm_float("copysign", real_float(x, y), 2, math.copysign)


TO_DEGREES, TO_RADIANS = 180.0 / math.pi, math.pi / 180.0


@overload(math.degrees)
def degrees(x, /):
    """An angle in degrees.

    >>> math.degrees(math.pi)
    180.0
    """
    factor = dtype_of(real_float(x)).type(TO_DEGREES)

    def impl(x, /):
        return x * factor

    return impl


@overload(math.radians)
def radians(x, /):
    """An angle in radians.

    >>> math.radians(180.0)
    3.141592653589793
    """
    factor = dtype_of(real_float(x)).type(TO_RADIANS)

    def impl(x, /):
        return x * factor

    return impl
