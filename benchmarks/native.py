"""The C peer: `programs.c` through gcc -O3 -march=native and ctypes."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SOURCE = Path(__file__).with_name("programs.c")
FLAGS = ("-O3", "-march=native", "-fPIC", "-shared")
COMMAND = f"gcc {' '.join(FLAGS)}"

DOUBLE, INT, ADDRESS = ctypes.c_double, ctypes.c_int64, ctypes.c_void_p


def compile_c(folder: Path) -> ctypes.CDLL | str:
    """The library, or why there is none."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return "no C compiler"
    library = folder / "programs.so"
    command = [compiler, *FLAGS, "-o", str(library), str(SOURCE), "-lm"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr.strip()
    return ctypes.CDLL(str(library))


def bind(library: ctypes.CDLL, name: str, arguments: tuple[Any, ...]) -> Callable[[], Any]:
    """A call of a C function on the arguments of the program of the same name.

    Arguments are converted here, not while the call is timed; the result is what the program gives.
    """
    function = library[name]
    adapt = _ADAPTERS.get(name, _all_and_length)
    values, result_type, result = adapt(arguments)
    function.argtypes = [kind for kind, _ in values]
    function.restype = result_type
    converted = [value if isinstance(value, kind) else kind(value) for kind, value in values]
    return lambda: result(function(*converted))


Values = list[tuple[Any, Any]]  # ctypes' classes, and what they are made from
Adapted = tuple[Values, Any, Callable[[Any], Any]]


def _one(value: Any) -> tuple[Any, Any]:
    if isinstance(value, np.ndarray):
        return ADDRESS, value.ctypes.data_as(ADDRESS)  # keeps the array alive
    return (DOUBLE, value) if isinstance(value, float) else (INT, value)


def _all_and_length(arguments: tuple[Any, ...]) -> Adapted:
    """All arguments, then the length of the last array."""
    lengths = [value.shape[0] for value in arguments if isinstance(value, np.ndarray)]
    return [*map(_one, arguments), (INT, lengths[-1])], None, lambda returned: returned


def _reduction(arguments: tuple[Any, ...]) -> Adapted:
    values, _, result = _all_and_length(arguments)
    return values, DOUBLE, result


def _primes(arguments: tuple[Any, ...]) -> Adapted:
    (limit,) = arguments
    numbers, found = np.zeros(limit, np.uint8), np.zeros(limit, np.int64)
    values = [(INT, limit), _one(numbers), _one(found)]
    return values, INT, lambda count: found[:count]


def _fractal(arguments: tuple[Any, ...]) -> Adapted:
    *corners, image, iters = arguments
    values = [*map(_one, corners), _one(image), *map(_one, image.shape), (INT, iters)]
    return values, None, lambda _: image


def _fused(arguments: tuple[Any, ...]) -> Adapted:
    out = np.zeros_like(arguments[0])
    return [*map(_one, arguments), _one(out), (INT, out.size)], None, lambda _: out


def _matmul(arguments: tuple[Any, ...]) -> Adapted:
    a, b, out = arguments
    sizes = (a.shape[0], a.shape[1], b.shape[1])
    return [*map(_one, arguments), *map(_one, sizes)], None, lambda _: out


def _nbody(arguments: tuple[Any, ...]) -> Adapted:
    position, velocity, mass, dt, steps = arguments
    sizes = (position.shape[0], steps)
    values = [*map(_one, (position, velocity, mass, dt)), *map(_one, sizes)]
    return values, None, lambda returned: returned


_ADAPTERS: dict[str, Callable[[tuple[Any, ...]], Adapted]] = {
    "primes": _primes,
    "create_fractal": _fractal,
    "fused": _fused,
    "matmul": _matmul,
    "loop_sum": _reduction,
    "loop_dot": _reduction,
    "nbody": _nbody,
}
