"""Lowers `with`.

    with m as x:      ->    x = m.__enter__()
        body                body, as in `try` with `finally`:
                              m.__exit__(None, None, None)    where it is left in any other way
                              m.__exit__(e, e, None)          where an exception left it, which goes
                                                              on unless the answer is true

What is known of a manager by its name alone, such as `contextlib.suppress`, is lowered by the
function that `MANAGERS` has for it.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable
from typing import Any

from pellucid.base.spans import Span
from pellucid.frontend.context import Context, Protection, Unwinding
from pellucid.frontend.exceptions import let_go, lower_caught, while_handling
from pellucid.frontend.expressions import lower_expression
from pellucid.frontend.targets import assign_target
from pellucid.ir.protocol import BOOL, BUILD_TUPLE, EXIT_CLASS, GETATTR
from pellucid.ir.values import Value

LowerManaged = Callable[[Context, ast.withitem, ast.Call, Callable[[], None]], None]
"""Lowers one item of a `with` statement whose manager is a call of something known; the last
argument lowers what is inside."""


def lower_with(cx: Context, items: list[ast.withitem], body: Callable[[], None]) -> None:
    """The items of a `with` statement from the first on, and what is inside."""
    if not items:
        body()
        return
    first, rest = items[0], items[1:]

    def inside() -> None:
        lower_with(cx, rest, body)

    manager = first.context_expr
    if isinstance(manager, ast.Call):
        known = cx.find_static(manager.func)
        lower = None if known is None else _find(known.pyobj)
        if lower is not None:
            lower(cx, first, manager, inside)
            return
    _lower_managed(cx, first, inside)


def _find(pyobj: Any) -> LowerManaged | None:
    return next((lower for known, lower in MANAGERS if known is pyobj), None)


def _lower_managed(cx: Context, item: ast.withitem, inside: Callable[[], None]) -> None:
    ssa = cx.ssa
    span = cx.positions.span(item.context_expr)
    manager = lower_expression(cx, item.context_expr)
    leave = cx.call(span, GETATTR, manager, cx.const(span, "__exit__"))
    enter = cx.call(span, GETATTR, manager, cx.const(span, "__enter__"))
    entered = cx.call(span, enter, hint="entered")
    since = ssa.mark()
    handler, done = ssa.new_block("failed"), ssa.new_block("endwith")

    def call_exit() -> None:
        cx.call(span, leave, *(cx.const(span, None) for _ in range(3)))

    cx.regions += [Unwinding(call_exit), Protection(handler)]
    if item.optional_vars is not None:
        assign_target(cx, item.optional_vars, entered)
    inside()
    del cx.regions[-2:]
    if ssa.reachable:
        call_exit()
        ssa.jump(done, span=span)
    ssa.start(handler, since)
    if ssa.reachable:
        _lower_failed(cx, span, leave)
        if ssa.reachable:
            ssa.jump(done, span=span)
    ssa.start(done, since)


def _lower_failed(cx: Context, span: Span, leave: Value) -> None:
    """Ask `__exit__` whether the exception in flight is to be forgotten."""
    exception = cx.take_exception(span, cx.const(span, BaseException))
    answers: list[Value] = []

    def ask() -> None:
        cls = cx.call(span, EXIT_CLASS, leave, exception)
        answer = cx.call(span, leave, cls, exception, cx.const(span, None))
        answers.append(cx.call(span, BOOL, answer))

    while_handling(cx, span, exception, ask)
    if not cx.ssa.reachable:
        return
    here = cx.ssa.mark()
    forgotten, kept = cx.ssa.new_block("forgotten"), cx.ssa.new_block("kept")
    cx.ssa.branch(answers[0], forgotten, kept, span=span)
    cx.ssa.start(kept, here)
    let_go(cx, span, exception)
    cx.ssa.start(forgotten, here)


def _lower_suppress(
    cx: Context, item: ast.withitem, call: ast.Call, inside: Callable[[], None]
) -> None:
    """`contextlib.suppress(A, B)`: a handler that does nothing."""
    span = cx.positions.span(call)
    if call.keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
        cx.refuse(call, "keywords and stars in `contextlib.suppress`")
    classes = [lower_expression(cx, arg) for arg in call.args]
    if item.optional_vars is not None:
        cx.refuse(item.optional_vars, "names for what `contextlib.suppress` gives")

    def name_classes() -> Value:
        return cx.call(span, BUILD_TUPLE, *classes)

    lower_caught(cx, span, inside, name_classes)


def _lower_nullcontext(
    cx: Context, item: ast.withitem, call: ast.Call, inside: Callable[[], None]
) -> None:
    """`contextlib.nullcontext(x)`: its value, and nothing else."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    is_plain = len(values) <= 1 and not any(isinstance(v, ast.Starred) for v in values)
    if not is_plain or any(keyword.arg != "enter_result" for keyword in call.keywords):
        cx.refuse(call, "these arguments of `contextlib.nullcontext`")
    made = [lower_expression(cx, value) for value in values]
    value = made[0] if made else cx.const(cx.positions.span(call), None)
    if item.optional_vars is not None:
        assign_target(cx, item.optional_vars, value)
    inside()


MANAGERS: list[tuple[Any, LowerManaged]] = [
    (contextlib.suppress, _lower_suppress),
    (contextlib.nullcontext, _lower_nullcontext),
]
"""The managers that are known by what makes them. `object_mode.py` has its own `with`."""
