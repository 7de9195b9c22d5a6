"""The operations that `scan_checks.py` puts before loops: flags, and tests of arrays' memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.ir.callee import Primitive
from pellucid.ir.interp_values import ArrayValue
from pellucid.types import Array, Signature, boolean, dtype_of, int64, uni_tuple

# Any: the lowering context and LLVM values are of higher rooms.

SHORT = 8
FLAGS = Signature(boolean, (boolean, boolean))


def _lower_failed(cg: Any, args: Sequence[Any]) -> Any:
    return cg.builder.or_(*args)


def _lower_unmet(cg: Any, args: Sequence[Any]) -> Any:
    return cg.builder.or_(args[0], cg.builder.not_(args[1]))


def _lower_both(cg: Any, args: Sequence[Any]) -> Any:
    return cg.builder.and_(*args)


def _lower_is_long(cg: Any, args: Sequence[Any]) -> Any:
    count = cg.builder.sub(args[1], args[0])
    return cg.builder.icmp_signed(">=", count, count.type(SHORT))


def _run_failed(flag: bool, bad: bool) -> bool:
    return flag or bad


def _run_unmet(flag: bool, good: bool) -> bool:
    return flag or not good


def _run_both(one: bool, other: bool) -> bool:
    return one and other


def _run_is_long(start: int, limit: int) -> bool:
    return limit - start >= SHORT


FAILED = Primitive("failed", FLAGS, _lower_failed, _run_failed)
"""The flag of a scan, after a check that raises if `bad`."""

UNMET = Primitive("unmet", FLAGS, _lower_unmet, _run_unmet)
"""The flag of a scan, after a check that raises unless `good`."""

BOTH = Primitive("both", FLAGS, _lower_both, _run_both)
"""Whether two tests hold."""

IS_LONG = Primitive("is_long", Signature(boolean, (int64, int64)), _lower_is_long, _run_is_long)
"""Whether so many numbers lie between that a scan of its own is worth its start."""


def apart(first: Array, second: Array) -> Primitive:
    """Whether no byte lies within the bounds of both arrays."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _lower_apart(cg, first, second, args)

    def run(one: ArrayValue, other: ArrayValue) -> bool:
        (low, high), (other_low, other_high) = _run_bounds(first, one), _run_bounds(second, other)
        return high <= other_low or other_high <= low

    return Primitive("apart", boolean(first, second), lower, run)


def apart_or_same(first: Array, second: Array) -> Primitive:
    """Whether the arrays are apart, or the same items at the same indices; `is_spread` besides."""
    dims = uni_tuple(int64, first.ndim)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        data = [cg.field(ty, v, "data") for ty, v in zip((first, second), args, strict=True)]
        same = builder.icmp_unsigned("==", *data)
        for name in ("shape", "strides"):
            for axis in range(first.ndim):
                one, other = (
                    cg.element(dims, cg.field(ty, value, name), axis)
                    for ty, value in zip((first, second), args, strict=True)
                )
                same = builder.and_(same, builder.icmp_signed("==", one, other))
        same = builder.and_(same, _lower_is_spread(cg, first, args[0]))
        return builder.or_(same, _lower_apart(cg, first, second, args))

    def run(one: ArrayValue, other: ArrayValue) -> bool:
        (low, high), (other_low, other_high) = _run_bounds(first, one), _run_bounds(second, other)
        places = [(v.data, tuple(v.shape), tuple(v.strides)) for v in (one, other)]
        is_same = places[0] == places[1] and _run_is_spread(first, one)
        return is_same or high <= other_low or other_high <= low

    return Primitive("apart_or_same", boolean(first, second), lower, run)


def is_spread(ty: Array) -> Primitive:
    """Whether different indices are different items, of one axis or where the layout tells."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _lower_is_spread(cg, ty, args[0])

    def run(value: ArrayValue) -> bool:
        return _run_is_spread(ty, value)

    return Primitive("is_spread", boolean(ty), lower, run)


def _lower_is_spread(cg: Any, ty: Array, ll_array: Any) -> Any:
    if ty.layout != "A":
        return cg.ll_type(boolean)(1)
    builder = cg.builder
    stride = cg.element(uni_tuple(int64, ty.ndim), cg.field(ty, ll_array, "strides"), 0)
    size = cg.ll_type(int64)(dtype_of(ty.dtype).itemsize)
    is_up = builder.icmp_signed(">=", stride, size)
    return builder.or_(is_up, builder.icmp_signed("<=", stride, builder.neg(size)))


def _run_is_spread(ty: Array, value: ArrayValue) -> bool:
    return ty.layout != "A" or abs(value.strides[0]) >= dtype_of(ty.dtype).itemsize


def _lower_apart(cg: Any, first: Array, second: Array, args: Sequence[Any]) -> Any:
    low, high = _lower_bounds(cg, first, args[0])
    other_low, other_high = _lower_bounds(cg, second, args[1])
    builder = cg.builder
    return builder.or_(
        builder.icmp_unsigned("<=", high, other_low), builder.icmp_unsigned("<=", other_high, low)
    )


def _lower_bounds(cg: Any, ty: Array, ll_array: Any) -> tuple[Any, Any]:
    """The addresses of an array's first byte and of the one after its last; equal if empty."""
    builder, dims = cg.builder, uni_tuple(int64, ty.ndim)
    zero = cg.ll_type(int64)(0)
    start = low = high = builder.ptrtoint(cg.field(ty, ll_array, "data"), cg.ll_type(int64))
    is_empty = cg.ll_type(boolean)(0)
    for axis in range(ty.ndim):
        length = cg.element(dims, cg.field(ty, ll_array, "shape"), axis)
        stride = cg.element(dims, cg.field(ty, ll_array, "strides"), axis)
        extent = builder.mul(builder.sub(length, cg.ll_type(int64)(1)), stride)
        is_down = builder.icmp_signed("<", extent, zero)
        low = builder.add(low, builder.select(is_down, extent, zero))
        high = builder.add(high, builder.select(is_down, zero, extent))
        is_empty = builder.or_(is_empty, builder.icmp_signed("<=", length, zero))
    high = builder.add(high, cg.ll_type(int64)(dtype_of(ty.dtype).itemsize))
    return builder.select(is_empty, start, low), builder.select(is_empty, start, high)


def _run_bounds(ty: Array, value: ArrayValue) -> tuple[int, int]:
    if 0 in value.shape:
        return value.data, value.data
    extents = [(n - 1) * s for n, s in zip(value.shape, value.strides, strict=True)]
    low = value.data + sum(min(extent, 0) for extent in extents)
    return low, value.data + sum(max(e, 0) for e in extents) + dtype_of(ty.dtype).itemsize
