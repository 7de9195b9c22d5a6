"""The pipeline: which passes run, in which order. This list is the picture of the compiler.

It has stages. Within one, functions are rewritten callees first, so that a function sees what it
calls as the stage leaves it; the next one starts when all are done. So the first stage sees library
calls whole, the second dissolves them, and the last counts references in bodies that stay.
"""

from __future__ import annotations

from collections.abc import Iterable

from pellucid.base.options import verify_ir
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.dominance import find_loops
from pellucid.ir.effects import Effects
from pellucid.ir.function import Function
from pellucid.ir.guards import settle_guards
from pellucid.ir.verifier import verify
from pellucid.ir.walk import effects_of_ops
from pellucid.passes.catch_raises import CatchRaises
from pellucid.passes.dead_code import RemoveDeadCode
from pellucid.passes.dissolve_generators import DissolveGenerators
from pellucid.passes.fold_constants import FoldConstants
from pellucid.passes.forward_parts import ForwardParts
from pellucid.passes.fuse_elementwise import FuseElementwise
from pellucid.passes.hoist_bounds_checks import HoistBoundsChecks
from pellucid.passes.hoist_invariants import HoistInvariants
from pellucid.passes.inline_calls import InlineCalls
from pellucid.passes.interrupts import PollInterrupts
from pellucid.passes.mark_cold import MarkCold
from pellucid.passes.ownership import CountReferences
from pellucid.passes.pack_sums import PackSums
from pellucid.passes.pass_base import Pass, PassContext, callees
from pellucid.passes.prove_checks import ProveChecks
from pellucid.passes.scan_checks import ScanChecks
from pellucid.passes.simplify_control import SimplifyControl
from pellucid.passes.stack_memory import UseStack

STAGES: tuple[tuple[Pass, ...], ...] = (
    (
        FoldConstants(),  # compute what is known; take the known ways of branches
        SimplifyControl(),  # straighten control flow; fewer block parameters
        InlineCalls(only_user=True),  # the user's small functions become part of their callers
        CatchRaises(),  # an exception that is handled here is a jump
        RemoveDeadCode(),  # drop literals that became arguments' types, and what is unused
        HoistInvariants(),  # what bounds of loops are made of stands before them
        HoistBoundsChecks(),  # check indices once before a loop, rather than on every turn
        FuseElementwise(),  # whole-array operations of one block become one loop
    ),
    (
        InlineCalls(),  # small library functions become part of their callers
        CatchRaises(),  # so is one of the library that is handled here
        DissolveGenerators(),  # a generator that one loop takes items from becomes part of it
        FoldConstants(),  # what inlining made known
        ForwardParts(),  # a tuple's parts are what it was made of
        ProveChecks(),  # a check that cannot fail is none
        SimplifyControl(),
        RemoveDeadCode(),
        HoistInvariants(),  # a loop's bound stands before it
    ),
    (
        PollInterrupts(),  # let Ctrl-C stop loops; inner loops run in chunks between polls
        PackSums(),  # test sums for overflow once for a chunk of turns
        ScanChecks(),  # make checks ahead for a chunk of turns, which then runs packed
        UseStack(),  # small memory that does not leave the function needs no heap
        MarkCold(),  # blocks that end in an exception need not be fast
        CountReferences(),  # retain, release and clean up managed values
    ),
)


FOR_SPEED = (
    *(HoistInvariants, HoistBoundsChecks, FuseElementwise, DissolveGenerators, ForwardParts),
    *(ProveChecks, PackSums, ScanChecks, UseStack),
)
"""What user functions do without that are compiled for debuggers: they run as they are written."""


def run_pipeline(
    root: FunctionTarget, ctx: PassContext, others: Iterable[FunctionTarget] = ()
) -> list[FunctionTarget]:
    """Run all passes over `root` and what it calls; the functions that are left, callees first.

    `others` are called beside it: by the entry. Passes may add functions (through the context) and
    leave others without a caller.
    """
    check = verify_ir()
    roots = (root, *others)
    if check:
        for target in reachable(*roots):
            verify(_body(target), "inference")
    for passes in STAGES:
        done: set[FunctionTarget] = set()
        while pending := [t for t in reachable(*roots) if t not in done]:
            for target in pending:
                fn = _body(target)
                is_plain = ctx.options.debug and not fn.is_library
                chosen = [p for p in passes if not (is_plain and isinstance(p, FOR_SPEED))]
                run_passes(chosen, fn, ctx, check=check)
                target.effects = effects_of(fn, ctx) & target.effects
                done.add(target)
    return reachable(*roots)


def effects_of(fn: Function, ctx: PassContext) -> Effects:
    """What a call of `fn` may do."""
    effects = effects_of_ops(fn)
    polls = ctx.options.interrupt and not fn.is_uninterrupted
    if polls and not effects.may_raise and find_loops(fn):
        effects |= Effects.RAISES  # a loop can be interrupted
    return effects


def run_passes(
    passes: Iterable[Pass], fn: Function, ctx: PassContext, *, check: bool = False
) -> None:
    """Run passes over one function in order; with `check`, look at it after each."""
    for each in passes:
        each.run(fn, ctx)
        settle_guards(fn)
        if check:
            verify(fn, each.name)


def reachable(*roots: FunctionTarget) -> list[FunctionTarget]:
    """The functions with a body among `roots` and what these lead to, callees first."""
    order: list[FunctionTarget] = []
    seen: set[FunctionTarget] = set()
    for root in roots:
        if root in seen or root.fn is None:
            continue
        seen.add(root)
        stack = [(root, iter(callees(root.fn)))]
        while stack:
            target, rest = stack[-1]
            for callee in rest:
                if callee not in seen and callee.fn is not None:
                    seen.add(callee)
                    stack.append((callee, iter(callees(callee.fn))))
                    break
            else:
                stack.pop()
                order.append(target)
    return order


def _body(target: FunctionTarget) -> Function:
    assert target.fn is not None, f"{target.name} has no body"
    return target.fn
