"""What a dispatcher asks for code: the cache on disk first, then the compiler.

This module is on the path of every first call: it loads neither LLVM nor the rooms above the cache
until code must really be compiled.
"""

from __future__ import annotations

from typing import Any

from pellucid.base import options as settings
from pellucid.base.diagnostics import CompileError
from pellucid.cache.key import function_key
from pellucid.cache.loader import LoadedObject, ObjectCode
from pellucid.cache.store import default_store
from pellucid.ir.params import MISSING
from pellucid.runtime.specialisation import CompiledCode, CompileRequest, Resolve
from pellucid.types import Signature
from pellucid.types.syntax import type_from_text


class CachingCompiler:
    """Compiles functions, and keeps their code in the user's cache."""

    def compile(self, request: CompileRequest) -> CompiledCode:
        """The code for a request; a `CompileError` says what is wrong with the function."""
        key = _key(request)
        found = None if key is None else _find(key, request)
        if found is not None:
            return found
        from pellucid.compilation import compile_function  # loads LLVM

        compilation = compile_function(
            request.pyfunc, request.arg_types, request.options, ret_ty=request.ret_ty
        )
        code = compilation.machine_code(request.params, request.accepts)
        if key is not None:
            meta = {"symbol": compilation.target.symbol, "ret": str(compilation.sig.ret)}
            default_store().put(key, dict(meta), {"object": code.data})
        return _compiled(request, compilation.sig, compilation.target.symbol, code.data, False)


def _key(request: CompileRequest) -> str | None:
    """What the code depends on; None if it is not to be kept."""
    if not (request.options.cache and settings.cache_enabled()):
        return None
    params = ", ".join(
        f"{p.name}:{p.kind}{'' if p.default is MISSING else '='}" for p in request.params
    )
    extra = f"{params} {request.accepts.value} {request.ret_ty} {request.options.nogil:d}"
    return function_key(
        request.pyfunc, ", ".join(map(str, request.arg_types)), request.options, extra=extra
    )


def _find(key: str, request: CompileRequest) -> CompiledCode | None:
    entry = default_store().get(key)
    if entry is None:
        return None
    try:
        ret = type_from_text(str(entry.meta["ret"]))
    except CompileError:  # the type names an object that is no longer there
        return None
    sig = Signature(ret, request.arg_types)
    return _compiled(request, sig, str(entry.meta["symbol"]), entry.blobs["object"], True)


def _compiled(
    request: CompileRequest, sig: Signature, symbol: str, data: bytes, from_cache: bool
) -> CompiledCode:
    def load(resolve: Resolve) -> LoadedObject:
        return ObjectCode(data).load(resolve)

    return CompiledCode(sig, symbol, load, LazyInspection(request), from_cache)


class LazyInspection:
    """Answers about a compilation, by compiling again when one is asked."""

    def __init__(self, request: CompileRequest) -> None:
        self._request = request
        self._made: Any = None  # explain.Explanation, loaded late

    def _collected(self) -> Any:
        if self._made is None:
            from pellucid.explain import explain  # loads LLVM

            self._made = explain(self._request)
        return self._made

    def typed_ir(self) -> str:
        """The typed IR before the passes."""
        return self._collected().typed_ir()

    def llvm_ir(self) -> str:
        """The optimised LLVM IR."""
        return self._collected().llvm_ir()

    def assembly(self) -> str:
        """The machine code as text."""
        return self._collected().assembly()

    def control_flow(self) -> str:
        """The control flow graph in Graphviz's language."""
        return self._collected().control_flow()

    def report(self) -> Any:
        """The `inspection.Report`."""
        return self._collected().report()
