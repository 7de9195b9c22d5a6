"""Interleaved timing: each round times every engine once, so ratios compare neighbours in time.

The clock is the process's own: what else runs on the machine takes none of it. All engines run on
one thread, so it tells what a wall clock would on an idle machine.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

clock = time.process_time


@dataclass(frozen=True)
class Settings:
    """How long to measure. `quick` only shows that a benchmark runs."""

    rounds: int = 15
    batch_seconds: float = 0.01
    processes: int = 7

    @staticmethod
    def quick() -> Settings:
        return Settings(rounds=2, batch_seconds=0.0, processes=1)


SECONDS = "seconds"
"""The peer of a goal that is a time, rather than a ratio."""


@dataclass(frozen=True)
class Goal:
    """The ratio to a peer that must not be exceeded, or the time."""

    peer: str
    limit: float


@dataclass
class Row:
    """One thing measured: for each engine its time in seconds, round by round."""

    group: str
    name: str
    times: dict[str, list[float]] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    failures: dict[str, str] = field(default_factory=dict)

    def median(self, engine: str) -> float | None:
        times = self.times.get(engine)
        return statistics.median(times) if times else None

    def ratio(self, peer: str, engine: str = "pellucid") -> tuple[float, float, float] | None:
        """The median of the rounds' ratios, and their quartiles."""
        ours, theirs = self.times.get(engine), self.times.get(peer)
        if not ours or not theirs:
            return None
        ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
        if len(ratios) == 1:
            return ratios[0], ratios[0], ratios[0]
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return middle, low, high


def interleave(
    engines: Mapping[str, Callable[[int], float]], settings: Settings
) -> dict[str, list[float]]:
    """Time each engine in every round; an engine runs n calls and gives the seconds they took."""
    counts = {name: _calls_per_batch(run, settings) for name, run in engines.items()}
    times: dict[str, list[float]] = {name: [] for name in engines}
    order = list(engines)
    gc.collect()
    gc.disable()
    try:
        for _ in range(settings.rounds):
            random.shuffle(order)
            for name in order:
                times[name].append(engines[name](counts[name]) / counts[name])
    finally:
        gc.enable()
    return times


def _calls_per_batch(run: Callable[[int], float], settings: Settings) -> int:
    count = 1
    while True:
        seconds = run(count)
        if seconds >= settings.batch_seconds / 2 or count >= 1 << 24:
            break
        count *= 2
    return max(1, round(count * settings.batch_seconds / max(seconds, 1e-9)))


def repeat_call(
    function: Callable[..., object], args: tuple[object, ...]
) -> Callable[[int], float]:
    """A runner for `interleave` of something that takes long enough for a Python loop around it."""

    def run(count: int) -> float:
        start = clock()
        for _ in range(count):
            function(*args)
        return clock() - start

    return run
