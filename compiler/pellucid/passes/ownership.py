"""Count references to managed values, so that memory is freed exactly when nothing needs it.

    b = call numpy.negative(a)           b = call numpy.negative(a)
    c = call numpy.add(b, b)       ->    c = call numpy.add(b, b) cleanup(b)
    return c                             release b
                                         return c

The conventions: a function borrows its arguments and gives its caller the result. So parameters and
constants are borrowed, and so are values under another type that only calls read, and what is read
from another value while nothing changes (`ir/interior.py`). Every other managed value is owned, and
on each path exactly one of these ends it: an edge or return or conversion takes it over, or it is
released after its last use. What takes over a borrowed value, or one that is still needed, gets a
reference of its own by `retain`. If a call raises, what is owned at that point is released: that is
the op's `cleanup`. If a handler gets the exception, it owns what it needs, and the rest is released
on the way there. A value that holds the memory behind an address is used wherever that address is.

Needs:   typed IR without retain, release and cleanup; the last pass that may add or move calls ran.
Keeps:   everything else; may split edges.
Refuses: nothing.
Reports: nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from pellucid.base.options import Options
from pellucid.ir.builder import Names
from pellucid.ir.function import Block, Function
from pellucid.ir.interior import find_aliases, find_holders, find_loans, is_renaming, lend
from pellucid.ir.liveness import Liveness, liveness, reads_of
from pellucid.ir.ops import (
    Branch,
    Call,
    Const,
    Edge,
    Guard,
    Jump,
    Leaving,
    Op,
    Release,
    Retain,
    Return,
)
from pellucid.ir.values import Value
from pellucid.ir.walk import predecessors, value_order
from pellucid.passes.pass_base import Pass, PassContext


@dataclass(frozen=True)
class CountReferences(Pass):
    """Insert retains, releases and cleanups."""

    name: ClassVar[str] = "ownership"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        if not any(value.typed.is_managed for value in fn.values()):
            return False
        counter = _Counter(fn, ctx.options)
        for block in list(fn.blocks):
            counter.count(block)
        return True


class _Counter:
    """What all blocks need to know: liveness of the function as it was, and who is borrowed."""

    def __init__(self, fn: Function, options: Options) -> None:
        self.fn = fn
        aliases = find_aliases(fn)
        loans = frozenset[Value]()
        if not (options.nogil or options.parallel):  # or another thread may change what is read
            loans = find_loans(fn, aliases)
            lend(fn, loans)
        self.holders = find_holders(fn, aliases | loans)
        self.live: Liveness = liveness(fn, self.holders)
        self.order = value_order(fn)
        self.entries = {block: len(before) for block, before in predecessors(fn).items()}
        self.names = Names(fn)
        self.borrowed = {*fn.entry.params, *aliases, *loans}
        self.borrowed.update(op.out for op in fn.ops() if isinstance(op, Const))

    def is_owned(self, value: Value) -> bool:
        return value.typed.is_managed and value not in self.borrowed

    def sorted(self, values: Iterable[Value]) -> list[Value]:
        """Owned values in definition order, so that equal functions give equal text."""
        return sorted(filter(self.is_owned, set(values)), key=self.order.__getitem__)

    def count(self, block: Block) -> None:
        """Rewrite one block: releases after last uses, retains before takers, cleanups."""
        last_use = self._last_uses(block)
        held = dict.fromkeys(self.sorted([*self.live.live_in[block], *block.params]))
        ops: list[Op] = []
        for value in [v for v in held if v not in last_use]:
            ops.append(Release(value))  # a parameter that nothing reads
            del held[value]
        guarded = block.terminator.call if isinstance(block.terminator, Guard) else None
        for index, op in enumerate(block.ops):
            if op is guarded:
                ops.append(op)  # nothing may stand after it: its ways out say what is released
            else:
                self._count_op(op, index, last_use, held, ops)
        self._count_terminator(block, held, ops)
        block.ops = ops

    def _last_uses(self, block: Block) -> dict[Value, int]:
        """Where each owned value is read last; the terminator's place is after all ops."""
        end = len(block.ops)
        last: dict[Value, int] = dict.fromkeys(self.sorted(self.live.live_out[block]), end)
        for index in range(end, -1, -1):
            op = block.terminator if index == end else block.ops[index]
            for value in reads_of(op, self.holders):
                if self.is_owned(value):
                    last.setdefault(value, index)
        return last

    def _count_op(
        self,
        op: Op,
        index: int,
        last_use: dict[Value, int],
        held: dict[Value, None],
        ops: list[Op],
    ) -> None:
        reads = dict.fromkeys(reads_of(op, self.holders))
        dying = [v for v in reads if last_use.get(v) == index and v in held]
        if is_renaming(op) and op.out not in self.borrowed:
            # The result is the same references under another type: it takes them over.
            if op.value in dying:
                dying.remove(op.value)
                del held[op.value]
            else:
                ops.append(Retain(op.value, span=op.span, inlined_at=op.inlined_at))
        if isinstance(op, Call) and op.effects.may_raise:
            op.cleanup = tuple(held)
        ops.append(op)
        for value in dying:
            ops.append(Release(value, span=op.span, inlined_at=op.inlined_at))
            del held[value]
        if op.result is not None and self.is_owned(op.result):
            if op.result in last_use:
                held[op.result] = None
            else:
                ops.append(Release(op.result, span=op.span, inlined_at=op.inlined_at))

    def _count_terminator(self, block: Block, held: dict[Value, None], ops: list[Op]) -> None:
        terminator = block.terminator
        match terminator:
            case Return(value=value):
                if value.typed.is_managed and value not in held:
                    ops.append(Retain(value, span=terminator.span))
                held.pop(value, None)
                ops.extend(Release(value, span=terminator.span) for value in held)
            case Leaving(handler=None):
                terminator.cleanup = tuple(held)
            case Leaving(handler=edge) if edge is not None:
                self._split(edge, self._edge_ops(edge, held))
            case Guard(call=call, then=then, handler=handler):
                self._split(handler, self._edge_ops(handler, held), is_cold=True)
                if self.is_owned(call.out):
                    held[call.out] = None
                self._split(then, self._edge_ops(then, held))
            case Jump(edge=edge):
                ops.extend(self._edge_ops(edge, held))
            case Branch(then=then, orelse=orelse):
                for edge in (then, orelse):
                    self._split(edge, self._edge_ops(edge, held))
            case _:
                pass  # unreachable: whatever is held is never missed

    def _edge_ops(self, edge: Edge, held: dict[Value, None]) -> list[Op]:
        """What makes the references right that go along this edge."""
        live_in = self.live.live_in[edge.block]
        ops: list[Op] = []
        for value in dict.fromkeys(arg for arg in edge.args if arg.typed.is_managed):
            wanted = edge.args.count(value)
            if value in held:
                wanted += (value in live_in) - 1
            ops.extend(Retain(value) for _ in range(wanted))
        gone = [v for v in held if v not in live_in and v not in edge.args]
        return [*ops, *map(Release, gone)]

    def _split(self, edge: Edge, ops: list[Op], *, is_cold: bool = False) -> None:
        """A block on the edge that runs `ops`, if there are any."""
        if not ops:
            return
        name = self.names.fresh(edge.block.name)
        between = Block(name, is_cold=is_cold or edge.block.is_cold)
        between.ops = ops
        between.terminator = Jump(Edge(edge.block, edge.args))
        self.fn.blocks.insert(self.fn.blocks.index(edge.block), between)
        edge.block, edge.args = between, []
