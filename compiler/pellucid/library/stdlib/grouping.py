"""`itertools.groupby` and `tee`: iterators that share what they read of another.

What they share lies in lists, which all of them hold.
"""

from __future__ import annotations

import itertools

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import build_list, resume
from pellucid.library.builtins.structs import field
from pellucid.types import Literal, NoneType


@overload(itertools.groupby)
def groupby(iterable, key=None):
    """Pairs of a key, and an iterator over the items in a row that have it.

    As in CPython, a group ends when the next is asked for.
    """
    return _groups_by_item if isinstance(key, NoneType) else _groupby


def _groups_by_item(iterable, key=None):
    return _groupby(iterable, _itself)


def _itself(item):
    return item


def _groupby(iterable, key=None):
    # `ahead` holds the item that was read last, with its key, until a group takes it.
    items = iter(iterable)
    ahead = []
    _read(items, key, ahead)
    while ahead:
        found = ahead[0][0]
        group = _group(items, key, ahead, found)
        yield found, group
        for _ in group:
            pass


def _read(items, key, ahead):
    step = resume(items, None)
    if field(step, "valid"):
        item = field(step, "value")
        ahead.append((key(item), item))


def _group(items, key, ahead, found):
    while ahead and ahead[0][0] == found:
        yield ahead.pop()[1]
        _read(items, key, ahead)


@overload(itertools.tee)
def tee(iterable, n=2, /):
    """So many iterators over the same items, each of which is read once.

    What one of them has read is kept until all of them have.
    """
    if not isinstance(n, Literal):
        refuse("the number of iterators is a constant")
    if n.value < 0:
        refuse("n must be >= 0")
    pattern = (0,) * n.value

    def impl(iterable, n=2, /):
        items = iter(iterable)
        kept = build_list()
        return _tees(items, kept, [0] * len(pattern), pattern)

    return impl


def _tees(items, kept, places, pattern):
    if len(pattern) == 0:
        return ()
    number = len(places) - len(pattern)
    return (_tee(items, kept, places, number), *_tees(items, kept, places, pattern[1:]))


def _tee(items, kept, places, number):
    while True:
        if places[number] == len(kept):
            step = resume(items, None)
            if not field(step, "valid"):
                return
            kept.append(field(step, "value"))
        item = kept[places[number]]
        places[number] += 1
        yield item
        _forget(kept, places)


def _forget(kept, places):
    """Give up what all have read, now and then."""
    read = min(places)
    if read >= 64 and 2 * read >= len(kept):
        del kept[:read]
        for i in range(len(places)):
            places[i] -= read
