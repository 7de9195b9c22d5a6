"""What `cffi` knows of C, as types of compiled code. cffi itself is not needed until it is there.

A function of cffi becomes one of ctypes with the same address: compiled code calls it as such.
"""

from __future__ import annotations

import ctypes
import sys
from types import BuiltinFunctionType
from typing import Any

from pellucid.types.arrays import Pointer
from pellucid.types.kinds import Type
from pellucid.types.scalars import NoneType, find_scalar_type, none

# Any: cffi's objects, which may not be there.

_BACKEND = "_cffi_backend"
_FLOATS = {"float": ctypes.c_float, "double": ctypes.c_double, "_Bool": ctypes.c_bool}
_SIGNED = {1: ctypes.c_int8, 2: ctypes.c_int16, 4: ctypes.c_int32, 8: ctypes.c_int64}
_UNSIGNED = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}
_OTHER = frozenset({"long double", "float _Complex", "double _Complex", "wchar_t", "char16_t"})

_made: dict[tuple[int, str], Any] = {}
_registered: dict[Any, Any] = {}
_own: dict[Any, Type] = {}


def is_cffi_namespace(value: Any) -> bool:
    """Whether an object is a library of cffi, or an `FFI`: what is asked of it are its members."""
    name = type(value).__qualname__.rpartition(".")[2]
    return name in ("FFI", "FFILibrary", "Lib") and type(value).__module__ in ("cffi.api", _BACKEND)


def ctypes_function(value: Any) -> Any:
    """The ctypes object for a function of cffi; None if it is none, or not registered."""
    backend: Any = sys.modules.get(_BACKEND)
    if isinstance(value, BuiltinFunctionType):
        value = _registered.get(value)
    if backend is None or not isinstance(value, backend._CDataBase):
        return None
    c_type = backend.typeof(value)
    if c_type.kind != "function" or c_type.ellipsis:
        return None
    address = int(backend.cast(backend.new_primitive_type("uintptr_t"), value))
    key = (address, c_type.cname)
    made = _made.get(key)
    if made is None:
        params = [_ctypes_class(each) for each in c_type.args]
        ret = None if c_type.result.kind == "void" else _ctypes_class(c_type.result)
        made = _made[key] = ctypes.CFUNCTYPE(ret, *params)(address)
        made.__name__ = "function"
    return made


def _ctypes_class(c_type: Any) -> Any:
    """The class of ctypes for a type of cffi; a TypeError if there is none."""
    backend: Any = sys.modules[_BACKEND]
    own = _own.get(c_type)
    if own is not None and not isinstance(own, Pointer):
        message = f"{c_type.cname} is registered as {own}, which cannot be passed to C"
        raise TypeError(message)
    name = c_type.cname
    if c_type.kind == "primitive" and name not in _OTHER:
        if name in _FLOATS:
            return _FLOATS[name]
        is_unsigned = "unsigned" in name or name.startswith("uint") or name == "size_t"
        return (_UNSIGNED if is_unsigned else _SIGNED)[backend.sizeof(c_type)]
    if c_type.kind == "enum":
        return _SIGNED[backend.sizeof(c_type)]
    if c_type.kind == "pointer":
        if own is None and c_type.item.cname == "char":
            return ctypes.c_char_p
        if own is None and c_type.item.kind in ("primitive", "enum"):
            return ctypes.POINTER(_ctypes_class(c_type.item))
        return ctypes.c_void_p
    message = f"{name} cannot be passed to compiled code"
    raise TypeError(message)


def map_type(cffi_type: Any, use_record_dtype: bool = False) -> Type:
    """The type of compiled code for a type of cffi's."""
    own = _own.get(cffi_type)
    if own is not None:
        return own
    kind = cffi_type.kind
    if kind == "void":
        return none
    if kind in ("primitive", "enum"):
        found = find_scalar_type(_numpy_dtype(_ctypes_class(cffi_type)))
        assert found is not None
        return found
    if kind == "pointer":
        if cffi_type.item.kind in ("void", "struct", "union", "function"):
            if use_record_dtype and cffi_type.item.kind == "struct":
                message = f"{cffi_type.cname}: compiled code has no records yet"
                raise TypeError(message)
            return Pointer(none)
        return Pointer(map_type(cffi_type.item, use_record_dtype))
    message = f"{cffi_type.cname} has no type in compiled code"
    raise TypeError(message)


def _numpy_dtype(cls: Any) -> Any:
    import numpy as np

    return np.dtype(cls)


def register_module(module: Any) -> None:
    """Let compiled code call the functions of an out-of-line module that cffi has compiled."""
    for name in dir(module.lib):
        found = getattr(module.lib, name)
        if isinstance(found, BuiltinFunctionType):
            _registered[found] = module.ffi.addressof(module.lib, name)


def register_type(cffi_type: Any, ty: Any) -> None:
    """Let a type of cffi's, such as a pointer to a struct, stand for a type of compiled code."""
    if isinstance(ty, NoneType) or not isinstance(ty, Type):
        message = f"{ty!r} is no type of a value"
        raise TypeError(message)
    _own[cffi_type] = ty
