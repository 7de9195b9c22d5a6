"""Guards where calls come and go: in what a call was replaced by, and where it cannot raise now."""

from __future__ import annotations

from collections.abc import Callable

from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Call, Edge, Guard, Jump


def guard_calls(
    block: Block, start: int, handler: Edge, new_block: Callable[[str], Block]
) -> Block:
    """Let the calls of `block` that may raise, from op `start` on, lead to a handler.

    Each ends its block; the last block made, which is returned, has the terminator.
    """
    index = start
    while index < len(block.ops):
        op = block.ops[index]
        index += 1
        end = block.terminator
        if not isinstance(op, Call) or not op.effects.may_raise:
            continue
        if isinstance(end, Guard) and end.call is op:
            break
        rest = new_block(block.name)
        rest.ops, rest.terminator, rest.is_cold = block.ops[index:], end, block.is_cold
        del block.ops[index:]
        way = Edge(handler.block, list(handler.args))
        block.terminator = Guard(op, Edge(rest), way, span=op.span, inlined_at=op.inlined_at)
        block, index = rest, 0
    return block


def settle_guards(fn: Function) -> bool:
    """Make jumps of the guards whose calls are gone or cannot raise; tell whether there were any.

    The handler may then be reached by no way at all.
    """
    changed = False
    for block in fn.blocks:
        end = block.terminator
        if not isinstance(end, Guard):
            continue
        is_there = bool(block.ops) and block.ops[-1] is end.call
        if not is_there or not end.call.effects.may_raise:
            block.terminator = Jump(end.then, span=end.span, inlined_at=end.inlined_at)
            changed = True
    return changed
