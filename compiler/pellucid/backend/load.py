"""Load object code through LLVM's JIT: where `cache/loader.py` cannot.

    code = load_object(data, exported, {"pellucid.destroy": address})
    code.address_of("m.f(int64)")

Symbols that are not given are looked for in the process: libm, libmvec, Python's C API.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Mapping

from llvmlite import binding

_VECTOR_LIBRARY = "libmvec.so.1"
_names = itertools.count()


class LoadedCode:
    """Code in memory. It goes when this object does, so keep it while an address is in use."""

    def __init__(self, tracker: binding.ResourceTracker) -> None:
        self._tracker = tracker

    def address_of(self, symbol: str) -> int:
        """The address of an exported function or variable."""
        return self._tracker[symbol]


def load_object(data: bytes, exported: Iterable[str], symbols: Mapping[str, int]) -> LoadedCode:
    """Load the bytes of an object file; `symbols` are the addresses of what it uses."""
    jit, addresses = _jit(), binding.JITLibraryBuilder()
    addresses.add_object_img(data)
    for name, address in symbols.items():
        addresses.import_symbol(name, address)
    for name in exported:
        addresses.export_symbol(name)
    addresses.add_current_process()
    return LoadedCode(addresses.link(jit, f"pellucid.{next(_names)}"))


@functools.cache
def _jit() -> binding.LLJIT:
    """The process's one JIT; made at the first load."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    try:
        binding.load_library_permanently(_VECTOR_LIBRARY)
    except RuntimeError:
        # No libmvec here: then no code that needs it was generated either.
        return binding.create_lljit_compiler()
    return binding.create_lljit_compiler()
