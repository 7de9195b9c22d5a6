"""Instances of dataclasses: objects on the heap with the class's fields.

What a field holds is what its annotation says, where that is a type of compiled code, so that an
int may stand for a float, and an empty list is one of what it is for; else what the value is.
"""

from __future__ import annotations

import dataclasses
import types as pytypes
import typing
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from pellucid.base.records import record
from pellucid.types.arrays import Array
from pellucid.types.containers import Tuple, optional, unicode_type
from pellucid.types.enums import enum_type, is_enum_class
from pellucid.types.functions import Callable
from pellucid.types.heap import Dict, List, Set
from pellucid.types.instance import Instance, class_type, instance_type, is_jitclass
from pellucid.types.kinds import Type, static
from pellucid.types.objects import pyobject
from pellucid.types.scalars import (
    boolean,
    complex128,
    find_scalar_type,
    float64,
    int64,
    none,
)

_CLASSES: dict[Any, Type] = {
    int: int64,
    float: float64,
    complex: complex128,
    bool: boolean,
    str: unicode_type,
    None: none,
    type(None): none,
}


@record(frozen=True, repr=False)
class DataClass(Instance):
    """An instance of a dataclass. `origin` is the Python object that it was made from, if any."""

    cls: Callable
    field_tys: tuple[Type, ...]

    def __str__(self) -> str:
        pairs = zip(self.names, self.field_tys, strict=True)
        return f"DataClass({self.cls.path}{''.join(f', {name}: {ty}' for name, ty in pairs)})"

    @property
    def pyclass(self) -> Any:
        """The dataclass."""
        return self.cls.pyobj

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the class."""
        return field_names(self.pyclass)

    @property
    def is_frozen(self) -> bool:
        """Whether fields cannot be assigned."""
        return self.pyclass.__dataclass_params__.frozen

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return (*zip(self.names, self.field_tys, strict=True), ("origin", pyobject))


def is_dataclass_type(cls: Any) -> bool:
    """Whether an object is a dataclass of a user: not one of the types of compiled code."""
    return isinstance(cls, type) and dataclasses.is_dataclass(cls) and not issubclass(cls, Type)


@lru_cache(maxsize=256)
def field_names(cls: Any) -> tuple[str, ...]:
    """The names of a dataclass's fields."""
    return tuple(field.name for field in dataclasses.fields(cls))


@lru_cache(maxsize=256)
def declared_fields(cls: Any) -> tuple[Type | None, ...]:
    """What the annotations of a dataclass say of its fields; None where they leave it open."""
    try:
        hints = typing.get_type_hints(cls)
    except (NameError, TypeError):  # of names that are not known outside of a function
        hints = {}
    return tuple(declared_type(hints.get(name, Any)) for name in field_names(cls))


def declared_type(hint: Any, known: Mapping[Any, Type] | None = None) -> Type | None:
    """The type that an annotation names; None if it names none, or leaves something open.

    `known` has the types of classes that are being made.
    """
    if isinstance(hint, Type):
        return hint
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is not None:
        return _declared_generic(origin, args, known)
    if isinstance(hint, type):
        found = (known or {}).get(hint) or _declared_class(hint)
        if found is not None:
            return found
    try:
        return _CLASSES.get(hint)
    except TypeError:  # not hashable
        return None


def _declared_class(cls: type) -> Type | None:
    """The type of the values of a class; None if none is known, or not by the class alone."""
    if issubclass(cls, np.generic):
        return find_scalar_type(np.dtype(cls))
    if is_enum_class(cls):
        return enum_type(cls)
    if is_jitclass(cls):
        return instance_type(cls)
    return declared_dataclass(cls) if is_dataclass_type(cls) else None


def _declared_generic(
    origin: Any, args: tuple[Any, ...], known: Mapping[Any, Type] | None
) -> Type | None:
    if origin is np.ndarray:
        return _declared_array(args)
    if origin is typing.Annotated:
        return declared_type(args[0], known)
    if origin is typing.ClassVar or origin is typing.Final:
        return None
    parts = [declared_type(arg, known) for arg in args if arg is not type(None)]
    tys = [ty for ty in parts if ty is not None]
    if not args or len(tys) < len(parts):
        return None
    if origin in (list, set, frozenset) and len(tys) == 1:
        return List(tys[0]) if origin is list else Set(tys[0], origin is frozenset)
    if origin is dict and len(tys) == 2:
        return Dict(*tys)
    if origin is tuple and args[-1] is not ...:
        return Tuple(tuple(tys))
    if origin in (typing.Union, pytypes.UnionType) and len(tys) == 1 < len(args):
        return optional(tys[0])
    return None


def _declared_array(args: tuple[Any, ...]) -> Type | None:
    """The type of `NDArray[np.float64]`, which leaves the number of dimensions open: one."""
    (scalar,) = typing.get_args(args[-1]) or (None,)
    dtype = declared_type(scalar)
    return None if dtype is None else Array(dtype, 1, "A")


_open: set[Any] = set()


def declared_dataclass(cls: Any) -> DataClass | None:
    """The type of the instances of a dataclass whose annotations say all; None of others."""
    if cls in _open:
        return None  # it holds its own kind
    _open.add(cls)
    try:
        declared = declared_fields(cls)
    finally:
        _open.discard(cls)
    known = tuple(ty for ty in declared if ty is not None)
    return DataClass(class_type(cls), known) if len(known) == len(declared) else None


@static
def dataclass_of(cls: Type, *values: Type) -> Type:
    """The type of an instance of a class that is made of such values."""
    assert isinstance(cls, Callable)
    declared = declared_fields(cls.pyobj)
    pairs = zip(declared, values, strict=True)
    return DataClass(class_type(cls.pyobj), tuple(ty or value.base for ty, value in pairs))
