"""The options of one compilation, and the environment variables that set their defaults.

An option exists here or nowhere. `Options` is part of every cache key: two compilations with equal
options, source and argument types give equal code.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def _flag(name: str, default: bool) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    message = f"{name}={text!r}: expected 1 or 0"
    raise ValueError(message)


@dataclass(frozen=True)
class Options:
    """How to compile: each field is spelt as Numba spells it where Numba has it."""

    boundscheck: bool = True
    error_model: str = "python"
    fastmath: frozenset[str] = frozenset()
    nogil: bool = False
    cache: bool = True
    debug: bool = False
    parallel: bool = False
    opt_level: int = 3
    interrupt: bool = True
    forceobj: bool = False
    looplift: bool = True
    overflow: str = "wrap"

    def text(self) -> str:
        """A canonical one-line form of what changes the generated code, for cache keys."""
        flags = ",".join(sorted(self.fastmath))
        return (
            f"bounds={self.boundscheck:d} model={self.error_model} overflow={self.overflow} "
            f"fast={flags} "
            f"debug={self.debug:d} parallel={self.parallel:d} opt={self.opt_level} "
            f"interrupt={self.interrupt:d} nogil={self.nogil:d}"
            + (f" object mode, lift={self.looplift:d}" if self.forceobj else "")
        )

    def for_library(self) -> Options:
        """These options for library functions that are compiled apart: debuggers pass over them."""
        return replace(self, debug=False, opt_level=opt_level()) if self.debug else self

    def meaning_of(self, callee: Options) -> Options:
        """These options for a function whose own decorator says what its arithmetic means.

        What is asked of a whole compilation stays as it is.
        """
        return replace(
            self,
            boundscheck=callee.boundscheck,
            error_model=callee.error_model,
            overflow=callee.overflow,
            fastmath=callee.fastmath,
        )


def jit_disabled() -> bool:
    """PELLUCID_DISABLE_JIT: run the Python functions themselves."""
    return _flag("PELLUCID_DISABLE_JIT", False)


def boundscheck_default() -> bool:
    """PELLUCID_BOUNDSCHECK: whether out-of-range indices raise (default 1)."""
    return _flag("PELLUCID_BOUNDSCHECK", True)


def cache_enabled() -> bool:
    """PELLUCID_CACHE: whether compiled code is kept on disk (default 1)."""
    return _flag("PELLUCID_CACHE", True)


def cache_dir() -> str:
    """PELLUCID_CACHE_DIR: where compiled code is kept (default: the user's cache folder)."""
    given = os.environ.get("PELLUCID_CACHE_DIR")
    if given:
        return given
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "pellucid")


def cache_limit() -> int:
    """PELLUCID_CACHE_SIZE: how large the cache may grow, in MiB (default 512); here in bytes."""
    text = os.environ.get("PELLUCID_CACHE_SIZE", "512")
    if not text.isdecimal():
        message = f"PELLUCID_CACHE_SIZE={text!r}: expected a number of MiB"
        raise ValueError(message)
    return int(text) << 20


def debug_default() -> bool:
    """PELLUCID_DEBUGINFO: whether functions are compiled for debuggers (default 0)."""
    return _flag("PELLUCID_DEBUGINFO", False)


def profiling_enabled() -> bool:
    """PELLUCID_ENABLE_PROFILING: tell perf the names of loaded functions (default 0)."""
    return _flag("PELLUCID_ENABLE_PROFILING", False)


def gdb_binary() -> str:
    """PELLUCID_GDB_BINARY: the debugger that `gdb()` starts (default: `gdb` on PATH)."""
    return os.environ.get("PELLUCID_GDB_BINARY") or "gdb"


def opt_level(*, debug: bool = False) -> int:
    """PELLUCID_OPT: the optimisation level, 0 to 3 (default 3, and 0 with `debug=True`)."""
    text = os.environ.get("PELLUCID_OPT") or ("0" if debug else "3")
    if text not in {"0", "1", "2", "3"}:
        message = f"PELLUCID_OPT={text!r}: expected 0, 1, 2 or 3"
        raise ValueError(message)
    return int(text)


def verify_ir() -> bool:
    """PELLUCID_VERIFY: check the IR after every pass (default 0; the test suite sets 1)."""
    return _flag("PELLUCID_VERIFY", False)
