"""What tells one Python function's code from another's, within a process."""

from __future__ import annotations

import types as pytypes
from typing import Any


def code_key(code: Any, outer: tuple[Any, ...] = ()) -> object:
    """What tells one function's code from another's: template closures are made anew on each call.

    `outer` are the functions whose cells led here: a function may be in a cell of its own.
    """
    if not isinstance(code, pytypes.FunctionType):
        return code
    if code in outer:
        return outer.index(code)
    cells = tuple(_cell_key(cell, (*outer, code)) for cell in code.__closure__ or ())
    return (code.__code__, cells, id(code.__globals__))


def _cell_key(cell: pytypes.CellType, outer: tuple[Any, ...]) -> object:
    try:
        value = cell.cell_contents
    except ValueError:  # not assigned yet
        return None
    if isinstance(value, pytypes.FunctionType):
        return code_key(value, outer)
    try:
        hash(value)
    except TypeError:
        return id(value)
    return (type(value), value)
