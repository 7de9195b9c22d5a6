"""Let a generator that only one function sees be part of it: no object, no calls.

    g = call @squares.make(n)                 i = 0
    s = call @squares(g)                      loop over i:
    loop while s.valid:                ->         use(i * i)
        use(s.value)
        s = call @squares(g)

The calls that resume it are replaced by its body, and its fields by values: what a field holds is
what was put there last on the way. Then every way knows the state, so that control goes straight
from each `yield` to the loop that takes the item, and from there to what follows the `yield`.

Needs:   typed IR after inlining, before references are counted.
Keeps:   order; the span of every op, with the chain of calls that brought it here.
Refuses: a generator that is stored, passed on, or joins another one on some way; one that holds a
         `try` statement around a `yield`, which the end of the object has to run; a large one.
Reports: `dissolved`, of calls in the user's functions; with a reason where the object stays.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.ir.builder import Names
from pellucid.ir.callee import FunctionTarget, Primitive
from pellucid.ir.function import Block, Function
from pellucid.ir.ops import Call, Const, Convert, Edge, Op
from pellucid.ir.protocol import UNBOUND
from pellucid.ir.values import Value
from pellucid.passes.dead_code import RemoveDeadCode
from pellucid.passes.fold_constants import FoldConstants
from pellucid.passes.forward_parts import ForwardParts
from pellucid.passes.inline_calls import InlineCalls, inline_where, size_of
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.passes.simplify_control import SimplifyControl, substitute
from pellucid.passes.thread_branches import merge_constants, thread_branches
from pellucid.types import Boolean, Generator, Integer, Type, undefined

_CLEANING = (FoldConstants(), ForwardParts(), SimplifyControl(), RemoveDeadCode())


@dataclass(frozen=True)
class DissolveGenerators(Pass):
    """Replace generators that do not escape by their bodies."""

    name: ClassVar[str] = "dissolve-generators"

    max_body: int = 400
    max_calls: int = 6
    max_caller: int = 4000

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        declined: dict[Value, tuple[Call, str]] = {}
        changed = False
        if _find_made(fn, declined) is not None:
            changed = _tidy(fn, ctx)  # it may be in a record that was made for one loop
        while (made := _find_made(fn, declined)) is not None:
            reason = self._refusal(fn, made)
            if reason == _PASSED_ON and self._inline_users(fn, made, ctx):
                _tidy(fn, ctx)
                changed = True
                continue
            if reason:
                declined[made.out] = made, reason
                continue
            _report(fn, made, "the generator dissolved", "", ctx)
            inline_where(fn, lambda op, g=made.out: _is_resumed(op, g))
            _Fields(fn, made).dissolve()
            _clean(fn, ctx)
            declined.clear()  # it may have held another one
            changed = True
        for made, reason in declined.values():
            _report(fn, made, "the generator stays an object", reason, ctx)
        return changed

    def _refusal(self, fn: Function, made: Call) -> str:
        code = _code_of(made)
        if code.has_handlers:
            return "it yields in a `try` statement"
        users = [op for op in fn.ops() if made.out in op.operands()]
        calls = sum(_is_resumed(op, made.out) for op in users)
        body = code.frame.target.fn
        if body is None:
            return "its code comes from the cache"
        if body is fn:
            return "it is recursive"
        size, own = _size(body), _size(fn)
        if size > self.max_body or own + calls * size > self.max_caller:
            return "it is large"
        if calls > self.max_calls:
            return "it is resumed in many places"
        is_own = all(_is_resumed(op, made.out) or _is_access(op, made.out) for op in users)
        return "" if is_own else _PASSED_ON

    def _inline_users(self, fn: Function, made: Call, ctx: PassContext) -> bool:
        """Inline the functions of the library that are given the generator, alone or in a tuple."""
        held = {made.out}
        for op in fn.ops():
            if isinstance(op, Call) and isinstance(op.target, Primitive) and op.target.parts:
                held |= {op.out} if held.intersection(op.args) else set()
        inliner = InlineCalls(max_library=self.max_body)
        users: set[int] = set()
        room = self.max_caller - _size(fn)
        for op in fn.ops():
            target = op.target if isinstance(op, Call) else None
            if not isinstance(target, FunctionTarget) or held.isdisjoint(op.operands()):
                continue
            is_wanted = target.is_library and target is not _code_of(made).frame.target
            if is_wanted and room > 0 and not inliner.refusal(target, fn, ctx):
                users.add(id(op))
                room -= size_of(target)
        return bool(users) and inline_where(fn, lambda op: id(op) in users)


def _report(fn: Function, made: Call, message: str, reason: str, ctx: PassContext) -> None:
    if made.inlined_at is None or not fn.is_library:
        span = made.span if made.inlined_at is None else made.inlined_at.call
        ctx.report("dissolved", fn, span, message, reason=reason)


_PASSED_ON = "it is stored or passed on"


def _code_of(made: Call) -> Any:
    ty = made.out.typed
    assert isinstance(ty, Generator)
    return ty.code


def _size(fn: Function) -> int:
    return sum(len(block.ops) for block in fn.blocks)


def _find_made(fn: Function, declined: Collection[Value]) -> Call | None:
    for block in fn.blocks:
        for op in block.ops:
            if (
                isinstance(op, Call)
                and isinstance(op.target, Primitive)
                and op.target.name == "new"
                and isinstance(op.out.typed, Generator)
                and op.out not in declined
            ):
                return op
    return None


def _is_resumed(op: Op, generator: Value) -> bool:
    if not isinstance(op, Call) or not isinstance(op.target, FunctionTarget):
        return False
    ty = generator.typed
    assert isinstance(ty, Generator)
    return op.target is ty.code.frame.target and op.args[0] is generator


def _is_access(op: Op, generator: Value) -> bool:
    """Whether an op reads or assigns a field of the object, or asks whether it is there."""
    if not isinstance(op, Call) or not isinstance(op.target, Primitive):
        return False
    is_named = op.target.name == "is_null" or op.target.name.startswith("generator.")
    return is_named and op.args[0] is generator and op.args.count(generator) == 1


def _tidy(fn: Function, ctx: PassContext) -> bool:
    """Do what is to be done on each turn until nothing is, or three times."""
    changed = False
    for _ in range(3):
        found = [each.run(fn, ctx) for each in _CLEANING]
        changed |= any(found)
        if not any(found):
            break
    return changed


def _clean(fn: Function, ctx: PassContext) -> None:
    _tidy(fn, ctx)
    for _ in range(8):
        if not (merge_constants(fn) | thread_branches(fn)):
            break
        _tidy(fn, ctx)


class _Fields:
    """The fields of one object as values: after Braun and others (CC 2013), as `ir/repair.py`."""

    def __init__(self, fn: Function, made: Call) -> None:
        self.fn = fn
        self.made = made
        ty = made.out.typed
        assert isinstance(ty, Generator)
        self.fields = dict(ty.fields)
        self._names = Names(fn)
        self._edges: dict[Block, list[tuple[Block, Edge]]] = {block: [] for block in fn.blocks}
        for block in fn.blocks:
            for edge in block.terminator.edges():
                self._edges[edge.block].append((block, edge))
        self._ends: dict[tuple[str, Block], Value] = {}
        self._starts: dict[tuple[str, Block], Value] = {}
        self._pending: list[tuple[str, Block, int]] = []
        self._replaced: dict[Value, Value] = {}
        self._zeros: dict[Value, str] = {}

    def dissolve(self) -> None:
        """Rewrite the function without the object."""
        for block in self.fn.blocks:
            self._note_ends(block)
        for block in self.fn.blocks:
            self._rewrite(block)
        while self._pending:
            name, block, index = self._pending.pop()
            for source, edge in self._edges[block]:
                edge.args[index] = self._at_end(name, source)
        substitute(self.fn, self._replaced)

    def _field(self, op: Op) -> str | None:
        """The field that an op reads or assigns."""
        if not _is_access(op, self.made.out) or not isinstance(op, Call):
            return None
        assert op.target is not None
        name = op.target.name.removeprefix("generator.").removesuffix("=")
        return name if op.target.name != "is_null" else None

    def _note_ends(self, block: Block) -> None:
        ops: list[Op] = []
        for op in block.ops:
            if op is self.made:
                for name, ty in self.fields.items():
                    self._ends[name, block] = self._zero(name, ty, ops)
                continue
            name = self._field(op)
            if name is not None and isinstance(op, Call) and len(op.args) == 3:
                self._ends[name, block] = op.args[2]
            ops.append(op)
        block.ops = ops

    def _zero(self, name: str, ty: Type, ops: list[Op]) -> Value:
        value = Value(self._names.fresh(name), ty)
        if isinstance(ty, (Boolean, Integer)):
            zero = False if isinstance(ty, Boolean) else 0
            ops.append(Const(value, zero, span=self.made.span))
        else:
            none = Value(self._names.fresh("none"), undefined)
            ops.append(Const(none, UNBOUND, span=self.made.span))
            ops.append(Convert(value, none, span=self.made.span))
        self._zeros[value] = name
        return value

    def _rewrite(self, block: Block) -> None:
        here: dict[str, Value] = {}
        ops: list[Op] = []
        for op in block.ops:
            if op.result is not None and op.result in self._zeros:
                here[self._zeros[op.result]] = op.result
            name = self._field(op)
            if name is not None and isinstance(op, Call):
                if len(op.args) == 3:
                    here[name] = op.args[2]
                else:
                    if name not in here:
                        here[name] = self._at_start(name, block)
                    self._replaced[op.out] = here[name]
            elif isinstance(op, Call) and _is_access(op, self.made.out):
                ops.append(Const(op.out, False, span=op.span, inlined_at=op.inlined_at))
            else:
                ops.append(op)
        block.ops = ops

    def _at_end(self, name: str, block: Block) -> Value:
        return self._ends.get((name, block)) or self._at_start(name, block)

    def _at_start(self, name: str, block: Block) -> Value:
        passed: list[Block] = []
        while True:
            found = self._starts.get((name, block))
            if found is not None:
                break
            passed.append(block)
            edges = self._edges[block]
            assert edges, f"{name} has no value that reaches {block.name}"
            if len(edges) > 1:
                found = Value(self._names.fresh(name.lstrip(".")), self.fields[name])
                block.params.append(found)
                self._pending.append((name, block, len(block.params) - 1))
                for _, edge in edges:
                    edge.args.append(found)  # a place: `dissolve` puts the argument there
                break
            block = edges[0][0]
            found = self._ends.get((name, block))
            if found is not None:
                break
        for between in passed:
            self._starts[name, between] = found
        return found
