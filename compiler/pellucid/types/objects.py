"""Python objects as values of compiled code."""

from __future__ import annotations

from pellucid.base.records import record
from pellucid.types.functions import PyObjectType
from pellucid.types.kinds import Type


@record(frozen=True, repr=False)
class PyObject(Type):
    """Any Python object, held by a counted reference and handled through the C API.

    A valid value is never null; a field or result that was never set is, and retaining or
    releasing that does nothing.
    """

    def __str__(self) -> str:
        return "pyobject"

    @property
    def is_managed(self) -> bool:
        return True


class ObjectBlock(PyObjectType):
    """A block of source for the interpreter, known while compiling (`ir.object_mode`)."""

    def __str__(self) -> str:
        return f"ObjectBlock({self.path})"


pyobject = PyObject()
