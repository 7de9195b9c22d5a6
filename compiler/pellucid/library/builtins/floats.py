"""Operations on floats that are one LLVM intrinsic, as primitives: for library code."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from pellucid.inference.overloads import intrinsic, static
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.arithmetic import divide, fmod, primitive
from pellucid.library.builtins.promotion import floating, promote_floating
from pellucid.types import Float, Type, float32


def float_type(ty: Type) -> Float:
    """The float type that a real number is computed in."""
    found = floating(ty)
    assert isinstance(found, Float), "library code asks this of real numbers only"
    return found


@cache
def llvm_float(name: str, ty: Float, count: int, run: Callable[..., Any]) -> Primitive:
    """The LLVM intrinsic `llvm.name.fN` of `count` floats."""

    def emit(cg: Any, *operands: Any) -> Any:
        ll_type = cg.ll_type(ty)
        return cg.intrinsic(f"llvm.{name}.f{ty.bits}", ll_type, *operands, fast=True)

    return primitive(name, ty, (ty,) * count, emit, run)


def quiet(ufunc: Callable[..., Any]) -> Callable[..., Any]:
    """A function of NumPy on Python floats, quiet where it divides by zero and the like."""

    def run(*operands: Any) -> Any:
        with np.errstate(all="ignore"):
            return float(ufunc(*operands))

    return run


def silent(function: Callable[..., float], otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """`function` of `math` for the interpreter; `otherwise`, NumPy's, where that raises."""
    instead = quiet(otherwise)

    def run(*operands: float) -> Any:
        try:
            return function(*operands)
        except (ValueError, OverflowError):
            return instead(*operands)

    return run


RUN_FLOOR, RUN_CEIL = quiet(np.floor), quiet(np.ceil)
RUN_TRUNC, RUN_RINT, RUN_SQRT = quiet(np.trunc), quiet(np.rint), quiet(np.sqrt)


@intrinsic
def floor(x):
    """The greatest whole number not above `x`, as a float."""
    return llvm_float("floor", float_type(x), 1, RUN_FLOOR)


@intrinsic
def ceil(x):
    """The least whole number not below `x`, as a float."""
    return llvm_float("ceil", float_type(x), 1, RUN_CEIL)


@intrinsic
def trunc(x):
    """`x` without its fraction, as a float."""
    return llvm_float("trunc", float_type(x), 1, RUN_TRUNC)


@intrinsic
def rint(x):
    """The nearest whole number, half to even, as a float."""
    return llvm_float("roundeven", float_type(x), 1, RUN_RINT)


@intrinsic
def sqrt(x):
    """The square root; NaN of a negative number."""
    return llvm_float("sqrt", float_type(x), 1, RUN_SQRT)


@intrinsic
def fabs(x):
    """`x` without its sign."""
    return llvm_float("fabs", float_type(x), 1, math.fabs)


@intrinsic
def copysign(x, y):
    """`x` with the sign of `y`."""
    ty = promote_floating(x, y)
    assert isinstance(ty, Float), "library code asks this of real numbers only"
    return llvm_float("copysign", ty, 2, math.copysign)


@intrinsic
def fma(x, y, z):
    """`x * y + z`, rounded once."""
    ty = promote_floating(promote_floating(x, y), z)
    assert isinstance(ty, Float), "library code asks this of real numbers only"
    return llvm_float("fma", ty, 3, _run_fma)


def _run_fma(x: float, y: float, z: float) -> float:
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        return quiet(np.add)(quiet(np.multiply)(x, y), z)
    from fractions import Fraction  # heavy, and only the interpreter asks

    exact = Fraction(x) * Fraction(y) + Fraction(z)
    if exact == 0:
        return x * y + z
    try:
        return float(exact)
    except OverflowError:
        return math.copysign(math.inf, exact)


@static
def exact_integers(ty: Type) -> int:
    """Up to this many, a float type holds every whole number."""
    return 1 << 24 if ty == float32 else 1 << 53


def exact_remainder(x, y):
    """C's `fmod`, without its call where the quotient has no more digits than a float."""
    quotient = trunc(divide(x, y))
    if fabs(quotient) < exact_integers(quotient) and fabs(y) < math.inf:
        rest = fma(-quotient, y, x)
        # The quotient is one too large if the division rounded up to it.
        if rest != 0 and (rest < 0) != (x < 0):
            rest = rest + copysign(y, x)
        return copysign(rest, x)
    return fmod(x, y)


@intrinsic
def c_pow(x, y):
    """C's `pow`."""
    ty = promote_floating(x, y)
    assert isinstance(ty, Float), "library code asks this of real numbers only"
    return libm("pow", ty, 2, silent(math.pow, np.power))


@cache
def libm(name: str, ty: Float, count: int, run: Callable[..., Any]) -> Primitive:
    """C's function `name` of `count` floats; the name of its float32 form ends in f."""
    symbol = name if ty.bits == 64 else f"{name}f"

    def emit(cg: Any, *operands: Any) -> Any:
        return cg.math_call(symbol, *operands)

    return primitive(name, ty, (ty,) * count, emit, run)
