"""The first programs, from their cell to the linked panels, in JupyterLab."""

from __future__ import annotations

import pytest
from bench_page import ARTIFACTS, BenchPage

SIEVE = """\
%%jit
import numpy as np

def primes(max=100000):
    numbers = np.ones(max, dtype=np.uint8)
    for i in range(2, max):
        if numbers[i] == 0:
            continue
        else:
            x = i + i
            while x < max:
                numbers[x] = 0
                x += i
    return np.nonzero(numbers)[0][2:]

assert len(primes(1000)) == 168
"""

FUSED = """\
%%jit
import numpy as np

def length(a, b):
    return np.sqrt(a * a + b * b)

assert length(np.array([3.0]), np.array([4.0]))[0] == 5.0
"""

MANDELBROT = """\
%%jit
import numpy as np

def mandel(x, y, max_iters):
    c = complex(x, y)
    z = 0.0j
    for i in range(max_iters):
        z = z * z + c
        if z.real * z.real + z.imag * z.imag >= 4:
            return i
    return 255

def create_fractal(min_x, max_x, min_y, max_y, image, iters):
    height = image.shape[0]
    width = image.shape[1]
    step_x = (max_x - min_x) / width
    step_y = (max_y - min_y) / height
    for x in range(width):
        real = min_x + x * step_x
        for y in range(height):
            imag = min_y + y * step_y
            image[y, x] = mandel(real, imag, iters)
    return image

create_fractal(-2.0, 1.0, -1.0, 1.0, np.zeros((20, 30), dtype=np.uint8), 20).sum()
"""

PROGRAMS = [
    (SIEVE, "numbers[x] = 0", "[", "numbers[x]"),
    (FUSED, "np.sqrt", "*", "a * a: array(float64, 1d, C)"),
    (MANDELBROT, "image[y, x] =", "(", "mandel(real, imag, iters): int64"),
]


@pytest.mark.parametrize(
    ("cell", "line", "word", "status"), PROGRAMS, ids=["sieve", "fused", "mandelbrot"]
)
def test_a_program_is_shown_and_linked_on_every_level(notebook, request, cell, line, word, status):
    page = notebook("%load_ext pellucid", cell)
    bench = BenchPage(page)
    bench.point("source", line, word)
    assert status in bench.status()
    for level in ("ir", "llvm", "asm"):
        assert bench.lit(level) or bench.lit(level, "warm"), level
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / f"program-{request.node.callspec.id}.png"))


def test_a_caret_walk_down_the_assembly_finds_the_source(notebook):
    page = notebook("%load_ext pellucid", SIEVE)
    bench = BenchPage(page)
    bench.point("source", "numbers[x] = 0", "[")
    first = bench.lit("asm")[0]
    bench.click("asm", first, first.split()[0])
    assert bench.panel("source").locator(".pl-hot-span").inner_text() == "numbers[x]"
    seen = set()
    for _ in range(40):
        page.keyboard.press("ArrowUp")
        page.wait_for_timeout(20)
        seen.update(bench.panel("source").locator(".pl-hot-span").all_inner_texts())
    assert seen - {"numbers[x]"}


def test_a_compile_error_shows_in_the_cell_without_a_traceback(notebook):
    page = notebook("%load_ext pellucid", "%%jit\ndef f(x):\n    return x + nothing\nf(1)\n")
    error = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
    text = error.last.inner_text()
    assert "`nothing` is not defined" in text
    assert "^^^^^^^" in text
    assert "Traceback" not in text
    assert "site-packages" not in text


def test_lines_are_numbered_as_in_the_cell(notebook):
    page = notebook("%load_ext pellucid", SIEVE)
    bench = BenchPage(page)
    bench.point("source", "x += i", "+=")
    number = SIEVE.splitlines().index("                x += i") + 1
    assert bench.status().startswith(f"line {number} ")
