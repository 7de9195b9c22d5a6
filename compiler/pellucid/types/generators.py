"""Generators: objects on the heap that hold what their function needs to go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pellucid.base.records import record
from pellucid.types.containers import Optional, Tuple
from pellucid.types.heap import HeapType
from pellucid.types.kinds import Type


@record(frozen=True, repr=False, eq=False)
class Generator(HeapType):
    """What the call of a generator function gives.

    `code` (`inference.generators.GeneratorCode`, a higher room; compared by identity) knows what is
    yielded, sent and returned, and the fields: these are known when inference is done. Where code
    comes from the cache, nothing is known of its result but the name: there it is None.
    """

    name: str
    code: Any

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Generator) or self.code is not other.code:
            return False
        return self.code is not None or self.name == other.name

    def __hash__(self) -> int:
        return hash((Generator, id(self.code)))

    def __str__(self) -> str:
        return f"Generator({self.name!r})"

    @property
    def has_destructor(self) -> bool:
        return self.code.has_handlers

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return tuple(self.code.fields.items())

    @property
    def made_from(self) -> tuple[Type, ...]:
        return self.code.frame.arg_tys


def generators_in(ty: Type) -> Iterator[Generator]:
    """The generators that a value of this type is, or holds as a part."""
    match ty:
        case Generator():
            yield ty
        case Tuple():
            for elem in ty.elems:
                yield from generators_in(elem)
        case Optional():
            yield from generators_in(ty.value_ty)
        case _:
            pass
