"""Compile a cell's functions and run the cell: the transformation behind `%%jit`.

    def f(x): ...          @njit(**options)
    f(1)             ->    def f(x): ...
                           f(1)

Functions that already have a decorator are left as they are. The text under IPython's own file
name stays the user's, so spans and tracebacks show the cell.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from pellucid.inspection.notebook import Cell, note_cell

DECORATOR = "__pellucid_cell_jit__"
Decorator = Callable[[Callable[..., object]], object]


def decorate(tree: ast.Module) -> list[str]:
    """Decorate each undecorated top-level function in place; return the names of all functions."""
    names: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            names.append(node.name)
            if not node.decorator_list:
                # On the line of the `def`, so that the code object's first line stays the same.
                name = ast.Name(DECORATOR, ast.Load())
                node.decorator_list.append(ast.copy_location(name, node))
    return names


def cell_id(shell: InteractiveShell) -> str | None:
    """The id of the cell that is running, where the front end sends it (JupyterLab does)."""
    # Only ipykernel's shell knows the request that it is answering.
    find_parent: Callable[[], dict[str, Any]] | None = getattr(shell, "get_parent", None)
    if find_parent is None:
        return None
    return find_parent().get("metadata", {}).get("cellId")


def run_cell(shell: InteractiveShell, body: str, decorator: Decorator) -> list[str]:
    """Run the cell with its functions compiled; return their names, in order.

    The value of a last expression is displayed, as for any cell.
    """
    __tracebackhide__ = True
    # An empty line stands for the magic's own, so that every line number is the cell's.
    body = "\n" + body
    filename = shell.compile.cache(body, shell.execution_count, raw_code=body)
    note_cell(filename, Cell(cell_id(shell), 0))
    tree = ast.parse(body, filename)
    names = decorate(tree)
    last: list[ast.stmt] = []
    # A semicolon at the end of a cell asks IPython not to display the value.
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not body.rstrip().endswith(";"):
        last = [tree.body.pop()]
    space: dict[str, Any] = shell.user_ns  # the notebook's variables: anything
    space[DECORATOR] = decorator
    try:
        exec(compile(tree, filename, "exec"), shell.user_global_ns, space)
    finally:
        del space[DECORATOR]
    if last:
        single = ast.Interactive(body=last)
        exec(compile(single, filename, "single"), shell.user_global_ns, space)
    return names
