"""Functions of Python objects, run by CPython and compiled with every parameter a `pyobject`."""

from __future__ import annotations

import contextlib
import copy
import io
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from pellucid import njit, types


class Thing:
    """An object whose class says what everything does."""

    shared = 3

    def __init__(self, n: Any = 0) -> None:
        self.n = n

    def __add__(self, other: Any) -> Any:
        return "add", self.n, other

    def __radd__(self, other: Any) -> Any:
        return "radd", other, self.n

    def __iadd__(self, other: Any) -> Any:
        self.n += 1
        return self

    def __getitem__(self, key: Any) -> Any:
        return "get", key

    def __setitem__(self, key: Any, value: Any) -> None:
        self.n = (key, value)

    def __delitem__(self, key: Any) -> None:
        self.n = ("del", key)

    def __eq__(self, other: object) -> Any:
        return "equal!"

    __hash__ = None  # type: ignore[assignment]  # what is not hashable

    def __bool__(self) -> bool:
        return bool(self.n)

    def __len__(self) -> int:
        return 7

    def __neg__(self) -> str:
        return "neg"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args, kwargs

    def __enter__(self) -> Any:
        print("enter")
        return self

    def __exit__(self, *raised: object) -> bool:
        print("exit", raised[0])
        return self.n == 5

    def __repr__(self) -> str:
        return f"Thing({self.n})"


class Broken:
    """An object that raises where it can."""

    def __bool__(self) -> bool:
        raise ValueError("no truth")

    def __iter__(self) -> Any:
        yield 1
        raise KeyError("while iterating")

    def __hash__(self) -> int:
        raise TypeError("no hash")

    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __repr__(self) -> str:
        return "Broken()"


@cache
def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function compiled for objects."""
    made = njit(cache=False)(function)
    made.compile((types.pyobject,) * function.__code__.co_argcount)
    return made


def outcome(function: Callable[..., Any], args: Sequence[Any]) -> tuple[Any, ...]:
    """The result or exception, what was printed, and what became of the arguments."""
    given = [copy.deepcopy(arg) for arg in args]
    written = io.StringIO()
    try:
        with contextlib.redirect_stdout(written):
            found = function(*given)
            if hasattr(found, "__next__"):
                found = list(found)
    except Exception as raised:
        found = f"raises {type(raised).__name__}: {raised}"
    texts = [repr(value) for value in (found, *given)]
    shown = [text if " at 0x" not in text else text.partition(" at 0x")[0] for text in texts]
    return shown, type(found), written.getvalue()


def check(function: Callable[..., Any], *calls: tuple[Any, ...]) -> None:
    """Compare CPython and compiled code on arguments."""
    for args in calls:
        ours, pythons = outcome(compiled(function), args), outcome(function, args)
        assert ours == pythons, args
