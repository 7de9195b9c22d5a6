"""Alias tags: what LLVM may take for granted about who shares memory with whom.

Three kinds of memory never overlap: items of arrays, headers of blocks, and the context. Items of
different types may: a view reinterprets them, as in NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.model import ll_i64


@dataclass(frozen=True)
class AliasTags:
    """One `!tbaa` tag for each kind of memory; llvmlite's metadata nodes have no common type."""

    item: Any
    header: Any
    context: Any


def make_tags(ll_module: ll.Module) -> AliasTags:
    """The tags, in a module."""
    root = ll_module.add_metadata(["pellucid"])
    zero = ll.Constant(ll_i64, 0)
    kinds = [ll_module.add_metadata([name, root, zero]) for name in ("item", "header", "context")]
    item, header, context = (ll_module.add_metadata([kind, kind, zero]) for kind in kinds)
    return AliasTags(item, header, context)
