"""Which blocks lie on every way to a block, and the loops that follow from that.

Dominators by Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001). A natural
loop is a header with all blocks that reach one of its back edges without passing the header.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pellucid.ir.function import Block, Function
from pellucid.ir.walk import predecessors, reverse_postorder


class Dominators:
    """The dominator tree of a function's reachable blocks."""

    def __init__(self, fn: Function) -> None:
        self.order = reverse_postorder(fn)
        self.position = {block: index for index, block in enumerate(self.order)}
        self._parents = self._solve(fn)
        self._depths: dict[Block, int] = {}
        for block in self.order:
            parent = self._parents[block]
            self._depths[block] = 0 if parent is None else self._depths[parent] + 1

    def _solve(self, fn: Function) -> dict[Block, Block | None]:
        before = predecessors(fn)
        parents: dict[Block, Block] = {fn.entry: fn.entry}
        changed = True
        while changed:
            changed = False
            for block in self.order[1:]:
                new: Block | None = None
                for candidate in before[block]:
                    if candidate in parents:
                        new = candidate if new is None else self._meet(parents, candidate, new)
                assert new is not None, "a reachable block has a processed predecessor"
                if parents.get(block) is not new:
                    parents[block] = new
                    changed = True
        return {block: None if parents[block] is block else parents[block] for block in self.order}

    def _meet(self, parents: dict[Block, Block], left: Block, right: Block) -> Block:
        while left is not right:
            while self.position[left] > self.position[right]:
                left = parents[left]
            while self.position[right] > self.position[left]:
                right = parents[right]
        return left

    def is_reachable(self, block: Block) -> bool:
        """Whether the entry leads to `block`."""
        return block in self.position

    def parent(self, block: Block) -> Block | None:
        """The immediate dominator; None of the entry."""
        return self._parents[block]

    def dominates(self, above: Block, below: Block) -> bool:
        """Whether every way from the entry to `below` passes `above` (a block does its own)."""
        walk: Block | None = below
        while walk is not None and self._depths[walk] > self._depths[above]:
            walk = self._parents[walk]
        return walk is above


@dataclass(eq=False)
class Loop:
    """A natural loop. `latches` jump back to `header`; `blocks` are in reverse postorder."""

    header: Block
    latches: list[Block]
    blocks: list[Block]
    parent: Loop | None = field(default=None, repr=False)
    children: list[Loop] = field(default_factory=list["Loop"], repr=False)
    members: set[Block] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.members = set(self.blocks)

    def __contains__(self, block: Block) -> bool:
        return block in self.members

    def add(self, block: Block) -> None:
        """Note a block that a pass has put into the loop; it is in the enclosing loops too."""
        loop: Loop | None = self
        while loop is not None:
            loop.blocks.append(block)
            loop.members.add(block)
            loop = loop.parent

    @property
    def is_innermost(self) -> bool:
        """Whether no loop lies inside."""
        return not self.children

    @property
    def depth(self) -> int:
        """1 for an outermost loop."""
        return 1 if self.parent is None else self.parent.depth + 1

    def exits(self) -> list[tuple[Block, Block]]:
        """The edges that leave the loop: (block inside, block outside)."""
        return [(b, s) for b in self.blocks for s in b.successors() if s not in self]

    def entering(self, fn: Function) -> list[Block]:
        """The blocks outside that lead to the header."""
        return [block for block in predecessors(fn)[self.header] if block not in self]


def find_loops(fn: Function, dominators: Dominators | None = None) -> list[Loop]:
    """The natural loops of `fn`, an outer one before those inside it."""
    dominators = dominators or Dominators(fn)
    before = predecessors(fn)
    loops: list[Loop] = []
    for header in dominators.order:
        latches = [
            block
            for block in before[header]
            if dominators.is_reachable(block) and dominators.dominates(header, block)
        ]
        if latches:
            loops.append(Loop(header, latches, _loop_blocks(header, latches, before, dominators)))
    innermost: dict[Block, Loop] = {}
    for loop in loops:  # an enclosing loop's header comes earlier in the order
        loop.parent = innermost.get(loop.header)
        if loop.parent is not None:
            loop.parent.children.append(loop)
        innermost.update(dict.fromkeys(loop.blocks, loop))
    return loops


def _loop_blocks(
    header: Block,
    latches: list[Block],
    before: dict[Block, list[Block]],
    dominators: Dominators,
) -> list[Block]:
    found = {header}
    todo = [latch for latch in latches if latch is not header]
    while todo:
        block = todo.pop()
        if block not in found and dominators.is_reachable(block):
            found.add(block)
            todo.extend(before[block])
    return sorted(found, key=dominators.position.__getitem__)
