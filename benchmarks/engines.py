"""The engines that compile `programs.py`: the same text, with the import line of each.

An engine that is not installed, or fails to import, is left out with its reason.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

PROGRAMS, LANGUAGE = "programs", "language_programs"  # the files that are written for each engine
IMPORT_LINE = "from pellucid import njit\n"
IMPORT_LINES = {
    "pellucid": IMPORT_LINE,
    "numba": "from numba import njit\n",
    "numba-cached": (
        "import functools\nimport numba\n\nnjit = functools.partial(numba.njit, cache=True)\n"
    ),
    "python": (
        "def njit(pyfunc=None, **_):\n"
        "    return (lambda pyfunc: pyfunc) if pyfunc is None else pyfunc\n"
    ),
}


def write_programs(folder: Path) -> None:
    """Write `<programs>_<engine>.py` of every file of programs and engine into a folder."""
    for programs in (PROGRAMS, LANGUAGE):
        text = Path(__file__).with_name(f"{programs}.py").read_text()
        assert text.count(IMPORT_LINE) == 1
        for engine, line in IMPORT_LINES.items():
            written = text.replace(IMPORT_LINE, line)
            if not engine.startswith("pellucid"):  # no other engine has the option
                written = written.replace('(overflow="raise")', "")
            (folder / f"{module_name(engine, programs)}.py").write_text(written)


def module_name(engine: str, programs: str = PROGRAMS) -> str:
    return f"{programs}_{engine.replace('-', '_')}"


def load_programs(engine: str, folder: Path, programs: str = PROGRAMS) -> ModuleType | str:
    """The programs compiled by an engine, or why there are none."""
    name = module_name(engine, programs)
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # Numba finds a cached function's module by its name
    try:
        spec.loader.exec_module(module)
    except ImportError as problem:
        return f"{type(problem).__name__}: {problem}"
    return module


def child_environment(folder: Path) -> dict[str, str]:
    """The environment of a fresh process that is measured: bytecode and caches warm, and ours."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    paths = [str(folder), *filter(None, sys.path)]
    environment |= {
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PELLUCID_CACHE_DIR": str(folder / "cache"),
        "NUMBA_CACHE_DIR": str(folder / "numba"),
    }
    return environment
