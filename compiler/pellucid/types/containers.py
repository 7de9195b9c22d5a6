"""Tuples, named ones too, slices, ranges, optional values and text."""

from __future__ import annotations

from typing import Any

from pellucid.base.records import record
from pellucid.types.functions import Callable
from pellucid.types.kinds import Literal, Type


@record(frozen=True, repr=False)
class Tuple(Type):
    """A tuple: one type for each element. `cls` is the class of a named one."""

    elems: tuple[Type, ...]
    cls: Callable | None = None

    def __str__(self) -> str:
        if self.cls is not None:
            fields = zip(self.names, self.elems, strict=True)
            inner = "".join(f", {name}: {ty}" for name, ty in fields)
            return f"NamedTuple({self.cls.path}{inner})"
        if len(self.elems) > 1 and len(set(self.elems)) == 1:
            return f"UniTuple({self.elems[0]}, {len(self.elems)})"
        return f"Tuple({', '.join(map(str, self.elems))})"

    @property
    def is_managed(self) -> bool:
        return any(e.is_managed for e in self.elems)

    @property
    def base(self) -> Type:
        return self.of(tuple(e.base for e in self.elems))

    @property
    def pyclass(self) -> Any:
        """The Python class of a named tuple."""
        return None if self.cls is None else self.cls.pyobj

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the elements; none of a tuple without."""
        return () if self.cls is None else self.cls.pyobj._fields

    def of(self, elems: tuple[Type, ...]) -> Tuple:
        """The same kind of tuple, of other elements."""
        return Tuple(elems, self.cls)

    @property
    def is_homogeneous(self) -> bool:
        """Whether all elements have one type (true of the empty tuple)."""
        return len({e.base for e in self.elems}) <= 1


def uni_tuple(elem_ty: Type, count: int) -> Tuple:
    """A tuple of `count` elements of one type."""
    return Tuple((elem_ty,) * count)


@record(frozen=True, repr=False)
class Slice(Type):
    """`start:stop:step` of integers, each possibly None: elements are int64 or none."""

    start: Type
    stop: Type
    step: Type

    def __str__(self) -> str:
        return f"slice({self.start}, {self.stop}, {self.step})"


@record(frozen=True, repr=False)
class Range(Type):
    """`range(start, stop, step)` over one integer type."""

    elem_ty: Type

    def __str__(self) -> str:
        return f"range({self.elem_ty})"


@record(frozen=True, repr=False)
class Optional(Type):
    """A value of `value_ty`, or None."""

    value_ty: Type

    def __str__(self) -> str:
        return f"Optional({self.value_ty})"

    @property
    def is_managed(self) -> bool:
        return self.value_ty.is_managed


LITERAL_LIST = "literal_list"
"""The name of the records that lists of several types are."""
LONG_TUPLE = "long_tuple"
"""The name of the records that tuples are whose length is known at run time only."""
KEYWORDS = "kwargs"
"""The name of the records that `**kwargs` parameters are."""


@record(frozen=True, repr=False)
class Struct(Type):
    """A record of the library: named, immutable fields (an `enumerate`, a loop's cursor)."""

    name: str
    fields: tuple[tuple[str, Type], ...]

    def __str__(self) -> str:
        inner = ", ".join(f"{name}: {ty}" for name, ty in self.fields)
        return f"Struct[{self.name}]({inner})"

    @property
    def is_managed(self) -> bool:
        return any(ty.is_managed for _, ty in self.fields)

    def field_index(self, name: str) -> int:
        """The position of the field `name`; KeyError if there is none."""
        for index, (field, _) in enumerate(self.fields):
            if field == name:
                return index
        raise KeyError(name)


@record(frozen=True, repr=False)
class UnicodeType(Type):
    """`str`: an immutable run of code points, 1, 2 or 4 bytes each as the widest one needs."""

    def __str__(self) -> str:
        return "str"

    @property
    def is_managed(self) -> bool:
        return True


@record(frozen=True, repr=False)
class BytesType(Type):
    """`bytes`: immutable."""

    def __str__(self) -> str:
        return "bytes"

    @property
    def is_managed(self) -> bool:
        return True


@record(frozen=True, repr=False)
class EllipsisType(Type):
    """The type of `...`."""

    def __str__(self) -> str:
        return "ellipsis"


ellipsis = EllipsisType()


@record(frozen=True, repr=False)
class NotImplementedType(Type):
    """`NotImplemented`: what an operator of a class gives that leaves it to the other operand."""

    def __str__(self) -> str:
        return "not_implemented"


not_implemented = NotImplementedType()
unicode_type = UnicodeType()
bytes_type = BytesType()


def literal_str(value: str) -> Literal:
    """The type of a str constant."""
    return Literal(value, unicode_type)


def optional(ty: Type) -> Type:
    """`Optional(ty)`; of an optional, itself."""
    return ty if isinstance(ty, Optional) else Optional(ty.base)


def items_of(ty: Type) -> Tuple | None:
    """The types of the items of what may hold several: a tuple, or a list that does not change."""
    if isinstance(ty, Struct) and ty.name == LITERAL_LIST:
        ty = ty.fields[0][1]
    return ty if isinstance(ty, Tuple) else None
