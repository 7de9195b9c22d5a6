"""The shape of a function, as inference needs it: loops, and who reads a value."""

from __future__ import annotations

from pellucid.ir.function import Block, Function
from pellucid.ir.values import Value


def loop_headers(fn: Function) -> set[Block]:
    """Blocks that an edge from a block reached through them goes back to (depth-first search)."""
    headers: set[Block] = set()
    state: dict[Block, int] = {}
    stack: list[tuple[Block, int]] = [(fn.entry, 0)]
    state[fn.entry] = 1
    while stack:
        block, position = stack.pop()
        successors = block.successors()
        if position == len(successors):
            state[block] = 2
            continue
        stack.append((block, position + 1))
        target = successors[position]
        if state.get(target) == 1:
            headers.add(target)
        elif target not in state:
            state[target] = 1
            stack.append((target, 0))
    return headers


def users_by_value(fn: Function) -> dict[Value, list[Block]]:
    """The blocks that read each value."""
    users: dict[Value, dict[Block, None]] = {}
    for block in fn.blocks:
        for op in block.all_ops():
            for value in op.operands():
                users.setdefault(value, {})[block] = None
    return {value: list(blocks) for value, blocks in users.items()}
