"""Lowers what stands on the left of `=`, after `for`, and after `del`."""

from __future__ import annotations

import ast

from pellucid.frontend.context import Context
from pellucid.frontend.expressions import lower_expression, mangled, subscript_span
from pellucid.ir.protocol import (
    DELATTR,
    DELITEM,
    GETITEM,
    SETATTR,
    SETITEM,
    UNPACK,
    UNPACK_STAR,
)
from pellucid.ir.values import Value


def target_hint(target: ast.expr) -> str:
    """What the value of a target is called in IR."""
    return target.id if isinstance(target, ast.Name) else "t"


def assign_target(cx: Context, target: ast.expr, value: Value) -> None:
    """Bind a target of any form to a value."""
    match target:
        case ast.Name():
            cx.store(target, value)
        case ast.Tuple() | ast.List():
            _unpack(cx, target, value)
        case ast.Subscript():
            base = lower_expression(cx, target.value)
            index = lower_expression(cx, target.slice)
            cx.call(subscript_span(cx, target), SETITEM, base, index, value)
        case ast.Attribute():
            base = lower_expression(cx, target.value)
            span = cx.span_of_mention(target)
            cx.call(span, SETATTR, base, cx.const(span, mangled(cx, target.attr)), value)
        case _:
            cx.refuse(target)


def _unpack(cx: Context, target: ast.Tuple | ast.List, value: Value) -> None:
    span = cx.positions.span(target, cx.positions.tuple_anchor(target))
    elements = target.elts
    starred = [i for i, e in enumerate(elements) if isinstance(e, ast.Starred)]
    if starred:
        before = cx.const(span, starred[0])
        after = cx.const(span, len(elements) - starred[0] - 1)
        items = cx.call(span, UNPACK_STAR, value, before, after)
    else:
        items = cx.call(span, UNPACK, value, cx.const(span, len(elements)))
    for index, element in enumerate(elements):
        into = element.value if isinstance(element, ast.Starred) else element
        where = cx.positions.span(into) if isinstance(into, ast.Name) else span
        item = cx.call(where, GETITEM, items, cx.const(where, index), hint=target_hint(into))
        assign_target(cx, into, item)


def delete_target(cx: Context, target: ast.expr) -> None:
    """What `del` does to a target of any form, in Python's order."""
    match target:
        case ast.Name() if target.id in cx.outer:
            cx.delete_outer(target)
        case ast.Name():
            cx.load(target)
            cx.unbind(target.id, target)
        case ast.Tuple() | ast.List():
            for element in target.elts:
                delete_target(cx, element)
        case ast.Subscript():
            base = lower_expression(cx, target.value)
            index = lower_expression(cx, target.slice)
            cx.call(subscript_span(cx, target), DELITEM, base, index)
        case ast.Attribute():
            base = lower_expression(cx, target.value)
            span = cx.span_of_mention(target)
            cx.call(span, DELATTR, base, cx.const(span, mangled(cx, target.attr)))
        case _:
            cx.refuse(target)
