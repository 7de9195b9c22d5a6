"""Library functions that another process has compiled already.

A specialisation of a library function is known by the overload that declared it and the types that
its template saw. Where these mean the same in every process, the function can be kept on disk as
its signature, its effects and optimised code; inference then needs no source and no types of it.
"""

from __future__ import annotations

import sys
import types as pytypes
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Protocol

from pellucid.base.digest import blake2b
from pellucid.base.options import Options
from pellucid.inference.instances import is_known_class
from pellucid.inference.overloads import Overload
from pellucid.ir.callee import FunctionTarget
from pellucid.types import Closure, ExceptionClass, Generator, ObjectBlock, PyObjectType, Type

_OWN = "pellucid."
_Kept = tuple[str | None, FunctionTarget | None]


class LibraryCode(Protocol):
    """Where compiled library functions are kept."""

    def find(self, key: str) -> FunctionTarget | None:
        """The function of this key, with a `place` and without IR; None if it is not kept."""
        ...


@dataclass(frozen=True)
class KeptCode:
    """What of the library one compilation finds kept, that is made with `options`."""

    library: LibraryCode | None
    options: Options

    def of_overload(self, declared: Overload, types: tuple[Type, ...], options: Options) -> _Kept:
        """The key of an implementation, and the function if another compilation has kept it."""
        return self._find(library_key(declared, types), options)

    def of_function(self, code: object, types: tuple[Type, ...], options: Options) -> _Kept:
        """The same of a plain function that library code calls."""
        return self._find(function_key(code, types), options)

    def _find(self, key: str | None, options: Options) -> _Kept:
        if key is None:
            return None, None
        if options != self.options:  # the caller's own
            key = f"{key} {options.text()}"
        return key, None if self.library is None else self.library.find(key)


def library_key(declared: Overload, types: tuple[Type, ...]) -> str | None:
    """The key of a specialisation; None where it has no meaning outside this process."""
    if not declared.template.__module__.startswith(_OWN) or not is_portable(types):
        return None
    # The key too: templates made by one factory may share a name.
    return f"{declared.key} {declared.name}({', '.join(map(str, types))})"


def function_key(code: object, types: tuple[Type, ...]) -> str | None:
    """The key of a plain function that library code calls, under the same conditions."""
    if not isinstance(code, pytypes.FunctionType) or code.__closure__ is not None:
        return None
    module, name = code.__module__ or "", code.__qualname__
    if not module.startswith(_OWN) or not is_portable(types):
        return None
    # A function that another makes may share its name with others.
    is_named = getattr(sys.modules.get(module), name, None) is code
    return f"{module}.{name}({', '.join(map(str, types))})" if is_named else None


def short_digest(key: str) -> str:
    """A few characters that tell one key from another, for symbols."""
    return blake2b(key.encode(), digest_size=5).hexdigest()


def is_portable(ty: object) -> bool:
    """Whether the text of a type, or of each of a tuple, names the same type in every process."""
    match ty:
        case Closure() | Generator() | ObjectBlock():
            return False
        case ExceptionClass(pyobj=pyobj):
            return pyobj.__module__ == "builtins"  # another's source may say something else later
        case PyObjectType(pyobj=pyobj):
            if is_known_class(pyobj):
                return False
            is_function = isinstance(pyobj, pytypes.FunctionType)
            return not is_function or (pyobj.__module__ or "").startswith((_OWN, "numpy"))
        case tuple():
            return all(map(is_portable, ty))
        case Type() if is_dataclass(ty):
            return all(is_portable(getattr(ty, part.name)) for part in fields(ty))
        case _:
            return True


def is_library_code(code: Any, files: set[str]) -> bool:
    """Whether a function that library code calls is library code, or was given to it.

    `files` are those of the library functions that are known.
    """
    if not isinstance(code, pytypes.FunctionType):
        return not hasattr(code, "py_func")
    root = (code.__module__ or "").partition(".")[0]
    return root == "pellucid" or code.__code__.co_filename in files
