"""What an array value is made of: its fields, views on it, and its items by position.

These are the only places where compiled code takes an array apart or puts one together.

The last axis of a C array and the first of an F array have items side by side, so their stride is
the item size, a constant to LLVM. (NumPy allows any stride on an axis of length 1; such an axis is
only ever indexed with 0, so the constant is as good.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import Constant, intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp import ArrayValue
from pellucid.library.builtins.memory import read_item, write_item
from pellucid.types import (
    Array,
    DType,
    Literal,
    Pointer,
    Tuple,
    Type,
    boolean,
    dtype_of,
    int64,
    memory_block,
    none,
    uni_tuple,
)
from pellucid.types.kinds import static

I64 = ll.IntType(64)


def item_size(ty: Type) -> int:
    """The bytes that one item of the scalar type `ty` takes in an array."""
    return dtype_of(ty).itemsize


def array_type(ty: Type) -> Array:
    """`ty`, which must be an array type; refuses others."""
    if not isinstance(ty, Array):
        refuse(f"{ty} is not an array")
    return ty


def literal_value(ty: Type) -> Any:
    """The value of a literal type; refuses others. Any: a literal's value."""
    if not isinstance(ty, Literal):
        refuse(f"{ty} is not known while compiling")
    return ty.value


@static
def is_array(ty: Type) -> bool:
    """Whether `ty` is an array type."""
    return isinstance(ty, Array)


@static
def is_readonly(ty: Type) -> bool:
    """Whether `ty` is an array that refuses assignment."""
    return isinstance(ty, Array) and ty.readonly


@static
def rank(ty: Type) -> int:
    """The number of dimensions of a value of `ty`; a scalar has none."""
    return ty.ndim if isinstance(ty, Array) else 0


@static
def layout_of(ty: Type) -> str:
    """The layout letter of an array type."""
    return array_type(ty).layout


@static
def item_type(ty: Type) -> Type:
    """The type of an array's items; of a scalar, its own."""
    return ty.dtype if isinstance(ty, (Array, DType)) else ty.base


# ---- fields -----------------------------------------------------------------------------------


def _field(a: Type, name: str, ret: Type) -> Primitive:
    ty = array_type(a)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.field(ty, args[0], name)

    def run(value: ArrayValue) -> Any:
        return getattr(value, name)

    return Primitive(f"array_{name}", ret(ty), lower, run, confines=True)


@intrinsic
def array_data(a):
    """Where the item at index 0, 0, ... lies."""
    return _field(a, "data", Pointer(array_type(a).dtype))


@intrinsic
def array_shape(a):
    """The length of each axis."""
    return _field(a, "shape", uni_tuple(int64, array_type(a).ndim))


@intrinsic
def array_strides(a):
    """The bytes from one item to the next, along each axis."""
    return _field(a, "strides", uni_tuple(int64, array_type(a).ndim))


@intrinsic
def axis_length(a, axis):
    """The length of one axis, whose number is a literal."""
    ty, which = array_type(a), literal_value(axis)
    if which >= ty.ndim:
        refuse(f"{ty} has no axis {which}")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        shape = cg.field(ty, args[0], "shape")
        return cg.element(uni_tuple(int64, ty.ndim), shape, which)

    def run(value: ArrayValue, _: int) -> int:
        return value.shape[which]

    return Primitive("axis_length", int64(ty, axis), lower, run, confines=True)


@intrinsic
def array_size(a):
    """The number of items."""
    ty = array_type(a)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        lengths = _tuple_parts(cg, uni_tuple(int64, ty.ndim), cg.field(ty, args[0], "shape"))
        total = ll.Constant(I64, 1)
        for index, length in enumerate(lengths):
            total = cg.builder.mul(total, length, flags=("nsw",)) if index else length
        return total

    def run(value: ArrayValue) -> int:
        total = 1
        for length in value.shape:
            total *= length
        return total

    return Primitive("array_size", int64(ty), lower, run, confines=True)


@intrinsic
def item_bytes(a):
    """The size of one item of an array or dtype in bytes, known while compiling."""
    return Constant(item_size(item_type(a)))


def _tuple_parts(cg: Any, ty: Tuple, value: Any) -> list[Any]:
    return [cg.element(ty, value, index) for index in range(len(ty.elems))]


# ---- making -----------------------------------------------------------------------------------


@intrinsic
def make_array(block, data, shape, strides, layout):
    """An array that owns `block`; `layout` is a literal letter."""
    if block != memory_block or not isinstance(data, Pointer) or not isinstance(shape, Tuple):
        refuse("make_array(block, pointer, shape, strides, layout)")
    ret = Array(data.elem_ty, len(shape.elems), literal_value(layout))
    dims = uni_tuple(int64, ret.ndim)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        owner, start, lengths, steps, _ = args
        array = cg.make(ret, owner=owner, data=start, shape=lengths, strides=steps)
        cg.retain(ret, array)
        return array

    def run(owner: Any, start: int, lengths: Any, steps: Any, _: str) -> ArrayValue:
        return ArrayValue(owner, start, tuple(lengths), tuple(steps))

    return Primitive("make_array", ret(block, data, dims, dims, layout), lower, run, confines=True)


@intrinsic
def make_view(a, data, shape, strides, layout):
    """A view on the memory of `a`: other start, shape and strides, the same owner."""
    source = array_type(a)
    if not isinstance(data, Pointer) or not isinstance(shape, Tuple):
        refuse("make_view(array, pointer, shape, strides, layout)")
    ret = Array(data.elem_ty, len(shape.elems), literal_value(layout), source.readonly)
    dims = uni_tuple(int64, ret.ndim)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        owner = cg.field(source, args[0], "owner")
        view = cg.make(ret, owner=owner, data=args[1], shape=args[2], strides=args[3])
        cg.retain(ret, view)
        return view

    def run(value: ArrayValue, start: int, lengths: Any, steps: Any, _: str) -> ArrayValue:
        return ArrayValue(value.owner, start, tuple(lengths), tuple(steps))

    return Primitive("make_view", ret(source, data, dims, dims, layout), lower, run, confines=True)


@intrinsic
def cast_pointer(pointer, dtype):
    """The same address, of items of another type."""
    if not isinstance(pointer, Pointer):
        refuse(f"{pointer} is not a pointer")
    ret = Pointer(item_type(dtype))
    return Primitive("cast_pointer", ret(pointer, dtype), lambda _, args: args[0], lambda p, _: p)


@intrinsic
def keep_alive(value):
    """Hold `value` up to here: what was made of its address stays valid."""
    return Primitive(
        "keep_alive", none(value), lambda cg, _: cg.zero(none), lambda _: None, Effects.WRITES
    )


# ---- items ------------------------------------------------------------------------------------


def _address(cg: Any, ty: Array, array: Any, indices: Any) -> Any:
    """The address of the item at `indices` (an LLVM tuple of int64), which are in range."""
    builder = cg.builder
    dims = uni_tuple(int64, ty.ndim)
    address = cg.field(ty, array, "data")
    unit = unit_axis(ty)
    for axis in range(ty.ndim):
        if axis == unit:
            continue
        stride = cg.element(dims, cg.field(ty, array, "strides"), axis)
        step = builder.mul(cg.element(dims, indices, axis), stride, flags=("nsw",))
        address = builder.gep(address, [step], inbounds=True, source_etype=ll.IntType(8))
    if unit is not None:
        index = cg.element(dims, indices, unit)
        storage = cg.ll_storage(ty.dtype)
        address = builder.gep(address, [index], inbounds=True, source_etype=storage)
    return address


def unit_axis(ty: Array) -> int | None:
    """The axis whose items lie side by side, if the layout tells."""
    if ty.ndim == 0 or ty.layout == "A":
        return None
    return ty.ndim - 1 if ty.layout == "C" else 0


def _run_address(value: ArrayValue, indices: Sequence[int]) -> int:
    return value.data + sum(i * s for i, s in zip(indices, value.strides, strict=True))


@intrinsic
def load_item(a, indices):
    """The item at the tuple `indices`, which are in range and not negative."""
    ty = array_type(a)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.load(ty.dtype, _address(cg, ty, *args))

    def run(value: ArrayValue, at: Sequence[int]) -> Any:
        return read_item(ty.dtype, _run_address(value, at))

    sig = ty.dtype(ty, uni_tuple(int64, ty.ndim))
    return Primitive("load_item", sig, lower, run, Effects.READS, confines=True)


@intrinsic
def store_item(a, indices, value):
    """Assign to the item at the tuple `indices`, which are in range and not negative."""
    ty = array_type(a)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.store(ty.dtype, args[2], _address(cg, ty, args[0], args[1]))
        return cg.zero(none)

    def run(array: ArrayValue, at: Sequence[int], item: Any) -> None:
        write_item(ty.dtype, _run_address(array, at), item)

    sig = none(ty, uni_tuple(int64, ty.ndim), ty.dtype)
    return Primitive("store_item", sig, lower, run, Effects.WRITES, confines=True)


@intrinsic
def load_at(a, position):
    """The item at `position` in memory order; the array is contiguous."""
    ty = array_type(a)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.load(ty.dtype, _flat_address(cg, ty, *args))

    def run(value: ArrayValue, at: int) -> Any:
        return read_item(ty.dtype, value.data + at * item_size(ty.dtype))

    return Primitive("load_at", ty.dtype(ty, int64), lower, run, Effects.READS, confines=True)


@intrinsic
def store_at(a, position, value):
    """Assign to the item at `position` in memory order; the array is contiguous."""
    ty = array_type(a)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.store(ty.dtype, args[2], _flat_address(cg, ty, args[0], args[1]))
        return cg.zero(none)

    def run(array: ArrayValue, at: int, item: Any) -> None:
        write_item(ty.dtype, array.data + at * item_size(ty.dtype), item)

    return Primitive(
        "store_at", none(ty, int64, ty.dtype), lower, run, Effects.WRITES, confines=True
    )


def _flat_address(cg: Any, ty: Array, array: Any, position: Any) -> Any:
    data = cg.field(ty, array, "data")
    return cg.builder.gep(data, [position], inbounds=True, source_etype=cg.ll_storage(ty.dtype))


@intrinsic
def in_bounds(index, length):
    """Whether `0 <= index < length`, by one unsigned comparison; `length` is not negative."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.icmp_unsigned("<", args[0], args[1])

    return Primitive("in_bounds", boolean(int64, int64), lower, lambda i, n: 0 <= i < n)
