"""Symbols: readable names that LLVM, ELF and debuggers accept.

    module.qualname(int64, array(float64, 1d, C))

The symbol is what panels, perf and debuggers show. Callers make it unique where two functions have
the same name and types.
"""

from __future__ import annotations

from collections.abc import Iterable

from pellucid.types import Type

# `@` begins a version in ELF symbols; quotes and backslashes end names in LLVM text and assembly.
_REPLACED = str.maketrans({"@": "_", '"': "'", "\\": "/", "\n": " ", "\0": " "})


def mangle(module: str, qualname: str, params: Iterable[Type]) -> str:
    """The symbol of a function for these parameter types."""
    return clean(f"{module}.{qualname}({', '.join(map(str, params))})")


def clean(symbol: str) -> str:
    """`symbol` without the characters that a name cannot have."""
    return symbol.translate(_REPLACED)
