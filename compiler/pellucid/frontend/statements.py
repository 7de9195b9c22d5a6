"""Lowers statements and assignment targets.

Statements after a `return`, `raise`, `break` or `continue` are not lowered: control does not get
there.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from pellucid.base.diagnostics import Diagnostic, Label
from pellucid.frontend.context import Context, Loop
from pellucid.frontend.exceptions import lower_assert, lower_raise, lower_try
from pellucid.frontend.expressions import (
    lower_callee,
    lower_condition,
    lower_consumed,
    lower_expression,
    lower_iterable,
    mangled,
    subscript_span,
)
from pellucid.frontend.imports import find_import
from pellucid.frontend.loops import lower_for
from pellucid.frontend.managers import lower_with
from pellucid.frontend.matching import lower_match
from pellucid.frontend.object_mode import find_block, lower_block
from pellucid.frontend.scopes import bound_names, imported_name
from pellucid.frontend.targets import assign_target, delete_target, target_hint
from pellucid.ir.callee import Ref
from pellucid.ir.ops import Return
from pellucid.ir.protocol import (
    GETATTR,
    GETITEM,
    SETATTR,
    SETITEM,
    ref,
)
from pellucid.ir.values import Value

_IN_PLACE: dict[type[ast.operator], Ref] = {
    ast.Add: ref(operator.iadd),
    ast.Sub: ref(operator.isub),
    ast.Mult: ref(operator.imul),
    ast.Div: ref(operator.itruediv),
    ast.FloorDiv: ref(operator.ifloordiv),
    ast.Mod: ref(operator.imod),
    ast.Pow: ref(operator.ipow),
    ast.LShift: ref(operator.ilshift),
    ast.RShift: ref(operator.irshift),
    ast.BitOr: ref(operator.ior),
    ast.BitXor: ref(operator.ixor),
    ast.BitAnd: ref(operator.iand),
    ast.MatMult: ref(operator.imatmul),
}


def lower_body(cx: Context, body: list[ast.stmt]) -> None:
    """Lower statements in order, as far as control gets."""
    for stmt in body:
        if not cx.ssa.reachable:
            return
        lower = _LOWER.get(type(stmt))
        if lower is None:
            _refuse_statement(cx, stmt)
        else:
            lower(cx, stmt)


def _refuse_statement(cx: Context, stmt: ast.stmt) -> None:
    """Note it, and bind its names, so that their uses are not reported as well."""
    cx.refuse(stmt)
    value = cx.placeholder(stmt)
    for name in sorted(bound_names(stmt)):
        if cx.is_local(name):
            cx.ssa.write(name, value)


# Assignment -------------------------------------------------------------------------------------


def _assign(cx: Context, node: ast.Assign) -> None:
    if len(node.targets) == 1 and _matches(node.targets[0], node.value):
        _assign_parallel(cx, node.targets[0], node.value)
        return
    if isinstance(node.value, ast.Lambda):
        value = _assigned_lambda(cx, node.targets, node.value)
    else:
        is_unpacked = len(node.targets) == 1 and isinstance(node.targets[0], (ast.Tuple, ast.List))
        lower = lower_consumed if is_unpacked else lower_expression
        value = lower(cx, node.value, target_hint(node.targets[0]))
    for target in node.targets:
        assign_target(cx, target, value)


def _assigned_lambda(cx: Context, targets: list[ast.expr], node: ast.Lambda) -> Value:
    """A lambda that is assigned to one name can call itself by it."""
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    is_known = len(names) == len(targets) == 1 and not cx.is_shared(names[0])
    return cx.lower_function(cx, node, names[0] if is_known else "")


def _matches(target: ast.expr, value: ast.expr) -> bool:
    """Whether `target = value` pairs up, as `a, b = b, a` does: then no tuple is made."""
    return (
        isinstance(target, (ast.Tuple, ast.List))
        and isinstance(value, ast.Tuple)
        and len(target.elts) == len(value.elts)
        and not any(isinstance(e, ast.Starred) for e in (*target.elts, *value.elts))
    )


def _assign_parallel(cx: Context, target: Any, value: Any) -> None:
    values = [
        lower_expression(cx, item, target_hint(into))
        for into, item in zip(target.elts, value.elts, strict=True)
    ]
    for into, item in zip(target.elts, values, strict=True):
        assign_target(cx, into, item)


def _ann_assign(cx: Context, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign_target(cx, node.target, lower_expression(cx, node.value, target_hint(node.target)))
    elif isinstance(node.target, ast.Attribute):
        lower_expression(cx, node.target.value)
    elif isinstance(node.target, ast.Subscript):
        lower_expression(cx, node.target.value)
        lower_expression(cx, node.target.slice)


def _aug_assign(cx: Context, node: ast.AugAssign) -> None:
    callee = _IN_PLACE[type(node.op)]
    span = cx.positions.span(node, cx.positions.after(node.target))
    target = node.target
    match target:
        case ast.Name():
            if not isinstance(cx.outer.get(target.id), ast.Global):  # which is refused below
                old = cx.load(target)
            else:
                old = cx.placeholder(target)
            new = cx.call(span, callee, old, lower_expression(cx, node.value), hint=target.id)
            cx.store(target, new)
        case ast.Subscript():
            base = lower_expression(cx, target.value)
            index = lower_expression(cx, target.slice)
            where = subscript_span(cx, target)
            old = cx.call(where, GETITEM, base, index)
            new = cx.call(span, callee, old, lower_expression(cx, node.value))
            cx.call(where, SETITEM, base, index, new)
        case ast.Attribute():
            base = lower_expression(cx, target.value)
            where = cx.span_of_mention(target)
            name = cx.const(where, mangled(cx, target.attr))
            old = cx.call(where, GETATTR, base, name)
            new = cx.call(span, callee, old, lower_expression(cx, node.value))
            cx.call(where, SETATTR, base, name, new)


def _function_def(cx: Context, node: ast.FunctionDef) -> None:
    if node.name in cx.outer:
        cx.refuse(node, "functions that are assigned to a global or nonlocal variable")
        return
    decorators = [lower_callee(cx, decorator) for decorator in node.decorator_list]
    # Inside, its name means what the decorators make of it.
    value = cx.lower_function(cx, node, "" if decorators or cx.is_shared(node.name) else node.name)
    for decorator, callee in zip(node.decorator_list[::-1], decorators[::-1], strict=True):
        value = cx.call(cx.positions.span(decorator), callee, value, hint=node.name)
    cx.bind(node.name, node, value)


def _delete(cx: Context, node: ast.Delete) -> None:
    for target in node.targets:
        delete_target(cx, target)


def _import(cx: Context, node: ast.Import | ast.ImportFrom) -> None:
    for alias in node.names:
        name, span = imported_name(alias), cx.positions.span(alias)
        known = find_import(cx.scope.pyfunc, node, alias)
        if known is None:
            source = node.module if isinstance(node, ast.ImportFrom) else None
            what = f"{source}.{alias.name}" if source else alias.name
            headline = f"`{what}` cannot be imported"
            cx.note(Diagnostic("unknown-name", headline, Label(span, "no such name")))
            value = cx.placeholder(alias)
        else:
            value = cx.const(span, known.pyobj, name, known.path)
        cx.store(ast.copy_location(ast.Name(name, ast.Store()), alias), value)


# Control flow -----------------------------------------------------------------------------------


def _if(cx: Context, node: ast.If) -> None:
    ssa = cx.ssa
    span = cx.positions.reach(node, node.test)
    since = ssa.mark()
    then, done = ssa.new_block("then"), ssa.new_block("endif")
    orelse = ssa.new_block("else") if node.orelse else done
    lower_condition(cx, node.test, then, orelse, span)
    ssa.start(then, since)
    lower_body(cx, node.body)
    if ssa.reachable:
        ssa.jump(done, span=span)
    if node.orelse:
        ssa.start(orelse, since)
        lower_body(cx, node.orelse)
        if ssa.reachable:
            ssa.jump(done, span=span)
    ssa.start(done, since)


def _while(cx: Context, node: ast.While) -> None:
    ssa = cx.ssa
    span = cx.positions.reach(node, node.test)
    written = cx.loop_names[node]
    header, body, done = ssa.new_block("while"), ssa.new_block("body"), ssa.new_block("endwhile")
    orelse = ssa.new_block("else") if node.orelse else done
    ssa.jump(header, span=span)
    ssa.start_loop(header, written)
    since = ssa.mark()
    lower_condition(cx, node.test, body, orelse, span)
    ssa.start(body, since)
    lower_loop_body(cx, node, Loop(done, header))
    if ssa.reachable:
        ssa.jump(header, span=span)
    ssa.seal(header)
    if node.orelse:
        ssa.start_exit(orelse, header, written)
        lower_body(cx, node.orelse)
        if ssa.reachable:
            ssa.jump(done, span=span)
    ssa.start_exit(done, header, written)


def lower_loop_body(cx: Context, node: ast.For | ast.While, loop: Loop) -> None:
    """The statements of a loop's body, whose `break` and `continue` are `loop`'s."""
    cx.regions.append(loop)
    lower_body(cx, node.body)
    cx.regions.pop()


def _for(cx: Context, node: ast.For) -> None:
    span = cx.positions.reach(node, node.iter)
    iterable = lower_iterable(cx, node.iter)
    lower_for(
        cx,
        span,
        iterable,
        node.target,
        cx.loop_names[node],
        lambda _again: lower_body(cx, node.body),
        (lambda: lower_body(cx, node.orelse)) if node.orelse else None,
    )


def _match(cx: Context, node: ast.Match) -> None:
    lower_match(cx, node, lambda body: lower_body(cx, body))


def _break(cx: Context, node: ast.Break) -> None:
    loop = cx.loop()
    cx.unwind(loop)
    if cx.ssa.reachable:
        cx.ssa.jump(loop.exit, span=cx.positions.span(node))


def _continue(cx: Context, node: ast.Continue) -> None:
    loop = cx.loop()
    cx.unwind(loop)
    if cx.ssa.reachable:
        cx.ssa.jump(loop.again, span=cx.positions.span(node))


def _return(cx: Context, node: ast.Return) -> None:
    span = cx.positions.span(node)
    value = cx.const(span, None) if node.value is None else lower_expression(cx, node.value)
    cx.unwind()
    if cx.ssa.reachable:
        cx.ssa.end(Return(value, span=span))


def _expression_statement(cx: Context, node: ast.Expr) -> None:
    if not isinstance(node.value, ast.Constant):  # a docstring or `...`
        lower_expression(cx, node.value)


def _nothing(cx: Context, node: ast.stmt) -> None:
    """`pass`, and declarations that `scopes` has read."""


def _with(cx: Context, node: ast.With) -> None:
    block = find_block(cx, node)
    if block is not None:
        lower_block(cx, node, block)
        return
    lower_with(cx, node.items, lambda: lower_body(cx, node.body))


def _try(cx: Context, node: ast.Try) -> None:
    lower_try(cx, node, lower_body)


_LOWER: dict[type[ast.stmt], Callable[[Context, Any], None]] = {
    ast.AnnAssign: _ann_assign,
    ast.Assert: lower_assert,
    ast.Assign: _assign,
    ast.AugAssign: _aug_assign,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Delete: _delete,
    ast.Expr: _expression_statement,
    ast.For: _for,
    ast.FunctionDef: _function_def,
    ast.Global: _nothing,
    ast.If: _if,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.Match: _match,
    ast.Nonlocal: _nothing,
    ast.Pass: _nothing,
    ast.Raise: lower_raise,
    ast.Return: _return,
    ast.Try: _try,
    ast.While: _while,
    ast.With: _with,
}
