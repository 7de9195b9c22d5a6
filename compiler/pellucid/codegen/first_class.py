"""Code that is called through an address: by the convention of function types, or of C.

    {T, i32} code(ptr ctx, ptr owner, ptr data, <leaves of each argument>)      a `FunctionType`
    T code(<arguments>)                                                         C

The second is what `cfunc` gives away. An exception cannot leave it: it is printed, as Python prints
what `__del__` raises, and the result is zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llvmlite import ir as ll

from pellucid.base.diagnostics import error
from pellucid.codegen.abi import Abi
from pellucid.codegen.attributes import add_attributes
from pellucid.codegen.destructors import start_context
from pellucid.codegen.models import context
from pellucid.codegen.models.lookup import model_of
from pellucid.codegen.models.model import (
    Leaf,
    LlBuilder,
    LlValue,
    extract,
    ll_i8,
    ll_i32,
    ll_ptr,
    ll_void,
)
from pellucid.codegen.names import NATIVE_FUNCTION, UNRAISABLE, c_symbol, direct_symbol
from pellucid.ir.callee import FunctionTarget
from pellucid.types import (
    Boolean,
    Float,
    Integer,
    NoneType,
    Pointer,
    Signature,
    Type,
)

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

_HIDDEN = 3
"""The parameters before the arguments: the context, the owner, the data."""


class _Code(ll.instructions.CastInstr):
    """An address that is called. llvmlite asks a callee for its type, and a pointer has none."""

    function_type: Any = None  # a property of the base class

    def __init__(self, ll_block: Any, ll_address: LlValue, ll_type: ll.FunctionType) -> None:
        super().__init__(ll_block, "bitcast", ll_address, ll_ptr)
        self.function_type = ll_type


def direct_type(sig: Signature) -> ll.FunctionType:
    """The LLVM type of code that a function type's values point to."""
    ll_leaves = [leaf.ll_type for ty in sig.params for leaf in model_of(ty).leaves]
    ll_ret = ll.LiteralStructType([model_of(sig.ret).ll_type, ll_i32])
    return ll.FunctionType(ll_ret, [ll_ptr] * _HIDDEN + ll_leaves)


def call_direct(
    builder: LlBuilder,
    sig: Signature,
    ll_code: LlValue,
    ll_hidden: Sequence[LlValue],
    ll_args: Sequence[LlValue],
) -> tuple[LlValue, LlValue]:
    """Call code by its address; gives the result and the status."""
    ll_leaves = list(ll_hidden)
    for ty, ll_arg in zip(sig.params, ll_args, strict=True):
        ll_leaves.extend(model_of(ty).flatten(builder, ll_arg))
    ll_result = _call_address(builder, ll_code, direct_type(sig), ll_leaves)
    return extract(builder, ll_result, 0), extract(builder, ll_result, 1)


def _call_address(
    builder: Any, ll_code: LlValue, ll_type: ll.FunctionType, ll_args: Sequence[LlValue]
) -> LlValue:
    ll_callee = _Code(builder.block, ll_code, ll_type)
    builder._insert(ll_callee)  # there is no public way to insert an instruction
    return builder.call(ll_callee, list(ll_args))


def adapter(module: ModuleBuilder, target: FunctionTarget, *, has_owner: bool) -> ll.Function:
    """`target` by the convention of function types; its first parameter may be the owner."""
    return _adapter(module, target, f"{target.symbol}.code", has_owner=has_owner)


def _adapter(
    module: ModuleBuilder, target: FunctionTarget, name: str, *, has_owner: bool
) -> ll.Function:
    found = module.ll_module.globals.get(name)
    if isinstance(found, ll.Function):
        return found
    abi = Abi.of(target)
    ll_callee = module.function(target)
    sig = target.sig
    # What has no leaves (a function known while compiling) is not there: the types need not agree.
    sig = Signature(sig.ret, sig.params[1:]) if has_owner else sig
    ll_fn = ll.Function(module.ll_module, direct_type(sig), name)
    ll_fn.linkage = "internal"
    add_attributes(ll_fn, "nounwind", *module.target.function_attributes)
    builder: LlBuilder = ll.IRBuilder(ll_fn.append_basic_block("entry"))
    ll_ctx, ll_owner, _, *ll_leaves = ll_fn.args
    ll_own = [ll_owner] if has_owner else []
    ll_told = builder.call(ll_callee, [ll_ctx, *ll_own, *ll_leaves])
    if not abi.raises:
        ll_plain, ll_told = ll_told, ll.Constant(ll_fn.function_type.return_type, None)
        if not abi.ret.is_empty:
            ll_told = builder.insert_value(ll_told, ll_plain, 0)
    builder.ret(ll_told)
    return ll_fn


def c_adapter(module: ModuleBuilder, sig: Signature) -> ll.Function:
    """The code of function types that calls the C function at its `data`."""
    name = f"c.code({', '.join(map(str, sig.params))}) -> {sig.ret}"
    found = module.ll_module.globals.get(name)
    if isinstance(found, ll.Function):
        return found
    ll_fn = ll.Function(module.ll_module, direct_type(sig), name)
    ll_fn.linkage = "internal"
    add_attributes(ll_fn, "nounwind", *module.target.function_attributes)
    builder: LlBuilder = ll.IRBuilder(ll_fn.append_basic_block("entry"))
    _, _, ll_data, *ll_leaves = ll_fn.args
    ll_args = [
        ll_leaf if not isinstance(ty, Boolean) else builder.zext(ll_leaf, ll_i8)
        for ty, ll_leaf in zip(sig.params, ll_leaves, strict=True)
    ]
    ll_got = _call_address(builder, ll_data, c_type(sig), ll_args)
    ll_told: LlValue = ll.Constant(ll_fn.function_type.return_type, None)
    if isinstance(sig.ret, Boolean):
        ll_got = builder.icmp_unsigned("!=", ll_got, ll.Constant(ll_i8, 0))
    if not isinstance(sig.ret, NoneType):
        ll_told = builder.insert_value(ll_told, ll_got, 0)
    builder.ret(ll_told)
    return ll_fn


def c_type(sig: Signature) -> ll.FunctionType:
    """The LLVM type of a C function; refuses what C code does not pass in one register."""
    ll_ret = ll_void if isinstance(sig.ret, NoneType) else _c_type(sig.ret)
    return ll.FunctionType(ll_ret, list(map(_c_type, sig.params)))


def is_c_type(ty: Type) -> bool:
    """Whether values of a type can be passed to and from C: numbers, bools, pointers."""
    return isinstance(ty, (Boolean, Float, Integer, Pointer))


def _c_type(ty: Type) -> ll.Type:
    if not is_c_type(ty):
        error(
            "unsupported-feature",
            f"a {ty} cannot be passed to or from C by value",
            help="use numbers, bools and pointers, as in `void(CPointer(float64), int64)`",
        )
    model = model_of(ty)
    assert isinstance(model, Leaf)
    return ll_i8 if isinstance(ty, Boolean) else model.ll_type


def add_native(module: ModuleBuilder, target: FunctionTarget) -> None:
    """Add code for callers by address to the module of `target`: of both conventions."""
    ll_direct = _adapter(module, target, direct_symbol(target.symbol), has_owner=False)
    ll_direct.linkage = ""
    sig = target.sig
    if not all(map(is_c_type, sig.params)) or not (
        isinstance(sig.ret, NoneType) or is_c_type(sig.ret)
    ):
        ll_missing: Any = ll.GlobalVariable(module.ll_module, ll_i8, c_symbol(target.symbol))
        ll_missing.initializer = ll.Constant(ll_i8, 0)  # nobody asks for it
        return
    ll_fn = ll.Function(module.ll_module, c_type(sig), c_symbol(target.symbol))
    add_attributes(ll_fn, "nounwind", *module.target.function_attributes)
    builder: LlBuilder = ll.IRBuilder(ll_fn.append_basic_block("entry"))
    ll_room: LlValue = builder.alloca(ll.ArrayType(ll_i8, context.SIZE))
    ll_room.align = context.ALIGNMENT
    ll_room.type = ll_ptr  # llvmlite gives it a typed pointer
    ll_ctx = start_context(builder, ll_room)
    ll_args = [
        builder.icmp_unsigned("!=", ll_arg, ll.Constant(ll_i8, 0))
        if isinstance(ty, Boolean)
        else ll_arg
        for ty, ll_arg in zip(sig.params, ll_fn.args, strict=True)
    ]
    ll_result, ll_status = Abi.of(target).call(builder, module.function(target), ll_ctx, ll_args)
    if ll_status is not None:
        ll_failed = builder.icmp_unsigned("!=", ll_status, ll.Constant(ll_i32, context.STATUS_OK))
        with builder.if_then(ll_failed, likely=False):
            ll_type = ll.FunctionType(ll_void, [ll_ptr, ll_ptr])
            ll_own = module.symbol(NATIVE_FUNCTION)
            builder.call(module.declare(UNRAISABLE, ll_type), [ll_ctx, ll_own])
    if isinstance(sig.ret, NoneType):
        builder.ret_void()
    else:
        is_bool = isinstance(sig.ret, Boolean)
        builder.ret(builder.zext(ll_result, ll_i8) if is_bool else ll_result)
