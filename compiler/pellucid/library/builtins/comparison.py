"""`== != < <= > >=` on numbers and constants, `is`, truth.

An int64 and a uint64 compare by true value. An integer and a float compare as floats.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Constant, Overload, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.interp_values import ArrayValue
from pellucid.ir.protocol import unwrap_optional
from pellucid.library.builtins import arithmetic, optional
from pellucid.library.builtins.arithmetic import primitive
from pellucid.library.builtins.classes import is_caught_class, same_class
from pellucid.library.builtins.promotion import literal_value, number
from pellucid.types import (
    Array,
    Boolean,
    CaughtException,
    Complex,
    Dispatcher,
    DType,
    ExceptionClass,
    Float,
    FunctionUnion,
    Integer,
    Literal,
    Module,
    NoneType,
    Number,
    Optional,
    Range,
    Tuple,
    Type,
    boolean,
    int64,
    uni_tuple,
)
from pellucid.types import (
    Callable as CallableType,
)
from pellucid.types.pyclass import python_class

_STATIC = (NoneType, DType, CallableType, Dispatcher, ExceptionClass, Module)
"""Types with one value each: equal values are equal types."""

_KINDS = (
    (int, float, complex),
    str,
    (bytes, bytearray),
    tuple,
    list,
    dict,
    (set, frozenset),
    range,
    slice,
)
"""Python's classes whose values equal only each other's."""


def _comparison(function: Callable[[Any, Any], bool], symbol: str) -> Overload:
    def template(a, b):
        if isinstance(a, Optional) or isinstance(b, Optional):
            return _with_none(symbol, a, b)
        if symbol in ("==", "!="):
            _leave_to_others(a, b)
        if symbol in ("==", "!=") and FunctionUnion in (type(a), type(b)):
            return _is_member(a, b, wanted=symbol == "==")
        if symbol in ("==", "!=") and _is_static(a, b):
            same = same_class(a, b)
            return Constant((a.base == b.base if same is None else same) == (symbol == "=="))
        if isinstance(a, Literal) and isinstance(b, Literal) and _are_texts(a, b):
            return Constant(function(a.value, b.value))
        lhs, rhs = _operand(a, b), _operand(b, a)
        if symbol not in ("==", "!=") and (isinstance(lhs, Complex) or isinstance(rhs, Complex)):
            refuse("complex numbers have no order")
        return arithmetic.compare(symbol, lhs, rhs)

    template.__doc__ = f"`a {symbol} b`."
    template.__qualname__ = function.__name__
    return overload(function)(template)


def _leave_to_others(a: Type, b: Type) -> None:
    """Refuse exceptions and their classes, which have comparisons of their own."""
    if is_caught_class(a) or is_caught_class(b):
        refuse("the class of an exception is known at run time")
    if isinstance(a, CaughtException) and isinstance(b, CaughtException):
        refuse("exceptions have an identity")


def _is_member(a: Type, b: Type, *, wanted: bool) -> Primitive | Constant:
    """Whether a value that is one of several functions is a certain one."""
    union, other = (a, b) if isinstance(a, FunctionUnion) else (b, a)
    assert isinstance(union, FunctionUnion)
    if not isinstance(other, _STATIC):
        refuse(f"whether {a} and {b} are one function is not known in compiled code")
    if other not in union.members:
        return Constant(not wanted)
    index, at = union.members.index(other), int(union is b)

    def emit(cg: Any, *args: Any) -> Any:
        tag = cg.field(union, args[at], "tag")
        return cg.builder.icmp_unsigned("==" if wanted else "!=", tag, tag.type(index))

    def run(*values: Any) -> bool:
        return (values[at][0] == index) == wanted

    return primitive(f"is_member[{index}]", boolean, (a, b), emit, run)


def _is_static(a: Type, b: Type) -> bool:
    """Whether types alone decide: None with anything, functions, text with what is no text."""
    if isinstance(a.base, _STATIC) or isinstance(b.base, _STATIC):
        return True
    kinds = _kind(a.base), _kind(b.base)
    return None not in kinds and kinds[0] != kinds[1]


def _kind(ty: Type) -> int | None:
    """Values of two kinds are never equal; None for what may equal anything."""
    cls = python_class(ty)
    return next(
        (i for i, kind in enumerate(_KINDS) if cls is not None and issubclass(cls, kind)), None
    )


def _are_texts(a: Literal, b: Literal) -> bool:
    return isinstance(a.value, (str, bytes)) and type(a.value) is type(b.value)


def _operand(ty: Type, other: Type) -> Number:
    """The type of an operand: an int literal takes the other's type where that holds it."""
    value, theirs = literal_value(ty), other.base
    fits = isinstance(theirs, Integer) and value is not None and theirs.min <= value <= theirs.max
    return theirs if fits and isinstance(theirs, Integer) else number(ty)


def _with_none(symbol: str, a: Type, b: Type) -> Any:
    """Optional values are equal if both are None or both hold equal values; they have no order."""
    if symbol not in ("==", "!="):
        refuse(f"{a if isinstance(a, Optional) else b} may be None, which has no order")
    if isinstance(a, NoneType) or isinstance(b, NoneType):
        ty = b if isinstance(a, NoneType) else a
        return optional.is_none(ty, a, b, wanted=symbol == "==")
    return optional.equal if symbol == "==" else optional.unequal


eq = _comparison(operator.eq, "==")
ne = _comparison(operator.ne, "!=")
lt = _comparison(operator.lt, "<")
le = _comparison(operator.le, "<=")
gt = _comparison(operator.gt, ">")
ge = _comparison(operator.ge, ">=")


# ---- is -------------------------------------------------------------------------------------


def _identity(a: Type, b: Type, wanted: bool) -> Any:
    for ty, other in ((a, b), (b, a)):
        if isinstance(ty, Optional) and isinstance(other, NoneType):
            return optional.is_none(ty, a, b, wanted=wanted)
    if isinstance(a, Optional) or isinstance(b, Optional):
        return _with_optional(a, b, wanted=wanted)
    _leave_to_others(a, b)
    if FunctionUnion in (type(a), type(b)):
        return _is_member(a, b, wanted=wanted)
    known = same_class(a, b)
    if known is not None:
        return Constant(known == wanted)
    lhs, rhs = a.base, b.base
    if lhs != rhs:
        return Constant(not wanted)
    if isinstance(lhs, _STATIC):
        return Constant(wanted)
    if isinstance(a, Literal) and isinstance(b, Literal):
        return Constant((a.value == b.value) == wanted)
    if isinstance(lhs, Boolean):
        return arithmetic.compare("==" if wanted else "!=", int64, int64)
    if isinstance(lhs, Number):
        return arithmetic.compare("==" if wanted else "!=", lhs, lhs)
    if isinstance(lhs, Array):
        return _same_memory(lhs, wanted)
    return refuse(f"whether two {lhs} are one object is not known in compiled code")


def _with_optional(a: Type, b: Type, *, wanted: bool) -> Any:
    """`is` where a side may be None: both are, or what is there is one object."""
    if isinstance(a, Optional) and isinstance(b, Optional):
        return _are_both_same if wanted else _are_both_other
    if isinstance(a, Optional):
        return _is_some_same if wanted else _is_some_other
    return _same_is_some if wanted else _other_is_some


def _are_both_same(a, b):
    if a is None or b is None:
        return a is None and b is None
    return unwrap_optional(a) is unwrap_optional(b)


def _are_both_other(a, b):
    return not _are_both_same(a, b)


def _is_some_same(a, b):
    return a is not None and unwrap_optional(a) is b


def _is_some_other(a, b):
    return not _is_some_same(a, b)


def _same_is_some(a, b):
    return b is not None and a is unwrap_optional(b)


def _other_is_some(a, b):
    return not _same_is_some(a, b)


def _same_memory(ty: Array, wanted: bool) -> Primitive:
    """Whether two arrays are one: the same start, shape and strides. A full view is its array."""

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        lengths = uni_tuple(int64, ty.ndim)
        pairs = [tuple(cg.field(ty, array, "data") for array in (lhs, rhs))]
        for name in ("shape", "strides") if ty.ndim else ():
            sides = [cg.field(ty, array, name) for array in (lhs, rhs)]
            pairs += [
                tuple(cg.element(lengths, side, axis) for side in sides) for axis in range(ty.ndim)
            ]
        equal = [cg.builder.icmp_unsigned("==", left, right) for left, right in pairs]
        found = functools.reduce(cg.builder.and_, equal)
        return found if wanted else cg.builder.not_(found)

    def run(lhs: ArrayValue, rhs: ArrayValue) -> bool:
        same = (lhs.data, lhs.shape, lhs.strides) == (rhs.data, rhs.shape, rhs.strides)
        return same == wanted

    return primitive("is" if wanted else "is_not", boolean, (ty, ty), emit, run)


@overload(operator.is_)
def is_(a, b):
    """`a is b`: None is known by type; numbers of one type are one object if they are equal.

    Unlike Python: a view of a whole array is the array.
    """
    return _identity(a, b, wanted=True)


@overload(operator.is_not)
def is_not(a, b):
    """`a is not b`."""
    return _identity(a, b, wanted=False)


# ---- truth ----------------------------------------------------------------------------------


@overload(bool)
def truth(x=False):
    """`bool(x)`: of numbers, None, text, tuples, ranges, optional values, functions."""
    base = x if isinstance(x, Literal) else x.base
    match base:
        case Literal(value=value):
            return Constant(bool(value))
        case Boolean():
            return arithmetic.identity(boolean)
        case Integer() | Float() | Complex():
            return _is_nonzero(base)
        case NoneType():
            return Constant(False)
        case Tuple():
            return Constant(len(base.elems) > 0)
        case Range():
            return _range_truth
        case Optional():
            return optional.is_true
        case _ if isinstance(base, _STATIC):
            return Constant(True)
        case _:
            return refuse(f"a {base} is neither true nor false")


def _range_truth(x):
    return len(x) != 0


def _is_nonzero(ty: Number) -> Primitive:
    """`x != 0`: true of NaN."""
    test = arithmetic.compare("!=", ty, ty)

    def emit(cg: Any, operand: Any) -> Any:
        return test.lower(cg, (operand, cg.zero(ty)))

    return primitive("truth", boolean, (ty,), emit, bool)


@overload(operator.truth)
def operator_truth(x):
    """`bool(x)`."""
    return _truth


def _truth(x):
    return bool(x)


@overload(operator.not_)
def not_(x):
    """`not x`."""
    if x.base == boolean:
        return arithmetic.invert(boolean, boolean)
    return _not


def _not(x):
    return not bool(x)
