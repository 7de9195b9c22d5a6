"""The README's pictures: a real loop, compiled here, in both themes.

Always taken, as artifacts to look at; PELLUCID_UPDATE_PICTURES=1 writes them to docs/.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from bench_page import ARTIFACTS, ROOT, BenchPage

from pellucid import njit


def add_scaled(a, x, y):
    """Add `a` times `x` to `y`, element by element."""
    for i in range(x.shape[0]):
        y[i] += a * x[i]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pictures_of_the_readme(chromium, tmp_path, scheme):
    compiled = njit(add_scaled)
    compiled(2.0, np.ones(8), np.ones(8))
    page = compiled.explain().save(tmp_path / "add_scaled.html")
    context = chromium.new_context(
        viewport={"width": 1560, "height": 640}, color_scheme=scheme, offline=True
    )
    try:
        tab = context.new_page()
        tab.goto(page.as_uri())
        bench = BenchPage(tab)
        bench.point("source", "y[i] +=", "*")
        assert "a * x[i]: float64" in bench.status()
        ARTIFACTS.mkdir(exist_ok=True)
        picture = tab.screenshot(path=str(ARTIFACTS / f"bench-{scheme}.png"))
        if os.environ.get("PELLUCID_UPDATE_PICTURES") == "1":
            (ROOT / "docs").mkdir(exist_ok=True)
            (ROOT / "docs" / f"bench-{scheme}.png").write_bytes(picture)
    finally:
        context.close()
