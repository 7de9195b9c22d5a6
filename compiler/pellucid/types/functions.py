"""Things that can be called or looked into, known while compiling; and exceptions.

Values of these types hold nothing at run time, except closures (their captured values) and
exception instances (their arguments).
"""

from __future__ import annotations

from typing import Any

from pellucid.base.records import record
from pellucid.types.kinds import Type
from pellucid.types.signature import Signature


@record(frozen=True, repr=False, eq=False)
class PyObjectType(Type):
    """A Python object known while compiling, told apart by identity."""

    path: str
    pyobj: Any  # any Python object: that is the point

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.pyobj is other.pyobj  # type: ignore[attr-defined]  # same class

    def __hash__(self) -> int:
        return hash((type(self), id(self.pyobj)))


class Callable(PyObjectType):
    """A builtin, library function or class: what it does is found by `inference.overloads`."""

    @property
    def instance_type(self) -> Type:
        """The type of the instances of a `jitclass`."""
        found: Type = self.pyobj._numba_type_
        return found

    def __str__(self) -> str:
        return f"Function({self.path})"


class Dispatcher(PyObjectType):
    """A function compiled by Pellucid (`njit`), or a plain Python function to be compiled."""

    def __str__(self) -> str:
        return f"Dispatcher({self.path})"


@record(frozen=True, repr=False, eq=False)
class PassedFunction(Type):
    """A Python function that was passed in, known but for the values of some captured variables.

    Functions alike have one such type, whose `pyobj` is a function like them without these values.
    `captured` has their types. Those of defaults follow, under `default_name`.
    """

    path: str
    pyobj: Any  # a Python function or a dispatcher
    captured: tuple[tuple[str, Type], ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PassedFunction) and self.pyobj is other.pyobj

    def __hash__(self) -> int:
        return hash((type(self), id(self.pyobj)))

    def __str__(self) -> str:
        inner = ", ".join(f"{name}: {ty}" for name, ty in self.captured)
        return f"PassedFunction({self.path}: {inner})"

    @property
    def is_managed(self) -> bool:
        return any(ty.is_managed for _, ty in self.captured)


def default_name(name: str) -> str:
    """The name of the captured value that is the default of a parameter."""
    return f"default.{name}"


class Module(PyObjectType):
    """A Python module."""

    def __str__(self) -> str:
        return f"Module({self.path})"


class ExceptionClass(PyObjectType):
    """An exception class."""

    def __str__(self) -> str:
        return f"ExceptionClass({self.path})"


@record(frozen=True, repr=False)
class Closure(Type):
    """A function of the compiled program with captured values; `code` is its untyped IR function.

    Also the type of synthetic functions such as a fused kernel: then nothing is captured.
    """

    name: str
    code: Any  # ir.Function: a higher room, compared by identity
    captured: tuple[Type, ...] = ()

    def __str__(self) -> str:
        inner = ", ".join(map(str, self.captured))
        return f"Closure({self.name}{': ' + inner if inner else ''})"

    @property
    def is_managed(self) -> bool:
        return any(c.is_managed for c in self.captured)


@record(frozen=True, repr=False)
class Union(Type):
    """A value of one of several types, `members`: of which one, the value says.

    A value is the number of the member and the member itself; the others are zero.
    """

    members: tuple[Type, ...]

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(str, self.members))})"

    @property
    def is_managed(self) -> bool:
        return any(m.is_managed for m in self.members)


class FunctionUnion(Union):
    """One of several functions, each known while compiling: it can be called."""


@record(frozen=True, repr=False)
class FunctionType(Type):
    """Any function with this signature: which one, and its code, is known at run time only.

    A value is the address of code, an address that the code is given (of the C function that it
    calls, say), and the owner of both: a Python object held in a block, a closure's captured
    values, or null.
    """

    signature: Signature

    def __str__(self) -> str:
        params = ", ".join(map(str, self.signature.params))
        return f"FunctionType({self.signature.ret}({params}))"

    @property
    def is_managed(self) -> bool:
        return True


class WrapperAddressProtocol:
    """The base of Python objects that stand for C functions. Subclasses have both methods."""

    def __wrapper_address__(self) -> int:
        """The address of the function."""
        raise NotImplementedError

    def signature(self) -> Signature:
        """Its signature, of numbers and pointers."""
        raise NotImplementedError


@record(frozen=True, repr=False)
class BoundMethod(Type):
    """`x.name` of a method, to be called: holds the receiver.

    With `after`, the method that `super()` finds in that class; `super()` itself has no name.
    """

    receiver: Type
    name: str
    after: Callable | None = None

    def __str__(self) -> str:
        after = "" if self.after is None else f", {self.after.path}"
        return f"BoundMethod({self.receiver}, {self.name!r}{after})"

    @property
    def is_managed(self) -> bool:
        return self.receiver.is_managed


@record(frozen=True, repr=False)
class Undefined(Type):
    """The type of a name that nothing was assigned to on this path."""

    def __str__(self) -> str:
        return "undefined"


undefined = Undefined()
