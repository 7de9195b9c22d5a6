"""`import` inside a function: the modules are imported while compiling, and are constants.

A name that one import binds, and nothing else, means what a global would. Before the statement
has run it has no value, as any other local variable.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable
from typing import Any

from pellucid.frontend.scopes import Known, imported_name, known_object


def find_import(
    pyfunc: Callable[..., Any], node: ast.Import | ast.ImportFrom, alias: ast.alias
) -> Known | None:
    """What one name of an import statement in `pyfunc` binds; None if there is no such thing."""
    name = imported_name(alias)
    try:
        if isinstance(node, ast.Import):
            module = importlib.import_module(alias.name)
            if alias.asname is None:
                module = importlib.import_module(name)
            return known_object(module, module.__name__, name)
        package = pyfunc.__globals__.get("__package__")
        source = importlib.import_module("." * node.level + (node.module or ""), package)
        if not hasattr(source, alias.name):
            importlib.import_module(f"{source.__name__}.{alias.name}")
        pyobj = getattr(source, alias.name)
        return known_object(pyobj, f"{source.__name__}.{alias.name}", name)
    except (ImportError, AttributeError, TypeError):  # TypeError: relative, and in no package
        return None
