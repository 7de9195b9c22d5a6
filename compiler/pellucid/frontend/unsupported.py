"""The name of each construct that is refused, as the message gives it."""

from __future__ import annotations

import ast

_NAMES: dict[str, str] = {
    "AsyncFor": "`async for` loops",
    "AsyncFunctionDef": "async functions",
    "AsyncWith": "`async with` statements",
    "Await": "`await` expressions",
    "ClassDef": "class definitions inside functions",
    "Dict": "dict displays",
    "DictComp": "dict comprehensions",
    "FormattedValue": "f-strings with values",
    "GeneratorExp": "generator expressions",
    "Import": "imports inside functions",
    "ImportFrom": "imports inside functions",
    "Interpolation": "template strings",
    "JoinedStr": "f-strings with values",
    "List": "list displays",
    "ListComp": "list comprehensions",
    "Match": "`match` statements",
    "Set": "set displays",
    "SetComp": "set comprehensions",
    "Starred": "starred expressions here",
    "TemplateStr": "template strings",
    "Try": "`try` statements",
    "TryStar": "`try` statements with `except*`",
    "TypeAlias": "`type` statements",
    "With": "`with` statements",
    "Yield": "generators (`yield`)",
    "YieldFrom": "generators (`yield from`)",
}

_HELP: dict[str, str] = {
    "GeneratorExp": "write a loop",
    "List": "use a tuple, or an array from `np.empty`",
    "ListComp": "fill an array from `np.empty` in a loop",
    "Import": "import at the top of the module",
    "ImportFrom": "import at the top of the module",
}


def construct_name(node: ast.AST) -> str:
    """What the user would call this piece of syntax, in the plural."""
    kind = type(node).__name__
    return _NAMES.get(kind, f"`{kind}` syntax")


def construct_help(node: ast.AST) -> str:
    """What to write in its place, where there is a common answer."""
    return _HELP.get(type(node).__name__, "")
