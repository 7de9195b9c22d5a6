"""What the fusion pass calls: several elementwise operations as one loop.

`kernel` is the pass's function of single items. `joins` says which shapes are broadcast together,
as pairs of numbers: the operands' shapes are numbered from 0, then come the joined ones. So a
mismatch raises what the first operation that finds it raises.
"""

from __future__ import annotations

from pellucid.inference.overloads import overload
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.broadcasting import broadcast_shapes, check_shapes, shapes_of
from pellucid.library.numpy.elementwise import run_loops
from pellucid.library.numpy.literals import with_literals
from pellucid.library.numpy.overlap import detach
from pellucid.library.numpy.primitives import array_shape, item_type
from pellucid.library.numpy.reduction import reduce_all
from pellucid.library.numpy.scalars import as_type
from pellucid.library.numpy.sums import sum_reduction, sum_type


@with_literals("joins", "last")
def joined(shapes, joins, last):
    """The shape with the number `last`, after all joins; ValueError where shapes do not fit."""
    if len(joins) == 0:
        return shapes[last]
    pair = (shapes[joins[0][0]], shapes[joins[0][1]])
    return joined((*shapes, broadcast_shapes(pair)), joins[1:], last)


@overload("pellucid.numpy.fused", literals=("joins", "last"), inline=True)
def fused(kernel, dtype, layout, joins, last, operands):
    """A new array of `kernel` applied to the items of the operands."""

    def impl(kernel, dtype, layout, joins, last, operands):
        out = new_array(dtype, joined(shapes_of(operands), joins, last), layout)
        run_loops(kernel, out, operands)
        return out

    return impl


@overload("pellucid.numpy.fused_into", literals=("joins", "last"), inline=True)
def fused_into(kernel, out, joins, last, operands):
    """`kernel` applied to the items of the operands, which the array `out` gets."""

    def impl(kernel, out, joins, last, operands):
        shape = joined(shapes_of(operands), joins, last)
        # The output is the first operand of the last operation, and its result: named twice.
        check_shapes((array_shape(out), shape, array_shape(out)), array_shape(out))
        run_loops(kernel, out, detach(operands, out))
        return out

    return impl


@overload("pellucid.numpy.fused_sum", literals=("joins", "last"), inline=True)
def fused_sum(kernel, dtype, joins, last, operands):
    """The sum of `kernel` applied to the items of the operands."""
    work = sum_type(item_type(dtype))
    reduction = sum_reduction(work, is_plain=False)
    fold, combine = reduction.fold, reduction.combine

    def impl(kernel, dtype, joins, last, operands):
        shape = joined(shapes_of(operands), joins, last)
        return reduce_all(fold, combine, kernel, operands, shape, as_type(0, work))

    return impl
