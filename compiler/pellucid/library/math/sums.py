"""Functions over several numbers: `hypot dist prod sumprod fsum`."""

from __future__ import annotations

import math

import numpy as np

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.floats import fma, libm
from pellucid.library.builtins.promotion import real
from pellucid.library.math.elementary import real_float
from pellucid.types import Integer, Tuple


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
    # Scaled by a power of two; squares and their sum carry their rounding errors along.
    largest = _largest(coordinates, 0.0)
    if largest - largest != 0 or largest == 0:
        return largest
    exponent = math.frexp(largest)[1]
    total, lost = _squares(coordinates, -exponent, 0.0, 0.0)
    return math.ldexp(math.sqrt(total + lost), exponent)


def _largest(coordinates, found):
    """The largest size: infinite if any is, else NaN if any is."""
    if len(coordinates) == 0:
        return found
    size = math.fabs(float(coordinates[0]))
    is_new = size > found or math.isinf(size) or (size != size and not math.isinf(found))
    return _largest(coordinates[1:], size if is_new else found)


def _squares(coordinates, exponent, total, lost):
    if len(coordinates) == 0:
        return total, lost
    x = math.ldexp(float(coordinates[0]), exponent)
    square = x * x
    larger = total + square
    lost += fma(x, x, -square)
    if total >= square:
        lost += (total - larger) + square
    else:
        lost += (square - larger) + total
    return _squares(coordinates[1:], exponent, larger, lost)


@overload(math.dist)
def dist(p, q, /):
    """The distance of two points, given as tuples of the same length.

    >>> math.dist((1, 1), (4, 5))
    5.0
    """
    if not isinstance(p, Tuple) or not isinstance(q, Tuple):
        refuse("the points are tuples")
    if len(p.elems) != len(q.elems):
        refuse("both points must have the same number of dimensions")
    return _dist


def _dist(p, q, /):
    return float(math.hypot(*_differences(p, q)))


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
        """The sum of the products of two tuples' elements; of floats as if in triple precision.

        >>> math.sumprod((1, 2, 3), (4, 5, 6))
        32
        """
        if not isinstance(p, Tuple) or not isinstance(q, Tuple):
            refuse("both are tuples")
        if len(p.elems) != len(q.elems):
            return _unequal_lengths
        is_exact = all(isinstance(real(ty), Integer) for ty in (*p.elems, *q.elems))
        return _sum_products if is_exact else _sum_float_products


def _unequal_lengths(p, q, /):
    if True:
        raise ValueError("Inputs are not the same length")
    return 0


def _sum_products(p, q, /):
    if len(p) == 0:
        return 0
    return p[0] * q[0] + math.sumprod(p[1:], q[1:])


def _sum_float_products(p, q, /):
    high, low, tiny = _accurate_products(p, q, 0.0, 0.0, 0.0)
    if high - high != 0:
        return high
    total, rest = _two_sum(low, high)
    return tiny + rest + total


def _accurate_products(p, q, high, low, tiny):
    # CPython's TripleLength arithmetic (Modules/mathmodule.c, tl_fma).
    if len(p) == 0:
        return high, low, tiny
    x, y = float(p[0]), float(q[0])
    product = x * y
    if product - product != 0 or high - high != 0:
        return _accurate_products(p[1:], q[1:], high + product, 0.0, 0.0)
    error = fma(x, y, -product)
    total, first = _two_sum(high, product)
    second, third = _two_sum(low, error)
    fourth, fifth = _two_sum(second, first)
    return _accurate_products(p[1:], q[1:], total, fourth, tiny + third + fifth)


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
