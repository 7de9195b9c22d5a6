"""What survives without script and style, and the sizes of what a notebook stores."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

from sample_report import sample_bench, sample_report

from pellucid.inspection.limit import limited, size_of
from pellucid.inspection.report import Bench
from pellucid_widgets import mime_bundle, render_html
from pellucid_widgets.output import MIME


class Elements(HTMLParser):
    """The tags, attributes and text of a fragment; every tag must be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def test_no_script_and_no_style():
    found = Elements(render_html(sample_bench()))
    assert not found.tags & {"script", "style", "link", "iframe", "img", "object"}
    assert not found.attributes & {"style", "onclick", "src", "href", "id"}


def test_everything_is_said():
    words = Elements(render_html(sample_bench())).words
    for text in (
        "spread(array(float64, 1d, C), float64) -> float64",
        "total += square(x - lo)",
        "bounds check",
        "len(xs) may be 0",
        "vmulpd",
        "fmul <4 x double>",
        "call operator.mul(d, d)",
        "error[no-matching-overload]",
        "^^^^",
    ):
        assert text in words, text


def test_report_text_cannot_become_markup():
    report = sample_report()
    source = replace(report.source, text="<script>alert(1)</script>\n")
    found = Elements(render_html(Bench("x", [replace(report, source=source)])))
    assert "script" not in found.tags
    assert "<script>alert(1)</script>" in found.words


def test_the_output_carries_four_forms():
    bundle = mime_bundle(sample_bench(), widget=True)
    assert {MIME, "text/html", "text/plain"} <= set(bundle)
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"]
    json.dumps(bundle)


def test_the_output_without_a_widget_starts_none():
    assert set(mime_bundle(sample_bench(), widget=False)) == {MIME, "text/html", "text/plain"}


def test_a_large_bench_is_cut_and_says_so():
    bench = Bench("many", sample_bench().reports * 12)
    most = size_of(bench) // 3
    small = limited(bench, most)
    assert size_of(small) <= most
    assert small.reports[0].omitted
    assert small.reports[0].source == bench.reports[0].source
    assert small.reports[0].events == bench.reports[0].events
    assert limited(bench, size_of(bench)) == bench


def test_cut_texts_keep_one_origin_a_line():
    for most in range(4000, size_of(sample_bench()), 4000):
        for report in limited(sample_bench(), most).reports:
            for text in (*report.ir, *report.llvm, *report.asm):
                assert len(text.lines) == len(text.text.splitlines())
