"""Rows of items, lined up: read through a buffer where they do not lie side by side.

A loop over rows is compiled once, for unit strides. `line_up` gives unit cursors on a piece of each
row: the row itself where its items lie side by side, else a buffer that they are copied to. A row
that repeats one item (stride 0, from broadcasting) is a row like others. `put_back` copies results
out of a buffer. NumPy's iterator buffers for the same reason.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp import StructValue
from pellucid.library.builtins.memory import read_item, write_item
from pellucid.library.numpy.cursors import cursor_dtype, is_cursor, tuple_type
from pellucid.library.numpy.primitives import item_size
from pellucid.types import Struct, Tuple, Type, int64, none, uni_tuple

PIECE = 256
"""The items of a buffer: several of them fit in the first-level cache."""

I64 = ll.IntType(64)
I8 = ll.IntType(8)
_ROW = uni_tuple(int64, 1)


def _buffers(given: Tuple) -> list[Any]:
    """The interpreter's buffers, one for each operand: a piece is used up before the next."""
    return [
        ctypes.create_string_buffer(PIECE * item_size(cursor_dtype(elem)))
        if is_cursor(elem)
        else None
        for elem in given.elems
    ]


@intrinsic
def line_up(walked, first, count):
    """Unit cursors on `count` items (at most PIECE, where a buffer is needed) from `first` on."""
    given = tuple_type(walked)
    memory: list[Any] = []

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        parts: list[Any] = []
        for position, elem in enumerate(given.elems):
            value = cg.element(given, args[0], position)
            if isinstance(elem, Struct):
                value = _emit_line(cg, elem, value, args[1], args[2])
            parts.append(value)
        return cg.make_tuple(given, parts)

    def run(values: Sequence[Any], start: int, total: int) -> Any:
        if not memory:
            memory.extend(_buffers(given))
        return tuple(
            _run_line(elem, value, start, total, buffer) if is_cursor(elem) else value
            for elem, value, buffer in zip(given.elems, values, memory, strict=True)
        )

    return Primitive("line_up", given(given, int64, int64), lower, run, Effects.WRITES)


def _emit_line(cg: Any, ty: Struct, cursor: Any, first: Any, count: Any) -> Any:
    builder = cg.builder
    data, stride, size, is_unit = _row(cg, ty, cursor)
    start = _step(cg, data, first, stride)
    unit = cg.make_tuple(_ROW, [size])
    if isinstance(is_unit, ll.Constant):
        return cg.make(ty, data=start, strides=unit)
    storage = cg.ll_storage(cursor_dtype(ty))
    buffer = cg.alloca(storage, PIECE)
    before = builder.block
    gaps, done = (builder.append_basic_block(name) for name in ("line", "line.done"))
    builder.cbranch(is_unit, done, gaps)
    builder.position_at_end(gaps)
    # One item over and over, as broadcasting makes it, is the common case, and vectorises.
    with builder.if_else(builder.icmp_signed("==", stride, ll.Constant(I64, 0))) as (same, other):
        with same:
            item = builder.load(data, typ=storage, align=item_size_of(ty))
            with _loop(cg, count) as index:
                place = builder.gep(buffer, [index], inbounds=True, source_etype=storage)
                builder.store(item, place, align=item_size_of(ty))
        with other, _loop(cg, count) as index:
            item = builder.load(
                _step(cg, start, index, stride), typ=storage, align=item_size_of(ty)
            )
            place = builder.gep(buffer, [index], inbounds=True, source_etype=storage)
            builder.store(item, place, align=item_size_of(ty))
    after = builder.block
    builder.branch(done)
    builder.position_at_end(done)
    line = builder.phi(start.type)
    line.add_incoming(start, before)
    line.add_incoming(buffer, after)
    return cg.make(ty, data=line, strides=unit)


def item_size_of(ty: Type) -> int:
    """The bytes of one item of a cursor."""
    return item_size(cursor_dtype(ty))


def _row(cg: Any, ty: Struct, cursor: Any) -> tuple[Any, Any, Any, Any]:
    """The start, the stride, the item size, and whether the last two are the same."""
    stride = cg.element(_ROW, cg.field(ty, cursor, "strides"), 0)
    size = ll.Constant(I64, item_size_of(ty))
    if isinstance(stride, ll.Constant) and stride.constant == size.constant:
        is_unit: Any = ll.Constant(ll.IntType(1), 1)
    else:
        is_unit = cg.builder.icmp_signed("==", stride, size)
    return cg.field(ty, cursor, "data"), stride, size, is_unit


def _step(cg: Any, data: Any, index: Any, stride: Any) -> Any:
    distance = cg.builder.mul(index, stride, flags=("nsw",))
    return cg.builder.gep(data, [distance], inbounds=True, source_etype=I8)


class _loop:
    """A loop from 0 to `count`."""

    def __init__(self, cg: Any, count: Any) -> None:
        self.cg, self.count = cg, count

    def __enter__(self) -> Any:
        builder = self.cg.builder
        self.entry = builder.block
        self.body = builder.append_basic_block("copy")
        self.exit = builder.append_basic_block("copy.done")
        zero = ll.Constant(I64, 0)
        builder.cbranch(builder.icmp_signed("<", zero, self.count), self.body, self.exit)
        builder.position_at_end(self.body)
        self.index = builder.phi(I64)
        self.index.add_incoming(zero, self.entry)
        return self.index

    def __exit__(self, *_: object) -> None:
        builder = self.cg.builder
        after = builder.add(self.index, ll.Constant(I64, 1), flags=("nsw",))
        self.index.add_incoming(after, builder.block)
        builder.cbranch(builder.icmp_signed("<", after, self.count), self.body, self.exit)
        builder.position_at_end(self.exit)


def _run_line(ty: Type, value: Any, first: int, count: int, buffer: Any) -> StructValue:
    size, stride = item_size_of(ty), value.strides[0]
    start = value.data + first * stride
    if stride == size:
        return StructValue(data=start, strides=(size,))
    line = ctypes.addressof(buffer)
    dtype = cursor_dtype(ty)
    for index in range(count):
        write_item(dtype, line + index * size, read_item(dtype, start + index * stride))
    return StructValue(data=line, strides=(size,))


@intrinsic
def put_back(target, line, first, count):
    """Copy `count` items of the unit cursor `line` to the row `target` if they are not there."""
    given = tuple_type(target)
    (ty,) = given.elems
    if not isinstance(ty, Struct):
        refuse(f"{ty} is not a cursor")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        data, stride, _, is_unit = _row(cg, ty, cg.element(given, args[0], 0))
        if isinstance(is_unit, ll.Constant):
            return cg.zero(none)
        source = cg.field(ty, cg.element(given, args[1], 0), "data")
        storage = cg.ll_storage(cursor_dtype(ty))
        with builder.if_then(builder.not_(is_unit)):
            start = _step(cg, data, args[2], stride)
            with _loop(cg, args[3]) as index:
                place = builder.gep(source, [index], inbounds=True, source_etype=storage)
                item = builder.load(place, typ=storage, align=item_size_of(ty))
                builder.store(item, _step(cg, start, index, stride), align=item_size_of(ty))
        return cg.zero(none)

    def run(values: Sequence[Any], lines: Sequence[Any], start: int, total: int) -> None:
        cursor, line = values[0], lines[0]
        size, stride = item_size_of(ty), cursor.strides[0]
        if stride == size:
            return
        dtype = cursor_dtype(ty)
        for index in range(total):
            item = read_item(dtype, line.data + index * size)
            write_item(dtype, cursor.data + (start + index) * stride, item)

    sig = none(given, given, int64, int64)
    return Primitive("put_back", sig, lower, run, Effects.WRITES)
