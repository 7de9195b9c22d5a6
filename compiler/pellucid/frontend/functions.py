"""Lowers one function: parameters, body, and what remains to be settled when all of it is known.

Both the function that was asked for (`build.py`) and those inside it (`closures.py`) go this way.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pellucid.base.diagnostics import Diagnostic, Label
from pellucid.frontend.captures import add_captured, check_captures
from pellucid.frontend.context import Context, LowerFunction
from pellucid.frontend.displays import DISPLAYS
from pellucid.frontend.expressions import EXPRESSIONS, lower_expression
from pellucid.frontend.fstrings import lower_joined_str
from pellucid.frontend.narrowing import narrow_optionals
from pellucid.frontend.positions import Positions
from pellucid.frontend.scopes import Names as BoundNames
from pellucid.frontend.scopes import Scope, collect_names, iter_parameters
from pellucid.frontend.sharing import SharingPlan
from pellucid.frontend.source import FunctionNode
from pellucid.frontend.ssa import SSA
from pellucid.frontend.statements import lower_body
from pellucid.ir.builder import Names
from pellucid.ir.function import Function
from pellucid.ir.ops import Guard, Jump, Return
from pellucid.ir.protocol import MAKE_CELL
from pellucid.ir.values import Value

_EXPRESSIONS = {**EXPRESSIONS, **DISPLAYS, ast.JoinedStr: lower_joined_str}


@dataclass(frozen=True)
class Setting:
    """What a function and those inside it have in common."""

    pyfunc: Callable[..., Any]
    overrides: Mapping[str, Any]
    positions: Positions
    has_walrus: bool
    lower_function: LowerFunction
    plan: SharingPlan


def new_context(
    fn: Function,
    node: FunctionNode,
    setting: Setting,
    parent: Context | None = None,
    own_name: str = "",
) -> Context:
    """The state before the first statement of `fn`, whose parameters are there."""
    names = _bound_names(node, setting.has_walrus)
    parameters = {arg.arg: arg for arg, _ in iter_parameters(node.args)}
    variables: dict[str, ast.AST | None] = {**dict.fromkeys(parameters), **names.bound}
    value_names = Names()
    values = {name: Value(value_names.fresh(name)) for name in parameters}
    ssa = SSA(fn, value_names, variables, names.deleted & variables.keys())
    scope = Scope(setting.pyfunc, variables, setting.overrides)
    cx = Context(
        fn,
        value_names,
        ssa,
        scope,
        setting.positions,
        names.by_loop,
        names.outer,
        setting.lower_function,
        _EXPRESSIONS,
        {name: found for name, found in names.imports.items() if name not in parameters},
        parent,
        own_name,
    )
    cx.node, cx.plan, cx.rebound = node, setting.plan, names.rebound | names.deleted
    if parent is not None:
        cx.diagnostics, cx.mentioned = parent.diagnostics, parent.mentioned
        fn.mentions = parent.fn.mentions
    leading = [Value(value_names.fresh(param.name)) for param in fn.params[: fn.captured]]
    fn.entry.params.extend(leading)
    fn.entry.params.extend(values[param.name] for param in fn.params[fn.captured :])
    for name in sorted(setting.plan.shared(node)):
        if "." not in name:  # a comprehension's own
            cx.shared[name] = cx.call(fn.span, MAKE_CELL, hint=name)
    for name, value in values.items():
        cx.bind(name, parameters[name], value)
    cx.shows_variables = parent is not None and parent.shows_variables
    return cx


def lower_function(cx: Context, node: FunctionNode) -> None:
    """Fill the function of `cx` from its syntax."""
    _lower(cx, node)
    replaced = cx.ssa.finish()
    add_captured(cx)
    check_captures(cx, replaced)
    mapping = _resolve_checks(cx, replaced)
    narrow_optionals(cx.fn, cx.ssa.names)
    for name, value in cx.uses:
        found = _last(replaced.get(value, value), mapping)
        cx.fn.uses.append((cx.positions.name_token(name), found))


def _bound_names(node: FunctionNode, has_walrus: bool) -> BoundNames:
    if isinstance(node, ast.Lambda):
        names = collect_names([], has_walrus)
        names.bound.update(collect_names([ast.Expr(node.body)], has_walrus=True).bound)
        return names
    return collect_names(node.body, has_walrus)


def _lower(cx: Context, node: FunctionNode) -> None:
    if isinstance(node, ast.AsyncFunctionDef):
        cx.refuse(node)
        return
    if isinstance(node, ast.Lambda):
        cx.ssa.end(Return(lower_expression(cx, node.body), span=cx.fn.span))
        return
    lower_body(cx, node.body)
    if cx.ssa.reachable:
        cx.ssa.end(Return(cx.const(cx.fn.span, None), span=cx.fn.span))


def _resolve_checks(cx: Context, replaced: Mapping[Value, Value]) -> Mapping[Value, Value]:
    """Drop the checks that always pass; note the variables that are never bound where read."""
    ssa = cx.ssa
    mapping: dict[Value, Value] = {}
    for op, name in cx.checks:
        flag = replaced.get(op.args[1], op.args[1])
        if flag is ssa.true:
            mapping[op.out] = op.args[0]
        elif name.id in cx.unlisted:
            _note_unlisted(cx, name)
        elif flag is ssa.false:
            _note_undefined(cx, name)
    if mapping:
        for block in cx.fn.blocks:
            end = block.terminator
            if isinstance(end, Guard) and end.call.out in mapping:
                block.terminator = Jump(end.then, span=end.span)
            block.ops = [op for op in block.ops if op.result not in mapping]
        for op in cx.fn.ops():
            op.map_operands({old: _last(new, mapping) for old, new in mapping.items()})
    return mapping


def _last(value: Value, mapping: Mapping[Value, Value]) -> Value:
    while value in mapping:
        value = mapping[value]
    return value


def _note_unlisted(cx: Context, name: ast.Name) -> None:
    head = cx.unlisted[name.id]
    listed = ", ".join([*(f"{k.arg}=..." for k in head.keywords), f"{name.id}='float64'"])
    cx.note(
        Diagnostic(
            "objmode-output",
            f"Missing type annotation on outgoing variable(s): `{name.id}`",
            Label(cx.positions.span(head), "this block sets it"),
            (Label(cx.positions.span(name), "used here"),),
            help=f"list it with its type: objmode({listed})",
        )
    )


def _note_undefined(cx: Context, name: ast.Name) -> None:
    where = cx.scope.locals.get(name.id)
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
