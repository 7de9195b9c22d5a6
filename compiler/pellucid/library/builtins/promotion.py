"""Which type two numbers meet in.

    integers      at least 64 bits wide: int64 if either is signed (as a bool is), else uint64
    real numbers  float32 with float32, int8, uint8, int16 or bool is float32; all else is float64
    complex       as the real numbers decide, for both parts

These are Numba's rules for scalars; `tests/library/builtins/test_promotion.py` asks Numba.
Arrays follow NumPy's (`library/numpy/resolution.py`).
"""

from __future__ import annotations

from pellucid.inference.overloads import refuse
from pellucid.types import (
    Boolean,
    Complex,
    Float,
    Integer,
    Literal,
    Number,
    Type,
    complex64,
    complex128,
    float32,
    float64,
    int8,
    int16,
    int64,
    uint8,
    uint64,
)

_NARROW = frozenset({int8, int16, uint8})


def number(ty: Type) -> Number:
    """The number type of a value of `ty`, a bool being an int64; refuses what is no number."""
    base = ty.base
    if isinstance(base, Boolean):
        return int64
    if not isinstance(base, Number):
        refuse(f"{base} is not a number")
    return base


def integer(ty: Type) -> Integer:
    """As `number`, for integers only; refuses others."""
    found = number(ty)
    if not isinstance(found, Integer):
        refuse(f"{found} is not an integer")
    return found


def real(ty: Type) -> Integer | Float:
    """As `number`, refusing complex numbers."""
    found = number(ty)
    if not isinstance(found, (Integer, Float)):
        refuse(f"{found} has no order")
    return found


def widened(ty: Type) -> Number:
    """The type of `+x`: integers at least 64 bits wide."""
    found = number(ty)
    if isinstance(found, Integer):
        return int64 if found.signed else uint64
    return found


def promote(left: Type, right: Type) -> Number:
    """The type that `left + right` is computed in."""
    lhs, rhs = number(left), number(right)
    if isinstance(lhs, Integer) and isinstance(rhs, Integer):
        return int64 if lhs.signed or rhs.signed else uint64
    is_single = _is_single(left) and _is_single(right)
    if isinstance(lhs, Complex) or isinstance(rhs, Complex):
        return complex64 if is_single else complex128
    return float32 if is_single else float64


def _is_single(ty: Type) -> bool:
    base = ty.base
    return isinstance(base, Boolean) or base in _NARROW or base in (float32, complex64)


def floating(ty: Type) -> Number:
    """The type that a float function of `ty` is computed in: float64 for integers."""
    found = number(ty)
    return float64 if isinstance(found, Integer) else found


def promote_floating(left: Type, right: Type) -> Number:
    """The type of `left / right`."""
    return floating(promote(left, right))


def literal_value(ty: Type) -> int | None:
    """The value of an int literal; None if it is not known while compiling."""
    is_int = isinstance(ty, Literal) and isinstance(ty.value, int)
    return int(ty.value) if is_int else None  # type: ignore[call-overload]  # checked above
