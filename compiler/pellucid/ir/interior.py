"""Who holds the memory that an address points into, and what another value stands for.

    items = call get(xs, "items")     the address of memory that the list `xs` holds
    x = call load(items, i)           so `xs` must live until here

An address is not counted itself. What was computed from a managed value, and from addresses into
its memory, keeps that value alive.

    ys = convert xs                   the same object under another type
    z = call g(ys)                    so `xs` must live until here, and `ys` needs no reference

A converted value that is only given to calls, which borrow it, is not counted either.

    y = call load(items, i)           an object that the list holds
    k = call length(y)                needs no reference as long as nothing may change the list
"""

from __future__ import annotations

from typing import TypeGuard

from pellucid.ir.callee import Primitive
from pellucid.ir.dominance import Dominators
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.liveness import liveness, reads_of
from pellucid.ir.ops import Call, Convert, Op
from pellucid.ir.values import Value
from pellucid.ir.walk import predecessors
from pellucid.types import Optional, Pointer, Struct, Tuple, Type

Holders = dict[Value, tuple[Value, ...]]
_DISTURBING = Effects.WRITES | Effects.IO | Effects.RAISES


def find_holders(fn: Function, borrowed: frozenset[Value] = frozenset()) -> Holders:
    """The managed values that each address and `borrowed` value of a typed function keeps alive.

    Where addresses meet in a block parameter, they count if they come from the same values.
    """
    if not borrowed and not any(_has_address(value.typed) for value in fn.values()):
        return {}
    search = _Search(fn, borrowed)
    while search.visit():
        pass
    return search.holders


def find_loans(fn: Function, aliases: frozenset[Value]) -> frozenset[Value]:
    """Managed values read from others, that nothing takes over and nothing may change meanwhile."""
    found = {
        op.out
        for op in fn.ops()
        if isinstance(op, Call) and op.out.typed.is_managed and _lent(op) is not None
    }
    for block in fn.blocks:
        found.difference_update(block.terminator.operands())
        taken = [op.value for op in block.ops if is_renaming(op) and op.out not in aliases]
        found.difference_update(taken)
    count = 0
    while found and len(found) != count:
        count = len(found)
        holders = find_holders(fn, aliases | found)
        found = {value for value in found if value in holders}
        found -= _disturbed(fn, found, holders)
    return frozenset(found)


def lend(fn: Function, loans: frozenset[Value]) -> None:
    """Let the calls that give `loans` give no reference of their own."""
    for op in fn.ops():
        if isinstance(op, Call) and op.out in loans:
            op.target = _lent(op)


def _lent(op: Call) -> Primitive | None:
    return op.target.lends if isinstance(op.target, Primitive) else None


def _disturbed(fn: Function, loans: set[Value], holders: Holders) -> set[Value]:
    """Those of the loans that are needed when, or after, something changes memory or may raise.

    A poll for signals is such, which runs whatever Python function handles them.
    """
    found: set[Value] = set()
    live_out = liveness(fn, holders).live_out
    for block in fn.blocks:
        needed = set(live_out[block])
        needed.update(reads_of(block.terminator, holders))
        for op in reversed(block.ops):
            needed.difference_update(() if op.result is None else (op.result,))
            needed.update(reads_of(op, holders))
            if op.effects & _DISTURBING:
                found |= needed & loans
    return found


def find_aliases(fn: Function) -> frozenset[Value]:
    """Managed values that are others under another type, and that nothing takes over."""
    converts = [op for block in fn.blocks for op in block.ops if is_renaming(op)]
    found = {op.out for op in converts}
    if not found:
        return frozenset()
    for block in fn.blocks:
        found.difference_update(block.terminator.operands())
    for op in reversed(converts):
        if op.out not in found:
            found.discard(op.value)  # it goes on in what is taken over
    return frozenset(found)


def is_renaming(op: Op) -> TypeGuard[Convert]:
    """Whether an op only gives the references of a value another type."""
    return isinstance(op, Convert) and op.value.typed.is_managed and op.out.typed.is_managed


class _Search:
    def __init__(self, fn: Function, borrowed: frozenset[Value]) -> None:
        self.holders: Holders = {}
        self._borrowed = borrowed
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
                if not isinstance(op, (Call, Convert)):
                    continue
                if op.out in self._borrowed or _has_address(op.out.typed):
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
