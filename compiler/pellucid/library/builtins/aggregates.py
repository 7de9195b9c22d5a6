"""`min() max() sum() any() all()` over scalars, tuples and whatever can be iterated."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, overload, refuse
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import real
from pellucid.types import Boolean, Float, Number, Tuple, Type, float64

EMPTY_MIN, EMPTY_MAX = error_text(min, ()), error_text(max, ())


# ---- min and max ----------------------------------------------------------------------------


def _extremum(
    function: Callable[..., Any], pair: Callable[..., Any], many: Callable[..., Any],
    items: Callable[..., Any],
) -> Overload:  # fmt: skip
    def template(*args):
        if len(args) == 1:
            return _of_one(args[0], items)
        if not args:
            refuse(f"{function.__name__}() takes at least one argument")
        for arg in args:
            if not isinstance(arg, Tuple):
                real(arg)
        return pair if len(args) == 2 else many

    template.__qualname__ = function.__name__
    template.__doc__ = (
        "The least" if function is min else "The greatest"
    ) + " of two or more values, or of the items of an iterable; of equal ones, the first."
    return overload(function, inline=True)(template)


def _of_one(ty: Type, items: Callable[..., Any]) -> Any:
    if isinstance(ty.base, (Number, Boolean)):
        refuse(f"a {ty.base} cannot be iterated")
    if isinstance(ty, Tuple) and ty.elems and not ty.is_homogeneous:
        return _spread_min if items is _min_items else _spread_max
    return items


def _min_pair(*args):
    return args[1] if args[1] < args[0] else args[0]


def _max_pair(*args):
    return args[1] if args[1] > args[0] else args[0]


def _min_many(*args):
    return min(min(args[0], args[1]), *args[2:])


def _max_many(*args):
    return max(max(args[0], args[1]), *args[2:])


def _spread_min(*args):
    return min(*args[0])


def _spread_max(*args):
    return max(*args[0])


def _min_items(*args):
    iterable = args[0]
    state = iter_start(iterable)
    if not iter_valid(iterable, state):
        raise ValueError(EMPTY_MIN)
    least = iter_value(iterable, state)
    state = iter_next(iterable, state)
    while iter_valid(iterable, state):
        item = iter_value(iterable, state)
        least = item if item < least else least
        state = iter_next(iterable, state)
    return least


def _max_items(*args):
    iterable = args[0]
    state = iter_start(iterable)
    if not iter_valid(iterable, state):
        raise ValueError(EMPTY_MAX)
    greatest = iter_value(iterable, state)
    state = iter_next(iterable, state)
    while iter_valid(iterable, state):
        item = iter_value(iterable, state)
        greatest = item if item > greatest else greatest
        state = iter_next(iterable, state)
    return greatest


min_ = _extremum(min, _min_pair, _min_many, _min_items)
max_ = _extremum(max, _max_pair, _max_many, _max_items)


# ---- sum ------------------------------------------------------------------------------------


@overload(sum)
def sum_(iterable, start=0):
    """The sum of the items, added to `start` from the first to the last.

    A tuple of floats is summed as CPython does since 3.12: with compensation.

    >>> sum((1, 2, 3.5))
    6.5
    """
    if isinstance(iterable, Tuple):
        return _compensated if _is_compensated(iterable, start) else _sum_tuple
    return _sum


def _is_compensated(iterable: Tuple, start: Type) -> bool:
    is_floats = bool(iterable.elems) and all(e.base == float64 for e in iterable.elems)
    is_plain_start = not isinstance(start.base, Float) or start.base == float64
    return sys.version_info >= (3, 12) and is_floats and is_plain_start


def _sum(iterable, start=0):
    state = iter_start(iterable)
    total = start
    while iter_valid(iterable, state):
        total = total + iter_value(iterable, state)
        state = iter_next(iterable, state)
    return total


def _sum_tuple(iterable, start=0):
    if len(iterable) == 0:
        return start
    return sum(iterable[1:], start + iterable[0])


def _compensated(iterable, start=0):
    # Neumaier's variant of Kahan summation, as in CPython's builtin_sum.
    total, lost = float(start), 0.0
    for item in iterable:
        larger = total + item
        if abs(total) >= abs(item):
            lost += (total - larger) + item
        else:
            lost += (item - larger) + total
        total = larger
    if lost != 0 and lost - lost == 0:
        return total + lost
    return total


# ---- any and all ----------------------------------------------------------------------------


@overload(any)
def any_(iterable):
    """Whether any item is true."""
    return _any_of_tuple if isinstance(iterable, Tuple) else _any


def _any(iterable):
    for item in iterable:  # noqa: SIM110 (the language has no generators yet)
        if item:
            return True
    return False


def _any_of_tuple(iterable):
    if len(iterable) == 0:
        return False
    if iterable[0]:
        return True
    return any(iterable[1:])


@overload(all)
def all_(iterable):
    """Whether every item is true."""
    return _all_of_tuple if isinstance(iterable, Tuple) else _all


def _all(iterable):
    for item in iterable:  # noqa: SIM110 (the language has no generators yet)
        if not item:
            return False
    return True


def _all_of_tuple(iterable):
    if len(iterable) == 0:
        return True
    if not iterable[0]:
        return False
    return all(iterable[1:])
