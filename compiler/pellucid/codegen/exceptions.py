"""Raising, and the error exits of calls: out of the function, or to a handler.

A raise puts a descriptor and the exception's run-time arguments (`payload.py`) into the context;
each user function that the error leaves adds a frame there. Descriptors and frames are constants
(`models/context.py`), so that errors cost a normal run nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.base.spans import NO_SPAN, Span
from pellucid.codegen import cold
from pellucid.codegen.control import pass_arguments
from pellucid.codegen.lowering import Lowering
from pellucid.codegen.models import context
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import (
    LlValue,
    extract,
    ll_i8,
    ll_i32,
    ll_i64,
    ll_ptr,
    ll_void,
    offset_address,
)
from pellucid.codegen.objects import Objects
from pellucid.codegen.payload import class_key, class_numbers, describe
from pellucid.codegen.payload_code import store_arguments
from pellucid.codegen.state import FunctionState
from pellucid.ir.ops import Call, Edge, Guard, Op, Raise, Reraise
from pellucid.ir.values import Value
from pellucid.types import ExceptionClass, ExceptionInstance, Type

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

_LIBRARY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "library", "")
_NULL = ll.Constant(ll_ptr, None)


def emit_raise(state: FunctionState, op: Raise) -> None:
    """Leave by an exception."""
    value = op.value
    record_exception(state.cg, value.typed, state.value(value), op.span, _frame(state, op))
    _leave(state, op.cleanup, op.handler)


def emit_reraise(state: FunctionState, op: Reraise) -> None:
    """Leave by the exception that is in the context already."""
    if op.is_raise:
        _push_frame(state, op)
    _leave(state, op.cleanup, op.handler)


def record_exception(
    cg: Lowering, ty: Type, ll_exception: LlValue, span: Span, ll_frame: LlValue = _NULL
) -> None:
    """Put an exception into the context, which holds none."""
    if isinstance(ty, ExceptionClass):
        ty = ExceptionInstance(ty, ())
    assert isinstance(ty, ExceptionInstance), f"{ty} is not an exception"
    described = describe(ty.kept, span)
    if described is None:
        ll_functions = store_arguments(cg, ty, ll_exception, span)
        _record(cg, ty.cls, ty.template, "", ll_frame, ll_functions)
        return
    items, stored = described
    for path, scalar_ty, offset in stored:
        ll_arg = ll_exception
        for index in path:
            ll_arg = extract(cg.builder, ll_arg, index)
        address = offset_address(cg.builder, cg.ctx, context.PAYLOAD + offset)
        model_of(scalar_ty).store(cg.builder, ll_arg, address, cg.module.tags.context)
    _record(cg, ty.cls, ty.template, items, ll_frame)


def capture_exception(cg: Lowering, ty: Type, ll_exception: LlValue) -> LlValue:
    """The block of a new exception; what the context holds stays."""
    ll_room = Objects(cg.module, cg.builder).stack(context.FRAMES, ll_i8, context.ALIGNMENT)
    for offset in range(0, context.PAYLOAD, 8):
        ll_word = offset_address(cg.builder, ll_room, offset)
        cg.builder.store(ll.Constant(ll_i64, 0), ll_word, align=8)
    ll_ctx, cg.ctx = cg.ctx, ll_room
    record_exception(cg, ty, ll_exception, NO_SPAN)
    cg.ctx = ll_ctx
    ll_take = cg.declare(context.TAKE, ll.FunctionType(ll_ptr, [ll_ptr]))
    ll_block = cg.builder.call(ll_take, [ll_room])
    ll_drop = cg.declare(context.DROP, ll.FunctionType(ll_void, [ll_ptr]))
    cg.builder.call(ll_drop, [ll_room])
    return ll_block


def leave_if(state: FunctionState, op: Call, ll_condition: LlValue) -> None:
    """Leave by the exception that the context holds, if the condition does.

    If the call is guarded, its handler is where this leads to.
    """
    cg = state.cg
    ll_error, ll_after = cg.unlikely(ll_condition, "error")
    cg.builder.position_at_end(ll_error)
    end = state.block.terminator
    _push_frame(state, op)
    is_guarded = isinstance(end, Guard) and end.call is op
    _leave(state, op.cleanup, end.handler if is_guarded else None)  # type: ignore[union-attr]  # a guard
    cg.builder.position_at_end(ll_after)


def emit_stack_check(state: FunctionState) -> None:
    """At a recursive function's start: RecursionError where the stack is used up.

    Where the stack ends is found out by the first check of a call: most functions have none.
    """
    cg = state.cg
    ll_here = cg.intrinsic("llvm.frameaddress.p0", ll_ptr, ll.Constant(ll_i32, 0))
    address = offset_address(cg.builder, cg.ctx, context.STACK_LIMIT)
    ll_limit = cg.builder.load(address, typ=ll_ptr, align=8)
    ll_limit.set_metadata("tbaa", cg.module.tags.context)
    ll_deep, ll_after = cg.unlikely(cg.builder.icmp_unsigned("<", ll_here, ll_limit), "deep")
    cg.builder.position_at_end(ll_deep)
    ll_check = cg.declare(context.CHECK_STACK, ll.FunctionType(ll_i32, [ll_ptr]), "cold")
    ll_reached = cg.builder.call(ll_check, [cg.ctx])
    ll_is_reached = cg.builder.icmp_signed("!=", ll_reached, ll.Constant(ll_i32, 0))
    ll_over = cg.builder.append_basic_block("over")
    cg.builder.cbranch(ll_is_reached, ll_over, ll_after)
    cg.builder.position_at_end(ll_over)
    cls = ExceptionClass("builtins.RecursionError", RecursionError)
    # As in CPython, the innermost frame is the caller's: it adds its own.
    _record(cg, cls, "maximum recursion depth exceeded", "[]", _NULL)
    _leave(state, (), None)
    cg.builder.position_at_end(ll_after)


def _record(
    cg: Lowering,
    cls: ExceptionClass,
    template: str | None,
    items: str,
    ll_frame: LlValue,
    ll_functions: Sequence[LlValue] = (_NULL, _NULL),
) -> None:
    ll_descriptor = _descriptor(cg.module, cls.pyobj, template, items, ll_functions)
    cg.builder.call(cold.raise_(cg.module), [cg.ctx, ll_descriptor, ll_frame])


def _leave(state: FunctionState, cleanup: Sequence[Value], handler: Edge | None) -> None:
    for value in cleanup:
        release_by_call(state, value)
    if handler is None:
        state.leave_by_error()
    else:
        pass_arguments(state, handler)
        state.cg.builder.branch(state.ll_blocks[handler.block])


def _push_frame(state: FunctionState, op: Op) -> None:
    ll_frame = _frame(state, op)
    if ll_frame is not _NULL:
        cg = state.cg
        cg.builder.call(cold.push_frame(cg.module), [cg.ctx, ll_frame])


def release_by_call(state: FunctionState, value: Value) -> None:
    """One reference fewer, on a path that is hardly ever taken."""
    cg = state.cg
    for owner in model_of(value.typed).owners(cg.builder, state.value(value)):
        cg.builder.call(cold.release(cg.module, owner), [owner.ll_value])


def _descriptor(
    module: ModuleBuilder,
    cls: type[BaseException],
    template: str | None,
    items: str,
    ll_functions: Sequence[LlValue],
) -> LlValue:
    ll_template = _NULL if template is None else module.string(template)
    ll_classes = module.bytes_constant(class_numbers(cls), 8)
    ll_fields = [
        module.string(class_key(cls)),
        ll_template,
        module.string(items),
        ll_classes,
        *ll_functions,
    ]
    return module.record("exception", ll_fields)


# -- frames -----------------------------------------------------------------------------------


def _frame(state: FunctionState, op: Op) -> LlValue:
    """The frame of an op, with those of the functions inlined there; null in library code."""
    ll_frame: LlValue = _NULL
    places = [place for place in _places(state, op) if _is_users(state, place)]
    for function, span, _ in reversed(places):
        positions = (span.line, span.col, span.end_line, span.end_col)
        ll_fields = [
            state.cg.module.string(span.file),
            state.cg.module.string(function),
            ll_frame,
            *(ll.Constant(ll_i32, n) for n in positions),
        ]
        ll_frame = state.cg.module.record("frame", ll_fields)
    return ll_frame


def _places(state: FunctionState, op: Op) -> Iterator[tuple[str, Span, bool]]:
    """(function, span, whether it was inlined) from the innermost function outwards."""
    span, site = op.span, op.inlined_at
    while site is not None:
        yield site.function, span, True
        span, site = site.call, site.outer
    yield state.fn.name, state.fn.span if span == NO_SPAN else span, False


def _is_users(state: FunctionState, place: tuple[str, Span, bool]) -> bool:
    _, span, is_inlined = place
    if not is_inlined and state.fn.is_library:
        return False
    return bool(span.file) and not span.file.startswith(_LIBRARY)
