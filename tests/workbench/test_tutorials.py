"""Every tutorial runs, and the demo does what the README says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bench_page import BenchPage

from pellucid_widgets.output import MIME

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "tutorials").glob("*.ipynb"))
SOURCES = os.pathsep.join(str(ROOT / name) for name in ("compiler", "kernel_ext", "widgets"))

pytestmark = pytest.mark.slow


# A place in the last panel of each tutorial, what it is, and a part of the instructions it becomes.
PLACES = {
    "01-first-look": ("y[i] +=", "*", "a * x[i]: float64", "mul|fma"),
    "02-python-as-you-write-it": ("total += x", "//", "x // y: float64", "div|fmod|rnd|round"),
}


@pytest.fixture(params=TUTORIALS, ids=lambda path: path.stem)
def path(request) -> Path:
    return request.param


@pytest.fixture
def tutorial(path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def test_a_tutorial_is_short_and_holds_no_outputs(tutorial):
    code = [cell for cell in tutorial.cells if cell.cell_type == "code"]
    assert len(code) < 15
    assert not any(cell.outputs for cell in code)


@pytest.mark.leaks("the client of a kernel keeps its threads for a while")
def test_a_tutorial_runs(tutorial, monkeypatch):
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("PYTHONPATH", SOURCES)
    nbclient.NotebookClient(tutorial, timeout=120, kernel_name="python3").execute()
    outputs = [output for cell in tutorial.cells for output in cell.get("outputs", [])]
    benches = [output for output in outputs if MIME in output.get("data", {})]
    assert benches
    for bench in benches:
        assert bench["data"][MIME]["reports"]


def test_a_tutorial_shows_its_panels(open_book, path, tutorial):
    line, word, status, instruction = PLACES[path.stem]
    page = open_book(tutorial)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    bench = BenchPage(page)
    bench.point("source", line, word)
    assert status in bench.status()
    # Which packed instruction it is depends on the processor; that it is a multiplication does not.
    assert any(re.search(instruction, lit) for lit in bench.lit("asm"))


def test_the_demo(tmp_path):
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tutorials" / "sieve.py")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "9592 primes below 100,000, the last is 99991" in done.stdout
    assert "times faster" in done.stdout
    assert "numbers: array(uint8, 1d, C)" in done.stdout
    assert "np.nonzero" in (tmp_path / "sieve.html").read_text()
