"""`range`: a value {start, stop, step, length}, and the loop over it.

A loop counts `k` from 0 to `length`, and its item is `start + k * step`: where the step is the
constant 1, LLVM sees one induction variable.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import (
    Constant,
    Overload,
    intrinsic,
    overload,
    overload_attribute,
    overload_method,
    refuse,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.arithmetic import divide_floor, modulo
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer, literal_value
from pellucid.library.builtins.structs import format_error
from pellucid.types import (
    Boolean,
    EllipsisType,
    Integer,
    Range,
    Slice,
    Type,
    boolean,
    int32,
    int64,
    uint64,
)

ZERO_STEP = error_text(range, 0, 1, 0)
NOT_THERE = "{} is not in range"
INDEX_RANGE = error_text(operator.getitem, range(1), 5)


def range_type(ty: Type) -> Range:
    """`ty`, which must be a range type; refuses others."""
    if not isinstance(ty, Range):
        refuse(f"{ty.base} is not a range")
    return ty


def _element_type(tys: Sequence[Type]) -> Integer:
    """int32 if all are signed and at most so wide, uint64 if all are unsigned, else int64."""
    bases = [integer(ty) for ty in tys]
    pairs = zip(tys, bases, strict=True)
    if all(isinstance(ty.base, Boolean) or (i.signed and i.bits <= 32) for ty, i in pairs):
        return int32
    return int64 if any(base.signed for base in bases) else uint64


# ---- making ---------------------------------------------------------------------------------


@overload(range)
def range_(start, stop=..., step=1):
    """`range(stop)`, `range(start, stop[, step])` of integers; a step of zero raises ValueError.

    >>> len(range(10, 0, -3))
    4
    """
    if isinstance(stop, EllipsisType):
        return _range_to(_element_type([start]), start, stop, step)
    given = [start, stop] if literal_value(step) == 1 else [start, stop, step]
    elem = _element_type(given)
    if literal_value(step):
        return _make_range(elem, start, stop, step)
    return _checked_range


def _checked_range(start, stop=..., step=1):
    if step == 0:
        raise ValueError(ZERO_STEP)
    return unchecked_range(start, stop, step)


@intrinsic
def unchecked_range(start, stop, step):
    """A range whose step is not zero."""
    return _make_range(_element_type([start, stop, step]), start, stop, step)


def _range_to(elem: Integer, stop: Type, absent: Type, step: Type) -> Primitive:
    ty = Range(elem)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        end = cg.convert(elem, int64, args[0])
        zero, one = (ll.Constant(end.type, value) for value in (0, 1))
        is_some = _less(cg, elem, zero, end)
        length = cg.builder.select(is_some, end, zero)
        return cg.make(ty, start=zero, stop=end, step=one, length=length)

    def run(end: int, *_: Any) -> range:
        return range(end)

    return Primitive("range", ty(elem, absent, step), lower, run)


def _make_range(elem: Integer, start: Type, stop: Type, step: Type) -> Primitive:
    ty = Range(elem)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        first, end = (cg.convert(elem, int64, value) for value in args[:2])
        by = cg.convert(elem, int64, args[2])
        length = _length(cg, elem, first, end, by)
        return cg.make(ty, start=first, stop=end, step=by, length=length)

    return Primitive("range", ty(elem, elem, elem), lower, range)


def _length(cg: Any, elem: Integer, start: Any, stop: Any, step: Any) -> Any:
    """How many items there are; of more than an int64 holds, the greatest int64."""
    builder = cg.builder
    zero, one = ll.Constant(step.type, 0), ll.Constant(step.type, 1)
    known = step.constant if isinstance(step, ll.Constant) else None
    known = None if known is None else known - (known >> 63 << 64)
    if known == 1:
        count = builder.sub(stop, start)
        if elem.bits == 64 and not _is_natural(start):
            count = _saturated(builder, count)
        return builder.select(_less(cg, elem, start, stop), count, zero)
    if known is None and elem.signed:
        is_up = builder.icmp_signed(">", step, zero)
    else:
        is_up = ll.Constant(ll.IntType(1), int(known is None or known > 0))
    low, high = builder.select(is_up, start, stop), builder.select(is_up, stop, start)
    stride = builder.select(is_up, step, builder.neg(step))
    last = builder.sub(builder.sub(high, low), one)
    count = _saturated(builder, builder.add(builder.udiv(last, stride), one))
    return builder.select(_less(cg, elem, low, high), count, zero)


def _is_natural(value: Any) -> bool:
    return isinstance(value, ll.Constant) and value.constant >> 63 & 1 == 0


def _saturated(builder: Any, count: Any) -> Any:
    """An unsigned count as a signed one."""
    is_large = builder.icmp_signed("<", count, count.type(0))
    return builder.select(is_large, count.type(int64.max), count)


def count_items(items: range) -> int:
    """The length of a range, for the interpreter."""
    try:
        return len(items)
    except OverflowError:
        return int64.max


def _less(cg: Any, elem: Integer, lhs: Any, rhs: Any) -> Any:
    compare = cg.builder.icmp_signed if elem.signed else cg.builder.icmp_unsigned
    return compare("<", lhs, rhs)


# ---- the loop -------------------------------------------------------------------------------


@overload(iter_start)
def start(iterable):
    """The position before the first item."""
    range_type(iterable)
    return Constant(0)


@overload(iter_valid)
def valid(iterable, state):
    """Whether there is an item at a position."""
    ty = range_type(iterable)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.icmp_signed("<", args[1], cg.field(ty, args[0], "length"))

    return Primitive("range.valid", boolean(ty, int64), lower, lambda r, k: k < count_items(r))


@overload(iter_value)
def value(iterable, state):
    """The item at a position, which is in range."""
    return item_at_position(range_type(iterable))


def item_at_position(ty: Range) -> Primitive:
    """`start + k * step`; the product cannot overflow where the item exists."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        start, step = cg.field(ty, args[0], "start"), cg.field(ty, args[0], "step")
        flags = ("nsw",) if ty.elem_ty == int64 else ()
        item = cg.builder.add(start, cg.builder.mul(args[1], step, flags=flags), flags=flags)
        return cg.convert(int64, ty.elem_ty, item)

    def run(items: range, position: int) -> int:
        return items.start + position * items.step

    return Primitive("range.item", ty.elem_ty(ty, int64), lower, run)


@overload(iter_next)
def following(iterable, state):
    """The next position."""
    ty = range_type(iterable)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.add(args[1], ll.Constant(args[1].type, 1), flags=("nsw", "nuw"))

    return Primitive("range.next", int64(ty, int64), lower, lambda _, k: k + 1)


# ---- reading --------------------------------------------------------------------------------


@overload(len)
def length(x):
    """The number of items."""
    ty = range_type(x)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.field(ty, args[0], "length")

    return Primitive("range.length", int64(ty), lower, count_items)


def _attribute(name: str) -> Overload:
    def template(x):
        ty = range_type(x)
        # The step of an unsigned range is signed all the same: reversed() makes such a range.
        ret = int64 if name == "step" else ty.elem_ty

        def lower(cg: Any, args: Sequence[Any]) -> Any:
            return cg.convert(int64, ret, cg.field(ty, args[0], name))

        return Primitive(f"range.{name}", ret(ty), lower, operator.attrgetter(name))

    template.__qualname__ = f"range_{name}"
    template.__doc__ = f"The {name} of a range."
    return overload_attribute(Range, name)(template)


range_start, range_stop, range_step = map(_attribute, ("start", "stop", "step"))


@intrinsic
def position(r, k):
    """The item of a range at a position, which is in range."""
    return item_at_position(range_type(r))


@overload(operator.getitem)
def getitem(a, b):
    """`r[i]` with a computed index, which is checked."""
    elem = range_type(a).elem_ty
    if isinstance(b, Slice):
        if not elem.signed:
            refuse("a range of unsigned integers is not sliced in compiled code")
        return _getslice
    integer(b)
    return _getitem


def _getitem(a, b):
    k = b + len(a) if b < 0 else int(b)
    if not 0 <= k < len(a):
        raise IndexError(INDEX_RANGE)
    return position(a, k)


def _getslice(a, b):
    start, stop, step = b.indices(len(a))
    first = int64(a.start)
    return unchecked_range(first + start * a.step, first + stop * a.step, a.step * step)


@overload_method(Range, "index")
def index(self, value, /):
    """The position of an item; ValueError if the range does not have it."""
    range_type(self)
    integer(value)
    return _index


def _index(self, value, /):
    if value not in self:
        raise format_error(ValueError, NOT_THERE, value)
    # The distance is exact as an unsigned number, and a multiple of the step.
    if self.step > 0:
        return int64(divide_floor(uint64(value) - uint64(self.start), uint64(self.step)))
    return int64(divide_floor(uint64(self.start) - uint64(value), uint64(0) - uint64(self.step)))


@overload_method(Range, "count")
def count(self, value, /):
    """1 for an item of the range, 0 for others."""
    range_type(self)
    integer(value)
    return _count


def _count(self, value, /):
    return int(value in self)


@overload(operator.contains)
def contains(a, b):
    """`x in r` of an integer."""
    range_type(a)
    integer(b)
    return _contains


def _contains(a, b):
    # The distance from the start is exact as an unsigned number.
    if a.step > 0:
        inside = a.start <= b and b < a.stop
        distance, stride = uint64(b) - uint64(a.start), uint64(a.step)
    else:
        inside = a.stop < b and b <= a.start
        distance, stride = uint64(a.start) - uint64(b), uint64(0) - uint64(a.step)
    return inside and modulo(distance, stride) == 0


def _comparison(function: Callable[[Any, Any], bool], wanted: bool) -> Overload:
    def template(a, b):
        range_type(a)
        range_type(b)
        return _same_items if wanted else _other_items

    template.__qualname__ = function.__name__
    template.__doc__ = "Ranges are equal if they have the same items."
    return overload(function)(template)


def _same_items(a, b):
    if len(a) != len(b):
        return False
    if len(a) == 0:
        return True
    return a.start == b.start and (len(a) == 1 or a.step == b.step)


def _other_items(a, b):
    return not _same_items(a, b)


eq, ne = _comparison(operator.eq, True), _comparison(operator.ne, False)


@overload(reversed)
def reversed_(sequence):
    """The items of a range from the last to the first."""
    ty = range_type(sequence)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        start, step, count = (cg.field(ty, args[0], n) for n in ("start", "step", "length"))
        last = builder.add(start, builder.mul(builder.sub(count, count.type(1)), step))
        before = builder.sub(start, step)
        return cg.make(ty, start=last, stop=before, step=builder.neg(step), length=count)

    return Primitive("range.reversed", ty(ty), lower, lambda r: r[::-1])
