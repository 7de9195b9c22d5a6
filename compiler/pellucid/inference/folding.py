"""Calls of simple operators on constants, whose results are constants: `1 << 20`.

What no integer type holds is an error here, rather than a number that wrapped.
"""

from __future__ import annotations

import operator

from pellucid.base.diagnostics import error
from pellucid.base.spans import Span
from pellucid.inference.binding import Arguments
from pellucid.inference.constants import type_of_constant
from pellucid.inference.resolution import Folded
from pellucid.types import Literal

_FOLDABLE = {
    f"operator.{name}": getattr(operator, name)
    for name in [
        *("add", "sub", "mul", "floordiv", "mod", "neg", "pos", "invert", "and_", "or_", "xor"),
        *("lshift", "rshift", "pow", "eq", "ne", "lt", "le", "gt", "ge", "not_"),
    ]
} | {"builtins.bool": bool}

_GROWING = {"operator.pow", "operator.lshift", "operator.rshift"}
_HUGE = 1 << 10
"""Exponents beyond this are not even computed to be shown."""


def fold_literals(path: str, arguments: Arguments, span: Span) -> Folded | None:
    """The value of a simple operator on literals, where it is an int, a bool or a str."""
    function = _FOLDABLE.get(path)
    if function is None or not all(isinstance(ty, Literal) for ty in arguments.types):
        return None
    values = [ty.value for ty in arguments.types if isinstance(ty, Literal)]
    if path == "operator.invert" and isinstance(values[0], bool):
        return None  # ~True is False here, as in NumPy
    if path in _GROWING and not _require_small(path, *values, span=span):
        return None
    try:
        result = function(*values)
    except (ArithmeticError, TypeError, ValueError):
        return None  # raised at run time, or reported by the overloads
    if not isinstance(result, (bool, str, int)):
        return None
    return Folded(result, type_of_constant(result, None, span))


def _require_small(path: str, base: object, exponent: object, *, span: Span) -> bool:
    """Whether a power or shift of literals is to be computed; an error if it is huge."""
    if not isinstance(base, int) or not isinstance(exponent, int) or exponent < 0:
        return False
    is_huge = exponent > _HUGE and (base not in (-1, 0, 1) if path == "operator.pow" else base)
    if is_huge:
        error(
            "literal-overflow",
            f"the integer {base} {'**' if path == 'operator.pow' else '<<'} {exponent} "
            "does not fit in 64 bits",
            span,
            help="compiled integers have at most 64 bits; use a float if precision allows",
        )
    return path != "operator.rshift" or exponent < 64


def as_int(value: object) -> int:
    """An int literal's value; -1 for any other."""
    return value if isinstance(value, int) else -1
