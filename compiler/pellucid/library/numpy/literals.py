"""Library functions that see the constants they are called with.

A plain function of the library is typed for the types of its arguments, constants forgotten. One
that chooses by an axis or an order needs them: `@with_literals("axis")` keeps those of the named
parameters, so that branches on them, and indices by them, are decided while typing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload


def with_literals(*names: str) -> Callable[[Callable[..., Any]], Overload]:
    """Keep the constants that the named parameters are called with.

    Any: functions of the compiled language.
    """

    def declare(function: Callable[..., Any]) -> Overload:
        def template(*_tys: Any) -> Callable[..., Any]:
            return function

        template.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]  # read by inspect
        template.__doc__ = function.__doc__
        key = f"{function.__module__}.{function.__qualname__}"
        template.__qualname__ = key  # names the overload in cache keys
        return Overload(key, template, frozenset(names))

    return declare
