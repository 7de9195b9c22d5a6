"""Exceptions that compiled code makes, raises and takes up."""

from __future__ import annotations

from pellucid.base.records import record
from pellucid.types.containers import Optional, Tuple
from pellucid.types.functions import ExceptionClass
from pellucid.types.heap import HeapType
from pellucid.types.kinds import Type
from pellucid.types.objects import pyobject


@record(frozen=True, repr=False)
class ExceptionInstance(Type):
    """An exception that is raised where it is made: the class, and the types of its arguments.

    With `template`, the one argument of the Python exception is `template.format(*args)`. A value
    is the record of the arguments; those that are objects on the heap are kept as Python objects.
    """

    cls: ExceptionClass
    args: tuple[Type, ...]
    template: str | None = None

    def __str__(self) -> str:
        inner = "".join(f", {a}" for a in self.args)
        text = "" if self.template is None else f", template={self.template!r}"
        return f"Exception({self.cls.path}{inner}{text})"

    @property
    def kept(self) -> tuple[Type, ...]:
        """The types of the arguments in the record."""
        return tuple(map(_kept, self.args))

    @property
    def is_managed(self) -> bool:
        return any(a.is_managed for a in self.kept)


@record(frozen=True, repr=False)
class Raised(Type):
    """What is known of the exceptions that lead to a handler: those that compiled code raises.

    `own` are raised in the user's functions, `others` in the library's.
    """

    own: tuple[ExceptionInstance, ...]
    others: tuple[ExceptionInstance, ...]

    def __str__(self) -> str:
        return f"Raised({'; '.join(', '.join(map(str, part)) for part in (self.own, self.others))})"


@record(frozen=True, repr=False)
class CaughtException(Type):
    """An exception as an object, as a handler has it: its class is known at run time only.

    It is of one of `classes` or derived from one; `raised` are the exceptions among them that
    compiled code is known to make. The value is one counted block.
    """

    classes: tuple[ExceptionClass, ...]
    raised: tuple[ExceptionInstance, ...] = ()

    def __str__(self) -> str:
        return f"Caught({', '.join([*(c.path for c in self.classes), *map(str, self.raised)])})"

    @property
    def is_managed(self) -> bool:
        return True


def _kept(ty: Type) -> Type:
    """The type as which an exception keeps an argument."""
    holds = ty.elems if isinstance(ty, Tuple) else ()
    holds = (ty.value_ty,) if isinstance(ty, Optional) else holds
    is_object = isinstance(ty, (HeapType, CaughtException))
    return pyobject if is_object or any(_kept(part) != part for part in holds) else ty
