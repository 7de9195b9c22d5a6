"""`build_function`: the front end as a whole, in the order in which it works."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from pellucid.base.diagnostics import Diagnostic, Label, compile_error
from pellucid.base.spans import Span
from pellucid.frontend.context import Context
from pellucid.frontend.expressions import lower_expression
from pellucid.frontend.positions import Positions
from pellucid.frontend.scopes import Scope, collect_names, iter_parameters
from pellucid.frontend.source import FunctionNode, Source, find_source
from pellucid.frontend.ssa import SSA
from pellucid.frontend.statements import lower_body
from pellucid.ir.builder import Names
from pellucid.ir.function import Function
from pellucid.ir.ops import Return
from pellucid.ir.params import MISSING, Param
from pellucid.ir.values import Value

_NO_OVERRIDES: Mapping[str, Any] = {}


def build_function(
    pyfunc: Callable[..., Any],
    *,
    is_library: bool = False,
    source: str | None = None,
    overrides: Mapping[str, Any] = _NO_OVERRIDES,
) -> Function:
    """The untyped IR of a Python function; `CompileError` with every mistake found in it.

    `source` is the executed text that made the function, where no file has it. `overrides` gives
    names that mean something else than Python would find now: a function's own name, say, while
    its decorator runs.
    """
    found = find_source(pyfunc, source)
    cx = _new_context(pyfunc, found, is_library, overrides)
    try:
        _lower(cx, found.node)
        _resolve_checks(cx, cx.ssa.finish())
    except RecursionError:
        _note_too_deep(cx, found.node)
    _note_code_flags(cx, found.node)
    if cx.diagnostics:
        raise compile_error(sorted(cx.diagnostics, key=_place))
    return cx.fn


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    assert diagnostic.primary is not None, "every mistake of the front end has a place"
    return diagnostic.primary.span.line, diagnostic.primary.span.col


def _new_context(
    pyfunc: Callable[..., Any], found: Source, is_library: bool, overrides: Mapping[str, Any]
) -> Context:
    node = found.node
    body = [] if isinstance(node, ast.Lambda) else node.body
    names = collect_names(body, has_walrus=":=" in found.text)
    if isinstance(node, ast.Lambda):
        names.bound.update(_walruses(node))
    parameters = dict.fromkeys((arg.arg for arg, _ in iter_parameters(node.args)), None)
    variables: dict[str, ast.AST | None] = {**parameters, **names.bound}
    positions = Positions(found.file, found.lines, found.offset)
    fn = Function(
        pyfunc.__code__.co_name,
        _params(pyfunc, node.args, positions),
        span=_function_span(node, positions),
        file=found.file,
        is_library=is_library,
        pyfunc=pyfunc,
    )
    value_names = Names()
    values = {name: Value(value_names.fresh(name)) for name in parameters}
    ssa = SSA(fn, value_names, variables, names.deleted & variables.keys())
    fn.entry.params.extend(values[param.name] for param in fn.params)
    for name, value in values.items():
        ssa.write(name, value)
    scope = Scope(pyfunc, variables, overrides)
    return Context(fn, value_names, ssa, scope, positions, names.by_loop, names.outer)


def _walruses(node: ast.Lambda) -> dict[str, ast.AST]:
    return collect_names([ast.Expr(node.body)], has_walrus=True).bound


def _params(pyfunc: Callable[..., Any], args: ast.arguments, positions: Positions) -> list[Param]:
    positional = [a.arg for a in (*args.posonlyargs, *args.args)]
    values = pyfunc.__defaults__ or ()
    defaults = dict(zip(positional[len(positional) - len(values) :], values, strict=True))
    defaults |= pyfunc.__kwdefaults__ or {}
    return [
        Param(arg.arg, kind, defaults.get(arg.arg, MISSING), positions.span(arg))
        for arg, kind in iter_parameters(args)
    ]


def _function_span(node: FunctionNode, positions: Positions) -> Span:
    """A whole lambda, a `def` up to the end of its name."""
    return positions.span(node) if isinstance(node, ast.Lambda) else positions.name_of(node)


def _lower(cx: Context, node: FunctionNode) -> None:
    if node.args.kwarg is not None:
        cx.refuse(node.args.kwarg, "`**` parameters")
    if isinstance(node, ast.AsyncFunctionDef):
        cx.refuse(node)
        return
    if isinstance(node, ast.Lambda):
        cx.ssa.end(Return(lower_expression(cx, node.body), span=cx.fn.span))
        return
    lower_body(cx, node.body)
    if cx.ssa.reachable:
        cx.ssa.end(Return(cx.const(cx.fn.span, None), span=cx.fn.span))


def _note_too_deep(cx: Context, node: FunctionNode) -> None:
    headline = "expressions or statements nested this deeply are not supported yet"
    cx.note(
        Diagnostic(
            "unsupported-syntax",
            headline,
            Label(_function_span(node, cx.positions)),
            help="split the expression over several statements",
        )
    )


def _note_code_flags(cx: Context, node: FunctionNode) -> None:
    """A `yield` in dead code makes a generator as well."""
    flags = cx.scope.pyfunc.__code__.co_flags
    if flags & inspect.CO_GENERATOR and not cx.diagnostics:
        cx.refuse(node, "generators (`yield`)")


def _resolve_checks(cx: Context, replaced: Mapping[Value, Value]) -> None:
    """Drop the checks that always pass; note the variables that are never bound where read."""
    ssa = cx.ssa
    mapping: dict[Value, Value] = {}
    for op, name in cx.checks:
        flag = replaced.get(op.args[1], op.args[1])
        if flag is ssa.true:
            mapping[op.out] = op.args[0]
        elif flag is ssa.false:
            _note_undefined(cx, name)
    if mapping:
        for block in cx.fn.blocks:
            block.ops = [op for op in block.ops if op.result not in mapping]
        for op in cx.fn.ops():
            op.map_operands({old: _last(new, mapping) for old, new in mapping.items()})


def _last(value: Value, mapping: Mapping[Value, Value]) -> Value:
    while value in mapping:
        value = mapping[value]
    return value


def _note_undefined(cx: Context, name: ast.Name) -> None:
    where = cx.scope.locals[name.id]
    labels = (
        (Label(cx.positions.span(where), "assigned here"),)
        if where is not None and where is not name
        else ()
    )
    cx.note(
        Diagnostic(
            "undefined-variable",
            f"`{name.id}` has no value here",
            Label(cx.positions.span(name), "nothing was assigned to it on any way to here"),
            labels,
            notes=(f"`{name.id}` is a local variable, since the function assigns to it",),
        )
    )
