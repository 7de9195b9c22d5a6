"""The operations that `interrupts.py` puts into loops: counting, and the poll itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.types import Integer, Range, Signature, Type, boolean, int64, none

# Any: the lowering context and LLVM values are of higher rooms.


def _lower_poll(cg: Any, args: Sequence[Any]) -> None:
    cg.poll(cg.builder.trunc(args[0], cg.ll_type(Integer(32, True))))


def _run_poll(_: int) -> None:
    return None  # the interpreter is interrupted by Python itself


POLL = Primitive("poll", Signature(none, (int64,)), _lower_poll, _run_poll, Effects.RAISES)
"""Take so much from the budget: look at the signals, if it is used up."""


def _lower_turn(cg: Any, _: Sequence[Any]) -> None:
    cg.turn()


TURN = Primitive("turn", Signature(none, ()), _lower_turn, lambda: None, Effects.RAISES)
"""Count a turn of a loop that holds loops: look at the signals every so often."""


def range_limit(ty: Range, size: int) -> Primitive:
    """Of a range and a position: the position where a chunk of `size` that begins there ends."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        length = cg.field(ty, args[0], "length")
        return _lower_limit(cg, args[1], length, size, is_strict=True)

    def run(items: range, start: int) -> int:
        return min(len(items), start + size)

    return Primitive("chunk_limit", Signature(int64, (ty, int64)), lower, run)


def int_limit(size: int, *, is_strict: bool) -> Primitive:
    """Of a bound and a number: the bound for a chunk that begins at the number.

    `is_strict` says that the loop goes on below the bound, otherwise it includes the bound.
    """

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _lower_limit(cg, args[1], args[0], size, is_strict=is_strict)

    def run(bound: int, start: int) -> int:
        return max(min(bound, start + size), start if is_strict else start - 1)

    return Primitive("chunk_limit", Signature(int64, (int64, int64)), lower, run)


def _lower_limit(cg: Any, start: Any, bound: Any, size: int, *, is_strict: bool) -> Any:
    """`start + min(bound - start, size)`, without overflow; where no turn is left, less."""
    builder = cg.builder
    rest = builder.sub(bound, start)
    most = start.type(size)
    count = builder.select(builder.icmp_unsigned("<", rest, most), rest, most)
    is_some = builder.icmp_signed("<" if is_strict else "<=", start, bound)
    none_left = start.type(0 if is_strict else -1)
    return builder.add(start, builder.select(is_some, count, none_left))


def _simple(name: str, ret: Type, arity: int, lower: Any, run: Any) -> Primitive:
    """A pure primitive of int64s; `lower` takes the builder and the operands."""

    def lower_in(cg: Any, args: Sequence[Any]) -> Any:
        return lower(cg.builder, *args)

    return Primitive(name, Signature(ret, (int64,) * arity), lower_in, run)


def _lower_below(builder: Any, position: Any, limit: Any) -> Any:
    return builder.icmp_unsigned("<", position, limit)


def _run_below(position: int, limit: int) -> bool:
    return position < limit


def _lower_less(builder: Any, lhs: Any, rhs: Any) -> Any:
    return builder.icmp_signed("<", lhs, rhs)


def _lower_up_to(builder: Any, lhs: Any, rhs: Any) -> Any:
    return builder.icmp_signed("<=", lhs, rhs)


def _run_up_to(lhs: int, rhs: int) -> bool:
    return lhs <= rhs


def _lower_less_one(builder: Any, number: Any) -> Any:
    return builder.sub(number, number.type(1))


def _run_less_one(number: int) -> int:
    return number - 1


def _lower_is_zero(builder: Any, number: Any) -> Any:
    return builder.icmp_signed("==", number, number.type(0))


def _run_is_zero(number: int) -> bool:
    return number == 0


BELOW = _simple("below", boolean, 2, _lower_below, _run_below)
LESS = _simple("less", boolean, 2, _lower_less, _run_below)
UP_TO = _simple("up_to", boolean, 2, _lower_up_to, _run_up_to)
LESS_ONE = _simple("less_one", int64, 1, _lower_less_one, _run_less_one)
IS_ZERO = _simple("is_zero", boolean, 1, _lower_is_zero, _run_is_zero)
