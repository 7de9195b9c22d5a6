"""Join library bitcode with the functions that call it, so that it can be inlined."""

from __future__ import annotations

from collections.abc import Container, Iterable

from llvmlite import binding

LOCAL = frozenset({binding.Linkage.internal, binding.Linkage.private})


def join(
    ll_text: str, bitcodes: Iterable[bytes] = (), exported: Container[str] | None = None
) -> binding.ModuleRef:
    """The module of a text, with the functions of library modules that it calls.

    Everything but what is exported becomes local to it (None: all stays as it is). It lies in an
    LLVM context of its own, which other compilations do not share.
    """
    context = binding.create_context()
    module = binding.parse_assembly(ll_text, context)
    module.verify()
    for bitcode in bitcodes:
        module.link_in(binding.parse_bitcode(bitcode, context))
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
