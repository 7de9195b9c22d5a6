"""One output, four forms: what a notebook stores, so that every later viewer finds one it can show.

application/vnd.pellucid.report+json       the labextension: JupyterLab, Notebook 7
application/vnd.jupyter.widget-view+json   the widget: hosts without the extension
text/html                                  GitHub, nbviewer, nbconvert
text/plain                                 terminals, diffs, logs
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from pellucid.inspection.limit import limited
from pellucid.inspection.render_text import render_bench
from pellucid.inspection.report import Bench
from pellucid_widgets.static_html import render_html

MIME = "application/vnd.pellucid.report+json"
MAX_BYTES = 256 * 1024
EXTENSION = "pellucid-lab"


def mime_bundle(bench: Bench, *, widget: bool | None = None) -> dict[str, Any]:  # MIME data
    """All forms of a bench; `widget` says whether to make a live one (None: where it is needed)."""
    bench = limited(bench, MAX_BYTES)
    bundle: dict[str, Any] = {
        MIME: bench.to_json(),
        "text/html": render_html(bench),
        "text/plain": render_bench(bench),
    }
    if wants_widget() if widget is None else widget:
        bundle.update(_widget_view(bench))
    return bundle


def wants_widget() -> bool:
    """Tell whether this host shows widgets but not the extension.

    A widget carries the whole bundle through the kernel for each output, so it is made only
    where the extension cannot be: outside Jupyter, or where it is not installed.
    """
    if "VSCODE_PID" in os.environ or "google.colab" in sys.modules or "marimo" in sys.modules:
        return True
    return not _has_extension()


def _has_extension() -> bool:
    from jupyter_core.paths import jupyter_path

    return any((Path(root) / EXTENSION).exists() for root in jupyter_path("labextensions"))


def _widget_view(bench: Bench) -> dict[str, Any]:  # MIME data
    try:
        from pellucid_widgets.workbench import Workbench, is_built
    except ImportError:  # anywidget is not installed: the HTML form remains
        return {}
    if not is_built():
        return {}
    # IPython's display protocol is spelt with underscores, and is meant to be called.
    view: Any = Workbench(bench)._repr_mimebundle_()  # pyright: ignore[reportPrivateUsage]
    data = view[0] if isinstance(view, tuple) else view
    return {mime: value for mime, value in data.items() if "widget-view" in mime}
