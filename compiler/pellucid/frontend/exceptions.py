"""Lowers `raise`, `assert` and `try`.

An assertion is a branch to a block that raises:

    assert x > 0, "why"    ->    branch bool(x > 0), kept, failed
                               failed:
                                 e = call AssertionError("why")
                                 raise e

In a `try` body every call ends its block and names the handler, where the variables are those that
the call saw. The handler asks for the classes in turn, and lets go on what none of them catches:

    try:                          v = call f(x)
        v = f(x)                  guard then, handler
    except ValueError as e:     handler:
        g(e)               ->     matches = call exception_matches(ValueError)
                                  branch matches, caught, uncaught
                                caught:
                                  e = call exception_take(ValueError)
                                  call exception_drop()
                                  ...
                                uncaught:
                                  reraise

A `finally` body is written once for each way out of its statement, as CPython does. What a loop's
own poll for signals raises (KeyboardInterrupt) leaves the function past all handlers.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

from pellucid.base.spans import Span
from pellucid.frontend.context import Context, Handling, Protection, Unwinding
from pellucid.frontend.expressions import lower_condition, lower_expression
from pellucid.ir.ops import Raise, Reraise
from pellucid.ir.protocol import (
    EXCEPTION_CAPTURE,
    EXCEPTION_CAUSE,
    EXCEPTION_CHAIN,
    EXCEPTION_DROP,
    EXCEPTION_ENTER,
    EXCEPTION_HANDLED,
    EXCEPTION_LEAVE,
    EXCEPTION_MATCHES,
    EXCEPTION_RESTORE,
    EXCEPTION_VALUE,
    UNWRAP_OPTIONAL,
    ref,
)
from pellucid.ir.values import Value

_ASSERTION_ERROR = ref(AssertionError)
_IS = ref(operator.is_)
_NO_ACTIVE = "No active exception to reraise"

LowerBody = Callable[[Context, list[ast.stmt]], None]


def lower_raise(cx: Context, node: ast.Raise) -> None:
    """`raise E`, `raise E(...)`, `raise E from C`, `raise`."""
    span = cx.positions.span(node)
    if node.exc is None:
        _raise_again(cx, span)
        return
    value = lower_expression(cx, node.exc)
    if not isinstance(node.exc, ast.Call):  # a variable may be one of several
        value = cx.call(span, EXCEPTION_VALUE, value)
    if node.cause is not None:
        named = lower_expression(cx, node.cause)
        cause = cx.call(span, EXCEPTION_CAPTURE, named, hint="cause")
        cx.call(span, EXCEPTION_RESTORE, value)
        cx.call(span, EXCEPTION_CAUSE, cause)
        cx.ssa.end(Reraise(is_raise=True, handler=cx.handler_edge(), span=span))
        return
    cx.ssa.end(Raise(value, handler=cx.handler_edge(), span=span))


def _raise_again(cx: Context, span: Span) -> None:
    handled = cx.handled()
    if handled is not None:
        let_go(cx, span, handled)
        return
    since = cx.ssa.mark()
    some, nothing = cx.ssa.new_block("handled"), cx.ssa.new_block("nothing")
    handled = cx.call(span, EXCEPTION_HANDLED, hint="handled")
    cx.ssa.branch(cx.call(span, _IS, handled, cx.const(span, None)), nothing, some, span=span)
    cx.ssa.start(nothing, since)
    value = cx.call(span, ref(RuntimeError), cx.const(span, _NO_ACTIVE))
    cx.ssa.end(Raise(value, handler=cx.handler_edge(), span=span))
    cx.ssa.start(some, since)
    let_go(cx, span, cx.call(span, UNWRAP_OPTIONAL, handled))


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
        value = cx.call(span, _ASSERTION_ERROR, *message)
        cx.ssa.end(Raise(value, handler=cx.handler_edge(), span=span))
    cx.ssa.start(kept, since)


def lower_try(cx: Context, node: ast.Try, lower_body: LowerBody) -> None:
    """A `try` statement with handlers, `else` and `finally`."""
    if not node.finalbody:
        _lower_handlers(cx, node, lower_body)
        return

    def body() -> None:
        if node.handlers:
            _lower_handlers(cx, node, lower_body)
        else:
            lower_body(cx, node.body)

    lower_finally(cx, cx.positions.keyword(node), body, lambda: lower_body(cx, node.finalbody))


def lower_finally(
    cx: Context, span: Span, body: Callable[[], None], final: Callable[[], None]
) -> None:
    """`body`, and `final` on every way out of it."""
    ssa = cx.ssa
    since = ssa.mark()
    handler, done = ssa.new_block("failed"), ssa.new_block("endtry")
    cx.regions += [Unwinding(final), Protection(handler)]
    body()
    del cx.regions[-2:]
    if ssa.reachable:
        final()
        if ssa.reachable:
            ssa.jump(done, span=span)
    ssa.start(handler, since)
    if ssa.reachable:
        exception = cx.take_exception(span, cx.const(span, BaseException))
        while_handling(cx, span, exception, final)
        if ssa.reachable:
            let_go(cx, span, exception)
    ssa.start(done, since)


def let_go(cx: Context, span: Span, exception: Value) -> None:
    """Raise again what was taken, as if nothing had happened."""
    cx.call(span, EXCEPTION_RESTORE, exception)
    cx.ssa.end(Reraise(handler=cx.handler_edge(), span=span))


def while_handling(
    cx: Context,
    span: Span,
    exception: Value,
    body: Callable[[], None],
    clause: ast.ExceptHandler | None = None,
) -> None:
    """`body`, whose bare `raise` means `exception`, and whose exceptions have it as context.

    The name that `clause` gives the exception means nothing after it.
    """
    ssa = cx.ssa
    since = ssa.mark()
    raised, done = ssa.new_block("raised"), ssa.new_block("handled")

    before = cx.call(span, EXCEPTION_ENTER, exception, hint="before")

    def unbind() -> None:
        cx.call(span, EXCEPTION_LEAVE, before)
        if clause is not None and clause.name and cx.is_local(clause.name):
            cx.unbind(clause.name, clause)

    regions = [Unwinding(unbind), Protection(raised), Handling(exception)]
    cx.regions += regions
    body()
    del cx.regions[-len(regions) :]
    if ssa.reachable:
        unbind()
        ssa.jump(done, span=span)
    ssa.start(raised, since)
    if ssa.reachable:
        cx.call(span, EXCEPTION_CHAIN, exception)
        unbind()
        ssa.end(Reraise(handler=cx.handler_edge(), span=span))
    ssa.start(done, since)


def lower_caught(
    cx: Context, span: Span, body: Callable[[], None], name_classes: Callable[[], Value]
) -> None:
    """`body`, and nothing where it raises one of the classes."""
    ssa = cx.ssa
    since = ssa.mark()
    handler, done = ssa.new_block("handler"), ssa.new_block("endtry")
    cx.regions.append(Protection(handler))
    body()
    cx.regions.pop()
    if ssa.reachable:
        ssa.jump(done, span=span)
    ssa.start(handler, since)
    if ssa.reachable:
        here = ssa.mark()
        matches = cx.call(span, EXCEPTION_MATCHES, name_classes(), hint="matches")
        caught, uncaught = ssa.new_block("caught"), ssa.new_block("uncaught")
        ssa.branch(matches, caught, uncaught, span=span)
        ssa.start(caught, here)
        cx.call(span, EXCEPTION_DROP)
        ssa.jump(done, span=span)
        ssa.start(uncaught, here)
        ssa.end(Reraise(handler=cx.handler_edge(), span=span))
    ssa.start(done, since)


def _lower_handlers(cx: Context, node: ast.Try, lower_body: LowerBody) -> None:
    ssa = cx.ssa
    span = cx.positions.keyword(node)
    since = ssa.mark()
    handler, done = ssa.new_block("handler"), ssa.new_block("endtry")
    cx.regions.append(Protection(handler))
    lower_body(cx, node.body)
    cx.regions.pop()
    if ssa.reachable:
        lower_body(cx, node.orelse)
        if ssa.reachable:
            ssa.jump(done, span=span)
    ssa.start(handler, since)
    for clause in node.handlers:
        if not ssa.reachable:
            break
        here = ssa.mark()
        where = span if clause.type is None else cx.positions.span(clause.type)
        if clause.type is None:
            classes = cx.const(where, BaseException)
        else:
            classes = lower_expression(cx, clause.type)
        matches = cx.call(where, EXCEPTION_MATCHES, classes, hint="matches")
        caught, uncaught = ssa.new_block("caught"), ssa.new_block("uncaught")
        ssa.branch(matches, caught, uncaught, span=where)
        ssa.start(caught, here)
        _lower_clause(cx, clause, where, classes, lower_body)
        if ssa.reachable:
            ssa.jump(done, span=span)
        ssa.start(uncaught, here)
    if ssa.reachable:
        ssa.end(Reraise(handler=cx.handler_edge(), span=span))
    ssa.start(done, since)


def _lower_clause(
    cx: Context, clause: ast.ExceptHandler, span: Span, classes: Value, lower_body: LowerBody
) -> None:
    """The body of an `except` clause, with the exception by its name."""
    exception = cx.take_exception(span, classes, clause.name or "exc")
    if clause.name in cx.outer:
        cx.refuse(clause, "exceptions that are bound to a global or nonlocal variable")
    elif clause.name is not None:
        cx.bind(clause.name, clause, exception)
    while_handling(cx, span, exception, lambda: lower_body(cx, clause.body), clause)
