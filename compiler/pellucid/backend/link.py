"""Join library bitcode with the functions that call it, so that it can be inlined."""

from __future__ import annotations

from collections.abc import Container, Iterable

from llvmlite import binding

LOCAL = frozenset({binding.Linkage.internal, binding.Linkage.private})


def join(
    ll_text: str,
    bitcodes: Iterable[bytes] = (),
    exported: Container[str] | None = None,
    context: binding.ContextRef | None = None,
) -> binding.ModuleRef:
    """The module of a text, with the functions of library modules that it calls.

    Everything but what is exported becomes local to it (None: all stays as it is). It lies in an
    LLVM context of its own, which other compilations do not share.
    """
    context = context or binding.create_context()
    module = binding.parse_assembly(ll_text, context)
    module.verify()
    _add(module, bitcodes, context)
    if exported is not None:
        _internalise(module, exported)
    return module


def add_library(
    module: binding.ModuleRef,
    bitcodes: Iterable[bytes],
    exported: Container[str],
    context: binding.ContextRef,
) -> None:
    """Add library modules to one that is optimised; of them too, what is not exported is local."""
    _add(module, bitcodes, context)
    _internalise(module, exported)


def _add(module: binding.ModuleRef, bitcodes: Iterable[bytes], context: binding.ContextRef) -> None:
    for bitcode in bitcodes:
        module.link_in(binding.parse_bitcode(bitcode, context))


def _internalise(module: binding.ModuleRef, exported: Container[str]) -> None:
    for value in (*module.functions, *module.global_variables):
        name = value.name
        if value.is_declaration or name in exported or name.startswith("llvm."):
            continue
        if value.linkage not in LOCAL:
            value.linkage = binding.Linkage.internal
