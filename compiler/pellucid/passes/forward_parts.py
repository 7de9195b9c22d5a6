"""See through tuples and records: use what was put in, rather than take it out again.

    t: UniTuple(int64, 2) = call tuple(i, j)
    k: int64 = call item0(t)                       ->    (every use of k is a use of i)

What the tuple held it still holds; if nothing else uses it, dead-code removal drops it. Loops over
`enumerate` and `zip` become loops that count, and indices become plain numbers.

Needs:   typed IR after inlining, before references are counted.
Keeps:   everything.
Refuses: a part whose type differs from what was put in (it was converted on the way).
Reports: nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pellucid.ir.callee import Part, Primitive
from pellucid.ir.function import Function
from pellucid.ir.ops import Call
from pellucid.ir.values import Value
from pellucid.ir.walk import reverse_postorder
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.passes.simplify_control import substitute

Parts = dict[Value, list[Value | None]]


@dataclass(frozen=True)
class ForwardParts(Pass):
    """Replace parts of aggregates by the values that they were made of."""

    name: ClassVar[str] = "forward-parts"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        parts: Parts = {}
        replaced: dict[Value, Value] = {}
        for block in reverse_postorder(fn):
            for op in block.ops:
                if isinstance(op, Call) and isinstance(op.target, Primitive):
                    _look_at(op, op.target, parts, replaced)
        substitute(fn, replaced)
        return bool(replaced)


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
