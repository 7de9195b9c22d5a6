"""Makes the functions that are defined inside the function being compiled.

    def f(x, n=2):                  func @f(default.n, y, x, n) captured=2 { ... }
        return x * y + n     ->
                                    code = const function f
                                    f = call pellucid.ir.protocol.make_closure(code, 2, y)

Defaults and captured variables are the function's leading parameters; a closure holds their values.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from types import CodeType

from pellucid.base.spans import Span
from pellucid.frontend.context import Capture, Context
from pellucid.frontend.expressions import lower_expression
from pellucid.frontend.functions import Setting, lower_function, new_context
from pellucid.frontend.scopes import iter_parameters
from pellucid.frontend.source import FunctionNode
from pellucid.ir.function import Function
from pellucid.ir.params import CapturedDefault, Param
from pellucid.ir.protocol import MAKE_CLOSURE
from pellucid.ir.values import Value

_POSITIONAL_ONLY = 0
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")


def lower_inner(cx: Context, node: FunctionNode, own_name: str) -> Value:
    """The value of a `def` or `lambda` inside the function of `cx`.

    `own_name` is the variable of `cx` that it is bound to at once, by which it may call itself.
    """
    span = cx.positions.function_span(node)
    if own_name in cx.siblings:
        fn, reads_of_sibling = cx.siblings[own_name]
        code = cx.const(span, fn, "code")
        values = [cx.cell_of(at) if cx.is_shared(at.id) else cx.read(at) for at in reads_of_sibling]
        return cx.call(span, MAKE_CLOSURE, code, *values, hint=own_name)
    defaults = _defaults(node.args)
    values = [lower_expression(cx, default) for default in defaults.values()]
    fn = _new_function(cx, node, list(defaults), span)
    scope = cx.scope
    setting = Setting(scope.pyfunc, scope.overrides, cx.positions, True, cx.lower_function, cx.plan)
    inner = new_context(fn, node, setting, cx, own_name)
    lower_function(inner, node)
    if inner.itself is not None:
        fn.own_name = own_name
    reads: dict[str, ast.Name] = {}
    for name, at in inner.first_reads.items():
        if cx.is_shared(name):
            values.append(cx.cell_of(at))
        elif not cx.is_local(name) or cx.is_bound(name):
            reads[cx.variable(name)] = at
            values.append(cx.read(at))
        else:
            cx.plan.want(cx.node, name)  # it is assigned later
            values.append(cx.placeholder(at))
    if own_name and not cx.is_local(own_name):
        cx.siblings[own_name] = fn, list(inner.first_reads.values())
    code = cx.const(span, fn, "code")
    value = cx.call(span, MAKE_CLOSURE, code, *values, hint=own_name or "function")
    if cx.ssa.reachable:
        own_name = own_name if inner.itself is not None else ""
        cx.captures.append(Capture(node, fn, value, cx.place(), reads, own_name))
    return value


def _new_function(cx: Context, node: FunctionNode, defaulted: list[str], span: Span) -> Function:
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    leading = [Param(f"default.{param}", _POSITIONAL_ONLY) for param in defaulted]
    own = [
        Param(arg.arg, kind, span=cx.positions.span(arg))
        for arg, kind in iter_parameters(node.args)
    ]
    for index, param in enumerate(own):
        if param.name in defaulted:
            default = CapturedDefault(defaulted.index(param.name))
            own[index] = dataclasses.replace(param, default=default)
    return Function(
        name,
        [*leading, *own],
        span=span,
        file=cx.fn.file,
        symbol=cx.inner_name(name),
        is_library=cx.fn.is_library,
        captured=len(leading),
        home=cx.scope.pyfunc,
        pycode=_find_code(cx, node, name),
        is_generator=_is_generator(node),
    )


def _find_code(cx: Context, node: FunctionNode, name: str) -> CodeType | None:
    """What Python compiled the inner function to: one of the constants of the outer one."""
    outer = cx.scope.pyfunc.__code__ if cx.parent is None else cx.fn.pycode
    first = [*getattr(node, "decorator_list", ()), node][0].lineno + cx.positions.offset
    found = [
        const
        for const in (_inner_codes(outer) if outer is not None else ())
        if const.co_name == name and const.co_firstlineno == first
    ]
    if len(found) > 1 and isinstance(node, ast.Lambda):
        body = cx.positions.span(node.body)
        found = [code for code in found if _is_within(code, body)]
    return found[0] if len(found) == 1 else None


def _inner_codes(outer: CodeType) -> Iterator[CodeType]:
    """The functions in a function; before Python 3.12, comprehensions are functions around them."""
    for const in outer.co_consts:
        if isinstance(const, CodeType):
            yield const
            if const.co_name in _COMPREHENSIONS:
                yield from _inner_codes(const)


def _is_within(code: CodeType, body: Span) -> bool:
    """Whether what a function computes stands in a part of the source."""
    start, end = (body.line, body.col), (body.end_line, body.end_col)
    places = [
        ((line, col), (end_line, end_col))
        for line, end_line, col, end_col in code.co_positions()
        if line and end_line and col is not None and end_col
    ]
    return any(start <= place and until <= end for place, until in places)


def _defaults(args: ast.arguments) -> dict[str, ast.expr]:
    """The parameters that have a default, in the order in which Python computes them."""
    positional = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    start = len(positional) - len(args.defaults)
    found = dict(zip(positional[start:], args.defaults, strict=True))
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if default is not None:
            found[arg.arg] = default
    return found


def _is_generator(node: FunctionNode) -> bool:
    """Whether there is a `yield` in the function, also where control does not get."""
    todo: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
    while todo:
        part = todo.pop()
        if isinstance(part, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(part))
    return False
