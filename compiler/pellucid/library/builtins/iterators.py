"""Iterators that are functions of Python: `iter`, `map`, `filter`, and `zip` where it is kept."""

from __future__ import annotations

import operator

from pellucid.inference.overloads import kept_key, overload, refuse
from pellucid.types import Generator, Literal, NoneType, Struct

# ---- iterators of what can be iterated ----------------------------------------------------------


@overload(iter)
def iter_(object, *sentinel):
    """An iterator: a generator itself, or one that goes through anything that can be iterated.

    With a sentinel, `object` is called for each item, until it gives one that is equal to it.
    """
    if len(sentinel) > 1:
        refuse(f"iter expected at most 2 arguments, got {len(sentinel) + 1}")
    if sentinel:
        return _call_until
    return _same if isinstance(object, Generator) else _iterate


def _same(object, *sentinel):
    return object


def _iterate(object, *sentinel):
    yield from object


@overload(kept_key("builtins.enumerate"))
def kept_enumerate(iterable, start=0):
    """An iterator, where the function is a value and its result may be used again."""
    return _kept_enumerate


def _kept_enumerate(iterable, start=0):
    return iter(enumerate(iterable, start))


@overload(kept_key("builtins.zip"))
def kept_zip(*iterables, strict=False):
    """An iterator, where the function is a value and its result may be used again."""
    return _kept_strict_zip if isinstance(strict, Literal) and strict.value else _kept_zip


def _kept_zip(*iterables, strict=False):
    return iter(zip(*iterables, strict=False))


def _kept_strict_zip(*iterables, strict=False):
    return iter(zip(*iterables, strict=True))


@overload(kept_key("builtins.reversed"))
def kept_reversed(sequence):
    """An iterator, where the function is a value and its result may be used again."""
    return _kept_reversed


def _kept_reversed(sequence):
    return iter(reversed(sequence))


def _call_until(object, *sentinel):
    item = object()
    while item != sentinel[0]:
        yield item
        item = object()


@overload(operator.contains)
def contains(a, b):
    """`item in iterator`: the items before it, and itself, are taken."""
    is_record = isinstance(a, Struct) and a.name in _RECORDS
    if not is_record and not isinstance(a, Generator):
        refuse(f"{a.base} is not an iterator")
    return _contains


_RECORDS = ("enumerate", "reversed_list", "strict_zip", "zip")


def _contains(a, b):
    for item in a:  # noqa: SIM110 (a generator would be one function more)
        if item == b:
            return True
    return False


# ---- lazy functions -------------------------------------------------------------------------


@overload(map)
def map_(function, *iterables):
    """What `function` gives for the items of the iterables, one after another.

    >>> sum(map(lambda x, y: x * y, (1, 2, 3), (4, 5, 6)))
    32
    """
    if not iterables:
        refuse("map() takes a function and at least one iterable")
    return _map_one if len(iterables) == 1 else _map


def _map_one(function, *iterables):
    for item in iterables[0]:
        yield function(item)


def _map(function, *iterables):
    for items in zip(*iterables, strict=False):
        yield function(*items)


@overload(filter)
def filter_(function, iterable):
    """The items for which `function` is true; with None, those that are true.

    >>> sum(filter(lambda x: x > 2, (1, 2, 3, 4)))
    7
    """
    return _filter_true if isinstance(function, NoneType) else _filter


def _filter(function, iterable):
    for item in iterable:
        if function(item):
            yield item


def _filter_true(function, iterable):
    for item in iterable:
        if item:
            yield item
