"""Profilers find the names of loaded code."""

from fresh_process import run_python

PROGRAM = """
import os
import sys
from pellucid import njit
from pellucid.cache.perf_map import map_path

@njit(cache=False)
def measured(x):
    return x + 1

measured(1)
if os.path.exists(map_path()):
    with open(map_path()) as file:
        print(file.read())
    os.remove(map_path())
"""


def test_functions_are_in_the_map_of_the_process():
    rows = [
        line.split(" ", 2)
        for line in run_python(PROGRAM, PELLUCID_ENABLE_PROFILING="1").split("\n")
    ]
    names = {row[2]: (int(row[0], 16), int(row[1], 16)) for row in rows if len(row) == 3}
    own = [place for name, place in names.items() if name.startswith("pellucid:measured(int64)")]
    assert own
    assert all(address > 0 and 0 < size < 1 << 16 for address, size in own)


def test_there_is_no_map_unless_asked_for():
    assert run_python(PROGRAM, PELLUCID_ENABLE_PROFILING="0").strip() == ""
