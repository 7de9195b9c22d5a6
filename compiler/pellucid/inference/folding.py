"""Calls of simple operators on constants, whose results are constants."""

from __future__ import annotations

import operator

from pellucid.inference.binding import Arguments
from pellucid.inference.constants import type_of_constant
from pellucid.inference.resolution import Folded
from pellucid.types import Literal

_FOLDABLE = {
    f"operator.{name}": getattr(operator, name)
    for name in [
        *("add", "sub", "mul", "floordiv", "mod", "neg", "pos", "invert", "and_", "or_", "xor"),
        *("lshift", "rshift", "eq", "ne", "lt", "le", "gt", "ge", "not_"),
    ]
} | {"builtins.bool": bool}


def fold_literals(path: str, arguments: Arguments) -> Folded | None:
    """The value of a simple operator on literals, where it is an int in range, a bool or a str."""
    function = _FOLDABLE.get(path)
    if function is None or not all(isinstance(ty, Literal) for ty in arguments.types):
        return None
    values = [ty.value for ty in arguments.types if isinstance(ty, Literal)]
    if path in {"operator.lshift", "operator.rshift"} and not 0 <= as_int(values[1]) < 64:
        return None
    if path == "operator.invert" and isinstance(values[0], bool):
        return None  # ~True is False here, as in NumPy
    try:
        result = function(*values)
    except (ArithmeticError, TypeError, ValueError):
        return None  # raised at run time, or reported by the overloads
    fits = isinstance(result, (bool, str)) or (
        isinstance(result, int) and -(1 << 63) <= result < (1 << 63)
    )
    return Folded(result, type_of_constant(result)) if fits else None


def as_int(value: object) -> int:
    """An int literal's value; -1 for any other."""
    return value if isinstance(value, int) else -1
