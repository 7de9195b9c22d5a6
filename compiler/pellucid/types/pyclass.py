"""Which Python class the values of a type have: by it `isinstance` and `hasattr` answer."""

from __future__ import annotations

import types as pytypes
from typing import Any

import numpy as np

from pellucid.types.arrays import Array, MemoryView
from pellucid.types.containers import (
    LONG_TUPLE,
    BytesType,
    EllipsisType,
    NotImplementedType,
    Range,
    Slice,
    Struct,
    Tuple,
    UnicodeType,
)
from pellucid.types.exceptions import ExceptionInstance
from pellucid.types.functions import (
    Closure,
    Dispatcher,
    Module,
)
from pellucid.types.generators import Generator
from pellucid.types.heap import ByteArray, Dict, List, Set
from pellucid.types.kinds import Type
from pellucid.types.scalars import Boolean, Complex, Float, Integer, NoneType

_CLASSES: dict[type[Type], type] = {
    Array: np.ndarray,
    Boolean: bool,
    ByteArray: bytearray,
    BytesType: bytes,
    Closure: pytypes.FunctionType,
    Complex: complex,
    Dict: dict,
    Dispatcher: pytypes.FunctionType,
    EllipsisType: pytypes.EllipsisType,
    Float: float,
    Generator: pytypes.GeneratorType,
    Integer: int,
    List: list,
    MemoryView: memoryview,
    Module: pytypes.ModuleType,
    NoneType: pytypes.NoneType,
    NotImplementedType: pytypes.NotImplementedType,
    Range: range,
    Set: set,
    Slice: slice,
    Tuple: tuple,
    UnicodeType: str,
}


def python_class(ty: Type) -> type | None:
    """The class of the values of a type; None where the type does not tell.

    Numbers count as Python's: compiled code does not tell them from NumPy's scalars.
    """
    ty = ty.base
    own: type | None = getattr(ty, "pyclass", None)
    if own is not None:
        return own
    if isinstance(ty, Struct) and ty.name == LONG_TUPLE:
        return tuple
    if isinstance(ty, ExceptionInstance):
        return ty.cls.pyobj
    if isinstance(ty, Set) and ty.is_frozen:
        return frozenset
    return _CLASSES.get(type(ty))


def types_of_class(cls: Any) -> list[type[Type]]:
    """The classes of types whose values are of a Python class. Any: whatever is asked about."""
    if cls is frozenset:
        return [Set]
    return [ty_class for ty_class, of in _CLASSES.items() if of is cls]
