"""Blocks of source that Python's interpreter runs in the midst of compiled code.

    with objmode(y="float64"):
        y = json.loads(text)["y"]

The block becomes a Python function of the variables that it reads, and gives those that it is said
to set. In untyped IR it is a `PythonBlock`, a constant that `run_block` is called with.
"""

from __future__ import annotations

import ast
import base64
import importlib
import marshal
import sys
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

from pellucid.types import Type


class ObjectMode:
    """What `objmode` is: in compiled code a block for the interpreter, elsewhere nothing."""

    def __init__(self) -> None:
        self.__qualname__ = "objmode"  # known by its name, as functions are

    def __call__(self, *args: Any, **types: Any) -> ObjectMode:
        """The context manager of a `with` statement, with the types of what its block sets."""
        return self

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc_info: object) -> None:
        pass

    def __repr__(self) -> str:
        return "objmode"


objmode = ObjectMode()


@dataclass(frozen=True, eq=False)
class PythonBlock:
    """A block: `function` takes what it reads, and returns the tuple of its `outputs`."""

    function: FunctionType
    inputs: tuple[str, ...]
    outputs: tuple[tuple[str, Type], ...]

    @property
    def name(self) -> str:
        """The function that it stands in, and its line."""
        return f"{self.function.__name__}:{self.function.__code__.co_firstlineno}"

    def __call__(self, inputs: tuple[Any, ...]) -> Any:
        return self.function(*inputs)

    def __repr__(self) -> str:
        return f"<block of {self.name}>"


def object_to_text(pyobj: Any) -> str | None:
    """An object that code refers to in a form that a later process can read; None if there is none.

    A function is its code, and the module whose names it sees; other objects are found by their
    names, or are names themselves.
    """
    if isinstance(pyobj, tuple):
        names: tuple[Any, ...] = pyobj
        return f"={names!r}" if all(isinstance(name, str) for name in names) else None
    module = getattr(pyobj, "__module__", None)
    path = getattr(pyobj, "__qualname__", "")
    if isinstance(pyobj, ModuleType):
        module, path = pyobj.__name__, ""
    found: Any = sys.modules.get(module) if isinstance(module, str) else None
    for name in path.split(".") if path else ():
        found = getattr(found, name, None)
    if found is pyobj and module != "__main__":
        return f"{module}={path}"
    return _function_to_text(pyobj)


def _function_to_text(function: Any) -> str | None:
    if not isinstance(function, FunctionType) or function.__closure__:
        return None
    module = function.__globals__.get("__name__")
    found = sys.modules.get(module) if isinstance(module, str) else None
    if found is None or vars(found) is not function.__globals__:
        return None
    return f"{module}:{base64.b64encode(marshal.dumps(function.__code__)).decode()}"


def object_from_text(text: str, module_names: dict[str, Any]) -> Any:
    """The object that `object_to_text` wrote; a function with its module's names."""
    module, mark, path = text.partition("=")
    if mark and not module:
        return tuple(map(sys.intern, ast.literal_eval(path)))
    if mark and ":" not in module:
        found: Any = importlib.import_module(module)
        for name in path.split(".") if path else ():
            found = getattr(found, name)
        return found
    code = base64.b64decode(text.partition(":")[2])
    return FunctionType(marshal.loads(code), module_names)
