"""What a Python object that stands for a generator calls for each item.

    PyObject *<symbol>.python(block *generator, PyObject *sent, PyObject *thrown)

gives the item; null at the end, with StopIteration set where the generator returned something, or
null with the exception that left it. `sent` is null for `next`, and `thrown` an exception that the
`yield` is to raise, or null. The object itself is the runtime's
(`runtime/generators.py`); an entry makes it of the generator, this function and what keeps the
function's code alive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llvmlite import ir as ll

from pellucid.codegen.abi import Abi
from pellucid.codegen.attributes import add_attributes
from pellucid.codegen.destructors import start_context
from pellucid.codegen.models import context
from pellucid.codegen.models.model import (
    LlBuilder,
    LlValue,
    extract,
    ll_i8,
    ll_i32,
    ll_ptr,
    ll_void,
)
from pellucid.codegen.names import GENERATOR_FAILED, GENERATOR_STOP, THROW
from pellucid.ir.callee import FunctionTarget

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

_NULL = ll.Constant(ll_ptr, None)


def python_function(module: ModuleBuilder, target: FunctionTarget) -> ll.Function:
    """The function around `target`, the overload of `next_object` for a generator type."""
    name = f"{target.symbol}.python"
    found = module.ll_module.globals.get(name)
    if isinstance(found, ll.Function):
        return found
    ll_callee = module.function(target)
    ll_fn = ll.Function(module.ll_module, ll.FunctionType(ll_ptr, [ll_ptr] * 3), name)
    ll_fn.linkage = "internal"
    add_attributes(ll_fn, "nounwind", *module.target.function_attributes)
    builder: LlBuilder = ll.IRBuilder(ll_fn.append_basic_block("entry"))
    ll_room: LlValue = builder.alloca(ll.ArrayType(ll_i8, context.SIZE))
    ll_room.align = context.ALIGNMENT
    ll_room.type = ll_ptr  # llvmlite gives it a typed pointer
    ll_ctx = start_context(builder, ll_room)
    ll_told, ll_status = Abi.of(target).call(builder, ll_callee, ll_ctx, list(ll_fn.args))
    if ll_status is not None:
        ll_failed = builder.icmp_unsigned("!=", ll_status, ll.Constant(ll_i32, context.STATUS_OK))
        with builder.if_then(ll_failed, likely=False):
            _call(module, builder, THROW, ll_ctx)
            _call(module, builder, GENERATOR_FAILED)
            builder.ret(_NULL)
    ll_object = extract(builder, ll_told, 1)
    with builder.if_then(extract(builder, ll_told, 0), likely=True):
        builder.ret(ll_object)
    with builder.if_then(builder.icmp_unsigned("!=", ll_object, _NULL)):
        _call(module, builder, GENERATOR_STOP, ll_object)
    builder.ret(_NULL)
    return ll_fn


def _call(module: ModuleBuilder, builder: LlBuilder, name: str, *ll_args: LlValue) -> None:
    ll_type = ll.FunctionType(ll_void, [ll_ptr] * len(ll_args))
    builder.call(module.declare(name, ll_type), list(ll_args))
