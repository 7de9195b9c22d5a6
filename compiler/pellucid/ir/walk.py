"""Orders and tables over a function's blocks: who comes before whom, who defines and uses what.

Each call computes afresh: nothing is cached on the function, so nothing can be out of date.
"""

from __future__ import annotations

from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Guard, Op
from pellucid.ir.values import Value


def predecessors(fn: Function) -> dict[Block, list[Block]]:
    """The blocks that lead to each block, one entry for each edge, in block order."""
    table: dict[Block, list[Block]] = {block: [] for block in fn.blocks}
    for block in fn.blocks:
        for successor in block.successors():
            table.setdefault(successor, []).append(block)
    return table


def reverse_postorder(fn: Function) -> list[Block]:
    """The blocks reachable from the entry, each before its successors except along back edges."""
    order: list[Block] = []
    seen = {fn.entry}
    # The first successor is visited last, so that it comes first in the reversed order.
    stack = [(fn.entry, iter(reversed(fn.entry.successors())))]
    while stack:
        block, successors = stack[-1]
        for successor in successors:
            if successor not in seen:
                seen.add(successor)
                stack.append((successor, iter(reversed(successor.successors()))))
                break
        else:
            stack.pop()
            order.append(block)
    order.reverse()
    return order


def definitions(fn: Function) -> dict[Value, Op | Block]:
    """What defines each value: an op, or the block whose parameter it is."""
    table: dict[Value, Op | Block] = {}
    for block in fn.blocks:
        for param in block.params:
            table[param] = block
        for op in block.ops:
            if op.result is not None:
                table[op.result] = op
    return table


def use_counts(fn: Function) -> dict[Value, int]:
    """How often each value is read; edge arguments count, cleanups do not."""
    counts: dict[Value, int] = {}
    for op in fn.ops():
        for value in op.operands():
            counts[value] = counts.get(value, 0) + 1
    return counts


def effects_of_ops(fn: Function) -> Effects:
    """All that the ops may do; an exception that a handler of `fn` gets does not count."""
    effects = Effects.PURE
    for block in fn.blocks:
        end = block.terminator
        guarded = end.call if isinstance(end, Guard) else None
        for op in block.ops:
            effects |= op.effects & _NOT_RAISES if op is guarded else op.effects
        effects |= end.effects
    return effects


def value_order(fn: Function) -> dict[Value, int]:
    """The place of each value in definition order, to sort sets of values the same way always."""
    return {value: index for index, value in enumerate(fn.values())}


_NOT_RAISES = Effects(Effects.ANY.value & ~Effects.RAISES.value)
