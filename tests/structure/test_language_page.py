"""Each block of docs/language.md says what CPython says, and so does the compiled function."""

from __future__ import annotations

import ast
import linecache
import re
from pathlib import Path
from typing import Any

import pytest

from pellucid import njit

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
_BLOCK = re.compile(r"```python\n((?:(?!```).)*?)\n\n(\w+)(\([^\n]*\))  # ([^\n]*)\n```", re.DOTALL)
BLOCKS = {found[2]: found for found in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}


def test_every_block_is_a_function_and_a_call_with_its_result():
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("```python\n") == len(BLOCKS)


@pytest.mark.parametrize("name", BLOCKS)
def test_block(name):
    source, _, arguments, told = BLOCKS[name].groups()
    file = f"<language.md {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    space: dict[str, Any] = {"__name__": "language"}
    exec(compile(source, file, "exec"), space)
    expected = ast.literal_eval(told)
    for function in (space[name], njit(space[name])):
        answer = eval(f"function{arguments}", {"function": function})
        assert answer == expected
        assert repr(answer) == repr(expected)
