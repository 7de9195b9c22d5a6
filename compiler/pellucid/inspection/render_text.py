"""A Report as plain text: for a terminal, a log, a diff, and `text/plain` in a notebook.

spread(array(float64, 1d, C), float64) -> float64          compiled in 18.7 ms

4 | def spread(xs, lo):                     # xs: array(float64, 1d, C), lo: float64
5 |     total = 0.0
  |     ^^^^^ float64
...
inlined        7:24  square was inlined
"""

from __future__ import annotations

from collections.abc import Iterator

from pellucid.inspection.report import Bench, Event, Report, Span

_STATEMENTS = frozenset({"if", "elif", "while", "for", "assert", "return"})

_SIGNS = {"good": "+", "info": " ", "missed": "-", "warning": "!"}
"""Every event has a sign, so that nothing is told by colour alone."""


def seconds_text(seconds: float) -> str:
    """A duration in the unit that reads best."""
    for unit, scale in (("s", 1.0), ("ms", 1e3)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def headline(report: Report) -> str:
    """One line: the function, its types, and what its compilation cost."""
    parts = [f"{report.function.name}{report.function.signature}"]
    if report.status == "failed":
        parts.append("not compiled")
    elif report.stats.compile_seconds is not None:
        verb = "loaded" if report.stats.cache == "loaded" else "compiled"
        parts.append(f"{verb} in {seconds_text(report.stats.compile_seconds)}")
    if report.stats.calls:
        parts.append(f"{report.stats.calls} calls" if report.stats.calls > 1 else "1 call")
    return "  ·  ".join(parts)


def marks_by_line(report: Report) -> dict[int, list[str]]:
    """For each line, what to say beside it: the names bound there, else its whole expressions.

    An operand repeats what its expression says, so only operations without a typed parent count.
    """
    marks: dict[int, list[str]] = {}
    for hint in report.source.hints:
        marks.setdefault(hint.line, []).append(f"{hint.name}: {hint.text}")
    bound = set(marks)
    for span in report.spans:
        parent = None if span.parent is None else report.spans[span.parent]
        is_whole = parent is None or parent.type is None
        if span.file == 0 and is_whole and span.line not in bound and _is_telling(span):
            marks.setdefault(span.line, []).append(f"{span.text}: {span.type}")
    return marks


def _is_telling(span: Span) -> bool:
    """Whether a type says more than the text does: not that of a literal, a test or a store."""
    if span.type is None or span.type == "none" or span.type.startswith("Literal"):
        return False
    words = span.text.split(maxsplit=1)
    return bool(words) and words[0] not in _STATEMENTS


def _source_lines(report: Report) -> Iterator[str]:
    text = report.source.text.splitlines()
    width = len(str(report.source.first_line + len(text)))
    marks = marks_by_line(report)
    column = min(max((len(line) for line in text), default=0), 68)
    for number, line in enumerate(text, report.source.first_line):
        said = ", ".join(marks.get(number, []))
        annotated = f"{line:<{column}}  # {said}" if said else line
        yield f"{number:>{width}} | {annotated}"


def _place(report: Report, event: Event) -> str:
    if event.span is None:
        return ""
    span = report.spans[event.span]
    return f"{span.line}:{span.anchor + 1}"


def _event_lines(report: Report) -> Iterator[str]:
    width = max((len(event.kind) for event in report.events), default=0)
    for event in report.events:
        reason = f" ({event.reason})" if event.reason else ""
        sign = _SIGNS[event.severity]
        yield f"{sign} {event.kind:<{width}}  {_place(report, event):>7}  {event.message}{reason}"


def _time_line(report: Report) -> str:
    phases = [f"{timing.phase} {seconds_text(timing.seconds)}" for timing in report.timings]
    return "times: " + ", ".join(phases)


def render_report(report: Report) -> str:
    """The whole report, without its levels: those are asked for one by one."""
    blocks = [headline(report), "\n".join(_source_lines(report))]
    for diagnostic in report.diagnostics:
        blocks.append(diagnostic.text)
    if report.events:
        blocks.append("\n".join(_event_lines(report)))
    if report.timings:
        blocks.append(_time_line(report))
    return "\n\n".join(blocks) + "\n"


def render_bench(bench: Bench) -> str:
    """Every report of a bench, one after another."""
    return "\n".join(render_report(report) for report in bench.reports)
