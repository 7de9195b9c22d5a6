"""See through tuples and records: use what was put in, rather than take it out again.

    t: UniTuple(int64, 2) = call tuple(i, j)
    k: int64 = call item0(t)                       ->    (every use of k is a use of i)

What the tuple held it still holds; if nothing else uses it, dead-code removal drops it. Loops over
`enumerate` and `zip` become loops that count, and indices become plain numbers. A block's parameter
that is made on every way, and only taken apart, becomes one for each part.

Needs:   typed IR after inlining, before references are counted.
Keeps:   everything.
Refuses: a part whose type differs from what was put in (it was converted on the way).
Reports: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pellucid.ir.builder import Names
from pellucid.ir.callee import Part, Primitive
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Call, Edge, Jump, Op
from pellucid.ir.values import Value
from pellucid.ir.walk import definitions, reverse_postorder
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.passes.simplify_control import substitute
from pellucid.types import Struct, Tuple, Type

Parts = dict[Value, list[Value | None]]


@dataclass(frozen=True)
class ForwardParts(Pass):
    """Replace parts of aggregates by the values that they were made of."""

    name: ClassVar[str] = "forward-parts"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        changed = False
        while _split_parameters(fn):
            changed = True
        parts: Parts = {}
        replaced: dict[Value, Value] = {}
        for block in reverse_postorder(fn):
            for op in block.ops:
                if isinstance(op, Call) and isinstance(op.target, Primitive):
                    _look_at(op, op.target, parts, replaced)
        substitute(fn, replaced)
        return changed or bool(replaced)


def _look_at(op: Call, target: Primitive, parts: Parts, replaced: dict[Value, Value]) -> None:
    if target.parts is not None:
        parts[op.out] = [_find(part, op, parts, replaced) for part in target.parts]
    elif target.part is not None:
        found = _find(target.part, op, parts, replaced)
        if found is not None and found.ty == op.out.ty:
            replaced[op.out] = found


def _find(part: Part, op: Call, parts: Parts, replaced: dict[Value, Value]) -> Value | None:
    """The value that a part is, as far as it is known."""
    value = op.args[part.arg]
    value = replaced.get(value, value)
    if part.index is None:
        return value
    known = parts.get(value)
    return None if known is None else known[part.index]


# Parameters -------------------------------------------------------------------------------------


def _split_parameters(fn: Function) -> bool:
    """Split what can be, but for what is a part of another; tell whether there was any."""
    params = [
        (block, param)
        for block in fn.blocks
        for param in block.params
        if isinstance(param.ty, (Struct, Tuple)) and block is not fn.entry
    ]
    if not params:
        return False
    made, edges = definitions(fn), _edges_by_block(fn)
    users = _users(fn, {param for _, param in params})
    names = Names(fn)
    replaced: dict[Value, Value] = {}
    is_any = False
    for block, param in params:
        index = block.params.index(param)
        sources = [edge.args[index] for edge in edges[block]]
        tys = _parts_of([made.get(source) for source in sources if source is not param])
        if tys is None or not _is_taken_apart(param, users[param], tys, block, index):
            continue
        own = [Value(names.fresh(param.name), ty) for ty in tys]
        for edge, source in zip(edges[block], sources, strict=True):
            parts = own if source is param else _arguments(made.get(source))
            edge.args[index : index + 1] = parts
        block.params[index : index + 1] = own
        is_any = True
        for op in users[param]:
            if isinstance(op, Call) and isinstance(op.target, Primitive) and op.target.part:
                replaced[op.out] = own[op.target.part.index or 0]
    for block in fn.blocks:
        block.ops = [op for op in block.ops if op.result not in replaced]
    substitute(fn, replaced)
    return is_any


def _edges_by_block(fn: Function) -> dict[Block, list[Edge]]:
    edges: dict[Block, list[Edge]] = {block: [] for block in fn.blocks}
    for block in fn.blocks:
        for edge in block.terminator.edges():
            edges[edge.block].append(edge)
    return edges


def _users(fn: Function, wanted: set[Value]) -> dict[Value, list[Op]]:
    users: dict[Value, list[Op]] = {value: [] for value in wanted}
    for op in fn.ops():
        for value in op.operands():
            if value in wanted:
                users[value].append(op)
    return users


def _parts_of(makers: list[object]) -> list[Type] | None:
    """The types of the parts, where all are made of the same; None otherwise."""
    found: list[list[Type]] = []
    for maker in makers:
        target = maker.target if isinstance(maker, Call) else None
        if not isinstance(target, Primitive) or target.parts is None:
            return None
        if any(part.index is not None for part in target.parts):
            return None
        found.append([value.typed for value in _arguments(maker)])
    return found[0] if found and all(tys == found[0] for tys in found) else None


def _arguments(maker: object) -> list[Value]:
    assert isinstance(maker, Call)
    assert isinstance(maker.target, Primitive)
    return [maker.args[part.arg] for part in maker.target.parts or ()]


def _is_taken_apart(
    param: Value, users: list[Op], tys: list[Type], block: Block, index: int
) -> bool:
    """Whether a parameter is used for its parts only, or passed to itself."""
    for op in users:
        if isinstance(op, Call):
            part = op.target.part if isinstance(op.target, Primitive) else None
            if part is None or part.index is None or op.args[part.arg] is not param:
                return False
            if op.args.count(param) > 1 or op.out.ty != tys[part.index]:
                return False
        elif isinstance(op, (Branch, Jump)):
            for edge in op.edges():
                others = [i for i, arg in enumerate(edge.args) if arg is param]
                if others and (edge.block is not block or others != [index]):
                    return False
            if isinstance(op, Branch) and op.cond is param:
                return False
        else:
            return False
    return True
