"""Let Ctrl-C stop loops and recursion, at less than one per cent of their time.

    jump loop(zero)                        jump chunk(zero)
    loop(k):                             chunk(k.1):
      ok = call range.valid(r, k)          limit = call chunk_limit(r, k.1)
      branch ok, body, done                jump loop(k.1)
    ...                            ->    loop(k):
                                           ok = call range.valid(r, k)
                                           below = call "compare<"(k, limit)
                                           branch below, body, chunk.end
                                         chunk.end:
                                           branch ok, chunk.poll, done
                                         chunk.poll:
                                           p = call poll(CHUNK)
                                           jump chunk(k)

`poll(n)` takes n from the budget in the context; the signals are looked at when that is used up
(`codegen/lowering.py`). There are three ways:

- A loop that counts (over a range, or `while i < n` with a constant step, or until `i >= n`) and
  holds none like it is
  cut into chunks: between two polls it runs `CHUNK` iterations of a loop without a call, which LLVM
  vectorises as before. The test may come after the step, if the header only computes. A loop with
  fewer iterations takes nothing from the budget: so short loops inside others cost what they did.
- Loops that hold such count their turns down in one register of the function, and poll every
  `codegen.lowering.TURNS`. So at most that times `CHUNK` iterations lie between two polls.
- One that calls functions, which may loop, takes `CALLS` on each turn.
- Any other loop counts down in a register, and polls every `COUNTDOWN` iterations.

A block that calls its own function again, directly or through others, takes `CALL` first.

Needs:   typed IR after inlining, before references are counted.
Keeps:   everything a loop computes; the poll stands on the loop's own location.
Refuses: loops over a range of at most `SMALL` items, known while compiling: they count as
         straight code.
Reports: nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from pellucid.ir.builder import Builder, Names
from pellucid.ir.callee import FunctionTarget, Primitive, Ref
from pellucid.ir.dominance import Loop, find_loops
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Branch, Call, Const, Edge, Op
from pellucid.ir.protocol import ITER_NEXT, ITER_VALID, ref
from pellucid.ir.values import Value
from pellucid.ir.walk import definitions, predecessors, reverse_postorder
from pellucid.passes.counting import (
    BELOW,
    IS_ZERO,
    LESS,
    LESS_ONE,
    POLL,
    TURN,
    UP_TO,
    int_limit,
    range_limit,
)
from pellucid.passes.pass_base import Pass, PassContext, callees
from pellucid.types import Range, boolean, int64

CHUNK = 1 << 14
COUNTDOWN = 256
CALLS = 256
CALL = 4
SMALL = 64


@dataclass(frozen=True)
class PollInterrupts(Pass):
    """Add polls for signals to loops, and to recursive functions."""

    name: ClassVar[str] = "interrupts"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        if not ctx.options.interrupt or fn.is_uninterrupted:
            return False
        changed = _poll_recursion(fn)
        loops = find_loops(fn)
        if not loops:
            return changed
        poller = _Poller(fn)
        for loop in reversed(loops):  # inner loops first
            poller.add(loop)
        if poller.changed:
            fn.blocks[:] = reverse_postorder(fn)
        return poller.changed or changed


def _poll_recursion(fn: Function) -> bool:
    """Poll before the first call in each block that may lead to `fn` again."""
    again = {target for target in callees(fn) if _leads_to(target, fn)}
    if not again:
        return False
    builder = Builder(fn)
    for block in fn.blocks:
        index = next((i for i, op in enumerate(block.ops) if _target(op) in again), None)
        if index is not None:
            rest = block.ops[index:]
            del block.ops[index:]
            builder.block = block
            builder.span, builder.inlined_at = rest[0].span, rest[0].inlined_at
            _poll(builder, CALL)
            block.ops += rest
    return True


def _target(op: Op) -> object:
    return op.target if isinstance(op, Call) else None


def _leads_to(target: FunctionTarget, fn: Function) -> bool:
    seen = {target}
    todo = [target]
    while todo:
        body = todo.pop().fn
        if body is fn:
            return True
        found = callees(body) if body is not None else []
        todo += (callee for callee in found if callee not in seen)
        seen.update(found)
    return False


def _poll(builder: Builder, count: int) -> None:
    taken = builder.const(count, "count", ty=int64)
    _call(builder, POLL, taken, hint="poll")


class _Poller:
    def __init__(self, fn: Function) -> None:
        self.fn = fn
        self.names = Names(fn)
        self.definitions = definitions(fn)
        self.homes = {
            op.result: block for block in fn.blocks for op in block.ops if op.result is not None
        }
        self.before = predecessors(fn)
        self.alone: dict[Loop, int] = {}  # turns that it may make without a poll
        self.changed = False

    def add(self, loop: Loop) -> None:
        """Poll in `loop`, after the loops that it holds, unless it is small."""
        inside = max((self.alone[child] for child in loop.children), default=1)
        if self._is_small(loop) and inside <= SMALL:
            self.alone[loop] = SMALL
            return
        self.changed = True
        calls_loops = _calls_loops(loop)
        counter = self._find_counter(loop)
        if inside > COUNTDOWN or calls_loops:
            self._count_turns(loop, CALLS if calls_loops else 0)
            self.alone[loop] = CHUNK
        elif counter is not None:
            self._cut_into_chunks(loop, counter)
            self.alone[loop] = CHUNK
        else:
            self._count_down(loop)
            self.alone[loop] = COUNTDOWN

    def _is_small(self, loop: Loop) -> bool:
        """Whether it runs over a range whose length is known and small."""
        condition = self._condition(loop)
        if condition is None or not _is_call_of(condition, ITER_VALID):
            return False
        made = self.definitions.get(condition.args[0])
        if not isinstance(made, Call) or made.target is None:
            return False
        arguments = [self.definitions.get(arg) for arg in made.args]
        bounds = [op.value if isinstance(op, Const) else None for op in arguments]
        bounds = [bound for bound in bounds if bound is not ...]  # an argument left out
        if not all(type(bound) is int for bound in bounds):
            return False
        return 0 < len(bounds) <= 3 and len(range(*bounds)) <= SMALL

    def _condition(self, loop: Loop) -> Call | None:
        """The call that decides in the header whether the loop goes on."""
        end = loop.header.terminator
        if not isinstance(end, Branch) or end.then.block not in loop or end.orelse.block in loop:
            return None
        op = self.definitions.get(end.cond)
        is_here = self.homes.get(end.cond) is loop.header
        return op if isinstance(op, Call) and is_here else None

    def _find_counter(self, loop: Loop) -> _Counter | None:
        """How the loop counts, if it does."""
        condition = self._condition(loop) or self._turned(loop)
        if condition is None or not isinstance(condition.target, Primitive):
            return None
        if _is_call_of(condition, ITER_VALID) and isinstance(condition.args[0].ty, Range):
            bound, variable = condition.args
            step = self._step(loop, variable)
        elif condition.target.sig.params == (int64, int64) and _path(condition) in _COMPARISONS:
            variable, bound = condition.args
            step = self._step(loop, variable)
        else:
            return None
        if step is None or not self._is_outside(loop, bound):
            return None
        return _Counter(condition, self._stepped(loop, variable), variable, bound, step)

    def _turned(self, loop: Loop) -> Call | None:
        """The condition of a loop that begins with `if i >= n: break`: `i < n`, which it gets."""
        header, end = loop.header, loop.header.terminator
        if not isinstance(end, Branch) or end.then.block in loop or end.orelse.block not in loop:
            return None
        op = self.definitions.get(end.cond)
        if not isinstance(op, Call) or self.homes.get(end.cond) is not header:
            return None
        inverse = _INVERSES.get(_path(op))
        if inverse is None or op.target is None or op.target.sig.params != (int64, int64):
            return None
        ref, target = inverse
        turned = Call(Value(self.names.fresh("t"), boolean), ref, op.args, target=target)
        turned.span, turned.inlined_at = op.span, op.inlined_at
        header.ops.append(turned)
        self.definitions[turned.out], self.homes[turned.out] = turned, header
        header.terminator = Branch(
            turned.out, end.orelse, end.then, span=end.span, inlined_at=end.inlined_at
        )
        return turned

    def _step(self, loop: Loop, variable: Value) -> int | None:
        """The constant by which every turn changes `variable`, a parameter of the header."""
        variable = self._stepped(loop, variable)
        if variable not in loop.header.params:
            return None
        index = loop.header.params.index(variable)
        steps: set[int | None] = set()
        for block in self._latches(loop):
            for edge in block.terminator.edges():
                if edge.block is loop.header:
                    steps.add(self._added(edge.args[index], variable))
        step = steps.pop() if len(steps) == 1 else None
        return step if step is not None and 0 < step < CHUNK else None

    def _stepped(self, loop: Loop, variable: Value) -> Value:
        """The header's parameter that a variable is one step further than; else itself.

        Its test then stands behind the step. What comes before is done again when a chunk ends.
        """
        if not all(op.effects == Effects.PURE for op in loop.header.ops):
            return variable
        for param in loop.header.params:
            if self._added(variable, param):
                return param
        return variable

    def _added(self, value: Value, variable: Value) -> int | None:
        op = self.definitions.get(value)
        if not isinstance(op, Call) or not isinstance(op.target, Primitive):
            return None
        if _is_call_of(op, ITER_NEXT):
            return 1 if op.args[1] is variable and isinstance(op.args[0].ty, Range) else None
        if _path(op) not in _ADDITIONS or op.target.sig.params != (int64, int64):
            return None
        lhs, rhs = op.args
        if rhs is variable:
            lhs, rhs = rhs, lhs
        added = self.definitions.get(rhs)
        if lhs is not variable or not isinstance(added, Const) or type(added.value) is not int:
            return None
        return added.value

    def _is_outside(self, loop: Loop, value: Value) -> bool:
        """Whether `value` is defined before the loop."""
        made = self.definitions.get(value)
        home = self.homes.get(value) if isinstance(made, Op) else made
        return home not in loop.members

    # Rewriting ----------------------------------------------------------------------------------

    def _cut_into_chunks(self, loop: Loop, counter: _Counter) -> None:
        header = loop.header
        old = header.terminator
        assert isinstance(old, Branch)
        chunk, end = self._new_block(header, "chunk"), self._new_block(header, "chunk.end")
        spent = self._new_block(header, "chunk.poll")
        chunk.params = [Value(self.names.fresh(p.name), p.ty) for p in header.params]
        entering = self._entering(loop)
        for edge in _edges(entering, header):
            edge.block = chunk
        builder = self._builder(counter.condition)
        builder.block = chunk
        variable = chunk.params[header.params.index(counter.variable)]
        limit = _call(builder, counter.limit(), counter.bound, variable, hint="limit")
        builder.jump(header, *chunk.params)
        builder.block = spent
        _poll(builder, CHUNK)
        builder.jump(chunk, *header.params)
        below = self.names.fresh("below")
        test = counter.test()
        op = Call(Value(below, boolean), Ref(test.name, None), [counter.tested, limit])
        op.target, op.span, op.inlined_at = test, old.span, old.inlined_at
        header.ops.append(op)
        end.terminator = Branch(
            old.cond, Edge(spent), old.orelse, span=old.span, inlined_at=old.inlined_at
        )
        header.terminator = Branch(
            op.out, old.then, Edge(end), span=old.span, inlined_at=old.inlined_at
        )
        self.before[chunk] = [*entering, spent]
        self.before[spent] = [end]
        self.before[header] = [chunk, *self._latches(loop)]
        self.before[end] = [header]
        leaving = self.before[old.orelse.block]
        leaving[leaving.index(header)] = end
        self._insert(loop, chunk, end, spent)

    def _count_turns(self, loop: Loop, taken: int) -> None:
        header = loop.header
        latches, entering = self._latches(loop), self._entering(loop)
        turn = self._new_block(header, "turn")
        turn.params = [Value(self.names.fresh(p.name), p.ty) for p in header.params]
        for edge in _edges(latches, header):
            edge.block = turn
        builder = self._builder(header.terminator)
        builder.block = turn
        if taken:
            _poll(builder, taken)
        else:
            _call(builder, TURN, hint="turn")
        builder.jump(header, *turn.params)
        self.before[turn], self.before[header] = latches, [*entering, turn]
        self._insert(loop, turn)

    def _count_down(self, loop: Loop) -> None:
        header = loop.header
        turn, spent = self._new_block(header, "turn"), self._new_block(header, "poll")
        turn.params = [Value(self.names.fresh(p.name), p.ty) for p in header.params]
        entering, latches = self._entering(loop), self._latches(loop)
        for edge in _edges(latches, header):
            edge.block = turn
        left = Value(self.names.fresh("left"), int64)
        header.params.append(left)
        builder = self._builder(header.terminator)
        for block in entering:
            builder.block = block
            start = builder.const(COUNTDOWN, "left", ty=int64)
            for edge in _edges([block], header):
                edge.args.append(start)
        builder.block = turn
        less = _call(builder, LESS_ONE, left, hint="left")
        is_spent = _call(builder, IS_ZERO, less, hint="spent")
        builder.branch(is_spent, Edge(spent), Edge(header, [*turn.params, less]))
        builder.block = spent
        count = builder.const(COUNTDOWN, "count", ty=int64)
        _call(builder, POLL, count, hint="poll")
        builder.jump(header, *turn.params, count)
        self.before[turn], self.before[spent] = latches, [turn]
        self.before[header] = [*entering, turn, spent]
        self._insert(loop, turn, spent)

    def _builder(self, op: Op) -> Builder:
        builder = Builder(self.fn, self.names)
        builder.span, builder.inlined_at = op.span, op.inlined_at
        return builder

    def _new_block(self, header: Block, hint: str) -> Block:
        return Block(self.names.fresh(f"{header.name}.{hint}"), is_cold=header.is_cold)

    def _insert(self, loop: Loop, *blocks: Block) -> None:
        """New blocks of the loop; their order in the function is settled at the end."""
        self.fn.blocks.extend(blocks)
        for block in blocks:
            loop.add(block)

    def _latches(self, loop: Loop) -> list[Block]:
        return [b for b in dict.fromkeys(self.before[loop.header]) if b in loop]

    def _entering(self, loop: Loop) -> list[Block]:
        return [b for b in dict.fromkeys(self.before[loop.header]) if b not in loop]


def _calls_loops(loop: Loop) -> bool:
    """Whether functions are called in it that may hold loops."""
    return any(_may_loop(_target(op)) for block in loop.blocks for op in block.ops)


def _may_loop(target: object) -> bool:
    if not isinstance(target, FunctionTarget):
        return False
    return target.fn is None or len(target.fn.blocks) > 1 or any(map(_may_loop, callees(target.fn)))


def _edges(sources: Iterable[Block], target: Block) -> list[Edge]:
    """The edges from `sources` to `target`."""
    return [e for block in sources for e in block.terminator.edges() if e.block is target]


def _call(builder: Builder, target: Primitive, *args: Value, hint: str) -> Value:
    return builder.call(Ref(target.name, None), *args, target=target, hint=hint)


def _path(op: Call) -> str:
    return op.callee.path if isinstance(op.callee, Ref) else ""


def _is_call_of(op: Call, ref: Ref) -> bool:
    return _path(op) == ref.path


_COMPARISONS = {"operator.lt": True, "operator.le": False}  # whether the bound is left out
_INVERSES = {"operator.ge": (ref(operator.lt), LESS), "operator.gt": (ref(operator.le), UP_TO)}
_ADDITIONS = {"operator.add", "operator.iadd"}


@dataclass(frozen=True)
class _Counter:
    """`condition` compares `tested` with `bound`: a range or an int.

    That is `variable`, a parameter of the header which grows by `step`, or its next value.
    """

    condition: Call
    variable: Value
    tested: Value
    bound: Value
    step: int

    def limit(self) -> Primitive:
        """Where the chunk that begins at `variable` ends."""
        if isinstance(self.bound.ty, Range):
            return range_limit(self.bound.ty, CHUNK)
        return int_limit(self.step * CHUNK, is_strict=_COMPARISONS[_path(self.condition)])

    def test(self) -> Primitive:
        """The comparison of `variable` with the chunk's limit."""
        if isinstance(self.bound.ty, Range):
            return BELOW
        assert isinstance(self.condition.target, Primitive)
        return self.condition.target
