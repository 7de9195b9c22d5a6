"""Arrays over memory of C: `carray` and `farray` of a pointer that a callback is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.inference.overloads import intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.numpy.allocation import contiguous_strides
from pellucid.library.numpy.primitives import item_bytes, make_array
from pellucid.runtime import pointers
from pellucid.types import (
    DType,
    Integer,
    NoneType,
    Pointer,
    Signature,
    Tuple,
    Type,
    memory_block,
    none,
)


@overload(pointers.carray)
def carray(ptr, shape, dtype=None):
    """An array over the items at a pointer, in C order. Nothing keeps the memory alive."""
    return _implement(ptr, shape, dtype, "C")


@overload(pointers.farray)
def farray(ptr, shape, dtype=None):
    """The same in Fortran order."""
    return _implement(ptr, shape, dtype, "F")


def _implement(ptr: Type, shape: Type, dtype: Type, order: str) -> Any:
    if not isinstance(ptr, Pointer):
        refuse(f"expected a pointer, got {ptr.base}")
    is_void = isinstance(ptr.elem_ty, NoneType)
    if is_void and dtype == none:
        refuse("explicit dtype required for a void* argument")
    wanted = dtype.dtype if isinstance(dtype, DType) else ptr.elem_ty
    if dtype != none and not isinstance(dtype, DType):
        refuse(f"{dtype.base} is no dtype")
    if not is_void and wanted != ptr.elem_ty:
        refuse(f"mismatching dtype {wanted} for a pointer to {ptr.elem_ty}")
    lengths = shape.elems if isinstance(shape, Tuple) else (shape,)
    if not all(isinstance(length.base, Integer) for length in lengths):
        refuse(f"invalid shape: an int or a tuple of ints, not {shape.base}")
    is_tuple = isinstance(shape, Tuple)

    def impl(ptr, shape, dtype=None):
        lengths = shape if is_tuple else (shape,)
        data = pointer_as(ptr, wanted)
        strides = contiguous_strides(lengths, item_bytes(wanted), order)
        return make_array(no_owner(), data, lengths, strides, order)

    return impl


@intrinsic
def pointer_as(ptr, dtype):
    """A pointer as one to items of a dtype."""
    if not isinstance(ptr, Pointer) or not isinstance(dtype, DType):
        refuse("a pointer, and what it is to point to")
    made = Pointer(dtype.dtype)
    return Primitive("pointer_as", made(ptr, dtype), lambda _, args: args[0], lambda p, _: p)


@intrinsic
def no_owner():
    """What an array has in place of the block that owns its memory, where that is not ours."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del args
        return cg.zero(memory_block)

    return Primitive("no_owner", Signature(memory_block, ()), lower, lambda: None)
