"""Functions with captured values: made, and taken apart where they are called.

A closure is a record of the values that it captures; which function it is, its type says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from pellucid.ir.callee import Part, Primitive
from pellucid.types import Closure, Signature, Type


def make_closure(ty: Closure) -> Primitive:
    """The primitive that makes a closure from its captured values."""

    def lower(cg: Any, values: Sequence[Any]) -> Any:
        made = cg.make_tuple(ty, values)
        cg.retain(ty, made)
        return made

    def run(*values: Any) -> tuple[Any, ...]:
        return values

    parts = tuple(map(Part, range(len(ty.captured))))
    return Primitive("closure", Signature(ty, ty.captured), lower, run, parts=parts)


def captured_value(ty: Closure, index: int) -> Primitive:
    """The primitive that reads one captured value of a closure."""
    value_ty = ty.captured[index]

    def lower(cg: Any, values: Sequence[Any]) -> Any:
        value = cg.element(ty, values[0], index)
        cg.retain(value_ty, value)
        return value

    def run(closure: tuple[Any, ...]) -> Any:
        return closure[index]

    sig = Signature(value_ty, (ty,))
    return Primitive(f"captured[{index}]", sig, lower, run, part=Part(0, index))


def closures_in(ty: object) -> Iterator[Closure]:
    """The closures that a value of this type is or holds."""
    if isinstance(ty, tuple):
        for item in ty:
            yield from closures_in(item)
    elif isinstance(ty, Type) and is_dataclass(ty):
        if isinstance(ty, Closure):
            yield ty
        for part in fields(ty):
            yield from closures_in(getattr(ty, part.name))
