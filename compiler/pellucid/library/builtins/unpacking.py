"""`a, *b, c = iterable`: the starred name gets a list."""

from __future__ import annotations

from pellucid.inference.overloads import Intrinsic, overload, refuse
from pellucid.ir.protocol import build_list, list_append, unpack_star
from pellucid.ir.spreading import raise_count
from pellucid.library.builtins.promotion import literal_value
from pellucid.library.builtins.structs import format_error
from pellucid.types import Tuple

NOT_ENOUGH = "not enough values to unpack (expected at least {}, got {})"


@overload(unpack_star, literals=("before", "after"))
def unpack_star_(iterable, before, after):
    """The items before the star, a list of the rest, the items after."""
    if not isinstance(iterable, Tuple):
        return unpack_iterable
    wanted = (literal_value(before) or 0) + (literal_value(after) or 0)
    given = len(iterable.elems)
    if given < wanted:
        refuse(
            f"not enough values to unpack: expected at least {wanted}, {iterable.base} has {given}"
        )
    return _unpack_tuple


def _unpack_tuple(iterable, before, after):
    stop = len(iterable) - after
    if stop == before:
        return (*iterable[:before], build_list(), *iterable[stop:])
    return (*iterable[:before], build_list(*iterable[before:stop]), *iterable[stop:])


def unpack_iterable(iterable, before, after):
    """The same of what can be iterated over: how many items there are is known at run time."""
    items = build_list()
    for item in iterable:
        list_append(items, item)
    count = len(items)
    if count < before + after:
        raise format_error(ValueError, NOT_ENOUGH, before + after, count)
    rest = build_list()
    for i in range(before, count - after):
        list_append(rest, items[i])
    return (*pick(items, 0, before), rest, *pick(items, count - after, after))


def _pick(items, start, count):
    """`count` items from `start` on, as a tuple."""
    if count == 0:
        return ()
    return (items[start], *pick(items, start + 1, count - 1))


def _pick_template(items, start, count):
    return _pick


pick = Intrinsic("pellucid.library.pick", _pick_template, frozenset({"count"}))


@overload(raise_count, literals=("missing", "too_many"))
def raise_count_(count, given, missing, too_many):
    """TypeError: a call has too few or too many arguments."""
    return _raise_count if isinstance(missing, Tuple) and missing.elems else _raise_too_many


def _raise_count(count, given, missing, too_many):
    if count < len(missing):
        raise TypeError(str(missing[count]))
    raise format_error(TypeError, too_many, given + count)


def _raise_too_many(count, given, missing, too_many):
    raise format_error(TypeError, too_many, given + count)
