"""Where CPython and NumPy keep the fields of their objects, for the interpreter that runs us.

Offsets are in bytes. All of them are part of those projects' ABI for the versions that Pellucid
supports (CPython 3.11 to 3.14 with the GIL, NumPy 1.26 and 2), except the digits of an int, whose
layout changed in 3.12: the fast path below reads it, and everything else asks the C API.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np

# struct _object { Py_ssize_t ob_refcnt; PyTypeObject *ob_type; }
REFCOUNT = 0
TYPE = 8
HEAD = 16

# PyVarObject: ob_size after the head. PyTupleObject: the items.
SIZE = HEAD
TUPLE_ITEMS = HEAD + 8

# PyListObject: the address of the items.
LIST_ITEMS = HEAD + 8

# PyByteArrayObject: after its allocation and the two addresses in it, how many views it has.
BYTE_ARRAY_EXPORTS = HEAD + 32

# PyMemoryViewObject: its flags, and the Py_buffer in it.
MEMORY_VIEW_FLAGS = HEAD + 24
MEMORY_VIEW_DATA = HEAD + 40
MEMORY_VIEW_BYTES = HEAD + 56
MEMORY_VIEW_READONLY = HEAD + 72
MEMORY_VIEW_NDIM = HEAD + 76
MEMORY_VIEW_FORMAT = HEAD + 80
MEMORY_VIEW_SHAPE = HEAD + 88
MEMORY_VIEW_STRIDES = HEAD + 96

# The flags: released, contiguous in C's and in Fortran's order, with items behind addresses.
VIEW_RELEASED, VIEW_C, VIEW_F, VIEW_INDIRECT = 1, 2, 4, 16

# PyLongObject. 3.11: Py_ssize_t ob_size (sign and number of digits). 3.12: uintptr_t lv_tag.
LONG_TAG = HEAD
LONG_DIGIT = HEAD + 8
HAS_LONG_TAG = sys.version_info >= (3, 12)
LONG_COMPACT_TAGS = 16  # tags below this: at most one digit
LONG_SIGN_MASK = 3  # 0 positive, 1 zero, 2 negative

# PyFloatObject.ob_fval, PyComplexObject.cval, and the value of any NumPy scalar.
SCALAR_VALUE = HEAD

# PySliceObject, and rangeobject (which has had this layout since 3.3).
SLICE_FIELDS = (HEAD, HEAD + 8, HEAD + 16)
RANGE_FIELDS = (HEAD, HEAD + 8, HEAD + 16, HEAD + 24)

# PyArrayObject_fields
ARRAY_DATA = HEAD
ARRAY_NDIM = HEAD + 8
ARRAY_SHAPE = HEAD + 16
ARRAY_STRIDES = HEAD + 24
ARRAY_DESCR = HEAD + 40
ARRAY_FLAGS = HEAD + 48

# PyArray_Descr (the same in NumPy 1 and 2 up to type_num)
DESCR_KIND = HEAD + 8
DESCR_BYTEORDER = HEAD + 10
DESCR_TYPE_NUM = HEAD + 12

# PyASCIIObject and PyCompactUnicodeObject: the text follows them. 3.11 still has `wstr`.
TEXT_LENGTH = HEAD
TEXT_STATE = HEAD + 16
TEXT_ASCII_DATA = HEAD + 24 if sys.version_info >= (3, 12) else HEAD + 32
TEXT_DATA = HEAD + 40 if sys.version_info >= (3, 12) else HEAD + 56

# PyBytesObject: the size, the hash, the bytes.
BYTES_DATA = HEAD + 16

# The bits of its state: two for interning, three for the width, then these.
TEXT_KIND_SHIFT = 2
TEXT_COMPACT = 1 << 5
TEXT_ASCII = 1 << 6

FOREIGN_ORDER = ord(">" if sys.byteorder == "little" else "<")
"""What the byte order of a dtype must not be; one-byte items have `|`."""

FLAG_C = 0x0001
FLAG_F = 0x0002
FLAG_ALIGNED = 0x0100
FLAG_WRITEABLE = 0x0400

# PyCellObject.ob_ref; PyASCIIObject.hash; PyDictObject.ma_version_tag, which is gone in 3.12, when
# dictionaries began to be watched.
CELL_VALUE = HEAD
TEXT_HASH = HEAD + 8
DICT_VERSION = HEAD + 8
HAS_DICT_WATCHERS = sys.version_info >= (3, 12)

# A dispatcher (`runtime/entry_type.py`): after its entry and the code that it keeps alive, the
# tuple of its function's cells, its guard (`runtime/guards.py`), and what it was last passed as
# (`runtime/passed.py`).
DISPATCHER_CELLS = HEAD + 16
DISPATCHER_GUARD = HEAD + 24
DISPATCHER_PASSED = HEAD + 32

# PyFunctionObject (3.11 and later): its globals, code, defaults and cells.
FUNCTION_GLOBALS = HEAD
FUNCTION_CODE = HEAD + 32
FUNCTION_DEFAULTS = HEAD + 40
FUNCTION_KEYWORD_DEFAULTS = HEAD + 48
FUNCTION_CELLS = HEAD + 56

IMMORTAL_CONSTANTS = sys.version_info >= (3, 12)
"""None, True and False need no counting (PEP 683)."""


def find_unsupported() -> str | None:
    """Why this interpreter's objects cannot be read, if they cannot."""
    if sys.implementation.name != "cpython":
        return f"Pellucid compiles for CPython, and this is {sys.implementation.name}"
    if sys.maxsize < 1 << 32:
        return "Pellucid needs a 64-bit Python"
    if object.__basicsize__ != HEAD:
        return "Pellucid does not support free-threaded or debug builds of CPython yet"
    return None


@cache
def type_numbers(dtype_name: str) -> tuple[int, ...]:
    """NumPy's type numbers whose items are those of `dtype_name`: `long` and `long long`, say."""
    wanted = np.dtype(dtype_name)
    codes = "?bBhHiIlLqQfdFD"
    return tuple(np.dtype(c).num for c in codes if np.dtype(c) == wanted)


def address_of(pyobj: Any) -> int:
    """The address of a Python object (CPython's `id`)."""
    return id(pyobj)
