"""Lowers iteration, for `for` statements and comprehensions alike.

for x in xs: ...      state = call iter_start(xs)
                      jump for(state)
                    for(state.1):
                      valid = call iter_valid(xs, state.1)
                      branch valid, body, endfor
                    body:
                      x = call iter_value(xs, state.1)
                      ...
                      state.2 = call iter_next(xs, state.1)
                      jump for(state.2)
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Set

from pellucid.base.spans import Span
from pellucid.frontend.context import Context, Loop
from pellucid.frontend.targets import assign_target, target_hint
from pellucid.ir.function import Block
from pellucid.ir.protocol import ITER_NEXT, ITER_START, ITER_VALID, ITER_VALUE
from pellucid.ir.values import Value


def lower_for(
    cx: Context,
    span: Span,
    iterable: Value,
    target: ast.expr,
    written: Set[str],
    lower_turn: Callable[[Block], None],
    lower_else: Callable[[], None] | None = None,
) -> None:
    """A loop over `iterable` that writes the variables `written`.

    `lower_turn` makes the body; it is given the block where the next turn begins.
    """
    ssa = cx.ssa
    header, body, again = ssa.new_block("for"), ssa.new_block("body"), ssa.new_block("next")
    done = ssa.new_block("endfor")
    orelse = done if lower_else is None else ssa.new_block("else")
    ssa.jump(header, cx.call(span, ITER_START, iterable, hint="state"), span=span)
    ssa.start_loop(header, written)
    state = ssa.param(header, "state")
    valid = cx.call(span, ITER_VALID, iterable, state, hint="valid")
    since = ssa.mark()
    ssa.branch(valid, body, orelse, span=span)
    ssa.start(body, since)
    item = cx.call(span, ITER_VALUE, iterable, state, hint=target_hint(target))
    assign_target(cx, target, item)
    cx.regions.append(Loop(done, again))
    lower_turn(again)
    cx.regions.pop()
    if ssa.has_entry(again):
        if ssa.reachable:
            ssa.jump(again, span=span)
        ssa.start(again, since)
    if ssa.reachable:
        ssa.jump(header, cx.call(span, ITER_NEXT, iterable, state, hint="state"), span=span)
    ssa.seal(header)
    if lower_else is not None:
        ssa.start_exit(orelse, header, written)
        lower_else()
        if ssa.reachable:
            ssa.jump(done, span=span)
    ssa.start_exit(done, header, written)
