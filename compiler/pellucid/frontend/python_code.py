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
    around = ast.FunctionDef("around", plain_arguments(cells), [node], [])
    module = ast.fix_missing_locations(ast.Module([ast.copy_location(around, node)], []))
    ast.increment_lineno(module, offset)
    code = _only_code(_only_code(compile(module, file, "exec")))
    closure = tuple(cells[name] for name in code.co_freevars)
    return FunctionType(code, pyfunc.__globals__, code.co_name, None, closure)


def _only_code(code: CodeType) -> CodeType:
    return next(c for c in code.co_consts if isinstance(c, CodeType))
