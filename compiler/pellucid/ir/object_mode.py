"""Blocks of source that Python's interpreter runs in the midst of compiled code.

    with objmode(y="float64"):
        y = json.loads(text)["y"]

The block becomes a Python function of the variables that it reads, and gives those that it is said
to set. In untyped IR it is a `PythonBlock`, a constant that `run_block` is called with.
"""

from __future__ import annotations

import base64
import marshal
import sys
from dataclasses import dataclass
from types import FunctionType
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


def function_to_text(function: Any) -> str | None:
    """A function of Python's in a form that a later process can read; None if there is none.

    It is its code, and the module whose names it sees.
    """
    if not isinstance(function, FunctionType) or function.__closure__:
        return None
    module = function.__globals__.get("__name__")
    found = sys.modules.get(module) if isinstance(module, str) else None
    if found is None or vars(found) is not function.__globals__:
        return None
    return f"{module}:{base64.b64encode(marshal.dumps(function.__code__)).decode()}"


def function_from_text(text: str, module_names: dict[str, Any]) -> FunctionType:
    """The function that `function_to_text` wrote, with its module's names."""
    code = base64.b64decode(text.partition(":")[2])
    return FunctionType(marshal.loads(code), module_names)
