"""What generators are lowered to: `yield` is a call, `yield from` a loop, an expression a function.

    (x * k for x in xs if x)         def <genexpr>(.0):
                                         for x in .0:
                               ->            if x:
                                                 yield x * k
                                     <genexpr>(xs)

The first iterable is computed at once, as in Python; the rest when the generator runs. What `:=`
binds in it is a variable of the function around it.
"""

from __future__ import annotations

import ast

from pellucid.base.spans import Span
from pellucid.frontend.context import Context, Protection
from pellucid.frontend.scopes import walrus_names
from pellucid.ir.protocol import (
    ITER_RESULT,
    ITER_SEND,
    ITER_START,
    ITER_THROW,
    ITER_VALID,
    ITER_VALUE,
    YIELD,
)
from pellucid.ir.values import Value

EXPRESSION = "<genexpr>"
"""The name of a generator expression's function, as Python calls it."""

_ITERABLE = ".0"


def yield_from(cx: Context, span: Span, iterable: Value, hint: str) -> Value:
    """Yield each item of `iterable`; the value is what a generator returned."""
    ssa = cx.ssa
    header, body, done = ssa.new_block("from"), ssa.new_block("body"), ssa.new_block("endfrom")
    ssa.jump(header, cx.call(span, ITER_START, iterable, hint="state"), span=span)
    ssa.start_loop(header, frozenset())
    state = ssa.param(header, "state")
    since = ssa.mark()
    valid = cx.call(span, ITER_VALID, iterable, state, hint="valid")
    ssa.branch(valid, body, done, span=span)
    ssa.start(body, since)
    item = cx.call(span, ITER_VALUE, iterable, state, hint="item")
    since, thrown = ssa.mark(), ssa.new_block("thrown")
    cx.regions.append(Protection(thrown))
    sent = cx.call(span, YIELD, item, iterable)
    cx.regions.pop()
    ssa.jump(header, cx.call(span, ITER_SEND, iterable, state, sent, hint="state"), span=span)
    ssa.start(thrown, since)
    if ssa.reachable:
        exception = cx.take_exception(span, cx.const(span, BaseException))
        following = cx.call(span, ITER_THROW, iterable, state, exception, hint="state")
        ssa.jump(header, following, span=span)
    ssa.seal(header)
    ssa.start_exit(done, header, frozenset())
    return cx.call(span, ITER_RESULT, iterable, state, hint=hint)


def function_of(node: ast.GeneratorExp) -> ast.FunctionDef:
    """The function that a generator expression stands for; its argument is the first iterable."""
    value = ast.copy_location(ast.Yield(node.elt), node.elt)
    body: list[ast.stmt] = [ast.copy_location(ast.Expr(value), node.elt)]
    for index, part in reversed(list(enumerate(node.generators))):
        for condition in reversed(part.ifs):
            body = [ast.copy_location(ast.If(condition, body, []), condition)]
        iterable = part.iter
        if index == 0:
            iterable = ast.copy_location(ast.Name(_ITERABLE, ast.Load()), part.iter)
        loop = ast.For(part.target, iterable, body, [])
        body = [ast.copy_location(loop, part.target)]
    if names := sorted(walrus_names(node)):
        body.insert(0, ast.copy_location(ast.Nonlocal(names), node))
    argument = ast.copy_location(ast.arg(_ITERABLE), node.generators[0].iter)
    arguments = ast.arguments([], [argument], None, [], [], None, [])
    made = ast.FunctionDef(EXPRESSION, arguments, body, [])
    return ast.copy_location(made, node)
