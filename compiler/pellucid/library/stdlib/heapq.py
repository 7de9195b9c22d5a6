"""`heapq`: heaps in lists, with CPython's comparisons in CPython's order, and the lazy merge."""

from __future__ import annotations

import heapq
import operator

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import build_list, resume
from pellucid.library.builtins.heap import get
from pellucid.library.builtins.memory import load
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import field
from pellucid.library.containers.lists import list_type, replace, takes_item
from pellucid.types import Literal, NoneType

EMPTY = error_text(heapq.heappop, [])


@overload(heapq.heappush)
def heappush(heap, item, /):
    """Add an item to a heap.

    >>> heap = [5, 1, 4]
    >>> heapq.heapify(heap)
    >>> heapq.heappush(heap, 0)
    >>> heapq.heappop(heap), heapq.heappop(heap)
    (0, 1)
    """
    takes_item(list_type(heap), item)
    return _heappush


def _heappush(heap, item, /):
    heap.append(item)
    _sift_down(heap, 0, len(heap) - 1)


@overload(heapq.heappop)
def heappop(heap, /):
    """Take the least item out of a heap."""
    list_type(heap)
    return _heappop


def _heappop(heap, /):
    if len(heap) == 0:
        raise IndexError(EMPTY)
    last = heap.pop()
    if len(heap) == 0:
        return last
    least = heap[0]
    heap[0] = last
    _sift_up(heap, 0)
    return least


@overload(heapq.heapreplace)
def heapreplace(heap, item, /):
    """Take the least item out, and add one."""
    takes_item(list_type(heap), item)
    return _heapreplace


def _heapreplace(heap, item, /):
    if len(heap) == 0:
        raise IndexError(EMPTY)
    least = heap[0]
    heap[0] = item
    _sift_up(heap, 0)
    return least


@overload(heapq.heappushpop)
def heappushpop(heap, item, /):
    """Add an item, and take the least out."""
    takes_item(list_type(heap), item)
    return _heappushpop


def _heappushpop(heap, item, /):
    if len(heap) > 0 and heap[0] < item:
        least = heap[0]
        heap[0] = item
        _sift_up(heap, 0)
        return least
    return item


@overload(heapq.heapify)
def heapify(heap, /):
    """Bring the items of a list into the order of a heap."""
    list_type(heap)
    return _heapify


def _heapify(heap, /):
    for place in range(len(heap) // 2 - 1, -1, -1):
        _sift_up(heap, place)


def _sift_down(heap, start, place):
    """Let the item at `place` go down towards `start` until its parent is not greater."""
    items = get(heap, "items")
    item = load(items, place)
    while place > start:
        parent = (place - 1) >> 1
        above = load(items, parent)
        if not item < above:
            break
        replace(items, place, above)
        place = parent
    replace(items, place, item)


def _sift_up(heap, place):
    """Let the lesser children move up until there are none, then the item find its place."""
    start = place
    items, end = get(heap, "items"), len(heap)
    item = load(items, place)
    child = 2 * place + 1
    while child < end:
        right = child + 1
        if right < end and not load(items, child) < load(items, right):
            child = right
        replace(items, place, load(items, child))
        place = child
        child = 2 * place + 1
    replace(items, place, item)
    _sift_down(heap, start, place)


# ---- the least and the greatest -------------------------------------------------------------


def _best(n, key, is_worse, reverse):
    integer(n)
    if isinstance(key, NoneType):

        def impl(n, iterable, key=None):
            return _best_items(n, iterable, _itself, is_worse, reverse)
    else:

        def impl(n, iterable, key=None):
            return _best_items(n, iterable, key, is_worse, reverse)

    return impl


def _itself(item):
    return item


@overload(heapq.nsmallest)
def nsmallest(n, iterable, key=None):
    """The `n` least items, as in `sorted(iterable, key=key)[:n]`."""
    return _best(n, key, operator.gt, False)


@overload(heapq.nlargest)
def nlargest(n, iterable, key=None):
    """The `n` greatest items, as in `sorted(iterable, key=key, reverse=True)[:n]`."""
    return _best(n, key, operator.lt, True)


def _best_items(n, iterable, key, is_worse, reverse):
    # The worst of the best lies first. Of equal keys, the one that came later is worse.
    items, keys, heap = build_list(), build_list(), build_list()
    for item in iterable:
        if len(heap) < n:
            keys.append(key(item))
            items.append(item)
            heap.append(len(heap))
            if len(heap) == n:
                for place in range(n // 2 - 1, -1, -1):
                    _sink(heap, keys, place, is_worse)
        elif n > 0:
            found = key(item)
            worst = heap[0]
            if is_worse(keys[worst], found):
                keys.append(found)
                items.append(item)
                heap[0] = len(keys) - 1
                _sink(heap, keys, 0, is_worse)
                if len(keys) > 4 * n + 64:
                    items, keys, heap = _packed(items, keys, heap)
    heap.sort()
    heap.sort(key=lambda place: keys[place], reverse=reverse)
    return [items[place] for place in heap]


def _sink(heap, keys, place, is_worse):
    """Let what lies at `place` of a heap of places sink below those that are worse."""
    number, count = heap[place], len(heap)
    child = 2 * place + 1
    while child < count:
        other = child + 1
        if other < count and _comes_first(keys, heap[other], heap[child], is_worse):
            child = other
        if not _comes_first(keys, heap[child], number, is_worse):
            break
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = number


def _comes_first(keys, a, b, is_worse):
    left, right = keys[a], keys[b]
    if is_worse(left, right):
        return True
    return a > b and not is_worse(right, left)


def _packed(items, keys, heap):
    """What is still wanted of items and keys, in the order in which it came."""
    heap.sort()
    kept_items = [items[place] for place in heap]
    kept_keys = [keys[place] for place in heap]
    kept = [place for place in range(len(heap))]  # noqa: C416 (a list of ints, as the others)
    return kept_items, kept_keys, kept


# ---- merge ----------------------------------------------------------------------------------


@overload(heapq.merge)
def merge(*iterables, key=None, reverse=False):
    """The items of sorted iterables in order, read as they are asked for.

    >>> list(heapq.merge([1, 4], [2, 3]))
    [1, 2, 3, 4]
    """
    if not iterables:
        refuse("merge() of nothing has no type of items")
    if not isinstance(reverse, Literal):
        refuse("`reverse` is a constant")
    is_before = operator.gt if reverse.value else operator.lt
    if isinstance(key, NoneType):

        def impl(*iterables, key=None, reverse=False):
            return _merged(iterables, _itself, is_before)
    else:

        def impl(*iterables, key=None, reverse=False):
            return _merged(iterables, key, is_before)

    return impl


def _merged(iterables, key, is_before):
    if len(iterables) == 1:
        return iter(iterables[0])
    # The halves are merged, so that an item passes through few comparisons.
    half = len(iterables) // 2
    left = _merged(iterables[:half], key, is_before)
    return _merge_two(left, _merged(iterables[half:], key, is_before), key, is_before)


def _merge_two(left, right, key, is_before):
    a, b = resume(left, None), resume(right, None)
    while field(a, "valid") and field(b, "valid"):
        # Of equal items, the left one comes first.
        if is_before(key(field(b, "value")), key(field(a, "value"))):
            yield field(b, "value")
            b = resume(right, None)
        else:
            yield field(a, "value")
            a = resume(left, None)
    if field(a, "valid"):
        yield field(a, "value")
        yield from left
    if field(b, "valid"):
        yield field(b, "value")
        yield from right
