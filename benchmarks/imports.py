"""What importing costs in a process that has NumPy."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from benchmarks.engines import child_environment
from benchmarks.measure import Goal, Row, Settings

GROUP = "import"
CODE = """
import time
import numpy
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""
NUMPY_CODE = """
import time
start = time.perf_counter()
import numpy
print(time.perf_counter() - start)
"""
CODES = {
    "pellucid": CODE.format(module="pellucid"),
    "numba": CODE.format(module="numba"),
    "numpy": NUMPY_CODE,
}


def measure(settings: Settings, folder: Path) -> list[Row]:
    """One row: over NumPy for the engines, NumPy itself beside it."""
    row = Row(GROUP, "import over numpy", goals=(Goal("numba", 1 / 4), Goal("numpy", 0.15)))
    environment = child_environment(folder)
    engines = []
    for engine in CODES:
        warm = run_code(CODES[engine], environment)
        if isinstance(warm, str):
            row.failures[engine] = warm
        else:
            engines.append(engine)
            row.times[engine] = []
    for _ in range(settings.processes):
        random.shuffle(engines)
        for engine in engines:
            seconds = run_code(CODES[engine], environment)
            assert not isinstance(seconds, str), seconds
            row.times[engine].append(seconds[0])
    return [row]


def run_code(code: str, environment: dict[str, str]) -> list[float] | str:
    """The numbers that a fresh process prints, or the last line of its error."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
    return [float(word) for word in done.stdout.split()]
