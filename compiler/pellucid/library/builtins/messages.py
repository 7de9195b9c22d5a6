"""The texts of Python's own errors, asked of the running version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def error_text(function: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The message of the exception that `function(*args, **kwargs)` raises; it must raise one."""
    try:
        function(*args, **kwargs)
    except Exception as raised:
        return str(raised)
    message = f"{function} raised nothing"
    raise AssertionError(message)
