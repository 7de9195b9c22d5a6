"""Items at addresses, and counted blocks of memory: for library code only.

A `Pointer` is an address of items of one type; a `MemoryBlock` owns the bytes of an array. The
interpreter holds an address as an int and a block as a `BlockValue`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import BlockValue, ItemsPointer
from pellucid.types import (
    Boolean,
    DType,
    HeapType,
    MemoryBlock,
    Pointer,
    Type,
    boolean,
    dtype_of,
    int64,
    memory_block,
    none,
)

BYTE = ll.IntType(8)
MOST_ON_STACK = 512
"""Bytes of an array that may lie on the stack."""


def read_item(ty: Type, address: int) -> Any:
    """The scalar of type `ty` at an address, as the interpreter holds it."""
    return _item(ty, address)[0].item()


def write_item(ty: Type, address: int, value: Any) -> None:
    """Assign the scalar at an address, for the interpreter; integers wrap."""
    item = _item(ty, address)
    if isinstance(value, int) and not isinstance(ty, Boolean) and item.dtype.kind in "iu":
        wrapped = value & ((1 << (8 * item.itemsize)) - 1)
        item.view(f"u{item.itemsize}")[0] = wrapped
    else:
        item[0] = value


def _item(ty: Type, address: int) -> np.ndarray:
    dtype = dtype_of(ty)
    data = (ctypes.c_char * dtype.itemsize).from_address(address)
    return np.frombuffer(data, dtype)


def _pointer(ty: Type) -> Pointer:
    if not isinstance(ty, Pointer):
        refuse(f"{ty} is not a pointer")
    return ty


@intrinsic
def load(pointer, index):
    """The item at `index` items from `pointer`; a new reference to what it holds."""
    ty = _pointer(pointer)

    def lower_lent(cg: Any, args: Sequence[Any]) -> Any:
        return cg.load(ty.elem_ty, _item_address(cg, ty, *args))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        value = lower_lent(cg, args)
        cg.retain(ty.elem_ty, value)
        return value

    def run(address: int | ItemsPointer, at: int) -> Any:
        if isinstance(address, ItemsPointer):
            return address.items[address.position + at]
        return read_item(ty.elem_ty, address + at * dtype_of(ty.elem_ty).itemsize)

    sig = ty.elem_ty(ty, int64)
    lends = Primitive("load_lent", sig, lower_lent, run, Effects.READS, is_lent=True)
    return Primitive("load", sig, lower, run, Effects.READS, lends=lends, confines=True)


@intrinsic
def store(pointer, index, value):
    """Assign the item at `index` items from `pointer`: a new reference, where none was held."""
    ty = _pointer(pointer)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        address, at, item = args
        cg.retain(ty.elem_ty, item)
        cg.store(ty.elem_ty, item, _item_address(cg, ty, address, at))
        return cg.zero(none)

    def run(address: int | ItemsPointer, at: int, item: Any) -> None:
        if isinstance(address, ItemsPointer):
            address.items[address.position + at] = item
        else:
            write_item(ty.elem_ty, address + at * dtype_of(ty.elem_ty).itemsize, item)

    sig = none(ty, int64, ty.elem_ty)
    return Primitive("store", sig, lower, run, Effects.WRITES, confines=True)


def _item_address(cg: Any, ty: Pointer, address: Any, index: Any) -> Any:
    storage = cg.ll_storage(ty.elem_ty)
    return cg.builder.gep(address, [index], inbounds=True, source_etype=storage)


@intrinsic
def offset(pointer, nbytes):
    """The address `nbytes` bytes further."""
    ty = _pointer(pointer)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        address, distance = args
        return cg.builder.gep(address, [distance], inbounds=True, source_etype=BYTE)

    def run(address: Any, by: int) -> Any:
        return address + by

    return Primitive("offset", ty(ty, int64), lower, run, confines=True)


@intrinsic
def allocate(nbytes):
    """A new block of `nbytes` bytes, aligned and not initialised; null if memory is short."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.allocate(args[0])

    sig = memory_block(int64)

    def on_stack(known: int | None) -> Primitive | None:
        if known is None or not 0 <= known <= MOST_ON_STACK:
            return None

        def lower_on_stack(cg: Any, _: Sequence[Any]) -> Any:
            return cg.allocate_on_stack(known)

        return Primitive("allocate_on_stack", sig, lower_on_stack, BlockValue, Effects.ALLOCATES)

    return Primitive("allocate", sig, lower, BlockValue, Effects.ALLOCATES, on_stack=on_stack)


@intrinsic
def block_data(block, dtype):
    """The address of a block's first byte, as that of items of `dtype`."""
    if not isinstance(block, MemoryBlock) or not isinstance(dtype, DType):
        refuse("block_data(block, dtype)")
    ret = Pointer(dtype.dtype)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.block_data(args[0])

    def run(memory: BlockValue, _: Any) -> int:
        return memory.address

    return Primitive("block_data", ret(block, dtype), lower, run, confines=True)


@intrinsic
def is_null(address):
    """Whether a pointer, block or heap object is null."""
    if not isinstance(address, (Pointer, MemoryBlock, HeapType)):
        refuse(f"{address} is not an address")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.icmp_unsigned("==", args[0], ll.Constant(args[0].type, None))

    def run(value: Any) -> bool:
        return value is None or (isinstance(value, int) and value == 0)

    return Primitive("is_null", boolean(address), lower, run, confines=True)
