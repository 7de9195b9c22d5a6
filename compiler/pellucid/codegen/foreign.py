"""Calls of C functions whose addresses ctypes objects hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llvmlite import ir as ll

from pellucid.codegen import pylayout
from pellucid.codegen.models.model import LlValue, extract
from pellucid.codegen.names import BOX_BYTES
from pellucid.codegen.objects import Objects
from pellucid.types import (
    Boolean,
    BytesType,
    Integer,
    NoneType,
    Signature,
    Struct,
    Type,
    none,
    pyobject,
)

if TYPE_CHECKING:
    from pellucid.codegen.lowering import Lowering

_ADDRESS_AT = 16  # where a ctypes object keeps the address of its value: after PyObject's header
_BYTE, _POINTER = ll.IntType(8), ll.PointerType()


class _FunctionPointer(ll.LoadInstr):
    """The address of a function. llvmlite asks a callee for its type, and a pointer has none."""

    function_type: Any = None


def call_ctypes(cg: Lowering, function: Any, sig: Signature, args: Sequence[LlValue]) -> LlValue:
    """Call the C function of a ctypes object, which is asked for the address each time."""
    builder: Any = cg.builder
    place = cg.offset(cg.module.python_object(function), _ADDRESS_AT)
    ll_slot = builder.load(place, typ=_POINTER)
    ll_args, ll_texts = _arguments(cg, sig, args)
    ll_ret: Any = _BYTE if isinstance(sig.ret, Boolean) else cg.ll_type(sig.ret)
    ll_ret = ll.VoidType() if sig.ret == none else ll_ret
    ll_fn: Any = _FunctionPointer(builder.block, ll_slot, typ=_POINTER)
    ll_fn.function_type = ll.FunctionType(ll_ret, [arg.type for arg in ll_args])
    builder._insert(ll_fn)  # there is no public way to insert an instruction
    attributes = {i: a for i, ty in enumerate(sig.params) if (a := _extension(ty))}
    made: LlValue = builder.call(ll_fn, ll_args, arg_attrs=attributes)
    for ll_text in ll_texts:
        cg.release(pyobject, ll_text)
    if isinstance(sig.ret, Boolean):
        return builder.icmp_unsigned("!=", made, ll.Constant(_BYTE, 0))
    return cg.zero(none) if sig.ret == none else made


def _arguments(
    cg: Lowering, sig: Signature, args: Sequence[LlValue]
) -> tuple[list[LlValue], list[LlValue]]:
    """The arguments for C, and the Python objects that hold its texts, which end in a zero."""
    ll_args: list[LlValue] = []
    ll_texts: list[LlValue] = []
    for ty, value in zip(sig.params, args, strict=True):
        if isinstance(ty, BytesType):
            with cg.python():
                ll_parts = [extract(cg.builder, value, index) for index in range(3)]
                cg.retain(ty, value)
                ll_made = Objects(cg.module, cg.builder).call(BOX_BYTES, _POINTER, *ll_parts)
            cg.leave_by_python_error(
                cg.builder.icmp_unsigned("==", ll_made, ll.Constant(_POINTER, None))
            )
            ll_texts.append(ll_made)
            ll_args.append(cg.offset(ll_made, pylayout.BYTES_DATA))
        else:
            ll_args.append(_argument(cg, ty, value))
    return ll_args, ll_texts


def _argument(cg: Lowering, ty: Type, value: LlValue) -> LlValue:
    if isinstance(ty, NoneType):
        return ll.Constant(_POINTER, None)
    if isinstance(ty, Struct):
        return cg.field(ty, value, "data")
    return cg.builder.zext(value, _BYTE) if isinstance(ty, Boolean) else value


def _extension(ty: Type) -> tuple[str, ...]:
    """How C passes an integer that is narrower than a register."""
    if isinstance(ty, Boolean) or (isinstance(ty, Integer) and ty.bits < 32 and not ty.signed):
        return ("zeroext",)
    return ("signext",) if isinstance(ty, Integer) and ty.bits < 32 else ()
