"""Python's operators on arrays: each is a ufunc. In place, the array itself is the output."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from pellucid.inference.overloads import Overload, overload, refuse
from pellucid.library.numpy.ufuncs import arithmetic, bits, comparison
from pellucid.library.numpy.ufuncs.define import Ufunc
from pellucid.types import Array, Literal, Type

# Any: operators are builtin functions without common type.


def _unary(function: Callable[..., Any], ufunc: Ufunc) -> Overload:
    def template(a):
        if not isinstance(a, Array):
            refuse(f"{a.base} is not an array")
        return ufunc.operation(a)

    return _declare(function, template, ufunc)


def _binary(function: Callable[..., Any], ufunc: Ufunc) -> Overload:
    def template(a, b):
        if not isinstance(a, Array) and not isinstance(b, Array):
            refuse("neither operand is an array")
        return ufunc.operation(a, b)

    return _declare(function, template, ufunc)


def _in_place(function: Callable[..., Any], ufunc: Ufunc, original: Callable[..., Any]) -> Overload:
    def template(a, b):
        if not isinstance(a, Array):
            if not isinstance(b, Array):
                refuse("neither operand is an array")
            return ufunc.operation(a, b)
        _check_writable(a)
        ufunc.template(a, b, a)  # refuses what the ufunc refuses

        def impl(a, b):
            return original(a, b, a)

        return impl

    return _declare(function, template, ufunc)


def _check_writable(ty: Array) -> None:
    if ty.readonly:
        refuse("output array is read-only")


def _declare(function: Callable[..., Any], template: Callable[..., Any], ufunc: Ufunc) -> Overload:
    template.__module__ = __name__
    template.__qualname__ = template.__name__ = function.__name__
    template.__doc__ = f"As NumPy's `{ufunc.template.__name__}`."
    return overload(function, inline=True)(template)


neg = _unary(operator.neg, arithmetic.negative)
pos = _unary(operator.pos, arithmetic.positive)
invert = _unary(operator.invert, bits.invert)
absolute = _unary(abs, arithmetic.absolute)

add = _binary(operator.add, arithmetic.add_)
sub = _binary(operator.sub, arithmetic.subtract)
mul = _binary(operator.mul, arithmetic.multiply)
truediv = _binary(operator.truediv, arithmetic.divide)
floordiv = _binary(operator.floordiv, arithmetic.floor_divide)
mod = _binary(operator.mod, arithmetic.remainder_)
and_ = _binary(operator.and_, bits.bitwise_and)
or_ = _binary(operator.or_, bits.bitwise_or)
xor = _binary(operator.xor, bits.bitwise_xor)
lshift = _binary(operator.lshift, bits.left_shift)
rshift = _binary(operator.rshift, bits.right_shift)
eq = _binary(operator.eq, comparison.equal)
ne = _binary(operator.ne, comparison.not_equal)
lt = _binary(operator.lt, comparison.less)
le = _binary(operator.le, comparison.less_equal)
gt = _binary(operator.gt, comparison.greater)
ge = _binary(operator.ge, comparison.greater_equal)

iadd = _in_place(operator.iadd, arithmetic.add_, np.add)
isub = _in_place(operator.isub, arithmetic.subtract, np.subtract)
imul = _in_place(operator.imul, arithmetic.multiply, np.multiply)
itruediv = _in_place(operator.itruediv, arithmetic.divide, np.divide)
ifloordiv = _in_place(operator.ifloordiv, arithmetic.floor_divide, np.floor_divide)
imod = _in_place(operator.imod, arithmetic.remainder_, np.remainder)
iand = _in_place(operator.iand, bits.bitwise_and, np.bitwise_and)
ior = _in_place(operator.ior, bits.bitwise_or, np.bitwise_or)
ixor = _in_place(operator.ixor, bits.bitwise_xor, np.bitwise_xor)
ilshift = _in_place(operator.ilshift, bits.left_shift, np.left_shift)
irshift = _in_place(operator.irshift, bits.right_shift, np.right_shift)


@overload(operator.pow, inline=True)
def pow_(a, b):
    """As NumPy's `power`; a constant 2 squares."""
    if not isinstance(a, Array) and not isinstance(b, Array):
        refuse("neither operand is an array")
    if not _is_two(b) or not isinstance(a, Array) or str(a.dtype) == "bool":
        return arithmetic.power_.operation(a, b)

    def impl(a, b):
        return np.square(a)

    return impl


@overload(operator.ipow, inline=True)
def ipow(a, b):
    """As NumPy's `power` into `a`; a constant 2 squares."""
    if not isinstance(a, Array):
        return pow_.template(a, b)
    _check_writable(a)
    if _is_two(b) and str(a.dtype) != "bool":

        def square(a, b):
            return np.square(a, a)

        return square
    arithmetic.power_.template(a, b, a)

    def impl(a, b):
        return np.power(a, b, a)

    return impl


def _is_two(ty: Type) -> bool:
    return isinstance(ty, Literal) and ty.value == 2 and ty.value is not True


@overload(divmod, literals=("a", "b"))
def divmod_(a, b):
    """The floor quotient and the remainder."""
    if not isinstance(a, Array) and not isinstance(b, Array):
        refuse("neither operand is an array")

    def impl(a, b):
        return np.floor_divide(a, b), np.remainder(a, b)

    return impl


@overload(operator.contains, literals=("b",))
def contains(a, b):
    """Whether an item of `a` equals `b`."""
    if not isinstance(a, Array):
        refuse(f"{a.base} is not an array")

    def impl(a, b):
        return np.any(np.equal(a, b))

    return impl
