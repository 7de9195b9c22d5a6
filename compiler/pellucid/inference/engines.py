"""Engines: library functions that are compiled once per machine, whoever calls them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Intrinsic, Typed
from pellucid.inference.resolution import plain_type
from pellucid.types import Type


def engine(*types: Type) -> Callable[[Callable[..., Any]], Intrinsic]:
    """Declare library code that is called by its own name, and compiled apart from its callers.

    It is compiled for arguments of `types`; without them, for those of its arguments, whatever is
    known of their values.
    """

    def declare(implementation: Callable[..., Any]) -> Intrinsic:
        @functools.wraps(implementation)
        def template(*args: Type) -> Typed:
            return Typed(implementation, types or tuple(map(plain_type, args)))

        name = f"{implementation.__module__}.{implementation.__qualname__}"
        return Intrinsic(name, template, separate=True)

    return declare
