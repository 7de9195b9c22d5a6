"""A raise that is caught in the same function becomes a jump.

    body:                                         body:
      e = call "exception[ValueError]"()            jump rest
      raise e to handler
    handler:                                ->
      matches = call exception_matches(Exception)
      branch matches, caught, uncaught
    caught:
      t = call exception_drop()
      ...                                         rest:
                                                    ...

Needs:   typed IR before references are counted.
Keeps:   what the handler computes before it drops the exception is copied to the raise.
Refuses: an exception that something looks at: it is taken up, chained, raised again, or leaves.
Reports: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pellucid.ir.builder import Names
from pellucid.ir.callee import Primitive
from pellucid.ir.clone import clone_op
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Call, Const, Convert, Edge, Jump, Op, Raise, Ref
from pellucid.ir.protocol import EXCEPTION_DROP, EXCEPTION_MATCHES
from pellucid.ir.repair import repair
from pellucid.ir.values import Value
from pellucid.ir.walk import reverse_postorder
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.types import ExceptionClass, ExceptionInstance, Tuple, Type

_MOST_OPS = 16


@dataclass(frozen=True)
class CatchRaises(Pass):
    """Jump from raises to what handles them."""

    name: ClassVar[str] = "catch-raises"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        changed = False
        for block in list(fn.blocks):
            end = block.terminator
            if isinstance(end, Raise) and end.handler is not None:
                way = _follow(end, end.handler)
                if way is not None:
                    _jump(fn, block, end, end.handler, way)
                    changed = True
        if changed:
            reached = set(reverse_postorder(fn))
            fn.blocks[:] = [block for block in fn.blocks if block in reached]
        return changed


@dataclass
class _Way:
    """From a raise to where its exception is dropped: the blocks, and each one's ops on the way.

    `args` are those of the edge to each block after the first.
    """

    blocks: list[Block] = field(default_factory=list[Block])
    ops: list[list[Op]] = field(default_factory=list[list[Op]])
    args: list[list[Value]] = field(default_factory=list[list[Value]])
    matches: dict[Value, bool] = field(default_factory=dict[Value, bool])

    @property
    def size(self) -> int:
        return sum(map(len, self.ops))


def _follow(end: Raise, edge: Edge) -> _Way | None:
    """The way that an exception goes which only its class decides; None if there is more to it."""
    cls = _class_of(end.value.typed)
    if cls is None:
        return None
    way = _Way()
    block = edge.block
    while block not in way.blocks and way.size <= _MOST_OPS:
        ops: list[Op] = []
        way.blocks.append(block)
        way.ops.append(ops)
        for op in block.ops:
            if _path(op) == EXCEPTION_DROP.path:
                return way
            if isinstance(op, Call) and _path(op) == EXCEPTION_MATCHES.path:
                is_matched = _matches(cls, op.args[0].typed)
                if is_matched is None:
                    return None
                way.matches[op.out] = is_matched
            elif not _only_computes(op):
                return None
            ops.append(op)
        match block.terminator:
            case Jump(edge=after):
                pass
            case Branch(cond=cond, then=then, orelse=orelse) if cond in way.matches:
                after = then if way.matches[cond] else orelse
            case _:
                return None
        way.args.append(after.args)
        block = after.block
    return None


def _jump(fn: Function, block: Block, end: Raise, edge: Edge, way: _Way) -> None:
    """Go from `block` to what comes after the exception was dropped."""
    names = Names(fn)
    last = way.blocks[-1]
    rest = Block(names.fresh(last.name), is_cold=last.is_cold)
    start = len(way.ops[-1]) + 1
    rest.ops, rest.terminator = last.ops[start:], last.terminator
    del last.ops[start:]
    last.terminator = Jump(Edge(rest), span=end.span, inlined_at=end.inlined_at)
    between = Block(names.fresh(last.name), is_cold=block.is_cold)
    first = way.blocks[0]
    values = {param: Value(names.fresh(param.name), param.ty) for param in first.params}
    between.params = list(values.values())
    for index, (each, ops) in enumerate(zip(way.blocks, way.ops, strict=True)):
        if index > 0:
            args = [values.get(arg, arg) for arg in way.args[index - 1]]
            values.update(zip(each.params, args, strict=True))
        for op in ops:
            if op.result is None:
                continue
            values[op.result] = Value(names.fresh(op.result.name), op.result.ty)
            if op.result in way.matches:
                made = values[op.result]
                between.ops.append(Const(made, way.matches[op.result], span=op.span))
            else:
                between.ops.append(clone_op(op, values, {}))
    between.terminator = Jump(Edge(rest), span=end.span, inlined_at=end.inlined_at)
    block.terminator = Jump(
        Edge(between, list(edge.args)), span=end.span, inlined_at=end.inlined_at
    )
    position = fn.blocks.index(last) + 1
    fn.blocks[position:position] = [between, rest]
    reached = set(reverse_postorder(fn))
    fn.blocks[:] = [kept for kept in fn.blocks if kept in reached]
    used = {value for op in fn.ops() for value in op.operands()}
    copies = {value: {between: made} for value, made in values.items() if value in used}
    repair(fn, copies, names)


def _class_of(ty: Type) -> ExceptionClass | None:
    match ty:
        case ExceptionClass():
            return ty
        case ExceptionInstance(cls=cls):
            return cls
        case _:
            return None


def _matches(cls: ExceptionClass, classes: Type) -> bool | None:
    """Whether an `except` clause of these classes catches one; None if that is not known."""
    if isinstance(classes, Tuple):
        found = [_matches(cls, elem) for elem in classes.elems]
        return None if None in found else any(found)
    if not isinstance(classes, ExceptionClass):
        return None
    return issubclass(cls.pyobj, classes.pyobj)


def _path(op: Op) -> str:
    return op.callee.path if isinstance(op, Call) and isinstance(op.callee, Ref) else ""


def _only_computes(op: Op) -> bool:
    if isinstance(op, Call):
        return isinstance(op.target, Primitive) and op.effects == Effects.PURE
    return isinstance(op, (Const, Convert))
