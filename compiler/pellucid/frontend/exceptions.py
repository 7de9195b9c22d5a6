"""Lowers `raise` and `assert`.

An assertion is a branch to a block that raises:

    assert x > 0, "why"    ->    branch bool(x > 0), kept, failed
                               failed:
                                 e = call AssertionError("why")
                                 raise e
"""

from __future__ import annotations

import ast

from pellucid.frontend.context import Context
from pellucid.frontend.expressions import lower_condition, lower_expression
from pellucid.ir.ops import Raise
from pellucid.ir.protocol import ref

_ASSERTION_ERROR = ref(AssertionError)


def lower_raise(cx: Context, node: ast.Raise) -> None:
    """`raise E` or `raise E(...)`."""
    span = cx.positions.span(node)
    if node.exc is None:
        cx.refuse(node, "bare `raise` statements")
        value = cx.placeholder(node)
    else:
        value = lower_expression(cx, node.exc)
    if node.cause is not None:
        cx.refuse(node.cause, "causes (`raise ... from`)")
    cx.ssa.end(Raise(value, span=span))


def lower_assert(cx: Context, node: ast.Assert) -> None:
    """Nothing under `python -O`, as in Python."""
    if not __debug__:
        return
    span = cx.positions.span(node)
    since = cx.ssa.mark()
    kept, failed = cx.ssa.new_block("kept"), cx.ssa.new_block("failed")
    lower_condition(cx, node.test, kept, failed, span)
    cx.ssa.start(failed, since)
    if cx.ssa.reachable:
        message = [] if node.msg is None else [lower_expression(cx, node.msg)]
        cx.ssa.end(Raise(cx.call(span, _ASSERTION_ERROR, *message), span=span))
    cx.ssa.start(kept, since)
