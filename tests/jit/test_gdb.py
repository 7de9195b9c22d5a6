"""`gdb()`, `gdb_init()`, `gdb_breakpoint()`: gdb attaches to the running program."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fresh_process import environment, run_python
from gdb import require_gdb

from pellucid import CompileError, gdb, gdb_breakpoint, gdb_init, njit

HEAD = "from pellucid import njit, jit, gdb, gdb_init, gdb_breakpoint\n\n"
STOPS = """\
@njit(debug=True)
def stops(a):
    b = a + 1
    gdb("-ex", "bt 1", "-ex", "info locals", "-ex", "continue", "-ex", "quit")
    return b * 2

print("result", stops(5))
"""
STOPS_TWICE = """\
@njit(debug=True)
def twice(a):
    gdb_init("-ex", "info locals", "-ex", "c", "-ex", "info locals", "-ex", "c", "-ex", "quit")
    b = a + 1
    gdb_breakpoint()
    c = b + 10
    gdb_breakpoint()
    return c

print("result", twice(5))
"""
IN_PYTHON = """\
def plain(a):
    gdb("-ex", "echo stopped\\\\n", "-ex", "continue", "-ex", "quit")
    return a

@jit(forceobj=True)
def objects(a):
    gdb_breakpoint()
    return plain(a)

print("result", objects(5))
"""


def run(tmp_path: Path, program: str, **more: str) -> subprocess.CompletedProcess[str]:
    script = tmp_path / "program.py"
    script.write_text(HEAD + program)
    return subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env=environment(**more),
    )


def test_it_stops_in_the_function_that_asks(tmp_path: Path) -> None:
    require_gdb()
    said = run(tmp_path, STOPS).stdout
    line = (HEAD + STOPS)[: (HEAD + STOPS).index("    gdb(")].count("\n") + 1
    assert re.search(rf"#0 .* in stops \(a=5\) at .*program\.py:{line}$", said, re.MULTILINE)
    assert "\nb = 6\n" in said
    assert "result 12" in said


def test_it_stops_at_each_breakpoint_after_gdb_init(tmp_path: Path) -> None:
    require_gdb()
    said = run(tmp_path, STOPS_TWICE).stdout
    assert re.findall(r"^([bc]) = (\d+)$", said, re.MULTILINE) == [
        *(("b", "6"), ("c", "0")),
        *(("b", "6"), ("c", "16")),
    ]
    assert "result 16" in said


def test_python_and_object_mode_can_ask_too(tmp_path: Path) -> None:
    require_gdb()
    said = run(tmp_path, IN_PYTHON).stdout
    assert "\nstopped\n" in said
    assert "result 5" in said


def test_a_missing_gdb_is_an_error_that_names_it(tmp_path: Path) -> None:
    done = run(tmp_path, STOPS, PELLUCID_GDB_BINARY="/no/such/gdb")
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("RuntimeError: the debugger '/no/such/gdb' was not found")


def test_a_gdb_that_cannot_attach_is_an_error(tmp_path: Path) -> None:
    done = run(tmp_path, STOPS, PELLUCID_GDB_BINARY="/bin/false")
    assert "RuntimeError: /bin/false could not attach to this process" in done.stderr


def test_a_breakpoint_without_gdb_does_nothing() -> None:
    @njit
    def f(x):
        gdb_breakpoint()
        return x + 1

    assert f(1) == 2
    assert gdb_breakpoint() is None


def test_arguments_are_literal_texts() -> None:
    @njit
    def f(x):
        gdb_init("-ex", x)

    with pytest.raises(CompileError, match="literal text"):
        f("bt")
    assert gdb is not gdb_init


def test_gdb_is_asked_for_by_name_on_the_path() -> None:
    code = "from pellucid.base.options import gdb_binary; print(gdb_binary())"
    assert run_python(code, PELLUCID_GDB_BINARY="") == "gdb\n"
