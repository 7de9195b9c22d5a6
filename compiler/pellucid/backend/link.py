"""Join library bitcode with the functions that call it, so that it can be inlined."""

from __future__ import annotations

from collections.abc import Container, Iterable

from llvmlite import binding

LOCAL = frozenset({binding.Linkage.internal, binding.Linkage.private})


def parse(ll_text: str) -> binding.ModuleRef:
    """A module from LLVM text, in a context of its own, which other compilations do not share."""
    module = binding.parse_assembly(ll_text, binding.create_context())
    module.verify()
    return module


def link(module: binding.ModuleRef, bitcodes: Iterable[bytes]) -> None:
    """Add the functions of library modules to `module`; what both define must be the same."""
    context = module._context  # llvmlite gives no other way to it
    for bitcode in bitcodes:
        module.link_in(binding.parse_bitcode(bitcode, context))


def internalise(module: binding.ModuleRef, exported: Container[str]) -> None:
    """Make every function and variable local to the module, except those exported."""
    for value in (*module.functions, *module.global_variables):
        name = value.name
        if value.is_declaration or name in exported or name.startswith("llvm."):
            continue
        if value.linkage not in LOCAL:
            value.linkage = binding.Linkage.internal
