"""What every compilation of this process depends on, as one digest: compiler, Python, CPU.

    the compiler's own sources   size and time of each file: an edited compiler forgets all
    LLVM                         size and time of llvmlite's library, found without importing it
    Python, NumPy, the C library their versions
    the CPU                      its model and the features that the system lets processes use

Read once, in about a millisecond.
"""

from __future__ import annotations

import importlib.util
import os
import sys

from pellucid.base.digest import blake2b

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_CPU_FIELDS = (
    b"vendor_id", b"cpu family", b"model", b"stepping", b"flags",  # x86
    b"CPU implementer", b"CPU variant", b"CPU part", b"Features",  # ARM
    b"cpu", b"isa", b"uarch",  # POWER, RISC-V
)  # fmt: skip

_digest: str | None = None


def environment_digest() -> str:
    """The digest of all that is the same for every function of this process."""
    global _digest
    if _digest is None:
        _digest = blake2b(_environment_text().encode(), digest_size=16).hexdigest()
    return _digest


def _environment_text() -> str:
    import numpy  # known to be loaded; here for its version

    parts = (
        sys.implementation.cache_tag,
        sys.abiflags if sys.platform != "win32" else "",
        sys.platform,
        numpy.__version__,
        _libc_version(),
        _llvm_text(),
        cpu_text(),
        sources_text(_PACKAGE),
    )
    return "\n".join(map(repr, parts))


def sources_text(package: str) -> str:
    """Path, size and time of every Python file below a folder, in a fixed order."""
    rows: list[str] = []
    folders = [package]
    while folders:
        with os.scandir(folders.pop()) as found:
            for item in found:
                if item.name.endswith(".py"):
                    status = item.stat()
                    path = item.path[len(package) :]
                    rows.append(f"{path} {status.st_size} {status.st_mtime_ns}")
                elif "." not in item.name and item.name != "__pycache__" and item.is_dir():
                    folders.append(item.path)
    rows.sort()
    return "\n".join(rows)


def _llvm_text() -> str:
    spec = importlib.util.find_spec("llvmlite")
    if spec is None or spec.origin is None:
        return ""
    rows: list[str] = []
    package = os.path.dirname(spec.origin)
    # The wheel's library stands in binding/; a distribution may put it elsewhere, but not change
    # it without changing _version.py.
    for folder in (os.path.join(package, "binding"), package):
        with os.scandir(folder) as found:
            for item in found:
                if item.name.startswith(("libllvmlite", "llvmlite.dll", "_version.py")):
                    status = item.stat()
                    rows.append(f"{item.name} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(sorted(rows))


def cpu_text() -> str:
    """The processor's model and features, as the system tells them."""
    if sys.platform == "linux":
        # The first processor's paragraph: a machine with hundreds writes it hundreds of times.
        file = os.open("/proc/cpuinfo", os.O_RDONLY)
        try:
            head = os.read(file, 8192)
        finally:
            os.close(file)
        rows = head.partition(b"\n\n")[0].splitlines()
        kept = [row for row in rows if row.partition(b":")[0].strip() in _CPU_FIELDS]
        return os.uname().machine + b"\n".join(kept).decode("ascii", "replace")
    import platform  # numpy loaded it

    if sys.platform == "darwin":
        return platform.machine() + _sysctl(b"machdep.cpu.brand_string")
    return platform.machine() + platform.processor()


def _sysctl(name: bytes) -> str:
    import ctypes

    size = ctypes.c_size_t(256)
    text = ctypes.create_string_buffer(size.value)
    ctypes.CDLL(None).sysctlbyname(name, text, ctypes.byref(size), None, 0)
    return text.value.decode("ascii", "replace")


def _libc_version() -> str:
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, ValueError):  # not glibc
        return ""
