"""Makes ops with fresh names at the end of a block."""

from __future__ import annotations

from typing import Any

from pellucid.base.spans import NO_SPAN, InlineSite, Span
from pellucid.ir.callee import Ref, Target
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import (
    Branch,
    Call,
    Const,
    Convert,
    Edge,
    Jump,
    Raise,
    Reraise,
    Return,
    Terminator,
)
from pellucid.ir.values import Value
from pellucid.types import Type


class Names:
    """Hands out names that are unique in one function: `acc`, `acc.1`, `acc.2`."""

    def __init__(self, fn: Function | None = None) -> None:
        self._next: dict[str, int] = {}
        if fn is not None:
            for block in fn.blocks:
                self.reserve(block.name)
            for value in fn.values():
                self.reserve(value.name)

    def reserve(self, name: str) -> None:
        """Note a name that is already in use."""
        stem, _, suffix = name.rpartition(".")
        if stem and suffix.isdigit():
            self._next[stem] = max(self._next.get(stem, 1), int(suffix) + 1)
        else:
            self._next.setdefault(name, 1)

    def fresh(self, hint: str) -> str:
        """A new name made from `hint`."""
        stem, _, suffix = hint.rpartition(".")
        if stem and suffix.isdigit():
            hint = stem
        count = self._next.get(hint, 0)
        self._next[hint] = count + 1
        return hint if count == 0 else f"{hint}.{count}"


class Builder:
    """Appends ops to `block` of `fn`; `span` and `inlined_at` go onto each op made."""

    def __init__(self, fn: Function, names: Names | None = None) -> None:
        self.fn = fn
        self.names = names or Names(fn)
        self.block: Block | None = fn.blocks[-1] if fn.blocks else None
        self.span: Span = NO_SPAN
        self.inlined_at: InlineSite | None = None

    def new_block(self, hint: str) -> Block:
        """A new block at the end of the function; the insertion point stays."""
        block = Block(self.names.fresh(hint))
        self.fn.blocks.append(block)
        return block

    def param(self, block: Block, hint: str, ty: Type | None = None) -> Value:
        """A new parameter of `block`."""
        value = Value(self.names.fresh(hint), ty)
        block.params.append(value)
        return value

    def const(
        self, value: Any, hint: str = "c", *, path: str | None = None, ty: Type | None = None
    ) -> Value:
        """A constant."""
        out = Value(self.names.fresh(hint), ty)
        self._append(Const(out, value, path, span=self.span, inlined_at=self.inlined_at))
        return out

    def call(
        self,
        callee: Ref | Value,
        *args: Value,
        hint: str = "t",
        kwnames: tuple[str, ...] = (),
        stars: frozenset[int] = frozenset(),
        target: Target | None = None,
        span: Span | None = None,
    ) -> Value:
        """A call; with `target`, a typed one whose result has the target's return type."""
        out = Value(self.names.fresh(hint), None if target is None else target.sig.ret)
        op = Call(
            out,
            callee,
            list(args),
            kwnames,
            stars,
            target,
            span=span or self.span,
            inlined_at=self.inlined_at,
        )
        self._append(op)
        return out

    def convert(self, value: Value, ty: Type) -> Value:
        """`value` as `ty`; itself if it has that type."""
        if value.ty == ty:
            return value
        out = Value(self.names.fresh(value.name), ty)
        self._append(Convert(out, value, span=self.span, inlined_at=self.inlined_at))
        return out

    def jump(self, block: Block, *args: Value) -> None:
        """End the block by a jump."""
        self._end(Jump(Edge(block, list(args)), span=self.span, inlined_at=self.inlined_at))

    def branch(self, cond: Value, then: Edge, orelse: Edge) -> None:
        """End the block by a branch."""
        self._end(Branch(cond, then, orelse, span=self.span, inlined_at=self.inlined_at))

    def ret(self, value: Value) -> None:
        """End the block by a return."""
        self._end(Return(value, span=self.span, inlined_at=self.inlined_at))

    def raise_(self, value: Value, handler: Edge | None = None) -> None:
        """End the block by a raise."""
        self._end(Raise(value, handler=handler, span=self.span, inlined_at=self.inlined_at))

    def reraise(self, handler: Edge | None = None, *, is_raise: bool = False) -> None:
        """End the block by letting the exception in flight go on."""
        self._end(Reraise(is_raise, handler=handler, span=self.span, inlined_at=self.inlined_at))

    def _append(self, op: Const | Call | Convert) -> None:
        assert self.block is not None, "no block to append to"
        self.block.ops.append(op)

    def _end(self, terminator: Terminator) -> None:
        assert self.block is not None, "no block to end"
        self.block.terminator = terminator
        self.block = None
