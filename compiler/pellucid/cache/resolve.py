"""Find what compiled code calls outside of itself: mathematics, C library, Python's C API.

Looked up by name in the libraries that the process has or the system provides, through ctypes only.
No library is loaded before a name is asked for that needs it.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Mapping


def system_address(name: str) -> int:
    """The address of a function of libm, libmvec, libc, the compiler's support library or Python.

    `LookupError` if none of them has it.
    """
    found = _addresses.get(name)
    if found is None:
        found = _addresses[name] = _find(name)
    return found


def resolver(own: Mapping[str, int]) -> Callable[[str], int]:
    """Look in `own` (the runtime's functions, say) first, then in the system's libraries."""

    def resolve(name: str) -> int:
        found = own.get(name)
        return system_address(name) if found is None else found

    return resolve


_addresses: dict[str, int] = {}
_libraries: dict[str, ctypes.CDLL | None] = {}


def _find(name: str) -> int:
    for library in _places(name):
        loaded = _load(library)
        if loaded is None:
            continue
        try:
            function = loaded[name]
        except AttributeError:
            continue
        address = ctypes.cast(function, ctypes.c_void_p).value
        if address:
            return address
    raise LookupError(name)


def _places(name: str) -> tuple[str, ...]:
    """Where to look, in order; the empty name is the process itself."""
    if name.startswith("_ZGV"):
        return ("libmvec.so.1",)
    if name.startswith(("Py", "_Py")):
        return ("python",)
    if sys.platform == "linux":
        return ("libm.so.6", "", "libgcc_s.so.1")
    if sys.platform == "darwin":
        return ("", "/usr/lib/libSystem.B.dylib")
    return ("ucrtbase", "vcruntime140", "msvcrt")


def _load(library: str) -> ctypes.CDLL | None:
    if library == "python":
        return ctypes.pythonapi
    if library not in _libraries:
        try:
            _libraries[library] = ctypes.CDLL(library or None)
        except OSError:  # this system has no such library
            _libraries[library] = None
    return _libraries[library]
