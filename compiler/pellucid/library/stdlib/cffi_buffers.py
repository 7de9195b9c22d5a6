"""`ffi.from_buffer(array)` of cffi: the address of an array's items, for functions of C."""

from __future__ import annotations

from typing import Any

from pellucid.inference.overloads import Overload, overload, refuse
from pellucid.types import Array


def _template(array):
    """The address of a contiguous array's items; it keeps the array."""
    if not isinstance(array, Array):
        refuse(f"from_buffer() takes an array, not a {array.base}")
    if not array.is_contiguous:
        refuse("from_buffer() takes a contiguous array: copy it")
    return _address


def _address(array):
    return array.ctypes


def _declare(key: str) -> Any:
    made: Overload = overload(key)(_template)
    return made


of_inline = _declare("cffi.api.FFI.from_buffer")
of_module = _declare("?.FFI.from_buffer")
