"""Compute what is known, and take the way that is known.

    c = const 3                       c = const 3
    d = const 4                       d = const 4
    e = call add(c, d)                e = const 7
    f = call "compare<"(e, c)    ->   f = const False
    branch f, a, b                    jump b

Needs:   typed IR.
Keeps:   results bit for bit: only integers and booleans are computed here (LLVM folds floats by
         its own rules, which know the options for fast mathematics).
Refuses: calls that may do anything but compute.
Reports: nothing.

A primitive that gives its operand back under the same type is replaced by the operand. Blocks that
nothing leads to any more are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.function import Function
from pellucid.ir.interp_values import convert, wrap
from pellucid.ir.ops import Branch, Call, Const, Convert, Jump, Op
from pellucid.ir.values import Value
from pellucid.ir.walk import reverse_postorder
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.passes.simplify_control import substitute
from pellucid.types import Boolean, Integer, Type


@dataclass(frozen=True)
class FoldConstants(Pass):
    """Evaluate calls and conversions of integer constants, and branches on known booleans."""

    name: ClassVar[str] = "fold-constants"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        known: dict[Value, Any] = {}  # Any: an int or bool
        replaced: dict[Value, Value] = {}
        changed = is_cut = False
        for block in reverse_postorder(fn):
            for index, op in enumerate(block.ops):
                op.map_operands(replaced)
                if isinstance(op, Call) and _is_identity(op):
                    replaced[op.out] = op.args[0]
                    continue
                folded = _fold(op, known)
                if folded is not None:
                    block.ops[index] = folded
                    changed = True
            end = block.terminator
            if isinstance(end, Branch):
                cond = replaced.get(end.cond, end.cond)
                if cond in known:
                    edge = end.then if known[cond] else end.orelse
                    block.terminator = Jump(edge, span=end.span, inlined_at=end.inlined_at)
                    changed = is_cut = True
        if is_cut:
            fn.blocks[:] = reverse_postorder(fn)
        substitute(fn, replaced)
        return changed or bool(replaced)


def _fold(op: Op, known: dict[Value, Any]) -> Const | None:
    """The constant that `op` is, if it is one; notes constants in `known`."""
    match op:
        case Const(out=out, value=value):
            if _is_exact(out.typed) and isinstance(value, (int, bool)):
                known[out] = value
            return None
        case Convert(out=out, value=value) if value in known and _is_exact(out.typed):
            result = convert(known[value], value.typed, out.typed)
        case Call(out=out, target=Primitive() as primitive) if _is_computable(primitive):
            if any(arg not in known for arg in op.args):
                return None
            result = wrap(primitive.run(*(known[arg] for arg in op.args)), out.typed)
        case _:
            return None
    known[out] = result
    return Const(out, result, span=op.span, inlined_at=op.inlined_at)


def _is_identity(op: Call) -> bool:
    if not isinstance(op.target, Primitive):
        return False
    return op.target.name == "convert" and op.target.sig.params == (op.out.ty,)


def _is_computable(primitive: Primitive) -> bool:
    tys = (primitive.sig.ret, *primitive.sig.params)
    return primitive.effects == Effects.PURE and len(tys) > 1 and all(map(_is_exact, tys))


def _is_exact(ty: Type) -> bool:
    return isinstance(ty, (Integer, Boolean))
