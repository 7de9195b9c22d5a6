"""Counting references: inline increments, and a call where the count falls to zero.

Counts of blocks are plain memory: blocks belong to one thread, except where `nogil` or a parallel
region lets several run; then they are atomic. Python objects are counted by Python, which needs the
interpreter lock: where compiled code runs without it, the runtime's functions take it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.codegen.models.block import DESTROY_BLOCK, REFCOUNT
from pellucid.codegen.models.model import (
    LlValue,
    Model,
    Owner,
    ll_i64,
    ll_ptr,
    ll_void,
    offset_address,
)

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

_ONE = ll.Constant(ll_i64, 1)


RETAIN_OBJECT, RELEASE_OBJECT = "Py_IncRef", "Py_DecRef"
_LOCKING = {
    RETAIN_OBJECT: "pellucid.retain_object",
    RELEASE_OBJECT: "pellucid.release_object",
}


def retain(module: ModuleBuilder, builder: ll.IRBuilder, model: Model, ll_value: LlValue) -> None:
    """One more reference to each of what a value holds."""
    for owner in model.owners(builder, ll_value):
        retain_owner(module, builder, owner)


def release(module: ModuleBuilder, builder: ll.IRBuilder, model: Model, ll_value: LlValue) -> None:
    """One reference fewer to each of what a value holds."""
    for owner in model.owners(builder, ll_value):
        release_owner(module, builder, owner)


def object_function(module: ModuleBuilder, name: str) -> ll.Function:
    """`void (ptr object)`: RETAIN_OBJECT or RELEASE_OBJECT; null is allowed."""
    if may_lack_lock(module):
        name = _LOCKING[name]
    return module.declare(name, ll.FunctionType(ll_void, [ll_ptr]))


def may_lack_lock(module: ModuleBuilder) -> bool:
    """Whether the code of a module may run without Python's interpreter lock."""
    return module.options.nogil or module.options.parallel


def retain_owner(module: ModuleBuilder, builder: ll.IRBuilder, owner: Owner) -> None:
    """One more reference to a block or an object, which may be null."""
    ll_owner = owner.ll_value
    if _is_null(ll_owner):
        return
    if owner.is_object:
        builder.call(object_function(module, RETAIN_OBJECT), [ll_owner])
        return
    with builder.if_then(_is_block(builder, ll_owner)):
        _count(module, builder, ll_owner, "add")


def release_owner(module: ModuleBuilder, builder: ll.IRBuilder, owner: Owner) -> None:
    """One reference fewer to a block or an object, which may be null."""
    ll_owner = owner.ll_value
    if _is_null(ll_owner):
        return
    if owner.is_object:
        builder.call(object_function(module, RELEASE_OBJECT), [ll_owner])
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
    if may_lack_lock(module):
        ordering = "monotonic" if change == "add" else "acq_rel"
        return builder.atomic_rmw(change, address, _ONE, ordering)
    ll_old = builder.load(address, typ=ll_i64, align=8)
    ll_old.set_metadata("tbaa", module.tags.header)
    ll_new = builder.add(ll_old, _ONE) if change == "add" else builder.sub(ll_old, _ONE)
    builder.store(ll_new, address, align=8).set_metadata("tbaa", module.tags.header)
    return ll_old
