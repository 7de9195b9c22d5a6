"""Functions that compiled code calls through an address: where Python objects have such code.

    pellucid.find_function   `ptr (ptr object, ptr signature, ptr pair)`
    pellucid.unraisable      `void (ptr ctx, ptr function)`    print the exception in the context

`find_function` asks `find` here. `pair` becomes the address of code by the convention of function
types and that of a C function, one of them null; both are, if the object is no function with this
signature. It gives a new reference to None, or null with Python's error set.

    a compiled function     compiled for the signature when it is first asked for
    a `cfunc`               if it has this signature
    a C function of ctypes or cffi, if its argtypes and restype say so
    an object with `__wrapper_address__()` and `signature()`
"""

from __future__ import annotations

import ctypes
from typing import Any

from pellucid.base.diagnostics import CompileError
from pellucid.types import FunctionType, Signature, Tuple, Type
from pellucid.types.cffi_types import ctypes_function
from pellucid.types.syntax import signature_from_text
from pellucid.types.typeof import foreign_signature, is_dispatcher

_TEXT = """
@pellucid.python.find_function = external global i8

declare ptr @PyLong_FromVoidPtr(ptr)
declare ptr @PyUnicode_FromString(ptr)
declare ptr @PyObject_CallFunctionObjArgs(ptr, ...)
declare void @PyErr_WriteUnraisable(ptr)
declare i32 @PyGILState_Ensure()
declare void @PyGILState_Release(i32)

define ptr @pellucid.find_function(ptr %object, ptr %signature, ptr %pair) {
  %text = call ptr @PyUnicode_FromString(ptr %signature)
  %no_text = icmp eq ptr %text, null
  br i1 %no_text, label %failed, label %ask
ask:
  %address = call ptr @PyLong_FromVoidPtr(ptr %pair)
  %answer = call ptr (ptr, ...) @PyObject_CallFunctionObjArgs(
      ptr @pellucid.python.find_function, ptr %object, ptr %text, ptr %address, ptr null)
  call void @Py_DecRef(ptr %text)
  call void @Py_DecRef(ptr %address)
  ret ptr %answer
failed:
  ret ptr null
}

define void @pellucid.unraisable(ptr %ctx, ptr %function) {
  %state = call i32 @PyGILState_Ensure()
  call void @pellucid.throw(ptr %ctx)
  call void @PyErr_WriteUnraisable(ptr %function)
  call void @PyGILState_Release(i32 %state)
  ret void
}
"""


def text() -> str:
    """The LLVM text of the functions above."""
    return _TEXT


_known: dict[str, Signature] = {}


def find(obj: Any, signature: str, address: int) -> None:
    """Write down the two addresses for an object; Any: any Python object."""
    wanted = _known.get(signature)
    if wanted is None:
        read = signature_from_text(signature)
        assert isinstance(read, Signature)
        wanted = _known[signature] = read
    try:
        found = addresses(obj, wanted)
    except (TypeError, CompileError):
        found = (0, 0)
    pair = (ctypes.c_uint64 * 2).from_address(address)
    pair[0], pair[1] = found


def addresses(obj: Any, signature: Signature) -> tuple[int, int]:
    """The two addresses; a TypeError or CompileError says why there are none."""
    if is_dispatcher(obj):
        return obj.native(signature).direct, 0
    own = foreign_signature(obj)
    if own is None or own != signature:
        what = f"the signature {own}" if own is not None else "no signature"
        message = f"{obj!r} has {what}, and {signature} is wanted"
        raise TypeError(message)
    code = getattr(obj, "__pellucid_code__", None)
    return (code.direct, 0) if code is not None else (0, c_address(obj))


def c_address(obj: Any) -> int:
    """The address of the C function that an object stands for."""
    if hasattr(obj, "__wrapper_address__"):
        return int(obj.__wrapper_address__())
    return ctypes.cast(ctypes_function(obj) or obj, ctypes.c_void_p).value or 0


def require_functions(obj: Any, ty: Type, name: str) -> None:
    """Raise the TypeError that says why an argument is no function of the type that it must be."""
    if isinstance(ty, Tuple):
        for item, item_ty in zip(obj, ty.elems, strict=True):
            require_functions(item, item_ty, name)
    elif isinstance(ty, FunctionType):
        try:
            addresses(obj, ty.signature)
        except CompileError as problem:
            message = f"{name}(): {obj!r} cannot be compiled as {ty.signature}: {problem}"
            raise TypeError(message) from None
