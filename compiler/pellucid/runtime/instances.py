"""The Python objects that stand for instances of a `jitclass`.

The classes that `jitclass` makes derive from `InstanceBase`, which is made through the C API. After
the object's head comes

    block     the instance: a counted heap object, one reference to which is the proxy's own

and the block's header holds the proxy, which it does not count (`models/block.py`). The code calls

    pellucid.box_instance   `ptr (ptr class, ptr block)`   a new reference to the proxy of a block,
                            made if there is none; null with Python's error set

`Class(...)` asks the class's own `__pellucid_make__` for an empty instance, then its `__init__`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from pellucid.codegen import pylayout
from pellucid.codegen.models import block

BLOCK = pylayout.HEAD
MAKE = "__pellucid_make__"

_TP_FREE, _TP_DEALLOC, _TP_NEW = 74, 52, 65  # Include/typeslots.h
_BASETYPE = 1 << 10

_TEXT = """
@pellucid.instance.make = private constant [$MAKE_SIZE x i8] c"$MAKE\\00"

declare ptr @PyType_GenericAlloc(ptr, i64)
declare ptr @PyType_GetSlot(ptr, i32)
declare ptr @PyObject_GetAttrString(ptr, ptr)
declare ptr @PyObject_CallNoArgs(ptr)

define ptr @pellucid.box_instance(ptr %type, ptr %block) {
  %slot = getelementptr i8, ptr %block, i64 $PYOBJ
  %known = load ptr, ptr %slot
  %is_new = icmp eq ptr %known, null
  br i1 %is_new, label %make, label %found
found:
  call void @Py_IncRef(ptr %known)
  ret ptr %known
make:
  %made = call ptr @PyType_GenericAlloc(ptr %type, i64 0)
  %failed = icmp eq ptr %made, null
  br i1 %failed, label %done, label %fill
fill:
  %count = load i64, ptr %block
  %more = add i64 %count, 1
  store i64 %more, ptr %block
  %block_at = getelementptr i8, ptr %made, i64 $BLOCK
  store ptr %block, ptr %block_at
  store ptr %made, ptr %slot
  br label %done
done:
  ret ptr %made
}

define ptr @pellucid.instance_new(ptr %type, ptr %args, ptr %keywords) {
  %make = call ptr @PyObject_GetAttrString(ptr %type, ptr @pellucid.instance.make)
  %failed = icmp eq ptr %make, null
  br i1 %failed, label %none, label %call
none:
  ret ptr null
call:
  %made = call ptr @PyObject_CallNoArgs(ptr %make)
  call void @Py_DecRef(ptr %make)
  ret ptr %made
}

define void @pellucid.instance_dealloc(ptr %self) {
  %type_at = getelementptr i8, ptr %self, i64 $TYPE
  %type = load ptr, ptr %type_at
  %block_at = getelementptr i8, ptr %self, i64 $BLOCK
  %block = load ptr, ptr %block_at
  %is_empty = icmp eq ptr %block, null
  br i1 %is_empty, label %free, label %drop
drop:
  %slot = getelementptr i8, ptr %block, i64 $PYOBJ
  store ptr null, ptr %slot
  call void @pellucid.release(ptr %block)
  br label %free
free:
  %give_back = call ptr @PyType_GetSlot(ptr %type, i32 $TP_FREE)
  call void %give_back(ptr %self)
  call void @Py_DecRef(ptr %type)
  ret void
}
"""


def text() -> str:
    """The LLVM text of the functions above."""
    values = {
        "$MAKE_SIZE": len(MAKE) + 1,
        "$MAKE": MAKE,
        "$PYOBJ": block.PYOBJ,
        "$BLOCK": BLOCK,
        "$TYPE": pylayout.TYPE,
        "$TP_FREE": _TP_FREE,
    }
    result = _TEXT
    for name, value in values.items():
        result = result.replace(name, str(value))
    return result


class _Slot(ctypes.Structure):
    _fields_: ClassVar = [("slot", ctypes.c_int), ("pfunc", ctypes.c_void_p)]


class _Spec(ctypes.Structure):
    _fields_: ClassVar = [
        ("name", ctypes.c_char_p),
        ("basicsize", ctypes.c_int),
        ("itemsize", ctypes.c_int),
        ("flags", ctypes.c_uint),
        ("slots", ctypes.POINTER(_Slot)),
    ]


@cache
def instance_base(address: Callable[[str], int]) -> Any:
    """The class that all classes which `jitclass` makes derive from.

    `address` gives the addresses of the runtime's functions, which these are among.
    """
    slots = (_Slot * 3)(
        _Slot(_TP_NEW, address("pellucid.instance_new")),
        _Slot(_TP_DEALLOC, address("pellucid.instance_dealloc")),
    )
    spec = _Spec(b"pellucid.runtime.instances.InstanceBase", BLOCK + 8, 0, _BASETYPE, slots)
    make = ctypes.pythonapi["PyType_FromSpec"]
    make.restype = ctypes.py_object
    return make(ctypes.byref(spec))


@cache
def _binder() -> Any:
    new = ctypes.pythonapi["PyInstanceMethod_New"]
    new.restype = ctypes.py_object
    new.argtypes = (ctypes.py_object,)
    return new


def method(function: Any) -> Any:
    """What binds `function`, any callable, to the instance that it is asked of."""
    return _binder()(function)
