"""A function's parameters, as Python declares them.

Apart from `function.py`, because a call of cached code needs the parameters and no IR.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pellucid.base.spans import NO_SPAN, Span


class _Missing:
    """No default value."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


@dataclass(frozen=True)
class CapturedDefault:
    """A default that was computed when the function was made: the closure's value at `index`."""

    index: int


@dataclass(frozen=True)
class Param:
    """A parameter as Python declares it. `kind` is `inspect.Parameter`'s: POSITIONAL_ONLY ...

    `default` is the Python object, MISSING or a `CapturedDefault`.
    """

    name: str
    kind: int
    default: Any = MISSING
    span: Span = NO_SPAN
