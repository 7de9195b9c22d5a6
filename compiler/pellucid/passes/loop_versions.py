"""Two versions of a loop behind a test, and the values that leave either.

jump loop(x)              jump guard(x)
loop(i): ...            guard(i.1):
(the test is written here; it branches to loop or to loop.1)
->    loop(i): ...
loop.1(i.2): ...        (a copy)
"""

from __future__ import annotations

from dataclasses import dataclass

from pellucid.ir.builder import Names
from pellucid.ir.clone import clone_blocks
from pellucid.ir.dominance import Loop
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Op
from pellucid.ir.values import Value
from pellucid.ir.walk import predecessors


@dataclass(frozen=True)
class Versions:
    """`guard` has no terminator yet; `copy` is the header of the loop's copy."""

    guard: Block
    copy: Block


def split_versions(fn: Function, loop: Loop, names: Names) -> Versions:
    """Put a guard before `loop`, and a copy of it beside; what leaves the loop is merged."""
    header = loop.header
    guard = Block(names.fresh("guard"))
    guard.params = [Value(names.fresh(p.name), p.ty) for p in header.params]
    for block in fn.blocks:
        for edge in block.terminator.edges():
            if edge.block is header and block not in loop:
                edge.block = guard
    originals = [block for block in fn.blocks if block in loop]
    values: dict[Value, Value] = {}
    copies = clone_blocks(originals, values, names)
    position = fn.blocks.index(originals[0])
    fn.blocks.insert(position, guard)
    after = fn.blocks.index(originals[-1]) + 1
    fn.blocks[after:after] = copies.values()
    if loop.parent is not None:
        for block in (guard, *copies.values()):
            loop.parent.add(block)
    _merge_leaving(fn, loop, copies, values, names)
    return Versions(guard, copies[header])


def _merge_leaving(
    fn: Function,
    loop: Loop,
    copies: dict[Block, Block],
    values: dict[Value, Value],
    names: Names,
) -> None:
    """Where values of the loop are read outside, merge them with those of the copy."""
    inside = {*loop.blocks, *copies.values()}
    homes: dict[Value, Block] = {}
    for block in loop.blocks:
        homes.update(dict.fromkeys(block.params, block))
        homes.update((op.result, block) for op in block.ops if op.result is not None)
    before: dict[Block, list[Block]] | None = None
    mergers: dict[Value, _Merger] = {}
    for block in [block for block in fn.blocks if block not in inside]:
        for op in block.all_ops():
            for value in [v for v in dict.fromkeys(op.operands()) if v in homes]:
                before = before or predecessors(fn)
                merger = mergers.get(value)
                if merger is None:
                    merger = _Merger(value, values[value], loop, copies, before, names)
                    mergers[value] = merger
                merger.replace(op, block)


class _Merger:
    """One value with two definitions: finds which one reaches a block (Braun et al. 2013)."""

    def __init__(
        self,
        value: Value,
        copy: Value,
        loop: Loop,
        copies: dict[Block, Block],
        before: dict[Block, list[Block]],
        names: Names,
    ) -> None:
        self.value = value
        self.before = before
        self.names = names
        self.at_end: dict[Block, Value] = dict.fromkeys(loop.blocks, value)
        self.at_end.update(dict.fromkeys(copies.values(), copy))
        self.todo: list[Block] = []

    def replace(self, op: Op, block: Block) -> None:
        """Let `op`, which is in `block` outside the loops, read what reaches it."""
        op.map_operands({self.value: self._reaching(block)})
        while self.todo:
            merging = self.todo.pop()
            for source in dict.fromkeys(self.before[merging]):
                incoming = self._reaching(source)
                for edge in source.terminator.edges():
                    if edge.block is merging:
                        edge.args.append(incoming)

    def _reaching(self, block: Block) -> Value:
        """The value at the end of `block`: a new parameter, if ways with different ones meet."""
        chain: list[Block] = []
        while block not in self.at_end and len(set(self.before[block])) == 1:
            chain.append(block)
            block = self.before[block][0]
        if block not in self.at_end:
            param = Value(self.names.fresh(self.value.name), self.value.ty)
            block.params.append(param)
            self.at_end[block] = param
            self.todo.append(block)
        found = self.at_end[block]
        self.at_end.update(dict.fromkeys(chain, found))
        return found
