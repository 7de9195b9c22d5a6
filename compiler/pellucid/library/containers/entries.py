"""The parts of a table's entry in its place, so that a key is read without its value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import Record
from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import ItemsPointer
from pellucid.types import Literal, Pointer, Tuple, Type, int64, none


def _place(entries: Type, part: Type) -> tuple[Pointer, int, Type]:
    """The pointer, the number of a part, and the part's type."""
    if not isinstance(entries, Pointer) or not isinstance(entries.elem_ty, Tuple):
        refuse(f"{entries} is not a pointer to tuples")
    if not isinstance(part, Literal) or not isinstance(part.value, int):
        refuse(f"{part} is not a number known while compiling")
    return entries, part.value, entries.elem_ty.elems[part.value]


def _address(cg: Any, ty: Pointer, number: int, args: Sequence[Any]) -> Any:
    model = model_of(ty.elem_ty)
    assert isinstance(model, Record)
    builder = cg.builder
    ll_start = builder.mul(args[1], ll.Constant(args[1].type, model.size))
    address = builder.gep(args[0], [ll_start], inbounds=True, source_etype=ll.IntType(8))
    return cg.offset(address, model.offsets[number])


def _read(name: str, entries: Type, part: Type, effects: Effects, *, moves: bool) -> Primitive:
    ty, number, part_ty = _place(entries, part)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        value = cg.load(part_ty, _address(cg, ty, number, args))
        if not moves:
            cg.retain(part_ty, value)
        return value

    def run(at: ItemsPointer, i: int, _: int) -> Any:
        return at.items[at.position + i][number]

    return Primitive(f"{name}[{number}]", part_ty(ty, int64, part), lower, run, effects)


@intrinsic
def get_part(entries, index, part):
    """A part of the entry at `index`: a new reference to what it holds."""
    return _read("get_part", entries, part, Effects.READS, moves=False)


@intrinsic
def take_part(entries, index, part):
    """A part of the entry at `index`, moved out of its place."""
    return _read("take_part", entries, part, Effects.READS | Effects.WRITES, moves=True)


@intrinsic
def put_part(entries, index, part, value):
    """Fill a part of the entry at `index`, which holds nothing."""
    ty, number, part_ty = _place(entries, part)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.retain(part_ty, args[3])
        cg.store(part_ty, args[3], _address(cg, ty, number, args))
        return cg.zero(none)

    def run(at: ItemsPointer, i: int, _: int, item: Any) -> None:
        old = at.items[at.position + i]
        made = list(old) if isinstance(old, tuple) else [None] * len(ty.elem_ty.elems)
        made[number] = item
        at.items[at.position + i] = tuple(made)

    sig = none(ty, int64, part, part_ty)
    return Primitive(f"put_part[{number}]", sig, lower, run, Effects.WRITES)


@intrinsic
def drop_part(entries, index, part):
    """Release a part of the entry at `index`; its place holds nothing then."""
    ty, number, part_ty = _place(entries, part)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        if part_ty.is_managed:
            cg.release(part_ty, cg.load(part_ty, _address(cg, ty, number, args)))
        return cg.zero(none)

    def run(*_: Any) -> None:
        return None  # the interpreter's memory is Python's

    return Primitive(f"drop_part[{number}]", none(ty, int64, part), lower, run, Effects.WRITES)
