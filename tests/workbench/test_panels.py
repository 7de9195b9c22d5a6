"""The panels in the offline page: links both ways, by pointer and by caret; keyboard; axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bench_page import ARTIFACTS, BenchPage
from sample_report import sample_bench

from pellucid.inspection.report import Bench


@pytest.fixture(params=["light", "dark"])
def scheme(request) -> str:
    return request.param


@pytest.fixture
def offline(chromium, tmp_path) -> Iterator[object]:
    """A page that may read files and nothing else."""
    made = []

    def open_page(bench: Bench, scheme: str = "light", width: int = 1200) -> BenchPage:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True
        )
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and page.problems.append(m.text))
        page.on(
            "request",
            lambda r: r.url.startswith("file:") or page.problems.append(f"asked for {r.url}"),
        )
        made.append((context, page))
        page.goto(bench.save(tmp_path / "bench.html").as_uri())
        return BenchPage(page)

    yield open_page
    problems = [problem for _, page in made for problem in page.problems]
    for context, _ in made:
        context.close()
    assert not problems


def test_pointing_at_an_expression_lights_every_level(offline):
    bench = offline(sample_bench())
    bench.point("source", "total +=", "(")
    assert bench.lit("source") == ["total += square(x - lo)"]
    assert bench.lit("ir") == ["sq: float64 = call operator.mul(d, d)"]
    assert len(bench.lit("llvm")) >= 4
    assert all("fmul" in line for line in bench.lit("llvm"))
    assert all(line.startswith("vmul") for line in bench.lit("asm"))
    assert bench.in_view("llvm")
    assert bench.in_view("asm")
    assert "square(x - lo): float64" in bench.status()
    assert bench.status().endswith("1 IR · 6 LLVM · 6 assembly")


def test_the_enclosing_expression_is_lit_weakly(offline):
    bench = offline(sample_bench())
    bench.point("source", "total +=", "-")
    assert all("fsub" in line for line in bench.lit("llvm"))
    warm = bench.lit("llvm", "warm")
    assert any("fmul" in line for line in warm)
    assert any("fadd" in line for line in warm)
    assert bench.panel("source").locator(".pl-warm-span").count() >= 1


def test_pointing_at_an_instruction_lights_its_expression(offline):
    bench = offline(sample_bench())
    bench.point("source", "total +=", "(")
    bench.point("asm", "vmulpd", "vmulpd")
    assert bench.panel("source").locator(".pl-hot-span").inner_text() == "square(x - lo)"
    assert bench.lit("ir") == ["sq: float64 = call operator.mul(d, d)"]


def test_the_caret_does_what_the_pointer_does(offline):
    bench = offline(sample_bench())
    bench.click("ir", "operator.sub", "operator.sub")
    assert bench.panel("source").locator(".pl-hot-span").inner_text() == "x - lo"
    bench.page.keyboard.press("ArrowDown")
    bench.settle()
    assert bench.panel("source").locator(".pl-hot-span").inner_text() == "square(x - lo)"
    assert all("fmul" in line for line in bench.lit("llvm"))
    bench.page.keyboard.press("Escape")
    assert bench.lit("llvm") == []


def test_a_caret_walk_through_the_source_visits_each_operation(offline):
    bench = offline(sample_bench())
    bench.click("source", "return", "return")
    bench.page.keyboard.press("Home")
    seen = []
    for _ in range(22):
        bench.page.keyboard.press("ArrowRight")
        seen += bench.panel("source").locator(".pl-hot-span").all_inner_texts()
    assert "total / len(xs)" in seen
    assert "len(xs)" in seen


def test_a_view_that_scrolls_under_a_resting_pointer_keeps_the_caret(offline):
    bench = offline(sample_bench(), width=900)
    bench.click("llvm", "define double @spread", "define")
    for _ in range(30):
        bench.page.keyboard.press("ArrowDown")
    bench.settle()
    view = "p => p.querySelector('.cm-scroller').scrollTop > 0"
    assert bench.panel("llvm").evaluate(view)
    caret = bench.page.evaluate("() => getSelection().focusNode.parentElement.closest('.cm-line')")
    assert caret is not None
    line = bench.page.evaluate(
        "() => getSelection().focusNode.parentElement.closest('.cm-line').className"
    )
    assert "pl-hot" in line


def test_a_line_of_the_compiler_is_said_to_be_one(offline):
    bench = offline(sample_bench())
    bench.point("llvm", "%vec.phi = phi", "phi")
    assert "not known" in bench.status()
    bench.panel("llvm").get_by_role("button", name="generated").click()
    bench.point("llvm", "%i = phi", "phi")
    assert "made by the compiler" in bench.status()
    assert bench.lit("source") == []


def test_types_stand_in_the_source_and_in_the_tooltip(offline):
    bench = offline(sample_bench())
    marks = bench.panel("source").locator(".cm-line .pl-type").all_inner_texts()
    assert marks == [": array(float64, 1d, C)", ": float64", ": float64", ": float64"]
    bench.point("source", "total +=", "-")
    tooltip = bench.page.locator(".pl-tooltip")
    tooltip.wait_for(timeout=3000)
    assert tooltip.inner_text() == "x - lo: float64"


def test_handles_move_by_keyboard(offline):
    bench = offline(sample_bench())
    handle = bench.root.get_by_role("separator", name="Resize Source and Typed IR", exact=True)
    handle.focus()
    before = int(handle.get_attribute("aria-valuenow"))
    width = bench.panel("source").bounding_box()["width"]
    for _ in range(3):
        bench.page.keyboard.press("ArrowRight")
    assert int(handle.get_attribute("aria-valuenow")) == before + 6
    assert bench.panel("source").bounding_box()["width"] > width
    bench.page.keyboard.press("Home")
    assert handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemin")


def test_levels_filters_and_stages_are_chosen_by_keyboard(offline):
    bench = offline(sample_bench())
    bench.root.get_by_role("button", name="Typed IR", exact=True).press("Enter")
    assert not bench.panel("ir").is_visible()
    bench.panel("llvm").get_by_role("button", name="generated").press("Enter")
    assert "call fast double @square" in bench.panel("llvm").locator(".cm-content").inner_text()
    assert "!dbg" not in bench.panel("llvm").locator(".cm-content").inner_text()
    bench.root.get_by_role("button", name="Show").press("Enter")
    bench.root.get_by_label("Metadata and declarations").press("Space")
    assert "!dbg" in bench.panel("llvm").locator(".cm-content").inner_text()
    bench.page.keyboard.press("Escape")
    assert not bench.root.get_by_label("Metadata and declarations").is_visible()


def test_lines_out_of_view_are_counted_and_jumped_to(offline):
    bench = offline(sample_bench(), width=900)
    bench.point("source", "total +=", "(")
    count = bench.panel("llvm").locator(".pl-count")
    before = count.inner_text()
    assert "out of view" in before
    scrolled = "p => p.querySelector('.cm-scroller').scrollTop"
    top = bench.panel("llvm").evaluate(scrolled)
    count.click()
    assert bench.panel("llvm").evaluate(scrolled) != top


def test_decisions_link_like_lines(offline):
    bench = offline(sample_bench())
    bench.root.locator(".pl-event", has_text="square was inlined").focus()
    bench.settle()
    assert bench.panel("source").locator(".pl-hot-span").inner_text() == "square(x - lo)"


def test_the_signature_menu_shows_the_failed_compilation(offline):
    bench = offline(sample_bench())
    bench.root.get_by_label("Function and signature").select_option("1")
    message = bench.root.locator(".pl-diagnostic")
    assert "`-` does not take float64 and str" in message.inner_text()
    assert "^^^^" in message.inner_text()
    assert bench.panel("source").locator(".pl-problem").inner_text() == "square(x - lo)"
    assert not bench.panel("llvm").is_visible()


def test_only_the_asked_levels_are_open(offline):
    shown = Bench("spread", sample_bench().reports, show=["source", "asm"])
    bench = offline(shown)
    assert bench.panel("source").is_visible()
    assert bench.panel("asm").is_visible()
    assert not bench.panel("llvm").is_visible()


def test_axe_finds_nothing_in_either_theme(offline, scheme):
    bench = offline(sample_bench(), scheme)
    bench.point("source", "total +=", "(")
    assert bench.violations() == []
    bench.root.get_by_label("Function and signature").select_option("1")
    bench.root.get_by_role("button", name="Show").click()
    assert bench.violations() == []
    ARTIFACTS.mkdir(exist_ok=True)
    bench.page.screenshot(path=str(ARTIFACTS / f"page-failed-{scheme}.png"))


def test_a_long_text_is_lit_as_a_short_one(offline):
    report = sample_bench().reports[0]
    asm = report.asm[0]
    times = 50_000 // len(asm.lines)
    from dataclasses import replace

    long = replace(asm, text=asm.text * times, lines=asm.lines * times)
    bench = offline(Bench("long", [replace(report, asm=[long])]))
    bench.point("source", "return", "/")
    bench.point("source", "total +=", "(")
    assert bench.lit("ir") == ["sq: float64 = call operator.mul(d, d)"]


def test_both_themes_for_the_eye(offline, scheme):
    bench = offline(sample_bench(), scheme, width=1560)
    bench.point("source", "total +=", "(")
    ARTIFACTS.mkdir(exist_ok=True)
    bench.page.screenshot(path=str(ARTIFACTS / f"page-{scheme}.png"))
