"""Compute before a loop what is the same on every turn: bounds, lengths, ranges, sums of ints.

    jump loop(zero)                        n: int64 = call axis_length(x, 0)
    loop(k):                               jump loop(zero)
      n: int64 = call axis_length(x, 0)  loop(k):
      ok: bool = call "compare<"(k, n)     ok: bool = call "compare<"(k, n)

A bound that stands before a loop makes it a loop that counts: `interrupts.py` and LLVM then
know how often it runs, and `hoist_bounds_checks.py` what its indices lie between.

Needs:   typed IR, before references are counted.
Keeps:   results: what moves does not raise, so that computing it once too often cannot be seen.
         Of the header, which runs whenever the loop is entered, everything pure moves, and what
         reads memory if nothing in the loop writes any; of the body only ints, ranges and tuples
         of them, which cost next to nothing.
Refuses: values that hold references; the rest is LLVM's to hoist.
Reports: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pellucid.ir.builder import Names
from pellucid.ir.dominance import Loop, find_loops
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Call, Const, Convert, Edge, Jump, Op
from pellucid.ir.values import Value
from pellucid.ir.walk import predecessors
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.types import Boolean, Integer, Range, Tuple, Type


@dataclass(frozen=True)
class HoistInvariants(Pass):
    """Move pure ops with invariant operands to before the loops."""

    name: ClassVar[str] = "hoist-invariants"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        loops = find_loops(fn)
        if not loops:
            return False
        hoister = _Hoister(fn)
        # Inner loops first: what leaves an inner loop may leave the outer one next.
        moved = [hoister.hoist(loop) for loop in reversed(loops)]
        return any(moved)


class _Hoister:
    def __init__(self, fn: Function) -> None:
        self.fn = fn
        self.names = Names(fn)
        self.before = predecessors(fn)
        self.homes: dict[Value, Block] = {}
        for block in fn.blocks:
            self.homes.update((param, block) for param in block.params)
            self.homes.update((op.result, block) for op in block.ops if op.result is not None)

    def hoist(self, loop: Loop) -> bool:
        """Move what is invariant in `loop` to before it; tell whether anything moved."""
        moving: dict[Op, None] = {}
        results: set[Value] = set()
        allowed = Effects.PURE if _writes(loop) else Effects.READS
        for block in loop.blocks:
            for op in block.ops:
                is_movable = _may_move(op, allowed) if block is loop.header else _is_cheap(op)
                if is_movable and all(
                    value in results or self.homes[value] not in loop for value in op.operands()
                ):
                    assert op.result is not None
                    moving[op] = None
                    results.add(op.result)
        # A constant moves with what reads it, not for its own sake.
        read = {v for op in moving if not isinstance(op, Const) for v in op.operands()}
        moving = {op: None for op in moving if not isinstance(op, Const) or op.out in read}
        if not moving:
            return False
        results = {op.result for op in moving if op.result is not None}
        target = self._preheader(loop)
        target.ops.extend(moving)
        self.homes.update(dict.fromkeys(results, target))
        for block in loop.blocks:
            block.ops = [op for op in block.ops if op not in moving]
        return True

    def _preheader(self, loop: Loop) -> Block:
        """A block that runs just before the loop is entered, made if there is none."""
        header = loop.header
        sources = self.before[header]
        entering = [block for block in sources if block not in loop]
        if len(entering) == 1 and isinstance(entering[0].terminator, Jump):
            return entering[0]
        block = Block(self.names.fresh("before"), is_cold=header.is_cold)
        block.params = [Value(self.names.fresh(param.name), param.ty) for param in header.params]
        self.homes.update(dict.fromkeys(block.params, block))
        for source in dict.fromkeys(entering):
            for edge in source.terminator.edges():
                if edge.block is header:
                    edge.block = block
        end = header.terminator
        jump = Jump(Edge(header, list(block.params)), span=end.span, inlined_at=end.inlined_at)
        block.terminator = jump
        self.before[block] = entering
        self.before[header] = [block, *(source for source in sources if source in loop)]
        self.fn.blocks.insert(self.fn.blocks.index(header), block)
        if loop.parent is not None:
            loop.parent.add(block)
        return block


def _writes(loop: Loop) -> bool:
    """Whether a turn of the loop may change memory that it reads."""
    return any(
        op.effects & (Effects.WRITES | Effects.IO) for block in loop.blocks for op in block.ops
    )


def _may_move(op: Op, allowed: Effects) -> bool:
    """Whether an op has no effects but those, and its result needs no counting."""
    if not isinstance(op, (Call, Const, Convert)) or op.effects | allowed != allowed:
        return False
    return not op.out.typed.is_managed


def _is_cheap(op: Op) -> bool:
    if not _may_move(op, Effects.PURE):
        return False
    return isinstance(op, Const) or (op.result is not None and _is_integral(op.result.typed))


def _is_integral(ty: Type) -> bool:
    """Integers, and what bounds of loops are made of."""
    if isinstance(ty, Tuple):
        return all(map(_is_integral, ty.elems))
    return isinstance(ty.base, (Integer, Boolean, Range))
