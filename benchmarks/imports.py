"""What importing costs in a process that has NumPy: the package, and the decorator in use.

The package alone loads next to nothing; what it puts off is in the second row, and in the rows of
`first_call.py`.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from benchmarks.engines import child_environment
from benchmarks.measure import Goal, Row, Settings

GROUP = "import over numpy"
STATEMENTS = {"the package": "import {engine}", "njit": "from {engine} import njit"}
ENGINES = ("pellucid", "numba")
CODE = """
import time
{before}
start = time.perf_counter()
{statement}
print(time.perf_counter() - start)
"""


def measure(settings: Settings, folder: Path) -> list[Row]:
    """One row a statement; the column `numpy` is NumPy's own import."""
    rows = []
    for name, statement in STATEMENTS.items():
        codes = {"numpy": CODE.format(before="", statement="import numpy")}
        for engine in ENGINES:
            line = statement.format(engine=engine)
            codes[engine] = CODE.format(before="import numpy", statement=line)
        row = Row(GROUP, name, goals=(Goal("numba", 1 / 4), Goal("numpy", 0.15)))
        for engine, times in measure_processes(row, codes, settings, folder).items():
            row.times[engine] = [seconds for (seconds,) in times]
        rows.append(row)
    return rows


def measure_processes(
    row: Row, codes: dict[str, str], settings: Settings, folder: Path
) -> dict[str, list[list[float]]]:
    """The numbers that each code prints, one list a round, each in a process of its own.

    Each runs once before that: the machine's first time fills the caches.
    """
    environment = child_environment(folder)
    found: dict[str, list[list[float]]] = {engine: [] for engine in codes}
    for turn in range(settings.processes + 1):
        order = list(found)
        random.shuffle(order)
        for engine in order:
            printed = run_code(codes[engine], environment)
            if isinstance(printed, str):
                row.failures[engine] = printed
                del found[engine]
            elif turn > 0:
                found[engine].append(printed)
    return found


def run_code(code: str, environment: dict[str, str]) -> list[float] | str:
    """The numbers that a fresh process prints, or the last line of its error."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
    return [float(word) for word in done.stdout.split()]
