"""The operands of a loop over arrays, taken together: an engine walks them all in step.

An operand is an array or a scalar. `cursors(operands, shape)` makes of each array a *cursor*, a
start and one stride for each axis of `shape` (0 along an axis that it is broadcast over); a scalar
stays itself. `advance` enters the next axis at an index, `fetch` reads the items of all operands,
`fetch_unit` does so where all items lie side by side, which is what vectorises.

Cursors hold addresses and no references: the engine keeps its arrays alive over the loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp import StructValue
from pellucid.library.builtins.memory import read_item, write_item
from pellucid.library.numpy.primitives import item_size, unit_axis
from pellucid.types import (
    Array,
    Pointer,
    Struct,
    Tuple,
    Type,
    boolean,
    int64,
    none,
    uni_tuple,
)

I64 = ll.IntType(64)
I8 = ll.IntType(8)


def cursor_type(dtype: Type, ndim: int) -> Struct:
    """The cursor of an array of `dtype` with `ndim` axes still to walk."""
    return Struct("cursor", (("data", Pointer(dtype)), ("strides", uni_tuple(int64, ndim))))


def is_cursor(ty: Type) -> bool:
    """Whether `ty` is the type of a cursor."""
    return isinstance(ty, Struct) and ty.name == "cursor"


def cursor_dtype(ty: Type) -> Type:
    """The type of the items that a cursor walks; of a scalar, its own."""
    if not isinstance(ty, Struct):
        return ty.base
    pointer = ty.fields[0][1]
    assert isinstance(pointer, Pointer)
    return pointer.elem_ty


def _cursor_rank(ty: Struct) -> int:
    strides = ty.fields[1][1]
    assert isinstance(strides, Tuple)
    return len(strides.elems)


def tuple_type(ty: Type) -> Tuple:
    """`ty` with literals dropped, which must be a tuple; refuses others."""
    if not isinstance(ty, Tuple):
        refuse(f"{ty} is not a tuple")
    return Tuple(tuple(elem.base for elem in ty.elems))


# ---- making and walking -----------------------------------------------------------------------


@intrinsic
def cursors(operands, shape):
    """A cursor for each array of the tuple `operands`, over `shape`, which they broadcast to."""
    given = tuple_type(operands)
    ndim = len(tuple_type(shape).elems)
    dims = uni_tuple(int64, ndim)
    made = Tuple(
        tuple(
            cursor_type(elem.dtype, ndim) if isinstance(elem, Array) else elem
            for elem in given.elems
        )
    )

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        parts: list[Any] = []
        for index, elem in enumerate(given.elems):
            value = cg.element(given, args[0], index)
            if isinstance(elem, Array):
                strides = _broadcast_strides(cg, elem, value, args[1], ndim)
                data = cg.field(elem, value, "data")
                steps = cg.make_tuple(dims, strides)
                value = cg.make(made.elems[index], data=data, strides=steps)
            parts.append(value)
        return cg.make_tuple(made, parts)

    def run(values: Sequence[Any], lengths: Sequence[int]) -> Any:
        return tuple(
            StructValue(data=value.data, strides=_run_strides(value, lengths))
            if isinstance(elem, Array)
            else value
            for elem, value in zip(given.elems, values, strict=True)
        )

    return Primitive("cursors", made(given, dims), lower, run)


def _broadcast_strides(cg: Any, ty: Array, array: Any, shape: Any, ndim: int) -> list[Any]:
    own = uni_tuple(int64, ty.ndim)
    zero = ll.Constant(I64, 0)
    strides: list[Any] = [zero] * (ndim - ty.ndim)
    for axis in range(ty.ndim):
        length = cg.element(own, cg.field(ty, array, "shape"), axis)
        wanted = cg.element(uni_tuple(int64, ndim), shape, axis + ndim - ty.ndim)
        stride = cg.element(own, cg.field(ty, array, "strides"), axis)
        if axis == unit_axis(ty):
            stride = ll.Constant(I64, item_size(ty.dtype))
        same = cg.builder.icmp_signed("==", length, wanted)
        strides.append(cg.builder.select(same, stride, zero))
    return strides


def _run_strides(value: Any, lengths: Sequence[int]) -> tuple[int, ...]:
    lead = len(lengths) - len(value.shape)
    own = zip(value.shape, value.strides, lengths[lead:], strict=True)
    return (0,) * lead + tuple(stride if have == want else 0 for have, stride, want in own)


@intrinsic
def advance(walked, index):
    """The cursors at `index` of their first axis, which is left behind."""
    given = tuple_type(walked)
    ret = Tuple(
        tuple(
            cursor_type(cursor_dtype(elem), _cursor_rank(elem) - 1)
            if isinstance(elem, Struct) and is_cursor(elem)
            else elem
            for elem in given.elems
        )
    )

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        parts: list[Any] = []
        for position, (elem, after) in enumerate(zip(given.elems, ret.elems, strict=True)):
            value = cg.element(given, args[0], position)
            if isinstance(elem, Struct) and isinstance(after, Struct):
                dims, rest = elem.fields[1][1], after.fields[1][1]
                assert isinstance(dims, Tuple)
                strides = cg.field(elem, value, "strides")
                data = _step(
                    cg, cg.field(elem, value, "data"), args[1], cg.element(dims, strides, 0)
                )
                later = [cg.element(dims, strides, axis) for axis in range(1, len(dims.elems))]
                value = cg.make(after, data=data, strides=cg.make_tuple(rest, later))
            parts.append(value)
        return cg.make_tuple(ret, parts)

    def run(values: Sequence[Any], at: int) -> Any:
        return tuple(
            StructValue(data=v.data + at * v.strides[0], strides=v.strides[1:])
            if is_cursor(elem)
            else v
            for elem, v in zip(given.elems, values, strict=True)
        )

    return Primitive("advance", ret(given, int64), lower, run)


def _step(cg: Any, data: Any, index: Any, stride: Any) -> Any:
    distance = cg.builder.mul(index, stride, flags=("nsw",))
    return cg.builder.gep(data, [distance], inbounds=True, source_etype=I8)


@intrinsic
def reverse_axes(walked):
    """The cursors with their axes in the opposite order."""
    given = tuple_type(walked)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        parts: list[Any] = []
        for position, elem in enumerate(given.elems):
            value = cg.element(given, args[0], position)
            if isinstance(elem, Struct):
                dims = elem.fields[1][1]
                assert isinstance(dims, Tuple)
                strides = cg.field(elem, value, "strides")
                turned = [cg.element(dims, strides, a) for a in reversed(range(len(dims.elems)))]
                data = cg.field(elem, value, "data")
                value = cg.make(elem, data=data, strides=cg.make_tuple(dims, turned))
            parts.append(value)
        return cg.make_tuple(given, parts)

    def run(values: Sequence[Any]) -> Any:
        return tuple(
            StructValue(data=v.data, strides=v.strides[::-1]) if is_cursor(elem) else v
            for elem, v in zip(given.elems, values, strict=True)
        )

    return Primitive("reverse_axes", given(given), lower, run)


@intrinsic
def reverse_shape(shape):
    """The lengths in the opposite order."""
    given = tuple_type(shape)
    count = len(given.elems)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        turned = [cg.element(given, args[0], axis) for axis in reversed(range(count))]
        return cg.make_tuple(given, turned)

    return Primitive("reverse_shape", given(given), lower, lambda lengths: tuple(lengths)[::-1])


@intrinsic
def all_unit(walked):
    """Whether the items of each cursor lie side by side along its one axis."""
    given = tuple_type(walked)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        answer = ll.Constant(ll.IntType(1), 1)
        for position, elem in enumerate(given.elems):
            if isinstance(elem, Struct):
                value = cg.element(given, args[0], position)
                stride = cg.element(uni_tuple(int64, 1), cg.field(elem, value, "strides"), 0)
                size = ll.Constant(I64, item_size(cursor_dtype(elem)))
                unit = cg.builder.icmp_signed("==", stride, size)
                answer = cg.builder.and_(answer, unit)
        return answer

    def run(values: Sequence[Any]) -> bool:
        pairs = zip(given.elems, values, strict=True)
        return all(v.strides[0] == item_size(cursor_dtype(e)) for e, v in pairs if is_cursor(e))

    return Primitive("all_unit", boolean(given), lower, run)


# ---- reading and writing ----------------------------------------------------------------------


def _fetch(name: str, walked: Type, address: Any, find: Any, indexed: bool) -> Primitive:
    """A primitive that reads each operand; `address` and `find` locate an item of a cursor."""
    given = tuple_type(walked)
    ret = Tuple(tuple(cursor_dtype(elem) if is_cursor(elem) else elem for elem in given.elems))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        parts: list[Any] = []
        for position, elem in enumerate(given.elems):
            value = cg.element(given, args[0], position)
            if isinstance(elem, Struct):
                value = cg.load(cursor_dtype(elem), address(cg, elem, value, *args[1:]))
            parts.append(value)
        return cg.make_tuple(ret, parts)

    def run(values: Sequence[Any], *at: int) -> Any:
        return tuple(
            read_item(cursor_dtype(elem), find(elem, v, *at)) if is_cursor(elem) else v
            for elem, v in zip(given.elems, values, strict=True)
        )

    params = (given, int64) if indexed else (given,)
    return Primitive(name, ret(*params), lower, run, Effects.READS)


def _put(name: str, cursor: Type, address: Any, find: Any, indexed: bool) -> Primitive:
    """A primitive that writes the item of one cursor; the value is its last argument."""
    if not isinstance(cursor, Struct):
        refuse(f"{cursor} is not a cursor")
    dtype = cursor_dtype(cursor)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.store(dtype, args[-1], address(cg, cursor, *args[:-1]))
        return cg.zero(none)

    def run(*args: Any) -> None:
        write_item(dtype, find(cursor, *args[:-1]), args[-1])

    params = (cursor, int64, dtype) if indexed else (cursor, dtype)
    return Primitive(name, none(*params), lower, run, Effects.WRITES)


def _at_start(cg: Any, ty: Struct, value: Any) -> Any:
    return cg.field(ty, value, "data")


def _at_index(cg: Any, ty: Struct, value: Any, index: Any) -> Any:
    stride = cg.element(uni_tuple(int64, 1), cg.field(ty, value, "strides"), 0)
    return _step(cg, cg.field(ty, value, "data"), index, stride)


def _at_unit(cg: Any, ty: Struct, value: Any, index: Any) -> Any:
    storage = cg.ll_storage(cursor_dtype(ty))
    return cg.builder.gep(cg.field(ty, value, "data"), [index], inbounds=True, source_etype=storage)


def _find_start(_ty: Type, value: Any) -> int:
    return value.data


def _find_index(_ty: Type, value: Any, index: int) -> int:
    return value.data + index * value.strides[0]


def _find_unit(ty: Type, value: Any, index: int) -> int:
    return value.data + index * item_size(cursor_dtype(ty))


@intrinsic
def fetch(walked):
    """The items of cursors without axes, as a tuple."""
    return _fetch("fetch", walked, _at_start, _find_start, indexed=False)


@intrinsic
def fetch_at(walked, index):
    """The items at `index` along the one axis that the cursors have left."""
    return _fetch("fetch_at", walked, _at_index, _find_index, indexed=True)


@intrinsic
def fetch_unit(walked, index):
    """As `fetch_at`, of cursors that are `all_unit`."""
    return _fetch("fetch_unit", walked, _at_unit, _find_unit, indexed=True)


@intrinsic
def unit_start(walked):
    """Where the one cursor in `walked` starts."""
    given = tuple_type(walked)
    (ty,) = given.elems
    if not isinstance(ty, Struct):
        refuse(f"{ty} is not a cursor")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.field(ty, cg.element(given, args[0], 0), "data")

    return Primitive("unit_start", ty.fields[0][1](given), lower, lambda values: values[0].data)


@intrinsic
def put(cursor, value):
    """Write the item of a cursor without axes."""
    return _put("put", cursor, _at_start, _find_start, indexed=False)


@intrinsic
def put_at(cursor, index, value):
    """Write the item at `index` along the one axis that the cursor has left."""
    return _put("put_at", cursor, _at_index, _find_index, indexed=True)


@intrinsic
def put_unit(cursor, index, value):
    """As `put_at`, of a cursor that is `all_unit`."""
    return _put("put_unit", cursor, _at_unit, _find_unit, indexed=True)


@intrinsic
def collapse(walked, total, whether):
    """The cursors; if `whether`, as walking `total` items side by side along the last axis.

    The loop nest then does one turn of each outer axis: one copy of the loop serves contiguous
    operands of one shape and all others.
    """
    given = tuple_type(walked)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        parts: list[Any] = []
        for position, elem in enumerate(given.elems):
            value = cg.element(given, args[0], position)
            if isinstance(elem, Struct):
                dims = elem.fields[1][1]
                assert isinstance(dims, Tuple)
                strides = cg.field(elem, value, "strides")
                last = len(dims.elems) - 1
                flat = [ll.Constant(I64, 0)] * last
                flat.append(ll.Constant(I64, item_size(cursor_dtype(elem))))
                chosen = [
                    cg.builder.select(args[2], flat[axis], cg.element(dims, strides, axis))
                    for axis in range(last + 1)
                ]
                data = cg.field(elem, value, "data")
                value = cg.make(elem, data=data, strides=cg.make_tuple(dims, chosen))
            parts.append(value)
        return cg.make_tuple(given, parts)

    def run(values: Sequence[Any], _total: int, flat: bool) -> Any:
        if not flat:
            return values
        return tuple(
            StructValue(
                data=v.data,
                strides=(0,) * (_cursor_rank(e) - 1) + (item_size(cursor_dtype(e)),),
            )
            if isinstance(e, Struct)
            else v
            for e, v in zip(given.elems, values, strict=True)
        )

    return Primitive("collapse", given(given, int64, boolean), lower, run)


@intrinsic
def collapse_shape(shape, total, whether):
    """The shape that goes with `collapse`: `(1, ..., 1, total)` if `whether`."""
    given = tuple_type(shape)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        last = len(given.elems) - 1
        flat = [ll.Constant(I64, 1)] * last + [args[1]]
        chosen = [
            cg.builder.select(args[2], flat[axis], cg.element(given, args[0], axis))
            for axis in range(last + 1)
        ]
        return cg.make_tuple(given, chosen)

    def run(lengths: Sequence[int], total: int, flat: bool) -> Any:
        return (1,) * (len(lengths) - 1) + (total,) if flat else tuple(lengths)

    return Primitive("collapse_shape", given(given, int64, boolean), lower, run)
