"""What of a loop its checks depend on: the values, and the branches that lead to the checks.

    body:   x = load_item(b, i)          needed
            y = call exp(x)              not needed
            zero = call "compare=="(x)   needed: a check asks for it
            branch zero, raise, rest
    rest:   branch other, left, right    not needed: no check depends on the way taken

Which branches matter is control dependence (Ferrante, Ottenstein and Warren 1987) on the body,
which has no cycle once the edge to the next turn is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pellucid.base.options import Options
from pellucid.ir.callee import Primitive, Ref
from pellucid.ir.dominance import Loop
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block
from pellucid.ir.ops import Branch, Call, Const, Convert, Edge, Op
from pellucid.ir.protocol import ITER_NEXT
from pellucid.ir.values import Value
from pellucid.passes.prove_checks import Check
from pellucid.passes.same_values import SameValues, library_name
from pellucid.types import Boolean, Float, Integer, Range, int64

LOADS = frozenset({"load_item", "load_at"})
STORES = frozenset({"store_item", "store_at"})


class Refusal(Exception):
    """Why checks stay in their loop, for the user."""


@dataclass(eq=False)
class LoopSlice:
    """A loop that counts, and what its checks need of it.

    `steps` are the values that the counter has on the next turn, and `step_ops` make the first of
    them. `order` are the blocks to copy, in order: those that a turn may pass, where the branches
    that are not `live` go straight to where their ways meet again. `inside` are the values that
    the loop defines, `varying` those that may differ from turn to turn.
    """

    loop: Loop
    checks: list[Check]
    condition: Call
    counter: Value
    limit: Value | None
    steps: list[Value]
    step_ops: list[Op] = field(default_factory=list[Op])
    needed: set[Value] = field(default_factory=set[Value])
    live: set[Block] = field(default_factory=set[Block])
    meeting: dict[Block, Block | None] = field(default_factory=dict["Block", "Block | None"])
    order: list[Block] = field(default_factory=list[Block])
    inside: set[Value] = field(init=False)
    varying: set[Value] = field(init=False)
    checks_by_block: dict[Block, Check] = field(init=False)

    def __post_init__(self) -> None:
        self.checks_by_block = {check.block: check for check in self.checks}
        self.inside = _defined(self.loop)
        self.varying = _varying(self.loop)

    @property
    def step(self) -> int:
        """By how much the counter grows on each turn."""
        return _added(self.step_ops)

    def ops(self, names: frozenset[str]) -> list[Call]:
        """The calls of library primitives with one of the names, in order."""
        ops = (op for block in self.loop.blocks for op in block.ops if isinstance(op, Call))
        return [op for op in ops if library_name(op) in names]

    def ways(self, block: Block) -> list[tuple[Block | None, Edge | None]]:
        """Where a block of the scan leads: blocks, None for the next turn; edges with arguments."""
        check = self.checks_by_block.get(block)
        if check is not None:
            edges = [check.rest]
        elif isinstance(block.terminator, Branch) and block not in self.live:
            return [(self.meeting[block], None)]
        else:
            edges = list(block.terminator.edges())
        header = self.loop.header
        return [(None, None) if e.block is header else (e.block, e) for e in edges]


def slice_of_checks(
    loop: Loop, checks: list[Check], same: SameValues, options: Options
) -> LoopSlice:
    """What the checks of an innermost loop need; a `Refusal` says why they stay where they are."""
    found = _shape(loop, checks, same)
    _require_plain(found, options)
    found.meeting = _meeting_points(found)
    _Marker(found, same).mark()
    found.order = _reached(found)
    return found


# The loop's form --------------------------------------------------------------------------------


def _shape(loop: Loop, checks: list[Check], same: SameValues) -> LoopSlice:
    if all(check.exception == "builtins.IndexError" for check in checks):
        raise Refusal("the loop checks nothing but indices")
    header, end = loop.header, loop.header.terminator
    uncounted = Refusal("how often the loop runs is not known before it")
    if not isinstance(end, Branch) or end.then.block not in loop or end.orelse.block in loop:
        raise uncounted
    leaving = {block for block, _ in loop.exits()}
    if leaving - {header, *(check.block for check in checks)}:
        raise Refusal("the loop also ends in other ways than by an exception")
    condition = same.definitions.get(end.cond)
    if not isinstance(condition, Call) or condition not in header.ops:
        raise uncounted
    counter, limit = _compared(condition, loop)
    inside = _defined(loop)
    if counter is None or any(arg in inside for arg in condition.args if arg is not counter):
        raise uncounted
    index = header.params.index(counter)
    steps = [
        edge.args[index]
        for block in loop.latches
        for edge in block.terminator.edges()
        if edge.block is header
    ]
    makers = [_step_ops(value, counter, same) for value in steps]
    if not all(makers) or len({_added(ops) for ops in makers}) != 1:
        raise uncounted
    return LoopSlice(loop, checks, condition, counter, limit, steps, makers[0])


def _compared(condition: Call, loop: Loop) -> tuple[Value | None, Value | None]:
    """The counter that a loop's condition compares, and its limit if that is an int."""
    name, params = library_name(condition), loop.header.params
    if name in ("below", "compare<", "compare<=") and condition.args[0].ty == int64:
        counter, limit = condition.args
        return (counter, limit) if counter in params and limit.ty == int64 else (None, None)
    if name == "range.valid" and condition.args[1] in params:
        return condition.args[1], None
    return None, None


def _step_ops(value: Value, counter: Value, same: SameValues) -> list[Op]:
    """The ops that make the next value of the counter of this one; empty if it is not a step."""
    op = same.definitions.get(value)
    if not isinstance(op, Call) or not isinstance(op.target, Primitive):
        return []
    path = op.callee.path if isinstance(op.callee, Ref) else ""
    if path == ITER_NEXT.path and isinstance(op.args[0].ty, Range) and op.args[1] is counter:
        return [op]
    if library_name(op) == "add" and counter in op.args and op.out.ty == int64:
        other = op.args[1] if op.args[0] is counter else op.args[0]
        added = same.definitions.get(other)
        if isinstance(added, Const) and type(added.value) is int and 0 < added.value < 1 << 14:
            return [added, op]
    return []


def _added(ops: list[Op]) -> int:
    """By how much the counter grows."""
    return ops[0].value if ops and isinstance(ops[0], Const) else len(ops)


def _defined(loop: Loop) -> set[Value]:
    found: set[Value] = set()
    for block in loop.blocks:
        found.update(block.params)
        found.update(op.result for op in block.ops if op.result is not None)
    return found


def _varying(loop: Loop) -> set[Value]:
    """Values that may differ from turn to turn."""
    found: set[Value] = set()
    for block in loop.blocks:
        found.update(block.params)
        for op in block.ops:
            is_read = bool(op.effects & Effects.READS)
            if op.result is not None and (is_read or any(v in found for v in op.operands())):
                found.add(op.result)
    return found


def _require_plain(found: LoopSlice, options: Options) -> None:
    """Refuse loops that cannot be packed for other reasons than their checks."""
    may_reorder = options.fastmath & {"fast", "reassoc"}
    ops = (op for block in found.loop.blocks for op in block.all_ops())
    read = {value for op in ops for value in op.operands()}
    for param in found.loop.header.params:
        if param not in read or isinstance(param.typed.base, (Integer, Boolean)):
            continue
        if not (isinstance(param.typed.base, Float) and may_reorder):
            raise Refusal("each turn needs what the one before computed")
    for block in found.loop.blocks:
        for op in block.ops:
            _require_plain_op(op, found.inside)


def _require_plain_op(op: Op, inside: set[Value]) -> None:
    if op.result is not None and op.result.typed.is_managed:
        raise Refusal("the loop makes arrays or other objects")
    if isinstance(op, (Const, Convert)):
        return
    if not isinstance(op, Call) or not isinstance(op.target, Primitive):
        raise Refusal("the loop calls functions that stay calls")
    if not op.effects:
        return
    name = library_name(op)
    if name not in LOADS | STORES:
        raise Refusal("the loop does more than compute, read and assign items")
    if op.args[0] in inside:
        raise Refusal("the loop reads or assigns items of another array on each turn")


# Control dependence -----------------------------------------------------------------------------


def _meeting_points(found: LoopSlice) -> dict[Block, Block | None]:
    """For each block the nearest one that every way from it passes; None: the next turn."""
    meeting: dict[Block, Block | None] = {}
    depth: dict[Block | None, int] = {None: 0}
    for block in reversed(found.loop.blocks):
        if block is found.loop.header:
            continue
        ways = _ways(found, block)
        nearest = ways[0]
        for other in ways[1:]:
            while nearest is not other:
                if depth[nearest] >= depth[other]:
                    assert nearest is not None
                    nearest = meeting[nearest]
                else:
                    assert other is not None
                    other = meeting[other]
        meeting[block] = nearest
        depth[block] = depth[nearest] + 1
    return meeting


def _ways(found: LoopSlice, block: Block) -> list[Block | None]:
    """Where control goes on within a turn; None: to the next one."""
    check = found.checks_by_block.get(block)
    edges = [check.rest] if check is not None else block.terminator.edges()
    return [None if edge.block is found.loop.header else edge.block for edge in edges]


class _Marker:
    """Finds what is `needed` of a slice, and the branches that are `live`."""

    def __init__(self, found: LoopSlice, same: SameValues) -> None:
        self.found = found
        self.same = same
        self.homes = {op.result: block for block in found.loop.blocks for op in block.ops}
        self.values: list[Value] = []
        self.blocks: list[Block] = []
        self.deciding: dict[Block, set[Block]] = {}  # branches that decide whether a block runs
        for block in found.loop.blocks[1:]:
            for way in set(_ways(found, block)):
                while way is not None and way is not found.meeting[block]:
                    self.deciding.setdefault(way, set()).add(block)
                    way = found.meeting[way]

    def mark(self) -> None:
        """Follow what the checks and the count of turns need."""
        found = self.found
        self.values += [*found.condition.args, found.counter]
        self.values += [check.end.cond for check in found.checks]
        self.blocks += [check.block for check in found.checks]
        seen: set[Block] = set()
        while self.values or self.blocks:
            if self.blocks:
                block = self.blocks.pop()
                if block not in seen:
                    seen.add(block)
                    for branch in self.deciding.get(block, ()):
                        self._mark_branch(branch)
            else:
                value = self.values.pop()
                if value in found.inside and value not in found.needed:
                    found.needed.add(value)
                    self._mark_operands(value)

    def _mark_branch(self, block: Block) -> None:
        end = block.terminator
        assert isinstance(end, Branch)
        self.blocks.append(block)
        if block not in self.found.checks_by_block:
            self.found.live.add(block)
            self.values.append(end.cond)

    def _mark_operands(self, value: Value) -> None:
        op = self.same.definitions[value]
        if isinstance(op, Op):
            self.values.extend(op.operands())
            self.blocks.append(self.homes[value])
        elif op is self.found.loop.header:
            if value is not self.found.counter:
                raise Refusal("what is checked depends on the turns before")
        else:
            self._mark_sources(op, op.params.index(value))

    def _mark_sources(self, block: Block, index: int) -> None:
        """The ways on which a parameter of the block gets its value."""
        for source in self.same.before[block]:
            self.blocks.append(source)
            if isinstance(source.terminator, Branch):
                self._mark_branch(source)
            edges = source.terminator.edges()
            self.values.extend(edge.args[index] for edge in edges if edge.block is block)


def _reached(found: LoopSlice) -> list[Block]:
    """The blocks that a turn of the scan may pass, in order."""
    end = found.loop.header.terminator
    assert isinstance(end, Branch)
    reached = {end.then.block}
    for block in found.loop.blocks:
        if block in reached:
            reached.update(way for way, _ in found.ways(block) if way is not None)
    return [block for block in found.loop.blocks if block in reached]
