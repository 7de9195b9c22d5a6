"""Lowers f-strings: each value becomes text by itself, then all parts are joined.

f"{x:>{n}} m"      a = call format_value(n, "", "")
                   b = call join_str(">", a)
                   c = call format_value(x, "", b)
                   d = call join_str(c, " m")
"""

from __future__ import annotations

import ast
import sys

from pellucid.frontend.context import Context
from pellucid.frontend.expressions import const_hint, lower_expression
from pellucid.frontend.fstring_positions import place_fields
from pellucid.ir.protocol import FORMAT, JOIN_STR
from pellucid.ir.values import Value


def lower_joined_str(cx: Context, node: ast.JoinedStr, hint: str) -> Value:
    """The text of an f-string."""
    if sys.version_info < (3, 12):
        place_fields(node, cx.positions)
    return _joined(cx, node, hint)


def _joined(cx: Context, node: ast.JoinedStr, hint: str) -> Value:
    span = cx.positions.span(node)
    # Python 3.12 has empty constants in specs.
    values = [v for v in node.values if not (isinstance(v, ast.Constant) and v.value == "")]
    fields = [part for part in values if isinstance(part, ast.FormattedValue)]
    if not fields:
        texts = [part.value for part in values if isinstance(part, ast.Constant)]
        return cx.const(span, "".join(map(str, texts)), const_hint(hint))
    if len(values) == 1:
        return _field(cx, fields[0], hint)
    parts = [
        _field(cx, part, "t")
        if isinstance(part, ast.FormattedValue)
        else cx.const(span, part.value)  # type: ignore[attr-defined]  # a Constant
        for part in values
    ]
    return cx.call(span, JOIN_STR, *parts, hint=hint)


def _field(cx: Context, node: ast.FormattedValue, hint: str) -> Value:
    span = cx.positions.span(node)
    value = lower_expression(cx, node.value)
    conversion = "" if node.conversion < 0 else chr(node.conversion)
    spec = node.format_spec
    if not isinstance(spec, ast.JoinedStr):
        return cx.call(
            span, FORMAT, value, cx.const(span, conversion), cx.const(span, ""), hint=hint
        )
    has_fields = any(isinstance(part, ast.FormattedValue) for part in spec.values)
    if conversion and has_fields:  # Python converts before it looks at the spec
        value = cx.call(span, FORMAT, value, cx.const(span, conversion), cx.const(span, ""))
        conversion = ""
    text = _joined(cx, spec, "t")
    return cx.call(span, FORMAT, value, cx.const(span, conversion), text, hint=hint)
