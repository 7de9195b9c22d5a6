"""Pellucid: a JIT compiler for numerical Python that you can see through.

    from pellucid import njit

Importing this package defines names and loads next to nothing: each name's module is loaded when
the name is first used.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

TYPE_CHECKING = False  # type checkers take it for true; `typing` itself is slow to import

if TYPE_CHECKING:
    from typing import Any

    from pellucid import errors, typed, types
    from pellucid.cfunc import cfunc
    from pellucid.debugger import debug
    from pellucid.errors import CompileError, NumbaError, TypingError, UnsupportedError
    from pellucid.ir.object_mode import objmode
    from pellucid.jit import disable_jit, jit, literal_unroll, njit, prange
    from pellucid.jit_module import jit_module
    from pellucid.jitclass import jitclass
    from pellucid.runtime.gdb import gdb, gdb_breakpoint, gdb_init
    from pellucid.runtime.pointers import carray, farray
    from pellucid.types import (
        boolean,
        complex64,
        complex128,
        deferred_type,
        float32,
        float64,
        int8,
        int16,
        int32,
        int64,
        none,
        optional,
        uint8,
        uint16,
        uint32,
        uint64,
    )
    from pellucid.types.typeof import typeof

__version__ = "0.1.0"

_MODULE_BY_NAME = {
    "carray": "pellucid.runtime.pointers",
    "cfunc": "pellucid.cfunc",
    "debug": "pellucid.debugger",
    "disable_jit": "pellucid.jit",
    "farray": "pellucid.runtime.pointers",
    "gdb": "pellucid.runtime.gdb",
    "gdb_breakpoint": "pellucid.runtime.gdb",
    "gdb_init": "pellucid.runtime.gdb",
    "jit": "pellucid.jit",
    "jit_module": "pellucid.jit_module",
    "jitclass": "pellucid.jitclass",
    "literal_unroll": "pellucid.jit",
    "njit": "pellucid.jit",
    "objmode": "pellucid.ir.object_mode",
    "prange": "pellucid.jit",
    "typeof": "pellucid.types.typeof",
}

# Numba's names of types, at the top level as there. `types.syntax` knows what each means.
_TYPE_NAMES = """
    b1 bool_ boolean byte c16 c8 char complex128 complex64 double f4 f8 float32 float64 float_
    i1 i2 i4 i8 int16 int32 int64 int8 int_ intc intp long_ longlong none short
    u1 u2 u4 u8 uchar uint uint16 uint32 uint64 uint8 uintc uintp ulong ulonglong ushort void
"""

_SUBMODULES = frozenset({"compiler", "errors", "experimental", "runtime", "typed", "types"})


def __getattr__(name: str) -> Any:
    """Load a public name's module."""
    if name in _MODULE_BY_NAME:
        value = getattr(importlib.import_module(_MODULE_BY_NAME[name]), name)
    elif name in _TYPE_NAMES.split():
        value = importlib.import_module("pellucid.types.names").TYPES_BY_NAME[name]
    elif name in ("deferred_type", "optional"):
        value = getattr(importlib.import_module("pellucid.types"), name)
    elif name in _SUBMODULES:
        return importlib.import_module(f"pellucid.{name}")
    elif not name.startswith("_") and name[:1].isupper():
        value = _find_error(name)
    else:
        value = _missing(name)
    globals()[name] = value
    return value


def _find_error(name: str) -> Any:
    errors = importlib.import_module("pellucid.errors")
    return getattr(errors, name) if name in errors.__all__ else _missing(name)


def _missing(name: str) -> Any:
    message = f"module 'pellucid' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    others = {*_SUBMODULES, "deferred_type", "optional"}
    return sorted({*globals(), *_MODULE_BY_NAME, *_TYPE_NAMES.split(), *others})


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext pellucid`: the magics of the notebook workbench."""
    importlib.import_module("pellucid_kernel").load_ipython_extension(ipython)


class _Package(ModuleType):
    """`pellucid.jit` is a function that lives in the module `pellucid.jit`.

    The import system binds a module to its package under its own name; where that is the name of a
    function in it, the function is bound instead.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and _MODULE_BY_NAME.get(name) == value.__name__:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

__all__ = [
    "CompileError",
    "NumbaError",
    "TypingError",
    "UnsupportedError",
    "__version__",
    "boolean",
    "carray",
    "cfunc",
    "complex64",
    "complex128",
    "debug",
    "deferred_type",
    "disable_jit",
    "errors",
    "farray",
    "float32",
    "float64",
    "gdb",
    "gdb_breakpoint",
    "gdb_init",
    "int8",
    "int16",
    "int32",
    "int64",
    "jit",
    "jit_module",
    "jitclass",
    "literal_unroll",
    "njit",
    "none",
    "objmode",
    "optional",
    "prange",
    "typed",
    "typeof",
    "types",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
]
