"""Python in a process of its own, with what the suite can import."""

from __future__ import annotations

import os
import subprocess
import sys


def environment(**more: str) -> dict[str, str]:
    """The environment in which a fresh process imports what this one does."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "PYTHONPATH": paths, **more}


def run_python(code: str, *args: str, **more: str) -> str:
    """What the code prints; an error if it fails, with what it said."""
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        env=environment(**more),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
