"""The schema, the records and the texts agree, and every key of every level exists."""

from __future__ import annotations

import importlib.util
import json
import types
import typing
from dataclasses import fields, is_dataclass
from pathlib import Path

import jsonschema
import pytest
from sample_report import FILE, sample_bench, sample_report, table

from pellucid.inspection import report as records
from pellucid.inspection.report import Bench, Report

SCHEMA = json.loads(Path(records.__file__).with_name("schema.json").read_text())


def test_the_sample_follows_the_schema():
    jsonschema.validate(sample_bench().to_json(), SCHEMA)


def test_json_round_trip():
    bench = sample_bench()
    assert Bench.from_json(json.loads(json.dumps(bench.to_json()))) == bench


def test_a_report_of_another_version_is_refused():
    with pytest.raises(ValueError, match="version 99"):
        Bench.from_json({**sample_bench().to_json(), "version": 99})


def _optional(ty: object) -> bool:
    return typing.get_origin(ty) is types.UnionType and type(None) in typing.get_args(ty)


@pytest.mark.parametrize("name", ["Bench", *(n for n in SCHEMA["$defs"] if n != "Position")])
def test_each_record_mirrors_its_definition(name):
    definition = SCHEMA if name == "Bench" else SCHEMA["$defs"][name]
    record = getattr(records, name)
    assert is_dataclass(record)
    assert {f.name for f in fields(record)} == set(definition["properties"])
    assert set(definition["required"]) == set(definition["properties"])
    hints = typing.get_type_hints(record)
    for key, described in definition["properties"].items():
        kinds = described.get("type", [])
        allows_null = "null" in kinds or any(
            a.get("type") == "null" for a in described.get("anyOf", [])
        )
        assert allows_null == _optional(hints[key]), f"{name}.{key}"
        if "enum" in described:
            assert set(typing.get_args(hints[key])) == set(described["enum"])


def test_spans_are_unique_and_every_key_of_every_level_exists():
    report = sample_report()
    keys = [(span.file, span.line, span.anchor) for span in report.spans]
    assert len(set(keys)) == len(keys)
    assert [span.id for span in report.spans] == list(range(len(keys)))
    for text in (*report.ir, *report.llvm, *report.asm):
        assert len(text.lines) == len(text.text.splitlines())
        for origin in text.origins:
            assert all(0 <= span < len(keys) for span in origin.spans)


def lines_of(report: Report, level: str, span: str) -> list[str]:
    """The code lines of a level whose chain holds the named operation."""
    found, named = table()
    number = found.ids[named[span].key]
    (text,) = [t for t in (*report.ir, *report.llvm, *report.asm) if t.name == level]
    return [
        line.strip()
        for index, line in enumerate(text.text.splitlines())
        if number in text.origin(index).spans
    ]


def test_the_key_goes_through_inlining_to_the_assembly():
    report = sample_report()
    assert any("call operator.mul" in line for line in lines_of(report, "typed", "mul"))
    assert any("fmul <4 x double>" in line for line in lines_of(report, "optimised", "mul"))
    assert any(line.startswith("vmulpd") for line in lines_of(report, "asm", "call"))
    # The multiplication of `square` is reached from the call in the user's line as well.
    assert set(lines_of(report, "optimised", "mul")) <= set(lines_of(report, "optimised", "call"))


def test_parents_stop_at_the_statement():
    found, named = table()
    parent = {name: found.spans[found.ids[span.key]].parent for name, span in named.items()}
    ids = {name: found.ids[span.key] for name, span in named.items()}
    assert parent["sub"] == ids["call"]
    assert parent["call"] == ids["acc"]
    assert parent["acc"] is None
    assert parent["xs"] == ids["for"]


def test_a_token_belongs_to_the_operation_it_anchors():
    report = sample_report()
    found, named = table()
    by_place = {(line, start): span for line, start, _, span in report.source.tokens}
    for name in ("acc", "sub", "call", "div", "for", "x", "xs"):
        span = named[name]
        assert by_place[span.anchor_line, span.anchor_col] == found.ids[span.key], name
    assert found.files == [FILE]


def test_a_page_holds_the_report_and_no_way_out(tmp_path, monkeypatch):
    static = tmp_path / "pellucid_widgets" / "static"
    static.mkdir(parents=True)
    (static / "page.js").write_text("/* script */")
    (static / "widget.css").write_text("/* style */")
    monkeypatch.setattr(records.resources, "files", _files_at(tmp_path, records.resources.files))
    bench = Bench("</script><b>", [sample_report()])
    text = bench.save(tmp_path / "x.html").read_text()
    assert text.count("</script>") == 2
    assert "&lt;b>" in text
    data = text.split('id="pellucid-bench">')[1].split("</script>")[0]
    assert Bench.from_json(json.loads(data)) == bench


def test_a_missing_front_end_is_said_plainly(tmp_path, monkeypatch):
    monkeypatch.setattr(records.resources, "files", _files_at(tmp_path, records.resources.files))
    with pytest.raises(FileNotFoundError, match="pip install 'pellucid"):
        sample_report().save(tmp_path / "x.html")


def _files_at(root: Path, original):
    return lambda name: root / name if name == "pellucid_widgets" else original(name)


def test_the_typescript_types_are_what_the_schema_generates():
    folder = Path(__file__).parents[2] / "labextension"
    spec = importlib.util.spec_from_file_location("report_types", folder / "report_types.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (folder / "src" / "report.ts").read_text() == module.generate()
