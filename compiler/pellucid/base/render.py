"""Turns a `Diagnostic` into the text that a person reads. Nothing else formats an error.

    error[cannot-unify]: `scale` is int64 on one path and str on the other
     --> demo.py:4:14
      |
    4 |     if fast: scale = 1
      |              ^^^^^ int64 here
    5 |     else:    scale = "auto"
      |              ----- str here
      = help: give `scale` one type, or return from each branch

The primary label has carets, others have dashes. Spans count UTF-8 bytes; the carets stand under
the characters as a terminal shows them: tabs expand, wide characters take two cells. A long line is
cut around its label. A message is at most `MAX_LINES` lines: further labels and notes are counted.
"""

from __future__ import annotations

import linecache
import unicodedata
from dataclasses import dataclass

from pellucid.base.diagnostics import Diagnostic, Label

MAX_LINES = 12
MAX_NOTES = 5
WIDTH = 100
_TAB = 4

_RED, _BLUE, _BOLD, _PLAIN = "\x1b[1;31m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"


def render(diagnostic: Diagnostic, colour: bool = False) -> str:
    """The text of `diagnostic`, without a newline at its end; `colour` adds ANSI colours."""
    paint = _Paint(colour)
    head = f"{paint.red(f'error[{diagnostic.code}]')}{paint.bold(f': {diagnostic.headline}')}"
    tail = _tail(diagnostic, paint)
    labels = [] if diagnostic.primary is None else [diagnostic.primary]
    labels += diagnostic.labels
    gutter = max((len(str(label.span.end_line)) for label in labels), default=1)
    kept = list(labels)
    snippet = _snippets(kept, diagnostic.primary, gutter, paint)
    while len(kept) > 1 and 1 + len(snippet) + len(tail) > MAX_LINES:
        kept.pop()
        hidden = len(labels) - len(kept)
        more = f"{' ' * gutter} {paint.blue('=')} and {hidden} more place{'s' * (hidden > 1)}"
        snippet = [*_snippets(kept, diagnostic.primary, gutter, paint), more]
    indent = " " * gutter
    tail = [f"{indent} {line}" for line in tail]
    return "\n".join([head, *snippet, *tail])


@dataclass(frozen=True)
class _Paint:
    """Wraps words in ANSI colours, or leaves them."""

    on: bool

    def red(self, text: str) -> str:
        return f"{_RED}{text}{_PLAIN}" if self.on else text

    def blue(self, text: str) -> str:
        return f"{_BLUE}{text}{_PLAIN}" if self.on else text

    def bold(self, text: str) -> str:
        return f"{_BOLD}{text}{_PLAIN}" if self.on else text


def _tail(diagnostic: Diagnostic, paint: _Paint) -> list[str]:
    """Notes and help; at most `MAX_NOTES` notes, then a count."""
    lines: list[str] = []
    for note in diagnostic.notes[:MAX_NOTES]:
        first, *rest = note.splitlines() or [""]
        lines.append(f"{paint.blue('=')} note: {first}")
        lines.extend(f"        {line}" for line in rest)
    hidden = len(diagnostic.notes) - MAX_NOTES
    if hidden > 0:
        lines.append(f"{paint.blue('=')} and {hidden} more")
    if diagnostic.help:
        first, *rest = diagnostic.help.splitlines()
        lines.append(f"{paint.blue('=')} {paint.bold('help')}: {first}")
        lines.extend(f"        {line}" for line in rest)
    return lines


def _snippets(labels: list[Label], primary: Label | None, gutter: int, paint: _Paint) -> list[str]:
    """The labelled source lines, those of the primary label's file first."""
    files = list(dict.fromkeys(label.span.file for label in labels if label.span.file))
    lines: list[str] = []
    for file in files:
        own = [label for label in labels if label.span.file == file]
        first = own[0].span
        where = f"{file}:{first.line}:{_character(_source(file, first.line), first.col) + 1}"
        lines.append(f"{' ' * gutter}{paint.blue('-->')} {where}")
        if not any(_source(file, label.span.line) for label in own):
            lines.extend(
                f"{' ' * gutter} {paint.blue('=')} line {label.span.line}: {label.text}"
                for label in own
                if label.text
            )
            continue
        lines.append(f"{' ' * gutter} {paint.blue('|')}")
        lines.extend(_file_lines(file, own, primary, gutter, paint))
    return lines


@dataclass(frozen=True)
class _Mark:
    """A range of terminal cells on one source line, and the words after it."""

    line: int
    start: int
    end: int
    text: str
    is_primary: bool


def _file_lines(
    file: str, labels: list[Label], primary: Label | None, gutter: int, paint: _Paint
) -> list[str]:
    marks: list[_Mark] = []
    gaps: set[int] = set()
    for label in labels:
        own = _marks(file, label, is_primary=label is primary)
        marks.extend(own)
        if len(own) == 2 and own[1].line > own[0].line + 1:
            gaps.add(own[0].line)
    lines: list[str] = []
    for number in sorted({mark.line for mark in marks}):
        on_line = [mark for mark in marks if mark.line == number]
        # The primary label comes directly under its line, then the others from the left.
        on_line.sort(key=lambda mark: (not mark.is_primary, mark.start))
        text = _expand(_source(file, number))
        lines.extend(_line_with_marks(text, number, on_line, gutter, paint))
        if number in gaps:
            lines.append(paint.blue(f"{'...':<{gutter + 2}}"))
    return [line.rstrip() for line in lines]


def _marks(file: str, label: Label, *, is_primary: bool) -> list[_Mark]:
    """One mark for a range within a line; two, for its first and last line, for a longer one."""
    span = label.span
    first = _source(file, span.line)
    start = _cells(first, span.col)
    if span.end_line <= span.line:
        end = max(_cells(first, span.end_col), start + 1)
        return [_Mark(span.line, start, end, label.text, is_primary)]
    last = _source(file, span.end_line)
    end = _cells(last, span.end_col)
    indent = _cells(last, len(last) - len(last.lstrip()))
    width = max(_cells(first, len(first.rstrip().encode())), start + 1)
    return [
        _Mark(span.line, start, width, "", is_primary),
        _Mark(span.end_line, min(indent, max(end - 1, 0)), max(end, 1), label.text, is_primary),
    ]


def _line_with_marks(
    text: str, number: int, marks: list[_Mark], gutter: int, paint: _Paint
) -> list[str]:
    """The line and its underlines; cut to the width. Marks too far apart repeat the line."""
    room = WIDTH - gutter - 3
    low, high = min(m.start for m in marks), max(m.end + len(m.text) + 1 for m in marks)
    if len(marks) > 1 and _width(text) > room and high - low > room - 8:
        return [
            line for mark in marks for line in _line_with_marks(text, number, [mark], gutter, paint)
        ]
    offset = 0
    if _width(text) > room:
        offset = max(0, min(low - 12, _width(text) - room))
        text = _cut(text, offset, room)
    lines = [f"{paint.blue(f'{number:>{gutter}} |')} {text}"]
    bar = paint.blue(f"{' ' * gutter} |")
    for mark in marks:
        start = max(mark.start - offset, 0)
        length = max(min(mark.end - offset, room) - start, 1)
        under = ("^" if mark.is_primary else "-") * length
        words = f"{under} {mark.text}" if mark.text else under
        words = paint.red(words) if mark.is_primary else paint.blue(words)
        lines.append(f"{bar} {' ' * start}{words}")
    return lines


# Terminal cells --------------------------------------------------------------------------------


def _source(file: str, line: int) -> str:
    return linecache.getline(file, line).rstrip("\n")


def _character(text: str, col: int) -> int:
    """The character index of a column in UTF-8 bytes."""
    return len(text.encode()[:col].decode(errors="ignore"))


def _cells(text: str, col: int) -> int:
    """How many cells the first `col` bytes of `text` take."""
    return _width(_expand(text[: _character(text, col)]))


def _expand(text: str) -> str:
    """Tabs as spaces, up to the next stop; other control characters as a middle dot."""
    out: list[str] = []
    cell = 0
    for char in text:
        piece = " " * (_TAB - cell % _TAB) if char == "\t" else char
        piece = piece if piece.isprintable() else "·"
        out.append(piece)
        cell += _width(piece)
    return "".join(out)


def _width(text: str) -> int:
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _cut(text: str, offset: int, room: int) -> str:
    """The cells `[offset, offset + room)` of `text`, with `...` where something is missing."""
    out: list[str] = []
    cell = 0
    for char in text:
        width = _char_width(char)
        if cell >= offset and cell + width <= offset + room:
            out.append(char)
        elif cell < offset < cell + width:
            out.append(" ")  # half of a wide character
        cell += width
    kept = "".join(out)
    if offset > 0:
        kept = "..." + _drop(kept, 3)
    if cell > offset + room:
        kept = _drop(kept[::-1], 3)[::-1] + "..."
    return kept


def _drop(text: str, cells: int) -> str:
    """`text` without its first `cells` cells."""
    index = taken = 0
    while taken < cells and index < len(text):
        taken += _char_width(text[index])
        index += 1
    return " " * (taken - cells) + text[index:]
