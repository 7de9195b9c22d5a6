"""Functions over several numbers: `hypot dist prod sumprod fsum`."""

from __future__ import annotations

import math

import numpy as np

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.floats import fma, libm
from pellucid.library.builtins.promotion import real
from pellucid.library.math.elementary import real_float
from pellucid.types import Array, Integer, List, Tuple

UNLIKE_LENGTHS = "Inputs are not the same length"
UNLIKE_POINTS = "both points must have the same number of dimensions"


@overload(math.hypot)
def hypot(*coordinates):
    """The length of a vector, without overflow on the way.

    >>> math.hypot(3, 4), math.hypot(2.0, 3.0, 6.0)
    (5.0, 7.0)
    """
    for ty in coordinates:
        real_float(ty)
    if len(coordinates) == 2:
        return libm("hypot", real_float(*coordinates), 2, math.hypot)
    if not coordinates:
        return _no_length
    return _one_length if len(coordinates) == 1 else _length


def _no_length(*coordinates):
    return 0.0


def _one_length(*coordinates):
    return math.fabs(coordinates[0])


def _length(*coordinates):
    return _norm(_floats(coordinates))


def _norm(xs):
    # Scaled by a power of two; squares and their sum carry their rounding errors along.
    largest = 0.0
    for x in xs:
        size = math.fabs(x)
        # Infinite if any is, else NaN if any is.
        if size > largest or math.isinf(size) or (size != size and not math.isinf(largest)):
            largest = size
    if largest - largest != 0 or largest == 0:
        return largest
    exponent = math.frexp(largest)[1]
    total, lost = 0.0, 0.0
    for x in xs:
        scaled = math.ldexp(x, -exponent)
        square = scaled * scaled
        larger = total + square
        lost += fma(scaled, scaled, -square)
        lost += (total - larger) + square if total >= square else (square - larger) + total
        total = larger
    return math.ldexp(math.sqrt(total + lost), exponent)


@overload(math.dist)
def dist(p, q, /):
    """The distance of two points of the same number of dimensions.

    >>> math.dist((1, 1), (4, 5))
    5.0
    """
    if not isinstance(p, Tuple) or not isinstance(q, Tuple):
        return _dist_of_sequences
    if len(p.elems) != len(q.elems):
        refuse(UNLIKE_POINTS)
    return _dist


def _dist(p, q, /):
    return float(math.hypot(*_differences(p, q)))


def _dist_of_sequences(p, q, /):
    if len(p) != len(q):
        raise ValueError(UNLIKE_POINTS)
    return _norm([float(x) - float(y) for x, y in zip(p, q)])  # noqa: B905 (of one length)


def _differences(p, q):
    if len(p) == 0:
        return ()
    return (float(p[0]) - float(q[0]), *_differences(p[1:], q[1:]))


@overload(math.prod)
def prod(iterable, /, *, start=1):
    """The product of the items and of `start`.

    >>> math.prod((2, 3, 4))
    24
    """
    return _prod_of_tuple if isinstance(iterable, Tuple) else _prod


def _prod(iterable, /, *, start=1):
    total = start
    for item in iterable:
        total = total * item
    return total


def _prod_of_tuple(iterable, /, *, start=1):
    if len(iterable) == 0:
        return start
    return math.prod(iterable[1:], start=start * iterable[0])


if hasattr(math, "sumprod"):

    @overload(math.sumprod)
    def sumprod(p, q, /):
        """The sum of the products of two sequences' elements; of floats in triple precision.

        >>> math.sumprod((1, 2, 3), (4, 5, 6))
        32
        """
        is_exact = all(isinstance(real(ty), Integer) for ty in (*_items(p), *_items(q)))
        if not isinstance(p, Tuple) or not isinstance(q, Tuple):
            return _sum_of_sequences if is_exact else _sum_of_float_sequences
        if len(p.elems) != len(q.elems):
            return _unequal_lengths
        return _sum_products if is_exact else _sum_float_products


def _items(ty):
    """The types of the elements of a sequence."""
    if isinstance(ty, Tuple):
        return ty.elems
    if isinstance(ty, List):
        return (ty.elem_ty,)
    if isinstance(ty, Array) and ty.ndim == 1:
        return (ty.dtype,)
    return refuse(f"{ty} is not a sequence of numbers")


def _unequal_lengths(p, q, /):
    if True:
        raise ValueError(UNLIKE_LENGTHS)
    return 0


def _sum_products(p, q, /):
    if len(p) == 0:
        return 0
    return p[0] * q[0] + math.sumprod(p[1:], q[1:])


def _sum_float_products(p, q, /):
    return _accurate_products(_floats(p), _floats(q))


def _sum_of_sequences(p, q, /):
    if len(p) != len(q):
        raise ValueError(UNLIKE_LENGTHS)
    total = 0
    for x, y in zip(p, q):  # noqa: B905 (of one length)
        total += x * y
    return total


def _sum_of_float_sequences(p, q, /):
    if len(p) != len(q):
        raise ValueError(UNLIKE_LENGTHS)
    return _accurate_products(p, q)


def _accurate_products(p, q):
    # CPython's TripleLength arithmetic (Modules/mathmodule.c, tl_fma).
    high, low, tiny = 0.0, 0.0, 0.0
    for x, y in zip(p, q):  # noqa: B905 (of one length)
        product = x * y
        if product - product != 0 or high - high != 0:
            high, low, tiny = high + product, 0.0, 0.0
            continue
        error = fma(float(x), float(y), -product)
        high, first = _two_sum(high, product)
        second, third = _two_sum(low, error)
        low, fifth = _two_sum(second, first)
        tiny = tiny + third + fifth
    if high - high != 0:
        return high
    total, rest = _two_sum(high, low)
    return tiny + rest + total


def _two_sum(a, b):
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


# ---- fsum -----------------------------------------------------------------------------------

OVERFLOW = "intermediate overflow in fsum"
OPPOSITE_INFINITIES = "-inf + inf in fsum"
PARTIALS = 64  # floats whose digits do not overlap: no more than 2098 / 53 are ever needed


@overload(math.fsum)
def fsum(seq, /):
    """The sum of floats, rounded once.

    >>> math.fsum((0.1,) * 10), math.fsum(range(5))
    (1.0, 10.0)
    """
    return _fsum_of_tuple if isinstance(seq, Tuple) else _fsum


def _fsum_of_tuple(seq, /):
    return _fsum(_floats(seq))


def _floats(items):
    if len(items) == 0:
        return ()
    return (float(items[0]), *_floats(items[1:]))


def _fsum(seq, /):
    # Shewchuk's algorithm, as CPython's: partial sums that do not overlap, the least first.
    partials = np.empty(PARTIALS)
    count = 0
    special, infinities = 0.0, 0.0
    for item in seq:
        given = float(item)
        count, rest = _add_to_partials(partials, count, given)
        if rest - rest != 0:
            if given - given == 0:
                raise OverflowError(OVERFLOW)
            if math.isinf(given):
                infinities += given
            special += given
            count = 0
    if special != 0:
        if infinities != infinities:
            raise ValueError(OPPOSITE_INFINITIES)
        return special
    return _rounded_sum(partials, count)


def _add_to_partials(partials, count, x):
    """Add `x`; the number of partial sums then, and the last, which may be infinite or NaN."""
    kept = 0
    for j in range(count):
        y = partials[j]
        if math.fabs(x) < math.fabs(y):
            x, y = y, x
        high = x + y
        low = y - (high - x)
        if low != 0:
            partials[kept] = low
            kept += 1
        x = high
    if x != 0 and x - x == 0:
        partials[kept] = x
        kept += 1
    return kept, x


def _rounded_sum(partials, count):
    """The sum of partial sums, from the greatest; half-even also where a lower one decides."""
    if count == 0:
        return 0.0
    count -= 1
    high, low = partials[count], 0.0
    while count > 0:
        x = high
        count -= 1
        y = partials[count]
        high = x + y
        low = y - (high - x)
        if low != 0:
            break
    is_half_down = count > 0 and low < 0 and partials[count - 1] < 0
    is_half_up = count > 0 and low > 0 and partials[count - 1] > 0
    if is_half_down or is_half_up:
        y = low * 2.0
        x = high + y
        if y == x - high:
            high = x
    return high
