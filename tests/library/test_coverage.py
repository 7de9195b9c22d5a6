"""The page of Python's names: current, complete, and true of each name that has a sample."""

from __future__ import annotations

import bisect
import cmath
import collections
import dataclasses
import enum
import functools
import heapq
import itertools
import linecache
import math
import operator
import random
import re
import statistics
import string
import struct
import sys
import time
from typing import Any

import numpy as np
import pytest
from python_samples import SAMPLES

from pellucid import njit
from pellucid.base.diagnostics import CompileError
from pellucid.library import coverage, reference

PAGE_VERSION = (3, 13)
_ROW = re.compile(r"\| `(\w+)` \| (yes|partly|no) \| ")
_NO_SAMPLE = {"breakpoint"}  # asks for a terminal


@dataclasses.dataclass
class Record:
    count: int
    size: float


class Colour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Flags(enum.IntFlag):
    A = 1
    B = 2


class Flag(enum.Flag):
    A = 1


class Word(enum.StrEnum):
    A = "a"


CLASSES = {
    "POINT": collections.namedtuple("Point", "x y"), "RECORD": Record, "COLOUR": Colour,
    "LEVEL": Level, "FLAGS": Flags, "FLAG": Flag, "WORD": Word,
}  # fmt: skip
MODULES = (
    bisect, cmath, collections, dataclasses, enum, functools, heapq, itertools, math, operator,
    random, statistics, string, struct, time,
)  # fmt: skip
ROWS = {
    (row.name if row.group == "builtins" else f"{row.group}.{row.name}"): row
    for row in coverage.rows()
}
# Clocks and random numbers give other answers at each call.
_VARYING = ("random.", "time.")
# One of each way in which a name compiles; all of them are in the sweep.
SOME = [
    "len", "sorted", "int.bit_length", "str.partition", "str.maketrans", "list.append",
    "dict.items", "set.union", "range.start", "math.comb", "itertools.product",
    "heapq.heappush", "bisect.bisect",
    "string.digits", "statistics.median", "dataclasses.dataclass", "enum.Enum",
]  # fmt: skip


def page_rows() -> dict[tuple[str, str], str]:
    """The rows of the page by group and name."""
    found: dict[tuple[str, str], str] = {}
    group = ""
    for line in reference.PYTHON_PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            group = "builtins" if line == "## Built-in functions" else line.strip("#` ")
        if row := _ROW.match(line):
            found[group, row[1]] = line
    return found


def test_page_is_current_and_complete():
    shown = page_rows()
    made = {(row.group, row.name): reference.python_row(row) for row in coverage.rows()}
    if sys.version_info[:2] == PAGE_VERSION:
        assert reference.PYTHON_PAGE.read_text(encoding="utf-8") == reference.render_python()
    newer = made.keys() - shown.keys()
    assert not newer or sys.version_info[:2] > PAGE_VERSION
    # A newer Python may define the same name elsewhere, and so find or lose its entry.
    if sys.version_info[:2] <= PAGE_VERSION:
        assert {key: made[key] for key in made.keys() & shown.keys()} == {
            key: shown[key] for key in made.keys() & shown.keys()
        }
    older = shown.keys() - made.keys()
    assert not older or sys.version_info[:2] != PAGE_VERSION


def test_every_supported_name_has_a_sample():
    constants = {name for name, row in ROWS.items() if row.text == "A constant."}
    supported = {name for name, row in ROWS.items() if row.state != "no"}
    assert supported - SAMPLES.keys() - constants == _NO_SAMPLE


def as_function(name: str) -> Any:
    """The sample as a Python function without arguments."""
    *before, last = SAMPLES[name].split("; ")
    lines = ["def sample():\n", *(f"    {part}\n" for part in before), f"    return {last}\n"]
    file = f"<sample {name}>"
    linecache.cache[file] = (1, None, lines, file)
    space: dict[str, Any] = {module.__name__: module for module in MODULES}
    exec(compile("".join(lines), file, "exec"), space | CLASSES | {"np": np}, space)
    function = space["sample"]
    function.__globals__.update(space)
    return function


def check(name: str) -> None:
    """Compiled code gives Python's answer; where the page says no, it is refused."""
    function = as_function(name)
    if ROWS[name].state == "no":
        with pytest.raises(CompileError):
            njit(function)()
        return
    expected, answer = function(), njit(function)()
    assert type(answer) is type(expected)
    if name.startswith(_VARYING):
        return
    if isinstance(expected, float):
        assert math.isclose(answer, expected, rel_tol=1e-14) or math.isnan(expected)
    else:
        np.testing.assert_equal(answer, expected)


@pytest.mark.parametrize("name", SOME)
def test_some_names_are_as_the_page_says(name):
    check(name)


@pytest.mark.sweep
@pytest.mark.parametrize("name", sorted(SAMPLES.keys() & ROWS.keys()))
def test_every_name_is_as_the_page_says(name):
    check(name)
