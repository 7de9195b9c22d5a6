"""`collections.Counter`: a dict of counts."""

from __future__ import annotations

import collections
import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.binding import is_keywords
from pellucid.inference.overloads import (
    Intrinsic,
    Overload,
    Typed,
    overload,
    overload_method,
    refuse,
)
from pellucid.library.builtins.heap import get
from pellucid.library.containers.dicts import missing, take_item, takes_item
from pellucid.library.containers.entries import get_part, put_part
from pellucid.library.containers.key_hashes import key_hash
from pellucid.library.containers.table_operators import takes_key
from pellucid.library.containers.tables import find, find_hashed, insert
from pellucid.types import Counter, Dict, Number, Type, unicode_type


def counter_type(ty: Type) -> Counter:
    """`ty`, which must be the type of a Counter; refuses others."""
    if not isinstance(ty, Counter):
        refuse(f"{ty.base} is not a Counter")
    return ty


# ---- counting -------------------------------------------------------------------------------


def _add_count(table, key, count):
    """Add to the count of a key."""
    ty = counter_type(table)
    takes_item(ty, key, count)
    if not isinstance(ty.value_ty, Number):
        refuse(f"a {ty} does not count")
    return Typed(_add, (ty, ty.key_ty, ty.value_ty))


def _add(table, key, count):
    hashed = key_hash(key)
    number = find_hashed(table, key, hashed) if get(table, "used") > 0 else -1
    if number < 0:
        number = insert(table, key, hashed)
        put_part(get(table, "entries"), number, 2, count)
    else:
        entries = get(table, "entries")
        put_part(entries, number, 2, get_part(entries, number, 2) + count)


add_count = Intrinsic("pellucid.library.add_count", _add_count)


@overload(collections.Counter)
def counter(*iterable, **kwargs):
    """A new Counter of the items of an iterable, or of counts.

    >>> collections.Counter("abracadabra").most_common(2)
    [('a', 5), ('b', 2)]
    """
    if len(iterable) > 1:
        refuse(f"Counter expected at most 1 argument, got {len(iterable)}")
    return _counter


def _counter(*iterable, **kwargs):
    made = collections.Counter()
    made.update(*iterable, **kwargs)
    return made


def _counting(name: str, sign: int, doc: str) -> Overload:
    def template(self, *iterable, **kwargs):
        ty = counter_type(self)
        if len(iterable) > 1:
            refuse(f"{name} expected at most 1 argument, got {len(iterable)}")
        for value in kwargs.values():
            takes_item(ty, unicode_type, value)
        return impl

    def impl(self, *iterable, **kwargs):
        if len(iterable) > 0:
            tally(self, iterable[0], sign)
        tally_each(self, kwargs.keys(), kwargs.values(), sign)

    template.__qualname__ = name
    template.__doc__ = doc
    return overload_method(Counter, name)(template)


update = _counting("update", 1, "Add counts, or one for each item of an iterable.")
subtract = _counting("subtract", -1, "Take counts away, or one for each item of an iterable.")


def _tally(table, other, sign):
    """Add what a mapping counts, or one for each item of an iterable."""
    if isinstance(other, Dict):
        return _tally_counts
    return _tally_keywords if is_keywords(other) else _tally_items


tally = Intrinsic("pellucid.library.tally", _tally)


def _tally_counts(table, other, sign):
    for key, count in other.items():
        add_count(table, key, count * sign)


def _tally_keywords(table, other, sign):
    tally_each(table, other.keys(), other.values(), sign)


def _tally_items(table, other, sign):
    for item in other:
        add_count(table, item, sign)


def tally_each(table, names, counts, sign):
    """Add each count of a tuple to that of its name."""
    if len(names) > 0:
        add_count(table, names[0], counts[0] * sign)
        tally_each(table, names[1:], counts[1:], sign)


# ---- asking ---------------------------------------------------------------------------------


@overload(missing)
def missing_count(table, key):
    """0."""
    counter_type(table)
    return _zero


def _zero(table, key):
    return 0


@overload_method(Counter, "most_common")
def most_common(self, n=None):
    """The items by falling counts, or the first `n` of them; those of one count in their order."""
    counter_type(self)
    return _most_common


def _most_common(self, n=None):
    pairs = list(self.items())
    pairs.sort(key=_count_of, reverse=True)
    if n is None:
        return pairs
    return pairs[: max(n, 0)]


def _count_of(pair):
    return pair[1]


@overload_method(Counter, "elements")
def elements(self):
    """Each key as often as it counts."""
    counter_type(self)
    return _elements


def _elements(self):
    for key, count in self.items():
        for _ in range(count):
            yield key


@overload_method(Counter, "total")
def total(self):
    """The sum of the counts."""
    counter_type(self)
    return _total


def _total(self):
    return sum(self.values())


@overload(operator.delitem)
def delitem(a, b):
    """`del c[key]`; nothing if there is no such key."""
    ty = counter_type(a)
    return Typed(_delitem, (ty, takes_key(ty, b)))


def _delitem(a, b):
    number = find(a, b)
    if number >= 0:
        take_item(a, number)


# ---- operators ------------------------------------------------------------------------------


def _positive(combine: Callable[..., Any], keys: str) -> Any:
    """The positive counts that `combine` makes of two, of the `keys` of the first or of both."""

    def impl(a, b):
        made = collections.Counter()
        for key, count in a.items():
            found = combine(count, b[key])
            if found > 0:
                made[key] = found
        if keys == "both":
            for key, count in b.items():
                if key not in a:
                    found = combine(a[key], count)
                    if found > 0:
                        made[key] = found
        return made

    return impl


def _less(a, b):
    return a - b


def _more(a, b):
    return a + b


def _operators(
    function: Callable[..., Any], assign: Callable[..., Any], combine: Any, keys: str, doc: str
) -> tuple[Overload, Overload]:
    make = _positive(combine, keys)

    def template(a, b):
        counter_type(a)
        counter_type(b)
        return make

    def in_place(a, b):
        counter_type(a)
        counter_type(b)
        return replace

    def replace(a, b):
        found = function(a, b)
        a.clear()
        for key, count in found.items():
            a[key] = count
        return a

    template.__qualname__, in_place.__qualname__ = function.__name__, assign.__name__
    template.__doc__, in_place.__doc__ = doc, f"{doc[:-1]}, in place."
    return overload(function)(template), overload(assign)(in_place)


add, iadd = _operators(operator.add, operator.iadd, _more, "both", "The positive sums of counts.")
sub, isub = _operators(
    operator.sub, operator.isub, _less, "both", "The positive differences of counts."
)
or_, ior = _operators(operator.or_, operator.ior, max, "both", "The greater counts, if positive.")
and_, iand = _operators(operator.and_, operator.iand, min, "first", "The lesser counts.")


def _signed(function: Callable[..., Any], combine: Any, doc: str) -> Overload:
    def template(a):
        counter_type(a)
        return impl

    def impl(a):
        made = collections.Counter()
        for key, count in a.items():
            found = combine(count - count, count)
            if found > 0:
                made[key] = found
        return made

    template.__qualname__, template.__doc__ = function.__name__, doc
    return overload(function)(template)


pos = _signed(operator.pos, _more, "The positive counts.")
neg = _signed(operator.neg, _less, "The negative counts, as positive ones.")


def _comparison(function: Callable[..., Any], doc: str) -> Overload:
    def template(a, b):
        counter_type(a)
        counter_type(b)
        return compare

    def compare(a, b):
        for key, count in a.items():
            if not function(count, b[key]):
                return False
        for key, count in b.items():  # noqa: SIM110 (a generator would be one function more)
            if not function(a[key], count):
                return False
        return True

    template.__qualname__, template.__doc__ = function.__name__, doc
    return overload(function)(template)


eq = _comparison(operator.eq, "The same counts; those of 0 may be missing.")
le = _comparison(operator.le, "No count is greater.")
ge = _comparison(operator.ge, "No count is less.")


def _strictly(function: Callable[..., Any], weakly: Callable[..., Any], doc: str) -> Overload:
    def template(a, b):
        counter_type(a)
        counter_type(b)
        return compare

    def compare(a, b):
        return weakly(a, b) and a != b

    template.__qualname__, template.__doc__ = function.__name__, doc
    return overload(function)(template)


lt = _strictly(operator.lt, operator.le, "No count is greater, and one is less.")
gt = _strictly(operator.gt, operator.ge, "No count is less, and one is greater.")
