"""The parameters of a Python function, and binding a call's arguments to them as CPython does."""

from __future__ import annotations

from collections.abc import Callable
from inspect import CO_VARARGS, CO_VARKEYWORDS, Parameter
from types import FunctionType
from typing import Any

from pellucid.ir.params import MISSING, Param

Binder = Callable[..., tuple[Any, ...]]


def parameters_of(pyfunc: FunctionType) -> tuple[Param, ...]:
    """The parameters, in the order in which Python declares them."""
    code = pyfunc.__code__
    count, keyword_only = code.co_argcount, code.co_kwonlyargcount
    names = code.co_varnames
    defaults = pyfunc.__defaults__ or ()
    params = [
        Param(
            name,
            Parameter.POSITIONAL_ONLY
            if index < code.co_posonlyargcount
            else Parameter.POSITIONAL_OR_KEYWORD,
            _default(defaults, index - count + len(defaults)),
        )
        for index, name in enumerate(names[:count])
    ]
    rest = count + keyword_only
    if code.co_flags & CO_VARARGS:
        params.append(Param(names[rest], Parameter.VAR_POSITIONAL))
        rest += 1
    for name in names[count : count + keyword_only]:
        default = (pyfunc.__kwdefaults__ or {}).get(name, MISSING)
        params.append(Param(name, Parameter.KEYWORD_ONLY, default))
    if code.co_flags & CO_VARKEYWORDS:
        params.append(Param(names[rest], Parameter.VAR_KEYWORD))
    return tuple(params)


def _default(defaults: tuple[Any, ...], index: int) -> Any:
    return defaults[index] if index >= 0 else MISSING


def make_binder(pyfunc: FunctionType) -> Binder:
    """A function with the parameters of `pyfunc` that returns what they are bound to, in order.

    It is a Python function, so a call that does not fit raises what CPython raises, word for word.
    """
    params = parameters_of(pyfunc)
    names = ", ".join(param.name for param in params)
    source = f"def bind({_declare(params)}):\n    return ({names}{',' if params else ''})\n"
    namespace: dict[str, Any] = {}
    exec(compile(source, f"<parameters of {pyfunc.__qualname__}>", "exec"), namespace)
    bind: Any = namespace["bind"]
    bind.__name__, bind.__qualname__ = pyfunc.__name__, pyfunc.__qualname__
    bind.__defaults__, bind.__kwdefaults__ = pyfunc.__defaults__, pyfunc.__kwdefaults__
    return bind


def _declare(params: tuple[Param, ...]) -> str:
    parts: list[str] = []
    seen_star = False
    for index, param in enumerate(params):
        if param.kind == Parameter.VAR_POSITIONAL:
            seen_star = True
            parts.append(f"*{param.name}")
        elif param.kind == Parameter.VAR_KEYWORD:
            parts.append(f"**{param.name}")
        else:
            if param.kind == Parameter.KEYWORD_ONLY and not seen_star:
                seen_star = True
                parts.append("*")
            parts.append(param.name)
        following = params[index + 1].kind if index + 1 < len(params) else None
        if param.kind == Parameter.POSITIONAL_ONLY and following != Parameter.POSITIONAL_ONLY:
            parts.append("/")
    return ", ".join(parts)
