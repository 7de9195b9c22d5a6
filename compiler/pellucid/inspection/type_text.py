"""Types as the panels show them: the text of `str(ty)`, less what no reader looks for.

    FunctionUnion(Closure(f), Closure(g))                       ->   Closure(f) | Closure(g)
    Caught(builtins.ValueError, Exception(builtins.ValueError, str), ...)   ->   ValueError
    Generator('squares(list(int64))')                           ->   generator of int64

`str(ty)` stays the one form that reads back (`types/syntax.py`); this one is for the eye and
bounded in length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from pellucid.types import (
    CaughtException,
    ExceptionClass,
    Generator,
    Raised,
    Struct,
    Type,
    Union,
)

LONGEST = 100
"""Characters of a type, at most; the end is what is left out."""

_NAMES = 3  # of several alternatives, so many are named


def shown_type(ty: Type) -> str:
    """The text of a type for a reader."""
    text = _shown(ty)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _shown(ty: Type) -> str:
    match ty:
        case ExceptionClass():
            return f"class {_last(ty.path)}"
        case CaughtException():
            return _some([_last(cls.path) for cls in ty.classes], " | ")
        case Raised():
            names = [_last(found.cls.path) for found in (*ty.own, *ty.others)]
            return f"Raised({_some(names, ', ')})"
        case Union():
            return _some(list(map(_shown, ty.members)), " | ")
        case Generator():
            yielded = ty.code.yield_ty if ty.code is not None else None
            return f"generator of {_shown(yielded)}" if yielded is not None else "generator"
        case Struct() if len(str(ty)) > LONGEST // 2:
            return f"Struct[{ty.name}](…)"
        case _:
            text = str(ty)
            for part in _parts(ty):
                text = text.replace(str(part), _shown(part))
            return text


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _some(names: list[str], between: str) -> str:
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - _NAMES
    return between.join([*distinct[:_NAMES], *([f"{more} more"] if more > 0 else [])])


def _parts(ty: Type) -> Iterator[Type]:
    """The types that a type is made of."""
    if is_dataclass(ty):
        for field in fields(ty):
            yield from _types_in(getattr(ty, field.name))


def _types_in(held: Any) -> Iterator[Type]:  # what a field holds: a type, or tuples of such
    if isinstance(held, Type):
        yield held
    elif isinstance(held, tuple):
        for part in held:  # pyright: ignore[reportUnknownVariableType]  # of anything
            yield from _types_in(part)
