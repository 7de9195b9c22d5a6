"""The one listener of a compilation: keeps its events and the time of each phase, in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from pellucid.base.events import Event
from pellucid.inspection.report import Timing


@dataclass
class Recorder:
    """An `EventSink` that remembers."""

    events: list[Event] = field(default_factory=list[Event])
    phases: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])

    def emit(self, event: Event) -> None:
        """Keep one event."""
        self.events.append(event)

    def phase(self, name: str, seconds: float) -> None:
        """Keep the time of one phase."""
        self.phases.append((name, seconds))

    def timings(self) -> list[Timing]:
        """The phases in the order they first ran, each with the sum of its times."""
        totals: dict[str, float] = {}
        for name, seconds in self.phases:
            totals[name] = totals.get(name, 0.0) + seconds
        return [Timing(name, seconds, []) for name, seconds in totals.items()]
