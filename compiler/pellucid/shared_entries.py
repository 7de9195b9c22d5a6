"""Entries that functions of one signature share: compiled once per machine, loaded for each.

An entry knows its function by the types of its parameters and of its result: names, defaults and
the objects that types stand for reach it as symbols. So it is code of its own, kept in the cache
beside the library's; a new function whose signature was met before is compiled without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pellucid.backend.compile import compile_module
from pellucid.base.digest import blake2b
from pellucid.cache.environment import environment_digest
from pellucid.cache.store import Json, default_store
from pellucid.codegen.entry import add_entry
from pellucid.codegen.module import ModuleBuilder
from pellucid.codegen.names import SHARED, Accepts, exported_symbols
from pellucid.compilation import Compilation, entry_params
from pellucid.inference.library_code import is_portable
from pellucid.ir.dominance import find_loops
from pellucid.ir.effects import Effects
from pellucid.ir.params import Param
from pellucid.passes.pass_base import callees
from pellucid.runtime import library_objects
from pellucid.targets.cpu.target import host

_SMALL = 24


def shared_entry(compilation: Compilation, params: Sequence[Param], accepts: Accepts) -> str | None:
    """Where in the cache the entry of a compiled function lies; None if it is to have its own.

    A small function is best inlined into its entry, which then reads only what it uses.
    """
    options, target = compilation.options, compilation.target
    conversions = compilation.conversions
    if accepts is Accepts.NATIVE or options.debug or _is_small(compilation):
        return None
    if not is_portable((target.sig.ret, *target.sig.params)):
        return None
    called: dict[str, Json] = {f.symbol: f.place for f in conversions.functions}
    if None in called.values():
        return None
    asked = (
        options.text(),
        host().identity,
        accepts.value,
        str(target.sig),
        target.effects.may_raise,
        bool(target.effects & (Effects.WRITES | Effects.IO)),
        compilation.cells,
        [(param.kind, param.has_default) for param in entry_params(params)],
    )
    text = repr(("entry", environment_digest(), *asked))
    place = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
    if library_objects.is_there(place):
        return place
    module = ModuleBuilder(options, SHARED, host().info, with_places=False)
    add_entry(
        module,
        replace(target, symbol=SHARED, fn=None),
        entry_params(params),
        accepts=accepts,
        conversions=conversions,
        cells=compilation.cells,
    )
    if module.objects:
        return None
    exported = exported_symbols(SHARED, accepts)
    code = compile_module(module.text(), host(), options, exported=set(exported))
    imported: list[Json] = [*sorted(code.imported)]
    meta: dict[str, Json] = {"exported": list(exported), "imported": imported, "libraries": called}
    return place if default_store().put(place, meta, {"object": code.data}) else None


def _is_small(compilation: Compilation) -> bool:
    """Whether a function calls nothing, has no loops and is short."""
    fn = compilation.target.fn
    assert fn is not None
    size = sum(len(block.ops) for block in fn.blocks)
    return size <= _SMALL and not callees(fn) and not find_loops(fn)
