"""Between which bounds the numbers of a function lie, as far as that is easily seen.

    t: float64 = call fabs(d)              0 or more
    u: float64 = call mul(c, t)            0 or more         (c is 0.23)
    v: float64 = call add(one, u)          1 or more: not zero

Bounds follow from how a value is made, and from the branches that lead to where it is used. What a
loop carries from turn to turn is not followed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pellucid.ir.dominance import Dominators
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Call, Const, Convert, Edge
from pellucid.ir.values import Value
from pellucid.passes.bounds import (
    BINARY,
    INF,
    MIRRORED,
    ROOM,
    UNARY,
    Bounds,
    compared,
    constant,
    fitted,
    multiplied,
    refined,
    squared,
    unknown,
)
from pellucid.passes.same_values import SameValues, library_name
from pellucid.types import Boolean, DType, Float, Integer, Type, int64

DEPTH = 40
EXACT = {f"{name}_exactly": BINARY[name] for name in ("add", "sub", "mul")}
"""Primitives that give (the result, whether it overflows)."""

_LENGTHS = frozenset({"axis_length", "array_size", "range.length"})
_SAME_SIZE = frozenset({"abs", "fabs", "neg", "as_type", "convert"})
_LENGTH = Bounds(0, int64.max)


@dataclass(frozen=True)
class _Fact:
    """In `block` and below, `op` (a comparison that reads `value`) holds, or does not."""

    value: Value
    op: Call
    holds: bool
    block: Block


class ValueRanges:
    """Bounds of the values of one function, which must not change meanwhile.

    `is_exact` says that floats are computed as written, not as fast-math flags allow.
    """

    def __init__(self, fn: Function, dominators: Dominators, *, is_exact: bool = True) -> None:
        self.same = SameValues(fn, dominators)
        self.dominators = dominators
        self.is_exact = is_exact
        self._homes = {param: block for block in fn.blocks for param in block.params}
        self._facts: dict[object, list[_Fact]] = {}
        self._known: dict[tuple[Value, Block], Bounds] = {}
        for block in fn.blocks:
            self._note_facts(block)

    def _note_facts(self, block: Block) -> None:
        end = block.terminator
        if not isinstance(end, Branch) or end.then.block is end.orelse.block:
            return
        for edge, holds in ((end.then, True), (end.orelse, False)):
            if self.same.before[edge.block] == [block]:
                self._note_fact(end.cond, edge.block, holds=holds)

    def _note_fact(self, condition: Value, block: Block, *, holds: bool) -> None:
        op = self.same.definitions.get(condition)
        name = library_name(op)
        if not isinstance(op, Call):
            return
        if name == "invert":
            self._note_fact(op.args[0], block, holds=not holds)
        elif (name == "and" and holds) or (name == "or" and not holds):
            for arg in op.args:
                self._note_fact(arg, block, holds=holds)
        elif name in ("convert", "truth") and op.args[0].ty == Boolean():
            self._note_fact(op.args[0], block, holds=holds)
        elif name.startswith("compare") or name == "truth":
            for arg in op.args:
                fact = _Fact(arg, op, holds, block)
                self._facts.setdefault(self.same.key(arg), []).append(fact)

    def find(self, value: Value, at: Block, depth: int = 0) -> Bounds:
        """The bounds of a number when control is in the block `at`."""
        if depth > DEPTH or not _is_real(value.typed):
            return unknown(value.typed)
        if (value, at) not in self._known:
            self._known[value, at] = unknown(value.typed)  # what a loop would ask of itself
            found = self._made(value, at, depth + 1)
            for fact in self._facts.get(self.same.key(value), ()):
                if self._applies(fact, value, at):
                    found = self._refined(found, fact, at, depth + 1)
            self._known[value, at] = found
        return self._known[value, at]

    def _applies(self, fact: _Fact, value: Value, at: Block) -> bool:
        return self.dominators.dominates(fact.block, at) and self.same.is_same(fact.value, value)

    def _refined(self, found: Bounds, fact: _Fact, at: Block, depth: int) -> Bounds:
        op = fact.op
        is_float = isinstance(fact.value.typed.base, Float)
        if library_name(op) == "truth":
            return refined(found, "!=", constant(0), holds=fact.holds, is_float=is_float)
        symbol, other = library_name(op).removeprefix("compare"), op.args[1]
        if other is fact.value:
            symbol, other = MIRRORED[symbol], op.args[0]
        bounds = self.find(other, at, depth)
        return refined(found, symbol, bounds, holds=fact.holds, is_float=is_float)

    def decide(self, condition: Value, at: Block) -> bool | None:
        """What a bool is whenever control is in the block `at`; None if that is not known."""
        op = self.same.definitions.get(condition)
        if isinstance(op, Const) and isinstance(op.value, bool):
            return op.value
        name = library_name(op)
        if name == "item1" and isinstance(op, Call) and (exact := self._exact(op.args[0])):
            found, ty = self._exact_bounds(exact, at, 1), exact.args[0].typed.base
            assert isinstance(ty, Integer), "only integers overflow"
            return False if ty.min <= found.low and found.high <= ty.max else None
        if not isinstance(op, Call) or not all(_is_real(arg.typed) for arg in op.args):
            return None
        if name == "invert":
            found = self.decide(op.args[0], at)
            return None if found is None else not found
        if name == "convert":
            return self.decide(op.args[0], at)
        if name in ("and", "or"):
            return self._decide_joined(op, at, is_and=name == "and")
        if name == "truth":
            return compared("!=", self.find(op.args[0], at), constant(0))
        if name.startswith("compare"):
            lhs, rhs = (self.find(arg, at) for arg in op.args)
            return compared(name.removeprefix("compare"), lhs, rhs)
        return None

    def _exact(self, value: Value) -> Call | None:
        """The operation that gives `value`, if it says besides whether it overflows."""
        op = self.same.definitions.get(value)
        return op if isinstance(op, Call) and library_name(op) in EXACT else None

    def _exact_bounds(self, op: Call, at: Block, depth: int) -> Bounds:
        """The bounds of the result as integers without limits have it."""
        lhs, rhs = (self.find(arg, at, depth) for arg in op.args)
        return EXACT[library_name(op)](lhs, rhs)

    def _decide_joined(self, op: Call, at: Block, *, is_and: bool) -> bool | None:
        if op.out.ty != Boolean():
            return None
        found = [self.decide(arg, at) for arg in op.args]
        if (not is_and) in found:
            return not is_and
        return None if None in found else is_and

    # How values are made --------------------------------------------------------------------------

    def _made(self, value: Value, at: Block, depth: int) -> Bounds:
        op = self.same.definitions.get(value)
        match op:
            case Const(value=known) if isinstance(known, (bool, int, float)):
                return constant(known)
            case Convert(value=source) if _is_real(source.typed):
                found = fitted(self.find(source, at, depth), value.typed)
                return self._keep_nonzero(found, source, value, at, depth)
            case Block():
                return self._joined(value, op, depth)
            case Call():
                return self._computed(op, at, depth)
            case _:
                return unknown(value.typed)

    def _joined(self, value: Value, block: Block, depth: int) -> Bounds:
        """A parameter: what any edge gives, but of loops' headers and of the function."""
        sources = dict.fromkeys(self.same.before[block])
        if not sources or any(
            not self.dominators.is_reachable(s) or self.dominators.dominates(block, s)
            for s in sources
        ):
            return unknown(value.typed)
        index = block.params.index(value)
        found: Bounds | None = None
        for source in sources:
            for edge in source.terminator.edges():
                if edge.block is block:
                    given = self._given(edge.args[index], source, edge, depth)
                    found = given if found is None else found.join(given)
        assert found is not None, "a block that sources lead to has an edge"
        return found

    def _given(self, value: Value, source: Block, edge: Edge, depth: int) -> Bounds:
        """An edge's argument; if the edge is one way of a branch, its condition is known."""
        found = self.find(value, source, depth)
        end = source.terminator
        if not isinstance(end, Branch) or end.then.block is end.orelse.block:
            return found
        op = self.same.definitions.get(end.cond)
        if isinstance(op, Call) and library_name(op).startswith("compare"):
            for arg in op.args:
                if _is_real(arg.typed) and self.same.is_same(arg, value):
                    fact = _Fact(arg, op, edge is end.then, source)
                    found = self._refined(found, fact, source, depth)
        return found

    def _computed(self, op: Call, at: Block, depth: int) -> Bounds:
        name, ty = library_name(op), op.out.typed
        args = op.args
        if name in _LENGTHS or (name.startswith("item") and self._is_shape(args[0])):
            return _LENGTH
        if name == "item0" and (exact := self._exact(args[0])) is not None:
            return fitted(self._exact_bounds(exact, at, depth), ty)
        if name == "range.item":
            return self._range_item(args[0], ty, at, depth)
        if name.startswith("to_") and isinstance(args[0].ty, DType):
            args = args[1:]
            name = "convert"
        if name == "choose":
            return self.find(args[1], at, depth).join(self.find(args[2], at, depth))
        if name == "power":
            return self._power(op, at, depth)
        if not args or not _is_real(args[0].typed):
            return unknown(ty)
        if name in UNARY:
            return self._unary(name, args[0], op.out, at, depth)
        if name in BINARY and len(args) == 2 and _is_real(args[1].typed):
            lhs, rhs = (self.find(arg, at, depth) for arg in args)
            if name == "mul" and self.same.is_same(args[0], args[1]):
                return fitted(squared(lhs), ty)
            found = BINARY[name](lhs, rhs)
            return fitted(found if self.is_exact else _loosened(found, name, lhs, rhs), ty)
        return unknown(ty)

    def _unary(self, name: str, arg: Value, out: Value, at: Block, depth: int) -> Bounds:
        source = arg.typed.base
        if name == "neg" and isinstance(source, Integer) and not source.signed:
            return unknown(out.typed)
        found = fitted(UNARY[name](self.find(arg, at, depth)), out.typed)
        if not self.is_exact and name not in _SAME_SIZE:
            found = _loosened(found, name, found, found)
        if name in _SAME_SIZE:
            return self._keep_nonzero(found, arg, out, at, depth)
        return found

    def _keep_nonzero(
        self, found: Bounds, source: Value, out: Value, at: Block, depth: int
    ) -> Bounds:
        """A number that was converted, or whose sign was, is zero only if it was before."""
        before, after = source.typed.base, out.typed.base
        is_kept = before == after or (
            isinstance(after, Float) and (after.bits == 64 or not isinstance(before, Float))
        )
        if is_kept and self.find(source, at, depth).excludes_zero:
            return replace(found, is_nonzero=True)
        return found

    def _power(self, op: Call, at: Block, depth: int) -> Bounds:
        exponent = self.same.definitions.get(op.args[1])
        if not isinstance(exponent, Const) or not _is_real(op.args[0].typed):
            return unknown(op.out.typed)
        base = self.find(op.args[0], at, depth)
        if exponent.value == 2:
            return fitted(squared(base), op.out.typed)
        if exponent.value == 1:
            return base
        if isinstance(exponent.value, int) and exponent.value % 2 == 0:
            found = multiplied(squared(base), Bounds(0, INF, base.may_be_nan))
            return fitted(found, op.out.typed) if exponent.value else constant(1)
        return unknown(op.out.typed)

    def _is_shape(self, value: Value) -> bool:
        return library_name(self.same.definitions.get(value)) == "array_shape"

    def _range_item(self, items: Value, ty: Type, at: Block, depth: int) -> Bounds:
        op = self.same.definitions.get(items)
        if not isinstance(op, Call) or library_name(op) != "range" or len(op.args) != 3:
            return unknown(ty)
        start, stop, by = op.args
        step = self.same.definitions.get(by)
        if not isinstance(step, Const) or type(step.value) is not int:
            return unknown(ty)
        if not _is_real(stop.typed):  # left out: range(stop)
            first, end = constant(0), self.find(start, at, depth)
        else:
            first, end = self.find(start, at, depth), self.find(stop, at, depth)
        if step.value > 0:
            found = Bounds(first.low, end.high - 1)
        else:
            found = Bounds(end.low + 1, first.high)
        return fitted(found, ty)


def _is_real(ty: Type) -> bool:
    return isinstance(ty.base, (Integer, Float, Boolean))


def _loosened(found: Bounds, name: str, x: Bounds, y: Bounds) -> Bounds:
    """Bounds of a result that fast-math flags let LLVM compute in another way.

    Sums and differences of numbers of different signs may lose all their digits.
    """
    if name in ("add", "sub"):
        rest = y if name == "add" else Bounds(-y.high, -y.low)
        if not (min(x.low, rest.low) >= 0 or max(x.high, rest.high) <= 0):
            return Bounds(may_be_nan=True)
    low = found.low * (1 - ROOM if found.low > 0 else 1 + ROOM)
    high = found.high * (1 + ROOM if found.high > 0 else 1 - ROOM)
    return replace(found, low=low, high=high)
