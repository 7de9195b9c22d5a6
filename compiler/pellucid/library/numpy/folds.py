"""Folds of one row of items: in order, in any order, and by pairs as NumPy sums.

Pairwise summation is NumPy's (numpy/_core/src/umath/loops_utils.h.src): blocks of at most 128
items, in each eight partial sums joined as a tree; larger rows by halves. So sums are equal to
NumPy's to the last bit, the error grows with the logarithm of the length, and eight sums at once
fill a vector register.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.builtins.memory import load, offset, read_item, store
from pellucid.library.numpy.cursors import all_unit, fetch_at, fetch_unit, unit_start
from pellucid.library.numpy.lines import PIECE, line_up
from pellucid.library.numpy.primitives import item_size, item_type
from pellucid.library.numpy.scalars import add, as_type, imag_part, make_complex, real_part
from pellucid.types import Complex, Float, Pointer, Type, int64
from pellucid.types.kinds import static

BLOCK = 128
LANES = 8
I64 = ll.IntType(64)


def fold_in_order(join: Any, start: float | None, work: Type) -> Any:
    """The fold by `join(result, item)`; from the first item on if there is no `start`.

    Any: compiled functions.
    """
    has_start = start is not None

    def fold(kernel, walked, count):
        result = as_type(start, work) if has_start else kernel(*fetch_at(walked, 0))
        first = 0 if has_start else 1
        step = row_piece(walked, count)
        while first < count:
            length = step if first + step < count else count - first
            line = line_up(walked, first, length)
            for i in range(length):
                result = join(result, kernel(*fetch_unit(line, i)))
            first += step
        return result

    return fold


def row_piece(walked, count):
    """How many items of a row are taken at a time: all, if it needs no buffer."""
    return count if all_unit(walked) else PIECE


# ---- pairwise sums ----------------------------------------------------------------------------


def pairwise_fold(work: Type, is_plain: bool) -> Any:
    """The pairwise sum of floats or complex numbers. Any: compiled functions.

    `is_plain`: the kernel gives the items of one operand as they are, so that a row side by side
    in memory is summed where it lies.
    """
    if isinstance(work, Complex):
        return _complex_fold(work)

    def fold(kernel, walked, count):
        return sum_items(kernel, walked, 0, count, work)

    def plain(kernel, walked, count):
        if all_unit(walked):
            return sum_run(unit_start(walked), 0, count)
        return sum_items(kernel, walked, 0, count, work)

    return plain if is_plain else fold


def sum_run(data, first, count):
    """The sum of `count` items side by side, from the item `first` on."""
    if count <= BLOCK:
        return sum_block(offset(data, first * size_of(data)), count)
    half = half_of(count)
    return add(sum_run(data, first, half), sum_run(data, first + half, count - half))


def sum_items(kernel, walked, first, count, dtype):
    """The sum of `kernel` of `count` items, from `first` on."""
    if count <= BLOCK:
        return sum_block(gather(kernel, walked, first, count, dtype), count)
    half = half_of(count)
    return add(
        sum_items(kernel, walked, first, half, dtype),
        sum_items(kernel, walked, first + half, count - half, dtype),
    )


def gather(kernel, walked, first, count, dtype):
    """`kernel` of at most BLOCK items, stored side by side."""
    block = scratch(dtype)
    line = line_up(walked, first, count)
    for i in range(count):
        store(block, i, as_type(kernel(*fetch_unit(line, i)), dtype))
    return block


def half_of(count):
    """Where a row is cut: a multiple of the lanes."""
    half = count >> 1
    return half - (half & 7)


def sum_block(data, count):
    """The sum of at most BLOCK items: eight lanes, then what is left over."""
    whole = count & ~7
    total = lane_sum(data, whole) if whole > 0 else as_type(0, pointed(data))
    for i in range(whole, count):
        total = add(total, load(data, i))
    return total


@static
def size_of(ty: Type) -> int:
    """The bytes of one item behind a pointer."""
    assert isinstance(ty, Pointer)
    return item_size(ty.elem_ty)


@static
def pointed(ty: Type) -> Type:
    """The type of the items behind a pointer."""
    assert isinstance(ty, Pointer)
    return ty.elem_ty


@intrinsic
def lane_sum(data, count):
    """The sum of `count` floats, a positive multiple of LANES, by lanes joined as a tree."""
    if not isinstance(data, Pointer) or not isinstance(data.elem_ty, Float):
        refuse(f"{data} does not point to floats")
    ty, size = data.elem_ty, item_size(data.elem_ty)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _emit_lanes(cg, ty, *args)

    def run(address: int, total: int) -> float:
        items = [read_item(ty, address + at * size) for at in range(total)]
        sums = items[:LANES]
        for at in range(LANES, total, LANES):
            sums = [_round(ty, x + y) for x, y in zip(sums, items[at : at + LANES], strict=True)]
        while len(sums) > 1:
            sums = [_round(ty, x + y) for x, y in zip(sums[::2], sums[1::2], strict=True)]
        return sums[0]

    return Primitive("lane_sum", ty(data, int64), lower, run, Effects.READS)


def _round(ty: Float, value: float) -> float:
    return ctypes.c_float(value).value if ty.bits == 32 else value


def _emit_lanes(cg: Any, ty: Float, data: Any, count: Any) -> Any:
    builder = cg.builder
    vector = ll.VectorType(cg.ll_type(ty), LANES)
    align = item_size(ty)
    first = builder.load(data, typ=vector, align=align)
    before = builder.block
    loop = builder.append_basic_block("lanes")
    done = builder.append_basic_block("lanes.done")
    step = ll.Constant(I64, LANES)
    builder.cbranch(builder.icmp_signed("<", step, count), loop, done)
    builder.position_at_end(loop)
    index, sums = builder.phi(I64), builder.phi(vector)
    address = builder.gep(data, [index], inbounds=True, source_etype=cg.ll_type(ty))
    more = builder.fadd(sums, builder.load(address, typ=vector, align=align))
    after = builder.add(index, step)
    for phi, start, later in ((index, step, after), (sums, first, more)):
        phi.add_incoming(start, before)
        phi.add_incoming(later, loop)
    builder.cbranch(builder.icmp_signed("<", after, count), loop, done)
    builder.position_at_end(done)
    total = builder.phi(vector)
    total.add_incoming(first, before)
    total.add_incoming(more, loop)
    return _emit_tree(builder, total, LANES)


def _emit_tree(builder: Any, vector: Any, lanes: int) -> Any:
    """((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)): neighbours first."""
    i32 = ll.IntType(32)
    while lanes > 1:
        even, odd = (
            builder.shuffle_vector(
                vector,
                vector,
                ll.Constant(ll.VectorType(i32, lanes // 2), list(range(start, lanes, 2))),
            )
            for start in (0, 1)
        )
        vector = builder.fadd(even, odd)
        lanes //= 2
    return builder.extract_element(vector, ll.Constant(i32, 0))


@intrinsic
def scratch(dtype):
    """Room for BLOCK items on the stack of the function that asks; one room for each place."""
    ty = item_type(dtype)
    memory: list[Any] = []

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        return cg.alloca(cg.ll_storage(ty), BLOCK)

    def run(_: Any) -> int:
        # One buffer serves the interpreter: a block is summed before the next is gathered.
        if not memory:
            memory.append(ctypes.create_string_buffer(BLOCK * item_size(ty)))
        return ctypes.addressof(memory[0])

    return Primitive("scratch", Pointer(ty)(dtype), lower, run, Effects.WRITES)


# ---- complex numbers --------------------------------------------------------------------------


def _complex_fold(work: Complex) -> Any:
    """NumPy sums complex numbers by blocks of 64, in four pairs of lanes."""
    part = work.part

    def fold(kernel, walked, count):
        return sum_complex(kernel, walked, 0, count, part)

    return fold


def sum_complex(kernel, walked, first, count, part):
    """The pairwise sum of `count` complex numbers, from `first` on."""
    if count <= 64:
        block = gather_parts(kernel, walked, first, count, part)
        return sum_parts(block, count)
    cut = (count - (count & 7)) >> 1  # NumPy halves the parts, to a multiple of eight
    return add(
        sum_complex(kernel, walked, first, cut, part),
        sum_complex(kernel, walked, first + cut, count - cut, part),
    )


def gather_parts(kernel, walked, first, count, part):
    """The parts of at most 64 numbers, real and imaginary in turn."""
    block = scratch(part)
    for i in range(count):
        value = kernel(*fetch_at(walked, first + i))
        store(block, 2 * i, real_part(value))
        store(block, 2 * i + 1, imag_part(value))
    return block


def sum_parts(data, count):
    """The sum of at most 64 complex numbers given by parts."""
    if count < 4:
        real, imag = as_type(0, pointed(data)), as_type(0, pointed(data))
        for i in range(count):
            real = add(real, load(data, 2 * i))
            imag = add(imag, load(data, 2 * i + 1))
        return make_complex(real, imag)
    whole = count & ~3
    real, imag = lane_of(data, 0, whole), lane_of(data, 1, whole)
    for i in range(whole, count):
        real = add(real, load(data, 2 * i))
        imag = add(imag, load(data, 2 * i + 1))
    return make_complex(real, imag)


def lane_of(data, which, count):
    """One part of `count` numbers, a multiple of four, in four lanes joined as a tree."""
    a, b = load(data, which), load(data, which + 2)
    c, d = load(data, which + 4), load(data, which + 6)
    for i in range(4, count, 4):
        at = 2 * i + which
        a, b = add(a, load(data, at)), add(b, load(data, at + 2))
        c, d = add(c, load(data, at + 4)), add(d, load(data, at + 6))
    return add(add(a, b), add(c, d))
