"""Lowers displays and comprehensions: `(a, *b)`, `[a, b]`, `{k: v}`, `[f(x) for x in xs if x]`.

A comprehension is its loops in place, around the call that adds one item. Its loop variables are
variables of their own, which end with it; `:=` in it binds a variable of the function.

    [x * k for x in xs if x]      r = call build_list()
                                  for x.1 in xs:              as a `for` statement
                                    branch bool(x.1), more, next
                                  more:
                                    call list_append(r, x.1 * k)

An array of a nested comprehension, `np.array([[...] ...])`, goes by way of lists.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from pellucid.base.spans import Span
from pellucid.frontend.context import Context, LowerExpression
from pellucid.frontend.expressions import (
    lower_arguments,
    lower_condition,
    lower_consumed,
    lower_expression,
    lower_iterable,
)
from pellucid.frontend.loops import lower_for
from pellucid.frontend.scopes import target_names, walrus_names
from pellucid.ir.callee import Ref
from pellucid.ir.function import Block
from pellucid.ir.protocol import (
    BUILD_DICT,
    BUILD_LIST,
    BUILD_SET,
    BUILD_TUPLE,
    DICT_SETITEM,
    DICT_UPDATE,
    LIST_APPEND,
    LIST_EXTEND,
    LIST_RESERVE,
    SET_ADD,
    SET_UPDATE,
)
from pellucid.ir.values import Value


def _tuple(cx: Context, node: ast.Tuple, hint: str) -> Value:
    args, stars = lower_arguments(cx, node.elts)
    span = cx.positions.span(node, cx.positions.tuple_anchor(node))
    return cx.call_with(span, BUILD_TUPLE, args, (), stars, hint)


def _list(cx: Context, node: ast.List, hint: str) -> Value:
    return _items(cx, node, hint, BUILD_LIST, LIST_APPEND, LIST_EXTEND)


def _set(cx: Context, node: ast.Set, hint: str) -> Value:
    return _items(cx, node, hint, BUILD_SET, SET_ADD, SET_UPDATE)


def _items(
    cx: Context, node: ast.List | ast.Set, hint: str, build: Ref, add: Ref, extend: Ref
) -> Value:
    """Plain items in one call; after the first star, one by one in Python's order."""
    span = cx.positions.span(node)
    stars = [i for i, e in enumerate(node.elts) if isinstance(e, ast.Starred)]
    plain = stars[0] if stars else len(node.elts)
    made = cx.call(
        span, build, *[lower_expression(cx, element) for element in node.elts[:plain]], hint=hint
    )
    for element in node.elts[plain:]:
        if isinstance(element, ast.Starred):
            where = cx.positions.span(element)
            cx.call(where, extend, made, lower_consumed(cx, element.value))
        else:
            cx.call(span, add, made, lower_expression(cx, element))
    return made


def _dict(cx: Context, node: ast.Dict, hint: str) -> Value:
    span = cx.positions.span(node)
    plain = node.keys.index(None) if None in node.keys else len(node.keys)
    items: list[Value] = []
    for key, value in zip(node.keys[:plain], node.values[:plain], strict=True):
        assert key is not None, "those before the first `**`"
        items += lower_expression(cx, key), lower_expression(cx, value)
    made = cx.call(span, BUILD_DICT, *items, hint=hint)
    for key, value in zip(node.keys[plain:], node.values[plain:], strict=True):
        if key is None:
            cx.call(span, DICT_UPDATE, made, lower_expression(cx, value))
        else:
            pair = lower_expression(cx, key), lower_expression(cx, value)
            cx.call(span, DICT_SETITEM, made, *pair)
    return made


# Comprehensions ---------------------------------------------------------------------------------


def _list_comp(cx: Context, node: ast.ListComp, hint: str) -> Value:
    def add(made: Value, span: Span) -> None:
        cx.call(span, LIST_APPEND, made, lower_expression(cx, node.elt))

    return _comprehension(cx, node, node.elt, hint, BUILD_LIST, add)


def _set_comp(cx: Context, node: ast.SetComp, hint: str) -> Value:
    def add(made: Value, span: Span) -> None:
        cx.call(span, SET_ADD, made, lower_expression(cx, node.elt))

    return _comprehension(cx, node, node.elt, hint, BUILD_SET, add)


def _dict_comp(cx: Context, node: ast.DictComp, hint: str) -> Value:
    def add(made: Value, span: Span) -> None:
        key = lower_expression(cx, node.key)
        cx.call(span, DICT_SETITEM, made, key, lower_expression(cx, node.value))

    return _comprehension(cx, node, node.value, hint, BUILD_DICT, add)


def _comprehension(
    cx: Context,
    node: ast.ListComp | ast.SetComp | ast.DictComp,
    item: ast.expr,
    hint: str,
    build: Ref,
    add: Callable[[Value, Span], None],
) -> Value:
    """`item` is what stands before the first `for`."""
    span = cx.positions.span(node)
    clauses = node.generators
    outermost = lower_iterable(cx, clauses[0].iter)  # its names are those outside
    made = cx.call(span, build, hint=hint)
    if build is BUILD_LIST and len(clauses) == 1 and not clauses[0].ifs:
        cx.call(span, LIST_RESERVE, made, outermost)
    names = target_names(clause.target for clause in clauses)
    written = {*cx.enter_comprehension(names), *map(cx.variable, walrus_names(node))}

    def lower_clause(index: int, before: ast.expr) -> None:
        if index == len(clauses):
            add(made, span)
            return
        clause = clauses[index]
        where = cx.positions.clause(before, clause.iter)
        if clause.is_async:
            cx.refuse(clause.iter, "`async for` loops")
        iterable = lower_iterable(cx, clause.iter) if index else outermost

        def lower_turn(again: Block) -> None:
            since = cx.ssa.mark()
            for test in clause.ifs:
                more = cx.ssa.new_block("more")
                lower_condition(cx, test, more, again, where)
                cx.ssa.start(more, since)
                if not cx.ssa.reachable:
                    return
            lower_clause(index + 1, [clause.iter, *clause.ifs][-1])

        lower_for(cx, where, iterable, clause.target, written, lower_turn)

    lower_clause(0, item)
    cx.leave_comprehension()
    return made


DISPLAYS: dict[type[ast.expr], LowerExpression] = {
    ast.Dict: _dict,
    ast.DictComp: _dict_comp,
    ast.List: _list,
    ast.ListComp: _list_comp,
    ast.Set: _set,
    ast.SetComp: _set_comp,
    ast.Tuple: _tuple,
}
