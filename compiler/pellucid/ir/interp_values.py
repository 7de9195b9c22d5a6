"""What the reference interpreter computes with in typed functions.

    numbers, bool, None, str     the Python objects; numbers are kept to the width of their type
    tuples                       Python tuples
    slices, ranges               Python's own
    Optional                     the value or None
    arrays                       `ArrayValue`: a real address with shape and strides in bytes
    pointers                     int addresses
    memory blocks                any object that keeps the memory alive
    Struct                       `StructValue`, a dict of its fields
    heap objects                 `HeapValue`; what they point to: `ItemsPointer`
    members of enumerations      the integers that stand for them
    exceptions                   exception objects
    closures                     tuples of the captured values
    pyobject                     the Python object itself
    things known while compiling themselves

Pointers are real, so that primitives which load and store act on memory that NumPy sees too.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.ir.protocol import UNBOUND
from pellucid.types import (
    Array,
    Boolean,
    BoundMethod,
    BytesType,
    CaughtException,
    Closure,
    Complex,
    EnumMember,
    ExceptionInstance,
    Float,
    FunctionUnion,
    HeapType,
    Integer,
    List,
    Literal,
    Number,
    Optional,
    PyObject,
    Struct,
    Tuple,
    Type,
    UnicodeType,
    Union,
    dtype_of,
    find_scalar_type,
    int64,
)
from pellucid.types.arrays import MemoryBlock
from pellucid.types.convert import member_index

# Any: the interpreter's values are Python objects of every kind.


@dataclass(frozen=True)
class ArrayValue:
    """An array: `owner` keeps the memory alive; `data` is the address of the first item."""

    owner: Any
    data: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class StructValue(dict[str, Any]):
    """An internal record of the library: field names to values, in order."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class BlockValue:
    """Fresh memory of `size` bytes, 64-byte aligned; it lives as long as this object."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._memory = ctypes.create_string_buffer(size + 64)
        self.address = (ctypes.addressof(self._memory) + 63) & ~63


class HeapValue:
    """An object on the heap: its fields by name, which change."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields


@dataclass(frozen=True)
class ItemsPointer:
    """A place in memory of items that need not be scalars: an index into a list."""

    items: list[Any]
    position: int = 0


def wrap(value: Any, ty: Type) -> Any:
    """`value` kept to the width of `ty`: integers wrap, float32 rounds. Not a conversion."""
    if value is UNBOUND:
        return value
    match ty:
        case Integer():
            return _wrap_int(int(value), ty)
        case Boolean():
            return bool(value)
        case Float():
            return float(value) if ty.bits == 64 else _round32(float(value))
        case Complex():
            value = complex(value)
            if ty.bits == 128:
                return value
            return complex(_round32(value.real), _round32(value.imag))
        case Tuple():
            return tuple(wrap(v, e) for v, e in zip(value, ty.elems, strict=True))
        case Optional():
            return None if value is None else wrap(value, ty.value_ty)
        case Struct():
            return StructValue({name: wrap(value[name], t) for name, t in ty.fields})
        case _:
            return value


def _wrap_int(value: int, ty: Integer) -> int:
    value &= (1 << ty.bits) - 1
    return value - (1 << ty.bits) if ty.signed and value >> (ty.bits - 1) else value


def _round32(value: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.float32(value))


def convert(value: Any, source: Type, target: Type) -> Any:
    """`value` of type `source` as the type `target`, as a `Convert` op does."""
    source = source.base
    if source == target:
        return value
    if value is UNBOUND:
        # Code that moved ahead of its guard may compute with it: zero, as in machine code.
        return wrap(0, target) if isinstance(target, (Number, Boolean)) else value
    if isinstance(source, BoundMethod):
        return convert(value, source.receiver, target)
    match target:
        case BoundMethod():
            return convert(value, source, target.receiver)
        case Integer() | Float() | Complex() | Boolean():
            return _convert_scalar(value, source, target)
        case Union():
            index, member = value if isinstance(source, Union) else (0, value)
            own = source.members[index] if isinstance(source, Union) else source
            place = member_index(own, target)
            assert place is not None, f"{own} is none of {target}"
            return place, convert(member, own, target.members[place])
        case Closure() if isinstance(source, Closure):
            parts = zip(value, source.captured, target.captured, strict=True)
            return tuple(convert(v, s, t) for v, s, t in parts)
        case Optional():
            inner = source.value_ty if isinstance(source, Optional) else source
            return None if value is None else convert(value, inner, target.value_ty)
        case Tuple() if isinstance(source, Tuple):
            parts = zip(value, source.elems, target.elems, strict=True)
            return tuple(convert(v, s, t) for v, s, t in parts)
        case Struct() if isinstance(source, Struct):
            parts = zip(source.fields, target.fields, strict=True)
            return StructValue({n: convert(value[n], s, t) for (n, s), (_, t) in parts})
        case _:
            return value


def _convert_scalar(value: Any, source: Type, target: Type) -> Any:
    if isinstance(target, Boolean):
        return value != 0
    if isinstance(source, EnumMember):
        source = int64
    if isinstance(source, (Integer, Boolean)) and isinstance(target, Integer):
        return _wrap_int(int(value), target)
    if isinstance(source, Optional):  # refused by inference unless it holds a value
        return _convert_scalar(value, source.value_ty, target)
    with np.errstate(all="ignore"):
        return np.array(value, dtype_of(source)).astype(dtype_of(target)).item()


# Python objects --------------------------------------------------------------------------------


def value_from_python(pyobj: Any, ty: Type) -> Any:
    """The interpreter's value of a Python object that is passed as a `ty`."""
    if isinstance(ty, Literal):
        base = ty.base_ty
        return base.code(ty.value) if isinstance(base, EnumMember) else ty.value
    match ty:
        case Array():
            return array_from_numpy(np.asarray(pyobj))
        case Tuple():
            return tuple(value_from_python(v, e) for v, e in zip(pyobj, ty.elems, strict=True))
        case Optional():
            return None if pyobj is None else value_from_python(pyobj, ty.value_ty)
        case Integer() | Float() | Complex() | Boolean():
            own = find_scalar_type(np.dtype(type(pyobj))) or ty
            plain = pyobj.item() if isinstance(pyobj, np.generic) else pyobj
            return plain if own == ty else wrap(convert_python_number(plain, ty), ty)
        case EnumMember():
            return ty.code(pyobj)
        case _:
            return pyobj


def convert_python_number(number: Any, ty: Type) -> Any:
    """A Python number as one that `wrap` can keep to `ty`."""
    if isinstance(ty, Float):
        return float(number)
    return complex(number) if isinstance(ty, Complex) else number


def value_to_python(value: Any, ty: Type) -> Any:
    """The Python object for a value of type `ty`."""
    match ty:
        case Array():
            return numpy_from_array(value, ty)
        case Tuple():
            items = [value_to_python(v, e) for v, e in zip(value, ty.elems, strict=True)]
            return tuple(items) if ty.pyclass is None else tuple.__new__(ty.pyclass, items)
        case EnumMember():
            return ty.member(value)
        case Optional():
            return None if value is None else value_to_python(value, ty.value_ty)
        case Union() if not isinstance(ty, FunctionUnion):
            return value_to_python(value[1], ty.members[value[0]])
        case Literal():
            return ty.value
        case List():
            items, length = value.fields["items"], value.fields["length"]
            held = items.items[items.position : items.position + length]
            return [value_to_python(item, ty.elem_ty) for item in held]
        case _:
            return value


def array_from_numpy(array: np.ndarray) -> ArrayValue:
    """A view on the memory of a NumPy array."""
    return ArrayValue(array, array.ctypes.data, array.shape, array.strides)


def numpy_from_array(value: ArrayValue, ty: Array) -> np.ndarray:
    """A NumPy array over the same memory; the very array that came in, if it is that."""
    owner, dtype = value.owner, dtype_of(ty.dtype)
    if isinstance(owner, np.ndarray):
        view = (owner.ctypes.data, owner.shape, owner.strides, owner.dtype)
        if view == (value.data, value.shape, value.strides, dtype):
            return owner
    if 0 in value.shape:
        return np.empty(value.shape, dtype)
    extents = [(n - 1) * s for n, s in zip(value.shape, value.strides, strict=True)]
    low = value.data + sum(min(e, 0) for e in extents)
    size = value.data + sum(max(e, 0) for e in extents) + dtype.itemsize - low
    memory = (ctypes.c_char * size).from_address(low)
    memory.owner = owner  # type: ignore[attr-defined]  # keeps the memory alive as long as the view
    array = np.ndarray(value.shape, dtype, memoryview(memory), value.data - low, value.strides)
    array.flags.writeable = not ty.readonly
    return array


# References ------------------------------------------------------------------------------------


def owners(value: Any, ty: Type) -> Iterator[Any]:
    """The objects that hold the memory of `value`: one for each counted reference in it."""
    if not ty.is_managed or value is UNBOUND or value is None:
        return
    match ty:
        case Array():
            if value.owner is not None:
                yield value.owner
        case MemoryBlock() | HeapType() | PyObject() | CaughtException():
            yield value
        case UnicodeType() | BytesType():
            return  # Python counts them
        case _:
            for part, part_ty in _managed_parts(value, ty):
                yield from owners(part, part_ty)


def _managed_parts(value: Any, ty: Type) -> list[tuple[Any, Type]]:
    match ty:
        case Tuple():
            return list(zip(value, ty.elems, strict=True))
        case Struct():
            return [(value[name], field_ty) for name, field_ty in ty.fields]
        case Optional():
            return [(value, ty.value_ty)]
        case BoundMethod():
            return [(value, ty.receiver)]
        case Closure():
            return list(zip(value, ty.captured, strict=True))
        case Union():
            return [(value[1], ty.members[value[0]])]
        case ExceptionInstance():
            return list(zip(value.args, ty.args, strict=True))
        case _:
            message = f"the interpreter does not know what a {ty} holds"
            raise TypeError(message)


class References:
    """Counts references as compiled code would: at the end each owner's count must be right.

    Counts are relative: an argument's owner starts at 0, and may not go below (it is borrowed).
    """

    def __init__(self) -> None:
        self._entries: dict[int, list[Any]] = {}

    def add(self, value: Any, ty: Type, change: int) -> None:
        """Count `change` more references to what `value` holds."""
        for owner in owners(value, ty):
            entry = self._entries.setdefault(id(owner), [owner, 0])  # holds it, so ids stay unique
            entry[1] += change
            assert entry[1] >= 0, f"a {ty} is released once too often"

    def leaked(self) -> list[Any]:
        """The owners with references left."""
        return [owner for owner, count in self._entries.values() if count]
