"""`itertools.product`, `permutations`, `combinations`, `combinations_with_replacement`.

They give tuples, whose lengths must be constants. One loop stands inside another, a generator each.
"""

from __future__ import annotations

import itertools

from pellucid.inference.overloads import overload, refuse
from pellucid.types import Literal, NoneType, Tuple


def _pattern(r, name):
    """As many zeros as the tuples have elements: the length is what recursion goes by."""
    if not isinstance(r, Literal):
        refuse(f"the length of the tuples that {name}() gives is a constant")
    if r.value < 0:
        refuse(f"{name}() of a negative length")
    return (0,) * r.value


@overload(itertools.product)
def product(*iterables, repeat=1):
    """All tuples of one item of each iterable; the last changes fastest.

    >>> list(itertools.product((1, 2), (0.5,)))
    [(1, 0.5), (2, 0.5)]
    """
    times = len(_pattern(repeat, "product"))

    def impl(*iterables, repeat=1):
        return _products(_pools(iterables) * times)

    return impl


def _pools(iterables):
    if len(iterables) == 0:
        return ()
    return (list(iterables[0]), *_pools(iterables[1:]))


def _products(pools):
    if len(pools) == 0:
        yield ()
    elif len(pools) == 1:
        for item in pools[0]:
            yield (item,)
    else:
        for item in pools[0]:
            for others in _products(pools[1:]):
                yield (item, *others)


@overload(itertools.combinations)
def combinations(iterable, r):
    """All tuples of `r` items at different places, in order."""
    pattern = _pattern(r, "combinations")

    def impl(iterable, r):
        return _combinations(list(iterable), 0, 1, pattern)

    return impl


@overload(itertools.combinations_with_replacement)
def combinations_with_replacement(iterable, r):
    """All tuples of `r` items in order, each of which may be repeated."""
    pattern = _pattern(r, "combinations_with_replacement")

    def impl(iterable, r):
        return _combinations(list(iterable), 0, 0, pattern)

    return impl


def _combinations(pool, first, apart, pattern):
    """Tuples of items from place `first` on, whose places are at least `apart` from another."""
    if len(pattern) == 0:
        yield ()
    elif len(pattern) == 1:
        for i in range(first, len(pool)):
            yield (pool[i],)
    else:
        for i in range(first, len(pool)):
            for others in _combinations(pool, i + apart, apart, pattern[1:]):
                yield (pool[i], *others)


@overload(itertools.permutations)
def permutations(iterable, r=None):
    """All tuples of `r` items at different places, in any order."""
    if isinstance(r, NoneType):
        if not isinstance(iterable, Tuple):
            refuse(
                "how many items there are is not known while compiling, and so is the length of "
                "the tuples: give it as a constant, as in permutations(items, 3)"
            )
        pattern = (0,) * len(iterable.elems)
    else:
        pattern = _pattern(r, "permutations")

    def impl(iterable, r=None):
        pool = list(iterable)
        return _permutations(pool, [False] * len(pool), pattern)

    return impl


def _permutations(pool, used, pattern):
    if len(pattern) == 0:
        yield ()
    else:
        for i in range(len(pool)):
            if not used[i]:
                used[i] = True
                for others in _permutations(pool, used, pattern[1:]):
                    yield (pool[i], *others)
                used[i] = False
