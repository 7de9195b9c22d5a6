"""Who holds the memory that an address points into.

    items = call get(xs, "items")     the address of memory that the list `xs` holds
    x = call load(items, i)           so `xs` must live until here

An address is not counted itself. What was computed from a managed value, and from addresses into
its memory, keeps that value alive.
"""

from __future__ import annotations

from pellucid.ir.dominance import Dominators
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Call, Convert
from pellucid.ir.values import Value
from pellucid.ir.walk import predecessors
from pellucid.types import Optional, Pointer, Struct, Tuple, Type

Holders = dict[Value, tuple[Value, ...]]


def find_holders(fn: Function) -> Holders:
    """The managed values that each address of a typed function keeps alive.

    Where addresses meet in a block parameter, they count if they come from the same values.
    """
    if not any(_has_address(value.typed) for value in fn.values()):
        return {}
    search = _Search(fn)
    while search.visit():
        pass
    return search.holders


class _Search:
    def __init__(self, fn: Function) -> None:
        self.holders: Holders = {}
        self._before = predecessors(fn)
        self._dominators = Dominators(fn)
        self._blocks = {param: block for block in fn.blocks for param in block.params}
        self._blocks.update(
            (op.result, block) for block in fn.blocks for op in block.ops if op.result is not None
        )

    def visit(self) -> bool:
        """Go over the function once; tell whether anything was found."""
        count = len(self.holders)
        for block in self._dominators.order:
            for index, param in enumerate(block.params):
                if param not in self.holders and _has_address(param.typed):
                    self._add_param(block, index, param)
            for op in block.ops:
                if isinstance(op, (Call, Convert)) and _has_address(op.out.typed):
                    kept: dict[Value, None] = {}
                    for value in op.operands():
                        if value.typed.is_managed:
                            kept[value] = None
                        kept.update(dict.fromkeys(self.holders.get(value, ())))
                    if kept:
                        self.holders[op.out] = tuple(kept)
        return len(self.holders) > count

    def _add_param(self, block: Block, index: int, param: Value) -> None:
        edges = [e for b in self._before[block] for e in b.terminator.edges() if e.block is block]
        found = {self.holders.get(edge.args[index], ()) for edge in edges} - {()}
        if len(found) != 1:
            return
        (holders,) = found
        if all(self._dominators.dominates(self._blocks[value], block) for value in holders):
            self.holders[param] = holders


def _has_address(ty: Type) -> bool:
    match ty:
        case Pointer():
            return True
        case Tuple(elems=elems):
            return any(map(_has_address, elems))
        case Struct(fields=fields):
            return any(_has_address(field) for _, field in fields)
        case Optional(value_ty=value_ty):
            return _has_address(value_ty)
        case _:
            return False
