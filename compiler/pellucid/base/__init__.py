"""What every room uses and that uses no room: spans, diagnostics, events, options.

In:   nothing. Out: plain frozen data that travels with every op, error and report.
Not here: anything that knows a type, an op or a target.
Read first: `spans.py`, then `diagnostics.py`.
"""

from pellucid.base.diagnostics import CompileError, Diagnostic, Label, error
from pellucid.base.events import Event, EventSink, NullSink
from pellucid.base.options import Options
from pellucid.base.spans import NO_SPAN, Span

__all__ = [
    "NO_SPAN",
    "CompileError",
    "Diagnostic",
    "Event",
    "EventSink",
    "Label",
    "NullSink",
    "Options",
    "Span",
    "error",
]
