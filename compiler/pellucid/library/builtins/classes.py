"""What is known of a value by its type: `isinstance() type() callable()`, `len()` of text."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from pellucid.inference.overloads import Constant, overload, overload_attribute, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.types import (
    Boolean,
    Callable,
    Closure,
    Complex,
    Dispatcher,
    DType,
    ExceptionClass,
    Float,
    FunctionUnion,
    Integer,
    Literal,
    Optional,
    Signature,
    Struct,
    Tuple,
    Type,
    boolean,
    complex128,
    float64,
    int64,
    none,
)
from pellucid.types.pyclass import python_class

_ABSTRACT: dict[Any, tuple[type[Type], ...]] = {
    np.integer: (Integer,),
    np.floating: (Float,),
    np.complexfloating: (Complex,),
    np.inexact: (Float, Complex),
    np.number: (Integer, Float, Complex),
    np.generic: (Integer, Float, Complex, Boolean),
}
"""Classes of NumPy's scalars: a number is one of them as well."""


@overload(isinstance)
def isinstance_(obj, class_or_tuple):
    """Whether `obj` is of a class, decided while compiling: every integer is an `int`.

    Unlike Python: compiled code does not tell Python's numbers from NumPy's scalars.

    >>> isinstance(1.5, (int, float))
    True
    """
    classes = class_or_tuple.elems if isinstance(class_or_tuple, Tuple) else (class_or_tuple,)
    ty = obj.base
    if not isinstance(ty, Optional):
        return Constant(any(_is_of(ty, cls) for cls in classes))
    value = any(_is_of(ty.value_ty.base, cls) for cls in classes)
    if value == any(_is_of(none, cls) for cls in classes):
        return Constant(value)
    return _has_value if value else _has_none


def _has_value(obj, class_or_tuple):
    return obj is not None


def _has_none(obj, class_or_tuple):
    return obj is None


def _is_of(ty: Type, cls: Type) -> bool:
    if isinstance(cls, Tuple):
        return any(_is_of(ty, member) for member in cls.elems)
    if isinstance(cls, DType):
        return ty == cls.dtype
    if not isinstance(cls, (Callable, ExceptionClass)) or not inspect.isclass(cls.pyobj):
        refuse(f"{cls.base} is not a class that compiled code knows")
    if cls.pyobj in _ABSTRACT:
        return isinstance(ty, _ABSTRACT[cls.pyobj])
    own = python_class(ty)
    if own is None:
        return _class_unknown(ty, cls.pyobj)
    return issubclass(own, cls.pyobj)


def _class_unknown(ty: Type, cls: type) -> bool:
    if cls is object:
        return True
    if isinstance(ty, (Callable, DType, ExceptionClass, FunctionUnion)):
        return isinstance(getattr(ty, "pyobj", None), cls)
    return refuse(f"the class of a {ty} is not known in compiled code")


_PLAIN = {int: int64, float: float64, complex: complex128, bool: boolean}


@overload(issubclass)
def issubclass_(cls, class_or_tuple):
    """Whether a class is derived from another, decided while compiling.

    >>> issubclass(bool, (int, float))
    True
    """
    classes = class_or_tuple.elems if isinstance(class_or_tuple, Tuple) else (class_or_tuple,)
    if isinstance(cls, DType):
        return Constant(any(_is_of(cls.dtype, each) for each in classes))
    if not isinstance(cls, (Callable, ExceptionClass)) or not isinstance(cls.pyobj, type):
        refuse(f"{cls.base} is not a class that compiled code knows")
    return Constant(any(_is_derived(cls.pyobj, each) for each in classes))


def _is_derived(cls: type, other: Type) -> bool:
    if isinstance(other, Tuple):
        return any(_is_derived(cls, each) for each in other.elems)
    if isinstance(other, DType):
        return _PLAIN.get(cls) == other.dtype
    if isinstance(other, (Callable, ExceptionClass)) and isinstance(other.pyobj, type):
        return issubclass(cls, other.pyobj)
    return refuse(f"{other.base} is not a class that compiled code knows")


EXCEPTION_CLASS = "exception_class"
"""The record that `type(e)` gives: the exception, of which the class is asked (`caught.py`)."""


def is_caught_class(ty: Type) -> bool:
    """Whether a value is the class of an exception that a handler took up."""
    return isinstance(ty, Struct) and ty.name == EXCEPTION_CLASS


def same_class(one: Type, other: Type) -> bool | None:
    """Whether two classes are one: `type(x) is int`; None where one of them is no class."""
    classes = [_dtype_of(ty) for ty in (one, other)]
    if None in classes:
        return None
    return classes[0] == classes[1]


def _dtype_of(ty: Type) -> object:
    """What tells a class from others: a number's type, Python's own being those of 64 bits."""
    if isinstance(ty, DType):
        return ty.dtype
    if isinstance(ty, (Callable, ExceptionClass)) and isinstance(ty.pyobj, type):
        return _PLAIN.get(ty.pyobj, ty.pyobj)
    return None


@overload(type)
def type_(x):
    """The class of a value, which can be called, compared, and asked for its `__name__`.

    >>> type(1.5)(2), type("a").__name__
    (2.0, 'str')
    """
    if isinstance(x.base, (Integer, Float, Complex, Boolean)):
        return Constant(x.base)
    cls = python_class(x)
    if cls is None:
        refuse(f"the class of a {x.base} is not known in compiled code")
    return Constant(cls)


@overload_attribute(DType, "__name__")
def dtype_name(x):
    """The name of a class of numbers: that of Python's where it is of 64 bits."""
    return Constant(next((c.__name__ for c, ty in _PLAIN.items() if ty == x.dtype), str(x.dtype)))


def _class_text(ty: Type) -> Constant:
    if isinstance(ty, DType):
        plain = next((cls for cls, dtype in _PLAIN.items() if dtype == ty.dtype), None)
        return Constant(repr(plain) if plain else f"<class 'numpy.{ty.dtype}'>")
    if not isinstance(ty, (Callable, ExceptionClass)) or not isinstance(ty.pyobj, type):
        refuse(f"{ty.base} is no class")
    return Constant(repr(ty.pyobj))


@overload(str)
def class_str(object):
    """The text of a class."""
    return _class_text(object)


@overload(repr)
def class_repr(obj, /):
    """The text of a class."""
    return _class_text(obj)


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


@overload(breakpoint)
def breakpoint_():
    """Stops under `pellucid.debug(f)`; compiled code goes on.

    Unlike Python: machine code cannot be looked at by pdb.
    """
    return _STOP


_STOP = Primitive(
    "breakpoint", Signature(none, ()), lambda cg, _: cg.zero(none), lambda: None, Effects.WRITES
)
