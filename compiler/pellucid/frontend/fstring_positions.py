"""Where the parts of an f-string stand, for Python 3.11, whose parser does not tell.

There the expressions in an f-string have positions that are often wrong, and its fields have none.
So the text is scanned for the fields, and each expression is parsed again at its place.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from pellucid.frontend.positions import Positions

_OPEN, _CLOSE = "([{", ")]}"
_COMPARISON = ("==", "!=", "<=", ">=")


@dataclass
class _Field:
    """Offsets in the text: of `{` and behind `}`, of the expression, of the spec with its colon."""

    start: int
    expression: tuple[int, int]
    spec: tuple[int, int]
    end: int
    inner: list[_Field]


def place_fields(node: ast.JoinedStr, positions: Positions) -> None:
    """Give the expressions, fields and specs in an f-string the positions that they have."""
    text = positions.text(node)
    fields = [field for string in _strings(text) for field in _scan(text, *string)[0]]
    _place(node, fields, text, node)


def _place(node: ast.JoinedStr, fields: list[_Field], text: str, whole: ast.JoinedStr) -> None:
    values = [value for value in node.values if isinstance(value, ast.FormattedValue)]
    for value, field in zip(values, fields, strict=True):
        _locate(value, text, field.start, field.end, whole)
        line, col = _position(text, field.expression[0], whole)
        parsed = ast.parse(f"({text[slice(*field.expression)]}\n)", mode="eval").body
        for part in ast.walk(parsed):
            if isinstance(part, ast.expr):
                _shift(part, line, col - 1)
        value.value = parsed
        if isinstance(value.format_spec, ast.JoinedStr):
            _locate(value.format_spec, text, *field.spec, whole)
            _place(value.format_spec, field.inner, text, whole)


def _shift(part: ast.expr, line: int, col: int) -> None:
    if part.lineno == 1:
        part.col_offset += col
    if part.end_lineno == 1 and part.end_col_offset is not None:
        part.end_col_offset += col
    part.lineno += line - 1
    part.end_lineno = (part.end_lineno or 0) + line - 1


def _locate(part: ast.expr, text: str, start: int, end: int, whole: ast.JoinedStr) -> None:
    part.lineno, part.col_offset = _position(text, start, whole)
    part.end_lineno, part.end_col_offset = _position(text, end, whole)


def _position(text: str, offset: int, whole: ast.JoinedStr) -> tuple[int, int]:
    before = text[:offset]
    rows = before.count("\n")
    col = len(before.rpartition("\n")[2].encode())
    return whole.lineno + rows, col if rows else col + whole.col_offset


def _strings(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where the text of each f-string among adjacent literals begins and ends; whether raw."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for token in tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline):
        prefix = token.string.partition("'")[0].partition('"')[0].lower()
        if token.type == tokenize.STRING and "f" in prefix:
            (row, col), (end_row, end_col) = token.start, token.end
            start = starts[row - 1] + col - (row == 1) + len(prefix)
            end = starts[end_row - 1] + end_col - (end_row == 1)
            quotes = 3 if text[start : start + 3] in {'"""', "'''"} else 1
            yield start + quotes, end - quotes, "r" in prefix


def _scan(
    text: str, at: int, end: int, is_raw: bool, in_spec: bool = False
) -> tuple[list[_Field], int]:
    """The fields from an offset on, and where they end: a spec at its `}`."""
    fields: list[_Field] = []
    while at < end:
        char = text[at]
        if char == "}" and in_spec:
            break
        if char == "\\" and not is_raw:
            at = text.index("}", at) + 1 if text.startswith("\\N{", at) else at + 2
        elif text.startswith(("{{", "}}"), at) and not in_spec:
            at += 2
        elif char == "{":
            fields.append(_scan_field(text, at, end, is_raw))
            at = fields[-1].end
        else:
            at += 1
    return fields, at


def _scan_field(text: str, start: int, end: int, is_raw: bool) -> _Field:
    stop = _end_of_expression(text, start + 1)
    at = stop
    while text[at] not in ":}":  # `=`, `!r`
        at += 1
    inner: list[_Field] = []
    spec = at
    if text[at] == ":":
        inner, at = _scan(text, at + 1, end, is_raw, in_spec=True)
    return _Field(start, (start + 1, stop), (spec, at), at + 1, inner)


def _end_of_expression(text: str, at: int) -> int:
    depth, quote = 0, ""
    while True:
        if quote:
            if text.startswith(quote, at):
                at += len(quote) - 1
                quote = ""
        elif text[at] in "'\"":
            quote = text[at] * (3 if text.startswith(text[at] * 3, at) else 1)
            at += len(quote) - 1
        elif text[at] in _OPEN:
            depth += 1
        elif depth == 0 and text.startswith(_COMPARISON, at):
            at += 1
        elif depth == 0 and text[at] in "!:=}":
            return at
        elif text[at] in _CLOSE:
            depth -= 1
        at += 1
