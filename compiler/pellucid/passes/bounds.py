"""Bounds of numbers, and what operations do to them.

Floats are computed here as they are at run time, rounded to nearest, which keeps order: the bound
of a sum is the sum of the bounds, underflow included. Where functions of the C library are not
rounded so, bounds get some room.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pellucid.types import Boolean, Float, Integer, Type

INF = math.inf
ROOM = 1e-6

Real = int | float


@dataclass(frozen=True)
class Bounds:
    """`low <= x <= high` or, if `may_be_nan`, NaN; `is_nonzero` leaves out zero besides."""

    low: Real = -INF
    high: Real = INF
    may_be_nan: bool = False
    is_nonzero: bool = False

    @property
    def excludes_zero(self) -> bool:
        """Whether `x == 0` is false (of NaN it is)."""
        return self.is_nonzero or self.low > 0 or self.high < 0

    def join(self, other: Bounds) -> Bounds:
        """What holds for a value that has either bounds."""
        return Bounds(
            min(self.low, other.low),
            max(self.high, other.high),
            self.may_be_nan or other.may_be_nan,
            self.excludes_zero and other.excludes_zero,
        )

    def __str__(self) -> str:
        if self.low == -INF and self.high == INF:
            return "any number but zero" if self.is_nonzero else "any number"
        if self.high == INF:
            return f"{self.low:.12g} or more"
        if self.low == -INF:
            return f"{self.high:.12g} or less"
        return f"between {self.low:.12g} and {self.high:.12g}"


def unknown(ty: Type) -> Bounds:
    """Bounds of any value of a scalar type."""
    match ty.base:
        case Integer() as integer:
            return Bounds(integer.min, integer.max)
        case Boolean():
            return Bounds(0, 1)
        case _:
            return Bounds(may_be_nan=True)


def constant(value: Real) -> Bounds:
    """Bounds of a known number."""
    if isinstance(value, float) and math.isnan(value):
        return Bounds(may_be_nan=True)
    value = int(value) if isinstance(value, bool) else value
    return Bounds(value, value, is_nonzero=value != 0)


def fitted(bounds: Bounds, ty: Type) -> Bounds:
    """Bounds as values of a scalar type: floats round to its width, integers may wrap."""
    match ty.base:
        case Integer() as integer:
            fits = integer.min <= bounds.low and bounds.high <= integer.max
            return bounds if fits and not bounds.may_be_nan else unknown(ty)
        case Float(bits=64):
            found = replace(bounds, low=_as_float(bounds.low), high=_as_float(bounds.high))
        case Float(bits=32):
            with np.errstate(over="ignore"):
                low, high = float(np.float32(bounds.low)), float(np.float32(bounds.high))
            found = replace(bounds, low=low, high=high)
        case _:
            return unknown(ty)
    # What is nonzero may round to zero; the bounds say whether it cannot.
    return replace(found, is_nonzero=found.low > 0 or found.high < 0)


def _as_float(bound: Real) -> float:
    try:
        return float(bound)
    except OverflowError:
        return INF if bound > 0 else -INF


# ---- arithmetic ---------------------------------------------------------------------------------


def negated(x: Bounds) -> Bounds:
    """`-x`."""
    return replace(x, low=-x.high, high=-x.low)


def added(x: Bounds, y: Bounds) -> Bounds:
    """`x + y`."""
    is_lost = (x.high == INF and y.low == -INF) or (x.low == -INF and y.high == INF)
    low, high = _or(x.low + y.low, -INF), _or(x.high + y.high, INF)
    return Bounds(low, high, x.may_be_nan or y.may_be_nan or is_lost)


def subtracted(x: Bounds, y: Bounds) -> Bounds:
    """`x - y`."""
    return added(x, negated(y))


def multiplied(x: Bounds, y: Bounds) -> Bounds:
    """`x * y`."""
    is_lost = any(
        abs(a) == INF and b.low <= 0 <= b.high
        for one, b in ((x, y), (y, x))
        for a in (one.low, one.high)
    )
    corners = [_product(a, b) for a in (x.low, x.high) for b in (y.low, y.high)]
    return Bounds(min(corners), max(corners), x.may_be_nan or y.may_be_nan or is_lost)


def _product(x: Real, y: Real) -> Real:
    return 0 if x == 0 or y == 0 else x * y  # 0 * inf: the limit, beside NaN


def squared(x: Bounds) -> Bounds:
    """`x * x`, of one value."""
    size = absolute(x)
    return Bounds(_product(size.low, size.low), _product(size.high, size.high), x.may_be_nan)


def divided(x: Bounds, y: Bounds) -> Bounds:
    """The quotient of floats."""
    is_lost = x.may_be_nan or y.may_be_nan
    is_lost |= max(abs(x.low), abs(x.high)) == INF == max(abs(y.low), abs(y.high))
    if y.low <= 0 <= y.high:
        return Bounds(may_be_nan=True)
    corners = [_quotient(a, b) for a in (x.low, x.high) for b in (y.low, y.high)]
    return Bounds(min(corners), max(corners), is_lost)


def _quotient(x: Real, y: Real) -> float:
    if abs(y) == INF:
        return 0.0
    with np.errstate(all="ignore"):
        return float(np.divide(float(x), float(y)))


def absolute(x: Bounds) -> Bounds:
    """`|x|`."""
    if x.low >= 0:
        return x
    low = -x.high if x.high < 0 else 0
    return replace(x, low=low, high=max(-x.low, x.high))


def root(x: Bounds) -> Bounds:
    """The square root."""
    low, high = math.sqrt(max(x.low, 0)), math.sqrt(max(x.high, 0))
    return Bounds(low, high, x.may_be_nan or x.low < 0)


def rounded(function: Callable[[float], int]) -> Callable[[Bounds], Bounds]:
    """A function that gives whole numbers and keeps order."""

    def apply(x: Bounds) -> Bounds:
        low, high = (b if abs(b) == INF else function(b) for b in (x.low, x.high))
        return Bounds(low, high, x.may_be_nan)

    return apply


def exponential(x: Bounds) -> Bounds:
    """`e**x`."""
    return Bounds(_exp(x.low) * (1 - ROOM), _exp(x.high) * (1 + ROOM), x.may_be_nan)


def _exp(x: Real) -> float:
    return math.exp(x) if x <= 709 else INF


def within(low: float, high: float) -> Callable[[Bounds], Bounds]:
    """A function of the C library with these bounds, with room; infinities may give NaN."""

    def apply(x: Bounds) -> Bounds:
        may_be_nan = x.may_be_nan or INF in (-x.low, x.high)
        return Bounds(low - ROOM, high + ROOM, may_be_nan)

    return apply


def remainder(_: Bounds, y: Bounds) -> Bounds:
    """`x % y` of integers, as in Python."""
    if y.low > 0:
        return Bounds(0, y.high - 1)
    return Bounds(y.low + 1, 0) if y.high < 0 else Bounds()


def lesser(x: Bounds, y: Bounds) -> Bounds:
    """The lesser; NaN of NaN."""
    return Bounds(min(x.low, y.low), min(x.high, y.high), x.may_be_nan or y.may_be_nan)


def greater(x: Bounds, y: Bounds) -> Bounds:
    """The greater; NaN of NaN."""
    return Bounds(max(x.low, y.low), max(x.high, y.high), x.may_be_nan or y.may_be_nan)


def _or(value: Real, instead: float) -> Real:
    return instead if value != value else value


UNARY: dict[str, Callable[[Bounds], Bounds]] = {
    "abs": absolute,
    "as_type": lambda x: x,
    "ceil": rounded(math.ceil),
    "convert": lambda x: x,
    "cos": within(-1, 1),
    "cosh": lambda x: Bounds(1 - ROOM, INF, x.may_be_nan),
    "erf": within(-1, 1),
    "exp": exponential,
    "exp2": lambda x: Bounds(0, INF, x.may_be_nan),
    "fabs": absolute,
    "floor": rounded(math.floor),
    "neg": negated,
    "rint": rounded(round),
    "roundeven": rounded(round),
    "sin": within(-1, 1),
    "sqrt": root,
    "tanh": within(-1, 1),
    "trunc": rounded(math.trunc),
}
"""What library primitives of one operand do to bounds."""

BINARY: dict[str, Callable[[Bounds, Bounds], Bounds]] = {
    "add": added,
    "div": divided,
    "maximum": greater,
    "minimum": lesser,
    "lesser": lesser,
    "mod": remainder,
    "mul": multiplied,
    "sub": subtracted,
}
"""What library primitives of two operands do to bounds."""


# ---- comparison ---------------------------------------------------------------------------------

_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def compared(symbol: str, x: Bounds, y: Bounds) -> bool | None:
    """Whether `x symbol y`, if that is the same for all values."""
    if symbol == "==":
        return _equal(x, y)
    if symbol == "!=":
        found = _equal(x, y)
        return None if found is None else not found
    worst, best = (x.high, y.low), (x.low, y.high)
    if symbol in (">", ">="):
        worst, best = (x.low, y.high), (x.high, y.low)
    if _COMPARE[symbol](*worst) and not (x.may_be_nan or y.may_be_nan):
        return True
    return None if _COMPARE[symbol](*best) else False


def _equal(x: Bounds, y: Bounds) -> bool | None:
    is_apart = x.high < y.low or y.high < x.low
    if is_apart or (_is_zero(x) and y.excludes_zero) or (_is_zero(y) and x.excludes_zero):
        return False
    is_one = x.low == x.high == y.low == y.high
    return True if is_one and not (x.may_be_nan or y.may_be_nan) else None


def _is_zero(x: Bounds) -> bool:
    return x.low == x.high == 0


def refined(x: Bounds, symbol: str, y: Bounds, *, holds: bool, is_float: bool) -> Bounds:
    """What is known of `x` where `x symbol y` holds, or where it does not."""
    may_be_nan = x.may_be_nan
    if holds == (symbol != "!="):
        may_be_nan = False  # NaN fails every comparison but `!=`
    elif y.may_be_nan:
        return x  # `y` may be the NaN: that says nothing of `x`
    symbol = symbol if holds else OPPOSITE[symbol]
    low, high, is_nonzero = x.low, x.high, x.is_nonzero
    if symbol in (">", ">=", "=="):
        low = max(low, _above(y.low, is_float) if symbol == ">" else y.low)
    if symbol in ("<", "<=", "=="):
        high = min(high, _below(y.high, is_float) if symbol == "<" else y.high)
    if (symbol == "!=" and _is_zero(y)) or (symbol == "==" and y.excludes_zero):
        is_nonzero = True
    return Bounds(low, high, may_be_nan, is_nonzero) if low <= high else x


def _above(bound: Real, is_float: bool) -> Real:
    return math.nextafter(bound, INF) if is_float else bound + 1


def _below(bound: Real, is_float: bool) -> Real:
    return math.nextafter(bound, -INF) if is_float else bound - 1
