"""The base class of dispatchers: calling an instance jumps to the machine code in its slot.

CPython calls an object through a function pointer in the object itself where the type says so
(`Py_TPFLAGS_HAVE_VECTORCALL`, PEP 590). No Python class can have that, so the type is made through
the C API. Its instances hold, besides what a Python subclass adds,

    vectorcall   the address of the entry; null: the subclass's `__call__` is called
    _code        a Python object that lives until the instance's memory goes, and that the garbage
                 collector does not see: it must not refer back to the instance
    cells        the tuple of the function's cells, not counted: the subclass holds it
    guard        the address of what must still be so for the code to be right (`guards.py`)
    passed       a tuple, not counted: the function that stands for it as an argument, its function

A subclass that defines `__call__` loses the flag (3.12), or never inherits it (3.11): `enable`
sets it again, which is right because the slot of an instance is null or an entry that does as
`__call__` does.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

from pellucid.codegen import pylayout

VECTORCALL_OFFSET = pylayout.HEAD
_CODE_OFFSET = pylayout.HEAD + 8
_BASIC_SIZE = pylayout.DISPATCHER_PASSED + 8

_TP_CALL, _TP_MEMBERS = 50, 72  # Include/typeslots.h
_T_OBJECT_EX, _T_PYSSIZET = 16, 19  # Include/structmember.h
_READONLY = 1
_BASETYPE, _HAVE_VECTORCALL = 1 << 10, 1 << 11
_FLAGS_OFFSET, _VECTORCALL_OFFSET_OFFSET = 168, 56  # PyTypeObject, since 3.8


class _Slot(ctypes.Structure):
    _fields_ = (("slot", ctypes.c_int), ("pfunc", ctypes.c_void_p))


class _Member(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("type", ctypes.c_int),
        ("offset", ctypes.c_ssize_t),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


class _Spec(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("basicsize", ctypes.c_int),
        ("itemsize", ctypes.c_int),
        ("flags", ctypes.c_uint),
        ("slots", ctypes.POINTER(_Slot)),
    )


_MEMBERS = (_Member * 3)(
    _Member(b"__vectorcalloffset__", _T_PYSSIZET, VECTORCALL_OFFSET, _READONLY, None),
    _Member(b"_code", _T_OBJECT_EX, _CODE_OFFSET, 0, None),
)
"""The type keeps pointers into this."""


def _make_entry_type() -> type:
    reason = pylayout.find_unsupported()
    if reason is not None:
        raise ImportError(reason)
    call = ctypes.cast(ctypes.pythonapi["PyVectorcall_Call"], ctypes.c_void_p)
    slots = (_Slot * 3)(
        _Slot(_TP_MEMBERS, ctypes.addressof(_MEMBERS)),
        _Slot(_TP_CALL, call),
    )
    flags = _BASETYPE | _HAVE_VECTORCALL
    spec = _Spec(b"pellucid.runtime.entry_type.EntryType", _BASIC_SIZE, 0, flags, slots)
    make = ctypes.pythonapi["PyType_FromSpec"]
    make.restype = ctypes.py_object
    made: Any = make(ctypes.byref(spec))
    return made


if TYPE_CHECKING:

    class EntryType:
        """The base class, as type checkers see it."""

        _code: Any
else:
    EntryType = _make_entry_type()


def enable(cls: type) -> None:
    """Let instances of a subclass be called through their slots."""
    flags = ctypes.c_ulong.from_address(id(cls) + _FLAGS_OFFSET)
    if flags.value != cls.__flags__:
        message = f"CPython {sys.version.split()[0]} keeps the flags of types in another place"
        raise ImportError(message)
    offset = ctypes.c_ssize_t.from_address(id(cls) + _VECTORCALL_OFFSET_OFFSET)
    offset.value = VECTORCALL_OFFSET
    flags.value |= _HAVE_VECTORCALL
    modified = ctypes.pythonapi["PyType_Modified"]
    modified.argtypes = (ctypes.py_object,)
    modified.restype = None
    modified(cls)


def set_entry(instance: EntryType, entry: int | None) -> None:
    """Call `instance` through the entry at an address; None: through `__call__`."""
    ctypes.c_void_p.from_address(id(instance) + VECTORCALL_OFFSET).value = entry


def set_guard(instance: EntryType, cells: int | None, guard: int) -> None:
    """Give an instance the addresses of its function's cells and of its guard."""
    ctypes.c_void_p.from_address(id(instance) + pylayout.DISPATCHER_CELLS).value = cells
    ctypes.c_void_p.from_address(id(instance) + pylayout.DISPATCHER_GUARD).value = guard


def set_passed(instance: EntryType, address: int) -> None:
    """Give an instance the address of the tuple that says what it is as an argument."""
    ctypes.c_void_p.from_address(id(instance) + pylayout.DISPATCHER_PASSED).value = address


def get_entry(instance: EntryType) -> int | None:
    """The address of the entry of `instance`, if it has one."""
    return ctypes.c_void_p.from_address(id(instance) + VECTORCALL_OFFSET).value
