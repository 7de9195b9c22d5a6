"""C's mathematical functions, declared so that LLVM packs loops over them.

A declaration with `vector-function-abi-variant` tells the vectoriser which packed function computes
several calls at once (libmvec's, on Linux). LLVM demands that those functions stand in
`llvm.compiler.used`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from llvmlite import ir as ll

if TYPE_CHECKING:
    from pellucid.codegen.module import ModuleBuilder

# No errno, no exception flags that anyone reads: a call is a pure function of its arguments.
PURE = ("nofree", "nosync", "willreturn", "memory(none)")


def declare_math(module: ModuleBuilder, name: str, ll_type: ll.Type, count: int) -> ll.Function:
    """Declare a function of `count` arguments of one floating-point type, and its packed forms."""
    ll_fn_type = ll.FunctionType(ll_type, [ll_type] * count)
    variants = module.target.vector_math.get(name, ())
    attributes: list[str] = list(PURE)
    if variants:
        texts = [f"_ZGV_LLVM_N{lanes}{'v' * count}_{name}({symbol})" for lanes, symbol in variants]
        attributes.append(f'"vector-function-abi-variant"="{",".join(texts)}"')
    for lanes, symbol in variants:
        ll_packed = ll.VectorType(ll_type, lanes)
        packed = module.declare(symbol, ll.FunctionType(ll_packed, [ll_packed] * count), *PURE)
        module.keep(packed)
    return module.declare(name, ll_fn_type, *attributes)
