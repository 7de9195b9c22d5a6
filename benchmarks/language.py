"""Text, containers, generators, closures and exceptions, beside Numba and CPython.

Two groups: how long a program runs, and how long its first call takes where the library's code is
in the cache and only the user's function is new. That is measured in a child of a process that has
compiled before, because what a process loads once is the import's cost.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engines import LANGUAGE, child_environment, load_programs, module_name
from benchmarks.imports import run_code
from benchmarks.measure import SECONDS, Goal, Row, Settings, clock, interleave, repeat_call

GROUP, FIRST_GROUP = "language", "first call of a new function"
ENGINES = ("pellucid", "numba", "python")
FIRST_LIMIT = 0.1
OVERFLOW_LIMIT = 1.1

LIBRARY = (Goal("numba", 0.7), Goal("python", 1 / 2))
CONTROL = (Goal("numba", 1.05), Goal("python", 1 / 10))


@dataclass(frozen=True)
class Program:
    """One program, the size that it runs on, and what it must reach."""

    name: str
    arguments: Callable[[int], tuple[Any, ...]]
    size: int
    goals: tuple[Goal, ...] = LIBRARY


def _number(size: int) -> tuple[Any, ...]:
    return (size,)


def _array(size: int) -> tuple[Any, ...]:
    return (np.arange(size),)


def _words(size: int) -> tuple[Any, ...]:
    return (" ".join(f"w{i * 7919 % 10007}{'x' * (i % 5)}" for i in range(size)),)


def _text(size: int) -> tuple[Any, ...]:
    names = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
    return (" ".join(f"{names[i * i % 6]}{i % 50}" for i in range(size)),)


PROGRAMS = (
    Program("dict_int_build", _number, 5000),
    Program("dict_int_lookup", _number, 5000),
    Program("dict_str_build", _words, 1000),
    Program("dict_str_lookup", _words, 500),
    Program("word_count", _text, 2000),
    Program("set_build", _number, 5000),
    Program("list_append", _number, 10_000),
    Program("list_pop", _number, 10_000),
    Program("list_sort", _number, 3000),
    Program("list_sort_key", _number, 3000),
    Program("list_sum", _number, 5000),
    Program("list_of_lists", _number, 500),
    Program("str_split", _text, 1000),
    Program("str_join", _words, 1000),
    Program("str_replace", _text, 1000),
    Program("str_find", _text, 1000),
    Program("str_chars", _text, 1000),
    Program("format_str", _number, 1000),
    Program("format_float", _number, 1000),
    Program("small_array", _number, 20_000, CONTROL),
    Program("small_list", _number, 20_000),
    Program("generator_sum", _number, 20_000, CONTROL),
    Program("generator_endless", _number, 20_000, CONTROL),
    Program("closure", _number, 20_000, CONTROL),
    Program("counter", _number, 20_000, CONTROL),
    Program("raise_in_loop", _number, 20_000, CONTROL),
    Program("try_in_loop", _number, 20_000, CONTROL),
    Program("wrapping_sum", _array, 20_000, CONTROL),
    Program("checked_sum", _array, 20_000, (Goal("wrapping", OVERFLOW_LIMIT),)),
)
SMALL_SIZE = 50


def measure(settings: Settings, folder: Path, *, is_small: bool = False) -> list[Row]:
    """The first calls, then the running times."""
    return [*first_calls_of_new_functions(settings, folder), *running(settings, folder, is_small)]


def running(settings: Settings, folder: Path, is_small: bool) -> list[Row]:
    loaded = {engine: load_programs(engine, folder, LANGUAGE) for engine in ENGINES}
    rows = []
    for program in PROGRAMS:
        row = Row(GROUP, program.name, goals=program.goals)
        arguments = program.arguments(SMALL_SIZE if is_small else program.size)
        expected = getattr(loaded["python"], program.name)(*arguments)
        runs: dict[str, Callable[[int], float]] = {}
        for engine, module in loaded.items():
            if isinstance(module, str):
                row.failures[engine] = module
                continue
            function = getattr(module, program.name)
            try:
                found = function(*arguments)
            except Exception as problem:  # Numba cannot compile all; the others are measured
                row.failures[engine] = f"{type(problem).__name__}: {problem}"
                continue
            if found != expected:
                message = f"{program.name}: {engine} gives {found!r}, Python {expected!r}"
                raise AssertionError(message)
            runs[engine] = repeat_call(function, arguments)
        if program.name == "checked_sum" and "pellucid" in runs:
            runs["wrapping"] = repeat_call(loaded["pellucid"].wrapping_sum, arguments)
        row.times = interleave(runs, settings)
        rows.append(row)
    return rows


def first_calls_of_new_functions(settings: Settings, folder: Path) -> list[Row]:
    """One row a program; the functions of each round are new, so no cache has them."""
    environment = child_environment(folder)
    rows = [
        Row(FIRST_GROUP, program.name, goals=(Goal(SECONDS, FIRST_LIMIT),)) for program in PROGRAMS
    ]
    written = folder / f"{module_name('pellucid', LANGUAGE)}.py"
    text = written.read_text()
    for turn in range(min(settings.processes, 3) + 1):
        name = f"new_programs_{turn}"
        (folder / f"{name}.py").write_text(_renew(text, turn))
        code = f"from benchmarks.language import first_calls\nfirst_calls({name!r})"
        printed = run_code(code, environment)
        for index, row in enumerate(rows):
            if isinstance(printed, str):
                row.failures["pellucid"] = printed
            elif turn > 0:  # the machine's first time fills the library's cache
                row.times.setdefault("pellucid", []).append(printed[index])
    return rows


def _renew(text: str, turn: int) -> str:
    """The programs with a constant in each that no earlier one had."""
    lines = []
    for line in text.splitlines():
        lines.append(line)
        if line.startswith("def "):
            lines.append(f"    turn = {turn + 1000}")
    return "\n".join(lines).replace("return total\n", "return total + turn - turn\n") + "\n"


def first_calls(name: str) -> None:
    """Print for each program what its first call costs a process that has compiled before."""
    module = __import__(name)
    module.callee(1)
    for program in PROGRAMS:
        print(_in_child(getattr(module, program.name), program.arguments(SMALL_SIZE)))


def _in_child(function: Callable[..., Any], arguments: tuple[Any, ...]) -> float:
    """The processor time of one call, in a copy of this process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        start = clock()
        function(*arguments)
        os.write(writer, struct.pack("d", clock() - start))
        os._exit(0)
    os.waitpid(child, 0)
    (seconds,) = struct.unpack("d", os.read(reader, 8))
    os.close(reader)
    os.close(writer)
    return seconds
