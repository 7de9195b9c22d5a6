"""The shape of a function, as inference needs it: loops, and who reads a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Raise
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


def is_only_returned(value: Value, users: Mapping[Value, Sequence[Block]]) -> bool:
    """Whether all that is done with a value is to return it, perhaps after other joins."""
    seen, todo = {value}, [value]
    while todo:
        one = todo.pop()
        for block in users.get(one, ()):
            end = block.terminator
            is_tested = isinstance(end, Branch) and end.cond is one
            if is_tested or isinstance(end, Raise) or any(one in op.operands() for op in block.ops):
                return False
            for edge in end.edges():
                pairs = zip(edge.args, edge.block.params, strict=True)
                found = [param for arg, param in pairs if arg is one and param not in seen]
                seen.update(found)
                todo += found
    return True
