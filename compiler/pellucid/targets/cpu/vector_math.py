"""The packed mathematical functions of the system: glibc's libmvec.

Names follow the x86-64 vector function ABI: `_ZGV<isa>N<lanes>v..._<name>`, with one `v` for each
argument and the ISA b (SSE), c (AVX), d (AVX2) or e (AVX-512). Results are within 4 units in the
last place; glibc's scalar functions are within 1.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping

LIBRARY = "libmvec.so.1"

# fmt: off
ONE_ARGUMENT = (
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "erf", "erfc",
    "exp", "exp10", "exp2", "expm1", "log", "log10", "log1p", "log2", "sin", "sinh", "tan", "tanh",
)
# fmt: on
TWO_ARGUMENTS = ("atan2", "hypot", "pow")

# ISA letter -> bytes of its registers.
_REGISTERS = {"b": 16, "c": 32, "d": 32, "e": 64}


def find_packed_functions(
    triple: str, features: frozenset[str]
) -> Mapping[str, tuple[tuple[int, str], ...]]:
    """The packed forms, as (lanes, symbol), of each function, for a processor's features."""
    if not (triple.startswith("x86_64") and "linux" in triple):
        return {}
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:  # another C library than glibc
        return {}
    found: dict[str, tuple[tuple[int, str], ...]] = {}
    for count, names in ((1, ONE_ARGUMENT), (2, TWO_ARGUMENTS)):
        for name in names:
            for suffix, size in (("", 8), ("f", 4)):
                forms = _forms(name + suffix, count, size, features)
                there = tuple(form for form in forms if hasattr(library, form[1]))
                if there:
                    found[name + suffix] = there
    return found


def _forms(name: str, count: int, size: int, features: frozenset[str]) -> list[tuple[int, str]]:
    isas = "b"
    if "avx" in features:
        isas += "d" if "avx2" in features else "c"
    if "avx512f" in features:
        isas += "e"
    lanes = [(isa, _REGISTERS[isa] // size) for isa in isas]
    return [(n, f"_ZGV{isa}N{n}{'v' * count}_{name}") for isa, n in lanes]
