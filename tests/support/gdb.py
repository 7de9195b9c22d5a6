"""gdb on programs of compiled functions: where it is, and what it says to commands."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fresh_process import environment

QUIET = ("set breakpoint pending on", "set confirm off", "set pagination off", "set width 0")


@functools.cache
def why_not() -> str:
    """Why gdb cannot be used here; empty if it can."""
    if sys.platform != "linux" or shutil.which("gdb") is None:
        return "there is no gdb"
    command = ["gdb", "-nx", "-batch", "-ex", "run", "--args", "/bin/true"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return "" if "exited normally" in said.stdout else "gdb may not trace programs here"


def require_gdb() -> None:
    """Skip the test where gdb cannot be used."""
    reason = why_not()
    if reason:
        pytest.skip(reason)


def ask_gdb(script: Path, commands: str, **more: str) -> str:
    """What gdb says to commands, one a line, while Python runs the script."""
    require_gdb()
    asked = script.with_suffix(".gdb")
    asked.write_text("\n".join((*QUIET, commands, "")))
    done = subprocess.run(
        ["gdb", "-nx", "-batch", "-x", str(asked), "--args", sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(**more),
    )
    return done.stdout
