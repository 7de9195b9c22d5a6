"""Replace calls of small functions by their bodies.

    y = call @square(x)            (func @square(v) { t = call operator.mul(v, v); return t })
                             ->
    t = call operator.mul(x, x)    (y is t; the op knows that it was inlined, and where)

Needs:   typed IR, before references are counted; the callee is optimised already.
Keeps:   order of calls; the span of every op, with the chain of calls that brought it here, so
         that tracebacks and panels show it in its own function.
Refuses: recursive functions; functions larger than the limits below.
Reports: `inlined`, of calls in the user's functions; with a reason where the call stays.

Every limit is a number of ops. Beyond `max_caller` only tiny functions are inlined, so that the
result stays linear in the source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from pellucid.base.spans import InlineSite, Span
from pellucid.ir.builder import Names
from pellucid.ir.callee import FunctionTarget, Ref
from pellucid.ir.clone import clone_blocks, nest_site
from pellucid.ir.dominance import find_loops
from pellucid.ir.function import Block, Function
from pellucid.ir.guards import guard_calls
from pellucid.ir.ops import Call, Edge, Guard, Jump, Leaving, Op, Return, Terminator
from pellucid.ir.values import Value
from pellucid.passes.dead_code import RemoveDeadCode
from pellucid.passes.pass_base import Pass, PassContext, callees
from pellucid.passes.simplify_control import substitute


@dataclass(frozen=True)
class InlineCalls(Pass):
    """Inline small functions: all of them, or with `only_user`, the user's own.

    In code for debuggers, which shows a frame for each, the user's own stay calls.
    """

    name: ClassVar[str] = "inline-calls"

    only_user: bool = False
    tiny: int = 12
    max_user: int = 40
    max_library: int = 80
    max_caller: int = 4000

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        if not any(self._find_callee(op) for block in fn.blocks for op in block.ops):
            return False
        refusals: dict[FunctionTarget, str] = {}
        reported: set[tuple[Span, str]] = set()
        inliner = _Inliner(fn)
        size = sum(len(block.ops) + 1 for block in fn.blocks)
        for block in list(fn.blocks):
            ops, terminator = block.ops, block.terminator
            inliner.start(block)
            for op in ops:
                target = self._find_callee(op)
                if target is None or not isinstance(op, Call):
                    inliner.block.ops.append(op)
                    continue
                if target not in refusals:
                    refusals[target] = self.refusal(target, fn, ctx)
                reason = refusals[target]
                added = size_of(target)
                if not reason and size + added > self.max_caller and added > self.tiny:
                    reason = "the calling function has grown too large"
                if not fn.is_library and (op.span, _shown(op)) not in reported:
                    reported.add((op.span, _shown(op)))
                    _report(fn, op, reason, ctx)
                if reason:
                    inliner.block.ops.append(op)
                else:
                    inliner.inline(op, target)
                    size += added
            inliner.end(terminator)
        return inliner.finish()

    def _find_callee(self, op: Op) -> FunctionTarget | None:
        """The function that `op` calls, if calls of its kind are asked for."""
        if not isinstance(op, Call) or not isinstance(op.target, FunctionTarget):
            return None
        return None if self.only_user and op.target.is_library else op.target

    def refusal(self, target: FunctionTarget, caller: Function, ctx: PassContext) -> str:
        """Why calls of `target` stay calls; empty if they do not."""
        if target.fn is None:
            return "its code comes from the cache"
        if ctx.options.debug and not target.is_library:
            return "it is compiled for debuggers"
        if target.is_separate:
            return "it is compiled on its own"
        if target.fn is caller or _is_recursive(target):
            return "it is recursive"
        if target.fn.is_uninterrupted and not caller.is_uninterrupted and find_loops(target.fn):
            return "its loops are not interrupted, those of its caller are"
        limit = self.max_library if target.is_library else self.max_user
        size = size_of(target)
        return "" if size <= limit else f"it is large ({size} operations; the limit is {limit})"


def inline_where(fn: Function, is_wanted: Callable[[Op], bool]) -> bool:
    """Inline the calls of functions that `is_wanted` names; tell whether there were any."""
    inliner = _Inliner(fn)
    for block in list(fn.blocks):
        ops, terminator = block.ops, block.terminator
        inliner.start(block)
        for op in ops:
            target = op.target if isinstance(op, Call) else None
            if isinstance(op, Call) and isinstance(target, FunctionTarget) and is_wanted(op):
                inliner.inline(op, target)
            else:
                inliner.block.ops.append(op)
        inliner.end(terminator)
    return inliner.finish()


def size_of(target: FunctionTarget) -> int:
    """How many ops a function has, as far as it is known here."""
    return 0 if target.fn is None else sum(len(block.ops) for block in target.fn.blocks)


def _is_recursive(target: FunctionTarget) -> bool:
    """Whether a call of `target` may lead to another one."""
    seen: set[FunctionTarget] = set()
    todo = [target]
    while todo:
        fn = todo.pop().fn
        for callee in callees(fn) if fn is not None else []:
            if callee is target:
                return True
            if callee not in seen:
                seen.add(callee)
                todo.append(callee)
    return False


def _shown(op: Call) -> str:
    """The callee as the source names it."""
    path = op.callee.path if isinstance(op.callee, Ref) else ""
    name = path or (op.target.name if op.target is not None else "")
    return name.removeprefix("builtins.")


def _report(fn: Function, op: Call, reason: str, ctx: PassContext) -> None:
    if op.inlined_at is not None:
        return
    name = _shown(op)
    message = f"the call of `{name}` stays a call" if reason else f"`{name}` inlined"
    ctx.report("inlined", fn, op.span, message, reason=reason, callee=name)


class _Inliner:
    """Writes the blocks of a function anew; `block` is where the next op goes."""

    def __init__(self, fn: Function) -> None:
        self.fn = fn
        self.blocks: list[Block] = []
        self.block = fn.entry
        self._names = Names(fn)
        self._has_inlined = False
        self._replaced: dict[Value, Value] = {}

    def start(self, block: Block) -> None:
        """Write `block` next, which loses its ops."""
        block.ops = []
        self.block = block
        self.blocks.append(block)
        end = block.terminator
        self._guard = end if isinstance(end, Guard) else None

    def end(self, terminator: Terminator) -> None:
        """The block that was begun ends so."""
        if isinstance(terminator, Guard) and self._guard is None:
            # What the call was replaced by has guards of its own.
            then = terminator.then
            end = Jump(then, span=terminator.span, inlined_at=terminator.inlined_at)
            self.block.terminator = end
        else:
            self.block.terminator = terminator

    def inline(self, op: Call, target: FunctionTarget) -> None:
        """Write the callee's body in place of the call."""
        fn = target.fn
        assert fn is not None
        self._has_inlined = True
        values: dict[Value, Value] = dict(zip(fn.entry.params, op.args, strict=True))
        entry, *others = clone_blocks(fn.blocks, values, self._names).values()
        site = InlineSite(fn.name, op.span, op.inlined_at, fn.options)
        for copied in (entry, *others):
            copied.is_cold |= self.block.is_cold
            for inner in copied.all_ops():
                inner.inlined_at = nest_site(inner.inlined_at, site)
        start = len(self.block.ops)
        self.block.ops.extend(entry.ops)
        if self._guard is not None and self._guard.call is op:
            handler, self._guard = self._guard.handler, None
            self._inline_guarded(op, [entry, *others], start, handler)
            return
        if not others and isinstance(entry.terminator, Return):
            self._replaced[op.out] = entry.terminator.value
            return
        self.block.terminator = entry.terminator
        self._go_on_after([self.block, *others], op)
        self.blocks.extend(others)
        if self._is_continued:
            self.blocks.append(self.block)

    def _inline_guarded(self, op: Call, copies: list[Block], start: int, handler: Edge) -> None:
        """As `inline`: what leaves the callee by an exception goes to the handler of its call."""
        made: list[Block] = []

        def new_block(hint: str) -> Block:
            made.append(Block(self._names.fresh(hint)))
            return made[-1]

        entry, *others = copies
        self.block.terminator = entry.terminator
        ends: list[Block] = []
        for index, block in enumerate([self.block, *others]):
            if index:
                made.append(block)
            ends.append(guard_calls(block, 0 if index else start, handler, new_block))
        for block in ends:
            end = block.terminator
            if isinstance(end, Leaving) and end.handler is None:
                end.handler = Edge(handler.block, list(handler.args))
        self.blocks.extend(made)
        self._go_on_after(ends, op)
        if self._is_continued:
            self.blocks.append(self.block)

    def _go_on_after(self, copies: list[Block], op: Call) -> None:
        """A new block for what follows the call; the callee's returns lead there."""
        rest = Block(self._names.fresh(self.block.name), is_cold=self.block.is_cold)
        returns = [c for c in copies if isinstance(c.terminator, Return)]
        # Where the callee never returns, the rest is not part of the function any more.
        self._is_continued = bool(returns)
        if len(returns) > 1:
            rest.params.append(op.out)
        for leaving in returns:
            assert isinstance(leaving.terminator, Return)
            value = leaving.terminator.value
            if len(returns) == 1:
                self._replaced[op.out] = value
            edge = Edge(rest, [value] if len(returns) > 1 else [])
            leaving.terminator = Jump(edge, span=op.span, inlined_at=op.inlined_at)
        self.block = rest

    def finish(self) -> bool:
        """Make the new blocks the function's; tell whether anything was inlined."""
        self.fn.blocks[:] = self.blocks
        substitute(self.fn, self._replaced)
        if self._has_inlined:
            RemoveDeadCode().run(self.fn, PassContext())  # what follows a call that never returns
        return self._has_inlined
