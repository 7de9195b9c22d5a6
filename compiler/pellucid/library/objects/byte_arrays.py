"""Python's bytearrays: their memory, lent to compiled code, and made anew.

While `lent` counts one more user of an object's memory, Python refuses to move it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.codegen import pylayout
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import intrinsic
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import ItemsPointer
from pellucid.library.objects.calls import (
    I64,
    MAKES,
    POINTER,
    Gives,
    c_function,
    emit,
    require_objects,
)
from pellucid.types import Pointer, int64, pyobject, uint8

ITEMS = Pointer(uint8)
_UPDATES = Effects.READS | Effects.WRITES


@intrinsic
def byte_array_data(obj):
    """Where the bytes of a bytearray lie."""
    require_objects(obj)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg
        return objects.call("PyByteArray_AsString", POINTER, args[0])

    return emit("byte_array_data", ITEMS(pyobject), body, lambda b: ItemsPointer(list(b)))


@intrinsic
def byte_array_size(obj):
    """`len(obj)` of a bytearray."""
    require_objects(obj)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg
        return objects.field(args[0], pylayout.SIZE, I64, 8)

    return emit("byte_array_size", int64(pyobject), body, len)


@intrinsic
def byte_array_users(obj, change):
    """How many users a bytearray's memory has, after so many more."""
    require_objects(obj)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        builder = objects.builder
        address = cg.offset(args[0], pylayout.BYTE_ARRAY_EXPORTS)
        users = builder.add(builder.load(address, typ=I64, align=8), args[1])
        builder.store(users, address, align=8)
        return users

    def run(_: bytearray, change: int) -> int:
        return max(change, 0)

    return emit("byte_array_users", int64(pyobject, int64), body, run, _UPDATES)


@intrinsic
def byte_array_resize(obj, size):
    """Give a bytearray another length; BufferError if its memory is in use."""
    require_objects(obj)

    def run(value: bytearray, size: int) -> None:
        value[size:] = bytes(max(size - len(value), 0))

    effects = Effects.RAISES | Effects.READS | Effects.WRITES
    params = [pyobject, int64]
    return c_function("PyByteArray_Resize", Gives.STATUS, params, run, effects)


@intrinsic
def byte_array_new(items, size):
    """A bytearray of bytes in memory."""

    def run(items: ItemsPointer, size: int) -> bytearray:
        return bytearray(items.items[items.position : items.position + size])

    params = [ITEMS, int64]
    return c_function("PyByteArray_FromStringAndSize", Gives.OBJECT, params, run, MAKES)
