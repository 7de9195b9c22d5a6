"""Whether two arrays may share memory, and copies where that would matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic
from pellucid.ir.callee import Primitive
from pellucid.ir.interp import ArrayValue
from pellucid.library.numpy.primitives import array_type, is_array, item_size
from pellucid.types import Array, boolean, int64, uni_tuple

I64 = ll.IntType(64)
TRUE = ll.Constant(ll.IntType(1), 1)


@intrinsic
def is_other_view(a, b):
    """Whether `a` and `b` may share memory and are not the same view of it.

    Memory is compared by its bounds, as NumPy first does; arrays that interleave count as sharing.
    """
    first, second = array_type(a), array_type(b)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        (low, high), (other_low, other_high) = (
            _bounds(cg, ty, value) for ty, value in zip((first, second), args, strict=True)
        )
        apart = builder.or_(
            builder.icmp_unsigned("<=", high, other_low),
            builder.icmp_unsigned("<=", other_high, low),
        )
        return builder.not_(builder.or_(apart, _is_same(cg, first, second, args)))

    def run(left: ArrayValue, right: ArrayValue) -> bool:
        same = (left.data, tuple(left.shape), tuple(left.strides)) == (
            right.data, tuple(right.shape), tuple(right.strides)
        )  # fmt: skip
        (low, high), (other_low, other_high) = (
            _run_bounds(ty, value) for ty, value in ((first, left), (second, right))
        )
        return not (
            high <= other_low or other_high <= low or (same and first.dtype == second.dtype)
        )

    return Primitive("is_other_view", boolean(first, second), lower, run)


def _bounds(cg: Any, ty: Array, array: Any) -> tuple[Any, Any]:
    """The addresses of the first byte of the array and of the one after its last."""
    builder = cg.builder
    dims, zero, one = uni_tuple(int64, ty.ndim), ll.Constant(I64, 0), ll.Constant(I64, 1)
    low = builder.ptrtoint(cg.field(ty, array, "data"), I64)
    high = low
    for axis in range(ty.ndim):
        length = cg.element(dims, cg.field(ty, array, "shape"), axis)
        stride = cg.element(dims, cg.field(ty, array, "strides"), axis)
        extent = builder.mul(builder.sub(length, one), stride)
        backward = builder.icmp_signed("<", extent, zero)
        low = builder.add(low, builder.select(backward, extent, zero))
        high = builder.add(high, builder.select(backward, zero, extent))
    return low, builder.add(high, ll.Constant(I64, item_size(ty.dtype)))


def _is_same(cg: Any, first: Array, second: Array, args: Sequence[Any]) -> Any:
    if first.dtype != second.dtype or first.ndim != second.ndim:
        return ll.Constant(ll.IntType(1), 0)
    builder = cg.builder
    dims = uni_tuple(int64, first.ndim)
    data = [cg.field(ty, v, "data") for ty, v in zip((first, second), args, strict=True)]
    same = builder.icmp_unsigned("==", *data)
    for name in ("shape", "strides"):
        parts = [cg.field(ty, v, name) for ty, v in zip((first, second), args, strict=True)]
        for axis in range(first.ndim):
            left, right = (cg.element(dims, part, axis) for part in parts)
            same = builder.and_(same, builder.icmp_signed("==", left, right))
    return same


def _run_bounds(ty: Array, value: ArrayValue) -> tuple[int, int]:
    extents = [(n - 1) * s for n, s in zip(value.shape, value.strides, strict=True)]
    low = value.data + sum(min(e, 0) for e in extents)
    return low, value.data + sum(max(e, 0) for e in extents) + item_size(ty.dtype)


def detach(operands, out):
    """The operands, those copied whose memory an assignment to `out` may change too early."""
    if len(operands) == 0:
        return ()
    return (detach_one(operands[0], out), *detach(operands[1:], out))


def detach_one(operand, out):
    """The operand, or a copy of it."""
    if not is_array(operand):
        return operand
    return operand.copy() if is_other_view(operand, out) else operand
