"""Small functions for paths that are hardly ever taken: out of line, one of each per module."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.codegen.attributes import add_attributes, add_param_attributes
from pellucid.codegen.models import context
from pellucid.codegen.models.model import (
    LlValue,
    Owner,
    ll_i32,
    ll_i64,
    ll_ptr,
    ll_void,
    offset_address,
)
from pellucid.codegen.references import RELEASE_OBJECT, object_function, release_owner

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

Body = Callable[["ModuleBuilder", ll.IRBuilder, tuple[LlValue, ...]], None]


def raise_(module: ModuleBuilder) -> ll.Function:
    """`void (ptr ctx, ptr descriptor, ptr frame)`: record an exception, and its first frame."""
    return _function(module, "cold.raise", 3, _raise_body)


def push_frame(module: ModuleBuilder) -> ll.Function:
    """`void (ptr ctx, ptr frame)`: the error leaves a function here."""
    return _function(module, "cold.push_frame", 2, _push_frame_body)


def release(module: ModuleBuilder, owner: Owner) -> ll.Function:
    """`void (ptr owner)`: one reference fewer; null is allowed."""
    if owner.is_object:
        return object_function(module, RELEASE_OBJECT)
    return _function(module, "cold.release", 1, _release_body)


def _function(module: ModuleBuilder, name: str, count: int, body: Body) -> ll.Function:
    found = module.ll_module.globals.get(name)
    if isinstance(found, ll.Function):
        return found
    ll_fn = ll.Function(module.ll_module, ll.FunctionType(ll_void, [ll_ptr] * count), name)
    ll_fn.linkage = "internal"
    add_attributes(ll_fn, "nounwind", "cold", "noinline", *module.target.function_attributes)
    builder = ll.IRBuilder(ll_fn.append_basic_block("start"))
    body(module, builder, ll_fn.args)
    builder.ret_void()
    return ll_fn


def _raise_body(module: ModuleBuilder, builder: ll.IRBuilder, ll_args: tuple[LlValue, ...]) -> None:
    ll_ctx, ll_descriptor, ll_frame = ll_args
    _set(module, builder, ll_ctx, context.DESCRIPTOR, ll_descriptor)
    _set(module, builder, ll_ctx, context.FRAME_COUNT, ll.Constant(ll_i32, 0))
    ll_has_frame = builder.icmp_unsigned("!=", ll_frame, ll.Constant(ll_ptr, None))
    with builder.if_then(ll_has_frame):
        builder.call(push_frame(module), [ll_ctx, ll_frame])


def _push_frame_body(
    module: ModuleBuilder, builder: ll.IRBuilder, ll_args: tuple[LlValue, ...]
) -> None:
    ll_ctx, ll_frame = ll_args
    add_param_attributes(builder.function.args[0], "noalias")
    ll_count = builder.load(
        offset_address(builder, ll_ctx, context.FRAME_COUNT), typ=ll_i32, align=8
    )
    ll_more = builder.add(ll_count, ll.Constant(ll_i32, 1))
    _set(module, builder, ll_ctx, context.FRAME_COUNT, ll_more)
    ll_fits = builder.icmp_unsigned("<", ll_count, ll.Constant(ll_i32, context.MAX_FRAMES))
    with builder.if_then(ll_fits):
        ll_frames = offset_address(builder, ll_ctx, context.FRAMES)
        ll_index = builder.zext(ll_count, ll_i64)
        address = builder.gep(ll_frames, [ll_index], inbounds=True, source_etype=ll_ptr)
        builder.store(ll_frame, address, align=8).set_metadata("tbaa", module.tags.context)


def _release_body(
    module: ModuleBuilder, builder: ll.IRBuilder, ll_args: tuple[LlValue, ...]
) -> None:
    release_owner(module, builder, Owner(ll_args[0]))


def _set(
    module: ModuleBuilder, builder: ll.IRBuilder, ll_ctx: LlValue, offset: int, ll_value: LlValue
) -> None:
    ll_store = builder.store(ll_value, offset_address(builder, ll_ctx, offset), align=4)
    ll_store.set_metadata("tbaa", module.tags.context)
