"""`min() max() sum() any() all()` over scalars, tuples and whatever can be iterated."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, overload, refuse
from pellucid.inference.spreading import spread_key
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import real
from pellucid.types import Array, Boolean, Float, NoneType, Number, Tuple, Type, float64
from pellucid.types.kinds import static

EMPTY_MIN, EMPTY_MAX = error_text(min, ()), error_text(max, ())


def _spread_extremum(function: Callable[..., Any]) -> Overload:
    none, one = error_text(function), error_text(function, 5)

    def template(iterable, *, key=None):
        return impl

    def impl(iterable, *, key=None):
        items = list(iterable)
        if len(items) == 0:
            raise TypeError(none)
        if len(items) == 1:
            raise TypeError(one)
        return function(items, key=key)

    template.__doc__ = f"`{function.__name__}(*items)` of a list of numbers."
    return overload(spread_key(f"builtins.{function.__name__}"))(template)


min_spread, max_spread = _spread_extremum(min), _spread_extremum(max)


# ---- min and max ----------------------------------------------------------------------------


def _extremum(  # noqa: C901 (a list of cases is one thing)
    function: Callable[..., Any], is_better: Callable[..., Any], empty: str
) -> Overload:
    def pair(*args, key=None):
        return args[1] if is_better(args[1], args[0]) else args[0]

    def many(*args, key=None):
        return function(function(args[0], args[1]), *args[2:])

    def many_by_key(*args, key=None):
        return _best_argument(args, key, is_better)

    def spread(*args, key=None):
        return function(*args[0], key=key)

    def items(*args, key=None):
        state = iter_start(args[0])
        if not iter_valid(args[0], state):
            raise ValueError(empty)
        return _best_item(args[0], state, is_better)

    def items_by_key(*args, key=None):
        state = iter_start(args[0])
        if not iter_valid(args[0], state):
            raise ValueError(empty)
        return _best_item_by_key(args[0], state, key, is_better)

    def template(*args, key=None):
        has_key = not isinstance(key, NoneType)
        if not args:
            refuse(f"{function.__name__}() takes at least one argument")
        if len(args) == 1:
            if _is_mixed(_iterable(args[0])):
                return spread
            return items_by_key if has_key else items
        if has_key:
            return many_by_key
        for arg in args:
            if isinstance(arg.base, (Number, Boolean)):
                real(arg)
        return pair if len(args) == 2 else many

    template.__qualname__ = function.__name__
    template.__doc__ = (
        f"The {_superlative(function)} of two or more values, or of the items of an iterable; "
        "of equal ones, the first. `key` gives what is compared."
    )
    return overload(function, inline=True)(template)


def _extremum_or_default(function: Callable[..., Any], is_better: Callable[..., Any]) -> Overload:
    def items(iterable, *, key=None, default):
        state = iter_start(iterable)
        if not iter_valid(iterable, state):
            return default
        return _best_item(iterable, state, is_better)

    def items_by_key(iterable, *, key=None, default):
        state = iter_start(iterable)
        if not iter_valid(iterable, state):
            return default
        return _best_item_by_key(iterable, state, key, is_better)

    def spread(iterable, *, key=None, default):
        return function(*iterable, key=key)

    def template(iterable, *, key=None, default):
        if _is_mixed(_iterable(iterable)):
            return spread
        return items if isinstance(key, NoneType) else items_by_key

    template.__qualname__ = f"{function.__name__}_or_default"
    template.__doc__ = (
        f"The {_superlative(function)} of the items of an iterable, or `default` if there is none."
    )
    return overload(function, inline=True)(template)


def _superlative(function: Callable[..., Any]) -> str:
    return "least" if function is min else "greatest"


def _iterable(ty: Type) -> Type:
    if isinstance(ty.base, (Number, Boolean)):
        refuse(f"a {ty.base} cannot be iterated")
    return ty


def _is_mixed(ty: Type) -> bool:
    return isinstance(ty, Tuple) and len(ty.elems) > 1 and not ty.is_homogeneous


def _best_item(iterable, state, is_better):
    best = iter_value(iterable, state)
    state = iter_next(iterable, state)
    while iter_valid(iterable, state):
        item = iter_value(iterable, state)
        best = item if is_better(item, best) else best
        state = iter_next(iterable, state)
    return best


def _best_item_by_key(iterable, state, key, is_better):
    best = iter_value(iterable, state)
    best_key = key(best)
    state = iter_next(iterable, state)
    while iter_valid(iterable, state):
        item = iter_value(iterable, state)
        item_key = key(item)
        if is_better(item_key, best_key):
            best, best_key = item, item_key
        state = iter_next(iterable, state)
    return best


def _best_argument(args, key, is_better):
    return _better_argument(args[1:], args[0], key(args[0]), key, is_better)


def _better_argument(args, best, best_key, key, is_better):
    if len(args) == 0:
        return best
    item_key = key(args[0])
    if is_better(item_key, best_key):
        return _better_argument(args[1:], args[0], item_key, key, is_better)
    return _better_argument(args[1:], best, best_key, key, is_better)


min_ = _extremum(min, operator.lt, EMPTY_MIN)
max_ = _extremum(max, operator.gt, EMPTY_MAX)
min_or_default = _extremum_or_default(min, operator.lt)
max_or_default = _extremum_or_default(max, operator.gt)


# ---- sum ------------------------------------------------------------------------------------


@overload(sum)
def sum_(iterable, start=0):
    """The sum of the items, added to `start` from the first to the last.

    Python's floats are summed as CPython does since 3.12: with compensation. The items of arrays
    are not.

    >>> sum((1, 2, 3.5))
    6.5
    """
    if isinstance(iterable, Tuple):
        return _compensated if _is_compensated(iterable, start) else _sum_tuple
    return _sum if isinstance(start.base, Float) else _sum_from_int


COMPENSATES = sys.version_info >= (3, 12)


def _is_compensated(iterable: Tuple, start: Type) -> bool:
    is_floats = bool(iterable.elems) and all(e.base == float64 for e in iterable.elems)
    return COMPENSATES and is_floats and start.base == float64


@static
def _gives_floats(iterable: Type, item: Type, start: Type) -> bool:
    """Whether these items are Python's floats, which are summed with compensation."""
    is_float = item.base == float64 and not isinstance(iterable, Array)
    return COMPENSATES and is_float and start.base == float64


def _sum(iterable, start=0):
    return _sum_rest(iterable, iter_start(iterable), start)


def _sum_from_int(iterable, start=0):
    # An integer is added to the first item before floats are summed with compensation.
    state = iter_start(iterable)
    if not iter_valid(iterable, state):
        return start
    total = start + iter_value(iterable, state)
    return _sum_rest(iterable, iter_next(iterable, state), total)


def _sum_rest(iterable, state, start):
    total, lost = start, 0.0
    while iter_valid(iterable, state):
        item = iter_value(iterable, state)
        if _gives_floats(iterable, item, start):
            total, lost = _add_exactly(total, lost, item)
        else:
            total = total + item
        state = iter_next(iterable, state)
    if _gives_floats(iterable, total, start):
        return _with_lost(total, lost)
    return total


def _add_exactly(total, lost, item):
    # Neumaier's variant of Kahan summation, as in CPython's builtin_sum.
    larger = total + item
    is_kept = abs(total) >= abs(item)
    high, low = (total, item) if is_kept else (item, total)
    return larger, lost + ((high - larger) + low)


def _with_lost(total, lost):
    if lost != 0 and lost - lost == 0:
        return total + lost
    return total


def _sum_tuple(iterable, start=0):
    if len(iterable) == 0:
        return start
    return sum(iterable[1:], start + iterable[0])


def _compensated(iterable, start=0):
    total, lost = float(start), 0.0
    for item in iterable:
        total, lost = _add_exactly(total, lost, item)
    return _with_lost(total, lost)


# ---- any and all ----------------------------------------------------------------------------


@overload(any)
def any_(iterable):
    """Whether any item is true."""
    return _any_of_tuple if isinstance(iterable, Tuple) else _any


def _any(iterable):
    for item in iterable:  # noqa: SIM110 (a loop needs no generator)
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
    for item in iterable:  # noqa: SIM110 (a loop needs no generator)
        if not item:
            return False
    return True


def _all_of_tuple(iterable):
    if len(iterable) == 0:
        return True
    if not iterable[0]:
        return False
    return all(iterable[1:])
