"""Compute before a loop what its header computes anew on every turn.

    jump loop(zero)                        n: int64 = call axis_length(x, 0)
    loop(k):                               jump loop(zero)
      n: int64 = call axis_length(x, 0)  loop(k):
      ok: bool = call "compare<"(k, n)     ok: bool = call "compare<"(k, n)

A bound that stands before the loop is what makes it a loop that counts: `interrupts.py` and LLVM then
know how often it runs. The rest of the body is LLVM's to hoist.

Needs:   typed IR after inlining.
Keeps:   everything: a header runs whenever its loop is entered, so nothing is computed that was not.
Refuses: what reads memory, what may raise, and values that hold references.
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
from pellucid.passes.pass_base import Pass, PassContext


@dataclass(frozen=True)
class HoistInvariants(Pass):
    """Move pure ops with invariant operands from loop headers to before the loops."""

    name: ClassVar[str] = "hoist-invariants"

    def run(self, fn: Function, ctx: PassContext) -> bool:  # noqa: ARG002 (nothing to report)
        """Rewrite `fn` in place; tell whether anything changed."""
        changed = False
        # Inner loops first: what leaves an inner header may leave the outer one next.
        for loop in sorted(find_loops(fn), key=lambda loop: -loop.depth):
            invariant = _invariant_ops(loop)
            if invariant:
                _preheader(fn, loop).ops.extend(invariant)
                loop.header.ops = [op for op in loop.header.ops if op not in invariant]
                changed = True
        return changed


def _invariant_ops(loop: Loop) -> list[Op]:
    """The ops of the header, in order, that give the same on every turn."""
    inside = {
        value
        for block in loop.blocks
        for value in (*block.params, *(op.result for op in block.ops if op.result is not None))
    }
    found: list[Op] = []
    for op in loop.header.ops:
        if _is_pure(op) and not any(operand in inside for operand in op.operands()):
            assert op.result is not None
            found.append(op)
            inside.discard(op.result)
    # A constant alone is not worth a place before the loop.
    return found if any(isinstance(op, Call) for op in found) else []


def _is_pure(op: Op) -> bool:
    if not isinstance(op, (Call, Const, Convert)) or op.effects != Effects.PURE:
        return False
    result: Value = op.result
    return not result.typed.is_managed


def _preheader(fn: Function, loop: Loop) -> Block:
    """A block that runs just before the loop is entered, made if there is none."""
    entering = loop.entering(fn)
    if len(entering) == 1 and isinstance(entering[0].terminator, Jump):
        return entering[0]
    header = loop.header
    names = Names(fn)
    block = Block(names.fresh("before"))
    block.params = [Value(names.fresh(param.name), param.ty) for param in header.params]
    span = header.terminator.span
    block.terminator = Jump(Edge(header, list(block.params)), span=span)
    for source in entering:
        for edge in source.terminator.edges():
            if edge.block is header:
                edge.block = block
    fn.blocks.insert(fn.blocks.index(header), block)
    return block
