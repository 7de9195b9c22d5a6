"""Check array indices once before a loop, rather than on every turn.

    for i in range(n):                        if n - 1 < len(a):        (0 <= i holds)
        s += a[i]                                 for i in range(n):
                                    ->                s += a[i]         (not checked)
                                              else:
                                                  for i in range(n):
                                                      s += a[i]         (checked)

Needs:   typed IR before library calls are inlined; `PassContext.specialise`.
Keeps:   results and exceptions: where the test fails, the loop runs as it was.
Refuses: arrays that the loop itself makes; indices that are not sums of loop variables, multiples
         and values the loop does not change, nor remainders by such; accesses that only some turns
         reach, unless their index is a loop variable or a remainder (the test would fail for
         others, though they never go wrong).
Reports: `bounds-check-removed`, and `bounds-check-kept` with the reason, of user functions' loops.

The outermost loop for which an index can be bounded gets the test; loops inside are looked at for
the accesses that remain. At most `max_tests` comparisons are spent on one loop, and no more ops are
copied in all than the function has, or `small` if that is more. The copies are cold.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.ir.builder import Builder, Names
from pellucid.ir.callee import FunctionTarget, Ref
from pellucid.ir.dominance import Dominators, Loop, find_loops
from pellucid.ir.function import Block, Function
from pellucid.ir.loop_versions import LoopVersions
from pellucid.ir.ops import Call, Convert, Edge
from pellucid.ir.protocol import BUILD_TUPLE, GETITEM, SETITEM
from pellucid.ir.values import Value
from pellucid.passes.calls import CallWriter
from pellucid.passes.index_ranges import (
    LEAF_LIMIT,
    FunctionFacts,
    IndexRanges,
    Interval,
    Length,
    Linear,
    Term,
)
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.types import Array, Integer, Tuple, int64, is_scalar, literal_str

Terms = tuple[tuple[Term, int], ...]


@dataclass(frozen=True)
class HoistBoundsChecks(Pass):
    """Test the bounds of indices before loops."""

    name: ClassVar[str] = "hoist-bounds-checks"

    max_tests: int = 24
    small: int = 100

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        if ctx.specialise is None:
            return False
        dominators = Dominators(fn)
        facts = FunctionFacts(fn, dominators, find_loops(fn, dominators))
        accesses = list(_accesses(facts)) if facts.loops else []
        if not accesses:
            return False
        size = sum(map(_size, fn.blocks))
        hoister = _Hoister(facts, ctx, self.max_tests, max(size, self.small))
        accesses_by_loop = _by_outermost_loop(facts, accesses)
        for loop in facts.loops:
            if loop.parent is None:
                hoister.visit(loop, accesses_by_loop.get(loop, []))
        return hoister.finish()


@dataclass(eq=False)
class _Access:
    """A checked `array[indices]`, read or assigned; `reason` says why its check stays so far."""

    op: Call
    block: Block
    array: Value
    indices: list[Value]
    reason: str = ""


def _size(block: Block) -> int:
    return len(block.ops) + 1


def _accesses(facts: FunctionFacts) -> Iterator[_Access]:
    for block in facts.fn.blocks:
        for op in block.ops:
            is_checked = facts.fn.options_of(op).boundscheck
            if is_checked and isinstance(op, Call) and isinstance(op.callee, Ref):
                access = _find_access(op, block, facts)
                if access is not None:
                    yield access


def _by_outermost_loop(facts: FunctionFacts, accesses: list[_Access]) -> dict[Loop, list[_Access]]:
    loops = {block: loop for loop in facts.loops if loop.parent is None for block in loop.blocks}
    found: dict[Loop, list[_Access]] = {}
    for access in accesses:
        if access.block in loops:
            found.setdefault(loops[access.block], []).append(access)
    return found


def _find_access(op: Call, block: Block, facts: FunctionFacts) -> _Access | None:
    path = op.callee.path if isinstance(op.callee, Ref) else ""
    if path not in _UNCHECKED or not isinstance(op.target, FunctionTarget):
        return None
    array, index, *assigned = op.args
    if not isinstance(array.ty, Array) or not all(is_scalar(v.typed) for v in assigned):
        return None
    if isinstance(index.typed.base, Integer):
        indices: list[Value] | None = [index]
    else:
        indices = _tuple_items(index, facts)
    if indices is None or len(indices) != array.ty.ndim:
        return None
    return _Access(op, block, array, indices)


def _tuple_items(index: Value, facts: FunctionFacts) -> list[Value] | None:
    """The values in a tuple of ints that was just made."""
    if not isinstance(index.ty, Tuple):
        return None
    if not all(isinstance(ty.base, Integer) for ty in index.ty.elems):
        return None
    op = facts.definitions.get(index)
    while isinstance(op, Convert):
        op = facts.definitions.get(op.value)
    if isinstance(op, Call) and isinstance(op.callee, Ref) and op.callee.path == BUILD_TUPLE.path:
        return list(op.args)
    return None


@dataclass(frozen=True)
class _Proof:
    """The access is in range if each interval, one for each axis, is."""

    access: _Access
    intervals: list[Interval]

    def tests(self) -> set[object]:
        """What tells the comparisons that are needed from each other."""
        found: set[object] = {interval.low.terms for interval in self.intervals}
        for axis, interval in enumerate(self.intervals):
            found.add((self.access.array, axis, interval.high.terms))
        return found


class _Hoister:
    def __init__(
        self, facts: FunctionFacts, ctx: PassContext, max_tests: int, max_copied: int
    ) -> None:
        self.facts = facts
        self.ctx = ctx
        self.max_tests = max_tests
        self.left = max_copied  # ops that may still be copied
        self.names = Names(facts.fn)
        self.versions: LoopVersions | None = None

    def finish(self) -> bool:
        """Put the blocks in order; tell whether anything changed."""
        if self.versions is not None:
            self.versions.finish()
        return self.versions is not None

    def visit(self, loop: Loop, accesses: list[_Access]) -> None:
        """Remove checks of `accesses` by a test before `loop`, or before loops inside it."""
        proofs, rest = self._prove(loop, accesses)
        size = sum(map(_size, loop.blocks))
        if proofs and size > self.left:
            for proof in proofs:
                proof.access.reason = "with a second version of the loop the function is too large"
            proofs, rest = [], accesses
        if proofs:
            self.left -= size
            self._hoist(loop, proofs)
        for child in loop.children:
            self.visit(child, [access for access in rest if access.block in child])
        inner = {access for child in loop.children for access in rest if access.block in child}
        for access in rest:
            if access not in inner:
                self._report(access)

    def _prove(self, loop: Loop, accesses: list[_Access]) -> tuple[list[_Proof], list[_Access]]:
        ranges = IndexRanges(self.facts, loop)
        proofs: list[_Proof] = []
        rest: list[_Access] = []
        tests: set[object] = set()
        for access in accesses:
            found = self._find_proof(access, loop, ranges)
            if found is not None and len(tests | found.tests()) > self.max_tests:
                access.reason = "the loop has too many different indices to test them all before"
                found = None
            if found is None:
                rest.append(access)
            else:
                tests |= found.tests()
                proofs.append(found)
        return proofs, rest

    def _find_proof(self, access: _Access, loop: Loop, ranges: IndexRanges) -> _Proof | None:
        if not ranges.is_invariant(access.array):
            access.reason = "the array is another one on each turn of the loop"
            return None
        if not self._is_always_reached(access.block, loop) and not all(
            ranges.is_plain(index) for index in access.indices
        ):
            access.reason = "only some turns of the loop get here"
            return None
        intervals: list[Interval] = []
        for index in access.indices:
            interval = ranges.find(index, access.block)
            if interval is None or not (interval.low.is_small and interval.high.is_small):
                access.reason = "the index is not known to be within bounds set before the loop"
                return None
            if not interval.low.terms and interval.low.const < 0:
                access.reason = "the index may be negative, and then counts from the end"
                return None
            intervals.append(interval)
        return _Proof(access, intervals)

    def _is_always_reached(self, block: Block, loop: Loop) -> bool:
        """Whether each turn of `loop` gets to `block`, where the loops between run at all."""
        dominators = self.facts.dominators
        inner = next((c for c in loop.children if block in c), None)
        if inner is None:
            return all(dominators.dominates(block, latch) for latch in loop.latches)
        is_entered = all(dominators.dominates(inner.header, latch) for latch in loop.latches)
        return is_entered and self._is_always_reached(block, inner)

    def _hoist(self, loop: Loop, proofs: list[_Proof]) -> None:
        fn = self.facts.fn
        header = loop.header
        self.versions = self.versions or LoopVersions(fn, self.names)
        versions = self.versions.split(loop)
        assert self.ctx.specialise is not None
        builder = Builder(fn, self.names)
        builder.block = versions.guard
        builder.span = header.terminator.span
        builder.inlined_at = header.terminator.inlined_at
        replaced = dict(zip(header.params, versions.guard.params, strict=True))
        test = _Test(CallWriter(builder, self.ctx.specialise), replaced)
        fits = test.write(proofs)
        params = versions.guard.params
        builder.branch(fits, Edge(header, list(params)), Edge(versions.copy, list(params)))
        for proof in proofs:
            self._replace(proof.access)
            self._report(proof.access)

    def _replace(self, access: _Access) -> None:
        """Let the access call the unchecked twin."""
        assert self.ctx.specialise is not None
        op = access.op
        path = op.callee.path if isinstance(op.callee, Ref) else ""
        tys = tuple(arg.typed for arg in op.args)
        resolved = self.ctx.specialise(_UNCHECKED[path], tys, op.span, self.facts.fn.options_of(op))
        assert resolved.target.sig.params == tys, f"{resolved.target} wants other types"
        op.target = resolved.target
        access.reason = ""

    def _report(self, access: _Access) -> None:
        fn, op = self.facts.fn, access.op
        if fn.is_library:
            return
        if access.reason:
            message = "each access checks its index"
            self.ctx.report("bounds-check-kept", fn, op.span, message, reason=access.reason)
        else:
            message = "the index is checked once, before the loop"
            self.ctx.report("bounds-check-removed", fn, op.span, message)


class _Test:
    """Writes the test before a loop: all comparisons, joined by `and`."""

    def __init__(self, calls: CallWriter, replaced: dict[Value, Value]) -> None:
        self.calls = calls
        self.replaced = replaced  # the header's parameters, by the guard's
        self._leaves: dict[Term, Value] = {}
        self._result: Value | None = None

    def write(self, proofs: list[_Proof]) -> Value:
        """A bool value: whether all accesses are in range."""
        lows: dict[Terms, int] = {}
        highs: dict[tuple[Value, int, Terms], int] = {}
        positive: dict[Value, None] = {}
        for proof in proofs:
            for axis, interval in enumerate(proof.intervals):
                low, high = interval.low, interval.high
                lows[low.terms] = min(lows.get(low.terms, low.const), low.const)
                key = (proof.access.array, axis, high.terms)
                highs[key] = max(highs.get(key, high.const), high.const)
                for value in interval.positive:
                    positive[value] = None
        zero = self._const(0)
        for terms, const in lows.items():
            if terms:
                self._require(operator.ge, self._linear(Linear(const, terms)), zero)
        for value in positive:
            self._require(operator.gt, self._leaf(value), zero)
        for (array, axis, terms), const in highs.items():
            high = self._linear(Linear(const, terms))
            self._require(operator.lt, high, self._length(array, axis))
        assert self._result is not None, "every access has a highest index"
        return self._result

    def _require(self, compare: Any, lhs: Value, rhs: Value) -> None:
        fits = self.calls.call(compare, lhs, rhs, hint="fits")
        if self._result is None:
            self._result = fits
        else:
            self._result = self.calls.call(operator.and_, self._result, fits, hint="fits")

    def _const(self, number: int) -> Value:
        return self.calls.builder.const(number, ty=int64)

    def _length(self, array: Value, axis: int) -> Value:
        array = self.replaced.get(array, array)
        name = self.calls.builder.const("shape", ty=literal_str("shape"))
        shape = self.calls.call(getattr, array, name, hint="shape")
        return self.calls.call(operator.getitem, shape, self.calls.literal(axis), hint="length")

    def _leaf(self, value: Term) -> Value:
        """A value of a bound, as int64; the test includes that it is not too large to compute."""
        if value not in self._leaves:
            if isinstance(value, Length):
                own = self._length(value.array, 0)
            else:
                own = self.calls.builder.convert(self.replaced.get(value, value), int64)
            self._leaves[value] = own
            self._require(operator.lt, own, self._const(LEAF_LIMIT))
            self._require(operator.gt, own, self._const(-LEAF_LIMIT))
        return self._leaves[value]

    def _linear(self, linear: Linear) -> Value:
        total: Value | None = None
        for value, factor in linear.terms:
            term = self._leaf(value)
            if factor != 1:
                term = self.calls.call(operator.mul, term, self._const(factor))
            total = term if total is None else self.calls.call(operator.add, total, term)
        if total is None:
            return self._const(linear.const)
        if linear.const:
            return self.calls.call(operator.add, total, self._const(linear.const))
        return total


def _getitem_unchecked(a: Any, index: Any) -> Any:
    return a[index]


def _setitem_unchecked(a: Any, index: Any, value: Any) -> None:
    a[index] = value


# The library implements these under the names of a module that does not exist for users.
for _function in (_getitem_unchecked, _setitem_unchecked):
    _function.__module__ = "pellucid.numpy"
    _function.__qualname__ = _function.__name__.lstrip("_")

_UNCHECKED = {GETITEM.path: _getitem_unchecked, SETITEM.path: _setitem_unchecked}
