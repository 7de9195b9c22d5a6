"""Reports of what is not a loop over numbers: generators, closures, handlers, Python's part."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from pellucid import jit, njit, objmode
from pellucid.inspection import report as records
from pellucid.inspection.limit import limited, size_of
from pellucid.inspection.report import Bench, Report
from pellucid.inspection.type_text import LONGEST

SCHEMA = json.loads(Path(records.__file__).with_name("schema.json").read_text())


def squares(xs):
    for x in xs:
        yield x * x


def adder(n):
    def add(x):
        return x + n

    return add


def choose(kind, x):
    if kind == 0:
        f = lambda v: v + 1.0  # noqa: E731 (a function that a variable holds)
    elif kind == 1:
        f = lambda v: v * 2.0  # noqa: E731
    else:
        f = lambda v: v - x  # noqa: E731
    return f(x)


def divide(a, b):
    try:
        q = a // b
    except ZeroDivisionError:
        q = 0
    return q


def mean(xs):
    total = 0.0
    for x in xs:
        total += x
    with objmode(n="int64"):
        import operator

        n = operator.length_hint(xs)
    return total / n


def shout(names):
    return [name.upper() for name in names]


CASES = {
    "generator": (njit(squares), "list(int64)"),
    "closure": (njit(adder), "int64"),
    "functions": (njit(choose), "int64", "float64"),
    "handler": (njit(divide), "int64", "int64"),
    "block": (njit(mean), "array(float64, 1d, C)"),
    "objects": (jit(forceobj=True)(shout), "pyobject"),
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {name: f.explain(*types) for name, (f, *types) in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_it_follows_the_schema_and_stays_small(reports, name):
    bench = Bench(name, [reports[name]])
    jsonschema.validate(bench.to_json(), SCHEMA)
    assert size_of(limited(bench, 100_000)) <= 100_000


@pytest.mark.parametrize("name", CASES)
def test_no_type_fills_a_panel(reports, name):
    report = reports[name]
    shown = [span.type for span in report.spans if span.type]
    shown += [hint.text for hint in report.source.hints]
    assert max(map(len, shown)) <= LONGEST
    assert not [text for text in shown if "FunctionUnion" in text or "Caught(" in text]


def test_the_body_of_a_generator_is_what_is_shown(reports):
    report = reports["generator"]
    assert report.function.returns == "generator of int64"
    assert {hint.name: hint.text for hint in report.source.hints} == {
        "xs": "list(int64)",
        "x": "int64",
    }
    (product,) = [span for span in report.spans if span.text == "x * x"]
    for level in (report.ir[0], report.llvm[-1], report.asm[0]):
        origins = map(level.origin, range(len(level.lines)))
        assert any(origin.spans[:1] == [product.id] for origin in origins), level.title
    assert [text.title for text in report.ir] == ["inferred", "after passes", "a call"]


def test_edges_of_exceptions_are_told_apart(reports):
    graph = reports["handler"].cfg[0]
    names = [block.name for block in graph.blocks]
    assert graph.handlers
    assert {names[target] for _, target in graph.handlers} == {"handler"}
    assert set(graph.handlers) < set(graph.edges)


def test_a_variable_tells_why_it_has_its_type(reports):
    hints = {hint.name: hint for hint in reports["block"].source.hints}
    assert "total = 0.0" in hints["total"].why
    assert hints["xs"].why == ""


def test_what_python_does_is_marked_with_its_cost(reports):
    def costs(name):
        report = reports[name]
        events = [event for event in report.events if event.kind == "python-object"]
        return {report.spans[event.span].line: event.data["cost"] for event in events}

    first = reports["block"].source.first_line
    assert sorted(costs("block")) == [first + 4, first + 7]
    assert list(costs("objects").values()) == [3]


def test_functions_inside_show_their_types():
    def function(n):
        count = 0

        def step(k):
            nonlocal count
            twice = k * 2.0
            count += 1
            return twice + n

        def squares(m):
            for i in range(m):
                yield i * i

        return step(1) + sum(squares(n)), count

    report = njit(cache=False)(function).explain("int64")
    found = {hint.name: hint.text for hint in report.source.hints}
    assert found == {
        "n": "int64",
        "count": "int64",
        "k": "int64",
        "twice": "float64",
        "m": "int64",
        "i": "int64",
    }
