"""The pipeline: which passes run, in which order. This list is the picture of the compiler.

Functions are optimised callees first, so that what is inlined is optimised already. References are
counted when all functions are done, since inlining needs bodies without counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from pellucid.base.options import verify_ir
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.function import Function
from pellucid.ir.verifier import verify
from pellucid.passes.ownership import CountReferences
from pellucid.passes.pass_base import Pass, PassContext, callees

OPTIMISE: tuple[Pass, ...] = ()

FINISH: tuple[Pass, ...] = (
    CountReferences(),  # retain, release and clean up managed values
)


def run_pipeline(root: FunctionTarget, ctx: PassContext) -> list[FunctionTarget]:
    """Run all passes over `root` and what it calls; the functions that are left, callees first.

    Passes may add functions (through the context) and leave others without a caller.
    """
    done: set[FunctionTarget] = set()
    while pending := [t for t in reachable(root) if t not in done]:
        for target in pending:
            run_passes(OPTIMISE, _body(target), ctx)
            done.add(target)
    targets = reachable(root)
    for target in targets:
        run_passes(FINISH, _body(target), ctx)
    return targets


def run_passes(passes: Iterable[Pass], fn: Function, ctx: PassContext) -> None:
    """Run passes over one function in order; with PELLUCID_VERIFY=1, check it after each."""
    check = verify_ir()
    if check:
        verify(fn, "inference")
    for each in passes:
        each.run(fn, ctx)
        if check:
            verify(fn, each.name)


def reachable(root: FunctionTarget) -> list[FunctionTarget]:
    """`root` and the functions with a body that it leads to, callees first."""
    order: list[FunctionTarget] = []
    seen = {root}
    stack = [(root, iter(callees(_body(root))))]
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
