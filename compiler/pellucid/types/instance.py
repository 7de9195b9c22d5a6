"""Instances of users' classes: what all kinds of them share, and those of a `jitclass`.

An instance is an object on the heap with the class's fields. Of a dataclass, or of a plain class,
the type says what the fields hold, and instances of one class may have several types. Of a
`jitclass` the class itself says it once: so an instance may hold others of its own class.
"""

from __future__ import annotations

import inspect
import types as pytypes
import weakref
from typing import Any

from pellucid.base.records import record
from pellucid.types.functions import Callable
from pellucid.types.heap import HeapType
from pellucid.types.kinds import Type

# Any: classes and their members are Python objects of every kind.

MEMBERS = "__pellucid_members__"
"""Where a `jitclass` keeps what its body defined: its namespace holds what Python shall call."""

FIELDS = "__pellucid_fields__"
"""Where a `jitclass` keeps the types of its fields by name, those of its bases first."""

DEFAULTS = "__pellucid_defaults__"
"""Where a `jitclass` keeps the values that its body gives to fields."""

_owners: dict[str, weakref.ref[Any]] = {}
_paths: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()


def class_path(cls: Any) -> str:
    """The text that names a class in types: two classes of one process never share it."""
    path = _paths.get(cls)
    if path is None:
        first = path = f"{cls.__module__}.{cls.__qualname__}"
        count = 0
        while path in _owners and _owners[path]() is not None:
            count += 1
            path = f"{first}@{count}"
        _paths[cls] = path
        _owners[path] = weakref.ref(cls)
    return path


def class_named(path: str) -> Any:
    """The class of a path; None if no class has it now."""
    owner = _owners.get(path)
    return None if owner is None else owner()


def class_type(cls: Any) -> Callable:
    """The type of a class itself."""
    return Callable(class_path(cls), cls)


class Instance(HeapType):
    """An instance of a user's class."""

    @property
    def pyclass(self) -> Any:
        """The class."""
        raise NotImplementedError

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields."""
        raise NotImplementedError

    @property
    def is_frozen(self) -> bool:
        """Whether fields cannot be assigned."""
        return False


@record(frozen=True, repr=False)
class JitInstance(Instance):
    """An instance of a `jitclass`: to Python, a proxy that holds the same block."""

    cls: Callable

    def __str__(self) -> str:
        return f"instance({self.cls.path})"

    @property
    def pyclass(self) -> Any:
        return self.cls.pyobj

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(getattr(self.pyclass, FIELDS))

    @property
    def defaults(self) -> dict[str, Any]:
        """The fields that have a value before `__init__`."""
        found: dict[str, Any] = getattr(self.pyclass, DEFAULTS)
        return found

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        declared: dict[str, Type] = getattr(self.pyclass, FIELDS)
        return tuple((name, resolved(ty)) for name, ty in declared.items())


def is_jitclass(cls: Any) -> bool:
    """Whether an object is a class that `jitclass` made."""
    return isinstance(cls, type) and FIELDS in vars(cls)


def instance_type(cls: Any) -> JitInstance:
    """The type of the instances of a `jitclass`."""
    return JitInstance(class_type(cls))


# ---- types that are told later --------------------------------------------------------------


@record(frozen=True, repr=False, eq=False)
class DeferredType(Type):
    """Stands for a type that `define` tells later: that of a class that holds its own kind."""

    told: list[Type]

    def __str__(self) -> str:
        return f"deferred({self.told[0] if self.told else ''})"

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def define(self, ty: Type) -> None:
        """Say what it stands for; once."""
        if self.told:
            message = "deferred type already defined"
            raise TypeError(message)
        self.told.append(ty)


def deferred_type() -> DeferredType:
    """A type to be told later."""
    return DeferredType([])


def resolved(part: Any) -> Any:
    """A type, or a part of one, with deferred types replaced by what they stand for."""
    if isinstance(part, DeferredType):
        if not part.told:
            message = "a deferred type is used before it is defined"
            raise TypeError(message)
        return resolved(part.told[0])
    if isinstance(part, tuple):
        return tuple(map(resolved, part))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(part, Type) and not isinstance(part, Callable):
        old = [getattr(part, name) for name in getattr(type(part), "__match_args__", ())]
        new = [resolved(each) for each in old]
        return part if new == old else type(part)(*new)
    return part


# ---- members of classes ---------------------------------------------------------------------


def class_member(cls: Any, name: str, after: Any = None) -> Any:
    """What a class, or one that it derives from, has under a name; None if nothing.

    With `after`, as `super()` in that class finds it.
    """
    mro = cls.__mro__
    if after is not None:
        mro = mro[mro.index(after) + 1 :] if after in mro else ()
    for base in mro:
        own = vars(base)
        members: Any = own.get(MEMBERS, own)
        if name in members:
            return members[name]
    if after is None and type(cls) is not type and not is_jitclass(cls):
        return inspect.getattr_static(cls, name, None)
    return None


def own_function(ty: Type, name: str) -> Any:
    """The method of a name that a user's class defines; None if it has none written in Python.

    What `dataclass`, `enum` and their like define counts as not written.
    """
    cls = getattr(ty.base, "pyclass", None)
    found = None if cls is None else class_member(cls, name)
    found = getattr(found, "py_func", found)
    if not isinstance(found, pytypes.FunctionType):
        return None
    path = found.__code__.co_filename
    return None if path in _made_by() or path.startswith("<frozen") else found


def _made_by() -> frozenset[str]:
    import collections
    import dataclasses
    import enum
    import reprlib

    modules = (collections, dataclasses, enum, reprlib)
    return frozenset({"<string>", *(str(module.__file__) for module in modules)})
