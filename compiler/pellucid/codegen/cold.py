"""The runtime's functions for paths that are hardly ever taken: leaving by an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.codegen.attributes import add_param_attributes
from pellucid.codegen.models import block, context
from pellucid.codegen.models.model import Owner, ll_ptr, ll_void
from pellucid.codegen.references import RELEASE_OBJECT, object_function

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder


def raise_(module: ModuleBuilder) -> ll.Function:
    """`void (ptr ctx, ptr descriptor, ptr frame)`: record an exception, and its first frame."""
    return _on_context(module, context.RAISE, 3)


def push_frame(module: ModuleBuilder) -> ll.Function:
    """`void (ptr ctx, ptr frame)`: the error leaves a function here."""
    return _on_context(module, context.PUSH_FRAME, 2)


def release(module: ModuleBuilder, owner: Owner) -> ll.Function:
    """`void (ptr owner)`: one reference fewer; null is allowed."""
    if owner.is_object:
        return object_function(module, RELEASE_OBJECT)
    return module.declare(block.RELEASE, ll.FunctionType(ll_void, [ll_ptr]), "cold", "willreturn")


def _on_context(module: ModuleBuilder, name: str, count: int) -> ll.Function:
    """A function that writes to the context, and touches no other memory."""
    ll_type = ll.FunctionType(ll_void, [ll_ptr] * count)
    attributes = ("cold", "willreturn", "nocallback", "memory(argmem: readwrite)")
    ll_fn = module.declare(name, ll_type, *attributes)
    add_param_attributes(ll_fn.args[0], "noalias", "captures(none)")
    return ll_fn
