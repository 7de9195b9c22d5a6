"""What code that makes or reads instances of a user's class depends on."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Iterator
from types import FunctionType, NoneType
from typing import Any

from pellucid.types.instance import DEFAULTS, MEMBERS, instance_type, is_jitclass
from pellucid.types.plain import is_plain_class

_GENERATED = "<string>"
"""The file that functions are said to be from which `dataclass` and `namedtuple` made."""


def find_class_parts(cls: Any) -> Iterator[tuple[str, Any]] | None:
    """The names and values of what a class's instances and methods are made of.

    None of a class whose instances compiled code does not have.
    """
    if is_jitclass(cls):
        return _jitclass_parts(cls)
    if isinstance(cls, enum.EnumMeta):
        return _enum_parts(cls)
    if issubclass(cls, tuple) and hasattr(cls, "_field_defaults"):
        return _named_tuple_parts(cls)
    if is_plain_class(cls):
        return _functions(cls)
    return _dataclass_parts(cls) if dataclasses.is_dataclass(cls) else None


def _enum_parts(cls: Any) -> Iterator[tuple[str, Any]]:
    yield "bases", tuple(base.__name__ for base in cls.__mro__)
    yield "boundary", str(getattr(cls, "_boundary_", ""))
    for name, member in cls.__members__.items():
        yield name, member.value
    yield from _functions(cls)


def _named_tuple_parts(cls: Any) -> Iterator[tuple[str, Any]]:
    yield "fields", cls._fields
    yield from cls._field_defaults.items()
    yield from _functions(cls)


def _dataclass_parts(cls: Any) -> Iterator[tuple[str, Any]]:
    yield "params", repr(cls.__dataclass_params__)
    for field in dataclasses.fields(cls):
        yield field.name, (str(field.type), field.init, bool(field.kw_only))
        if field.default is not dataclasses.MISSING:
            yield "default", field.default
        if field.default_factory is not dataclasses.MISSING:
            yield "factory", field.default_factory
    yield from _functions(cls)


def _jitclass_parts(cls: Any) -> Iterator[tuple[str, Any]]:
    yield from instance_type(cls).fields
    yield from getattr(cls, DEFAULTS).items()
    yield from _functions(cls)


def _functions(cls: Any) -> Iterator[tuple[str, Any]]:
    """The methods and constants of a class and of those that it derives from."""
    for base in cls.__mro__:
        if base.__module__ in ("builtins", "enum", "typing"):
            continue
        own = vars(base)
        for name, value in own.get(MEMBERS, own).items():
            for found in _values(value):
                if isinstance(found, FunctionType) and found.__code__.co_filename == _GENERATED:
                    continue
                if isinstance(found, FunctionType) or hasattr(found, "py_func"):
                    yield name, found
                elif name[:2] != "__" and isinstance(found, (int, float, str, tuple, NoneType)):
                    yield name, found.name if isinstance(found, enum.Enum) else found


def _values(member: Any) -> Iterator[Any]:
    """What a member of a class is made of: a property's functions, or the member itself."""
    match member:
        case property():
            yield from (member.fget, member.fset)
        case staticmethod() | classmethod():
            yield member.__func__
        case functools.cached_property():
            yield member.func
        case _:
            yield member
