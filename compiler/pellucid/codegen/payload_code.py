"""Arguments of exceptions that hold references: functions that count them, and that box them.

The payload then holds the record of the arguments as memory does, and the descriptor names

    count   `void (ptr payload, i64 change)`   one reference more, or fewer, to all they hold
    box     `ptr (ptr payload)`                the tuple of the arguments; null with Python's error
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.base.diagnostics import error
from pellucid.base.spans import Span
from pellucid.codegen.attributes import add_attributes
from pellucid.codegen.boxing import Boxing
from pellucid.codegen.lowering import Lowering
from pellucid.codegen.models import context
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import LlValue, ll_i64, ll_ptr, ll_void, offset_address
from pellucid.codegen.objects import Objects
from pellucid.types import ExceptionInstance, Tuple, Type

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder


def store_arguments(
    cg: Lowering, ty: ExceptionInstance, ll_exception: LlValue, span: Span
) -> tuple[LlValue, LlValue]:
    """Put the arguments into the context, with references of their own; gives (count, box)."""
    for arg in ty.kept:
        if not Boxing.makes(arg, known_objects=False):
            _refuse(arg, span)
    model = model_of(ty)
    if model.size > context.PAYLOAD_SIZE:
        error(
            "unsupported-feature",
            f"the arguments of an exception take more than {context.PAYLOAD_SIZE} bytes",
            span,
        )
    cg.retain(ty, ll_exception)
    address = offset_address(cg.builder, cg.ctx, context.PAYLOAD)
    model.store(cg.builder, ll_exception, address, cg.module.tags.context)
    return _count(cg.module, ty), _box(cg.module, ty)


def _refuse(ty: Type, span: Span) -> None:
    error(
        "unsupported-feature",
        f"an argument of type {ty} cannot be kept in an exception",
        span,
        help="raise with numbers, text, arrays or tuples of them",
    )


def _count(module: ModuleBuilder, ty: ExceptionInstance) -> LlValue:
    ll_type = ll.FunctionType(ll_void, [ll_ptr, ll_i64])
    ll_fn, is_new = _function(module, f"exception.count.{ty}", ll_type)
    if is_new:
        builder = ll.IRBuilder(ll_fn.append_basic_block("start"))
        cg = Lowering(module, builder, ll.Constant(ll_ptr, None))
        ll_args = model_of(ty).load(builder, ll_fn.args[0])
        ll_more = builder.icmp_signed(">", ll_fn.args[1], ll.Constant(ll_i64, 0))
        with builder.if_else(ll_more) as (more, fewer):
            with more:
                cg.retain(ty, ll_args)
            with fewer:
                cg.release(ty, ll_args)
        builder.ret_void()
    return ll_fn


def _box(module: ModuleBuilder, ty: ExceptionInstance) -> LlValue:
    ll_fn, is_new = _function(module, f"exception.box.{ty}", ll.FunctionType(ll_ptr, [ll_ptr]))
    if is_new:
        builder = ll.IRBuilder(ll_fn.append_basic_block("start"))
        cg = Lowering(module, builder, ll.Constant(ll_ptr, None))
        ll_args = model_of(ty).load(builder, ll_fn.args[0])
        cg.retain(ty, ll_args)  # boxing consumes it
        builder.ret(Boxing(Objects(module, builder)).box(Tuple(ty.kept), ll_args))
    return ll_fn


def _function(
    module: ModuleBuilder, name: str, ll_type: ll.FunctionType
) -> tuple[ll.Function, bool]:
    found = module.ll_module.globals.get(name)
    if isinstance(found, ll.Function):
        return found, False
    ll_fn = ll.Function(module.ll_module, ll_type, name)
    ll_fn.linkage = "internal"
    attributes: Sequence[str] = ("nounwind", "cold", "noinline")
    add_attributes(ll_fn, *attributes, *module.target.function_attributes)
    return ll_fn, True
