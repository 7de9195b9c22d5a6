"""The bench in JupyterLab: as output, as a widget, in a reopened notebook, in both themes."""

from __future__ import annotations

import nbformat
import pytest
from bench_page import ARTIFACTS, BenchPage
from sample_report import sample_bench

from pellucid_widgets import mime_bundle

SHOW = """\
from IPython.display import display
from pellucid_widgets import mime_bundle
from sample_report import sample_bench
display(mime_bundle(sample_bench(), widget={widget}), raw=True)
"""


def test_the_extension_renders_the_report_and_links(notebook):
    page = notebook(SHOW.format(widget=True))
    bench = BenchPage(page)
    assert page.locator(".pl-host .pl-bench").count() == 1
    bench.point("source", "total +=", "(")
    assert bench.lit("ir") == ["sq: float64 = call operator.mul(d, d)"]
    assert bench.in_view("asm")
    bench.point("asm", "vsubpd", "vsubpd")
    assert bench.panel("source").locator(".pl-hot-span").inner_text() == "x - lo"


def test_lighting_a_line_does_not_scroll_the_notebook(notebook):
    page = notebook(SHOW.format(widget=False), *["1"] * 12)
    bench = BenchPage(page)
    place = bench.root.bounding_box()
    bench.point("source", "total +=", "(")
    bench.click("source", "return", "/")
    assert bench.root.bounding_box() == place


def test_keys_in_the_bench_stay_in_the_bench(notebook):
    page = notebook(SHOW.format(widget=False), "2")
    bench = BenchPage(page)
    bench.click("source", "return", "return")
    for key in ("ArrowDown", "x", "d", "d", "Enter", "a"):
        page.keyboard.press(key)
    bench.root.get_by_role("separator", name="Resize Source and Typed IR", exact=True).focus()
    for key in ("ArrowRight", "d", "d", "a"):
        page.keyboard.press(key)
    cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")
    assert cells == 2
    assert "return total / len(xs)" in bench.panel("source").inner_text()


def test_without_the_extension_the_widget_shows_the_same(notebook):
    page = notebook(
        "from pellucid_widgets.workbench import Workbench\n"
        "from sample_report import sample_bench\n"
        "Workbench(sample_bench())"
    )
    bench = BenchPage(page)
    assert page.locator(".pl-host").count() == 0
    bench.point("source", "total +=", "(")
    assert bench.lit("ir") == ["sq: float64 = call operator.mul(d, d)"]


def test_a_generator_and_a_handler_are_seen_through(notebook):
    page = notebook(
        "%load_ext pellucid",
        "%%jit\n"
        "def quotients(xs, y):\n"
        "    for x in xs:\n"
        "        try:\n"
        "            q = x // y\n"
        "        except ZeroDivisionError as problem:\n"
        "            q = -1\n"
        "        yield q + 1\n"
        "\n"
        "list(quotients([4, 5], 2))",
    )
    bench = BenchPage(page)
    assert "generator of int64" in page.locator(".pl-signature").last.inner_text()
    bench.point("source", "yield q", "+")
    assert "q + 1: int64" in bench.status()
    assert any("add" in line for line in bench.lit("ir"))
    assert bench.lit("asm")
    bench.point("source", "= x // y", "x")
    page.locator(".pl-tooltip .pl-why").wait_for(timeout=3000)
    assert "for x in xs" in page.locator(".pl-why").inner_text()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_in_either_theme(notebook, theme):
    page = notebook(SHOW.format(widget=False))
    set_theme = "t => window.jupyterapp.commands.execute('apputils:change-theme', {theme: t})"
    page.evaluate(set_theme, theme)
    page.wait_for_function(
        "light => document.body.dataset.jpThemeLight === light",
        arg=str("Light" in theme).lower(),
    )
    bench = BenchPage(page)
    bench.point("source", "total +=", "(")
    try:
        assert bench.violations() == []
        ARTIFACTS.mkdir(exist_ok=True)
        page.screenshot(path=str(ARTIFACTS / f"lab-{theme.split()[1].lower()}.png"))
    finally:
        page.evaluate(set_theme, "JupyterLab Light")


def test_a_reopened_untrusted_notebook_shows_the_panels_without_a_kernel(open_book):
    output = nbformat.v4.new_output("display_data", mime_bundle(sample_bench(), widget=False))
    cell = nbformat.v4.new_code_cell("raise SystemExit", outputs=[output], execution_count=1)
    page = open_book(nbformat.v4.new_notebook(cells=[cell]))
    trusted = "() => window.jupyterapp.shell.currentWidget.content.widgets[0].model.trusted"
    assert page.evaluate(trusted) is False
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    bench = BenchPage(page)
    bench.point("source", "total +=", "(")
    assert bench.lit("ir") == ["sq: float64 = call operator.mul(d, d)"]
    # The harness closes by shutting the kernel down once more, which needs one.
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.startKernel()")
