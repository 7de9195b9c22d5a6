"""Library functions that are machine code of their own: loaded once, for all that call them.

Code that calls such functions names their places in the cache (`cache/library.py`), by symbol. What
is loaded stays for the life of the process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence

from pellucid.cache.elf import UnsupportedObject
from pellucid.cache.loader import LoadedObject, ObjectCode
from pellucid.cache.store import Entry, default_store
from pellucid.codegen.names import SHARED, entry_symbol, next_symbol
from pellucid.runtime import support
from pellucid.runtime.symbols import Constants

Resolve = Callable[[str], int]

_lock = threading.RLock()
_entries: dict[str, Entry] = {}
_loaded: dict[str, LoadedObject] = {}
_constants = Constants()  # of all that is loaded: both stay


def is_there(place: str) -> bool:
    """Whether the code at a place can be loaded, and all that it calls."""
    with _lock:
        if place in _loaded or place in _entries:
            return True
        entry = default_store().get(place)
        if entry is None or not all(map(is_there, _libraries(entry).values())):
            return False
        _entries[place] = entry
        return True


def resolver(libraries: Mapping[str, str], others: Resolve) -> Resolve:
    """Look for library functions at their places, and for the rest among `others`."""

    def resolve(name: str) -> int:
        place = libraries.get(name)
        return others(name) if place is None else _find(place, name)

    return resolve


def _find(place: str, symbol: str) -> int:
    with _lock:
        found = _loaded.get(place)
        if found is None:
            if not is_there(place):
                raise LookupError(symbol)
            entry = _entries.pop(place)
            found = _loaded[place] = load_object(
                entry.blobs["object"],
                _names(entry, "exported"),
                _names(entry, "imported"),
                resolver(_libraries(entry), _constants.resolver(support.address)),
            )
        return found.symbols[symbol]


def with_entry(function: LoadedObject, symbol: str, place: str, resolve: Resolve) -> LoadedObject:
    """A function with an entry of its own, made of the code at a place that many share."""
    with _lock:
        if not is_there(place):
            raise LookupError(place)
        entry = _entries[place]
    addresses = {SHARED: function.symbols[symbol]}

    def find(name: str) -> int:
        return addresses.get(name) or resolve(name)

    loaded = load_object(
        entry.blobs["object"],
        _names(entry, "exported"),
        _names(entry, "imported"),
        resolver(_libraries(entry), find),
    )
    return _Together(symbol, function, loaded)


class _Together(LoadedObject):
    """A function and its entry, each an object of its own."""

    __slots__ = ("_parts",)

    def __init__(self, symbol: str, function: LoadedObject, entry: LoadedObject) -> None:
        symbols = {
            entry_symbol(symbol): entry.symbols[entry_symbol(SHARED)],
            next_symbol(symbol): entry.symbols[next_symbol(SHARED)],
        }
        super().__init__(function.symbols | symbols, 0, 0)
        self._parts = (entry, function)

    def unload(self) -> None:
        """Give the memory back. Only for code that nothing can reach any more."""
        for part in self._parts:
            part.unload()


def _names(entry: Entry, key: str) -> list[str]:
    names = entry.meta[key]
    assert isinstance(names, list)
    return list(map(str, names))


def _libraries(entry: Entry) -> dict[str, str]:
    libraries = entry.meta["libraries"]
    assert isinstance(libraries, dict)
    return {name: str(place) for name, place in libraries.items()}


def load_object(
    data: bytes,
    exported: Iterable[str],
    imported: Sequence[str],
    resolve: Resolve,
    *,
    debug: bool = False,
) -> LoadedObject:
    """Place object code in memory; by LLVM where the system's objects are not ours to read.

    With `debug`, debuggers are told of it, where it is not LLVM that loads it.
    """
    try:
        return ObjectCode(data).load(resolve, debug=debug)
    except UnsupportedObject:
        return _LoadedByLlvm(data, exported, imported, resolve)


class _LoadedByLlvm(LoadedObject):
    """An object that LLVM's JIT has loaded."""

    __slots__ = ("_code",)

    def __init__(
        self, data: bytes, exported: Iterable[str], imported: Sequence[str], resolve: Resolve
    ) -> None:
        from pellucid.backend.load import LoadedCode, load_object  # loads LLVM

        names = tuple(exported)
        addresses = {name: resolve(name) for name in imported}
        self._code: LoadedCode | None = load_object(data, names, addresses)
        super().__init__({name: self._code.address_of(name) for name in names}, 0, 0)

    def unload(self) -> None:
        """Give the memory back. Only for code that nothing can reach any more."""
        self._code = None
