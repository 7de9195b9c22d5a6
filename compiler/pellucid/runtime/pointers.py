"""`carray(pointer, shape)` and `farray(pointer, shape)`: memory of C as an array, not copied."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

# Any: pointers are of ctypes' many classes, and arrays of every dtype.


def carray(ptr: Any, shape: Any, dtype: Any = None) -> np.ndarray[Any, Any]:
    """An array over the items at a pointer, in C order. Nothing keeps the memory alive."""
    return _view(ptr, shape, dtype, "C")


def farray(ptr: Any, shape: Any, dtype: Any = None) -> np.ndarray[Any, Any]:
    """The same in Fortran order."""
    return _view(ptr, shape, dtype, "F")


def _view(ptr: Any, shape: Any, dtype: Any, order: Any) -> np.ndarray[Any, Any]:
    if isinstance(ptr, ctypes.c_void_p):
        address, own = ptr.value, None
        if dtype is None:
            message = "explicit dtype required for void* argument"
            raise TypeError(message)
    elif isinstance(ptr, ctypes._Pointer):  # type: ignore[attr-defined]  # private, and the class of all of them
        address = ctypes.cast(ptr, ctypes.c_void_p).value
        own = np.dtype(type(ptr)._type_)  # type: ignore[arg-type]  # which NumPy reads
    else:
        message = f"expected a ctypes pointer, got {ptr!r}"
        raise TypeError(message)
    wanted = own if dtype is None else np.dtype(dtype)
    assert wanted is not None
    if own is not None and wanted != own:
        message = f"mismatching dtype '{wanted}' for pointer {ptr!r}"
        raise TypeError(message)
    lengths = (shape,) if isinstance(shape, int) else shape
    if not isinstance(lengths, tuple) or not all(isinstance(n, int) for n in lengths):
        message = f"invalid shape {shape!r}: an int or a tuple of ints"
        raise TypeError(message)
    nbytes = int(np.prod(lengths)) * wanted.itemsize
    memory = (ctypes.c_char * nbytes).from_address(address or 0)
    # The stubs do not know that arrays of ctypes are buffers.
    return np.ndarray(lengths, wanted, memory, order=order)  # type: ignore[arg-type]
