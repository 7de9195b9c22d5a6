"""Library functions compiled once per machine: signature, effects, and machine code.

    kept = LibraryStore(options, cpu)
    kept.find(key)                     # a FunctionTarget with a place, or None
    kept.keep(target, data, exported, imported, libraries)

The key (`inference/library_code.py`) names the overload and the types; the compiler's own sources
are part of every digest, so that the library's source need not be read.
"""

from __future__ import annotations

from collections.abc import Iterator

from pellucid.base.diagnostics import CompileError
from pellucid.base.digest import blake2b
from pellucid.base.options import Options
from pellucid.cache.environment import environment_digest
from pellucid.cache.store import Entry, Json, default_store
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.effects import Effects
from pellucid.types import ExceptionInstance, Raised, Signature
from pellucid.types.syntax import type_from_text


class LibraryStore:
    """The compiled library functions that fit one set of options and one target."""

    def __init__(self, options: Options, target: str) -> None:
        self._context = (environment_digest(), options.text(), target)
        self._found: dict[str, FunctionTarget | None] = {}

    def find(self, key: str) -> FunctionTarget | None:
        """The function of this key as another compilation left it; None if none did."""
        if key not in self._found:
            place = self._digest(key)
            entry = default_store().get(place)
            self._found[key] = None if entry is None else _read(entry, key, place)
        return self._found[key]

    def keep(
        self,
        target: FunctionTarget,
        data: bytes,
        exported: list[str],
        imported: list[str],
        libraries: dict[str, str],
    ) -> str | None:
        """Keep a compiled function for later processes, where its signature can be written down.

        Gives where it lies, or None if it is not kept.
        `exported` are the symbols that the code defines, `imported` those that it needs,
        `libraries` where those of other library functions lie.
        """
        meta = _describe(target)
        meta["exported"] = list(exported)
        meta["imported"] = list(imported)
        meta["libraries"] = dict(libraries)
        entry = Entry(meta, {"object": data})
        assert target.key is not None, f"{target.name} has no key"
        place = self._digest(target.key)
        if _read(entry, target.key, place) is None:
            return None
        return place if default_store().put(place, entry.meta, entry.blobs) else None

    def _digest(self, key: str) -> str:
        text = repr(("library", *self._context, key))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _describe(target: FunctionTarget) -> dict[str, Json]:
    return {
        "symbol": target.symbol,
        "name": target.name,
        "ret": str(target.sig.ret),
        "params": [str(ty) for ty in target.sig.params],
        "effects": target.effects.value,
        "raises": [str(ty) for ty in target.raises.others],
    }


def _read(entry: Entry, key: str, place: str) -> FunctionTarget | None:
    """The function of an entry; None if its types have no text that reads back."""
    meta = entry.meta
    params, ret, raises = meta["params"], meta["ret"], meta["raises"]
    assert isinstance(params, list)
    assert isinstance(raises, list)
    try:
        sig = Signature(type_from_text(str(ret)), tuple(type_from_text(str(p)) for p in params))
    except (CompileError, LookupError, ValueError, TypeError):
        return None
    if [str(ty) for ty in sig.params] != params or str(sig.ret) != ret:
        return None
    return FunctionTarget(
        str(meta["symbol"]),
        str(meta["name"]),
        sig,
        None,
        Effects(int(str(meta["effects"]))),
        is_library=True,
        key=key,
        is_separate=True,
        place=place,
        raises=Raised((), tuple(_exceptions(raises))),
    )


def _exceptions(texts: list[Json]) -> Iterator[ExceptionInstance]:
    """Those of the exceptions whose text reads back; the others are not known of."""
    for text in texts:
        try:
            ty = type_from_text(str(text))
        except (CompileError, LookupError, ValueError, TypeError):
            continue
        if isinstance(ty, ExceptionInstance) and str(ty) == text:
            yield ty
