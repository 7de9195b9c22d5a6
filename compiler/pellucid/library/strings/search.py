"""find, index, count, startswith, endswith, `in`, replace, partition and their reverses."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, Typed, overload, overload_method
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.building import finish_least, new_block, part, put_part, put_text
from pellucid.library.strings.primitives import TEXT, code_at, finish, is_ascii, length, width
from pellucid.library.strings.scanning import count_in, find_in, is_at, rfind_in, widened
from pellucid.types import NoneType, Tuple, Type, UnicodeType, int64, uni_tuple

NOT_FOUND = error_text("a".index, "b")
EMPTY_SEPARATOR = error_text("a".partition, "")
MOST = (1 << 63) - 1


def bound(ty: Type) -> Type:
    """The type in which a start or end is taken: None, or an integer."""
    if isinstance(ty.base, NoneType):
        return ty.base
    integer(ty)
    return int64


def first_of(start, count):
    """The place that a start means, which may lie behind the end."""
    if start is None:
        return 0
    if start < 0:
        return max(start + count, 0)
    return start


def last_of(end, count):
    """The place that an end means."""
    if end is None:
        return count
    if end < 0:
        return max(end + count, 0)
    return min(end, count)


# ---- places ---------------------------------------------------------------------------------


def _method(name: str, impl: Callable[..., Any]) -> Overload:
    def template(self, sub, start=None, end=None, /):
        require_text(self, sub)
        return Typed(impl, (TEXT, TEXT, bound(start), bound(end)))

    template.__qualname__ = f"text_{name}"
    template.__doc__ = f"As `str.{name}`."
    return overload_method(UnicodeType, name)(template)


def _find(self, sub, start=None, end=None):
    count = length(self)
    return find_in(self, sub, first_of(start, count), last_of(end, count))


def _rfind(self, sub, start=None, end=None):
    count = length(self)
    return rfind_in(self, sub, first_of(start, count), last_of(end, count))


def _index(self, sub, start=None, end=None):
    found = _find(self, sub, start, end)
    if found < 0:
        raise ValueError(NOT_FOUND)
    return found


def _rindex(self, sub, start=None, end=None):
    found = _rfind(self, sub, start, end)
    if found < 0:
        raise ValueError(NOT_FOUND)
    return found


def _count(self, sub, start=None, end=None):
    first, last = first_of(start, length(self)), last_of(end, length(self))
    if length(sub) == 0:
        return max(last - first + 1, 0)
    return count_in(self, sub, first, last)


find, rfind = _method("find", _find), _method("rfind", _rfind)
index, rindex = _method("index", _index), _method("rindex", _rindex)
count = _method("count", _count)


@overload(operator.contains)
def contains(a, b):
    """Whether a text is part of another."""
    require_text(a, b)
    return Typed(_contains, (TEXT, TEXT))


def _contains(a, b):
    return find_in(a, b, 0, length(a)) >= 0


@overload(operator.countOf)
def count_of(a, b):
    """How many code points of `a` are `b`."""
    require_text(a, b)
    return Typed(_count_of, (TEXT, TEXT))


def _count_of(a, b):
    return count_in(a, b, 0, length(a)) if length(b) == 1 else 0


@overload(operator.indexOf)
def index_of(a, b):
    """The first place of the code point `b` in `a`."""
    require_text(a, b)
    return Typed(_index_of, (TEXT, TEXT))


def _index_of(a, b):
    found = find_in(a, b, 0, length(a)) if length(b) == 1 else -1
    if found < 0:
        raise ValueError("sequence.index(x): x not in sequence")
    return found


# ---- ends -----------------------------------------------------------------------------------


def _end_method(name: str, one: Callable[..., Any], several: Callable[..., Any]) -> Overload:
    def template(self, affix, start=None, end=None, /):
        require_text(self)
        if isinstance(affix, Tuple):
            require_text(*affix.elems)
            wanted: Type = uni_tuple(TEXT, len(affix.elems))
        else:
            require_text(affix)
            wanted = TEXT
        impl = several if isinstance(affix, Tuple) else one
        return Typed(impl, (TEXT, wanted, bound(start), bound(end)))

    template.__qualname__ = f"text_{name}"
    template.__doc__ = f"As `str.{name}`: a text, or a tuple of them."
    return overload_method(UnicodeType, name, separate=True)(template)


def _startswith(self, affix, start=None, end=None):
    first, last = first_of(start, length(self)), last_of(end, length(self))
    return lies_at(self, affix, first, last, first)


def _starts_with_any(self, affix, start=None, end=None):
    first, last = first_of(start, length(self)), last_of(end, length(self))
    for one in affix:  # noqa: SIM110 (a loop is one function)
        if lies_at(self, one, first, last, first):
            return True
    return False


def _endswith(self, affix, start=None, end=None):
    first, last = first_of(start, length(self)), last_of(end, length(self))
    return lies_at(self, affix, first, last, last - length(affix))


def _ends_with_any(self, affix, start=None, end=None):
    first, last = first_of(start, length(self)), last_of(end, length(self))
    for one in affix:  # noqa: SIM110 (a loop is one function)
        if lies_at(self, one, first, last, last - length(one)):
            return True
    return False


startswith = _end_method("startswith", _startswith, _starts_with_any)
endswith = _end_method("endswith", _endswith, _ends_with_any)


def lies_at(s, sub, first, last, at):
    """Whether `sub` lies at `at`, within `first` to `last`."""
    if last - first < length(sub):
        return False
    if width(s) == width(sub):
        return is_at(s, sub, at)
    return _lies_at_other_width(s, sub, at)


def _lies_at_other_width(s, sub, at):
    if width(sub) > width(s):
        return False
    for i in range(length(sub)):  # noqa: SIM110
        if code_at(s, at + i) != code_at(sub, i):
            return False
    return True


@overload_method(UnicodeType, "removeprefix", separate=True)
def removeprefix(self, prefix, /):
    """As `str.removeprefix`."""
    require_text(self, prefix)
    return Typed(_removeprefix, (TEXT, TEXT))


def _removeprefix(self, prefix):
    if not lies_at(self, prefix, 0, length(self), 0):
        return self
    return part(self, length(prefix), length(self) - length(prefix))


@overload_method(UnicodeType, "removesuffix", separate=True)
def removesuffix(self, suffix, /):
    """As `str.removesuffix`."""
    require_text(self, suffix)
    return Typed(_removesuffix, (TEXT, TEXT))


def _removesuffix(self, suffix):
    kept = length(self) - length(suffix)
    if not lies_at(self, suffix, 0, length(self), kept):
        return self
    return part(self, 0, kept)


# ---- partition ------------------------------------------------------------------------------


@overload_method(UnicodeType, "partition", separate=True)
def partition(self, sep, /):
    """As `str.partition`."""
    require_text(self, sep)
    return Typed(_partition, (TEXT, TEXT))


def _partition(self, sep):
    if length(sep) == 0:
        raise ValueError(EMPTY_SEPARATOR)
    at = find_in(self, sep, 0, length(self))
    if at < 0:
        return self, "", ""
    after = at + length(sep)
    return part(self, 0, at), sep, part(self, after, length(self) - after)


@overload_method(UnicodeType, "rpartition", separate=True)
def rpartition(self, sep, /):
    """As `str.rpartition`."""
    require_text(self, sep)
    return Typed(_rpartition, (TEXT, TEXT))


def _rpartition(self, sep):
    if length(sep) == 0:
        raise ValueError(EMPTY_SEPARATOR)
    at = rfind_in(self, sep, 0, length(self))
    if at < 0:
        return "", "", self
    after = at + length(sep)
    return part(self, 0, at), sep, part(self, after, length(self) - after)


# ---- replace --------------------------------------------------------------------------------


@overload_method(UnicodeType, "replace", separate=True)
def replace(self, old, new, /, count=-1):
    """As `str.replace`."""
    require_text(self, old, new)
    integer(count)
    return Typed(_replace, (TEXT, TEXT, TEXT, int64))


def _replace(self, old, new, count=-1):
    most = MOST if count < 0 else count
    if length(old) == 0:
        return _spread(self, new, min(most, length(self) + 1))
    if length(old) > length(self) or width(old) > width(self):
        return self
    found = min(count_in(self, old, 0, length(self)), most)
    if found == 0:
        return self
    size = max(width(self), width(new))
    total = _total(length(self), found, length(new) - length(old))
    block = new_block(total, size)
    wanted = old if width(old) == width(self) else widened(old, width(self))
    at = done = 0
    for _ in range(found):
        place = find_in(self, wanted, done, length(self))
        at = put_part(block, at, size, self, done, place - done)
        at = put_text(block, at, size, new)
        done = place + length(old)
    put_part(block, at, size, self, done, length(self) - done)
    if size > width(new) and size == width(old):
        return finish_least(block, total, size)  # what made it wide may be gone
    return finish(block, total, size, is_ascii(self) and is_ascii(new))


def _total(count, times, more):
    if more > 0 and times > (MOST - count) // more:
        raise OverflowError("replace string is too long")
    return count + times * more


def _spread(self, new, found):
    """`new` before each of the first `found` code points, and at the end if there are fewer."""
    if found == 0 or length(new) == 0:
        return self
    size = max(width(self), width(new))
    total = _total(length(self), found, length(new))
    block = new_block(total, size)
    at = 0
    for i in range(found):
        at = put_text(block, at, size, new)
        if i < length(self):
            at = put_part(block, at, size, self, i, 1)
    if found <= length(self):
        put_part(block, at, size, self, found, length(self) - found)
    return finish(block, total, size, is_ascii(self) and is_ascii(new))
