"""Straighten control flow: fewer blocks, fewer block parameters.

    entry:                              entry:
      jump a(x)                           y = call operator.neg(x)
    a(v: int64):                          return y
      y = call operator.neg(v)    ->
      return y

    A branch whose ways are equal becomes a jump. A block that one jump alone leads to is joined to
    the block before it. A parameter that gets one and the same value on every edge (or itself) is
    replaced by that value.

Needs:   IR, typed or not, before references are counted.
Keeps:   every op but jumps, in order.
Refuses: nothing.
Reports: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Edge, Jump
from pellucid.ir.values import Value
from pellucid.ir.walk import predecessors
from pellucid.passes.pass_base import Pass, PassContext


@dataclass(frozen=True)
class SimplifyControl(Pass):
    """Merge straight-line blocks and drop trivial block parameters."""

    name: ClassVar[str] = "simplify-control"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        changed = _join_equal_ways(fn)
        replaced: dict[Value, Value] = {}
        changed |= _merge_blocks(fn, replaced)
        changed |= _drop_trivial_parameters(fn, replaced)
        substitute(fn, replaced)
        return changed


def substitute(fn: Function, replaced: dict[Value, Value]) -> None:
    """Replace values everywhere in `fn`; a replacement may itself be replaced."""
    if not replaced:
        return
    final = {value: resolve(value, replaced) for value in replaced}
    for op in fn.ops():
        op.map_operands(final)


def resolve(value: Value, replaced: dict[Value, Value]) -> Value:
    """What `value` has become; shortens the chains it follows."""
    chain: list[Value] = []
    while value in replaced:
        chain.append(value)
        value = replaced[value]
    for passed in chain:
        replaced[passed] = value
    return value


def _join_equal_ways(fn: Function) -> bool:
    changed = False
    for block in fn.blocks:
        end = block.terminator
        if (
            isinstance(end, Branch)
            and end.then.block is end.orelse.block
            and end.then.args == end.orelse.args
        ):
            block.terminator = Jump(end.then, span=end.span, inlined_at=end.inlined_at)
            changed = True
    return changed


def _merge_blocks(fn: Function, replaced: dict[Value, Value]) -> bool:
    counts = {block: len(before) for block, before in predecessors(fn).items()}
    gone: set[Block] = set()
    for block in fn.blocks:
        if block in gone:
            continue
        while isinstance(block.terminator, Jump):
            edge = block.terminator.edge
            after = edge.block
            if counts[after] != 1 or after is block or after is fn.entry:
                break
            replaced.update(zip(after.params, edge.args, strict=True))
            block.ops.extend(after.ops)
            block.terminator = after.terminator
            gone.add(after)
    if gone:
        fn.blocks[:] = [block for block in fn.blocks if block not in gone]
    return bool(gone)


def _drop_trivial_parameters(fn: Function, replaced: dict[Value, Value]) -> bool:
    changed = False
    todo = True
    while todo:  # a parameter that goes may make another one trivial
        todo = False
        edges_by_block: dict[Block, list[Edge]] = {}
        for block in fn.blocks:
            for edge in block.terminator.edges():
                edges_by_block.setdefault(edge.block, []).append(edge)
        for block, edges in edges_by_block.items():
            for index in range(len(block.params) - 1, -1, -1):
                param = block.params[index]
                given = {resolve(edge.args[index], replaced) for edge in edges} - {param}
                if len(given) == 1:
                    replaced[param] = given.pop()
                    del block.params[index]
                    for edge in edges:
                        del edge.args[index]
                    todo = changed = True
    return changed
