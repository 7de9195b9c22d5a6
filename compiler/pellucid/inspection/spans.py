"""The span table: every operation of a compilation under the one key that joins its levels.

In:   the compiler's spans (byte columns) with inferred types, and the text of their files.
Out:  the Report's spans and tokens (UTF-16 columns), and `SpanTable.chain`, which maps the
      inline chain of a location to span ids.

An operation's parent is the smallest operation around it *within its statement*: a `for` is the
parent of its iterable, not of its body. So "the enclosing expression, up to the statement" is
the chain of parents.
"""

from __future__ import annotations

import ast
import io
import os
import tokenize
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pellucid.base.spans import Span as CompilerSpan
from pellucid.inspection.locations import Chain
from pellucid.inspection.report import Position, Span, Token

Lines = Callable[[str], list[str]]
"""The lines of a file; empty where it has no source."""

MAX_TEXT = 80
_Range = tuple[int, int, int, int]
_POINTLESS = frozenset(
    {
        tokenize.NEWLINE,
        tokenize.NL,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.COMMENT,
        tokenize.ENDMARKER,
    }
)


def utf16_column(line: str, byte_column: int) -> int:
    """The UTF-16 column of a UTF-8 byte column in this line."""
    if line.isascii():
        return byte_column
    text = line.encode()[:byte_column].decode(errors="ignore")
    return len(text.encode("utf-16-le")) // 2


def _range(node: ast.stmt | ast.expr) -> _Range:
    end_line = node.end_lineno or node.lineno
    return (node.lineno, node.col_offset, end_line, node.end_col_offset or node.col_offset)


@dataclass
class _Syntax:
    """What `ast` knows about a file: the node at a range, and each line's innermost statement."""

    kinds: dict[_Range, str] = field(default_factory=dict[_Range, str])
    statements: list[_Range] = field(default_factory=list[_Range])

    @staticmethod
    def read(lines: list[str]) -> _Syntax:
        syntax = _Syntax()
        try:
            tree = ast.parse("".join(lines))
        except (SyntaxError, ValueError):
            return syntax
        # ast.walk goes outside in, so of two nodes with one range the inner one's name stays.
        for node in ast.walk(tree):
            if isinstance(node, (ast.stmt, ast.expr)):
                syntax.kinds[_range(node)] = type(node).__name__.lower()
            if isinstance(node, ast.stmt):
                syntax.statements.append(_range(node))
        return syntax

    def statement(self, line: int, column: int) -> _Range | None:
        """The innermost statement around a position."""
        best: _Range | None = None
        for found in self.statements:
            inside = found[:2] <= (line, column) < found[2:]
            if inside and (best is None or (found[:2] >= best[:2] and found[2:] <= best[2:])):
                best = found
        return best


@dataclass
class SpanTable:
    """Spans by id, and ids by location key."""

    files: list[str]
    spans: list[Span]
    ids: dict[tuple[str, int, int], int]
    heads: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    """The `def` of each function by its line: a prologue has a line and no column."""
    _aliases: dict[str, str] = field(default_factory=dict[str, str])

    def find(self, file: str, line: int, byte_column: int) -> int | None:
        """The id of the operation anchored at a position (column from 0, -1 for none)."""
        path = self._path(file)
        if byte_column < 0:
            return self.heads.get((path, line))
        return self.ids.get((path, line, byte_column))

    def chain(self, chain: Chain) -> list[int]:
        """The ids of an inline chain, outermost first; positions outside the table are left out."""
        found = [self.find(place.file, place.line, place.column - 1) for place in chain]
        return [span for span in found if span is not None]

    def _path(self, file: str) -> str:
        # DWARF may hold a shortened or joined form of the name that the front end used.
        if file in self.files or not file:
            return file
        if file not in self._aliases:
            name = os.path.basename(file)
            same = [known for known in self.files if os.path.basename(known) == name]
            self._aliases[file] = same[0] if len(same) == 1 else file
        return self._aliases[file]


def _utf16_position(lines: list[str], line: int, byte_column: int) -> Position:
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return (line, utf16_column(text, byte_column))


def _text(lines: list[str], start: Position, end: Position) -> str:
    """The source of a range on one line, cut where long."""
    if not 0 < start[0] <= len(lines):
        return ""
    raw = lines[start[0] - 1].rstrip("\n").encode("utf-16-le")
    stop = end[1] * 2 if end[0] == start[0] else len(raw)
    text = raw[start[1] * 2 : stop].decode("utf-16-le", errors="replace")
    return text if len(text) <= MAX_TEXT and end[0] == start[0] else text[: MAX_TEXT - 1] + "…"


def build_table(
    spans: Iterable[tuple[CompilerSpan, str | None]], file: str, lines_of: Lines
) -> SpanTable:
    """Number the spans of a compilation; `file` is the reported function's own.

    A span given several times keeps the first type that is not None.
    """
    types: dict[tuple[str, int, int], str | None] = {}
    by_key: dict[tuple[str, int, int], CompilerSpan] = {}
    for span, ty in spans:
        if not span.file:
            continue
        by_key.setdefault(span.key, span)
        types[span.key] = types.get(span.key) or ty
    files = [file, *sorted({span.file for span in by_key.values()} - {file})]
    ordered = sorted(by_key.values(), key=lambda s: (files.index(s.file), s.key[1:]))
    ids = {span.key: number for number, span in enumerate(ordered)}
    syntaxes = {path: _Syntax.read(lines_of(path)) for path in files[:1]}
    parents = _parents(ordered, ids, syntaxes)
    table: list[Span] = []
    for span in ordered:
        lines = lines_of(span.file)
        start = _utf16_position(lines, span.line, span.col)
        end = _utf16_position(lines, span.end_line, span.end_col)
        anchor = _utf16_position(lines, span.anchor_line, span.anchor_col)
        where = (span.line, span.col, span.end_line, span.end_col)
        syntax = syntaxes.get(span.file)
        table.append(
            Span(
                id=ids[span.key],
                file=files.index(span.file),
                line=anchor[0],
                anchor=anchor[1],
                start=start,
                end=end,
                parent=parents.get(span.key),
                kind=syntax.kinds.get(where, "operation") if syntax else "operation",
                type=types[span.key],
                text=_text(lines, start, end),
            )
        )
    return SpanTable(files, table, ids)


def _parents(
    spans: list[CompilerSpan],
    ids: dict[tuple[str, int, int], int],
    syntaxes: dict[str, _Syntax],
) -> dict[tuple[str, int, int], int]:
    """For each span, the smallest one that strictly contains it and shares its statement."""
    by_statement: dict[tuple[str, _Range], list[CompilerSpan]] = {}
    for span in spans:
        syntax = syntaxes.get(span.file)
        statement = syntax.statement(span.anchor_line, span.anchor_col) if syntax else None
        if statement is not None:
            by_statement.setdefault((span.file, statement), []).append(span)
    parents: dict[tuple[str, int, int], int] = {}
    for members in by_statement.values():
        # Largest first, so that the last container found is the smallest.
        members.sort(key=lambda s: ((s.line, s.col), (-s.end_line, -s.end_col)))
        for inner in members:
            around = [outer for outer in members if _contains(outer, inner)]
            if around:
                parents[inner.key] = ids[around[-1].key]
    return parents


def _contains(outer: CompilerSpan, inner: CompilerSpan) -> bool:
    begins = (outer.line, outer.col) <= (inner.line, inner.col)
    ends = (outer.end_line, outer.end_col) >= (inner.end_line, inner.end_col)
    same = (outer.line, outer.col, outer.end_line, outer.end_col) == (
        inner.line,
        inner.col,
        inner.end_line,
        inner.end_col,
    )
    return begins and ends and not same


def read_tokens(text: str, first_line: int, spans: list[Span]) -> list[Token]:
    """Each token of a function's text (UTF-16 columns) with the operation that it belongs to."""
    anchors = {(span.line, span.anchor): span.id for span in spans if span.file == 0}
    own = [span for span in spans if span.file == 0]
    lines = text.splitlines(keepends=True)
    tokens: list[Token] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in _POINTLESS or token.start[0] != token.end[0]:
                continue
            row = token.start[0]
            start, end = (
                len(lines[row - 1][:column].encode("utf-16-le")) // 2
                for column in (token.start[1], token.end[1])
            )
            line = row + first_line - 1
            span = anchors.get((line, start))
            tokens.append(
                (line, start, end, _around(own, line, start, end) if span is None else span)
            )
    except (tokenize.TokenError, IndentationError):
        # A function cut out of its file may end inside an indented block; what was read holds.
        pass
    return tokens


def _around(spans: list[Span], line: int, start: int, end: int) -> int:
    """The smallest span that contains a token; -1 for none."""
    best = -1
    size: tuple[int, int] | None = None
    for span in spans:
        if span.start <= (line, start) and (line, end) <= span.end:
            extent = (span.end[0] - span.start[0], span.end[1] - span.start[1])
            if size is None or extent < size:
                best, size = span.id, extent
    return best
