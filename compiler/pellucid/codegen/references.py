"""Counting references: inline increments, and a call where the count falls to zero.

Counts are plain memory: blocks belong to one thread, except where `nogil` or a parallel region lets
several run; then they are atomic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.codegen.models.block import DESTROY_BLOCK, REFCOUNT
from pellucid.codegen.models.model import LlValue, ll_i64, ll_ptr, ll_void, offset_address

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

_ONE = ll.Constant(ll_i64, 1)


def retain_owner(module: ModuleBuilder, builder: ll.IRBuilder, ll_owner: LlValue) -> None:
    """One more reference to a block; `ll_owner` may be null."""
    if _is_null(ll_owner):
        return
    with builder.if_then(_is_block(builder, ll_owner)):
        _count(module, builder, ll_owner, "add")


def release_owner(module: ModuleBuilder, builder: ll.IRBuilder, ll_owner: LlValue) -> None:
    """One reference fewer to a block; `ll_owner` may be null."""
    if _is_null(ll_owner):
        return
    with builder.if_then(_is_block(builder, ll_owner)):
        ll_old = _count(module, builder, ll_owner, "sub")
        with builder.if_then(builder.icmp_signed("==", ll_old, _ONE)):
            ll_type = ll.FunctionType(ll_void, [ll_ptr])
            ll_destroy = module.declare(DESTROY_BLOCK, ll_type, "willreturn")
            builder.call(ll_destroy, [ll_owner])


def _is_null(ll_owner: LlValue) -> bool:
    return isinstance(ll_owner, ll.Constant) and ll_owner.constant is None


def _is_block(builder: ll.IRBuilder, ll_owner: LlValue) -> LlValue:
    return builder.icmp_unsigned("!=", ll_owner, ll.Constant(ll_ptr, None))


def _count(module: ModuleBuilder, builder: ll.IRBuilder, ll_owner: LlValue, change: str) -> LlValue:
    """Change the count by one; gives the count before."""
    address = offset_address(builder, ll_owner, REFCOUNT)
    if module.options.nogil or module.options.parallel:
        ordering = "monotonic" if change == "add" else "acq_rel"
        return builder.atomic_rmw(change, address, _ONE, ordering)
    ll_old = builder.load(address, typ=ll_i64, align=8)
    ll_old.set_metadata("tbaa", module.tags.header)
    ll_new = builder.add(ll_old, _ONE) if change == "add" else builder.sub(ll_old, _ONE)
    builder.store(ll_new, address, align=8).set_metadata("tbaa", module.tags.header)
    return ll_old
