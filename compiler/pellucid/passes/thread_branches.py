"""Go where a branch leads at once, from every place that knows.

    body:                                     body:
      jump head(true, x)                        jump then(x)
    other:                              ->    other:
      jump head(false, y)                       jump orelse(y)
    head(flag: bool, v: int64):
      branch flag, then(v), orelse(v)

Needs:   typed IR before references are counted.
Keeps:   everything; ops of the block that goes are copied to the ways that led to it.
Refuses: a block of which some way in does not know, or that does more than compute.
"""

from __future__ import annotations

from typing import Any

from pellucid.ir.builder import Names
from pellucid.ir.callee import Primitive
from pellucid.ir.clone import clone_op
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.interp_values import wrap
from pellucid.ir.ops import Branch, Call, Const, Convert, Edge, Jump, Op
from pellucid.ir.repair import repair
from pellucid.ir.values import Value
from pellucid.ir.walk import definitions, reverse_postorder
from pellucid.types import Boolean, Integer

_MOST_OPS = 12


def thread_branches(fn: Function) -> bool:
    """Thread each branch that every way to it decides; tell whether there was any."""
    changed = False
    for block in list(fn.blocks):
        if block in fn.blocks:
            changed |= _thread(fn, block)
    return changed


def merge_constants(fn: Function) -> bool:
    """A block's parameter that gets one constant on every way is that constant."""
    found = definitions(fn)
    edges = _edges_by_block(fn)
    changed = False
    for block in fn.blocks:
        for index in range(len(block.params) - 1, -1, -1):
            param = block.params[index]
            sources = [found.get(edge.args[index]) for _, edge in edges[block]]
            first = sources[0] if sources and block is not fn.entry else None
            if not isinstance(first, Const) or not isinstance(param.typed, (Boolean, Integer)):
                continue
            if all(isinstance(s, Const) and s.value == first.value for s in sources):
                del block.params[index]
                for _, edge in edges[block]:
                    del edge.args[index]
                block.ops.insert(0, Const(param, first.value, span=first.span))
                found[param] = block.ops[0]
                changed = True
    return changed


def _edges_by_block(fn: Function) -> dict[Block, list[tuple[Block, Edge]]]:
    edges: dict[Block, list[tuple[Block, Edge]]] = {block: [] for block in fn.blocks}
    for block in fn.blocks:
        for edge in block.terminator.edges():
            edges[edge.block].append((block, edge))
    return edges


def _thread(fn: Function, block: Block) -> bool:
    end = block.terminator
    if block is fn.entry or not _is_copied(block) or not isinstance(end, (Branch, Jump)):
        return False
    if isinstance(end, Jump) and block.ops and not _leads_to_branch(block, end):
        return False
    edges = _edges_by_block(fn)[block]
    if len(edges) < 2 or any(source is block for source, _ in edges):
        return False
    known = _Known(fn)
    ways: list[Edge] = []
    for _, edge in edges:
        way = known.decide(block, end, edge)
        if way is None:
            return False
        ways.append(way)
    names = Names(fn)
    copies: dict[Value, dict[Block, Value]] = {}
    own = [*block.params, *(op.result for op in block.ops if op.result is not None)]
    position = fn.blocks.index(block)
    made: list[Block] = []
    for (_, edge), way in zip(edges, ways, strict=True):
        # What is given to the copy is read before it: it may be of the block's previous turn.
        before = Block(names.fresh(block.name), is_cold=block.is_cold)
        between = Block(names.fresh(block.name), is_cold=block.is_cold)
        values = {param: Value(names.fresh(param.name), param.ty) for param in block.params}
        between.params = list(values.values())
        before.terminator = Jump(Edge(between, edge.args))
        for op in block.ops:
            if op.result is not None:
                values[op.result] = Value(names.fresh(op.result.name), op.result.ty)
        between.ops = [clone_op(op, values, {}) for op in block.ops]
        args = [values.get(arg, arg) for arg in way.args]
        between.terminator = Jump(Edge(way.block, args), span=end.span, inlined_at=end.inlined_at)
        for value in own:
            copies.setdefault(value, {})[between] = values[value]
        edge.block, edge.args = before, []
        made += [before, between]
    fn.blocks[position : position + 1] = made
    reached = set(reverse_postorder(fn))  # a way that nobody takes is none
    fn.blocks[:] = [kept for kept in fn.blocks if kept in reached]
    used = {value for op in fn.ops() for value in op.operands()}
    repair(fn, {value: where for value, where in copies.items() if value in used}, names)
    return True


def _leads_to_branch(block: Block, end: Jump) -> bool:
    """Whether a block only stands between its ways in and a branch that may be threaded."""
    after = end.edge.block
    return after is not block and isinstance(after.terminator, Branch) and _is_copied(after)


def _is_copied(block: Block) -> bool:
    """Whether the block only computes, and little."""
    return len(block.ops) <= _MOST_OPS and all(
        isinstance(op, (Const, Convert))
        or (isinstance(op, Call) and isinstance(op.target, Primitive) and not op.effects)
        for op in block.ops
    )


class _Known:
    """What is known of values by their definitions.

    A value that a jump gave to a parameter was computed before the jump: where that was a turn of a
    loop earlier, the same names stand for other values. So a value is looked at in a *place*: 0 is
    the branch, which the jump out of the block leads to; 1 the block; 2 the way that leads to it.
    """

    def __init__(self, fn: Function) -> None:
        self._found = definitions(fn)
        self._given: tuple[dict[Value, Value], ...] = ()  # to the parameters of 0 and 1

    def decide(self, block: Block, end: Branch | Jump, edge: Edge) -> Edge | None:
        """Where those go on who come to `block` on `edge`; None if that is not known.

        Of a jump to a branch: None if it is not known where the branch leads.
        """
        if isinstance(end, Jump) and not block.ops:
            return end.edge  # two loops, the inner one of which begins at once, become one
        after: dict[Value, Value] = {}
        branch = end
        if isinstance(end, Jump):
            after = dict(zip(end.edge.block.params, end.edge.args, strict=True))
            branch = end.edge.block.terminator
        if not isinstance(branch, Branch):
            return None
        self._given = after, dict(zip(block.params, edge.args, strict=True))
        found = self._value(branch.cond, 0, 0)
        if found is None:
            return None
        if isinstance(end, Jump):
            return end.edge
        return branch.then if found else branch.orelse

    def _value(self, value: Value, place: int, depth: int) -> Any:
        value, place = self._whole(value, place, depth)
        op = self._found.get(value)
        if isinstance(op, Const) and isinstance(op.value, (bool, int)):
            return op.value
        if depth > _MOST_OPS or not isinstance(op, Call) or not isinstance(op.target, Primitive):
            return None
        if not _is_computable(op):
            return None
        args = [self._value(arg, place, depth + 1) for arg in op.args]
        if any(arg is None for arg in args):
            return None
        return wrap(op.target.run(*args), op.out.typed)

    def _whole(self, value: Value, place: int, depth: int) -> tuple[Value, int]:
        """The value that a parameter was given, or that was put where a part is taken from."""
        for at in range(place, len(self._given)):
            if value in self._given[at]:
                value, place = self._given[at][value], at + 1
        op = self._found.get(value)
        part = op.target.part if isinstance(op, Call) and isinstance(op.target, Primitive) else None
        if part is None or depth > _MOST_OPS:
            return value, place
        assert isinstance(op, Call)
        source, at = self._whole(op.args[part.arg], place, depth + 1)
        if part.index is None:
            return source, at
        made = self._found.get(source)
        target = made.target if isinstance(made, Call) else None
        if not isinstance(made, Call) or not isinstance(target, Primitive) or target.parts is None:
            return value, place
        inner = target.parts[part.index]
        if inner.index is not None:
            return value, place
        return self._whole(made.args[inner.arg], at, depth + 1)


def _is_computable(op: Op) -> bool:
    assert isinstance(op, Call)
    tys = [op.out.typed, *(arg.typed for arg in op.args)]
    return op.effects == Effects.PURE and all(isinstance(t, (Boolean, Integer)) for t in tys)
