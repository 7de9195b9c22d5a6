"""Members of enumerations.

A value is an integer: that of the member, where all members are integers (`IntEnum`, `IntFlag`,
`Flag`), and else the member's position among the class's members.
"""

from __future__ import annotations

import enum
from typing import Any

from pellucid.base.records import record
from pellucid.types.functions import Callable
from pellucid.types.kinds import Literal, Type


@record(frozen=True, repr=False)
class EnumMember(Type):
    """A member of an enumeration, or of the flags of one."""

    cls: Callable

    def __str__(self) -> str:
        return f"Enum({self.cls.path})"

    @property
    def pyclass(self) -> Any:
        """The enumeration."""
        return self.cls.pyobj

    @property
    def is_int(self) -> bool:
        """Whether members are Python ints too."""
        return issubclass(self.pyclass, int)

    @property
    def is_flag(self) -> bool:
        """Whether members can be joined by `|`."""
        return issubclass(self.pyclass, enum.Flag)

    @property
    def members(self) -> tuple[enum.Enum, ...]:
        """The members in order, without other names of the same."""
        return tuple(self.pyclass)

    @property
    def is_by_value(self) -> bool:
        """Whether the member's own value stands for it."""
        return self.is_int or self.is_flag

    def code(self, member: Any) -> int:
        """The integer that stands for a member."""
        if self.is_by_value:
            return int(member.value)
        return next(i for i, each in enumerate(self.members) if each is member)

    def member(self, code: int) -> enum.Enum:
        """The member that an integer stands for."""
        return self.pyclass(code) if self.is_by_value else self.members[code]


def is_enum_class(cls: Any) -> bool:
    """Whether an object is an enumeration that has members."""
    return isinstance(cls, enum.EnumMeta) and bool(cls.__members__)


def enum_type(cls: Any) -> EnumMember:
    """The type of the members of an enumeration."""
    return EnumMember(Callable(f"{cls.__module__}.{cls.__qualname__}", cls))


def literal_member(member: enum.Enum) -> Type:
    """The type of a member that is a constant; flags joined have no name to be known by."""
    ty = enum_type(type(member))
    return Literal(member, ty) if member.name in type(member).__members__ else ty
