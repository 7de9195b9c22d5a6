"""Which values a block still needs when it is entered and when it is left.

A value is live at a point if some way from there reads it before the function ends. Edge arguments
are read at the end of the block that jumps; a block's parameters are defined at its start. Cleanup
lists are not reads: they follow from liveness (passes/ownership.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Op
from pellucid.ir.values import Value
from pellucid.ir.walk import predecessors, reverse_postorder


@dataclass(frozen=True)
class Liveness:
    """What is live at each block's start (its parameters aside) and end (edge arguments aside)."""

    live_in: dict[Block, frozenset[Value]]
    live_out: dict[Block, frozenset[Value]]


def reads_of(op: Op, holders: Mapping[Value, tuple[Value, ...]]) -> Iterator[Value]:
    """The values that an op reads, and those that hold the memory that it reads through these."""
    for value in op.operands():
        yield value
        yield from holders.get(value, ())


def liveness(fn: Function, holders: Mapping[Value, tuple[Value, ...]] | None = None) -> Liveness:
    """Solve backwards over the blocks until nothing changes.

    `holders` says of values which others are needed as long as they are (`interior.py`).
    """
    holders = holders or {}
    reads: dict[Block, frozenset[Value]] = {}
    defines: dict[Block, frozenset[Value]] = {}
    for block in fn.blocks:
        reads[block], defines[block] = _local(block, holders)
    live_in = dict(reads)
    live_out: dict[Block, frozenset[Value]] = {block: frozenset() for block in fn.blocks}
    before = predecessors(fn)
    order = reverse_postorder(fn)
    seen = set(order)
    # The last block is popped first: information flows backwards.
    todo = [*order, *(block for block in fn.blocks if block not in seen)]
    waiting = set(todo)
    while todo:
        block = todo.pop()
        waiting.discard(block)
        out = frozenset[Value]().union(*(live_in[s] for s in block.successors()))
        live_out[block] = out
        new = reads[block] | (out - defines[block])
        if new != live_in[block]:
            live_in[block] = new
            for predecessor in before[block]:
                if predecessor not in waiting:
                    waiting.add(predecessor)
                    todo.append(predecessor)
    return Liveness(live_in, live_out)


def _local(
    block: Block, holders: Mapping[Value, tuple[Value, ...]]
) -> tuple[frozenset[Value], frozenset[Value]]:
    """What the block reads before defining it, and what it defines."""
    defined: set[Value] = set(block.params)
    read: set[Value] = set()
    for op in block.all_ops():
        read.update(value for value in reads_of(op, holders) if value not in defined)
        if op.result is not None:
            defined.add(op.result)
    return frozenset(read), frozenset(defined)
