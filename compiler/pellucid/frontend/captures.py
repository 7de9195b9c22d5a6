"""Captured variables: a function that is defined inside another reads variables of the outer one.

Python looks such a variable up when the inner function runs; compiled code keeps its value as it is
when the inner function is made. These are the same if no assignment comes between: so a variable
that changes while a function that reads it may still be called is shared (`sharing.py`).

    scale = 2.0
    f = lambda x: x * scale        captures scale
    y = f(1.0)
    scale = 3.0                    fine: nothing calls f after this
    for i in range(n):
        y += g(lambda x: x + i)    fine: the lambda is gone when i changes

What may still be called is what is live: the function's value, and what it flows into along edges
and into functions that capture it. A call may return the function that it was given, which only
types tell: such functions are marked `volatile`, and inference looks at calls that take them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pellucid.frontend.context import Capture, Context, Place, Write
from pellucid.ir.callee import Ref
from pellucid.ir.function import Block, Function
from pellucid.ir.liveness import Liveness, liveness
from pellucid.ir.ops import Call, Const, Op
from pellucid.ir.params import Param
from pellucid.ir.protocol import (
    BUILD_DICT,
    BUILD_LIST,
    BUILD_SET,
    CELL_SET,
    CHECK_BOUND,
    DICT_SETITEM,
    GETATTR,
    LIST_APPEND,
    MAKE_CLOSURE,
    SET_ADD,
    SETATTR,
    SETITEM,
    YIELD,
)
from pellucid.ir.values import Value

_POSITIONAL_ONLY = 0
_KEEPING = (
    *(BUILD_DICT, BUILD_LIST, BUILD_SET, CELL_SET, DICT_SETITEM, LIST_APPEND, SET_ADD),
    *(SETATTR, SETITEM, YIELD),
)


def add_captured(cx: Context) -> None:
    """Make the captured variables parameters, and the function known to itself."""
    fn = cx.fn
    at = fn.captured  # after the defaults
    fn.params[at:at] = [Param(name, _POSITIONAL_ONLY) for name in cx.captured]
    fn.entry.params[at:at] = cx.captured.values()
    fn.captured += len(cx.captured)
    if cx.itself is not None:
        code = Value(cx.names.fresh("code"))
        args = [code, *fn.entry.params[: fn.captured]]
        made = Call(cx.itself, MAKE_CLOSURE, args, span=fn.span)
        fn.entry.ops[:0] = [Const(code, fn, span=fn.span), made]


def check_captures(cx: Context, replaced: Mapping[Value, Value]) -> None:
    """Ask for each captured variable to be shared that changes while its readers may be called."""
    at_risk = [(c, writes) for c in cx.captures if (writes := list(_later_writes(cx, c)))]
    if not at_risk:
        return
    live = liveness(cx.fn)
    for capture, writes in at_risk:
        made = replaced.get(capture.value, capture.value)
        values = _holders(cx.fn, made, is_kept_by_calls=capture.code.is_generator)
        is_kept = _is_kept(cx.fn, values)
        for name, write in writes:
            capture.code.volatile = name.partition(".")[0]
            # Its own assignment changes what those call that were made in earlier turns of a loop.
            older = values - {made} if write.value is capture.value else values
            if is_kept or any(_is_live(live, value, write.place) for value in older):
                cx.plan.want(cx.node, name)
                break


def _later_writes(cx: Context, capture: Capture) -> Iterable[tuple[str, Write]]:
    """The assignments to captured variables that control may reach from the capture."""
    names = dict.fromkeys(capture.reads)
    if capture.own_name:
        names[capture.own_name] = None
    for name in names:
        for write in cx.writes.get(name, ()):
            if write.value is capture.value:
                is_later = _leads_to(write.place[0], write.place[0])
            else:
                is_later = _is_after(write.place, capture.place)
            if is_later:
                yield name, write


def _is_after(later: Place, earlier: Place) -> bool:
    """Whether control may get from one place to another."""
    is_below = later[0] is earlier[0] and _index(later) >= _index(earlier)
    return is_below or _leads_to(earlier[0], later[0])


def _leads_to(start: Block, end: Block) -> bool:
    """Whether control may get from the end of one block to the start of another."""
    seen: set[Block] = set()
    todo = start.successors()
    while todo:
        block = todo.pop()
        if block not in seen:
            seen.add(block)
            todo.extend(block.successors())
    return end in seen


def _index(place: Place) -> int:
    """The number of ops of the block that come before the place."""
    block, op = place
    return 0 if op is None else block.ops.index(op) + 1


def _holders(fn: Function, value: Value, *, is_kept_by_calls: bool) -> set[Value]:
    """The values that may be, or hold, the function `value`.

    What a call of a generator function gives holds the function: `is_kept_by_calls`.
    """
    found = {value}
    size = 0
    while len(found) > size:
        size = len(found)
        for op in fn.ops():
            is_made = is_kept_by_calls and isinstance(op, Call) and op.callee in found
            is_passed_on = _passes_on(op) and found.intersection(op.operands())
            if (is_made or is_passed_on) and op.result is not None:
                found.add(op.result)
        for block in fn.blocks:
            for edge in block.terminator.edges():
                pairs = zip(edge.block.params, edge.args, strict=True)
                found.update(param for param, arg in pairs if arg in found)
    return found


def _passes_on(op: Op) -> bool:
    callee = op.callee if isinstance(op, Call) else None
    return isinstance(callee, Ref) and callee in (MAKE_CLOSURE, CHECK_BOUND)


def _is_kept(fn: Function, values: set[Value]) -> bool:
    """Whether a container or an object may hold one of some functions."""
    calls = [op for op in fn.ops() if isinstance(op, Call)]
    methods = {op.out for op in calls if op.callee == GETATTR}
    return any(
        (op.callee in _KEEPING or op.callee in methods) and not values.isdisjoint(op.args)
        for op in calls
    )


def _is_live(live: Liveness, value: Value, place: Place) -> bool:
    """Whether `value`, if it exists at the place, may be read after it."""
    block, index = place[0], _index(place)
    rest = [*block.ops[index:], block.terminator]
    if any(op.result is value for op in rest):
        return False  # made later: what it held before is not read any more
    return value in live.live_out[block] or any(value in op.operands() for op in rest)
