"""What a heap object's header calls when nothing refers to the object any more.

The typed function that takes the object apart wants a context, which whoever drops the last
reference may not have: so this code makes one. That function cannot raise, and is not interrupted.

An instance may hold another of its class, that one the next, and so on: such objects wait for each
other where they would be taken apart too deep in each other (`runtime/memory.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.codegen.abi import Abi
from pellucid.codegen.attributes import add_attributes
from pellucid.codegen.models import block, context
from pellucid.codegen.models.model import (
    LlBuilder,
    LlValue,
    ll_i8,
    ll_i32,
    ll_i64,
    ll_ptr,
    ll_void,
    offset_address,
)
from pellucid.codegen.names import destructor_symbol
from pellucid.ir.callee import FunctionTarget
from pellucid.types import HeapType, JitInstance, PlainInstance, none

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

_NEVER = (1 << 31) - 1


def start_context(
    builder: LlBuilder, ll_ctx: LlValue, budget: int = context.BUDGET_START
) -> LlValue:
    """Fill in what a context must hold before a call; gives its address."""
    for offset, ll_value, align in (
        (context.DESCRIPTOR, ll.Constant(ll_ptr, None), 8),
        (context.FRAME_COUNT, ll.Constant(ll_i32, 0), 8),
        (context.BUDGET, ll.Constant(ll_i32, budget), 4),
        (context.STACK_LIMIT, ll.Constant(ll_i64, context.STACK_UNKNOWN), 8),
        (context.HANDLING, ll.Constant(ll_ptr, None), 8),
        (context.CONTEXT, ll.Constant(ll_ptr, None), 8),
        (context.CAUSE, ll.Constant(ll_ptr, None), 8),
        (context.HAS_CAUSE, ll.Constant(ll_i64, 0), 8),
        (context.RESTORED, ll.Constant(ll_ptr, None), 8),
        (context.UNBOXING, ll.Constant(ll_i64, 0), 8),
    ):
        builder.store(ll_value, offset_address(builder, ll_ctx, offset), align=align)
    return ll_ctx


def takes_apart(target: FunctionTarget) -> bool:
    """Whether a function may take objects apart: its code in the cache has a destructor."""
    sig = target.sig
    is_of_object = len(sig.params) == 1 and isinstance(sig.params[0], HeapType) and sig.ret == none
    return is_of_object and target.is_separate and not target.effects.may_raise


def destructor(
    module: ModuleBuilder, target: FunctionTarget, *, is_exported: bool = False
) -> ll.Function:
    """The destructor of objects that `target` takes apart."""
    name = destructor_symbol(target.symbol)
    of = target.sig.params[0]
    is_nested = isinstance(of, JitInstance) or (isinstance(of, PlainInstance) and of.is_knot)
    found = module.ll_module.globals.get(f"{name}.in_turn" if is_nested else name)
    if isinstance(found, ll.Function):
        if is_exported:
            found.linkage = ""
        return found
    ll_type = ll.FunctionType(ll_void, [ll_ptr])
    if target.place is not None and takes_apart(target):
        return module.declare(name, ll_type)
    ll_callee = module.function(target)
    ll_fn = ll.Function(module.ll_module, ll_type, name)
    ll_fn.linkage = "" if is_exported else "internal"
    add_attributes(ll_fn, "nounwind", *module.target.function_attributes)
    builder: LlBuilder = ll.IRBuilder(ll_fn.append_basic_block("entry"))
    ll_room: LlValue = builder.alloca(ll.ArrayType(ll_i8, context.SIZE))
    ll_room.align = context.ALIGNMENT
    ll_room.type = ll_ptr  # llvmlite gives it a typed pointer
    ll_ctx = start_context(builder, ll_room, _NEVER)
    (ll_object,) = ll_fn.args
    abi = Abi.of(target)
    assert not abi.raises, f"{target.name} may raise, which a destructor cannot"
    abi.call(builder, ll_callee, ll_ctx, [ll_object])
    ll_free = module.declare(block.FREE_OBJECT, ll.FunctionType(ll_void, [ll_ptr]), "willreturn")
    builder.call(ll_free, [ll_object])
    builder.ret_void()
    return _in_turn(module, name, ll_fn) if is_nested else ll_fn


def _in_turn(module: ModuleBuilder, name: str, ll_apart: ll.Function) -> ll.Function:
    """The destructor of objects that may be nested deeply."""
    ll_fn = ll.Function(module.ll_module, ll.FunctionType(ll_void, [ll_ptr]), f"{name}.in_turn")
    ll_fn.linkage = "internal"
    add_attributes(ll_fn, "nounwind", *module.target.function_attributes)
    builder: LlBuilder = ll.IRBuilder(ll_fn.append_basic_block("entry"))
    ll_type = ll.FunctionType(ll_void, [ll_ptr, ll_ptr])
    ll_destroy = module.declare(block.DESTROY_IN_TURN, ll_type, "willreturn")
    builder.call(ll_destroy, [ll_fn.args[0], ll_apart])
    builder.ret_void()
    return ll_fn
