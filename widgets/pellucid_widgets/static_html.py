"""A bench as plain HTML: for GitHub, nbviewer, exported notebooks, and hosts without the panels.

No script, no style: GitHub drops both, so everything is said by tables, `<pre>` and `<details>`.
Highlighting is what those hosts keep: keywords are bold, comments italic. Elements are built as a
tree, so report text cannot become markup.
"""

from __future__ import annotations

from xml.etree import ElementTree as Tree

from pygments.lexer import Lexer
from pygments.lexers import GasLexer, LlvmLexer, PythonLexer
from pygments.token import Comment, Keyword

from pellucid.inspection.render_text import headline, marks_by_line, seconds_text
from pellucid.inspection.report import Bench, Event, Report, Text

MAX_LINES = 400
"""Lines of a level that the page shows; the Report beside it holds all."""

_WORDS = {"good": "done", "info": "", "missed": "not done", "warning": "warning"}
_LEVEL_TITLES = {"pellucid": "IR", "llvm": "LLVM", "asm": "Assembly"}
_HIDDEN = {"directive", "metadata", "declaration"}


def render_html(bench: Bench) -> str:
    """The whole bench as one HTML fragment."""
    root = Tree.Element("div", {"class": "pellucid"})
    for report in bench.reports:
        _report(root, report)
    return Tree.tostring(root, encoding="unicode", method="html")


def _add(parent: Tree.Element, tag: str, text: str = "", **attributes: str) -> Tree.Element:
    made = Tree.SubElement(parent, tag, attributes)
    made.text = text
    return made


def _report(root: Tree.Element, report: Report) -> None:
    _add(_add(root, "p"), "strong", headline(report))
    for diagnostic in report.diagnostics:
        _add(root, "pre", diagnostic.text)
    _source(root, report)
    if report.events:
        _events(root, report)
    for text in (*report.ir[-1:], *report.llvm, *report.asm):
        _level(root, text)
    if report.timings:
        parts = [f"{t.phase} {seconds_text(t.seconds)}" for t in report.timings]
        _add(root, "p", "Times: " + ", ".join(parts))
    if report.omitted:
        _add(root, "p", "Left out: " + ", ".join(report.omitted))


def _source(root: Tree.Element, report: Report) -> None:
    table = _add(root, "table")
    head = _add(_add(table, "thead"), "tr")
    for title in ("line", "source", "types"):
        _add(head, "th", title, scope="col")
    body = _add(table, "tbody")
    marks = marks_by_line(report)
    source = report.source
    for number, line in enumerate(source.text.splitlines(), source.first_line):
        row = _add(body, "tr")
        _add(row, "td", str(number + source.cell_offset))
        # `<pre>` keeps the indentation that a bare cell would collapse.
        _highlight(_add(_add(row, "td"), "pre"), line, PythonLexer(stripnl=False, ensurenl=False))
        _add(_add(row, "td"), "code", ", ".join(marks.get(number, [])))


def _events(root: Tree.Element, report: Report) -> None:
    details = _add(root, "details", open="open")
    _add(details, "summary", "Decisions")
    table = _add(details, "table")
    head = _add(_add(table, "thead"), "tr")
    for title in ("", "line", "what", "why"):
        _add(head, "th" if title else "td", title)
    body = _add(table, "tbody")
    for event in report.events:
        row = _add(body, "tr")
        for text in (_WORDS[event.severity], _line(report, event), event.message, event.reason):
            _add(row, "td", text)


def _line(report: Report, event: Event) -> str:
    if event.span is None:
        return ""
    return str(report.spans[event.span].line + report.source.cell_offset)


def _level(root: Tree.Element, text: Text) -> None:
    details = _add(root, "details")
    _add(details, "summary", f"{_LEVEL_TITLES[text.language]}, {text.title}")
    lines = [
        line
        for number, line in enumerate(text.text.splitlines())
        if text.origin(number).kind not in _HIDDEN and not text.origin(number).library
    ]
    pre = _add(details, "pre")
    shown = "\n".join(lines[:MAX_LINES])
    if text.language == "pellucid":
        pre.text = shown
    else:
        lexer = LlvmLexer() if text.language == "llvm" else GasLexer()
        _highlight(pre, shown, lexer)
    if len(lines) > MAX_LINES:
        _add(details, "p", f"{len(lines) - MAX_LINES} more lines")


def _highlight(parent: Tree.Element, text: str, lexer: Lexer) -> None:
    """Append `text` to an element with keywords in `<b>` and comments in `<i>`."""
    last: Tree.Element | None = None
    for kind, value in lexer.get_tokens(text):
        if kind in Keyword or kind in Comment:
            last = _add(parent, "b" if kind in Keyword else "i", value)
        elif last is None:
            parent.text = (parent.text or "") + value
        else:
            last.tail = (last.tail or "") + value
