"""Functions of C that Python knows by `ctypes`: called with C's types, as ctypes converts to them.

The code loads the address out of the ctypes object, which lies in this process. So code with such
a call is not kept on disk, and no address goes stale.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from pellucid.inference.overloads import Overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.types import (
    Array,
    Boolean,
    BytesType,
    Float,
    Integer,
    NoneType,
    Pointer,
    Struct,
    Type,
    boolean,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    none,
    uint8,
    uint16,
    uint32,
    uint64,
)
from pellucid.types.signature import Signature

FunctionPointer = ctypes._CFuncPtr  # type: ignore[attr-defined]  # private, and the class of all of them
_SIGNED = {1: int8, 2: int16, 4: int32, 8: int64}
_UNSIGNED = {1: uint8, 2: uint16, 4: uint32, 8: uint64}
_FLOATS = {ctypes.c_float: float32, ctypes.c_double: float64}

_KEPT = "_pellucid_overload"


def overload_of(function: Any) -> Overload:
    """A function pointer of ctypes, as a function of compiled code."""
    found = vars(function).get(_KEPT)  # such an object has no hash, and its own attributes
    if not isinstance(found, Overload):
        name = getattr(function, "__name__", None) or "function"
        found = Overload(f"ctypes.{name}", lambda *args: _call_of(function, name, args))
        setattr(function, _KEPT, found)
    return found


def _scalar(c_type: Any) -> Type | None:
    """The type of compiled code that is a simple type of C."""
    if c_type in _FLOATS:
        return _FLOATS[c_type]
    code = getattr(c_type, "_type_", None)
    if code == "?":
        return boolean
    if isinstance(code, str) and code in "bhilqBHILQ":
        return (_SIGNED if code.islower() else _UNSIGNED)[ctypes.sizeof(c_type)]
    return None


def _is_address(c_type: Any) -> bool:
    return c_type in (ctypes.c_void_p, ctypes.c_char_p) or _pointed(c_type) is not None


def _pointed(c_type: Any) -> Type | None:
    """What a typed pointer of ctypes points to; None of others."""
    pointer = ctypes._Pointer  # type: ignore[attr-defined]  # private, and the class of all of them
    is_pointer = isinstance(c_type, type) and issubclass(c_type, pointer)
    return _scalar(getattr(c_type, "_type_", None)) if is_pointer else None


def _call_of(function: Any, name: str, args: Sequence[Type]) -> Primitive:
    if function.argtypes is None:
        refuse(f"{name} doesn't define its argument types: set its `argtypes`")
    if len(args) != len(function.argtypes):
        refuse(f"{name} takes {len(function.argtypes)} arguments, not {len(args)}")
    params = tuple(map(_parameter, function.argtypes, args))
    if function.restype is None:
        ret: Type = none
    elif function.restype is ctypes.c_void_p:
        ret = uint64  # as an int, which Python gets too
    else:
        ret = _scalar(function.restype) or refuse(
            f"a result of {function.restype.__name__} is not supported"
        )
    sig = Signature(ret, params)

    def lower(cg: Any, values: Sequence[Any]) -> Any:
        return cg.call_ctypes(function, sig, values)

    has_texts = any(isinstance(ty, BytesType) for ty in params)
    effects = _EFFECTS | Effects.RAISES if has_texts else _EFFECTS  # they are copied
    return Primitive(f"ctypes.{name}", sig, lower, function, effects)


_EFFECTS = Effects.READS | Effects.WRITES | Effects.IO


def _parameter(c_type: Any, given: Type) -> Type:
    """The type that an argument is converted to."""
    base = given.base
    if _is_address(c_type):
        return _address_parameter(c_type, base)
    ty = _scalar(c_type)
    if ty is None:
        refuse(f"a parameter of {c_type.__name__} is not supported")
    if isinstance(ty, Float) and isinstance(base, (Integer, Float, Boolean)):
        return ty
    if isinstance(ty, (Integer, Boolean)) and isinstance(base, (Integer, Boolean)):
        return ty
    return refuse(f"a {base} is no {c_type.__name__}")


def _address_parameter(c_type: Any, given: Type) -> Type:
    pointed = _pointed(c_type)
    if isinstance(given, NoneType) or (isinstance(given, Integer) and pointed is None):
        return given
    if c_type is ctypes.c_char_p and isinstance(given, BytesType):
        return given
    if _holds_address(given):
        assert isinstance(given, Struct)
        held = dict(given.fields)["array"]
        if pointed is None or (isinstance(held, Array) and held.dtype == pointed):
            return given
        refuse(f"a pointer to {pointed} is no address of an {held}")
    if isinstance(given, Pointer):
        if pointed in (None, given.elem_ty):
            return given
        refuse(f"a pointer to {given.elem_ty} is none to {pointed}")
    return refuse(f"a {given} is not an address: pass array.ctypes")


def _holds_address(ty: Type) -> bool:
    return isinstance(ty, Struct) and ty.name == "array_address"
