"""Between which bounds an index lies while a loop runs, in terms of what the loop does not change.

A bound is a `Linear`: an integer plus multiples of int values that are defined before the loop.

    for i in range(n):                     i          0 .. n - 1
        for j in range(i, m, 2):           j          0 .. m - 1
            k = 2 * i + j - 1              k          -1 .. 2*n + m - 4
    for i, x in enumerate(a):              i          0 .. len(a) - 1
        k = (i + 1) % n                    k          0 .. n - 1

Bounds hold if no value in them is beyond `LEAF_LIMIT` in size, which whoever uses them must check
(then nothing here overflows either), if each `positive` value is positive, and where the loops run
at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pellucid.inference.overloads import checked_key
from pellucid.ir.callee import FunctionTarget, Primitive, Ref
from pellucid.ir.dominance import Dominators, Loop
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Call, Const, Convert, Op
from pellucid.ir.values import Value
from pellucid.ir.walk import definitions, predecessors
from pellucid.passes.loop_items import LoopItem, LoopItems
from pellucid.types import Array, Integer, Range, int64

LEAF_LIMIT = 1 << 40
MAX_FACTOR = 1 << 12
MAX_TERMS = 6


@dataclass(frozen=True)
class Length:
    """How many items an array has along its first axis."""

    array: Value


Term = Value | Length
Step = int | Value | None
"""What a variable grows by on each turn: a number, a value, or something else."""


@dataclass(frozen=True)
class Linear:
    """`const + sum(factor * value)`; `terms` are in order of first mention."""

    const: int = 0
    terms: tuple[tuple[Term, int], ...] = ()

    def plus(self, other: Linear, sign: int = 1) -> Linear:
        """The sum, or with sign -1 the difference."""
        factors = dict(self.terms)
        for value, factor in other.terms:
            factors[value] = factors.get(value, 0) + sign * factor
        kept = tuple((v, f) for v, f in factors.items() if f)
        return Linear(self.const + sign * other.const, kept)

    def times(self, factor: int) -> Linear:
        """The product with a number."""
        terms = tuple((v, f * factor) for v, f in self.terms) if factor else ()
        return Linear(self.const * factor, terms)

    @property
    def is_small(self) -> bool:
        """Whether it cannot overflow if its values are within `LEAF_LIMIT`."""
        factors = [abs(factor) for _, factor in self.terms]
        is_near = abs(self.const) <= LEAF_LIMIT
        return is_near and len(factors) <= MAX_TERMS and max(factors, default=0) <= MAX_FACTOR


@dataclass(frozen=True)
class Interval:
    """`low <= value <= high`, given that the `positive` values are positive."""

    low: Linear
    high: Linear
    positive: frozenset[Value] = frozenset()

    def plus(self, other: Interval) -> Interval:
        """The sum."""
        positive = self.positive | other.positive
        return Interval(self.low.plus(other.low), self.high.plus(other.high), positive)

    def minus(self, other: Interval) -> Interval:
        """The difference."""
        positive = self.positive | other.positive
        return Interval(self.low.plus(other.high, -1), self.high.plus(other.low, -1), positive)

    def times(self, factor: int) -> Interval:
        """The product with a number."""
        low, high = self.low.times(factor), self.high.times(factor)
        return (
            Interval(low, high, self.positive)
            if factor >= 0
            else Interval(high, low, self.positive)
        )


@dataclass
class FunctionFacts:
    """What is known of the whole function before anything is rewritten."""

    fn: Function
    dominators: Dominators
    loops: list[Loop]
    definitions: Mapping[Value, Op | Block] = field(init=False)
    homes: dict[Value, Block] = field(init=False)
    before: dict[Block, list[Block]] = field(init=False)

    def __post_init__(self) -> None:
        self.definitions = definitions(self.fn)
        self.before = predecessors(self.fn)
        self.homes = {}
        for block in self.fn.blocks:
            self.homes.update((param, block) for param in block.params)
            self.homes.update((op.result, block) for op in block.ops if op.result is not None)

    def constant(self, value: Value) -> Any:
        """The object that `value` is, if it is a constant; else None. Any: any Python object."""
        op = self.definitions.get(value)
        return op.value if isinstance(op, Const) else None


class IndexRanges:
    """Intervals of values inside the loop `top`."""

    def __init__(self, facts: FunctionFacts, top: Loop) -> None:
        self.facts = facts
        self.top = top
        self._loops = {loop.header: loop for loop in facts.loops}
        self._items = LoopItems(facts.definitions)

    def is_invariant(self, value: Value) -> bool:
        """Whether `value` is defined before the loop."""
        return self.facts.homes.get(value) not in self.top.members

    def find(self, value: Value, at: Block, depth: int = 0) -> Interval | None:
        """Where the int `value` lies when control is in the block `at`; None if unknown."""
        known = self.facts.constant(value)
        if type(known) is int:
            return Interval(Linear(known), Linear(known))
        if not _is_signed_enough(value):
            return None
        if self.is_invariant(value):
            leaf = Linear(0, ((value, 1),))
            return Interval(leaf, leaf)
        if depth > 16:
            return None
        op = self.facts.definitions.get(value)
        match op:
            case Block():
                return self._find_counter(value, op, at, depth + 1)
            case Convert():
                is_wider = value.ty == int64 and _is_signed_enough(op.value)
                return self.find(op.value, at, depth + 1) if is_wider else None
            case Call():
                return self._find_result(op, at, depth + 1)
            case _:
                return None

    def is_plain(self, value: Value) -> bool:
        """Whether `value` is what a loop counts, itself, or a remainder.

        Then its bounds are no wider where not every turn of the loop gets to it.
        """
        op = self.facts.definitions.get(value)
        if isinstance(op, Convert):
            return self.is_plain(op.value)
        if isinstance(op, Block) or _path(op) in _REMAINDERS:
            return True
        return isinstance(op, Call) and self._items.find(op) is not None

    def _find_result(self, op: Call, at: Block, depth: int) -> Interval | None:
        item = self._items.find(op)
        if item is not None:
            return self._find_item(item, at, depth)
        if op.target is None or op.target.sig.params != (int64, int64):
            return None
        if _path(op) in _REMAINDERS:
            return self._find_remainder(op.args[1])
        kind = _OPERATIONS.get(_path(op))
        if kind is None or not _computes(op):
            return None
        lhs, rhs = self.find(op.args[0], at, depth), self.find(op.args[1], at, depth)
        if lhs is None or rhs is None:
            return None
        if kind == "add":
            return lhs.plus(rhs)
        if kind == "sub":
            return lhs.minus(rhs)
        if not rhs.low.terms and rhs.low == rhs.high:
            return lhs.times(rhs.low.const)
        if not lhs.low.terms and lhs.low == lhs.high:
            return rhs.times(lhs.low.const)
        return None

    def _find_item(self, item: LoopItem, at: Block, depth: int) -> Interval | None:
        """What a loop over a range gives, or the count of one over `enumerate`."""
        if item.start is None:
            return self._find_range(item.iterable, at, depth)
        start = self.find(item.start, at, depth)
        last = self._find_last(item.iterable, at, depth)
        if start is None or last is None:
            return None
        return Interval(start.low, start.high.plus(last.high), start.positive | last.positive)

    def _find_last(self, iterable: Value, at: Block, depth: int) -> Interval | None:
        """The last position in what is iterated; only the upper bound means something."""
        for part in self._items.side_by_side(iterable):
            if isinstance(part.ty, Array) and self.is_invariant(part):
                last = Linear(-1, ((Length(part), 1),))
                return Interval(last, last)
            if isinstance(part.ty, Range):
                found = self._find_range(part, at, depth)
                # From 0 by steps of 1, items are positions.
                if found is not None and found.low == Linear():
                    return found
        return None

    def _find_remainder(self, divisor: Value) -> Interval | None:
        known = self.facts.constant(divisor)
        if type(known) is int:
            return Interval(Linear(), Linear(known - 1)) if known > 0 else None
        if not self.is_invariant(divisor):
            return None
        return Interval(Linear(), Linear(-1, ((divisor, 1),)), frozenset({divisor}))

    def _find_range(self, made_by: Value, at: Block, depth: int) -> Interval | None:
        """The items of a range that a call of `range` makes."""
        op = self.facts.definitions.get(made_by)
        if not isinstance(op, Call):
            return None
        if _path(op) == "builtins.reversed":
            return self._find_range(op.args[0], at, depth)
        if _path(op) != "builtins.range":
            return None
        first, *rest = op.args
        zero = Interval(Linear(), Linear())
        if not rest or self.facts.constant(rest[0]) is ...:
            start, stop = zero, self.find(first, at, depth)
        else:
            start, stop = self.find(first, at, depth), self.find(rest[0], at, depth)
        if start is None or stop is None:
            return None
        step = self.facts.constant(rest[1]) if len(rest) > 1 else 1
        positive = start.positive | stop.positive
        one = Linear(1)
        if type(step) is int and step < 0:
            return Interval(stop.low.plus(one), start.high, positive)
        if type(step) is not int:
            if not (self.is_invariant(rest[1]) and rest[1].ty == int64):
                return None
            positive |= {rest[1]}
        return Interval(start.low, stop.high.plus(one, -1), positive)

    def _find_counter(self, value: Value, header: Block, at: Block, depth: int) -> Interval | None:
        """A variable that a `while` loop counts up or down to a bound."""
        loop = self._loops.get(header)
        if loop is None:
            return None
        steps, starts = self._steps_and_starts(loop, value)
        if None in steps or not steps or len(starts) != 1:
            return None
        bound = self._bound(loop, value, at)
        if bound is None:
            return None
        is_upper, limit_value, slack = bound
        limit = self.find(limit_value, at, depth)
        start = self.find(starts.pop(), at, depth)
        if limit is None or start is None:
            return None
        positive = start.positive | limit.positive
        computed = frozenset(step for step in steps if isinstance(step, Value))
        if not all(step.ty == int64 and self.is_invariant(step) for step in computed):
            return None
        known = [step for step in steps if isinstance(step, int)]
        if is_upper and all(step > 0 for step in known):
            # Whether steps known only at run time are positive is tested before the loop.
            positive |= computed
            return Interval(start.low, limit.high.plus(Linear(slack), -1), positive)
        if not is_upper and not computed and all(step < 0 for step in known):
            return Interval(limit.low.plus(Linear(slack)), start.high, positive)
        return None

    def _steps_and_starts(self, loop: Loop, value: Value) -> tuple[set[Step], set[Value]]:
        index = loop.header.params.index(value)
        steps: set[Step] = set()
        starts: set[Value] = set()
        for block in self.facts.before[loop.header]:
            for edge in block.terminator.edges():
                if edge.block is not loop.header:
                    continue
                if block in loop:
                    steps.add(self._step(edge.args[index], value))
                else:
                    starts.add(edge.args[index])
        return steps, starts

    def _step(self, value: Value, variable: Value) -> Step:
        op = self.facts.definitions.get(value)
        if not isinstance(op, Call) or not isinstance(op.callee, Ref) or len(op.args) != 2:
            return None
        kind = _OPERATIONS.get(op.callee.path)
        if op.args[0] is not variable:
            return None
        added = self.facts.constant(op.args[1])
        if added is None and kind == "add":
            return op.args[1]
        if type(added) is not int or abs(added) > MAX_FACTOR:
            return None
        return {"add": added, "sub": -added}.get(kind or "")

    def _bound(self, loop: Loop, variable: Value, at: Block) -> tuple[bool, Value, int] | None:
        """(is upper, the bound, 1 if it is left out): what the header's test says of `variable`."""
        end = loop.header.terminator
        if not isinstance(end, Branch):
            return None
        inside = end.then.block
        is_tested = (
            inside in loop
            and end.orelse.block not in loop
            and len(self.facts.before[inside]) == 1
            and self.facts.dominators.dominates(inside, at)
        )
        op = self.facts.definitions.get(end.cond)
        if not is_tested or not isinstance(op, Call) or not isinstance(op.callee, Ref):
            return None
        if not isinstance(op.target, Primitive) or op.target.sig.params != (int64, int64):
            return None
        path, (lhs, rhs) = op.callee.path, op.args
        if rhs is variable:
            lhs, rhs, path = rhs, lhs, _MIRRORED.get(path, "")
        found = _BOUNDS.get(path)
        return (found[0], rhs, found[1]) if found is not None and lhs is variable else None


_OPERATIONS = {
    "operator.add": "add",
    "operator.iadd": "add",
    "operator.sub": "sub",
    "operator.isub": "sub",
    "operator.mul": "mul",
    "operator.imul": "mul",
}
_REMAINDERS = {"operator.mod", "operator.imod"}
_BOUNDS = {
    "operator.lt": (True, 1),
    "operator.le": (True, 0),
    "operator.gt": (False, 1),
    "operator.ge": (False, 0),
}
_MIRRORED = {
    "operator.lt": "operator.gt",
    "operator.le": "operator.ge",
    "operator.gt": "operator.lt",
    "operator.ge": "operator.le",
}


def _computes(op: Call) -> bool:
    """Whether a call of an operator is the library's: it wraps, or raises where it would."""
    if isinstance(op.target, FunctionTarget):
        return (op.target.key or "").startswith(checked_key(_path(op)))
    return True


def _path(op: object) -> str:
    return op.callee.path if isinstance(op, Call) and isinstance(op.callee, Ref) else ""


def _is_signed_enough(value: Value) -> bool:
    """Whether every value of its type is an int64."""
    ty = value.typed.base
    return isinstance(ty, Integer) and (ty.signed or ty.bits < 64)
