"""Python functions from functions that compiled code made.

    @njit
    def adder(n):
        def add(x):
            return x + n          adder(3) is a Python function `add` whose cell holds 3, compiled
        return add                as `adder` is: what Python would have made, under a dispatcher

The entry of `adder` calls a `FunctionMaker` with its dispatcher and the captured values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CellType, CodeType, FunctionType
from typing import Any, Protocol

from pellucid.ir.params import CapturedDefault, Param
from pellucid.types import Cell, Closure, Type


class Code(Protocol):
    """What is read of an `ir.Function`."""

    params: list[Param]
    captured: int
    home: Any
    pycode: CodeType | None
    own_name: str


class Maker(Protocol):
    """The dispatcher whose compiled code makes a function."""

    def derive(self, pyfunc: FunctionType, shared: Mapping[str, Type]) -> Any:
        """A dispatcher for another function, compiled in the same way.

        `shared` are the types of the variables that it shares with others.
        """
        ...


@dataclass(frozen=True)
class FunctionMaker:
    """Makes Python functions of one code object.

    `names` are those of the captured values in order; `defaults` and `keyword_defaults` say which
    of these values are defaults, `shared` which are variables: their values are Python cells.
    """

    pycode: CodeType
    home: Any  # a Python function; as a FunctionType, a field of it would read as a method
    own_name: str
    names: tuple[str, ...]
    defaults: tuple[int, ...]
    keyword_defaults: tuple[tuple[str, int], ...]
    shared: Mapping[str, Type]

    @staticmethod
    def of(ty: Closure) -> FunctionMaker:
        """The maker of the functions of a type."""
        code: Code = ty.code
        assert code.pycode is not None, "inference has refused a function without Python code"
        own = [p for p in code.params[code.captured :] if isinstance(p.default, CapturedDefault)]
        positional = tuple(p.default.index for p in own if p.kind != _KEYWORD_ONLY)
        named = tuple((p.name, p.default.index) for p in own if p.kind == _KEYWORD_ONLY)
        names = tuple(p.name for p in code.params[: code.captured])
        pairs = zip(names, ty.captured, strict=True)
        shared = {name: held.elem_ty for name, held in pairs if isinstance(held, Cell)}
        return FunctionMaker(
            code.pycode, code.home, code.own_name, names, positional, named, shared
        )

    def __call__(self, maker: Maker, *captured: Any) -> Callable[..., Any]:
        """The function with these captured values."""
        cells, itself = self._cells(captured)
        name_space = self.home.__globals__
        defaults = tuple(captured[i] for i in self.defaults)
        made = FunctionType(self.pycode, name_space, self.pycode.co_name, defaults, cells)
        made.__kwdefaults__ = {name: captured[i] for name, i in self.keyword_defaults} or None
        made.__module__ = self.home.__module__
        dispatcher = maker.derive(made, self.shared)
        for cell in itself:
            cell.cell_contents = dispatcher
        return dispatcher

    def _cells(self, captured: Sequence[Any]) -> tuple[tuple[CellType, ...], list[CellType]]:
        """The function's cells, and those of them that hold the function itself."""
        outer = dict(zip(self.home.__code__.co_freevars, self.home.__closure__ or (), strict=True))
        cells: list[CellType] = []
        itself: list[CellType] = []
        for name in self.pycode.co_freevars:
            if name in self.names:
                value = captured[self.names.index(name)]
                cell = value if name in self.shared else CellType(value)
            elif name in outer:
                cell = outer[name]
            else:  # not captured: nothing but its own name can be read
                cell = CellType()
                if name == self.own_name:
                    itself.append(cell)
            cells.append(cell)
        return tuple(cells), itself


_KEYWORD_ONLY = 3  # inspect.Parameter.KEYWORD_ONLY
