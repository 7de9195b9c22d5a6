"""The texts of Python's own errors, asked of the running version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def error_text(function: Callable[..., Any], *args: Any) -> str:
    """The message of the exception that `function(*args)` raises; it must raise one."""
    try:
        function(*args)
    except Exception as raised:
        return str(raised)
    message = f"{function} raised nothing"
    raise AssertionError(message)
