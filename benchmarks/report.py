"""Rows as a table for people, and as JSON for what tracks them."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from benchmarks.kernels import GEOMEAN_LIMIT, GROUP, geometric_mean
from benchmarks.measure import SECONDS, Row
from benchmarks.native import COMMAND

ENGINES = ("pellucid", "numba", "numba-cached", "numpy", "c", "python", "wrapping")


def machine() -> dict[str, str]:
    """What the numbers were measured on."""
    versions = {}
    for name in ("numba", "numpy", "llvmlite"):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "missing"
    return {
        "cpu": _cpu_name(),
        "cores": str(os.cpu_count()),
        "system": platform.platform(),
        "python": platform.python_version(),
        **versions,
        "c": COMMAND,
    }


def _cpu_name() -> str:
    try:
        with open("/proc/cpuinfo") as info:
            for row in info:
                if row.startswith("model name"):
                    return row.partition(":")[2].strip()
    except OSError:  # not Linux
        return platform.processor()
    return platform.processor()


def as_json(rows: Iterable[Row]) -> dict[str, Any]:
    return {
        "machine": machine(),
        "rows": [
            {
                "group": row.group,
                "name": row.name,
                "times": row.times,
                "failures": row.failures,
                "goals": {goal.peer: goal.limit for goal in row.goals},
                "ratios": {peer: row.ratio(peer) for peer in row.times if peer != "pellucid"},
            }
            for row in rows
        ],
    }


def as_markdown(rows: list[Row]) -> str:
    """A table a group: medians, and the ratio of ours to each peer's with its quartiles."""
    parts = [", ".join(f"{name} {value}" for name, value in machine().items()), ""]
    for group in dict.fromkeys(row.group for row in rows):
        parts += [f"## {group}", "", *_table([row for row in rows if row.group == group]), ""]
        mean = geometric_mean(rows, "numba") if group == GROUP else None
        if mean is not None:
            goal = f"at most {GEOMEAN_LIMIT}: {_verdict(mean <= GEOMEAN_LIMIT)}"
            parts += [f"Geometric mean of the ratios to Numba: {mean:.2f} ({goal})", ""]
    failures = [
        f"- {row.group}, {row.name}, {engine}: {_beginning(why)}"
        for row in rows
        for engine, why in row.failures.items()
    ]
    if failures:
        parts += ["## Not measured", "", *failures, ""]
    parts.append("Ratios are Pellucid's time to the peer's: median of the rounds (quartiles).")
    return "\n".join(parts) + "\n"


def _table(rows: list[Row]) -> list[str]:
    engines = [engine for engine in ENGINES if any(engine in row.times for row in rows)]
    peers = [engine for engine in engines if engine != "pellucid"]
    head = ["", *engines, *(f"to {peer}" for peer in peers), "goal"]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        cells = [row.name, *(_time(row.median(engine)) for engine in engines)]
        cells += [_ratio(row, peer) for peer in peers]
        goals = [_goal(row, goal.peer, goal.limit) for goal in row.goals]
        cells.append("; ".join(filter(None, goals)))
        lines.append(cells)
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def _ratio(row: Row, peer: str) -> str:
    found = row.ratio(peer)
    return "" if found is None else f"{found[0]:.2f} ({found[1]:.2f} to {found[2]:.2f})"


def _goal(row: Row, peer: str, limit: float) -> str:
    if peer == SECONDS:
        time = row.median("pellucid")
        return "" if time is None else f"{_time(limit)}: {_verdict(time <= limit)}"
    found = row.ratio(peer)
    return "" if found is None else f"{limit:.2f} of {peer}: {_verdict(found[0] <= limit)}"


def _verdict(is_reached: bool) -> str:
    return "yes" if is_reached else "NO"


def _beginning(text: str) -> str:
    return " ".join(text.split())[:200]
