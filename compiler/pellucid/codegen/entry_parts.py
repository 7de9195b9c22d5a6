"""What an entry is made of: parameters, slots, and the library functions that it calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pellucid.codegen.models.model import LlValue
from pellucid.ir.callee import FunctionTarget
from pellucid.types import Signature, Struct, Tuple, Type

POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = range(5)


@dataclass(frozen=True)
class EntryParam:
    """A parameter as the entry sees it; `kind` is `inspect.Parameter`'s."""

    name: str
    kind: int = POSITIONAL_OR_KEYWORD
    has_default: bool = False


@dataclass(frozen=True)
class Conversion:
    """The library functions that take arguments of one type across the boundary.

    `unbox` takes the object and a type marker, and gives (ok, value); `write_back` the object and
    the value. They are the overloads of `ir.protocol.unbox` and `write_back`.
    """

    unbox: FunctionTarget
    write_back: FunctionTarget | None = None


@dataclass(frozen=True)
class Conversions:
    """What an entry calls for the types that it does not read and make in place.

    `parts` box what functions in the result captured.
    """

    arguments: Mapping[Type, Conversion] = field(default_factory=dict[Type, Conversion])
    result: FunctionTarget | None = None
    parts: Mapping[Type, FunctionTarget] = field(default_factory=dict[Type, FunctionTarget])
    others: tuple[FunctionTarget, ...] = ()

    @property
    def functions(self) -> list[FunctionTarget]:
        """All of them."""
        found = [f for c in self.arguments.values() for f in (c.unbox, c.write_back)]
        found += [self.result, *self.parts.values(), *self.others]
        return [f for f in found if f is not None]


@dataclass(frozen=True)
class Converted:
    """An argument that a library function unboxed: the entry owns the value."""

    ty: Type
    ll_obj: LlValue
    ll_value: LlValue
    write_back: FunctionTarget | None


@dataclass(frozen=True)
class Slot:
    """One Python object that the function takes: a parameter, or an item of `*args`."""

    ty: Type
    path: str
    param: EntryParam
    index: int

    @property
    def is_positional(self) -> bool:
        return self.param.kind not in (KEYWORD_ONLY, VAR_KEYWORD)

    @property
    def is_keyword(self) -> bool:
        return self.param.kind in (POSITIONAL_OR_KEYWORD, KEYWORD_ONLY)


def slots_of(sig: Signature, params: Sequence[EntryParam]) -> list[Slot]:
    """The objects that a call passes: positional ones, items of `*args`, keyword-only ones."""
    slots: list[Slot] = []
    for index, (param, ty) in enumerate(zip(params, sig.params, strict=True)):
        if param.kind == VAR_POSITIONAL:
            assert isinstance(ty, Tuple), f"*{param.name} has type {ty}"
            for item, elem_ty in enumerate(ty.elems):
                slots.append(Slot(elem_ty, f"{index}.{item}", param, index))
        elif param.kind == VAR_KEYWORD:
            assert isinstance(ty, Struct), f"**{param.name} has type {ty}"
            for item, (_, elem_ty) in enumerate(ty.fields):
                slots.append(Slot(elem_ty, f"{index}.{item}", param, index))
        else:
            slots.append(Slot(ty, str(index), param, index))
    return slots
