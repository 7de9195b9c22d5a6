"""`sorted` and `list.sort`: a stable merge sort.

Runs of a few items are sorted by insertion, then merged in pairs, between the items and a buffer of
the same size. What is moved are numbers: items that are numbers themselves, or else the positions
of items, which are brought into their order at the end. The list is only touched when all is done,
so it holds what it held if comparing, a key, or Ctrl-C raises.
"""

from __future__ import annotations

from pellucid.inference.overloads import overload, overload_method
from pellucid.ir.protocol import build_list
from pellucid.library.builtins.heap import advance, get, move_items, new, put
from pellucid.library.builtins.memory import load, store
from pellucid.library.containers.list_methods import reverse_items
from pellucid.library.containers.lists import copy_items, list_type, reserve, type_of
from pellucid.types import Boolean, List, NoneType, Number, Tuple, Type
from pellucid.types.kinds import static

RUN = 8
"""Items that are sorted by insertion."""


@overload_method(List, "sort")
def sort(self, *, key=None, reverse=False):
    """Sort in place; equal items keep their order."""
    list_type(self)
    if not isinstance(key, NoneType):
        return _sort_by_key
    return _sort_numbers if is_number(self) else _sort_items


@static
def is_number(items: Type) -> bool:
    """Whether the items of a list are numbers."""
    assert isinstance(items, List)
    return isinstance(items.elem_ty, (Number, Boolean))


@overload(sorted)
def sorted_(iterable, *, key=None, reverse=False):
    """A new list of the items of an iterable, sorted; equal items keep their order."""
    return _sorted


def _sorted(iterable, *, key=None, reverse=False):
    made = list(iterable)
    made.sort(key=key, reverse=reverse)
    return made


def _sort_numbers(self, *, key=None, reverse=False):
    made = copy_items(self, 0, get(self, "length"))
    if reverse:
        reverse_items(made)
    made = sort_numbers(made, None)
    if reverse:
        reverse_items(made)
    move_items(get(self, "items"), get(made, "items"), get(made, "length"))


def _sort_items(self, *, key=None, reverse=False):
    _sort_by(self, self, reverse)


def _sort_by_key(self, *, key=None, reverse=False):
    keys = build_list()
    for item in self:
        keys.append(key(item))  # type: ignore[reportOptionalCall]  # None is another implementation
    if is_number(keys):
        _sort_by_numbers(self, keys, reverse)
    else:
        _sort_by(self, keys, reverse)


def _sort_by_numbers(self, keys, reverse):
    # Each key beside its position: it need not be looked up again and again.
    pairs = build_list()
    for i in range(get(keys, "length")):
        pairs.append((keys[i], i))
    if reverse:
        reverse_items(pairs)
    pairs = sort_numbers(pairs, None)
    if reverse:
        reverse_items(pairs)
    old = copy_items(self, 0, get(self, "length"))
    for i in range(get(pairs, "length")):
        self[i] = old[pairs[i][1]]


def _sort_by(self, keys, reverse):
    count = get(keys, "length")
    places = build_list()
    for i in range(count):
        places.append(count - 1 - i if reverse else i)
    places = sort_numbers(places, keys)
    if reverse:
        reverse_items(places)
    old = copy_items(self, 0, get(self, "length"))
    for i in range(count):
        self[i] = old[places[i]]


def sort_numbers(numbers, keys):
    """A list of `numbers` in order; with `keys`, of the order of the items of `keys` there."""
    count = get(numbers, "length")
    items = get(numbers, "items")
    for first in range(0, count, RUN):
        insert_run(items, first, min(first + RUN, count), keys)
    if count <= RUN:
        return numbers
    other = new(type_of(numbers))
    reserve(other, count)
    put(other, "length", count)
    source, target = numbers, other
    width = RUN
    while width < count:
        for first in range(0, count, 2 * width):
            middle, last = min(first + width, count), min(first + 2 * width, count)
            merge(get(target, "items"), get(source, "items"), first, middle, last, keys)
        source, target = target, source
        width *= 2
    return source


def insert_run(items, first, last, keys):
    """Sort the items from `first` to `last` by insertion."""
    for i in range(first + 1, last):
        item = load(items, i)
        at = i
        while at > first and is_less(item, load(items, at - 1), keys):
            store(items, at, load(items, at - 1))
            at -= 1
        store(items, at, item)


def merge(target, source, first, middle, last, keys):
    """Merge two sorted stretches of `source`, which meet at `middle`, into `target`."""
    if middle >= last or not is_less(load(source, middle), load(source, middle - 1), keys):
        move_items(advance(target, first), advance(source, first), last - first)
        return
    if last - middle == middle - first and merge_halves(target, source, first, middle, last, keys):
        return
    i, j = first, middle
    at = first
    while i < middle and j < last:
        left, right = load(source, i), load(source, j)
        is_right = is_less(right, left, keys)
        # No branch on what is compared: on random data, every other guess of it would be wrong.
        store(target, at, right if is_right else left)
        j += is_right
        i += not is_right
        at += 1
    if i < middle:
        move_items(advance(target, at), advance(source, i), middle - i)
    if j < last:
        move_items(advance(target, at), advance(source, j), last - j)


def merge_halves(target, source, first, middle, last, keys):
    """Merge stretches of one length from both ends at once, as two chains that do not wait.

    Neither end can leave its stretch in so many steps. They meet, unless comparing is no order (a
    NaN is among the items): then it is to be done again.
    """
    i, j = first, middle
    left_end, right_end = middle - 1, last - 1
    for step in range(middle - first):
        left, right = load(source, i), load(source, j)
        is_right = is_less(right, left, keys)
        store(target, first + step, right if is_right else left)
        j += is_right
        i += not is_right
        left, right = load(source, left_end), load(source, right_end)
        is_left = is_less(right, left, keys)
        store(target, last - 1 - step, left if is_left else right)
        left_end -= is_left
        right_end -= not is_left
    return i == left_end + 1 and j == right_end + 1


def is_less(a, b, keys):
    """`a < b`, or that of the keys at these positions."""
    if keys is None:
        return bool(a[0] < b[0] if is_pair(a) else a < b)
    return bool(load(get(keys, "items"), a) < load(get(keys, "items"), b))


@static
def is_pair(item: Type) -> bool:
    """Whether an item is a key with a position."""
    return isinstance(item, Tuple)
