"""Short programs, run by CPython and compiled: the same result, exception and printed output."""

from __future__ import annotations

import contextlib
import copy
import io
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from engines import define

from pellucid import njit

NAMES = "abcdefgh"


def function_of(source: str, count: int) -> Callable[..., Any]:
    """The function `f` of a source: an expression, statements of `a, b, ...`, or `def f`."""
    source = textwrap.dedent(source).strip()
    if not source.startswith("def f("):
        body = source if "return" in source or "\n" in source else f"return {source}"
        head = f"def f({', '.join(NAMES[:count])}):\n"
        source = head + textwrap.indent(body, "    ")
    return define(source + "\n", "f")


def outcome(function: Callable[..., Any], args: Sequence[Any]) -> tuple[str, str, str]:
    """The type of the result or exception, its text, and what was printed."""
    written = io.StringIO()
    try:
        with contextlib.redirect_stdout(written):
            found = function(*copy.deepcopy(args))
    except Exception as raised:
        return f"raises {type(raised).__name__}", str(raised), written.getvalue()
    return type(found).__name__, repr(found), written.getvalue()


def check(source: str, *calls: tuple[Any, ...]) -> None:
    """Compile a program once, and compare each call with CPython's."""
    calls = calls or ((),)
    function = function_of(source, len(calls[0]))
    compiled = njit(function)
    for args in calls:
        assert outcome(compiled, args) == outcome(function, args), (source, args)
