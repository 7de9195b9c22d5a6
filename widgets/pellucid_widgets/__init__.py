"""The panels in a notebook: the widget, the static HTML, and the output that carries all forms.

In:   a `Bench` of Reports. Out: MIME bundles, HTML, a widget.
Not here: the panels themselves (labextension/, one TypeScript bundle), and anything that compiles.
Read first: `output.py`, then `static_html.py`.
"""

from pellucid_widgets.output import mime_bundle
from pellucid_widgets.static_html import render_html

__all__ = ["mime_bundle", "render_html"]
