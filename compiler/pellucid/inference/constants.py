"""The type of a Python object that is known while compiling."""

from __future__ import annotations

import ctypes
import enum
import struct
import sys
import types as pytypes
from typing import Any

import numpy as np

from pellucid.base.diagnostics import error
from pellucid.base.spans import Span
from pellucid.inference.overloads import Overload
from pellucid.ir.function import Function
from pellucid.ir.object_mode import PythonBlock
from pellucid.ir.protocol import UNBOUND, callable_path
from pellucid.types import (
    Array,
    Callable,
    Closure,
    Dispatcher,
    DType,
    ExceptionClass,
    Literal,
    Module,
    ObjectBlock,
    Slice,
    Struct,
    Tuple,
    Type,
    boolean,
    bytes_type,
    complex128,
    ellipsis,
    find_scalar_type,
    float64,
    literal_int,
    literal_str,
    none,
    not_implemented,
    undefined,
)
from pellucid.types.cffi_types import ctypes_function, is_cffi_namespace
from pellucid.types.enums import literal_member
from pellucid.types.instance import class_type
from pellucid.types.typeof import is_named_tuple_class

STRUCT_FORMAT = "struct.Struct"
"""The name of the record that stands for such an object: its format is in its type."""
_RECORDS = (sys.float_info, sys.int_info, sys.hash_info)


def type_of_constant(value: Any, path: str | None = None, span: Span | None = None) -> Type:
    """The type of a constant; a `CompileError` where compiled code cannot hold such an object."""
    if any(value is info for info in _RECORDS):  # what is asked of it are its members
        return Module(path or "sys", value)
    found = _find_value_type(value, span) or _find_object_type(value, path)
    if found is None:
        name = path.rpartition(".")[2] if path else type(value).__qualname__
        error(
            "unsupported-constant",
            f"`{name}` is a {type(value).__qualname__}, which compiled code cannot use",
            span,
            help="pass it as an argument, or compute what you need of it outside the function",
        )
    return found


def _find_value_type(value: Any, span: Span | None) -> Type | None:  # noqa: C901 (a table)
    match value:
        case None:
            return none
        case enum.Enum():
            return literal_member(value)
        case bool():
            return Literal(value, boolean)
        case np.generic():
            return find_scalar_type(value.dtype)
        case int():
            try:
                return literal_int(value)
            except OverflowError:
                error(
                    "literal-overflow",
                    f"the integer {value} does not fit in 64 bits",
                    span,
                    help="compiled integers have at most 64 bits; use a float if precision allows",
                )
        case float():
            return float64
        case complex():
            return complex128
        case str():
            return literal_str(value)
        case bytes():
            return Literal(value, bytes_type)
        case tuple():
            elems = tuple(type_of_constant(item, None, span) for item in value)
            is_named = is_named_tuple_class(type(value))
            return Tuple(elems, class_type(type(value)) if is_named else None)
        case slice():
            parts = (value.start, value.stop, value.step)
            return Slice(*(type_of_constant(part, None, span) for part in parts))
        case np.ndarray():
            return _find_array_type(value)
        case _:
            return _SINGLETONS.get(id(value))


_SINGLETONS = {id(...): ellipsis, id(NotImplemented): not_implemented}


def _find_array_type(value: np.ndarray) -> Type | None:
    dtype = find_scalar_type(value.dtype)
    if dtype is None:
        return None
    flags = value.flags
    layout = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
    return Array(dtype, value.ndim, layout, readonly=True)


def _find_object_type(value: Any, path: str | None) -> Type | None:
    if value is UNBOUND:
        return undefined
    if isinstance(value, Type):
        return DType(value)
    if isinstance(value, PythonBlock):
        return ObjectBlock(value.name, value)
    if isinstance(value, struct.Struct):
        return Struct(STRUCT_FORMAT, (("format", literal_str(value.format)),))
    if isinstance(value, Overload):
        return Callable(path or value.key, value)
    if isinstance(value, Function):
        return Closure(value.symbol or value.name, value)
    if isinstance(value, pytypes.ModuleType) or is_cffi_namespace(value):
        return Module(path or getattr(value, "__name__", "cffi"), value)
    if isinstance(value, np.dtype):
        found = find_scalar_type(value)
        return None if found is None else DType(found)
    if isinstance(value, type):
        return _find_class_type(value, path)
    value = _from_cffi(value)
    if isinstance(value, ctypes._CFuncPtr):  # type: ignore[attr-defined]  # private, and the class of all of them
        from pellucid.inference.foreign import overload_of

        return Callable(path or "ctypes.function", overload_of(value))
    if hasattr(value, "py_func") or isinstance(value, pytypes.FunctionType):
        return Dispatcher(callable_path(value), value)
    return Callable(callable_path(value), value) if callable(value) else None


def _from_cffi(value: Any) -> Any:
    """A function of cffi as one of ctypes; all else as it is."""
    try:
        return ctypes_function(value) or value
    except TypeError as problem:
        error("unsupported-constant", f"this function of C cannot be called: {problem}")


def _find_class_type(cls: type, path: str | None) -> Type | None:
    if issubclass(cls, BaseException):
        return ExceptionClass(path or cls.__qualname__, cls)
    if issubclass(cls, np.generic):
        found = find_scalar_type(np.dtype(cls)) if cls not in _ABSTRACT else None
        if found is not None:
            return DType(found)
    return Callable(callable_path(cls), cls)


_ABSTRACT = frozenset(
    {
        *(np.generic, np.number, np.integer, np.signedinteger, np.unsignedinteger, np.inexact),
        *(np.floating, np.complexfloating, np.flexible, np.character),
    }
)
