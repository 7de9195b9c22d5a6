"""The language reference is its own test: each Markdown page's Python blocks are inferred.

A block's first line names the call: `# infer: f(int64, float64)`. Behind an assignment or a return,
`# revealed: T` states the type it has; `# error: [code] "text"` states that the line is refused.
"""

from __future__ import annotations

import ast
import linecache
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pellucid.base import CompileError, Options
from pellucid.compilation import compile_function
from pellucid.ir.function import Function
from pellucid.ir.ops import Return
from pellucid.types.syntax import type_from_text

PAGES = sorted(Path(__file__).parent.glob("*.md"))
BLOCK = re.compile(r"^```python\n(# infer: .*?)^```", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"# infer: (\w+)\((.*)\)")
REVEALED = re.compile(r"# revealed: (.+)$")
ERROR = re.compile(r'# error: \[([\w-]+)\](?: "(.*)")?$')


def blocks() -> list[Any]:
    return [
        pytest.param(match[1], id=f"{page.stem}-{number}")
        for page in PAGES
        for number, match in enumerate(BLOCK.finditer(page.read_text()), 1)
    ]


@pytest.mark.parametrize("source", blocks())
def test_types_are_as_the_reference_says(source: str, request: pytest.FixtureRequest) -> None:
    lines = source.splitlines()
    call = CALL.match(lines[0])
    assert call is not None
    pyfunc = _define(source, call[1], request.node.name)
    arg_tys = tuple(type_from_text(text) for text in _split(call[2]))
    expected_errors = {
        number: match for number, line in enumerate(lines, 1) if (match := ERROR.search(line))
    }
    if expected_errors:
        with pytest.raises(CompileError) as caught:
            compile_function(pyfunc, arg_tys, Options())
        _check_errors(caught.value, expected_errors)
        return
    compilation = compile_function(pyfunc, arg_tys, Options())
    fn = compilation.target.fn
    assert fn is not None
    checked = [
        (number, match[1].strip(), _revealed(fn, number, line))
        for number, line in enumerate(lines, 1)
        if (match := REVEALED.search(line))
    ]
    assert checked, "the block states nothing"
    assert [(n, want) for n, want, _ in checked] == [(n, have) for n, _, have in checked]


def _define(source: str, name: str, page: str) -> Any:
    file = f"<{page}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"np": np, "math": __import__("math")}
    exec(compile(source, file, "exec"), namespace)
    return namespace[name]


def _split(text: str) -> list[str]:
    """Split at the commas that stand outside brackets."""
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return [*parts, current.strip()] if current.strip() else parts


def _revealed(fn: Function, line: int, text: str) -> str:
    statement = ast.parse(text.strip().split("#")[0].strip().removesuffix(":") or "pass").body[0]
    if isinstance(statement, ast.Return):
        found = [op.value.ty for op in fn.ops() if isinstance(op, Return) and op.span.line == line]
    else:
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        name = targets[0].id
        found = [
            op.result.ty
            for op in fn.ops()
            if op.result is not None
            and op.span.line == line
            and op.result.name.split(".")[0] == name
        ]
    return str(found[-1].base) if found and found[-1] is not None else "nothing"


def _check_errors(problem: CompileError, expected: dict[int, re.Match[str]]) -> None:
    found = {d.primary.span.line: d for d in problem.diagnostics if d.primary is not None}
    assert {n: m[1] for n, m in expected.items()} == {n: d.code for n, d in found.items()}
    for number, match in expected.items():
        assert (match[2] or "") in found[number].headline
