"""Bring a Python value into the form that an entry takes for a type.

An entry checks for the plainest objects of each type: `int`, `float`, `ndarray` itself. What
`typeof` accepts besides (an int subclass, `np.longlong`, an array of a subclass), and what an
explicit signature converts, becomes such an object here, on the slow path.
"""

from __future__ import annotations

import array
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pellucid.ir.params import Param
from pellucid.types import (
    KEYWORDS,
    Array,
    Boolean,
    Complex,
    DType,
    Float,
    Integer,
    Optional,
    Slice,
    Struct,
    Tuple,
    Type,
    UnicodeType,
    complex128,
    dtype_of,
    float64,
    int64,
    pyobject,
    uni_tuple,
)
from pellucid.types.typeof import typeof


def plain(value: Any, ty: Type) -> Any:
    """`value` as the object that an entry takes for `ty`; converted as C converts numbers."""
    make = _PLAIN.get(type(ty))
    return value if make is None else make(value, ty)


def _integer(value: Any, ty: Integer) -> Any:
    number = int(value.real) if isinstance(value, (complex, np.complexfloating)) else int(value)
    wrapped = number & ((1 << ty.bits) - 1)
    if ty.signed and wrapped > ty.max:
        wrapped -= 1 << ty.bits
    return wrapped if ty == int64 else dtype_of(ty).type(wrapped)


def _float(value: Any, ty: Float) -> Any:
    number = float(value)
    if ty == float64:
        return number
    with np.errstate(over="ignore"):
        return dtype_of(ty).type(number)


def _complex(value: Any, ty: Complex) -> Any:
    number = complex(value)
    if ty == complex128:
        return number
    with np.errstate(over="ignore"):
        return dtype_of(ty).type(number)


def _array(value: Any, ty: Array) -> Any:
    if isinstance(value, array.array):
        dtype = dtype_of(ty.dtype)
        return np.frombuffer(value, dtype) if len(value) else np.empty(0, dtype)
    if isinstance(value, memoryview):
        return np.asarray(value, dtype_of(ty.dtype))
    return value if type(value) is np.ndarray else value.view(np.ndarray)


def _tuple(value: Any, ty: Tuple) -> Any:
    items = [plain(item, elem_ty) for item, elem_ty in zip(value, ty.elems, strict=True)]
    changed = any(a is not b for a, b in zip(value, items, strict=True))
    return tuple.__new__(ty.pyclass or tuple, items) if changed else value


def _slice(value: Any, ty: Slice) -> Any:
    del ty
    parts = (value.start, value.stop, value.step)
    return slice(*(None if part is None else int(part.__index__()) for part in parts))


def _optional(value: Any, ty: Optional) -> Any:
    return None if value is None else plain(value, ty.value_ty)


def _dtype(value: Any, ty: DType) -> Any:
    del value
    return dtype_of(ty.dtype)


def _boolean(value: Any, ty: Boolean) -> Any:
    del ty
    return bool(value)


def _text(value: Any, ty: UnicodeType) -> Any:
    del ty
    return value if type(value) is str else str.__str__(value)


# Any: each function takes the type class that is its key.
_PLAIN: dict[type[Type], Callable[[Any, Any], Any]] = {
    Array: _array,
    Boolean: _boolean,
    Complex: _complex,
    DType: _dtype,
    Float: _float,
    Integer: _integer,
    Optional: _optional,
    Slice: _slice,
    Tuple: _tuple,
    UnicodeType: _text,
}


def objects_type(param: Param, value: Any) -> Type:
    """The type of an argument in object mode."""
    if param.kind == _VAR_POSITIONAL:
        return uni_tuple(pyobject, len(value))
    if param.kind == _VAR_KEYWORD:
        return Struct(KEYWORDS, tuple((name, pyobject) for name in value))
    return pyobject


def keywords_type(values: Mapping[str, Any]) -> Type:
    """The type of what `**kwargs` holds."""
    return Struct(KEYWORDS, tuple((name, typeof(value)) for name, value in values.items()))


_VAR_POSITIONAL = 2  # inspect.Parameter.VAR_POSITIONAL
_VAR_KEYWORD = 4  # inspect.Parameter.VAR_KEYWORD
