"""What is known of a value by its type: `isinstance() type() callable()`, `len()` of text."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.inference.overloads import Constant, overload, refuse
from pellucid.types import (
    Array,
    Boolean,
    Callable,
    Closure,
    Complex,
    Dispatcher,
    DType,
    ExceptionClass,
    Float,
    Integer,
    Literal,
    NoneType,
    Range,
    Slice,
    Tuple,
    Type,
    UnicodeType,
)
from pellucid.types.containers import BytesType

_CLASSES: dict[Any, tuple[type[Type], ...]] = {
    int: (Integer, Boolean),
    float: (Float,),
    complex: (Complex,),
    bool: (Boolean,),
    str: (UnicodeType,),
    bytes: (BytesType,),
    tuple: (Tuple,),
    range: (Range,),
    slice: (Slice,),
    type(None): (NoneType,),
    np.ndarray: (Array,),
    np.integer: (Integer,),
    np.floating: (Float,),
    np.complexfloating: (Complex,),
    np.inexact: (Float, Complex),
    np.number: (Integer, Float, Complex),
    np.generic: (Integer, Float, Complex, Boolean),
    object: (Type,),
}


@overload(isinstance)
def isinstance_(obj, class_or_tuple):
    """Whether `obj` is of a class, decided while compiling: every integer is an `int`.

    Unlike Python: compiled code does not tell Python's numbers from NumPy's scalars.

    >>> isinstance(1.5, (int, float))
    True
    """
    classes = class_or_tuple.elems if isinstance(class_or_tuple, Tuple) else (class_or_tuple,)
    return Constant(any(_is_of(obj.base, cls) for cls in classes))


def _is_of(ty: Type, cls: Type) -> bool:
    if isinstance(cls, Tuple):
        return any(_is_of(ty, member) for member in cls.elems)
    if isinstance(cls, DType):
        return ty == cls.dtype
    if isinstance(cls, Callable) and cls.pyobj in _CLASSES:
        return isinstance(ty, _CLASSES[cls.pyobj])
    if isinstance(cls, ExceptionClass):
        return False
    return refuse(f"{cls.base} is not a class that compiled code knows")


@overload(type)
def type_(x):
    """The type of a number, to be called: `type(x)(0)`."""
    if not isinstance(x.base, (Integer, Float, Complex, Boolean)):
        refuse(f"the type of a {x.base} cannot be called in compiled code")
    return Constant(x.base)


@overload(callable)
def callable_(obj):
    """Whether `obj` can be called, known by its type."""
    return Constant(isinstance(obj, (Callable, Closure, Dispatcher, DType, ExceptionClass)))


@overload(len)
def length(x):
    """The number of characters of a text that is a constant."""
    if not isinstance(x, Literal) or not isinstance(x.value, (str, bytes)):
        refuse(f"{x.base} is not text that is known while compiling")
    return Constant(len(x.value))
