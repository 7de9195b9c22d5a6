"""The engines that compile `programs.py`: the same text, with the import line of each.

An engine that is not installed, or fails to import, is left out with its reason.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

PROGRAMS = Path(__file__).with_name("programs.py")
IMPORT_LINE = "from pellucid import njit\n"
IMPORT_LINES = {
    "pellucid": IMPORT_LINE,
    "numba": "from numba import njit\n",
    "numba-cached": (
        "import functools\nimport numba\n\nnjit = functools.partial(numba.njit, cache=True)\n"
    ),
    "python": "def njit(pyfunc):\n    return pyfunc\n",
}


def write_programs(folder: Path) -> None:
    """Write `programs_<engine>.py` of every engine into a folder."""
    text = PROGRAMS.read_text()
    assert text.count(IMPORT_LINE) == 1
    for engine, line in IMPORT_LINES.items():
        path = folder / f"{module_name(engine)}.py"
        path.write_text(text.replace(IMPORT_LINE, line))


def module_name(engine: str) -> str:
    return f"programs_{engine.replace('-', '_')}"


def load_programs(engine: str, folder: Path) -> ModuleType | str:
    """The programs compiled by an engine, or why there are none."""
    name = module_name(engine)
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
