"""The bench as an anywidget: VS Code, Colab, marimo, and JupyterLab without the extension.

One Python class mirrors one TypeScript model (labextension/src/widget.ts): the trait `bench`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from pellucid.inspection.report import Bench

STATIC = Path(__file__).with_name("static")


def is_built() -> bool:
    """Tell whether the front end was built into this installation."""
    return (STATIC / "widget.js").exists()


class Workbench(anywidget.AnyWidget):
    """Linked panels over a bench; assigning `bench` shows another one."""

    # Read at class creation: the module is imported only where `is_built()`.
    _esm = STATIC / "widget.js"
    _css = STATIC / "widget.css"
    bench = traitlets.Dict().tag(sync=True)

    def __init__(self, bench: Bench, **traits: Any) -> None:  # Any: ipywidgets' own traits
        super().__init__(bench=bench.to_json(), **traits)
