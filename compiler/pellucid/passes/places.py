"""Where in users' source an op of inlined code stands."""

from __future__ import annotations

import os

from pellucid.base.spans import InlineSite, Span
from pellucid.ir.ops import Op

_LIBRARY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "library", "")


def users_place(op: Op) -> tuple[Span, InlineSite | None]:
    """The innermost place of `op` that is not in the library, and how that came to be here.

    Copies of a loop have the same places.
    """
    span, site = op.span, op.inlined_at
    while site is not None and (not span.file or span.file.startswith(_LIBRARY)):
        span, site = site.call, site.outer
    return span, site
