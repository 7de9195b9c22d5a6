"""`bisect`: places in sorted sequences, and insertion into lists."""

from __future__ import annotations

import bisect

from pellucid.inference.overloads import overload
from pellucid.library.builtins.promotion import integer
from pellucid.library.containers.lists import list_type, takes_item
from pellucid.types import NoneType

NEGATIVE = "lo must be non-negative"


def _check_bounds(lo, hi):
    integer(lo)
    if not isinstance(hi, NoneType):
        integer(hi)


@overload(bisect.bisect_left)
def bisect_left(a, x, lo=0, hi=None, *, key=None):
    """Where to insert `x` in a sorted sequence: before items that equal it.

    >>> bisect.bisect_left([1, 3, 3, 5], 3), bisect.bisect_right([1, 3, 3, 5], 3)
    (1, 3)
    """
    _check_bounds(lo, hi)
    return _left if isinstance(key, NoneType) else _left_by_key


@overload(bisect.bisect_right)
def bisect_right(a, x, lo=0, hi=None, *, key=None):
    """Where to insert `x` in a sorted sequence: after items that equal it."""
    _check_bounds(lo, hi)
    return _right if isinstance(key, NoneType) else _right_by_key


def _bounds(a, lo, hi):
    if lo < 0:
        raise ValueError(NEGATIVE)
    if hi is None or hi == -1:  # as CPython's function in C has it
        return int(lo), len(a)
    return int(lo), int(hi)


def _left(a, x, lo=0, hi=None, *, key=None):
    low, high = _bounds(a, lo, hi)
    while low < high:
        middle = (low + high) // 2
        if a[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


def _left_by_key(a, x, lo=0, hi=None, *, key=None):
    return _find_left(a, x, lo, hi, key)


def _find_left(a, x, lo, hi, key):
    low, high = _bounds(a, lo, hi)
    while low < high:
        middle = (low + high) // 2
        if key(a[middle]) < x:
            low = middle + 1
        else:
            high = middle
    return low


def _right(a, x, lo=0, hi=None, *, key=None):
    low, high = _bounds(a, lo, hi)
    while low < high:
        middle = (low + high) // 2
        if x < a[middle]:
            high = middle
        else:
            low = middle + 1
    return low


def _right_by_key(a, x, lo=0, hi=None, *, key=None):
    return _find_right(a, x, lo, hi, key)


def _find_right(a, x, lo, hi, key):
    low, high = _bounds(a, lo, hi)
    while low < high:
        middle = (low + high) // 2
        if x < key(a[middle]):
            high = middle
        else:
            low = middle + 1
    return low


@overload(bisect.insort_left)
def insort_left(a, x, lo=0, hi=None, *, key=None):
    """Insert into a sorted list, before items that equal it."""
    takes_item(list_type(a), x)
    _check_bounds(lo, hi)
    return _insort_left if isinstance(key, NoneType) else _insort_left_by_key


@overload(bisect.insort_right)
def insort_right(a, x, lo=0, hi=None, *, key=None):
    """Insert into a sorted list, after items that equal it."""
    takes_item(list_type(a), x)
    _check_bounds(lo, hi)
    return _insort_right if isinstance(key, NoneType) else _insort_right_by_key


def _insort_left(a, x, lo=0, hi=None, *, key=None):
    a.insert(_left(a, x, lo, hi), x)


def _insort_left_by_key(a, x, lo=0, hi=None, *, key=None):
    _insert_left(a, x, lo, hi, key)


def _insert_left(a, x, lo, hi, key):
    a.insert(_find_left(a, key(x), lo, hi, key), x)


def _insort_right(a, x, lo=0, hi=None, *, key=None):
    a.insert(_right(a, x, lo, hi), x)


def _insort_right_by_key(a, x, lo=0, hi=None, *, key=None):
    _insert_right(a, x, lo, hi, key)


def _insert_right(a, x, lo, hi, key):
    a.insert(_find_right(a, key(x), lo, hi, key), x)
