"""`gdb()`, `gdb_init()`, `gdb_breakpoint()`: let gdb look at this process.

    gdb("-ex", "bt")        start gdb, attach it, stop here, run its commands
    gdb_init("-ex", "bt")   start gdb and attach it; its commands run at the first stop
    gdb_breakpoint()        stop here if gdb is attached

They work in compiled code (`library/objects/gdb.py`), where the stop is in the function that calls,
and in Python. Functions compiled with `debug=True` show their lines and variables.

gdb is a child that attaches to its parent, puts a breakpoint on a function that does nothing
(`cache/jit_interface.py`), lets the parent go on by writing to its memory, and when it stops there
finishes that function. Arguments are those of gdb's own command line.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from pellucid.base import options as settings
from pellucid.cache import jit_interface
from pellucid.codegen.names import BREAKPOINT

_PR_SET_PTRACER, _ANYONE, _NOBODY = 0x59616D61, -1, 0
_LOOK_AGAIN = 0.01

_ATTACH = """\
set breakpoint pending on
attach {pid}
set $pellucid_is_attached = 1
break {symbol}
commands
silent
finish
end
set {{int}}{address} = 1
continue
"""
_CHECK = """\
if $_isvoid($pellucid_is_attached)
quit 1
end
"""

_lock = threading.Lock()
_folders: list[tempfile.TemporaryDirectory[str]] = []


def gdb(*args: str) -> None:
    """Start gdb on this process, stop here, and run the commands of its command line."""
    attach(*args)
    jit_interface.stop()


def gdb_init(*args: str) -> None:
    """Start gdb on this process and go on; its commands run at the first `gdb_breakpoint()`."""
    attach(*args)


def gdb_breakpoint() -> None:
    """Stop here if gdb is attached."""
    jit_interface.stop()


def find_gdb() -> str:
    """The path of gdb; RuntimeError if it is not there."""
    binary = settings.gdb_binary()
    found = shutil.which(binary)
    if found is None:
        message = (
            f"the debugger {binary!r} was not found: install gdb, "
            "or let PELLUCID_GDB_BINARY name its program"
        )
        raise RuntimeError(message)
    return found


def attach(*args: str) -> None:
    """Start gdb and wait until it is attached; nothing is done where one is already."""
    binary = find_gdb()
    if sys.platform != "linux":
        message = "gdb can be attached on Linux only"
        raise RuntimeError(message)
    with _lock:
        if _tracer() == 0:
            _start(binary, args)


def _start(binary: str, args: tuple[str, ...]) -> None:
    jit_interface.breakpoint_address()  # the symbol is there when gdb looks for it
    ready = ctypes.c_int(0)
    folder = tempfile.TemporaryDirectory(prefix="pellucid-gdb-")
    _folders.append(folder)  # gdb reads it until this process ends
    commands = _ATTACH.format(
        pid=os.getpid(), symbol=BREAKPOINT, address=hex(ctypes.addressof(ready))
    )
    files: list[str] = []
    for name, text in (("attach", commands), ("check", _CHECK)):
        path = os.path.join(folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        files += ["-x", path]
    sys.stdout.flush()
    _allow_tracing(_ANYONE)
    child = subprocess.Popen([binary, "-q", *files, *args])
    try:
        while ready.value == 0:
            if child.poll() is not None:
                message = (
                    f"{binary} could not attach to this process (it says why above): "
                    "tracing processes may not be permitted here (ptrace)"
                )
                raise RuntimeError(message)
            time.sleep(_LOOK_AGAIN)
    finally:
        _allow_tracing(_NOBODY)


def _tracer() -> int:
    """The process that traces this one; 0 if none does."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("TracerPid:"):
                return int(line.split()[1])
    return 0


def _allow_tracing(by: int) -> None:
    """Let a process that is no parent of this one trace it, where the system asks for that."""
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    prctl(_PR_SET_PTRACER, by & (1 << 64) - 1, 0, 0, 0)
