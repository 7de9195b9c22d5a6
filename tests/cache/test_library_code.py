"""Library code is compiled once per machine: another process finds it, for another function."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import linecache, sys
import numpy as np
from pellucid.base import Options
from pellucid.compilation import compile_function
from pellucid.types import uint8

source = "def f(a):\\n    return np.nonzero(a)[0][{0}:]\\n".format(sys.argv[1])
linecache.cache["<f>"] = (len(source), None, source.splitlines(True), "<f>")
names = {{"np": np}}
exec(compile(source, "<f>", "exec"), names)
compiled = compile_function(names["f"], (uint8[::1],), Options())
print("kept:", *sorted(compiled.libraries))
print("compiled:", *sorted(target.name for target in compiled.functions))
""".replace("{{", "{").replace("}}", "}")


def run(folder: Path, argument: str) -> dict[str, list[str]]:
    environment = dict(
        os.environ, PELLUCID_CACHE_DIR=str(folder), PYTHONPATH=str(ROOT / "compiler")
    )
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, argument],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = (line.partition(":") for line in done.stdout.splitlines())
    return {name: rest.split() for name, _, rest in lines}


def test_another_process_calls_what_the_first_compiled(tmp_path: Path) -> None:
    first, second = run(tmp_path, "1"), run(tmp_path, "2")
    assert any(symbol.startswith("numpy.nonzero") for symbol in first["kept"])
    assert first["kept"] == second["kept"]
    assert first["compiled"] == second["compiled"] == ["f"]


SEPARATE = """
import linecache, sys
from pellucid import njit
from pellucid.cache.store import default_store
from pellucid.runtime import library_objects

def made(number):
    source = f"def f(s):\\n    return s.split()[0].replace('a', 'b' * {number})\\n"
    linecache.cache["<f>"] = (len(source), None, source.splitlines(True), "<f>")
    names = {}
    exec(compile(source, "<f>", "exec"), names)
    return njit(names["f"])

print("result:", *[made(int(number))("a ca") for number in sys.argv[1:]])
print("loaded:", *sorted({*library_objects._entries, *library_objects._loaded}))
print("llvm:", "llvmlite" in sys.modules)
"""


def run_separate(folder: Path, *numbers: str) -> dict[str, list[str]]:
    environment = dict(
        os.environ, PELLUCID_CACHE_DIR=str(folder), PYTHONPATH=str(ROOT / "compiler")
    )
    done = subprocess.run(
        [sys.executable, "-c", SEPARATE, *numbers],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = (line.partition(":") for line in done.stdout.splitlines())
    return {name: rest.split() for name, _, rest in lines}


def test_machine_code_of_library_functions_is_shared(tmp_path: Path) -> None:
    first, second = run_separate(tmp_path, "1", "2"), run_separate(tmp_path, "3")
    assert first["result"] == ["b", "bb"]
    assert second["result"] == ["bbb"]
    assert set(first["loaded"]) == set(second["loaded"]) != set()
    # What the first compiled needs no compiler, unless the cache has forgotten what it calls.
    assert run_separate(tmp_path, "2")["llvm"] == ["False"]
    for place in first["loaded"]:
        for path in tmp_path.rglob(f"*{place}*"):
            path.unlink()
    again = run_separate(tmp_path, "2")
    assert again["llvm"] == ["True"]
    assert again["result"] == ["bb"]
