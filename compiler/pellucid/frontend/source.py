"""Finds the source text and syntax tree of a Python function.

Text comes from linecache, which knows files, notebook cells and doctests; from the command line for
`python -c`; or from `source=`. Only the lines of the function are parsed, so the cost does not grow
with the file: a `def` ends before the first line that is indented no deeper, unless the text up to
there is not yet complete (inside brackets or a string), which the parser tells. A lambda has no
such end: its file is parsed once and kept.
"""

from __future__ import annotations

import ast
import linecache
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any, NoReturn

from pellucid.base.diagnostics import error
from pellucid.frontend.freshness import is_compiled_from, may_differ

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_DEF = re.compile(r"\s*(?:async\s+)?def\b")
_START = re.compile(r"\s*(?:@|(?:async\s+)?def\b)")
_COMMAND = "<string>"


@dataclass(frozen=True)
class Source:
    """A function's tree, and its file's lines: a line of the tree plus `offset` is the file's."""

    file: str
    node: FunctionNode
    lines: list[str]
    offset: int

    @property
    def text(self) -> str:
        """The function's own lines."""
        first = self.node.lineno + self.offset - 1
        return "".join(self.lines[first : (self.node.end_lineno or 0) + self.offset])


def find_source(pyfunc: Callable[..., Any], source: str | None = None) -> Source:
    """The source of a Python function; CompileError `no-source` if there is none.

    `source` is the text that was executed to make the function, for one that no file holds.
    """
    made = getattr(pyfunc, "__pellucid_source__", None)
    if isinstance(made, Source):  # a function that the front end made (`lifting.py`)
        return made
    code = getattr(pyfunc, "__code__", None)
    if not isinstance(code, CodeType):
        name = getattr(pyfunc, "__qualname__", None) or repr(pyfunc)
        error(
            "no-source",
            f"`{name}` is not a Python function",
            notes=(f"it is of type {type(pyfunc).__name__}, which has no Python source",),
        )
    lines = _lines(code, pyfunc.__globals__, source)
    if not lines:
        _refuse(code, f"it was made in {code.co_filename}, whose text is not available")
    first = code.co_firstlineno
    if first > len(lines):
        _refuse(code, f"{code.co_filename} has no line {first}: it changed after it was run")
    if code.co_name == "<lambda>":
        return _lambda_source(code, lines)
    return _def_source(code, lines)


# Text -------------------------------------------------------------------------------------------


def _lines(code: CodeType, module_names: dict[str, Any], source: str | None) -> list[str]:
    file = code.co_filename
    if source is not None:
        lines = source.splitlines(keepends=True)
        _remember(file, lines)
        return lines
    linecache.checkcache(file)
    lines = linecache.getlines(file, module_names)
    if not lines and file == _COMMAND:
        lines = (find_command(sys.orig_argv) or "").splitlines(keepends=True)
        _remember(file, lines)
    return lines


def _remember(file: str, lines: list[str]) -> None:
    """Let tracebacks and messages show the lines, as they do for a file."""
    if lines and file.startswith("<") and file not in linecache.cache:
        linecache.cache[file] = (sum(map(len, lines)), None, lines, file)


def find_command(argv: list[str]) -> str | None:
    """The text after `-c` on a Python command line; None if there is no `-c`."""
    args = iter(argv[1:])
    for arg in args:
        if not arg.startswith("-") or arg in {"-", "--"}:
            return None
        if arg.startswith("--"):
            if arg == "--check-hash-based-pycs":
                next(args, None)
            continue
        for index, letter in enumerate(arg[1:], start=1):
            rest = arg[index + 1 :]
            if letter == "c":
                return rest or next(args, None)
            if letter == "m":
                return None
            if letter in "WX":  # the option's value is the rest, or the next argument
                if not rest:
                    next(args, None)
                break
    return None


# A def ------------------------------------------------------------------------------------------


def _def_source(code: CodeType, lines: list[str]) -> Source:
    first = code.co_firstlineno
    if not _START.match(lines[first - 1]):
        _refuse(code, f"line {first} of {code.co_filename} does not start a function")
    for stop in _ends(lines, first):
        found = _parse_def(lines, first, stop)
        if found is not None:
            node, offset = found
            break
    else:
        _refuse(code, f"the text at line {first} of {code.co_filename} is not a function")
    if node.name != code.co_name or not _fits(node.args, code):
        changed = f"line {first} of {code.co_filename} has another function: the text changed"
        _refuse(code, changed)
    if may_differ(code.co_filename) and not is_compiled_from(code, node):
        _refuse(code, f"{code.co_filename} was changed after the function was made")
    return Source(code.co_filename, node, lines, offset)


def _ends(lines: list[str], first: int) -> Iterator[int]:
    """Line numbers at which a `def` that starts (by a decorator perhaps) at `first` may end."""
    indent = _indent(lines[first - 1])
    in_header = True
    for number in range(first, len(lines) + 1):
        line = lines[number - 1]
        stripped = line.strip()
        if in_header:
            in_header = not (_DEF.match(line) and _indent(line) == indent)
        elif stripped and stripped[0] != "#" and _indent(line) <= indent:
            yield number - 1
    yield len(lines)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t\f"))


def _parse_def(
    lines: list[str], first: int, stop: int
) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, int] | None:
    text = "".join(lines[first - 1 : stop])
    is_nested = text[:1].isspace()
    # Columns stay those of the file: an indented function is put under an `if`.
    tree = _parse(f"if 1:\n{text}" if is_nested else text)
    if tree is None:
        return None
    body = tree.body
    if is_nested and isinstance(body[0], ast.If):
        body = body[0].body
    node = body[0]
    if len(body) != 1 or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    return node, first - 2 if is_nested else first - 1


def _parse(text: str) -> ast.Module | None:
    try:
        if "\\" not in text:
            return ast.parse(text)
        with warnings.catch_warnings():  # invalid escapes were reported when the file was compiled
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError):  # incomplete, or with null bytes
        return None


def _fits(args: ast.arguments, code: CodeType) -> bool:
    """Whether the parameters are those of the code object."""
    names = [a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    names += [a.arg for a in (args.vararg, args.kwarg) if a is not None]
    return tuple(names) == code.co_varnames[: len(names)] and code.co_argcount == len(
        args.posonlyargs
    ) + len(args.args)


# A lambda ---------------------------------------------------------------------------------------

_trees: dict[str, tuple[list[str], dict[int, list[ast.Lambda]]]] = {}


def _lambda_source(code: CodeType, lines: list[str]) -> Source:
    first = code.co_firstlineno
    candidates = [
        node
        for node in _lambdas_by_line(code.co_filename, lines).get(first, ())
        if _fits(node.args, code)
    ]
    if len(candidates) > 1:
        candidates = _at_positions(candidates, code) or candidates
    if len(candidates) > 1:
        same = [node for node in candidates if _mentioned(node) == _mentioned_by(code)]
        candidates = same or candidates
    if not candidates:
        _refuse(code, f"line {first} of {code.co_filename} has no such lambda")
    return Source(code.co_filename, candidates[0], lines, 0)


def _lambdas_by_line(file: str, lines: list[str]) -> dict[int, list[ast.Lambda]]:
    known = _trees.get(file)
    if known is not None and known[0] == lines:
        return known[1]
    found: dict[int, list[ast.Lambda]] = {}
    tree = _parse("".join(lines))
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Lambda):
            found.setdefault(node.lineno, []).append(node)
    _trees[file] = (lines, found)
    return found


def _at_positions(candidates: list[ast.Lambda], code: CodeType) -> list[ast.Lambda]:
    """The innermost whose body holds the ranges that the instructions come from."""
    places = {
        place
        for line, end_line, col, end_col in code.co_positions()
        if col is not None and end_col  # (0, 0) and None: the compiler made the instruction
        for place in ((line, col), (end_line, end_col))
    }
    if not places:
        return []
    low, high = min(places), max(places)
    around = [node for node in candidates if _start(node.body) <= low and high <= _end(node.body)]
    return [max(around, key=_start)] if around else []


def _start(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.expr) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0


def _mentioned(node: ast.Lambda) -> set[str]:
    """The names and constants in a lambda, for an interpreter that keeps no columns."""
    found: set[str] = set()
    for part in ast.walk(node.body):
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.Constant):
            found.add(repr(part.value))
    return found


def _mentioned_by(code: CodeType) -> set[str]:
    constants = {repr(c) for c in code.co_consts if c is not None}
    return {*code.co_names, *code.co_freevars, *code.co_varnames, *constants}


def _refuse(code: CodeType, why: str) -> NoReturn:
    name = code.co_qualname.replace(".<locals>", "")
    error(
        "no-source",
        f"the source of `{name}` was not found",
        notes=(why,),
        help="define the function in a file or in a notebook cell",
    )
