"""Keep a bench within a size: what is cheapest to do without goes first, and is named.

In:   a bench and a number of bytes of JSON. Out: a bench at most that large where it can be, whose
reports say in `omitted` what was left out. Source, spans, decisions and messages always stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from pellucid.inspection.report import Bench, Report, Text

Cut = Callable[[Report], Report]


def size_of(bench: Bench) -> int:
    """Bytes of the bench as JSON."""
    return len(json.dumps(bench.to_json(), separators=(",", ":")).encode())


def limited(bench: Bench, most: int) -> Bench:
    """The bench with parts left out, in the order of `_CUTS`, until it is at most `most` bytes."""
    for what, cut in _CUTS:
        if size_of(bench) <= most:
            break
        reports: list[Report] = []
        for report in bench.reports:
            smaller = cut(report)
            if smaller != report:
                smaller = replace(_without_lost_graphs(smaller), omitted=[*report.omitted, what])
            reports.append(smaller)
        bench = replace(bench, reports=reports)
    return bench


def _without_lost_graphs(report: Report) -> Report:
    """A graph goes with the level that it is drawn over."""
    levels = {text.name for text in (*report.ir, *report.llvm, *report.asm)}
    return replace(report, cfg=[graph for graph in report.cfg if graph.level in levels])


def _without_library(text: Text) -> Text:
    """The lines of the reported function only."""
    kept = [n for n in range(len(text.lines)) if not text.origin(n).library]
    lines = text.text.splitlines()
    return replace(
        text,
        text="".join(f"{lines[n]}\n" for n in kept),
        lines=[text.lines[n] for n in kept],
    )


def _own_lines(report: Report) -> Report:
    return replace(
        report,
        llvm=[_without_library(text) for text in report.llvm],
        asm=[_without_library(text) for text in report.asm],
    )


def _without_notes(text: Text) -> Text:
    """The lines that are neither metadata nor directives."""
    notes = {"metadata", "directive", "declaration"}
    kept = [n for n in range(len(text.lines)) if text.origin(n).kind not in notes]
    lines = text.text.splitlines()
    return replace(
        text, text="".join(f"{lines[n]}\n" for n in kept), lines=[text.lines[n] for n in kept]
    )


_CUTS: list[tuple[str, Cut]] = [
    (
        "metadata and directives",
        lambda report: replace(
            report,
            llvm=[_without_notes(text) for text in report.llvm],
            asm=[_without_notes(text) for text in report.asm],
        ),
    ),
    ("code of other functions", _own_lines),
    ("IR after the passes", lambda report: replace(report, ir=report.ir[:1])),
    ("LLVM IR as generated", lambda report: replace(report, llvm=report.llvm[-1:])),
    ("LLVM IR", lambda report: replace(report, llvm=[])),
    ("assembly", lambda report: replace(report, asm=[])),
]
