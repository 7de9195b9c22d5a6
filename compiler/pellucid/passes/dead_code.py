"""Remove what nothing needs.

    a = call operator.add(x, y)
    b = call operator.mul(a, a)        (nothing reads b)
    return x                      ->   return x

Needs:   typed IR, before references are counted.
Keeps:   calls that may raise, write, print or not end, and whatever they read.
Refuses: nothing.
Reports: nothing.

A value is needed if an op that must stay reads it, or an edge passes it to a parameter that is
needed; so a variable that only feeds itself around a loop goes too. Blocks that the entry does not
lead to are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Op, Raise, Return, Terminator
from pellucid.ir.values import Value
from pellucid.ir.walk import predecessors, reverse_postorder
from pellucid.passes.pass_base import Pass, PassContext


@dataclass(frozen=True)
class RemoveDeadCode(Pass):
    """Drop unneeded ops, parameters of blocks, and blocks."""

    name: ClassVar[str] = "dead-code"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        changed = _drop_unreachable_blocks(fn)
        needed = _needed_values(fn)
        for block in fn.blocks:
            kept = [op for op in block.ops if op.result in needed or not _is_removable(op)]
            changed |= len(kept) != len(block.ops)
            block.ops = kept
        return _drop_parameters(fn, needed) or changed


def _drop_unreachable_blocks(fn: Function) -> bool:
    reachable = set(reverse_postorder(fn))
    kept = [block for block in fn.blocks if block in reachable]
    changed = len(kept) != len(fn.blocks)
    fn.blocks[:] = kept
    return changed


def _is_removable(op: Op) -> bool:
    return op.result is not None and op.effects.is_removable


def _needed_values(fn: Function) -> set[Value]:
    ops_by_result: dict[Value, Op] = {}
    homes: dict[Value, tuple[Block, int]] = {}
    todo: list[Value] = []
    for block in fn.blocks:
        homes.update((param, (block, index)) for index, param in enumerate(block.params))
        for op in block.ops:
            if op.result is not None:
                ops_by_result[op.result] = op
            if not _is_removable(op):
                todo.extend(op.operands())
        todo.extend(_read_by_terminator(block.terminator))
    before = predecessors(fn)
    needed: set[Value] = set()
    while todo:
        value = todo.pop()
        if value in needed:
            continue
        needed.add(value)
        if value in ops_by_result:
            todo.extend(ops_by_result[value].operands())
        else:
            block, index = homes[value]
            for source in before[block]:
                edges = source.terminator.edges()
                todo.extend(edge.args[index] for edge in edges if edge.block is block)
    return needed


def _read_by_terminator(terminator: Terminator) -> list[Value]:
    match terminator:
        case Branch(cond=cond):
            return [cond]
        case Return(value=value) | Raise(value=value):
            return [value]
        case _:
            return []


def _drop_parameters(fn: Function, needed: set[Value]) -> bool:
    """Drop the parameters that nothing needs, of all blocks but the entry, with their arguments."""
    kept = {
        block: [index for index, param in enumerate(block.params) if param in needed]
        for block in fn.blocks[1:]
    }
    if all(len(kept[block]) == len(block.params) for block in fn.blocks[1:]):
        return False
    for block in fn.blocks:
        for edge in block.terminator.edges():
            edge.args = [edge.args[index] for index in kept[edge.block]]
    for block in fn.blocks[1:]:
        block.params = [block.params[index] for index in kept[block]]
    return True
