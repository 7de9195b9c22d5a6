"""Spans of syntax nodes, with the anchor of each: the position of the operation's own token.

`ast` gives ranges, and ranges are not unique: in `a[i] + b` the sum, `a[i]` and `a` start at one
column. The token that makes the operation is: it is found by reading on from the end of the operand
before it, over spaces, line ends, comments and closing parentheses.

    total = (a[i]  # first
             + b)          span 1:9-2:14, anchor 2:13 (the `+`)
"""

from __future__ import annotations

import ast
import dataclasses
from dataclasses import dataclass, field

from pellucid.base.spans import Span

_SKIPPED = b" \t\f\r\n\\)"
_HASH = ord("#")
_LPAREN = ord("(")

Anchor = tuple[int, int]
"""Line and column of a token, in the tree's own lines."""


@dataclass(frozen=True)
class Positions:
    """The lines of one function. The tree's line plus `offset` is the file's line.

    Columns are UTF-8 bytes everywhere, as in `ast`.
    """

    file: str
    lines: list[str]
    offset: int
    _encoded: dict[int, bytes] = field(default_factory=dict[int, bytes])

    def span(self, node: ast.AST, anchor: Anchor | None = None) -> Span:
        """The range of `node`; its anchor is its start unless given."""
        line, col = node.lineno, node.col_offset  # type: ignore[attr-defined]  # a located node
        return self._make(line, col, node.end_lineno, node.end_col_offset, anchor)  # type: ignore[attr-defined]

    def reach(self, start: ast.AST, end: ast.AST) -> Span:
        """From the start of one node, which is the anchor, to the end of another."""
        return self._make(start.lineno, start.col_offset, end.end_lineno, end.end_col_offset, None)  # type: ignore[attr-defined]

    def clause(self, before: ast.AST, iterable: ast.AST) -> Span:
        """`for x in iterable` of a comprehension, anchored at its `for`, which follows `before`."""
        line, col = self.after(before)
        return self._make(line, col, iterable.end_lineno, iterable.end_col_offset, None)  # type: ignore[attr-defined]

    def text(self, node: ast.AST) -> str:
        """The source text of a node."""
        span = self.span(node)
        first = span.line - self.offset
        rows = [self._bytes(first + i) for i in range(span.end_line - span.line + 1)]
        rows[-1] = rows[-1][: span.end_col]
        rows[0] = rows[0][span.col :]
        return b"".join(rows).decode()

    def keyword(self, node: ast.AST) -> Span:
        """The first word of a node: a statement's keyword."""
        line, col = node.lineno, node.col_offset  # type: ignore[attr-defined]  # a located node
        text = self._bytes(line)
        end = col
        while end < len(text) and text[end : end + 1].isalpha():
            end += 1
        return self._make(line, col, line, end, None)

    def name_token(self, node: ast.AST) -> Span:
        """The name in a node that binds or reads one: itself, without `def` or annotation."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            whole = self.name_of(node)
            start = whole.end_col - len(node.name.encode())
            return Span(self.file, whole.line, start, whole.line, whole.end_col, whole.line, start)
        span = self.span(node)
        if not isinstance(node, ast.arg) or node.annotation is None:
            return span
        return dataclasses.replace(
            span, end_line=span.line, end_col=span.col + len(node.arg.encode())
        )

    def function_span(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Span:
        """A whole lambda or generator expression, a `def` up to the end of its name."""
        if isinstance(node, ast.Lambda) or not node.name.isidentifier():
            return self.span(node)
        return self.name_of(node)

    def name_of(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Span:
        """A `def` from its keyword to the end of its name."""
        line, col = node.lineno, node.col_offset
        word = "def " if isinstance(node, ast.FunctionDef) else "async def "
        return self._make(line, col, line, col + len(word) + len(node.name.encode()), None)

    def after(self, operand: ast.AST) -> Anchor:
        """The first token after an operand: an operator, `(` of a call, `[`, `.`, `,`, `:`."""
        line: int = operand.end_lineno  # type: ignore[attr-defined]  # a located node
        col: int = operand.end_col_offset  # type: ignore[attr-defined]
        while True:
            text = self._bytes(line)
            while col < len(text):
                char = text[col]
                if char == _HASH:
                    break
                if char not in _SKIPPED:
                    return line, col
                col += 1
            line, col = line + 1, 0

    def tuple_anchor(self, node: ast.Tuple | ast.List) -> Anchor:
        """Its own opening bracket, or its first comma where it has none."""
        if not node.elts or isinstance(node, ast.List):
            return node.lineno, node.col_offset
        first = node.elts[0]
        start = (node.lineno, node.col_offset)
        has_bracket = (first.lineno, first.col_offset) != start
        if has_bracket and self._bytes(start[0])[start[1]] == _LPAREN:
            return start
        comma = self.after(first)
        return start if comma >= (node.end_lineno, node.end_col_offset) else comma  # `a[*b]`

    def _make(
        self, line: int, col: int, end_line: int, end_col: int, anchor: Anchor | None
    ) -> Span:
        offset = self.offset
        anchor_line, anchor_col = (line, col) if anchor is None else anchor
        return Span(
            self.file,
            line + offset,
            col,
            end_line + offset,
            end_col,
            anchor_line + offset,
            anchor_col,
        )

    def _bytes(self, line: int) -> bytes:
        text = self._encoded.get(line)
        if text is None:
            text = self.lines[line + self.offset - 1].encode()
            self._encoded[line] = text
        return text
