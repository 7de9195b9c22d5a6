"""Make the checks of a loop ahead, for a chunk of turns at once, so that the loop can be packed.

    loop(i):                                    scan(i.1, bad):
      below = call below(i, limit)                below.1 = call below(i.1, limit)
      branch below, body, end                     branch below.1, scan.body, scanned
    body:                                       scan.body:
      x = load_item(b, i)                         x.1 = load_item(b, i.1)
      zero = call "compare=="(x, 0.0)             zero.1 = call "compare=="(x.1, 0.0)
      branch zero, raise, rest            ->      bad.1 = call failed(bad, zero.1)
    rest:                                         jump scan(i.1 + 1, bad.1)
      ... store_item(c, i, y)                   scanned:
      jump loop(i + 1)                            branch bad, loop.1, loop
                                                loop: ... (not checked)
                                                loop.1: ... (as it was: raises at the right turn)

A loop that may leave early by a raise on any turn cannot be packed. The scan computes nothing but
what the checks compare: it can be, and so can the loop behind it.

Needs:   typed IR after inlining, in which loops are cut into chunks, before references are counted.
Keeps:   results, exceptions, and what is stored before an exception: a chunk with a failing check
         runs as it was.
Refuses: loops that carry floats from turn to turn, or whose checks read what they store (where
         arrays lie is tested before the loop); calls; reads that are not known to be within their
         array ahead of time; loops that check nothing but indices (`hoist_bounds_checks.py` is for
         those); loops of more than `max_operations`.
Reports: `checks-hoisted`, also with the reason why not, of checks in users' innermost loops.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pellucid.base.options import Options
from pellucid.ir.builder import Builder, Names
from pellucid.ir.callee import Primitive, Ref
from pellucid.ir.clone import clone_op
from pellucid.ir.dominance import Dominators, Loop, find_loops
from pellucid.ir.function import Block, Function
from pellucid.ir.loop_versions import LoopVersions
from pellucid.ir.ops import Branch, Edge, Jump, Op
from pellucid.ir.values import Value
from pellucid.ir.walk import reverse_postorder
from pellucid.passes.loop_slices import LoopSlice, Refusal, slice_of_checks
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.passes.places import users_place
from pellucid.passes.prove_checks import Check, find_checks
from pellucid.passes.same_values import SameValues
from pellucid.passes.scan_costs import require_worth
from pellucid.passes.scan_memory import Overlap, overlap_tests
from pellucid.passes.scan_operations import BOTH, FAILED, IS_LONG, UNMET
from pellucid.types import boolean


@dataclass(frozen=True)
class ScanChecks(Pass):
    """Put scans before loops whose turns check what they compute."""

    name: ClassVar[str] = "scan-checks"

    max_loops: int = 16
    max_operations: int = 500

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        done: set[Block] = set()
        outcomes: dict[object, tuple[Check, str]] = {}
        count = 0
        while count < self.max_loops and (found := self._find_next(fn, ctx, done, outcomes)):
            copy = _rewrite(fn, *found)
            done.update((found[0].loop.header, copy))
            count += 1
        if not fn.is_library:
            for check, reason in outcomes.values():
                _report(fn, check, reason, ctx)
        return count > 0

    def _find_next(
        self,
        fn: Function,
        ctx: PassContext,
        done: set[Block],
        outcomes: dict[object, tuple[Check, str]],
    ) -> tuple[LoopSlice, list[Overlap]] | None:
        """The next loop to rewrite; loops that are refused are noted with the reason."""
        checks = {check.block: check for check in find_checks(fn)}
        if not checks:
            return None
        dominators = Dominators(fn)
        same: SameValues | None = None
        for loop in find_loops(fn, dominators):
            own = [checks[block] for block in loop.blocks if block in checks]
            if not own or not loop.is_innermost or loop.header.is_cold or loop.header in done:
                continue
            same = same or SameValues(fn, dominators)
            try:
                found = self._plan(loop, own, same, ctx.options)
            except Refusal as refusal:
                done.add(loop.header)
                # A loop that checks indices is mostly another one's copy; if not, that is told.
                if all(check.exception != "builtins.IndexError" for check in own):
                    for check in own:
                        outcomes.setdefault(users_place(check.end), (check, str(refusal)))
            else:
                outcomes.update((users_place(check.end), (check, "")) for check in own)
                return found
        return None

    def _plan(
        self, loop: Loop, checks: list[Check], same: SameValues, options: Options
    ) -> tuple[LoopSlice, list[Overlap]]:
        if sum(len(block.ops) for block in loop.blocks) > self.max_operations:
            raise Refusal("the loop is large")
        found = slice_of_checks(loop, checks, same, options)
        tests = overlap_tests(found, same, options)
        require_worth(found, same)
        return found, tests


def _report(fn: Function, check: Check, reason: str, ctx: PassContext) -> None:
    span, _ = users_place(check.end)
    if reason:
        message = "each turn makes the check, and the loop cannot be packed"
        ctx.report("checks-hoisted", fn, span, message, reason=reason)
    else:
        message = "the check is made ahead, for many turns at once"
        ctx.report("checks-hoisted", fn, span, message)


# Rewriting --------------------------------------------------------------------------------------


def _rewrite(fn: Function, found: LoopSlice, overlaps: list[Overlap]) -> Block:
    """Write the scan, and let it choose between the loop without checks and a copy with them.

    Answers the header of the copy.
    """
    names = Names(fn)
    header = found.loop.header
    versions = LoopVersions(fn, names).split(found.loop)
    params = versions.guard.params
    scanned = Block(names.fresh(f"{header.name}.scanned"))
    scan = _Scan(fn, names, found, versions.guard, scanned)
    builder = scan.builder(versions.guard)
    start = dict(zip(header.params, params, strict=True))
    worth = _test(builder, found, overlaps, start)
    no = builder.const(False, "bad", ty=boolean)
    into = Edge(scan.header, [start[found.counter], no])
    if worth is None:
        builder.jump(into.block, *into.args)
    else:
        builder.branch(worth, into, Edge(versions.copy, list(params)))
    bad = scan.write()
    builder = scan.builder(scanned)
    builder.branch(bad, Edge(versions.copy, list(params)), Edge(header, list(params)))
    for check in found.checks:
        end = check.end
        check.block.terminator = Jump(check.rest, span=end.span, inlined_at=end.inlined_at)
    fn.blocks.extend(scan.blocks)
    fn.blocks[:] = reverse_postorder(fn)
    return versions.copy


def _test(
    builder: Builder, found: LoopSlice, overlaps: list[Overlap], start: dict[Value, Value]
) -> Value | None:
    """Whether the loop is long enough, and what the scan reads is not what the loop stores."""
    tests: list[tuple[Primitive, list[Value]]] = []
    if found.limit is not None:
        tests.append((IS_LONG, [start[found.counter], found.limit]))
    tests.extend((test.primitive, test.args) for test in overlaps)
    result: Value | None = None
    for primitive, args in tests:
        one = _call(builder, primitive, *args)
        result = one if result is None else _call(builder, BOTH, result, one)
    return result


def _call(builder: Builder, target: Primitive, *args: Value) -> Value:
    return builder.call(Ref(target.name, None), *args, target=target, hint=target.name)


class _Scan:
    """Copies of the blocks and ops that the checks need, with a flag in place of raises."""

    def __init__(
        self, fn: Function, names: Names, found: LoopSlice, guard: Block, scanned: Block
    ) -> None:
        self.fn = fn
        self.names = names
        self.found = found
        self.scanned = scanned
        name = f"{found.loop.header.name}.scan"
        self.header = Block(names.fresh(name))
        self.latch = Block(names.fresh(f"{name}.next"))
        self.copies: dict[Block, Block] = {}
        self.values: dict[Value, Value] = {}
        self.flags: dict[Block, Value] = {}
        self.blocks: list[Block] = []

    def builder(self, block: Block) -> Builder:
        builder = Builder(self.fn, self.names)
        end = self.found.condition
        builder.block, builder.span, builder.inlined_at = block, end.span, end.inlined_at
        return builder

    def write(self) -> Value:
        """Write all blocks of the scan; the flag that says whether a check failed."""
        found, header = self.found, self.header
        header.params = [self._param(found.counter, "i"), Value(self.names.fresh("bad"), boolean)]
        bad = header.params[1]
        order = found.order
        for block in order:
            self.copies[block] = Block(self.names.fresh(f"{header.name}.body"))
        self._add_params(order)
        self._copy_ops(found.loop.header, header)
        self._copy_op(found.condition, header)
        first = self.copies[order[0]] if order else self.latch
        test = self.values[found.condition.out]
        self.builder(header).branch(test, Edge(first), Edge(self.scanned))
        entry = self.copies[order[0]]
        for op in found.step_ops:
            self._copy_op(op, entry)
        for value in found.steps:
            self.values[value] = self.values[found.steps[0]]
        self.flags[entry] = bad
        flag = Value(self.names.fresh("bad"), boolean)
        self.latch.params = [flag]
        self.builder(self.latch).jump(header, self.values[found.steps[0]], flag)
        for block in order:
            self._write_block(block)
        self.blocks = [header, *self.copies.values(), self.latch, self.scanned]
        return bad

    def _param(self, value: Value, hint: str = "") -> Value:
        copied = Value(self.names.fresh(hint or value.name), value.ty)
        self.values[value] = copied
        return copied

    def _add_params(self, order: list[Block]) -> None:
        """Parameters that the checks need, and a flag where several ways meet."""
        ways: dict[Block, int] = {}
        for block in order:
            for target, _ in self.found.ways(block):
                if target is not None:
                    ways[target] = ways.get(target, 0) + 1
        for block in order[1:]:
            copied = self.copies[block]
            copied.params = [self._param(p) for p in block.params if p in self.found.needed]
            if ways.get(block, 0) > 1:
                flag = Value(self.names.fresh("bad"), boolean)
                copied.params.append(flag)
                self.flags[copied] = flag

    def _copy_ops(self, source: Block, target: Block) -> None:
        for op in source.ops:
            if op.result is not None and op.result in self.found.needed:
                self._copy_op(op, target)

    def _copy_op(self, op: Op, target: Block) -> None:
        assert op.result is not None
        if op.result not in self.values:
            self.values[op.result] = Value(self.names.fresh(op.result.name), op.result.ty)
            target.ops.append(clone_op(op, self.values, {}))

    def _write_block(self, block: Block) -> None:
        copied = self.copies[block]
        self._copy_ops(block, copied)
        builder = self.builder(copied)
        end = block.terminator
        builder.span, builder.inlined_at = end.span, end.inlined_at
        flag = self.flags[copied]
        check = self.found.checks_by_block.get(block)
        if check is not None:
            target = UNMET if check.passes else FAILED
            flag = _call(builder, target, flag, self.values.get(check.end.cond, check.end.cond))
        edges = [self._edge(way, edge, flag) for way, edge in self.found.ways(block)]
        if len(edges) == 2:
            assert isinstance(end, Branch)
            builder.branch(self.values.get(end.cond, end.cond), *edges)
        else:
            builder.jump(edges[0].block, *edges[0].args)

    def _edge(self, way: Block | None, edge: Edge | None, flag: Value) -> Edge:
        """An edge to the copy of `way`, or to the next turn; `edge` gives the arguments."""
        if way is None:
            return Edge(self.latch, [flag])
        copied = self.copies[way]
        args: list[Value] = []
        if edge is not None:
            pairs = zip(way.params, edge.args, strict=True)
            args = [self.values.get(a, a) for p, a in pairs if p in self.found.needed]
        if copied in self.flags and self.flags[copied] in copied.params:
            args.append(flag)
        else:
            self.flags[copied] = flag
        return Edge(copied, args)
