"""Functions of integers: `gcd lcm factorial comb perm isqrt`.

Unlike Python: a result that no 64-bit integer holds raises OverflowError.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Constant, Overload, intrinsic, overload
from pellucid.library.builtins.arithmetic import divide_floor, modulo, primitive
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer, widened
from pellucid.types import NoneType, boolean, int64, uint64

NEGATIVE_FACTORIAL = error_text(math.factorial, -1)
NEGATIVE_N, NEGATIVE_K = error_text(math.comb, -1, 1), error_text(math.comb, 1, -1)
TOO_LARGE = "the result does not fit in int64"
LARGEST = int64.max
NEGATIVE_ISQRT = error_text(math.isqrt, -1)


@intrinsic
def product_overflows(x, y):
    """Whether the product of two int64 is none."""

    def emit(cg: Any, lhs: Any, rhs: Any) -> Any:
        from llvmlite import ir as ll  # a type that only this call needs

        pair = ll.LiteralStructType([lhs.type, ll.IntType(1)])
        found = cg.intrinsic("llvm.smul.with.overflow.i64", pair, lhs, rhs)
        return cg.builder.extract_value(found, 1)

    def run(lhs: int, rhs: int) -> bool:
        return not int64.min <= lhs * rhs <= int64.max

    return primitive("product_overflows", boolean, (int64, int64), emit, run)


def _checked_product(x, y):
    if product_overflows(x, y):
        raise OverflowError(TOO_LARGE)
    return x * y


def _magnitude(x):
    """`|x|` as a uint64, exact for the least int64 too."""
    return uint64(0) - uint64(x) if x < 0 else uint64(x)


def _gcd_pair(x, y):
    a, b = _magnitude(x), _magnitude(y)
    while b != 0:
        a, b = b, modulo(a, b)
    return a


def _of_integers(
    function: Callable[..., int], none: int, one: Callable[..., Any], two: Callable[..., Any],
    many: Callable[..., Any],
) -> Overload:  # fmt: skip
    def template(*integers):
        for ty in integers:
            integer(ty)
        if not integers:
            return Constant(none)
        if len(integers) > 2:
            return many
        return one if len(integers) == 1 else two

    template.__qualname__ = function.__name__
    template.__doc__ = f"`math.{function.__name__}(*integers)`; never negative."
    return overload(function)(template)


def _size_of_one(*integers):
    return abs(+integers[0])


def _gcd_of_two(*integers):
    return _like(integers[0] + integers[1], _gcd_pair(integers[0], integers[1]))


def _emit_second(_cg: Any, _: Any, operand: Any) -> Any:
    return operand


def _second(_: int, operand: int) -> int:
    return operand


@intrinsic
def _like(example, x):
    """A uint64 as the integer type of `example`."""
    ty = integer(widened(example))
    return primitive("like", ty, (ty, ty), _emit_second, _second)


def _gcd_of_many(*integers):
    return math.gcd(math.gcd(integers[0], integers[1]), *integers[2:])


def _lcm_of_two(*integers):
    common = _gcd_pair(integers[0], integers[1])
    if common == 0:
        return 0 * (integers[0] + integers[1])
    part = divide_floor(_magnitude(integers[0]), common)
    return _like(integers[0] + integers[1], part * _magnitude(integers[1]))


def _lcm_of_many(*integers):
    return math.lcm(math.lcm(integers[0], integers[1]), *integers[2:])


gcd = _of_integers(math.gcd, 0, _size_of_one, _gcd_of_two, _gcd_of_many)
lcm = _of_integers(math.lcm, 1, _size_of_one, _lcm_of_two, _lcm_of_many)


@overload(math.factorial)
def factorial(n, /):
    """The product of 1 to `n`.

    >>> math.factorial(20)
    2432902008176640000
    """
    integer(n)
    return _factorial


def _factorial(n, /):
    if n < 0:
        raise ValueError(NEGATIVE_FACTORIAL)
    if n > 20:
        raise OverflowError(TOO_LARGE)
    result = 1
    for factor in range(2, int64(n) + 1):
        result *= factor
    return result


@overload(math.comb)
def comb(n, k, /):
    """How many ways to choose `k` of `n` things.

    >>> math.comb(10, 3)
    120
    """
    integer(n)
    integer(k)
    return _comb


def _comb(n, k, /):
    if n < 0:
        raise ValueError(NEGATIVE_N)
    if k < 0:
        raise ValueError(NEGATIVE_K)
    if k > n:
        return 0
    if n > LARGEST:
        raise OverflowError(TOO_LARGE)
    count = min(int64(k), int64(n) - int64(k))
    result = 1
    for step in range(1, count + 1):
        # result * (n - count + step) is a multiple of step: divide before it can overflow.
        common = math.gcd(result, step)
        factor = divide_floor(int64(n) - count + step, divide_floor(step, common))
        result = _checked_product(divide_floor(result, common), factor)
    return result


@overload(math.perm)
def perm(n, k=None, /):
    """How many ways to arrange `k` of `n` things.

    >>> math.perm(5, 2)
    20
    """
    integer(n)
    if isinstance(k, NoneType):
        return _all_permutations
    integer(k)
    return _perm


def _all_permutations(n, k=None, /):
    return math.factorial(n)


def _perm(n, k=None, /):
    if n < 0:
        raise ValueError(NEGATIVE_N)
    if k < 0:
        raise ValueError(NEGATIVE_K)
    if k > n:
        return 0
    if n > LARGEST:
        raise OverflowError(TOO_LARGE)
    result = 1
    for step in range(int64(k)):
        result = _checked_product(result, int64(n) - step)
    return result


@overload(math.isqrt)
def isqrt(n, /):
    """The whole part of the square root, exact.

    >>> math.isqrt(10**18 - 1)
    999999999
    """
    integer(n)
    return _isqrt


def _isqrt(n, /):
    if n < 0:
        raise ValueError(NEGATIVE_ISQRT)
    whole = uint64(n)
    root = uint64(math.sqrt(float(n)))
    root = min(root, uint64(4294967295))
    # The root of the rounded number is at most one off.
    if root * root > whole:
        root -= uint64(1)
    elif root < uint64(4294967295) and (root + uint64(1)) * (root + uint64(1)) <= whole:
        root += uint64(1)
    return int64(root)
