"""`functools`: partial calls, folds, and decorators that change nothing in compiled code."""

from __future__ import annotations

import functools
import operator
from typing import Any

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.structs import field, struct
from pellucid.types import NoneType, Struct
from pellucid.types.unify import FUNCTIONS


@overload(functools.partial, inline=True)
def partial(func, /, *args, **keywords):
    """A function that calls `func` with these arguments first."""
    return _partial


def _partial(func, /, *args, **keywords):
    def call(*more, **others):
        return func(*args, *more, **keywords, **others)

    return call


@overload(functools.cmp_to_key, inline=True)
def cmp_to_key(mycmp):
    """The key by which sorting asks `mycmp` which of two items comes first.

    >>> sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a))
    [3, 2, 1]
    """
    if not isinstance(mycmp, FUNCTIONS):
        refuse(f"{mycmp.base} is no function")
    return _cmp_to_key


def _cmp_to_key(mycmp):
    def key(obj):
        return struct(KEY, "compare", mycmp, "obj", obj)

    return key


KEY = "comparison_key"


def _key_comparison(function: Any) -> Any:
    def template(a, b):
        if not (isinstance(a, Struct) and isinstance(b, Struct) and a.name == b.name == KEY):
            refuse(f"{a.base} and {b.base} are no keys of a comparison")
        return impl

    def impl(a, b):
        return function(field(a, "compare")(field(a, "obj"), field(b, "obj")), 0)

    template.__qualname__ = f"key_{function.__name__}"
    template.__doc__ = "What the comparison says of the items."
    return overload(function)(template)


key_lt, key_le = _key_comparison(operator.lt), _key_comparison(operator.le)
key_gt, key_ge = _key_comparison(operator.gt), _key_comparison(operator.ge)
key_eq, key_ne = _key_comparison(operator.eq), _key_comparison(operator.ne)


@overload(functools.reduce)
def reduce(function, iterable, initial=None, /):
    """Fold the items from the left; `initial`, unless it is None, comes before them."""
    if isinstance(initial, NoneType):
        return _reduce
    return _reduce_from


def _reduce(function, iterable, initial=None, /):
    items = iter(iterable)
    total = _first(items)
    for item in items:
        total = function(total, item)
    return total


def _first(items):
    for item in items:
        return item
    raise TypeError("reduce() of empty iterable with no initial value")


def _reduce_from(function, iterable, initial=None, /):
    total = initial
    for item in iterable:
        total = function(total, item)
    return total


@overload(functools.wraps)
def wraps(wrapped, assigned=None, updated=None):
    """A decorator that changes nothing: compiled functions have no attributes."""
    return _wraps


def _wraps(wrapped, assigned=None, updated=None):
    return _same


def _same(function):
    return function


@overload("pellucid.jit.njit", literals=["options"])
def njit(function=None, /, **options):
    """In compiled code everything is compiled, with the options of the function around it."""
    if not isinstance(function, NoneType):
        if not isinstance(function, FUNCTIONS):
            refuse("inside compiled code a decorator takes no signature")
        return _same_with_options
    changing = [name for name in options if name in ("error_model", "overflow", "forceobj")]
    if changing:
        refuse(f"{changing[0]} is as in the function around: give it there")
    return _decorator


def _same_with_options(function=None, /, **options):
    return function


def _decorator(function=None, /, **options):
    return _same


jit = overload("pellucid.jit.jit", literals=["options"])(njit.template)
