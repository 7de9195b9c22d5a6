"""New arrays: sizes checked, memory taken, strides laid out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.memory import allocate, block_data, is_null
from pellucid.library.builtins.structs import format_error
from pellucid.library.numpy.primitives import (
    item_bytes,
    item_size,
    item_type,
    literal_value,
    make_array,
)
from pellucid.types import Tuple, Type, int64, uni_tuple
from pellucid.types.kinds import static

I64 = ll.IntType(64)
NEGATIVE, TOO_BIG = -1, -2


def _rank(shape: Type) -> int:
    if not isinstance(shape, Tuple):
        refuse(f"{shape} is not a shape")
    return len(shape.elems)


@intrinsic
def byte_count(shape, size):
    """The bytes of an array of `shape` with items of `size` bytes; NEGATIVE or TOO_BIG if wrong.

    As NumPy counts: a length of 0 makes no array small that would be too big without it.
    """
    dims = uni_tuple(int64, _rank(shape))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        zero, one = ll.Constant(I64, 0), ll.Constant(I64, 1)
        total, is_negative, is_big, is_empty = args[1], *(ll.Constant(ll.IntType(1), 0),) * 3
        for axis in range(len(dims.elems)):
            length = cg.element(dims, args[0], axis)
            is_negative = builder.or_(is_negative, builder.icmp_signed("<", length, zero))
            none = builder.icmp_signed("==", length, zero)
            is_empty = builder.or_(is_empty, none)
            product = builder.smul_with_overflow(total, builder.select(none, one, length))
            is_big = builder.or_(is_big, builder.extract_value(product, 1))
            total = builder.extract_value(product, 0)
        total = builder.select(is_empty, zero, total)
        total = builder.select(is_big, ll.Constant(I64, TOO_BIG), total)
        return builder.select(is_negative, ll.Constant(I64, NEGATIVE), total)

    def run(lengths: Sequence[int], nbytes: int) -> int:
        if any(n < 0 for n in lengths):
            return NEGATIVE
        for n in lengths:
            nbytes *= n or 1
        return TOO_BIG if nbytes >= 1 << 63 else 0 if 0 in lengths else nbytes

    return Primitive("byte_count", int64(dims, int64), lower, run)


@intrinsic
def contiguous_strides(shape, size, layout):
    """The strides of a new array of `shape` in C or F order (`layout`, a literal)."""
    dims = uni_tuple(int64, _rank(shape))
    ndim = len(dims.elems)
    fastest_last = literal_value(layout) == "C"
    axes = list(range(ndim))[:: -1 if fastest_last else 1]

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        step = args[1]
        strides: list[Any] = [None] * ndim
        for axis in axes:
            strides[axis] = step
            step = cg.builder.mul(step, cg.element(dims, args[0], axis), flags=("nsw",))
        return cg.make_tuple(dims, strides)

    def run(lengths: Sequence[int], step: int, _: str) -> Any:
        strides = [0] * ndim
        for axis in axes:
            strides[axis] = step
            step *= lengths[axis]
        return tuple(strides)

    return Primitive("contiguous_strides", dims(dims, int64, layout), lower, run)


def new_array(dtype, shape, layout):
    """An array of that shape, its items not set; ValueError or MemoryError if there is none."""
    size = item_bytes(dtype)
    nbytes = byte_count(shape, size)
    if nbytes < 0:
        raise_size(nbytes)
    block = allocate(nbytes)
    if is_null(block):
        raise_memory(dtype, shape, nbytes)
    data = block_data(block, dtype)
    return make_array(block, data, shape, contiguous_strides(shape, size, layout), layout)


def raise_size(nbytes):
    """A shape that no array has."""
    if nbytes == -1:
        raise ValueError("negative dimensions are not allowed")
    raise ValueError(
        "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible "
        "size."
    )


def raise_memory(dtype, shape, nbytes):
    """Memory is short."""
    raise format_error(MemoryError, memory_text(dtype, shape), nbytes / 1024.0**3, *shape)


@static
def memory_text(dtype: Type, shape: Type) -> str:
    """The message, with a place for the size in GiB and for each length. NumPy chooses the unit."""
    places = "({},)" if _rank(shape) == 1 else f"({', '.join(['{}'] * _rank(shape))})"
    name = item_type(dtype)
    return f"Unable to allocate {{:.3g}} GiB for an array with shape {places} and data type {name}"


__all__ = [
    "byte_count",
    "contiguous_strides",
    "item_size",
    "new_array",
]
