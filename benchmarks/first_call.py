"""The first call in a fresh process, on a machine where the same program ran before.

Two rows a program: the call alone, and from the program's import line on. Numba keeps nothing on
disk unless it is told to; `numba-cached` is Numba told to.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.cases import CASES
from benchmarks.engines import module_name
from benchmarks.imports import measure_processes
from benchmarks.measure import Goal, Row, Settings

CALL_GROUP, TOTAL_GROUP = "first call", "import + first call"
ENGINES = ("pellucid", "numba", "numba-cached")
CODE = """
import time
import numpy
from benchmarks.cases import CASES
(case,) = (case for case in CASES if case.name == {name!r})
arguments = case.arguments(case.small_size)
start = time.perf_counter()
import {module} as programs
called = time.perf_counter()
getattr(programs, case.name)(*arguments)
stop = time.perf_counter()
print(stop - called, stop - start)
"""


def measure(settings: Settings, folder: Path) -> list[Row]:
    """Two rows a program."""
    calls, totals = [], []
    for case in CASES:
        if not case.is_cold:
            continue
        codes = {
            engine: CODE.format(name=case.name, module=module_name(engine)) for engine in ENGINES
        }
        call = Row(CALL_GROUP, case.name, goals=(Goal("numba", 1 / 4), Goal("numba-cached", 1 / 3)))
        total = Row(TOTAL_GROUP, case.name)
        for engine, times in measure_processes(call, codes, settings, folder).items():
            call.times[engine] = [seconds for seconds, _ in times]
            total.times[engine] = [seconds for _, seconds in times]
        calls.append(call)
        totals.append(total)
    return [*calls, *totals]
