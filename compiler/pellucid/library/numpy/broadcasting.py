"""Shapes that go together, and NumPy's words for those that do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.structs import format_error
from pellucid.types import Array, Tuple, Type, boolean, int64, uni_tuple
from pellucid.types.kinds import static

I64 = ll.IntType(64)
ONE = ll.Constant(I64, 1)
TRUE = ll.Constant(ll.IntType(1), 1)


def _ranks(shapes: Type) -> list[int]:
    if not isinstance(shapes, Tuple):
        refuse(f"{shapes} is not a tuple of shapes")
    return [len(elem.elems) if isinstance(elem, Tuple) else 0 for elem in shapes.elems]


@intrinsic
def shapes_of(operands):
    """The shape of each operand; a scalar's is ()."""
    if not isinstance(operands, Tuple):
        refuse(f"{operands} is not a tuple of operands")
    given = Tuple(tuple(elem.base for elem in operands.elems))
    ranks = [elem.ndim if isinstance(elem, Array) else 0 for elem in given.elems]
    ret = Tuple(tuple(uni_tuple(int64, rank) for rank in ranks))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        parts: list[Any] = []
        for index, elem in enumerate(given.elems):
            if isinstance(elem, Array):
                parts.append(cg.field(elem, cg.element(given, args[0], index), "shape"))
            else:
                parts.append(cg.make_tuple(ret.elems[index], []))
        return cg.make_tuple(ret, parts)

    def run(values: Sequence[Any]) -> Any:
        pairs = zip(given.elems, values, strict=True)
        return tuple(tuple(v.shape) if isinstance(e, Array) else () for e, v in pairs)

    return Primitive("shapes_of", ret(given), lower, run)


@intrinsic
def joined_shape(shapes):
    """What `shapes` broadcast to, if they fit together."""
    ranks = _ranks(shapes)
    given = Tuple(tuple(uni_tuple(int64, rank) for rank in ranks))
    ret = uni_tuple(int64, max(ranks, default=0))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        joined = [_join(cg, column)[0] for column in _columns(cg, given, args[0])]
        return cg.make_tuple(ret, joined)

    def run(values: Sequence[Sequence[int]]) -> Any:
        return tuple(next((n for n in column if n != 1), 1) for column in _run_columns(values))

    return Primitive("joined_shape", ret(given), lower, run)


@intrinsic
def shapes_fit(shapes):
    """Whether `shapes` can be broadcast together."""
    given = Tuple(tuple(uni_tuple(int64, rank) for rank in _ranks(shapes)))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        fits: Any = TRUE
        for column in _columns(cg, given, args[0]):
            fits = cg.builder.and_(fits, _join(cg, column)[1])
        return fits

    def run(values: Sequence[Sequence[int]]) -> bool:
        return all(len({n for n in column if n != 1}) <= 1 for column in _run_columns(values))

    return Primitive("shapes_fit", boolean(given), lower, run)


@intrinsic
def same_shapes(shapes):
    """Whether the shapes that have axes are all the same; scalars go with any."""
    given = Tuple(tuple(uni_tuple(int64, rank) for rank in _ranks(shapes)))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        same: Any = TRUE
        for first, *others in _columns(cg, given, args[0]):
            for other in others:
                equal = cg.builder.icmp_signed("==", first, other)
                same = cg.builder.and_(same, equal)
        return same

    def run(values: Sequence[Sequence[int]]) -> bool:
        return len({tuple(shape) for shape in values if shape}) <= 1

    return Primitive("same_shapes", boolean(given), lower, run)


def _columns(cg: Any, shapes: Tuple, value: Any) -> list[list[Any]]:
    """For each axis of the result, the lengths that the shapes have there."""
    ndim = max(_ranks(shapes), default=0)
    columns: list[list[Any]] = [[] for _ in range(ndim)]
    for position, elem in enumerate(shapes.elems):
        assert isinstance(elem, Tuple)
        shape = cg.element(shapes, value, position)
        lead = ndim - len(elem.elems)
        for axis in range(len(elem.elems)):
            columns[lead + axis].append(cg.element(elem, shape, axis))
    return columns


def _join(cg: Any, lengths: list[Any]) -> tuple[Any, Any]:
    """The common length of one axis, and whether there is one."""
    joined, fits = lengths[0], TRUE
    builder = cg.builder
    for length in lengths[1:]:
        is_one = builder.icmp_signed("==", joined, ONE)
        other_one = builder.icmp_signed("==", length, ONE)
        equal = builder.icmp_signed("==", joined, length)
        fits = builder.and_(fits, builder.or_(equal, builder.or_(is_one, other_one)))
        joined = builder.select(is_one, length, joined)
    return joined, fits


def _run_columns(shapes: Sequence[Sequence[int]]) -> list[list[int]]:
    ndim = max(map(len, shapes), default=0)
    columns: list[list[int]] = [[] for _ in range(ndim)]
    for shape in shapes:
        for axis, length in enumerate(shape):
            columns[ndim - len(shape) + axis].append(length)
    return columns


def shape_text(rank: int) -> str:
    """The message form of a shape of that many axes, as NumPy writes it: `(2,3)`, `(3,)`, `()`."""
    return "({},)" if rank == 1 else f"({','.join(['{}'] * rank)})"


@static
def mismatch_text(shapes: Type) -> str:
    """NumPy's message for `shapes` that do not fit, with a place for each length."""
    # NumPy ends this message with a space.
    places = "".join(f"{shape_text(rank)} " for rank in _ranks(shapes))
    return f"operands could not be broadcast together with shapes {places}"


@static
def output_text(out_shape: Type, shape: Type) -> str:
    """NumPy's message for an output of another shape than the result's."""
    have, want = (shape_text(len(ty.elems)) for ty in (out_shape, shape) if isinstance(ty, Tuple))
    return (
        f"non-broadcastable output operand with shape {have} "
        f"doesn't match the broadcast shape {want}"
    )


def flatten(shapes):
    """All lengths of all shapes, in one tuple."""
    if len(shapes) == 0:
        return ()
    return (*shapes[0], *flatten(shapes[1:]))


def broadcast(operands):
    """The shape that `operands` broadcast to; ValueError if there is none."""
    return broadcast_shapes(shapes_of(operands))


def broadcast_shapes(shapes):
    """The shape that `shapes` broadcast to; ValueError if there is none."""
    if not shapes_fit(shapes):
        raise format_error(ValueError, mismatch_text(shapes), *flatten(shapes))
    return joined_shape(shapes)


def check_output(operands, out_shape):
    """ValueError unless `operands` broadcast to `out_shape` and no further."""
    check_shapes((*shapes_of(operands), out_shape), out_shape)


def check_shapes(shapes, out_shape):
    """ValueError unless `shapes`, which have `out_shape` in them, broadcast to just that."""
    shape = broadcast_shapes(shapes)
    if not is_shape(shape, out_shape):
        raise format_error(ValueError, output_text(out_shape, shape), *out_shape, *shape)


def is_shape(left, right):
    """Whether two shapes are the same."""
    if len(left) != len(right):
        return False
    if len(left) == 0:
        return True
    return same_shapes((left, right))
