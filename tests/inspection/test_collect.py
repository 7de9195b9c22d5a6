"""Reports of real compilations: keys, types, hints, events, calls, failures."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from pellucid import njit
from pellucid.inspection import report as records
from pellucid.inspection.report import Bench, Report, Text

SCHEMA = json.loads(Path(records.__file__).with_name("schema.json").read_text())


def square(d):
    return d * d


def spread(xs, lo):
    größe = 0.0
    for x in xs:
        größe += square(x - lo)
    return größe / len(xs)


def sieve(limit):
    numbers = np.ones(limit, dtype=np.uint8)
    for i in range(2, limit):
        if numbers[i]:
            x = i + i
            while x < limit:
                numbers[x] = 0
                x += i
    return numbers


def add_scaled(a, x, y):
    for i in range(x.shape[0]):
        y[i] += a * x[i]


CASES = {
    "spread": (spread, "array(float64, 1d, C)", "float64"),
    "sieve": (sieve, "int64"),
    "add_scaled": (add_scaled, "float64", "array(float64, 1d, C)", "array(float64, 1d, C)"),
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {name: njit(case[0]).explain(*case[1:]) for name, case in CASES.items()}


def texts(report: Report) -> list[Text]:
    return [*report.ir, *report.llvm, *report.asm]


def span_of(report: Report, text: str) -> records.Span:
    (found,) = [span for span in report.spans if span.text == text and span.file == 0]
    return found


def lines_at(report: Report, level: Text, text: str) -> list[str]:
    number = span_of(report, text).id
    lines = level.text.splitlines()
    return [line for at, line in enumerate(lines) if number in level.origin(at).spans[:1]]


@pytest.mark.parametrize("name", CASES)
def test_it_follows_the_schema(reports, name):
    jsonschema.validate(Bench(name, [reports[name]]).to_json(), SCHEMA)


@pytest.mark.parametrize("name", CASES)
def test_keys_are_unique_and_known(reports, name):
    report = reports[name]
    keys = [(span.file, span.line, span.anchor) for span in report.spans]
    assert len(set(keys)) == len(keys)
    for text in texts(report):
        assert len(text.lines) == len(text.text.splitlines())
        for origin in text.origins:
            assert all(0 <= span < len(keys) for span in origin.spans)


@pytest.mark.parametrize("name", CASES)
def test_the_users_operation_comes_first_in_every_chain(reports, name):
    report = reports[name]
    first, last = report.source.first_line, report.source.first_line + 12
    for text in texts(report):
        for at in range(len(text.lines)):
            origin = text.origin(at)
            if origin.spans and not origin.library:
                span = report.spans[origin.spans[0]]
                assert span.file == 0, text.text.splitlines()[at]
                assert first <= span.line <= last


def test_every_operation_is_in_the_ir(reports):
    for report in reports.values():
        (typed,) = [text for text in report.ir if text.name == "typed"]
        reached = {span for origin in typed.origins for span in origin.spans}
        operations = [s.id for s in report.spans if s.kind in {"binop", "call", "augassign"}]
        user = [n for n in operations if report.spans[n].file == 0]
        own = [n for n in user if report.spans[n].line >= report.source.first_line]
        assert set(own) <= reached


def test_the_multiplication_reaches_packed_instructions(reports):
    report = reports["add_scaled"]
    generated, optimised = report.llvm
    assert len(lines_at(report, generated, "a * x[i]")) >= 1
    assert any("x double>" in line for line in lines_at(report, optimised, "a * x[i]"))
    assert lines_at(report, report.asm[0], "a * x[i]")


def test_the_inlined_callee_is_inside_the_users_call(reports):
    report = reports["spread"]
    (after,) = [text for text in report.ir if text.name == "passes"]
    inside = [
        line
        for at, line in enumerate(after.text.splitlines())
        if after.origin(at).spans[:1] == [span_of(report, "square(x - lo)").id]
    ]
    assert any("mul(" in line for line in inside)
    assert [call.how for call in report.calls] == ["inlined"]


def test_columns_are_utf16_although_the_compiler_counts_bytes(reports):
    report = reports["spread"]
    line = report.source.text.splitlines()[3]
    assert span_of(report, "x - lo").anchor == line.index("-")


def test_hints_stand_at_first_bindings(reports):
    found = [(hint.name, hint.text) for hint in reports["spread"].source.hints]
    assert found == [
        ("xs", "array(float64, 1d, C)"),
        ("lo", "float64"),
        ("größe", "float64"),
        ("x", "float64"),
    ]


def test_types_of_expressions_and_names(reports):
    report = reports["sieve"]
    assert span_of(report, "i + i").type == "int64"
    assert span_of(report, "np.ones(limit, dtype=np.uint8)").type == "array(uint8, 1d, C)"
    assert {span.type for span in report.spans if span.text == "limit"} == {"int64"}
    # A store is no value.
    assert span_of(report, "numbers[x]").type is None


def test_every_name_has_its_type():
    def names(n, xs):
        total, last = 0, None
        for i, x in enumerate(xs):
            total += x * (lambda t: t + i)(n)
        while n > 0:
            n -= 1
            last = n
        return total, last

    report = njit(cache=False)(names).explain("int64", "array(float64, 1d, C)")
    lines = report.source.text.splitlines()
    found: dict[str, set[str | None]] = {}
    for line, start, end, span in report.source.tokens:
        text = lines[line - report.source.first_line][start:end]
        if text in {"n", "xs", "total", "last", "i", "x", "t"}:
            found.setdefault(text, set()).add(report.spans[span].type)
    assert found == {
        "n": {"int64"},
        "xs": {"array(float64, 1d, C)"},
        "total": {"int64", "float64"},
        "last": {"none", "int64", "Optional(int64)"},
        "i": {"int64"},
        "x": {"float64"},
        "t": {"int64"},
    }


def test_a_name_of_several_types_has_none():
    def calls(n):
        double = lambda x: x + x  # noqa: E731
        return double(n) + double(0.5)

    report = njit(cache=False)(calls).explain("int64")
    assert {span.type for span in report.spans if span.text in {"x", "x + x"}} == {None}


def test_events_are_the_users(reports):
    for report in reports.values():
        for event in report.events:
            assert event.span is not None
            assert "pellucid." not in event.message
    kinds = {event.kind for event in reports["add_scaled"].events}
    assert "bounds-check-removed" in kinds


def test_the_graph_covers_the_text(reports):
    for report in reports.values():
        for graph, text in zip(report.cfg, report.ir, strict=True):
            assert graph.level == text.name
            lines = text.text.splitlines()
            for block in graph.blocks:
                assert lines[block.first_line - 1].startswith(block.name)
            assert graph.blocks[-1].last_line == len(lines) - 1
            assert graph.loops


def test_phases_are_timed(reports):
    phases = [timing.phase for timing in reports["sieve"].timings]
    assert phases[:3] == ["front end", "inference", "passes"]
    assert "optimise" in phases


def test_a_page_of_the_program_fits_a_notebook(reports):
    for report in reports.values():
        assert len(json.dumps(report.to_json())) < 1_000_000


def test_a_failure_is_a_report_too():
    from pellucid.base.diagnostics import CompileError
    from pellucid.base.options import Options
    from pellucid.explain import explain_failure
    from pellucid.runtime.specialisation import CompileRequest
    from pellucid.types.syntax import type_from_text

    def wrong(x):
        return x + missing_name  # noqa: F821

    with pytest.raises(CompileError) as caught:
        njit(wrong)(1)
    request = CompileRequest(wrong, (type_from_text("int64"),), Options(), ())
    report = explain_failure(request, caught.value)
    assert report.status == "failed"
    (diagnostic,) = report.diagnostics
    assert diagnostic.code == "unknown-name"
    assert diagnostic.primary is not None
    line = report.source.text.splitlines()[diagnostic.primary.start[0] - report.source.first_line]
    start, end = diagnostic.primary.start[1], diagnostic.primary.end[1]
    assert line[start:end] == "missing_name"
    assert "^^^" in diagnostic.text
