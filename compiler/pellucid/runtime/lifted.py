"""Loops of functions in object mode: compiled where their variables have types of compiled code."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from pellucid.base.diagnostics import CompileError
from pellucid.base.options import Options
from pellucid.runtime.dispatch import Dispatcher
from pellucid.runtime.specialisation import Compiler
from pellucid.types import Signature, Type
from pellucid.types.typeof import typeof


class LiftedLoop:
    """A loop as a function. For arguments that it cannot be compiled for, the interpreter runs it.

    Which it is, is decided before anything runs, once for each argument types.
    """

    def __init__(self, pyfunc: FunctionType, compiler: Compiler, options: Options) -> None:
        self.dispatcher: Dispatcher[..., Any] = Dispatcher(pyfunc, compiler, options)
        self.refusals: dict[tuple[Type, ...], CompileError] = {}
        self.__name__ = self.__qualname__ = pyfunc.__name__

    def choose(self, *args: Any) -> Callable[..., Any]:
        """What is to be called with these arguments."""
        return self.dispatcher if self._is_compiled(args) else self.dispatcher.py_func

    def _is_compiled(self, args: tuple[Any, ...]) -> bool:
        try:
            for arg in args:
                _check_first(arg)
            types = tuple(map(typeof, args))
        except (TypeError, OverflowError):  # compiled code has no such values
            return False
        if types in self.dispatcher.overloads:
            return True
        if types in self.refusals:
            return False
        try:
            self.dispatcher.compile(types)
        except CompileError as problem:
            self.refusals[types] = problem
            return False
        return True

    @property
    def nopython_signatures(self) -> list[Signature]:
        """What it is compiled for."""
        return self.dispatcher.nopython_signatures

    def __repr__(self) -> str:
        return f"LiftedLoop({self.__name__!r})"


def _check_first(arg: Any) -> None:
    """Raise at once where a container's first item has no type, and not after a look at them all.

    The loop is asked each time, and must not be slower than the interpreter.
    """
    while type(arg) in _CONTAINERS and arg:
        arg = next(iter(arg.values() if type(arg) is dict else arg))
        if type(arg) not in _CONTAINERS:
            typeof(arg)


_CONTAINERS = frozenset({list, dict, set, frozenset, tuple})
