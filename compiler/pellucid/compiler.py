"""What a dispatcher asks for code: the cache on disk first, then the compiler.

This module is on the path of every first call: it loads neither LLVM nor the rooms above the cache
until code must really be compiled.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pellucid.base import options as settings
from pellucid.base.diagnostics import CompileError
from pellucid.cache.content import read_content
from pellucid.cache.key import content_key, types_key
from pellucid.cache.loader import LoadedObject
from pellucid.cache.store import Json, default_store
from pellucid.codegen.names import exported_symbols
from pellucid.errors import NumbaWarning
from pellucid.ir.object_mode import object_from_text, object_to_text
from pellucid.ir.params import MISSING
from pellucid.runtime import library_objects
from pellucid.runtime.library_objects import load_object
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

        untyped, lifted = None, ()
        if request.options.forceobj:
            from pellucid.object_mode import object_function  # loads the front end

            untyped, lifted = object_function(request, self)
        compilation = compile_function(
            request.pyfunc,
            request.arg_types,
            request.options,
            ret_ty=request.ret_ty,
            cells=request.cells,
            untyped=untyped,
        )
        entry = None
        if key is not None:
            from pellucid.shared_entries import shared_entry  # loads LLVM

            entry = shared_entry(compilation, request.params, request.accepts)
        code = compilation.machine_code(request.params, request.accepts, with_entry=entry is None)
        symbol, imported = compilation.target.symbol, sorted(code.imported)
        objects = {name: object_to_text(o) for name, o in compilation.objects.items()}
        if key is not None and None not in objects.values():
            meta: dict[str, Json] = {"symbol": symbol, "ret": str(compilation.sig.ret)}
            meta["objects"] = {name: str(text) for name, text in objects.items()}
            meta["imported"] = list(imported)
            meta["warnings"] = list(compilation.warnings)
            meta["libraries"] = dict(compilation.libraries)
            meta["entry"] = entry
            default_store().put(key, meta, {"object": code.data})
        _warn(compilation.warnings)
        debug = request.options.debug
        exported = exported_symbols(symbol, request.accepts) if entry is None else (symbol,)
        load = _loader(code.data, exported, imported, compilation.libraries, entry, debug=debug)
        inspection = LazyInspection(request)
        return CompiledCode(
            compilation.sig, symbol, load, inspection, objects=compilation.objects, lifted=lifted
        )

    def why(self, request: CompileRequest) -> Any:
        """The `inspection.why.TypeReasons` of a request."""
        from pellucid.explain import why  # loads LLVM

        return why(request)


def _key(request: CompileRequest) -> str | None:
    """What the code depends on; None if it is not to be kept."""
    if not (request.options.cache and settings.cache_enabled()):
        return None
    types = types_key(request.arg_types)
    if types is None:  # one is of a function whose content cannot be known
        return None
    params = ", ".join(
        f"{p.name}:{p.kind}{'' if p.default is MISSING else '='}" for p in request.params
    )
    extra = f"{params} {request.accepts.value} {request.ret_ty}"
    if request.cells:
        extra += f" {', '.join(f'{name}: {ty}' for name, ty in request.cells)}"
    content = request.content or read_content(request.pyfunc)
    return content_key(content, types, request.options, extra=extra)


def _find(key: str, request: CompileRequest) -> CompiledCode | None:
    entry = default_store().get(key)
    if entry is None:
        return None
    try:
        ret = type_from_text(str(entry.meta["ret"]))
    except CompileError:  # the type names an object that is no longer there
        return None
    symbol, imported = str(entry.meta["symbol"]), entry.meta["imported"]
    texts = entry.meta["objects"]
    libraries = entry.meta["libraries"]
    assert isinstance(imported, list)
    assert isinstance(texts, dict)
    assert isinstance(libraries, dict)
    entry_place = entry.meta["entry"]
    shared = None if entry_place is None else str(entry_place)
    needed = [*map(str, libraries.values()), *([] if shared is None else [shared])]
    if not all(map(library_objects.is_there, needed)):
        return None  # the cache has forgotten them
    try:
        objects = {name: _read_object(str(text), request) for name, text in texts.items()}
    except (ImportError, AttributeError):  # a module is no longer there, or a name in it
        return None
    warned = entry.meta["warnings"]
    assert isinstance(warned, list)
    _warn([str(text) for text in warned])
    places = {name: str(place) for name, place in libraries.items()}
    names = list(map(str, imported))
    debug = request.options.debug
    exported = exported_symbols(symbol, request.accepts) if shared is None else (symbol,)
    load = _loader(entry.blobs["object"], exported, names, places, shared, debug=debug)
    sig = Signature(ret, request.arg_types)
    return CompiledCode(
        sig, symbol, load, LazyInspection(request), from_cache=True, objects=objects
    )


def _warn(texts: Sequence[str]) -> None:
    """Tell what the user should know though the function compiles: also of code from the cache."""
    for text in texts:
        warnings.warn(text, NumbaWarning, stacklevel=2)


def _read_object(text: str, request: CompileRequest) -> Any:
    """An object that code of the cache refers to."""
    if "=" in text.partition(":")[0]:
        return object_from_text(text, {})
    module = text.partition(":")[0]
    own = request.pyfunc.__globals__  # type: ignore[attr-defined]  # a Python function
    names = own if own.get("__name__") == module else vars(importlib.import_module(module))
    return object_from_text(text, names)


def _loader(
    data: bytes,
    exported: Sequence[str],
    imported: Sequence[str],
    libraries: Mapping[str, str],
    entry: str | None,
    *,
    debug: bool,
) -> Callable[[Resolve], LoadedObject]:

    def load(resolve: Resolve) -> LoadedObject:
        found = library_objects.resolver(libraries, resolve)
        loaded = load_object(data, exported, imported, found, debug=debug)
        if entry is None:
            return loaded
        (symbol,) = exported
        return library_objects.with_entry(loaded, symbol, entry, resolve)

    return load


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

    def report(self, *, remarks: bool = False) -> Any:
        """The `inspection.Report`."""
        return self._collected().report(remarks=remarks)
