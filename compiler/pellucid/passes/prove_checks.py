"""Remove checks that cannot fail: a divisor that is bounded away from zero needs no test.

    v: float64 = call add(one, u)                     (u is 0 or more)
    bad: bool = call "compare=="(v, zero)       ->    v: float64 = call add(one, u)
    branch bad, raise, go_on                          jump go_on
    go_on:                                            go_on:
      q: float64 = call div(x, v)                       q: float64 = call div(x, v)

A check is a branch of which one way raises at once. Where the bounds of what it compares decide it
(passes/value_ranges.py), it becomes a jump, and LLVM may pack the loop around it.

Needs:   typed IR after inlining.
Keeps:   results and exceptions.
Refuses: checks of what a loop carries from turn to turn, or of what memory holds.
Reports: `zero-check-removed` and `zero-check-kept` of divisions, `check-removed` of other checks;
         what is kept, in innermost loops of users' functions only, once for each place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pellucid.ir.dominance import Dominators, find_loops
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Call, Edge, Jump, Raise
from pellucid.ir.walk import reverse_postorder
from pellucid.passes.bounds import Bounds, constant
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.passes.places import users_place
from pellucid.passes.same_values import library_name
from pellucid.passes.value_ranges import ValueRanges
from pellucid.types import ExceptionClass, ExceptionInstance

DIVISION = "builtins.ZeroDivisionError"
INEXACT = frozenset({"fast", "reassoc", "contract", "arcp", "afn"})


@dataclass(frozen=True)
class ProveChecks(Pass):
    """Turn checks whose outcome is known into jumps."""

    name: ClassVar[str] = "prove-checks"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        checks = list(find_checks(fn))
        if not checks:
            return False
        dominators = Dominators(fn)
        checks = [check for check in checks if dominators.is_reachable(check.block)]
        ranges = ValueRanges(fn, dominators, is_exact=not fn.has_fastmath(INEXACT))
        proven = [c for c in checks if ranges.decide(c.end.cond, c.block) is c.passes]
        _report(fn, checks, proven, ranges, ctx, dominators)
        for check in proven:
            end = check.end
            check.block.terminator = Jump(check.rest, span=end.span, inlined_at=end.inlined_at)
        if proven:
            fn.blocks[:] = reverse_postorder(fn)
        return bool(proven)


@dataclass(frozen=True, eq=False)
class Check:
    """`block` ends with the branch `end`: to `rest` if its condition is `passes`, or it raises."""

    block: Block
    end: Branch
    rest: Edge
    passes: bool
    exception: str


def find_checks(fn: Function) -> list[Check]:
    """The branches of `fn` of which one way raises at once."""
    found: list[Check] = []
    for block in fn.blocks:
        end = block.terminator
        if isinstance(end, Branch):
            then, orelse = _raised(end.then.block), _raised(end.orelse.block)
            if then and not orelse:
                found.append(Check(block, end, end.orelse, False, then))
            elif orelse and not then:
                found.append(Check(block, end, end.then, True, orelse))
    return found


def _raised(block: Block) -> str:
    """The exception that a block raises; empty if it goes on."""
    if not isinstance(block.terminator, Raise):
        return ""
    ty = block.terminator.value.ty
    if isinstance(ty, ExceptionInstance):
        return ty.cls.path
    return ty.path if isinstance(ty, ExceptionClass) else ""


def _report(
    fn: Function,
    checks: list[Check],
    proven: list[Check],
    ranges: ValueRanges,
    ctx: PassContext,
    dominators: Dominators,
) -> None:
    if fn.is_library:
        return
    inner = {b for loop in find_loops(fn, dominators) if loop.is_innermost for b in loop.blocks}
    removed = {users_place(check.end) for check in proven}
    said: set[object] = set()
    for check in checks:
        place = users_place(check.end)
        is_removed, is_division = check in proven, check.exception == DIVISION
        if place in said or (not is_removed and place in removed):
            continue  # of a loop in several versions, the best is told
        if is_removed or (is_division and check.block in inner):
            said.add(place)
            _tell(fn, check, ranges, ctx, is_removed=is_removed)


def _tell(
    fn: Function, check: Check, ranges: ValueRanges, ctx: PassContext, *, is_removed: bool
) -> None:
    span, _ = users_place(check.end)
    bounds = _divisor(check, ranges)
    if is_removed and check.exception == DIVISION:
        message = "the divisor is not zero: it is tested before"
        if bounds is not None and not bounds.low <= 0 <= bounds.high:
            message = f"the divisor is not zero: it is {bounds}"
        ctx.report("zero-check-removed", fn, span, message)
    elif is_removed:
        ctx.report("check-removed", fn, span, "the check cannot fail")
    else:
        known = "" if bounds is None else f": as far as is known, it is {bounds}"
        message, reason = "each turn tests the divisor", f"the divisor may be zero{known}"
        ctx.report("zero-check-kept", fn, span, message, reason=reason)


def _divisor(check: Check, ranges: ValueRanges) -> Bounds | None:
    """The bounds of what is compared with zero, where they say anything."""
    op = ranges.same.definitions.get(check.end.cond)
    if not isinstance(op, Call) or not library_name(op).startswith("compare"):
        return None
    lhs, rhs = (ranges.find(arg, check.block) for arg in op.args)
    if rhs != constant(0.0):
        return None
    return None if str(lhs) == str(Bounds()) else lhs
