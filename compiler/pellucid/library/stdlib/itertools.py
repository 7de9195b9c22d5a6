"""`itertools`: iterators as generators, which ask for an item only when they are asked for one."""

from __future__ import annotations

import itertools

from pellucid.inference.overloads import overload, refuse
from pellucid.inference.spreading import spread_key
from pellucid.ir.protocol import resume
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import field
from pellucid.types import Literal, NoneType, Tuple

ISLICE_STOP = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."
ISLICE_INDICES = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
ISLICE_STEP = "Step for islice() must be a positive integer or None."


# ---- counts and repetitions -----------------------------------------------------------------


@overload(itertools.count)
def count(start=0, step=1):
    """`start`, `start + step`, and so on without end."""
    return _count


def _count(start=0, step=1):
    value = start
    while True:
        yield value
        value = value + step


@overload(itertools.cycle)
def cycle(iterable, /):
    """The items again and again; they are kept, so that the iterable is read once."""
    return _cycle


def _cycle(iterable, /):
    kept = []
    for item in iterable:
        kept.append(item)
        yield item
    while kept:
        yield from kept


@overload(itertools.repeat)
def repeat(object, times=None):
    """The same value `times` times, or without end."""
    if isinstance(times, NoneType):
        return _repeat
    integer(times)
    return _repeat_times


def _repeat(object, times=None):
    while True:
        yield object


def _repeat_times(object, times=None):
    for _ in range(times):
        yield object


# ---- one after another ----------------------------------------------------------------------


@overload(itertools.chain)
def chain(*iterables):
    """The items of the first iterable, then those of the second, and so on.

    >>> sum(itertools.chain((1, 2), range(3)))
    6
    """
    if not iterables:
        refuse("chain() of nothing has no type of items")
    return _chain


def _chain(*iterables):
    yield from iterables[0]
    if len(iterables) > 1:
        yield from _chain(*iterables[1:])


@overload("itertools.chain.from_iterable")
def chain_from_iterable(iterable, /):
    """The items of the items."""
    return _chain_from_spread if _is_mixed(iterable) else _chain_from


@overload(spread_key("itertools.chain"))
def chain_spread(iterables):
    """`chain(*iterables)` of a list."""
    return _chain_spread


def _chain_spread(iterables):
    return itertools.chain.from_iterable(iterables)


def _is_mixed(ty):
    return isinstance(ty, Tuple) and not ty.is_homogeneous


def _chain_from_spread(iterable, /):
    return itertools.chain(*iterable)


def _chain_from(iterable, /):
    for inner in iterable:
        yield from inner


@overload(itertools.accumulate)
def accumulate(iterable, func=None, *, initial=None):
    """Running totals: of sums, or of what `func` gives for a total and an item."""
    if isinstance(initial, NoneType):
        return _running_sums if isinstance(func, NoneType) else _running
    return _running_sums_from if isinstance(func, NoneType) else _running_from


def _running_sums(iterable, func=None, *, initial=None):
    items = iter(iterable)
    step = resume(items, None)
    if not field(step, "valid"):
        return
    total = field(step, "value")
    yield total
    for item in items:
        total = total + item
        yield total


def _running(iterable, func=None, *, initial=None):
    return _totals(iterable, func)


def _totals(iterable, func):
    items = iter(iterable)
    step = resume(items, None)
    if not field(step, "valid"):
        return
    total = field(step, "value")
    yield total
    for item in items:
        total = func(total, item)
        yield total


def _running_sums_from(iterable, func=None, *, initial=None):
    total = initial
    yield total
    for item in iterable:
        total = total + item
        yield total


def _running_from(iterable, func=None, *, initial=None):
    return _totals_from(iterable, func, initial)


def _totals_from(iterable, func, initial):
    total = initial
    yield total
    for item in iterable:
        total = func(total, item)
        yield total


@overload(itertools.pairwise)
def pairwise(iterable, /):
    """Each item with the next."""
    return _pairwise


def _pairwise(iterable, /):
    items = iter(iterable)
    step = resume(items, None)
    if not field(step, "valid"):
        return
    last = field(step, "value")
    for item in items:
        yield last, item
        last = item


# ---- some of the items ----------------------------------------------------------------------


@overload(itertools.islice)
def islice(iterable, /, *bounds):
    """The items of a slice: `(stop)`, `(start, stop)` or `(start, stop, step)`, which may be None.

    >>> list(itertools.islice(itertools.count(), 2, 9, 3))
    [2, 5, 8]
    """
    if not 1 <= len(bounds) <= 3:
        refuse(f"islice() takes one to three numbers, not {len(bounds)}")
    for bound in bounds:
        if not isinstance(bound, NoneType):
            integer(bound)
    return _islice


def _islice(iterable, /, *bounds):
    start, stop, step = 0, -1, 1
    if len(bounds) == 1:
        if bounds[0] is not None:
            stop = _stop(bounds[0])
    else:
        if bounds[1] is not None:
            stop = _stop(bounds[1])
        if bounds[0] is not None:
            start = int(bounds[0])
            if start < 0:
                raise ValueError(ISLICE_INDICES)
    if len(bounds) == 3 and bounds[2] is not None:
        step = int(bounds[2])
        if step < 1:
            raise ValueError(ISLICE_STEP)
    return _sliced(iterable, start, stop, step)


def _stop(bound):
    stop = int(bound)
    if stop == -1:
        raise ValueError(ISLICE_STOP)
    if stop < 0:
        raise ValueError(ISLICE_INDICES)
    return stop


def _sliced(iterable, start, stop, step):
    items = iter(iterable)
    count, wanted = 0, start
    while True:
        # As CPython: what lies between two items is read when the second is asked for.
        while count < wanted:
            if not field(resume(items, None), "valid"):
                return
            count += 1
        if 0 <= stop <= count:
            return
        read = resume(items, None)
        if not field(read, "valid"):
            return
        count += 1
        wanted += step
        if 0 <= stop < wanted:
            wanted = stop
        yield field(read, "value")


@overload(itertools.takewhile)
def takewhile(predicate, iterable, /):
    """The items up to the first for which the predicate is false."""
    return _takewhile


def _takewhile(predicate, iterable, /):
    for item in iterable:
        if not predicate(item):
            return
        yield item


@overload(itertools.dropwhile)
def dropwhile(predicate, iterable, /):
    """The items from the first on for which the predicate is false."""
    return _dropwhile


def _dropwhile(predicate, iterable, /):
    is_dropping = True
    for item in iterable:
        if is_dropping and predicate(item):
            continue
        is_dropping = False
        yield item


@overload(itertools.filterfalse)
def filterfalse(predicate, iterable, /):
    """The items for which the predicate is false; with None, those that are false."""
    return _false if isinstance(predicate, NoneType) else _filterfalse


def _filterfalse(predicate, iterable, /):
    for item in iterable:
        if not predicate(item):
            yield item


def _false(predicate, iterable, /):
    for item in iterable:
        if not item:
            yield item


@overload(itertools.compress)
def compress(data, selectors):
    """The items whose selector is true."""
    return _compress


def _compress(data, selectors):
    for item, is_wanted in zip(data, selectors, strict=False):
        if is_wanted:
            yield item


@overload(itertools.starmap)
def starmap(function, iterable, /):
    """What the function gives for the arguments in each tuple."""
    return _starmap


def _starmap(function, iterable, /):
    for args in iterable:
        yield function(*args)


# ---- several at once ------------------------------------------------------------------------


@overload(itertools.zip_longest)
def zip_longest(*iterables, fillvalue=None):
    """Tuples of one item of each iterable, filled up; ends with the longest."""
    if not iterables:
        refuse("zip_longest() of nothing has no type of items")
    return _zip_longest


def _zip_longest(*iterables, fillvalue=None):
    iterators = _iterators(iterables)
    while True:
        is_any_valid, items = _filled_items(iterators, fillvalue)
        if not is_any_valid:
            return
        yield items


def _iterators(iterables):
    if len(iterables) == 0:
        return ()
    return (iter(iterables[0]), *_iterators(iterables[1:]))


def _filled_items(iterators, fill):
    if len(iterators) == 0:
        return False, ()
    step = resume(iterators[0], None)
    is_valid = field(step, "valid")
    item = field(step, "value") if is_valid else fill
    is_any_valid, others = _filled_items(iterators[1:], fill)
    return is_valid or is_any_valid, (item, *others)


if hasattr(itertools, "batched"):

    @overload(itertools.batched)
    def batched(iterable, n, *, strict=False):
        """Tuples of `n` items, which is a constant; as many as there are, so `strict` is True."""
        if not isinstance(strict, Literal) or not strict.value:
            refuse(
                "the last tuple would be shorter than the others, and tuples of a compiled "
                "function have one length: ask for strict=True"
            )
        if not isinstance(n, Literal):
            refuse("the length of the tuples is a constant")
        if n.value < 1:
            refuse("n must be at least one")
        pattern = (0,) * n.value

        def impl(iterable, n, *, strict=False):
            return _batches(iterable, pattern)

        return impl


def _batches(iterable, pattern):
    items = iter(iterable)
    while True:
        step = resume(items, None)
        if not field(step, "valid"):
            return
        yield (field(step, "value"), *_rest_of_batch(items, pattern[1:]))


def _rest_of_batch(items, pattern):
    if len(pattern) == 0:
        return ()
    step = resume(items, None)
    if not field(step, "valid"):
        raise ValueError("batched(): incomplete batch")
    return (field(step, "value"), *_rest_of_batch(items, pattern[1:]))
