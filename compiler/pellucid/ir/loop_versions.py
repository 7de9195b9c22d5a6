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
from pellucid.ir.walk import predecessors, reverse_postorder


@dataclass(frozen=True)
class Versions:
    """`guard` has no terminator yet; `copy` is the header of the loop's copy."""

    guard: Block
    copy: Block


class LoopVersions:
    """Splits loops of one function, outer ones first; `finish` when all are done.

    Who jumps where and who reads what is kept up to date, so that a split costs what the loop is
    large, not the function.
    """

    def __init__(self, fn: Function, names: Names) -> None:
        self.fn = fn
        self.names = names
        self.before = predecessors(fn)
        self.users: dict[Value, dict[Op, Block]] = {}
        for block in fn.blocks:
            self._note_users(block)

    def _note_users(self, block: Block) -> None:
        for op in block.all_ops():
            for value in op.operands():
                self.users.setdefault(value, {})[op] = block

    def split(self, loop: Loop) -> Versions:
        """Put a guard before `loop`, and a copy of it beside; what leaves the loop is merged.

        The caller ends the guard by a branch to the header and to the copy's header. The copy is
        cold: it is for what hardly ever happens.
        """
        header, names = loop.header, self.names
        guard = Block(names.fresh("guard"), is_cold=header.is_cold)
        guard.params = [Value(names.fresh(p.name), p.ty) for p in header.params]
        outside = [block for block in self.before[header] if block not in loop]
        for block in dict.fromkeys(outside):
            for edge in block.terminator.edges():
                if edge.block is header:
                    edge.block = guard
        values: dict[Value, Value] = {}
        copies = clone_blocks(loop.blocks, values, names)
        for copied in copies.values():
            copied.is_cold = True
        self._note_new_blocks(loop, guard, outside, copies)
        self._merge_leaving(loop, copies, values)
        return Versions(guard, copies[header])

    def _note_new_blocks(
        self, loop: Loop, guard: Block, outside: list[Block], copies: dict[Block, Block]
    ) -> None:
        header = loop.header
        inside = [block for block in self.before[header] if block in loop]
        self.before[guard] = outside
        self.before[header] = [guard, *inside]
        self.before[copies[header]] = [guard]
        for copied in copies.values():
            self.before.setdefault(copied, [])
        for copied in copies.values():
            self._note_users(copied)
            for successor in copied.successors():
                self.before[successor].append(copied)
        self.fn.blocks.extend((guard, *copies.values()))
        if loop.parent is not None:
            for block in (guard, *copies.values()):
                loop.parent.add(block)

    def _merge_leaving(
        self, loop: Loop, copies: dict[Block, Block], values: dict[Value, Value]
    ) -> None:
        """Where values of the loop are read outside, merge them with those of the copy."""
        inside = {*loop.blocks, *copies.values()}
        defined: list[Value] = []
        for block in loop.blocks:
            defined.extend(block.params)
            defined.extend(op.result for op in block.ops if op.result is not None)
        for value in defined:
            outside = [
                (op, block)
                for op, block in self.users.get(value, {}).items()
                if block not in inside
            ]
            if outside:
                _Merger(self, value, values[value], loop, copies).replace_all(outside)

    def finish(self) -> None:
        """Put the blocks in order: each before those it leads to."""
        self.fn.blocks[:] = reverse_postorder(self.fn)


class _Merger:
    """One value with two definitions: finds which one reaches a block (Braun et al. 2013)."""

    def __init__(
        self,
        versions: LoopVersions,
        value: Value,
        copy: Value,
        loop: Loop,
        copies: dict[Block, Block],
    ) -> None:
        self.versions = versions
        self.value = value
        self.at_end: dict[Block, Value] = dict.fromkeys(loop.blocks, value)
        self.at_end.update(dict.fromkeys(copies.values(), copy))
        self.todo: list[Block] = []

    def replace_all(self, uses: list[tuple[Op, Block]]) -> None:
        """Let the ops, which are outside the loops, read what reaches them."""
        users = self.versions.users
        for op, block in uses:
            reaching = self._reaching(block)
            op.map_operands({self.value: reaching})
            if reaching is not self.value:
                del users[self.value][op]
                users.setdefault(reaching, {})[op] = block
        while self.todo:
            merging = self.todo.pop()
            for source in dict.fromkeys(self.versions.before[merging]):
                incoming = self._reaching(source)
                for edge in source.terminator.edges():
                    if edge.block is merging:
                        edge.args.append(incoming)
                users.setdefault(incoming, {})[source.terminator] = source

    def _reaching(self, block: Block) -> Value:
        """The value at the end of `block`: a new parameter, if ways with different ones meet."""
        before, chain = self.versions.before, list[Block]()
        while block not in self.at_end and len(set(before[block])) == 1:
            chain.append(block)
            block = before[block][0]
        if block not in self.at_end:
            param = Value(self.versions.names.fresh(self.value.name), self.value.ty)
            block.params.append(param)
            self.at_end[block] = param
            self.todo.append(block)
        found = self.at_end[block]
        self.at_end.update(dict.fromkeys(chain, found))
        return found
