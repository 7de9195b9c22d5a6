"""Functions in object mode (`forceobj=True`): how one is made ready to be compiled."""

from __future__ import annotations

from dataclasses import replace

from pellucid.frontend.lifting import plan_function
from pellucid.frontend.object_function import build_object_function
from pellucid.ir.function import Function
from pellucid.runtime.lifted import LiftedLoop
from pellucid.runtime.specialisation import Compiler, CompileRequest


def inspected_function(request: CompileRequest) -> Function:
    """The same IR, to be looked at and not run."""
    plan = plan_function(request.pyfunc, lifts=request.options.looplift)
    return build_object_function(plan, plan.make(plan.loops))


def object_function(
    request: CompileRequest, compiler: Compiler
) -> tuple[Function, tuple[LiftedLoop, ...]]:
    """The untyped IR of a function for the interpreter, and the loops that it calls."""
    plan = plan_function(request.pyfunc, lifts=request.options.looplift)
    inner = replace(request.options, forceobj=False)
    lifted = tuple(LiftedLoop(loop, compiler, inner) for loop in plan.loops)
    made = plan.make([loop.choose for loop in lifted])
    return build_object_function(plan, made), lifted
