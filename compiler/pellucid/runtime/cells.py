"""Captured variables that a function's code reads when it is called: parameters of the code.

    def adder(n):
        @njit
        def add(x):        n: int64    its value is read from the cell at each call
            return x + n   all functions that `adder` makes share their code

    def counter():
        n = 0
        def inc():         n: cell(int64)    the cell itself: it is assigned to
            nonlocal n

Other captured variables are constants of the code: tuples of such, types, functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from opcode import opmap
from types import CellType, CodeType, FunctionType
from typing import Any, TypeVar

import numpy as np

from pellucid.cache.content import objects_in
from pellucid.types import Cell, Type
from pellucid.types.convert import can_convert
from pellucid.types.dataclass import is_dataclass_type
from pellucid.types.plain import is_plain_class
from pellucid.types.typeof import typeof

Cells = tuple[tuple[str, Type], ...]
"""Captured variables by name, whose values are read when the function is called."""

_CONTAINERS = frozenset({list, dict, set})
_PARAMETERS = frozenset({int, float, bool, complex, str})
F = TypeVar("F", bound=Callable[..., Any])


def read_cells(pyfunc: FunctionType, shared: Mapping[str, Type]) -> Cells:
    """The captured variables that are parameters, with their types now.

    `shared` are the types of those that compiled code made, as far as it did.
    """
    if not pyfunc.__closure__:
        return ()
    assigned = _assigned(pyfunc.__code__)
    found: list[tuple[str, Type]] = []
    for name, cell in zip(pyfunc.__code__.co_freevars, pyfunc.__closure__, strict=True):
        ty = _type_of(cell, shared.get(name))
        if name in assigned or name in shared:
            ty = shared.get(name) if ty is None else ty
            if ty is not None:
                found.append((name, Cell(ty)))
        elif ty is not None:
            found.append((name, ty))
    return tuple(found)


def _type_of(cell: CellType, declared: Type | None) -> Type | None:
    """The type of what a cell holds; None if it holds nothing, or what is a constant."""
    try:
        value: Any = cell.cell_contents
        if declared is None and not is_parameter(value):
            return None
        ty = typeof(value)
    except (ValueError, TypeError, OverflowError):
        return None  # not assigned yet, or nothing that is passed: the compiler reports it
    return declared if declared is not None and can_convert(ty, declared) else ty


def is_parameter(value: Any) -> bool:
    """Whether a captured value is no constant: code reads it at each call."""
    return type(value) in _PARAMETERS or isinstance(value, np.generic) or _may_change(value)


def _may_change(value: Any) -> bool:
    """Whether a captured value may be changed in place, or holds what may."""
    cls = type(value)
    return (
        cls in _CONTAINERS
        or isinstance(value, np.ndarray)
        or getattr(cls, "__pellucid_typed__", False)
        or (is_dataclass_type(cls) and not issubclass(cls, Type))
        or (isinstance(value, tuple) and any(map(_may_change, value)))
    )


def is_assigned(code: CodeType) -> bool:
    """Whether a function, or one inside it, assigns to what it captured."""
    return bool(_assigned(code))


def constant_cells(pyfunc: F) -> F:
    """Mark a function whose captured variables are part of its code, whatever they hold."""
    pyfunc.__pellucid_constants__ = True  # type: ignore[attr-defined]  # a mark on a function object
    return pyfunc


def has_constant_cells(pyfunc: FunctionType) -> bool:
    """Whether a function has that mark."""
    return getattr(pyfunc, "__pellucid_constants__", False)


@lru_cache(maxsize=1024)
def _assigned(code: CodeType) -> frozenset[str]:
    """The captured variables that a function, or one inside it, assigns to."""
    inner = [_assigned(const) for const in code.co_consts if isinstance(const, CodeType)]
    found = frozenset(_stored(code)).union(*inner)
    return found.intersection(code.co_freevars)


def _stored(code: CodeType) -> Iterator[str]:
    own = tuple(name for name in code.co_cellvars if name not in code.co_varnames)
    names, data, high = code.co_varnames + own + code.co_freevars, code.co_code, 0
    for op, low in zip(data[::2], data[1::2], strict=True):
        arg, high = high | low, 0
        if op == _EXTENDED_ARG:
            high = arg << 8
        elif op in _STORES:
            yield names[arg]


_EXTENDED_ARG = opmap["EXTENDED_ARG"]
_STORES = frozenset({opmap["STORE_DEREF"], opmap["DELETE_DEREF"]})


def functions_in(types: tuple[Type, ...]) -> dict[int, Any]:
    """The functions and plain classes in some types, by identity: what their code was made of."""
    found = (getattr(pyobj, "py_func", pyobj) for pyobj in objects_in(types))
    return {id(each): each for each in found if _has_code(each)}


def _has_code(pyobj: Any) -> bool:
    is_class = isinstance(pyobj, type) and is_plain_class(pyobj)
    return is_class or isinstance(pyobj, FunctionType)
