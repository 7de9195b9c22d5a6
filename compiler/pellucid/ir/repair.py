"""SSA form again, where a value has got other definitions in some blocks.

A transformation that lets control enter in the middle of a function (the function of a generator,
which goes on after a `yield`) defines a value anew there. Every use then reads the definition that
comes before it, and blocks where several meet get a parameter.

After Braun and others (CC 2013), as the front end does; see `frontend/ssa.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from pellucid.ir.builder import Names
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Edge
from pellucid.ir.values import Value

Definitions = Mapping[Value, Mapping[Block, Value]]
"""For a value, what stands for it from the end of the definitions in a block on."""


def repair(fn: Function, definitions: Definitions, names: Names) -> None:
    """Let uses of the values read the definitions that reach them.

    In the blocks that `definitions` names, uses are right already; a value's own block counts as
    defining it.
    """
    repairer = _Repairer(fn, definitions, names)
    for block in fn.blocks:
        for op in block.all_ops():
            mapping = {
                value: repairer.at_use(value, block)
                for value in op.operands()
                if value in definitions
            }
            if mapping:
                op.map_operands(mapping)
    repairer.fill_edges()


class _Repairer:
    def __init__(self, fn: Function, definitions: Definitions, names: Names) -> None:
        self._names = names
        self._edges: dict[Block, list[tuple[Block, Edge]]] = {block: [] for block in fn.blocks}
        for block in fn.blocks:
            for edge in block.terminator.edges():
                self._edges[edge.block].append((block, edge))
        self._at_end: dict[Value, dict[Block, Value]] = {}
        for value, others in definitions.items():
            self._at_end[value] = dict(others)
        for block in fn.blocks:
            for param in block.params:
                if param in definitions:
                    self._at_end[param].setdefault(block, param)
            for op in block.ops:
                if op.result is not None and op.result in definitions:
                    self._at_end[op.result].setdefault(block, op.result)
        self._pending: list[tuple[Value, Block, int]] = []

    def at_use(self, value: Value, block: Block) -> Value:
        """What stands for `value` where `block` uses it."""
        passed: list[Block] = []
        table = self._at_end[value]
        while block not in table:
            passed.append(block)
            edges = self._edges[block]
            if len(edges) != 1:
                assert edges, f"{value.name} has no definition that reaches {block.name}"
                param = Value(self._names.fresh(value.name), value.ty)
                block.params.append(param)
                table[block] = param
                self._pending.append((value, block, len(block.params) - 1))
                for _, edge in edges:
                    edge.args.append(param)  # a place: `fill_edges` puts the argument there
                break
            block = edges[0][0]
        found = table[block]
        for between in passed:
            table[between] = found
        return found

    def fill_edges(self) -> None:
        """Give the new parameters their arguments."""
        while self._pending:
            value, block, index = self._pending.pop()
            for source, edge in self._edges[block]:
                edge.args[index] = self.at_use(value, source)
