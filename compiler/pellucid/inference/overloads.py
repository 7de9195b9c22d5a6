"""How compiled code's functions are declared, and where they are found.

    @overload(np.clip)                       a function, by Python code in the compiled language
    @overload_method(types.Array, "sum")     a method: the receiver is the first parameter
    @overload_attribute(types.Array, "size") an attribute
    @intrinsic                               a new function for library code, given by a `Primitive`
    @static                                  a question about types, answered while compiling

The decorated function is a *template*. It is called with the argument types, bound to its own
parameters as Python would bind them (defaults count as constants), and either calls
`refuse("reason in the user's words")`, or returns what implements the call for these types: a
Python function in the compiled language with the same parameters (in `Typed`, for types of its own
choice), a `Primitive`, or `Constant(value)` where the types alone decide the result.

A template sees the literal types of constants. The implementation is typed with plain types, except
for parameters that `literals` names; then branches on the constant are decided while typing.

Decorating defines data and registers nothing: `OverloadTable` finds an overload through the library
index, which maps the name of a callable to the modules that hold its overloads.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, NoReturn, TypeVar, cast

from pellucid.inference.knots import Knot, joined_fields, of_class, tied, tied_type
from pellucid.inference.variables import Widening, bind
from pellucid.ir.callee import Primitive
from pellucid.ir.params import MISSING, Param
from pellucid.ir.protocol import callable_path
from pellucid.types import Type
from pellucid.types.kinds import static


@dataclass(frozen=True)
class Constant:
    """What a template returns where the call is a constant for these types."""

    value: Any


F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Typed:
    """What a template returns to have its implementation compiled for `types`, one a parameter.

    The arguments are converted to them. So calls that differ in what is known of an argument, or in
    the width of an integer, share one function: a text that is a constant can be any text.
    """

    implementation: Callable[..., Any]
    types: tuple[Type, ...]


Template = Callable[..., "Callable[..., Any] | Primitive | Constant | Typed"]


class Refused(Exception):
    """A template does not take these types; the text says why, in the user's words."""


def refuse(reason: str) -> NoReturn:
    """Say that the template does not take these types, and why."""
    raise Refused(reason)


def option(name: str) -> Any:
    """The value of the compilation's option `name` (`base/options.py`), as a constant.

    Library code asks it while it is typed: `if option("boundscheck"): ...`.
    """
    message = f"option({name!r}) has a meaning in compiled code only"
    raise RuntimeError(message)


def code_pointer(function: Callable[..., Any], *dtypes: Any) -> Any:
    """The address of the compiled `function` for arguments of these types, given as dtypes.

    It is called as all typed functions are (`codegen/abi.py`).
    """
    message = f"code_pointer({function!r}, {dtypes}) has a meaning in compiled code only"
    raise RuntimeError(message)


def value_code(function: Callable[..., Any], *dtypes: Any) -> Any:
    """The address of code that calls `function` as values of function types are called.

    An object on the heap, if it is the first argument, is the owner of such a value; the others
    are the arguments (`codegen/first_class.py`).
    """
    message = f"value_code({function!r}, {dtypes}) has a meaning in compiled code only"
    raise RuntimeError(message)


def destructor(function: Callable[..., Any], dtype: Any) -> Any:
    """The address of code that gives an object of type `dtype` to `function`, then frees it.

    It is what the header of a heap object holds: `void (ptr object)`, called without a context.
    """
    message = f"destructor({function!r}, {dtype}) has a meaning in compiled code only"
    raise RuntimeError(message)


def uninterrupted(pyfunc: F) -> F:
    """Mark a library function whose loops must end what they began: they do not ask for signals."""
    pyfunc.__pellucid_uninterrupted__ = True  # type: ignore[attr-defined]  # a mark on a function object
    return pyfunc


@dataclass(frozen=True, eq=False)
class Overload:
    """One declared implementation of the callable, method or attribute known as `key`.

    `inline` asks for inlining wherever it is called. `separate` says that nothing is gained by it:
    the function is compiled to machine code once, and costs its callers no compilation.
    """

    key: str
    template: Template
    literals: frozenset[str] = frozenset()
    inline: bool = False
    separate: bool = False

    @property
    def signature(self) -> inspect.Signature:
        """The template's signature."""
        return inspect.signature(self.template)

    @cached_property
    def params(self) -> tuple[Param, ...]:
        """The parameters of the template: read when it is first asked, which most never are."""
        return tuple(
            Param(p.name, int(p.kind), MISSING if p.default is p.empty else p.default)
            for p in self.signature.parameters.values()
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Ask the template directly, with types."""
        return self.template(*args, **kwargs)

    @property
    def name(self) -> str:
        """Where the template stands, for cache keys and traces."""
        return f"{self.template.__module__}.{self.template.__qualname__}"


class Intrinsic(Overload):
    """An overload that is itself the callable: library code calls it by its own name."""


def overload(
    target: Callable[..., Any] | str,
    *,
    literals: Iterable[str] = (),
    inline: bool = False,
    separate: bool = False,
) -> Callable[[Template], Overload]:
    """Declare an implementation of a Python callable (or of a key, given as text)."""
    key = target if isinstance(target, str) else callable_path(target)
    return lambda template: Overload(key, template, frozenset(literals), inline, separate)


def checked_key(key: str) -> str:
    """The key of what raises OverflowError where the implementations of `key` wrap.

    Users' functions call it first if their `overflow` is "raise"; library code never does.
    """
    return f"checked:{key}"


def kept_key(key: str) -> str:
    """The key of what is called where `key` is a value: its result may be kept and used again.

    The front end tells where a call by name is used up at once.
    """
    return f"kept:{key}"


def object_key(key: str) -> str:
    """The key of what is asked before the overloads of `key` if an argument is a Python object."""
    return f"object:{key}"


def method_key(ty_class: type[Type], name: str) -> str:
    """The key of a method of the types of a class."""
    return f"method:{ty_class.__name__}.{name}"


def attribute_key(ty_class: type[Type], name: str) -> str:
    """The key of an attribute of the types of a class."""
    return f"attribute:{ty_class.__name__}.{name}"


def overload_method(
    ty_class: type[Type],
    name: str,
    *,
    literals: Iterable[str] = (),
    inline: bool = False,
    separate: bool = False,
) -> Callable[[Template], Overload]:
    """Declare a method; the template's first parameter is the receiver's type."""
    key = method_key(ty_class, name)
    return overload(key, literals=literals, inline=inline, separate=separate)


def overload_attribute(
    ty_class: type[Type], name: str, *, inline: bool = True
) -> Callable[[Template], Overload]:
    """Declare an attribute; the template's one parameter is the receiver's type."""
    return overload(attribute_key(ty_class, name), inline=inline)


def intrinsic(template: Template) -> Intrinsic:
    """Declare a function that only library code can call; the template returns a `Primitive`."""
    return Intrinsic(f"{template.__module__}.{template.__qualname__}", template)


def declared_in(module: ModuleType) -> Iterator[Overload]:
    """The overloads that a module has: under a name each, or several in a tuple."""
    for value in vars(module).values():
        if isinstance(value, Overload):
            yield value
        elif isinstance(value, tuple):
            items = cast("tuple[object, ...]", value)
            yield from (item for item in items if isinstance(item, Overload))


class OverloadTable:
    """All overloads that one compilation can see: the user's own first, then the library's.

    `index` maps a key to the names of the modules that hold its overloads; a module is loaded when
    one of its keys is first asked for.
    """

    def __init__(self, index: Mapping[str, tuple[str, ...]]) -> None:
        self._index = index
        self._found: dict[str, list[Overload]] = {}
        self._added: dict[str, list[Overload]] = {}

    def add(self, declared: Overload) -> None:
        """Register a user's overload, before those already there."""
        self._added.setdefault(declared.key, []).insert(0, declared)

    def find(self, key: str) -> list[Overload]:
        """The overloads of a key, in the order in which they are asked; none if it is unknown."""
        found = self._found.get(key)
        if found is None:
            found = [
                declared
                for module in self._index.get(key, ())
                for declared in declared_in(importlib.import_module(module))
                if declared.key == key
            ]
            self._found[key] = found
        return [*self._added.get(key, ()), *found]

    def candidates(self, key: str, *, is_checked: bool, is_kept: bool) -> list[Overload]:
        """The overloads of a key, after those that check for overflow or give what may be kept."""
        kept = self.find(kept_key(key)) if is_kept else []
        checked = self.find(checked_key(key)) if is_checked else []
        return [*kept, *checked, *self.find(key)]


__all__ = [
    "Constant",
    "Intrinsic",
    "Knot",
    "Overload",
    "OverloadTable",
    "Refused",
    "Typed",
    "Widening",
    "attribute_key",
    "bind",
    "checked_key",
    "code_pointer",
    "declared_in",
    "destructor",
    "intrinsic",
    "joined_fields",
    "kept_key",
    "method_key",
    "object_key",
    "of_class",
    "option",
    "overload",
    "overload_attribute",
    "overload_method",
    "refuse",
    "static",
    "tied",
    "tied_type",
    "uninterrupted",
    "value_code",
]
