"""Calls: a primitive is emitted in place, a function is called and its status looked at."""

from __future__ import annotations

from llvmlite import ir as ll

from pellucid.codegen.abi import Abi
from pellucid.codegen.exceptions import capture_exception, leave_if
from pellucid.codegen.models.model import LlValue, ll_i32
from pellucid.codegen.state import FunctionState
from pellucid.ir.callee import FunctionTarget, Primitive
from pellucid.ir.ops import Call


def emit_call(state: FunctionState, op: Call) -> None:
    """Emit a call with a resolved target."""
    ll_args = [state.value(arg) for arg in op.args]
    match op.target:
        case Primitive() as primitive:
            ll_result = _emit_primitive(state, op, primitive, ll_args)
        case FunctionTarget() as target:
            ll_result = _emit_function_call(state, op, target, ll_args)
        case None:
            message = f"the call of {op.callee} was not resolved"
            raise AssertionError(message)
    state.define(op.out, ll_result)


def _emit_primitive(
    state: FunctionState, op: Call, primitive: Primitive, ll_args: list[LlValue]
) -> LlValue:
    cg = state.cg
    cg.capture_exception = lambda ty, ll_value: capture_exception(cg, ty, ll_value)
    cg.leave_if = lambda ll_condition: leave_if(state, op, ll_condition)
    ll_result = primitive.lower(cg, ll_args)
    if ll_result is None:
        return cg.zero(primitive.sig.ret)
    expected = cg.ll_type(primitive.sig.ret)
    assert ll_result.type == expected, f"{primitive.name} gives {ll_result.type}, not {expected}"
    return ll_result


def _emit_function_call(
    state: FunctionState, op: Call, target: FunctionTarget, ll_args: list[LlValue]
) -> LlValue:
    cg = state.cg
    ll_fn = cg.module.function(target)
    ll_result, ll_status = Abi.of(target).call(cg.builder, ll_fn, cg.ctx, ll_args)
    if ll_status is not None:
        ll_failed = cg.builder.icmp_signed("!=", ll_status, ll.Constant(ll_i32, 0))
        leave_if(state, op, ll_failed)
    return ll_result
