"""`operator`: what stands beside the operators themselves: sequences, hints, calls."""

from __future__ import annotations

import operator

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.promotion import integer
from pellucid.types import Boolean, List, Number, Tuple, UnicodeType

NOT_FOUND = "sequence.index(x): x not in sequence"


def _sequences(a, b):
    if not (isinstance(a, (List, Tuple)) and isinstance(b, (List, Tuple))):
        refuse(f"{a.base} and {b.base} cannot be put one after the other")


@overload(operator.concat)
def concat(a, b, /):
    """`a + b` of two sequences."""
    _sequences(a, b)
    return _concat


def _concat(a, b, /):
    return a + b


@overload(operator.iconcat)
def iconcat(a, b, /):
    """`a += b` of two sequences."""
    _sequences(a, b)
    return _iconcat


def _iconcat(a, b, /):
    a += b
    return a


def _iterable(a):
    if isinstance(a.base, (Number, Boolean)):
        refuse(f"a {a.base} cannot be iterated")
    if isinstance(a.base, UnicodeType):
        refuse("a str has functions of its own")


@overload(operator.countOf)
def count_of(a, b, /):
    """How many items equal `b`."""
    _iterable(a)
    return _count_of


def _count_of(a, b, /):
    count = 0
    for item in a:
        if item == b:
            count += 1
    return count


@overload(operator.indexOf)
def index_of(a, b, /):
    """The place of the first item that equals `b`."""
    _iterable(a)
    return _index_of


def _index_of(a, b, /):
    place = 0
    for item in a:
        if item == b:
            return place
        place += 1  # noqa: SIM113 (what is iterated need not be counted)
    raise ValueError(NOT_FOUND)


@overload(operator.length_hint)
def length_hint(obj, default=0, /):
    """The number of items, which a sequence knows."""
    integer(default)
    return _length_hint


def _length_hint(obj, default=0, /):
    return len(obj)


@overload(operator.call)
def call(obj, /, *args, **kwargs):
    """`obj(*args, **kwargs)`."""
    return _call


def _call(obj, /, *args, **kwargs):
    return obj(*args, **kwargs)
