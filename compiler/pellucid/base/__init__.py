"""What every room uses and that uses no room: spans, diagnostics, events, options.

In:   nothing. Out: plain frozen data that travels with every op, error and report.
Not here: anything that knows a type, an op or a target.
Read first: `spans.py`, then `diagnostics.py`.

A name of the room's interface is loaded when it is first asked for: a call of cached code reads the
options and needs no diagnostics.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pellucid.base.diagnostics import CompileError, Diagnostic, Label, error
    from pellucid.base.events import Event, EventSink, NullSink
    from pellucid.base.options import Options
    from pellucid.base.spans import NO_SPAN, Span

_MODULES = {
    "NO_SPAN": "spans",
    "CompileError": "diagnostics",
    "Diagnostic": "diagnostics",
    "Event": "events",
    "EventSink": "events",
    "Label": "diagnostics",
    "NullSink": "events",
    "Options": "options",
    "Span": "spans",
    "error": "diagnostics",
}


def __getattr__(name: str) -> Any:  # whatever the name stands for
    """Load the module of a name."""
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)


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
