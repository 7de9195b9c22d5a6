"""Functions in object mode (`forceobj=True`): how one is made ready to be compiled."""

from __future__ import annotations

from dataclasses import replace

from pellucid.frontend.lifting import plan_function
from pellucid.frontend.object_function import build_object_function
from pellucid.ir.function import Function
from pellucid.runtime.lifted import LiftedLoop
from pellucid.runtime.specialisation import Compiler, CompileRequest
from pellucid.types import pyobject


def inspected_function(request: CompileRequest) -> Function:
    """The same IR, to be looked at and not run."""
    plan = plan_function(request.pyfunc, lifts=request.options.looplift)
    return build_object_function(plan, plan.make(plan.loops))


def describe_variables(request: CompileRequest) -> str:
    """The variables of a function in object mode, and its lifted loops."""
    plan = plan_function(request.pyfunc, lifts=request.options.looplift)
    code = plan.pyfunc.__code__
    names = dict.fromkeys((*code.co_varnames, *code.co_cellvars, *code.co_freevars))
    lines = [f"{name}: {pyobject}" for name in names]
    for loop in plan.loops:
        inner = loop.__code__
        inputs = ", ".join(inner.co_varnames[: inner.co_argcount])
        lines.append(f"lifted loop at line {inner.co_firstlineno}, of ({inputs})")
    return "\n".join(lines) + "\n"


def object_function(
    request: CompileRequest, compiler: Compiler
) -> tuple[Function, tuple[LiftedLoop, ...]]:
    """The untyped IR of a function for the interpreter, and the loops that it calls."""
    plan = plan_function(request.pyfunc, lifts=request.options.looplift)
    inner = replace(request.options, forceobj=False)
    lifted = tuple(LiftedLoop(loop, compiler, inner) for loop in plan.loops)
    made = plan.make([loop.choose for loop in lifted])
    return build_object_function(plan, made), lifted
