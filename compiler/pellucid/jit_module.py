"""`jit_module`: compile all functions of a module, by one line at its end."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Unpack

from pellucid.jit import JitOptions, jit, make_options


def jit_module(**options: Unpack[JitOptions]) -> None:
    """Decorate every function that the calling module has defined so far with `jit(**options)`.

    Left alone are what is decorated already, what was imported, classes, and functions that are
    defined after the call. Nothing is compiled before it is called. For authors of modules.
    """
    make_options(options)  # wrong options are told also where there is no function
    frame = inspect.currentframe()
    assert frame is not None, "CPython has frames"
    assert frame.f_back is not None, "somebody called"
    names = frame.f_back.f_globals
    for name, value in list(names.items()):
        if isinstance(value, FunctionType) and value.__module__ == names.get("__name__"):
            names[name] = jit(**options)(value)
