"""The names of types that are one word, Numba's among them."""

from __future__ import annotations

from pellucid.types.arrays import Pointer, memory_block
from pellucid.types.containers import bytes_type, ellipsis, not_implemented, unicode_type
from pellucid.types.functions import undefined
from pellucid.types.heap import byte_array, view_hold
from pellucid.types.kinds import Type
from pellucid.types.objects import pyobject
from pellucid.types.scalars import (
    boolean,
    complex64,
    complex128,
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

_NAMES: dict[Type, str] = {
    none: "None NoneType void",
    boolean: "boolean bool_ b1",
    int8: "i1 char",
    int16: "i2 short",
    int32: "i4 intc",
    int64: "i8 int int_ intp long_ longlong ssize_t",
    uint8: "u1 byte uchar",
    uint16: "u2 ushort",
    uint32: "u4 uintc",
    uint64: "u8 uint uintp ulong ulonglong size_t",
    float32: "f4 float_ single",
    float64: "f8 float double",
    complex64: "c8",
    complex128: "c16 complex",
    unicode_type: "unicode_type string",
    bytes_type: "bytes_type",
    byte_array: "",
    view_hold: "",
    pyobject: "",
    Pointer(none): "voidptr",
    undefined: "",
    memory_block: "",
    ellipsis: "",
    not_implemented: "",
}

TYPES_BY_NAME: dict[str, Type] = {
    name: ty for ty, names in _NAMES.items() for name in (str(ty), *names.split())
}
"""Every type that is one word: its own text, and Numba's other names for it."""
