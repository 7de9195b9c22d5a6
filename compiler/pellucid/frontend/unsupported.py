"""The name of each construct that is refused, as the message gives it."""

from __future__ import annotations

import ast

_NAMES: dict[str, str] = {
    "AsyncFor": "`async for` loops",
    "AsyncFunctionDef": "async functions",
    "AsyncWith": "`async with` statements",
    "Await": "`await` expressions",
    "ClassDef": "class definitions inside functions",
    "Interpolation": "template strings",
    "Starred": "starred expressions here",
    "TemplateStr": "template strings",
    "TryStar": "`try` statements with `except*`",
    "TypeAlias": "`type` statements",
}

_HELP: dict[str, str] = {
    "ClassDef": "define the class outside, at the top of the module",
    "AsyncFunctionDef": "compile the parts that compute, and await outside",
    "AsyncFor": "compile the parts that compute, and await outside",
    "AsyncWith": "compile the parts that compute, and await outside",
    "Await": "compile the parts that compute, and await outside",
    "TypeAlias": "define the alias outside, at the top of the module",
}


def construct_name(node: ast.AST) -> str:
    """What the user would call this piece of syntax, in the plural."""
    kind = type(node).__name__
    return _NAMES.get(kind, f"`{kind}` syntax")


def construct_help(node: ast.AST) -> str:
    """What to write in its place, where there is a common answer."""
    return _HELP.get(type(node).__name__, "")
