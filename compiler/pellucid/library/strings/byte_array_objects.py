"""Python's bytearrays as arguments and results: the same memory, while the length stays."""

from __future__ import annotations

from pellucid.inference.overloads import overload
from pellucid.ir.protocol import box, unbox, write_back
from pellucid.library.builtins.heap import free_items, get, move_items, new, put
from pellucid.library.objects.byte_arrays import (
    byte_array_data,
    byte_array_new,
    byte_array_resize,
    byte_array_size,
    byte_array_users,
)
from pellucid.library.objects.calls import require_objects
from pellucid.library.objects.checks import is_exact, is_null_object
from pellucid.library.objects.conversion import marked, zero
from pellucid.library.strings.byte_arrays import require_array


@overload(unbox)
def unbox_byte_array(obj, ty):
    """A bytearray in its own memory."""
    require_objects(obj)
    require_array(marked(ty))
    return _unbox


def _unbox(obj, ty):
    if not is_exact(obj, "PyByteArray_Type"):
        return False, zero(ty)
    made = new(ty)
    _lend(made, obj)
    return True, made


def _lend(value, obj):
    """Let a bytearray lie in the memory of a Python object."""
    byte_array_users(obj, 1)
    put(value, "origin", obj)
    put(value, "is_lent", True)
    put(value, "items", byte_array_data(obj))
    put(value, "length", byte_array_size(obj))
    put(value, "capacity", byte_array_size(obj))


@overload(box)
def box_byte_array(value):
    """The Python bytearray that one came from, brought up to date; else a new one."""
    require_array(value)
    return _box


def _box(value):
    origin = get(value, "origin")
    if not is_null_object(origin):
        write_back(origin, value)
        return origin
    made = byte_array_new(get(value, "items"), get(value, "length"))
    _share(value, made)
    return made


@overload(write_back)
def write_back_byte_array(obj, value):
    """The bytes of one whose length changed."""
    require_objects(obj)
    require_array(value)
    return _write_back


def _write_back(obj, value):
    if get(value, "is_lent"):
        return
    byte_array_resize(obj, get(value, "length"))
    move_items(byte_array_data(obj), get(value, "items"), get(value, "length"))
    _share(value, obj)


def _share(value, obj):
    """From now on, both have the object's memory; but where there are views of the other."""
    if get(value, "exports") == 0:
        free_items(get(value, "items"))
        _lend(value, obj)
