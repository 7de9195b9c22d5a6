"""Pickle compiled functions: by name where the name finds them, else by their code.

A function that a module holds travels as its module and qualified name. One made in another
function travels as its code object, defaults, closure values, the globals that it uses, and its
source text, which the receiving process compiles again. Within one process the same object comes
back.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
import linecache
import marshal
import os
import sys
import weakref
from collections.abc import Callable
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

_by_id: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()


def reduce(dispatcher: Any, pyfunc: FunctionType, state: tuple[Any, ...]) -> Any:
    """What `__reduce__` of a dispatcher returns; `state` are the constructor's other arguments."""
    module, qualname = pyfunc.__module__, pyfunc.__qualname__
    if _find(module, qualname) is dispatcher:
        return _by_name, (module, qualname)
    key = dispatcher.__dict__.setdefault("_pickle_id", os.urandom(16).hex())
    _by_id[key] = dispatcher
    shell = (key, type(dispatcher), _code_of(pyfunc), state)
    return _from_code, shell, _values_of(pyfunc), None, None, _fill


def _find(module: str, qualname: str) -> Any:
    found: Any = sys.modules.get(module)
    for name in qualname.split("."):
        found = getattr(found, name, None)
    return found


def _by_name(module: str, qualname: str) -> Any:
    importlib.import_module(module)
    found = _find(module, qualname)
    if found is None:
        message = f"{module} has no {qualname}"
        raise AttributeError(message)
    return found


def _from_code(
    key: str, cls: Callable[..., Any], parts: dict[str, Any], state: tuple[Any, ...]
) -> Any:
    """A dispatcher whose function has its code and not yet its values, which may refer to it."""
    known = _by_id.get(key)
    if known is not None:
        return known
    made = cls(_function_of(parts), *state)
    made.__dict__["_pickle_id"] = key
    made.__dict__["_is_shell"] = True
    _by_id[key] = made
    return made


def _fill(dispatcher: Any, values: dict[str, Any]) -> None:
    if not dispatcher.__dict__.pop("_is_shell", False):
        return
    pyfunc = dispatcher.py_func
    pyfunc.__defaults__, pyfunc.__kwdefaults__ = values["defaults"], values["kwdefaults"]
    for cell, value in zip(pyfunc.__closure__ or (), values["closure"], strict=True):
        cell.cell_contents = value
    for name, value in values["globals"].items():
        is_module = isinstance(value, _ModuleName)
        pyfunc.__globals__[name] = importlib.import_module(value) if is_module else value


def _code_of(pyfunc: FunctionType) -> dict[str, Any]:
    try:
        lines = inspect.findsource(pyfunc)[0]
    except OSError:  # no source: the receiver can say so as well as we can
        lines = []
    return {
        "code": marshal.dumps(pyfunc.__code__),
        "version": sys.version_info[:2],
        "name": pyfunc.__name__,
        "qualname": pyfunc.__qualname__,
        "module": pyfunc.__module__,
        "doc": pyfunc.__doc__,
        "source": lines,
    }


def _values_of(pyfunc: FunctionType) -> dict[str, Any]:
    return {
        "defaults": pyfunc.__defaults__,
        "kwdefaults": pyfunc.__kwdefaults__,
        "closure": [cell.cell_contents for cell in pyfunc.__closure__ or ()],
        "globals": _used_globals(pyfunc),
    }


def _used_globals(pyfunc: FunctionType) -> dict[str, Any]:
    """The globals that the code names. Modules travel by name."""
    used: dict[str, Any] = {}
    for name in _names(pyfunc.__code__):
        if name in pyfunc.__globals__:
            value = pyfunc.__globals__[name]
            used[name] = _ModuleName(value.__name__) if isinstance(value, ModuleType) else value
    return used


def _names(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _names(constant)
    return names


class _ModuleName(str):
    """The name of a module that stands for it."""

    __slots__ = ()


def _function_of(parts: dict[str, Any]) -> FunctionType:
    if tuple(parts["version"]) != sys.version_info[:2]:
        wanted = ".".join(map(str, parts["version"]))
        message = f"{parts['qualname']} was pickled by Python {wanted}: use the same version here"
        raise TypeError(message)
    code: CodeType = marshal.loads(parts["code"])
    if parts["source"] and not linecache.getlines(code.co_filename):
        lines = parts["source"]
        size = sum(map(len, lines))
        linecache.cache[code.co_filename] = (size, None, lines, code.co_filename)
    namespace = {"__name__": parts["module"], "__builtins__": builtins}
    cells = tuple(CellType() for _ in code.co_freevars)
    made = FunctionType(code, namespace, parts["name"], None, cells)
    made.__qualname__, made.__module__ = parts["qualname"], parts["module"]
    made.__doc__ = parts["doc"]
    return made
