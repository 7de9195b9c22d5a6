"""Library functions compiled once per machine: signature, effects and optimised bitcode.

    kept = LibraryStore(options, cpu)
    kept.find(key)                     # a FunctionTarget with bitcode, or None
    kept.keep(target, bitcode)

The key (`inference/library_code.py`) names the overload and the types; the compiler's own sources
are part of every digest, so that the library's source need not be read.
"""

from __future__ import annotations

from pellucid.base.diagnostics import CompileError
from pellucid.base.options import Options
from pellucid.cache.digest import blake2b
from pellucid.cache.environment import environment_digest
from pellucid.cache.store import Entry, Json, default_store
from pellucid.ir.callee import FunctionTarget
from pellucid.ir.effects import Effects
from pellucid.types import Signature
from pellucid.types.syntax import type_from_text


class LibraryStore:
    """The compiled library functions that fit one set of options and one target."""

    def __init__(self, options: Options, target: str) -> None:
        self._context = (environment_digest(), options.text(), target)
        self._found: dict[str, FunctionTarget | None] = {}

    def find(self, key: str) -> FunctionTarget | None:
        """The function of this key as another compilation left it; None if none did."""
        if key not in self._found:
            entry = default_store().get(self._digest(key))
            self._found[key] = None if entry is None else _read(entry, key)
        return self._found[key]

    def keep(self, target: FunctionTarget, bitcode: bytes) -> None:
        """Keep a compiled function for later processes, where its signature can be written down."""
        assert target.key is not None, f"{target.name} has no key"
        params = [str(ty) for ty in target.sig.params]
        meta: dict[str, Json] = {
            "symbol": target.symbol,
            "name": target.name,
            "ret": str(target.sig.ret),
            "params": list(params),
            "effects": target.effects.value,
        }
        entry = Entry(meta, {"bitcode": bitcode})
        if _read(entry, target.key) is not None:
            default_store().put(self._digest(target.key), meta, entry.blobs)

    def _digest(self, key: str) -> str:
        text = repr(("library", *self._context, key))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _read(entry: Entry, key: str) -> FunctionTarget | None:
    """The function of an entry; None if its types have no text that reads back."""
    meta = entry.meta
    params, ret = meta["params"], meta["ret"]
    assert isinstance(params, list)
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
        bitcode=entry.blobs["bitcode"],
        key=key,
    )
