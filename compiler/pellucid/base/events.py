"""What passes report while they work: decisions, as data.

A pass emits an event both when it acts and when it declines, with the reason. The compiler does
not know who listens; the inspection room's collector is one listener.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pellucid.base.spans import Span


@dataclass(frozen=True)
class Event:
    """One decision: `kind` such as `inlined`, `fused`, `bounds-check-removed`, `allocation`.

    `acted` is False where the pass declined; `reason` then says why, in the user's words.
    """

    kind: str
    span: Span
    message: str
    acted: bool = True
    reason: str = ""
    function: str = ""
    data: dict[str, object] = field(default_factory=dict[str, object])


class EventSink(Protocol):
    """Who listens."""

    def emit(self, event: Event) -> None:
        """Take one event."""
        ...

    def phase(self, name: str, seconds: float) -> None:
        """Take the time that one phase of the compilation took, in seconds."""
        ...


class NullSink:
    """Nobody listens."""

    def emit(self, event: Event) -> None:
        """Drop it."""

    def phase(self, name: str, seconds: float) -> None:
        """Drop it."""
