"""What a model is: a leaf, held in one register, or a record of parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from llvmlite import ir as ll

from pellucid.types import Type

ll_i1, ll_i8, ll_i32, ll_i64 = (ll.IntType(bits) for bits in (1, 8, 32, 64))
ll_ptr = ll.PointerType()
ll_void = ll.VoidType()

LlValue = Any
"""An `llvmlite.ir.Value`. llvmlite has no annotations, and what is inferred from its code is wrong
(a cast would be None), so checkers are told nothing."""
LlBuilder = Any
"""An `llvmlite.ir.IRBuilder`, where what is inferred of it is wrong."""
ModelOf = Callable[[Type], "Model"]


class ConstantPool(Protocol):
    """Where constants that need memory are put."""

    def bytes_constant(self, data: bytes, alignment: int) -> LlValue:
        """The address of constant `data`."""
        ...


class Owner(NamedTuple):
    """A counted reference that a value holds: to a block's header, or to a Python object."""

    ll_value: LlValue
    is_object: bool = False


class Model:
    """The representation of the values of one type.

    `ll_type` is the SSA form, `ll_storage` the form in memory, `size` and `alignment` its bytes
    there. `leaves` are the registers that a value takes.
    """

    ll_type: ll.Type
    ll_storage: ll.Type
    size: int
    alignment: int
    leaves: tuple[Leaf, ...]

    def __init__(self, ty: Type) -> None:
        self.ty = ty

    @property
    def is_empty(self) -> bool:
        """Whether values hold nothing at run time."""
        return not self.leaves

    def flatten(self, builder: ll.IRBuilder, ll_value: LlValue) -> list[LlValue]:
        """The leaves of a value."""
        raise NotImplementedError

    def unflatten(self, builder: ll.IRBuilder, ll_leaves: Sequence[LlValue]) -> LlValue:
        """The value made of these leaves."""
        raise NotImplementedError

    def load(self, builder: ll.IRBuilder, address: LlValue, tag: Any = None) -> LlValue:
        """The value in memory at `address`; `tag` is the alias tag (`codegen/alias.py`)."""
        raise NotImplementedError

    def store(
        self, builder: ll.IRBuilder, ll_value: LlValue, address: LlValue, tag: Any = None
    ) -> None:
        """Write the value to memory at `address`."""
        raise NotImplementedError

    def owners(self, builder: ll.IRBuilder, ll_value: LlValue) -> Iterator[Owner]:
        """The references that a value holds; each may be null."""
        raise NotImplementedError

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        """A Python object known while compiling, as a value of this type."""
        raise NotImplementedError

    def zero(self) -> ll.Constant:
        """The value whose bits are all zero."""
        return ll.Constant(self.ll_type, None)


class Leaf(Model):
    """A value in one register. `is_count`: an integer that is never negative.

    `is_owner`: a counted reference; with `is_object` that to a Python object, else to a block.
    """

    is_count = False
    is_owner = False
    is_object = False

    def __init__(
        self, ty: Type, ll_type: ll.Type, size: int, ll_storage: ll.Type | None = None
    ) -> None:
        super().__init__(ty)
        self.ll_type = ll_type
        self.ll_storage = ll_storage or ll_type
        self.size = self.alignment = size
        self.leaves = (self,)

    def flatten(self, builder: ll.IRBuilder, ll_value: LlValue) -> list[LlValue]:
        return [ll_value]

    def unflatten(self, builder: ll.IRBuilder, ll_leaves: Sequence[LlValue]) -> LlValue:
        (ll_value,) = ll_leaves
        return ll_value

    def load(self, builder: ll.IRBuilder, address: LlValue, tag: Any = None) -> LlValue:
        ll_load = builder.load(address, typ=self.ll_storage, align=self.alignment)
        if tag is not None:
            ll_load.set_metadata("tbaa", tag)
        return self.from_storage(builder, ll_load)

    def store(
        self, builder: ll.IRBuilder, ll_value: LlValue, address: LlValue, tag: Any = None
    ) -> None:
        ll_store = builder.store(self.to_storage(builder, ll_value), address, align=self.alignment)
        if tag is not None:
            ll_store.set_metadata("tbaa", tag)

    def from_storage(self, builder: ll.IRBuilder, ll_stored: LlValue) -> LlValue:
        """The SSA form of what was loaded."""
        return ll_stored

    def to_storage(self, builder: ll.IRBuilder, ll_value: LlValue) -> LlValue:
        """The form that is stored."""
        return ll_value

    def owners(self, builder: ll.IRBuilder, ll_value: LlValue) -> Iterator[Owner]:
        if self.is_owner:
            yield Owner(ll_value, self.is_object)


class Record(Model):
    """A value made of named parts, in order."""

    def __init__(self, ty: Type, parts: Sequence[tuple[str, Model]]) -> None:
        super().__init__(ty)
        self.names = tuple(name for name, _ in parts)
        self.parts = tuple(model for _, model in parts)
        self.leaves = tuple(leaf for part in self.parts for leaf in part.leaves)
        self.ll_type = ll.LiteralStructType([part.ll_type for part in self.parts])
        self.ll_storage = ll.LiteralStructType([part.ll_storage for part in self.parts])
        self.alignment = max((part.alignment for part in self.parts), default=1)
        self.offsets: list[int] = []
        end = 0
        for part in self.parts:
            start = -(-end // part.alignment) * part.alignment
            self.offsets.append(start)
            end = start + part.size
        self.size = -(-end // self.alignment) * self.alignment

    def index(self, name: str) -> int:
        """The position of the part `name`."""
        return self.names.index(name)

    def part(self, builder: ll.IRBuilder, ll_value: LlValue, index: int) -> LlValue:
        """The part at a position."""
        return extract(builder, ll_value, index)

    def make(self, builder: ll.IRBuilder, ll_parts: Sequence[LlValue]) -> LlValue:
        """The record of these parts."""
        if all(isinstance(p, ll.Constant) for p in ll_parts):
            return ll.Constant(self.ll_type, list(ll_parts))
        ll_value: LlValue = ll.Constant(self.ll_type, ll.Undefined)
        for index, (model, ll_part) in enumerate(zip(self.parts, ll_parts, strict=True)):
            if not model.is_empty:
                ll_value = builder.insert_value(ll_value, ll_part, index)
        return ll_value

    def flatten(self, builder: ll.IRBuilder, ll_value: LlValue) -> list[LlValue]:
        return [
            ll_leaf
            for index, model in enumerate(self.parts)
            if not model.is_empty
            for ll_leaf in model.flatten(builder, extract(builder, ll_value, index))
        ]

    def unflatten(self, builder: ll.IRBuilder, ll_leaves: Sequence[LlValue]) -> LlValue:
        ll_parts: list[LlValue] = []
        start = 0
        for model in self.parts:
            stop = start + len(model.leaves)
            ll_parts.append(model.unflatten(builder, ll_leaves[start:stop]))
            start = stop
        return self.make(builder, ll_parts)

    def load(self, builder: ll.IRBuilder, address: LlValue, tag: Any = None) -> LlValue:
        ll_parts = [
            model.load(builder, offset_address(builder, address, offset), tag)
            for model, offset in zip(self.parts, self.offsets, strict=True)
        ]
        return self.make(builder, ll_parts)

    def store(
        self, builder: ll.IRBuilder, ll_value: LlValue, address: LlValue, tag: Any = None
    ) -> None:
        for index, (model, offset) in enumerate(zip(self.parts, self.offsets, strict=True)):
            if not model.is_empty:
                ll_part = extract(builder, ll_value, index)
                model.store(builder, ll_part, offset_address(builder, address, offset), tag)

    def owners(self, builder: ll.IRBuilder, ll_value: LlValue) -> Iterator[Owner]:
        for index, model in enumerate(self.parts):
            if any(leaf.is_owner for leaf in model.leaves):
                yield from model.owners(builder, extract(builder, ll_value, index))

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        values = self.parts_of(pyobj)
        ll_parts = [m.constant(v, pool) for m, v in zip(self.parts, values, strict=True)]
        return ll.Constant(self.ll_type, ll_parts)

    def parts_of(self, pyobj: Any) -> Sequence[Any]:
        """The values of the parts in a Python object of this type."""
        raise NotImplementedError


class Empty(Record):
    """A value known while compiling: nothing is left of it at run time."""

    def __init__(self, ty: Type, model_of: ModelOf | None = None) -> None:
        super().__init__(ty, ())

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        return ll.Constant(self.ll_type, [])


def extract(builder: ll.IRBuilder, ll_value: LlValue, index: int) -> LlValue:
    """A part of an aggregate; looks through what was just built, to keep the text short."""
    while isinstance(ll_value, ll.instructions.InsertValue):
        ll_whole, ll_part = ll_value.operands
        if ll_value.indices == [index]:
            return ll_part
        if len(ll_value.indices) != 1:
            break
        ll_value = ll_whole
    if isinstance(ll_value, ll.Constant) and isinstance(ll_value.constant, (list, tuple)):
        return ll_value.constant[index]
    return builder.extract_value(ll_value, index)


def offset_address(builder: ll.IRBuilder, address: LlValue, offset: int) -> LlValue:
    """`address` plus a constant number of bytes, inside the same object."""
    if offset == 0:
        return address
    return builder.gep(address, [ll.Constant(ll_i64, offset)], inbounds=True, source_etype=ll_i8)
