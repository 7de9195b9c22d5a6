"""The elementwise engine: a kernel on single items, applied over arrays that broadcast.

    elementwise(kernel, dtype, layout, (a, b))    a new array of kernel(a[i], b[i])
    elementwise_into(kernel, out, (a, b))         the same, into an array that is there

One loop nest serves all operands. Where all arrays are contiguous in the same order and have the
same shape, it runs as a single loop over memory; along an axis on which all items lie side by side
the inner loop has unit strides, which LLVM vectorises. No item is checked in a loop.

An operand of `elementwise_into` that may share memory with the output is copied first, unless it is
the very same view: then each item is read before it is written.
"""

from __future__ import annotations

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.numpy.allocation import new_array
from pellucid.library.numpy.broadcasting import (
    broadcast,
    check_output,
    same_shapes,
    shapes_of,
)
from pellucid.library.numpy.cursors import (
    advance,
    all_unit,
    collapse,
    collapse_shape,
    cursors,
    fetch,
    fetch_unit,
    put,
    put_unit,
    reverse_axes,
    reverse_shape,
)
from pellucid.library.numpy.lines import PIECE, line_up, put_back
from pellucid.library.numpy.overlap import detach
from pellucid.library.numpy.primitives import array_shape, array_size, item_type, keep_alive
from pellucid.library.numpy.scalars import as_type
from pellucid.types import Array, Tuple, Type
from pellucid.types.kinds import static


@intrinsic
def pack(dtypes, *operands):
    """The operands as a tuple; each scalar converted to its entry of `dtypes`."""
    wanted = [item_type(ty) for ty in dtypes.elems]
    params = tuple(
        ty if isinstance(ty, Array) else want for ty, want in zip(operands, wanted, strict=True)
    )
    ret = Tuple(params)

    def lower(cg, args):
        packed = cg.make_tuple(ret, args[1:])
        cg.retain(ret, packed)
        return packed

    return Primitive("pack", ret(dtypes, *params), lower, lambda _, *values: values)


def arrays_in(operands: Type) -> list[Array]:
    """The array types among the operands."""
    if not isinstance(operands, Tuple):
        refuse(f"{operands} is not a tuple of operands")
    return [ty for ty in operands.elems if isinstance(ty, Array)]


@static
def may_collapse(out: Type, operands: Type) -> bool:
    """Whether equal shapes make all arrays one run of items in the same order."""
    if not isinstance(out, Array) or out.ndim == 0:
        return False
    orders = "CF" if out.ndim == 1 else out.layout
    arrays = (out, *arrays_in(operands))
    return out.layout != "A" and all(ty.ndim == out.ndim and ty.layout in orders for ty in arrays)


@static
def is_fortran(out: Type) -> bool:
    """Whether the first axis is the one to run along."""
    return isinstance(out, Array) and out.ndim > 1 and out.layout == "F"


def elementwise(kernel, dtype, layout, operands):
    """A new array of `dtype`: `kernel` applied to the items of `operands`, broadcast."""
    out = new_array(dtype, broadcast(operands), layout)
    run_loops(kernel, out, operands)
    return out


def elementwise_into(kernel, out, operands):
    """`kernel` applied to the items of `operands`, broadcast to `out`, which gets the results."""
    check_output(operands, array_shape(out))
    run_loops(kernel, out, detach(operands, out))


def apply_once(kernel, operands):
    """`kernel` applied to operands without axes; a scalar."""
    result = kernel(*fetch(cursors(operands, ())))
    keep_alive(operands)
    return result


def run_loops(kernel, out, operands):
    """Fill `out` from `operands`, which broadcast to its shape."""
    shape = array_shape(out)
    target = cursors((out,), shape)
    walked = cursors(operands, shape)
    if is_fortran(out):
        target, walked, shape = reverse_axes(target), reverse_axes(walked), reverse_shape(shape)
    if may_collapse(out, operands):
        total = array_size(out)
        flat = same_shapes((array_shape(out), *shapes_of(operands)))
        target = collapse(target, total, flat)
        walked = collapse(walked, total, flat)
        shape = collapse_shape(shape, total, flat)
    nest(kernel, target, walked, shape)
    keep_alive(out)
    keep_alive(operands)


def nest(kernel, target, walked, shape):
    """One loop for each axis of `shape`, the last innermost."""
    if len(shape) == 0:
        put(target[0], as_type(kernel(*fetch(walked)), item_of(target)))
    elif len(shape) == 1:
        run_inner(kernel, target, walked, shape[0])
    else:
        for i in range(shape[0]):
            nest(kernel, advance(target, i), advance(walked, i), shape[1:])


def run_inner(kernel, target, walked, count):
    """The innermost loop: over the whole row, or piece by piece where a row has gaps."""
    step = piece_length(target, walked, count)
    first = 0
    while first < count:
        length = step if first + step < count else count - first
        sources, sink = line_up(walked, first, length), line_up(target, first, 0)
        for i in range(length):
            put_unit(sink[0], i, as_type(kernel(*fetch_unit(sources, i)), item_of(target)))
        put_back(target, sink, first, length)
        first += step


def piece_length(target, walked, count):
    """How many items of a row are run at a time: all, if no row goes through a buffer."""
    if all_unit(target) and all_unit(walked):
        return count
    return PIECE


@static
def item_of(target: Type) -> Type:
    """The type of the items that the one cursor in `target` walks."""
    assert isinstance(target, Tuple)
    return target.elems[0].fields[0][1].elem_ty  # type: ignore[attr-defined]  # a cursor: cursors.py
