"""What a call of a compiled function costs, beside Numba's and a plain Python function's."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.engines import LANGUAGE, load_programs
from benchmarks.measure import Goal, Row, Settings, clock, interleave

GROUP = "call"
ENGINES = ("pellucid", "numba", "python")

A = np.ones(4)
CALLS = {
    "no_argument": "f()",
    "two_ints": "f(i, j)",
    "three_floats": "f(x, y, z)",
    "one_array": "f(a)",
    "four_arrays": "f(a, a, a, a)",
    "keyword": "f(i, b=j)",
    "call_list": "f(items)",
    "call_str": "f(text)",
    "call_defaults": "f(i)",
    "call_function": "f(g, i)",
}
LIMITS = {  # of Numba's time, where it is not a third
    "call_list": 1 / 10,
    "call_str": 1 / 5,
    "call_defaults": 1 / 50,
    "call_function": 1 / 10,
}
BELOW_PYTHON = {"no_argument", "two_ints", "three_floats"}
NAMES = {
    "i": 3,
    "j": 4,
    "x": 1.5,
    "y": 2.5,
    "z": 3.5,
    "a": A,
    "items": list(range(1000)),
    "text": "some text",
}


def measure(settings: Settings, folder: Path) -> list[Row]:
    """One row a kind of call."""
    loaded = {engine: load_programs(engine, folder) for engine in ENGINES}
    language = {engine: load_programs(engine, folder, LANGUAGE) for engine in ENGINES}
    rows = []
    for name, call in CALLS.items():
        row = Row(GROUP, name, goals=(Goal("numba", LIMITS.get(name, 1 / 3)),))
        if name in BELOW_PYTHON:
            row.goals += (Goal("python", 1.0),)
        runs: dict[str, Callable[[int], float]] = {}
        for engine, module in (language if name in LIMITS else loaded).items():
            if isinstance(module, str):
                row.failures[engine] = module
                continue
            names = {**NAMES, "f": getattr(module, name), "g": getattr(module, "callee", None)}
            timer = timeit.Timer(call, timer=clock, globals=names)
            try:
                timer.timeit(10)
            except Exception as problem:  # an engine may fail in any way; the others are measured
                row.failures[engine] = f"{type(problem).__name__}: {problem}"
            else:
                runs[engine] = _without_loop(timer)
        row.times = interleave(runs, settings)
        rows.append(row)
    return rows


def _without_loop(timer: timeit.Timer) -> Callable[[int], float]:
    """The time of the calls alone: an empty loop takes about as long as the cheapest call."""
    empty = timeit.Timer("pass", timer=clock, globals={})

    def run(count: int) -> float:
        return max(timer.timeit(count) - empty.timeit(count), 1e-9)

    return run
