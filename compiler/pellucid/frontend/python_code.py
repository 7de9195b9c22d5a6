"""Python functions made from syntax, where it stands: for what the interpreter runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from types import CellType, CodeType, FunctionType
from typing import Any


def cells_of(pyfunc: Any) -> dict[str, CellType]:
    """The captured variables of a function."""
    return dict(zip(pyfunc.__code__.co_freevars, pyfunc.__closure__ or (), strict=True))


def plain_arguments(names: Iterable[str]) -> ast.arguments:
    """Positional parameters without defaults."""
    return ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])


def make_function(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    pyfunc: Any,
    file: str,
    offset: int,
    cells: Mapping[str, CellType],
) -> FunctionType:
    """The function of a `def`, with the globals of `pyfunc`; `cells` are the variables around it.

    Lines of the tree are `offset` less than the file's; nodes without a place get that of the
    `def`. The tree is used up.
    """
    name, node.name = node.name, _ITSELF  # its own name is a global, unless there is a cell of it
    around = ast.FunctionDef("around", plain_arguments(cells), [node], [])
    module = ast.fix_missing_locations(ast.Module([ast.copy_location(around, node)], []))
    ast.increment_lineno(module, offset)
    code = _only_code(_only_code(compile(module, file, "exec")))
    code = _moved(code, code.co_qualname, pyfunc.__qualname__).replace(co_name=name)
    closure = tuple(cells[name] for name in code.co_freevars)
    return FunctionType(code, pyfunc.__globals__, code.co_name, None, closure)


_ITSELF = "the function"  # no name that a program can use


def _only_code(code: CodeType) -> CodeType:
    return next(c for c in code.co_consts if isinstance(c, CodeType))


def _moved(code: CodeType, old: str, new: str) -> CodeType:
    """A function's code, and that inside it, with qualified names that begin otherwise."""
    consts = tuple(_moved(c, old, new) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_qualname=new + code.co_qualname.removeprefix(old), co_consts=consts)
