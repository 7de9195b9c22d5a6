"""The addresses that stand behind the names in object code (`codegen/objects.py` lists them).

Python's C API and the C library are found by `cache.resolve`; NumPy's functions in its C API table,
whose positions are part of its ABI; objects by name. What belongs to one function, such as its
defaults, is in the `Constants` that go with its code and that must live as long.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from pellucid.cache.resolve import system_address
from pellucid.codegen.names import (
    BREAKPOINT,
    CLASS,
    DTYPE,
    FALSE,
    MEMBERS,
    MEMMAP,
    NAME,
    NUMPY,
    SCALAR,
    TRUE,
    UNICODE,
)
from pellucid.codegen.payload import class_from_key
from pellucid.runtime.functions import FunctionMaker
from pellucid.types import (
    Closure,
    Optional,
    PassedFunction,
    PyObjectType,
    Struct,
    Tuple,
    Type,
    Union,
)

# numpy/_core/code_generators/numpy_api.py
_NUMPY_TABLE = {
    "PyArray_Type": 2,
    "PyArray_NewCopy": 85,
    "PyArray_New": 93,
    "PyArray_SetBaseObject": 282,
}


def resolve_process_symbol(name: str) -> int:
    """The address of anything that is the same for all functions of this process."""
    if name == BREAKPOINT:
        from pellucid.cache.jit_interface import breakpoint_address  # few ask for it

        return breakpoint_address()
    if not name.startswith("pellucid."):
        return system_address(name)
    if name in (TRUE, FALSE):
        return id(np.bool_(name == TRUE))
    if name == MEMMAP:
        return id(np.memmap)
    space, _, rest = name.rpartition(".")
    if space == NUMPY:
        return _numpy_table()[_NUMPY_TABLE[rest]]
    if space == SCALAR:
        return id(np.dtype(rest).type)
    if space == DTYPE:
        return id(np.dtype(rest))
    if space == UNICODE:
        from pellucid.runtime import unicode  # it makes tables: only for code that needs them

        return unicode.address(rest)
    raise LookupError(name)


@cache
def _numpy_table() -> Any:
    """NumPy's table of C functions and types: an array of addresses."""
    umath = np._core._multiarray_umath if hasattr(np, "_core") else np.core._multiarray_umath  # type: ignore[attr-defined]  # private, and where the table is
    get = ctypes.pythonapi["PyCapsule_GetPointer"]
    get.restype = ctypes.c_void_p
    get.argtypes = (ctypes.py_object, ctypes.c_char_p)
    size = max(_NUMPY_TABLE.values()) + 1
    return (ctypes.c_uint64 * size).from_address(get(umath._ARRAY_API, None))


def _parts(ty: Type) -> tuple[Type, ...]:
    """The types whose objects are known by a position in `ty`."""
    match ty:
        case Tuple():
            return ty.elems
        case Struct():
            return tuple(held for _, held in ty.fields)
        case Closure():
            return ty.captured
        case Union():
            return ty.members
        case _:
            return ()


def _object_of(name: str) -> Any:
    """The object that a symbol spells, which whoever asks must keep; None if it spells none."""
    for space, make in _SPELT.items():
        if name.startswith(f"{space}."):
            return make(name[len(space) + 1 :])
    return None


_SPELT: Mapping[str, Callable[[str], Any]] = {
    NAME: sys.intern,
    CLASS: class_from_key,
    MEMBERS: lambda key: tuple(class_from_key(key)),
}


class Constants:
    """The Python objects whose addresses the code of one function holds. Keep it with the code."""

    def __init__(self) -> None:
        self._objects: dict[str, Any] = {}

    def add(self, name: str, pyobj: Any) -> None:
        """Give an object a symbol's name."""
        self._objects[name] = pyobj

    def add_known(self, prefix: str, tys: Mapping[str, Type]) -> None:
        """The objects that types stand for (functions, classes, modules), by each type's path."""
        for path, own in tys.items():
            ty = own.value_ty if isinstance(own, Optional) else own
            if isinstance(ty, (PyObjectType, PassedFunction)):
                self.add(f"{prefix}.{path}", ty.pyobj)
            elif isinstance(ty, Closure):
                self.add(f"{prefix}.{path}", FunctionMaker.of(ty))
            for index, part in enumerate(_parts(ty)):
                self.add_known(prefix, {f"{path}.{index}": part})

    def resolver(self, others: Callable[[str], int]) -> Callable[[str], int]:
        """Look here first, then among `others`, then in the process."""

        def resolve(name: str) -> int:
            if name in self._objects:
                return id(self._objects[name])
            made = _object_of(name)
            if made is not None:
                self._objects[name] = made
                return id(made)
            try:
                return others(name)
            except LookupError:
                return resolve_process_symbol(name)

        return resolve
