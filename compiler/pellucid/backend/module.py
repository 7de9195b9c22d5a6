"""The LLVM module of a text, where the optimiser may do as it likes with what nobody calls."""

from __future__ import annotations

from collections.abc import Container

from llvmlite import binding

LOCAL = frozenset({binding.Linkage.internal, binding.Linkage.private})


def parse(ll_text: str, exported: Container[str] | None = None) -> binding.ModuleRef:
    """The module of a text; what is not exported becomes local to it (None: all stays as it is).

    It lies in an LLVM context of its own, which other compilations do not share.
    """
    module = binding.parse_assembly(ll_text, binding.create_context())
    module.verify()
    if exported is not None:
        _internalise(module, exported)
    return module


def _internalise(module: binding.ModuleRef, exported: Container[str]) -> None:
    for value in (*module.functions, *module.global_variables):
        name = value.name
        if value.is_declaration or name in exported or name.startswith("llvm."):
            continue
        if value.linkage not in LOCAL:
            value.linkage = binding.Linkage.internal
