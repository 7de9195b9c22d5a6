"""Run time of the programs: Pellucid beside Numba, NumPy and C, with every result compared."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.cases import CASES, Case, check
from benchmarks.engines import load_programs
from benchmarks.measure import Goal, Row, Settings, interleave, repeat_call
from benchmarks.native import bind, compile_c

GROUP = "run time"
ENGINES = ("pellucid", "numba")
C_LIMIT = 1.1
GEOMEAN_LIMIT = 0.9


def measure(settings: Settings, folder: Path, *, is_small: bool = False) -> list[Row]:
    """One row a program; `is_small` runs them on little data."""
    loaded = {engine: load_programs(engine, folder) for engine in ENGINES}
    library = compile_c(folder)
    rows = []
    for case in CASES:
        if case.name == "add":  # that is a call, not a run
            continue
        row = Row(GROUP, case.name)
        size = case.small_size if is_small else case.size
        runs: dict[str, Callable[[int], float]] = {}
        for engine, module in loaded.items():
            if isinstance(module, str):
                row.failures[engine] = module
            else:
                _prepare(row, runs, engine, case, size, getattr(module, case.name))
        _prepare(row, runs, "numpy", case, size, case.numpy)
        if isinstance(library, str):
            row.failures["c"] = library
        elif case.has_c:
            runs["c"] = _prepare_c(case, size, library)
        row.times = interleave(runs, settings)
        row.goals = (Goal("numba", case.limit), *([Goal("c", C_LIMIT)] if case.has_c else []))
        rows.append(row)
    return rows


def _expected(case: Case, size: int) -> Any:
    arguments = case.arguments(size)
    return case.result(arguments, case.numpy(*arguments))


def _prepare(
    row: Row,
    runs: dict[str, Callable[[int], float]],
    engine: str,
    case: Case,
    size: int,
    function: Callable[..., Any],
) -> None:
    """Check an engine's result, then let it be timed; a failure is part of the row."""
    arguments = case.arguments(size)
    try:
        found = case.result(arguments, function(*arguments))
        check(case, found, _expected(case, size), engine)
    except Exception as problem:  # an engine may fail in any way; the others are measured
        row.failures[engine] = f"{type(problem).__name__}: {problem}"
        return
    runs[engine] = repeat_call(function, case.arguments(size))


def _prepare_c(case: Case, size: int, library: Any) -> Callable[[int], float]:
    arguments = case.arguments(size)
    found = case.result(arguments, bind(library, case.name, arguments)())
    check(case, found, _expected(case, size), "c")
    return repeat_call(bind(library, case.name, case.arguments(size)), ())


def geometric_mean(rows: list[Row], peer: str) -> float | None:
    """Of the ratios to a peer, over the programs that both ran."""
    ratios = [found[0] for row in rows if row.group == GROUP and (found := row.ratio(peer))]
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None
