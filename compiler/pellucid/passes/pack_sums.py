"""Let sums whose turns check for overflow be packed: one test for many turns.

    loop(i, t):                                guard(i.1, t.1):
      ...                                        fits = call is_modest(t.1)
    body:                                        branch fits, loop(i.1, t.1, 0), loop.1(i.1, t.1)
      p = call add_exactly(t, x)               loop(i, t, wide):
      t.2 = call item0(p)              ->      body:
      bad = call item1(p)                        t.2 = call add(t, x)
      branch bad, raise, rest                    wide.1 = call widen(wide, x)
    rest:                                        jump loop(i + 1, t.2, wide.1)
      jump loop(i + 1, t.2)                    verify:                    (on the way out of loop)
                                                 far = call is_far(wide)
                                                 branch far, loop.1(i.1, t.1), (out)
                                               loop.1: ... (as it was: raises at the right turn)

A chunk has at most `CHUNK` turns. If each of its terms has at most `BITS` bits, and the sum before
it is no larger than a quarter of what it can hold, no sum on the way overflows. Otherwise the chunk
is run again as it was: it must compute nothing but what it carries from turn to turn.

Needs:   typed IR after inlining, in which loops are cut into chunks, before references are counted.
Keeps:   results, and exceptions with their line: a chunk with large terms runs as it was.
Refuses: loops that write, call or check anything else; sums that are read while they grow.
Reports: `overflow-checked`, of sums in users' functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.ir.builder import Builder, Names
from pellucid.ir.callee import Primitive, Ref
from pellucid.ir.dominance import Loop, find_loops
from pellucid.ir.effects import Effects
from pellucid.ir.function import Block, Function
from pellucid.ir.loop_versions import LoopVersions
from pellucid.ir.ops import Branch, Call, Const, Convert, Edge, Jump
from pellucid.ir.values import Value
from pellucid.ir.walk import definitions, reverse_postorder
from pellucid.passes.interrupts import CHUNK
from pellucid.passes.pass_base import Pass, PassContext
from pellucid.passes.places import users_place
from pellucid.passes.prove_checks import Check, find_checks
from pellucid.passes.same_values import library_name
from pellucid.passes.simplify_control import substitute
from pellucid.types import Integer, Signature, Type, boolean, int64

BITS = 62 - CHUNK.bit_length() + 1
"""Terms from -2**BITS up to 2**BITS - 1 are modest: `CHUNK` of them have less than 2**62."""

_SUMS = frozenset({"add_exactly", "sub_exactly"})


@dataclass(frozen=True)
class PackSums(Pass):
    """Check sums for overflow once a chunk."""

    name: ClassVar[str] = "pack-sums"

    def run(self, fn: Function, ctx: PassContext) -> bool:
        """Rewrite `fn` in place; tell whether anything changed."""
        checks = {c.block: c for c in find_checks(fn) if c.exception == "builtins.OverflowError"}
        if not checks:
            return False
        made = definitions(fn)
        found: list[tuple[Loop, list[_Sum]]] = []
        for loop in find_loops(fn):
            if loop.is_innermost and not loop.header.is_cold and _is_chunk(loop, made):
                sums = _find_sums(loop, checks, made)
                if sums:
                    found.append((loop, sums))
        for loop, sums in found:
            _rewrite(fn, loop, sums)
            if not fn.is_library:
                for each in sums:
                    span, _ = users_place(each.check.end)
                    message = "overflow of the sum is tested once for many turns"
                    ctx.report("overflow-checked", fn, span, message)
        return bool(found)


@dataclass(frozen=True, eq=False)
class _Sum:
    """`pair` adds `term` to the header's parameter `total`; its value is `added`."""

    check: Check
    pair: Call
    total: Value
    term: Value
    added: Call


def _is_chunk(loop: Loop, made: dict[Value, Any]) -> bool:
    """Whether the loop ends after at most `CHUNK` turns, and only at its header."""
    end = loop.header.terminator
    if not isinstance(end, Branch) or len(loop.latches) != 1:
        return False
    test = made.get(end.cond)
    if not isinstance(test, Call):
        return False
    limits = (getattr(made.get(arg), "target", None) for arg in test.args)
    return any(isinstance(t, Primitive) and t.name == "chunk_limit" for t in limits)


def _find_sums(loop: Loop, checks: dict[Block, Check], made: dict[Value, Any]) -> list[_Sum]:
    """The sums of a loop that does nothing else which could be seen; none if it does."""
    raising = {s for check in checks.values() for s in check.block.successors()}
    raising -= {check.rest.block for check in checks.values()}
    for block, out in loop.exits():
        if block is not loop.header and out not in raising:
            return []
    users: dict[Value, list[object]] = {}
    for block in loop.blocks:
        for op in block.all_ops():
            if op.effects & ~Effects.READS:
                return []
            for value in op.operands():
                users.setdefault(value, []).append(op)
    sums = [_find_sum(checks[b], loop, users, made) for b in loop.blocks if b in checks]
    return [] if None in sums else [each for each in sums if each is not None]


def _find_sum(
    check: Check, loop: Loop, users: dict[Value, list[object]], made: dict[Value, Any]
) -> _Sum | None:
    failed = made.get(check.end.cond)
    if not isinstance(failed, Call) or library_name(failed) != "item1" or check.passes:
        return None
    pair = made.get(failed.args[0])
    if not isinstance(pair, Call) or library_name(pair) not in _SUMS:
        return None
    total, term = pair.args
    if library_name(pair) == "add_exactly" and term in loop.header.params:
        total, term = term, total
    if total not in loop.header.params or total is term or total.ty != int64:
        return None
    values = [op for op in users.get(pair.out, []) if isinstance(op, Call) and op is not failed]
    if len(values) != 1 or library_name(values[0]) != "item0" or len(users[total]) != 1:
        return None
    position = loop.header.params.index(total)
    latch = loop.latches[0]
    given = [e.args[position] for e in latch.terminator.edges() if e.block is loop.header]
    added = values[0]
    if given != [added.out] or len(users.get(added.out, [])) != 1:
        return None
    return _Sum(check, pair, total, term, added)


def _rewrite(fn: Function, loop: Loop, sums: list[_Sum]) -> None:
    names = Names(fn)
    header = loop.header
    versions = LoopVersions(fn, names).split(loop)
    start = dict(zip(header.params, versions.guard.params, strict=True))
    again = Edge(versions.copy, list(versions.guard.params))
    builder = Builder(fn, names)
    builder.span, builder.inlined_at = sums[0].pair.span, sums[0].pair.inlined_at
    builder.block = versions.guard
    fits: Value | None = None
    for each in sums:
        one = _call(builder, IS_MODEST, start[each.total])
        fits = one if fits is None else _call(builder, BOTH, fits, one)
    assert fits is not None, "there is a sum"
    zero = builder.const(0, "wide", ty=int64)
    builder.branch(fits, Edge(header, [*versions.guard.params, zero]), again)
    wide = Value(names.fresh("wide"), int64)
    header.params.append(wide)
    last = wide
    order = {block: i for i, block in enumerate(loop.blocks)}
    for each in sorted(sums, key=lambda s: order[s.check.block]):
        last = _wrap(fn, names, each, last)
    (latch,) = loop.latches
    for edge in latch.terminator.edges():
        if edge.block is header:
            edge.args.append(last)
    verify = Block(names.fresh(f"{header.name}.verify"))
    end = header.terminator
    assert isinstance(end, Branch), "the header ends the chunk"
    out = end.orelse if end.then.block in loop else end.then
    leaving = Edge(out.block, out.args)
    out.block, out.args = verify, []
    builder.block = verify
    builder.span, builder.inlined_at = end.span, end.inlined_at
    builder.branch(_call(builder, IS_FAR, wide), Edge(again.block, list(again.args)), leaving)
    fn.blocks.append(verify)
    fn.blocks[:] = reverse_postorder(fn)


def _wrap(fn: Function, names: Names, each: _Sum, wide: Value) -> Value:
    """Let a sum wrap, and note in `wide` how large its term was."""
    block = next(b for b in fn.blocks if each.pair in b.ops)
    name = "add" if library_name(each.pair) == "add_exactly" else "sub"
    target = ADD if name == "add" else SUBTRACT
    builder = Builder(fn, names)
    builder.span, builder.inlined_at = each.pair.span, each.pair.inlined_at
    index = block.ops.index(each.pair)
    rest = block.ops[index + 1 :]
    del block.ops[index:]
    builder.block = block
    added = _call(builder, target, each.total, each.term)
    if not _is_narrow(fn, each.term):
        wide = _call(builder, WIDEN, wide, each.term)
    block.ops += rest
    end = each.check.end
    each.check.block.terminator = Jump(each.check.rest, span=end.span, inlined_at=end.inlined_at)
    gone = (each.added.out, end.cond)
    for other in fn.blocks:
        other.ops = [op for op in other.ops if op.result not in gone]
    substitute(fn, {each.added.out: added})
    return wide


def _is_narrow(fn: Function, term: Value) -> bool:
    """Whether the term's type alone says that it is modest."""
    op = next((op for op in fn.ops() if op.result is term), None)
    if isinstance(op, Const) and isinstance(op.value, int):
        return -(1 << BITS) <= op.value < 1 << BITS
    source: Type = op.value.typed.base if isinstance(op, Convert) else term.typed.base
    return not isinstance(source, Integer) or source.bits <= 32


def _call(builder: Builder, target: Primitive, *args: Value) -> Value:
    return builder.call(Ref(target.name, None), *args, target=target, hint=target.name)


# ---- operations ------------------------------------------------------------------------------

# Any: the lowering context and LLVM values are of higher rooms.


def _wrapped(value: int) -> int:
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


def _lower_add(cg: Any, args: Sequence[Any]) -> Any:
    return cg.builder.add(*args)


def _lower_subtract(cg: Any, args: Sequence[Any]) -> Any:
    return cg.builder.sub(*args)


def _lower_widen(cg: Any, args: Sequence[Any]) -> Any:
    wide, term = args
    return cg.builder.or_(wide, cg.builder.add(term, term.type(1 << BITS)))


def _lower_is_far(cg: Any, args: Sequence[Any]) -> Any:
    return cg.builder.icmp_unsigned(">=", args[0], args[0].type(2 << BITS))


def _lower_is_modest(cg: Any, args: Sequence[Any]) -> Any:
    moved = cg.builder.add(args[0], args[0].type(1 << 62))
    return cg.builder.icmp_signed(">=", moved, moved.type(0))


def _lower_both(cg: Any, args: Sequence[Any]) -> Any:
    return cg.builder.and_(*args)


def _run_add(x: int, y: int) -> int:
    return _wrapped(x + y)


def _run_subtract(x: int, y: int) -> int:
    return _wrapped(x - y)


def _run_widen(wide: int, term: int) -> int:
    return _wrapped(wide | _wrapped(term + (1 << BITS)))


def _run_is_far(wide: int) -> bool:
    return wide % (1 << 64) >= 2 << BITS


def _run_is_modest(total: int) -> bool:
    return -(1 << 62) <= total < 1 << 62


def _run_both(one: bool, other: bool) -> bool:
    return one and other


_SUM = Signature(int64, (int64, int64))
_TEST = Signature(boolean, (int64,))

ADD = Primitive("add", _SUM, _lower_add, _run_add)
"""`x + y`, known to be in range or computed for nothing."""

SUBTRACT = Primitive("sub", _SUM, _lower_subtract, _run_subtract)
"""`x - y`, in the same way."""

WIDEN = Primitive("widen", _SUM, _lower_widen, _run_widen)
"""The bits of all terms so far, moved to be natural numbers, with those of one more."""

IS_FAR = Primitive("is_far", _TEST, _lower_is_far, _run_is_far)
"""Whether any of those terms was not modest."""

IS_MODEST = Primitive("is_modest", _TEST, _lower_is_modest, _run_is_modest)
"""Whether a sum is so small that a chunk of modest terms does not let it overflow."""

BOTH = Primitive("both", Signature(boolean, (boolean,) * 2), _lower_both, _run_both)
"""Whether two tests hold."""
