"""Read parameter annotations as types: `jit(annotations=True)`.

    def f(n: int, xs: NDArray[np.float64], scale: np.float32 = 1) -> float

`int float complex bool None`, NumPy's scalar classes, `NDArray[...]` of any rank, tuples of these,
and Pellucid's own types mean what they say. `Any` and no annotation leave a parameter open.
"""

from __future__ import annotations

import types as pytypes
import typing
from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

import numpy as np
import numpy.typing

from pellucid.runtime.declared import Declared
from pellucid.types import (
    Tuple,
    Type,
    boolean,
    complex128,
    find_scalar_type,
    float64,
    int64,
    none,
    optional,
)

_CLASSES: dict[Any, Type] = {
    int: int64,
    float: float64,
    complex: complex128,
    bool: boolean,
    None: none,
    type(None): none,
}


def read_annotations(pyfunc: Callable[..., Any]) -> tuple[list[Declared | None], Type | None]:
    """What each parameter is annotated as, and the return type; TypeError if that is no type."""
    name = pyfunc.__qualname__
    try:
        hints = typing.get_type_hints(pyfunc)
    except NameError as problem:
        message = f"{name}(): its annotations cannot be read: {problem}"
        raise TypeError(message) from None
    declared: list[Declared | None] = []
    for param in signature(pyfunc).parameters.values():
        hint = hints.get(param.name, Any)
        if hint is Any:
            declared.append(None)
        elif param.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
            message = f"{name}() parameter '{param.name}': *args and **kwargs cannot be annotated"
            raise TypeError(message)
        else:
            declared.append(_declared(name, param.name, hint))
    hint = hints.get("return", Any)
    return declared, _type_of(hint) if hint is not Any and _dtype_of_array(hint) is None else None


def _declared(function: str, name: str, hint: Any) -> Declared:
    text = getattr(hint, "__name__", str(hint)) if isinstance(hint, type) else str(hint)
    dtype = _dtype_of_array(hint)
    if dtype is not None:
        return Declared(name, f"an array of {dtype}", dtype=dtype)
    ty = _type_of(hint)
    if ty is None:
        message = (
            f"{function}() parameter '{name}': {text} is not a type of compiled code; annotate "
            "with int, float, complex, bool, a NumPy scalar class, NDArray[...], tuple[...] of "
            "these, or a type of pellucid.types"
        )
        raise TypeError(message)
    shown = text if text == str(ty) or isinstance(hint, Type) else f"{text} ({ty})"
    return Declared(name, shown, ty)


def _type_of(hint: Any) -> Type | None:
    """The type that an annotation names; None if it names none."""
    if isinstance(hint, Type):
        return hint
    if isinstance(hint, type) and issubclass(hint, np.generic):
        return find_scalar_type(np.dtype(hint))
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and args and args[-1] is not ...:
        elems = [_type_of(arg) for arg in args]
        return None if None in elems else Tuple(tuple(ty for ty in elems if ty is not None))
    if origin in (typing.Union, pytypes.UnionType) and len(args) == 2 and type(None) in args:
        inside = _type_of(args[0] if args[1] is type(None) else args[1])
        return None if inside is None else optional(inside)
    try:
        return _CLASSES.get(hint)
    except TypeError:  # not hashable
        return None


def _dtype_of_array(hint: Any) -> Type | None:
    """The items' type of `NDArray[...]`; None of anything else."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is np.ndarray:
        dtypes = typing.get_args(args[-1])
    elif (
        origin is not None and origin is numpy.typing.NDArray
    ):  # an alias of its own in newer NumPy
        dtypes = args
    else:
        return None
    is_class = bool(dtypes) and isinstance(dtypes[0], type) and issubclass(dtypes[0], np.generic)
    return find_scalar_type(np.dtype(dtypes[0])) if is_class else None
