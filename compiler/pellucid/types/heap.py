"""Objects on the heap with fields that change: lists, and what the library makes like them.

A value is one reference to a counted block that holds the fields. Nothing converts to such a type
but itself, since the object may be seen under another name: so an element type that is not known
when a container is made empty is a variable, which its first use binds (`inference/variables.py`).
"""

from __future__ import annotations

import collections
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, cast

from pellucid.base.records import record
from pellucid.types.arrays import Pointer
from pellucid.types.containers import Optional, Tuple
from pellucid.types.kinds import Type
from pellucid.types.objects import pyobject
from pellucid.types.scalars import boolean, int32, int64, uint8
from pellucid.types.signature import Signature


@record(frozen=True, repr=False)
class HeapType(Type):
    """An object on the heap. Its class says which fields it has."""

    @property
    def has_destructor(self) -> bool:
        """Whether the library overloads `finalize`, to be run before the fields are released."""
        return False

    @property
    def is_managed(self) -> bool:
        return True

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        """The names and types of the fields."""
        raise NotImplementedError

    @property
    def made_from(self) -> tuple[Type, ...]:
        """Types that this one follows from, beside those that it is written with."""
        return ()

    def field_type(self, name: str) -> Type:
        """The type of the field `name`; KeyError if there is none."""
        return dict(self.fields)[name]


def may_outlive_call(ty: Type) -> bool:
    """Whether a value of this type is or holds an object that may be kept after a call.

    What is put into such an object must not lie on the stack of the call.
    """
    match ty:
        case HeapType():
            return True
        case Tuple(elems=elems):
            return any(map(may_outlive_call, elems))
        case Optional(value_ty=value_ty):
            return may_outlive_call(value_ty)
        case _:
            return False


@record(frozen=True, repr=False)
class List(HeapType):
    """A list of elements of one type. `origin` is the Python list that it was made from, if any."""

    elem_ty: Type

    @property
    def has_destructor(self) -> bool:
        return True

    def __str__(self) -> str:
        return f"list({self.elem_ty})"

    @property
    def base(self) -> Type:
        return List(self.elem_ty.base)

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return (
            ("items", Pointer(self.elem_ty)),
            ("length", int64),
            ("capacity", int64),
            ("origin", pyobject),
        )


@record(frozen=True, repr=False)
class ByteArray(HeapType):
    """`bytearray`: `length` bytes at `items`, of which there are `exports` views.

    One that came from Python, its `origin`, lies in Python's memory (`is_lent`) until its length
    changes, which it must not while there are views.
    """

    @property
    def has_destructor(self) -> bool:
        return True

    def __str__(self) -> str:
        return "bytearray"

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return (
            ("items", Pointer(uint8)),
            ("length", int64),
            ("capacity", int64),
            ("exports", int64),
            ("origin", pyobject),
            ("is_lent", boolean),
        )


@record(frozen=True, repr=False)
class ViewHold(HeapType):
    """What keeps a bytearray's memory in its place for a view that compiled code made."""

    @property
    def has_destructor(self) -> bool:
        return True

    def __str__(self) -> str:
        return "view_hold"

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return (("array", byte_array), ("is_counted", boolean))


byte_array, view_hold = ByteArray(), ViewHold()


class Table(HeapType):
    """What finds its entries by hash: a dict or a set. The layout is that of CPython's dict.

    `entries` are in the order of insertion: tuples of hash, key and, of a dict, value. `slots` are
    a power of two of places (`mask` + 1), each empty or the number of an entry; `filled` entries
    have been made, `used` of them are still there.
    """

    @property
    def entry_ty(self) -> Tuple:
        """The type of an entry."""
        raise NotImplementedError

    @property
    def has_destructor(self) -> bool:
        return True

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return (
            ("entries", Pointer(self.entry_ty)),
            ("slots", Pointer(int32)),
            ("mask", int64),
            ("filled", int64),
            ("used", int64),
            ("capacity", int64),
            ("origin", pyobject),
        )


@record(frozen=True, repr=False)
class Dict(Table):
    """A dict of keys of one type and values of one type; also the base of those of `collections`.

    `factory` is the type of what makes the values of keys that are not there; only a `DefaultDict`
    has one.
    """

    spelling: ClassVar[str] = "dict"

    key_ty: Type
    value_ty: Type
    factory: Type | None = None

    def __str__(self) -> str:
        factory = "" if self.factory is None else f", {self.factory}"
        return f"{self.spelling}({self.key_ty}, {self.value_ty}{factory})"

    @property
    def base(self) -> Type:
        return self.of(self.key_ty.base, self.value_ty.base)

    def of(self, key_ty: Type, value_ty: Type) -> Dict:
        """The same kind of dict, of other keys and values."""
        return type(self)(key_ty, value_ty, self.factory)

    @property
    def entry_ty(self) -> Tuple:
        return Tuple((int64, self.key_ty, self.value_ty))


class OrderedDict(Dict):
    """A dict that can be changed at both ends.

    The entries before the one numbered `first` are gone. `moves` counts what changes the order, so
    that loops see it.
    """

    spelling: ClassVar[str] = "OrderedDict"
    pyclass: ClassVar[type] = collections.OrderedDict

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return (*super().fields, ("first", int64), ("moves", int64))


class Counter(Dict):
    """A dict of counts, in which a key that is not there counts 0."""

    spelling: ClassVar[str] = "Counter"
    pyclass: ClassVar[type] = collections.Counter


class DefaultDict(Dict):
    """A dict that makes the values of keys that are not there: by a class, a function or an object.

    A `factory` of type `pyobject` is a function of Python's; one of type `none` makes nothing.
    """

    spelling: ClassVar[str] = "defaultdict"
    pyclass: ClassVar[type] = collections.defaultdict

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        assert self.factory is not None
        return (*super().fields, ("factory", self.factory))


DICTS: tuple[type[Dict], ...] = (Dict, OrderedDict, Counter, DefaultDict)
"""All kinds of dicts."""


@record(frozen=True, repr=False)
class Set(Table):
    """A set, or frozenset, of elements of one type."""

    elem_ty: Type
    is_frozen: bool = False

    def __str__(self) -> str:
        return f"{'frozenset' if self.is_frozen else 'set'}({self.elem_ty})"

    @property
    def base(self) -> Type:
        return Set(self.elem_ty.base, self.is_frozen)

    @property
    def entry_ty(self) -> Tuple:
        return Tuple((int64, self.elem_ty))


@record(frozen=True, repr=False)
class Deque(HeapType):
    """A queue with two ends: a ring of places, as many as a power of two.

    `length` items stand from the place `first` on, and go on at place 0. Beyond `limit` - 1 items,
    those at the other end are lost; 0 is no limit. `changes` counts what loops must see; `is_new`
    tells that the Python deque that it was made from, `origin`, is out of date.
    """

    elem_ty: Type

    pyclass: ClassVar[type] = collections.deque

    @property
    def has_destructor(self) -> bool:
        return True

    def __str__(self) -> str:
        return f"deque({self.elem_ty})"

    @property
    def base(self) -> Type:
        return Deque(self.elem_ty.base)

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return (
            ("items", Pointer(self.elem_ty)),
            ("first", int64),
            ("length", int64),
            ("capacity", int64),
            ("limit", int64),
            ("changes", int64),
            ("is_new", boolean),
            ("origin", pyobject),
        )


@record(frozen=True, repr=False)
class Cell(HeapType):
    """A variable that functions share: one captures it, and one of them assigns to it later.

    `origin` is the Python cell that stands for it where Python has one of the functions.
    """

    elem_ty: Type

    def __str__(self) -> str:
        return f"cell({self.elem_ty})"

    @property
    def base(self) -> Type:
        return Cell(self.elem_ty.base)

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return (("value", self.elem_ty), ("is_set", boolean), ("origin", pyobject))


@record(frozen=True, repr=False)
class Environment(HeapType):
    """What a closure captured, held by a function of which only the signature is known."""

    function: Type

    def __str__(self) -> str:
        return f"environment({self.function})"

    @property
    def fields(self) -> tuple[tuple[str, Type], ...]:
        return (("function", self.function),)


@record(frozen=True, repr=False, eq=False)
class TypeVariable(Type):
    """A type that is not known yet: what the container that `maker` makes will hold.

    `maker` is the op (of the frame `owner`) that makes the container, `name` tells a dict's keys
    from its values. Any: they are of higher rooms, and only compared.
    """

    owner: Any
    maker: Any
    name: str = "element"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TypeVariable)
            and self.maker is other.maker
            and self.owner is other.owner
            and self.name == other.name
        )

    def __hash__(self) -> int:
        return hash((id(self.maker), id(self.owner), self.name))

    def __str__(self) -> str:
        return "unknown"


def variables_in(ty: object) -> Iterator[TypeVariable]:
    """The type variables in a type, or in a tuple of types."""
    if isinstance(ty, TypeVariable):
        yield ty
    elif isinstance(ty, tuple):
        for item in ty:
            yield from variables_in(item)
    elif isinstance(ty, Type):
        for name in getattr(type(ty), "__match_args__", ()):
            yield from variables_in(getattr(ty, name))
        if isinstance(ty, HeapType):
            yield from variables_in(ty.made_from)


def replace_variables(part: Any, bound: Mapping[TypeVariable, Type]) -> Any:
    """A type, or tuple of types, with variables replaced.

    Any: fields hold other things too.
    """
    if isinstance(part, TypeVariable):
        found = bound.get(part)
        return part if found is None else replace_variables(found, bound)
    if isinstance(part, tuple):
        return tuple(replace_variables(item, bound) for item in part)
    if isinstance(part, Type) and next(variables_in(part), None) is not None:
        parts = (getattr(part, name) for name in type(part).__match_args__)
        return type(part)(*(replace_variables(each, bound) for each in parts))
    return part


def equations(left: object, right: object) -> Iterator[tuple[TypeVariable, Type]]:
    """What the variables of either side must be for the two types to be one."""
    if isinstance(left, TypeVariable):
        if isinstance(right, Type) and left != right:
            yield left, right
    elif isinstance(right, TypeVariable):
        if isinstance(left, Type):
            yield right, left
    elif isinstance(left, tuple) and isinstance(right, tuple):
        for a, b in zip(left, right, strict=False):
            yield from equations(a, b)
    elif isinstance(left, Type) and type(left) is type(right):
        for name in getattr(type(left), "__match_args__", ()):
            yield from equations(getattr(left, name), getattr(right, name))


def held_types(part: object) -> frozenset[Type]:
    """The types of what is held by containers in a type, a tuple of types or a signature."""
    if isinstance(part, (tuple, list)):
        items = cast("Sequence[object]", part)
        return frozenset().union(*map(held_types, items)) if items else frozenset()
    if isinstance(part, Signature):
        return held_types((part.ret, *part.params))
    if isinstance(part, Type):
        fields = [getattr(part, name) for name in getattr(type(part), "__match_args__", ())]
        return all_types(tuple(fields)) if isinstance(part, HeapType) else held_types(fields)
    return frozenset()


def all_types(part: object) -> frozenset[Type]:
    """All types that a type consists of, and itself."""
    if isinstance(part, tuple):
        items = cast("Sequence[object]", part)
        return frozenset().union(*map(all_types, items)) if items else frozenset()
    if isinstance(part, Type):
        fields = tuple(getattr(part, name) for name in getattr(type(part), "__match_args__", ()))
        return all_types(fields) | {part}
    return frozenset()
