"""find, index, count, startswith, endswith, `in`, replace, partition and their reverses."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, Typed, overload
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.building import finish_least, new_block, part, put_part, put_text
from pellucid.library.strings.fronts import content, fronts, is_binary, kind, like, operand, shown
from pellucid.library.strings.primitives import TEXT, code_at, finish, is_ascii, length, width
from pellucid.library.strings.scanning import count_in, find_in, is_at, rfind_in, widened
from pellucid.types import NoneType, Tuple, Type, int64

NOT_FOUND, NO_SUBSECTION = error_text("a".index, "b"), error_text(b"a".index, b"b")
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


def _method(name: str, impl: Callable[..., Any]) -> tuple[Overload, ...]:
    def template(self, sub, start=None, end=None, /):
        wanted = operand(self, sub, takes_int=True)
        return Typed(impl, (kind(self), wanted, bound(start), bound(end)))

    return fronts(name, template)


def _find(self, sub, start=None, end=None):
    s, part = shown(self), content(sub)
    return find_in(s, part, first_of(start, length(s)), last_of(end, length(s)))


def _rfind(self, sub, start=None, end=None):
    s, part = shown(self), content(sub)
    return rfind_in(s, part, first_of(start, length(s)), last_of(end, length(s)))


def _index(self, sub, start=None, end=None):
    found = _find(self, sub, start, end)
    if found < 0:
        raise ValueError(NO_SUBSECTION if is_binary(self) else NOT_FOUND)
    return found


def _rindex(self, sub, start=None, end=None):
    found = _rfind(self, sub, start, end)
    if found < 0:
        raise ValueError(NO_SUBSECTION if is_binary(self) else NOT_FOUND)
    return found


def _count(self, sub, start=None, end=None):
    s, part = shown(self), content(sub)
    first, last = first_of(start, length(s)), last_of(end, length(s))
    if length(part) == 0:
        return max(last - first + 1, 0)
    return count_in(s, part, first, last)


find = _method("find", _find)
rfind = _method("rfind", _rfind)
index = _method("index", _index)
rindex = _method("rindex", _rindex)
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


def _end_method(
    name: str, one: Callable[..., Any], several: Callable[..., Any]
) -> tuple[Overload, ...]:
    def template(self, affix, start=None, end=None, /):
        if isinstance(affix, Tuple):
            wanted: Type = Tuple(tuple(operand(self, elem) for elem in affix.elems))
        else:
            wanted = operand(self, affix)
        impl = several if isinstance(affix, Tuple) else one
        return Typed(impl, (kind(self), wanted, bound(start), bound(end)))

    template.__doc__ = f"As in Python, `{name}` of one, or of any of a tuple of them."
    return fronts(name, template, separate=True)


def _startswith(self, affix, start=None, end=None):
    s = shown(self)
    first, last = first_of(start, length(s)), last_of(end, length(s))
    return lies_at(s, content(affix), first, last, first)


def _starts_with_any(self, affix, start=None, end=None):
    s = shown(self)
    first, last = first_of(start, length(s)), last_of(end, length(s))
    return _any_lies_at(s, affix, first, last, False)


def _any_lies_at(s, affixes, first, last, is_end):
    if len(affixes) == 0:
        return False
    affix = content(affixes[0])
    at = last - length(affix) if is_end else first
    if lies_at(s, affix, first, last, at):
        return True
    return _any_lies_at(s, affixes[1:], first, last, is_end)


def _endswith(self, affix, start=None, end=None):
    s, part = shown(self), content(affix)
    first, last = first_of(start, length(s)), last_of(end, length(s))
    return lies_at(s, part, first, last, last - length(part))


def _ends_with_any(self, affix, start=None, end=None):
    s = shown(self)
    first, last = first_of(start, length(s)), last_of(end, length(s))
    return _any_lies_at(s, affix, first, last, True)


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


def _removeprefix_template(self, prefix, /):
    return Typed(_removeprefix, (kind(self), operand(self, prefix)))


def _removeprefix(self, prefix):
    s, wanted = shown(self), content(prefix)
    if not lies_at(s, wanted, 0, length(s), 0):
        return like(self, s)
    return like(self, part(s, length(wanted), length(s) - length(wanted)))


def _removesuffix_template(self, suffix, /):
    return Typed(_removesuffix, (kind(self), operand(self, suffix)))


def _removesuffix(self, suffix):
    s, wanted = shown(self), content(suffix)
    kept = length(s) - length(wanted)
    if not lies_at(s, wanted, 0, length(s), kept):
        return like(self, s)
    return like(self, part(s, 0, kept))


removeprefix = fronts("removeprefix", _removeprefix_template, separate=True)
removesuffix = fronts("removesuffix", _removesuffix_template, separate=True)


# ---- partition ------------------------------------------------------------------------------


def _partition_template(self, sep, /):
    return Typed(_partition, (kind(self), operand(self, sep)))


def _partition(self, sep):
    s, wanted = shown(self), content(sep)
    if length(wanted) == 0:
        raise ValueError(EMPTY_SEPARATOR)
    at = find_in(s, wanted, 0, length(s))
    if at < 0:
        return like(self, s), like(self, ""), like(self, "")
    after = at + length(wanted)
    before, behind = part(s, 0, at), part(s, after, length(s) - after)
    return like(self, before), like(self, wanted), like(self, behind)


def _rpartition_template(self, sep, /):
    return Typed(_rpartition, (kind(self), operand(self, sep)))


def _rpartition(self, sep):
    s, wanted = shown(self), content(sep)
    if length(wanted) == 0:
        raise ValueError(EMPTY_SEPARATOR)
    at = rfind_in(s, wanted, 0, length(s))
    if at < 0:
        return like(self, ""), like(self, ""), like(self, s)
    after = at + length(wanted)
    before, behind = part(s, 0, at), part(s, after, length(s) - after)
    return like(self, before), like(self, wanted), like(self, behind)


partition = fronts("partition", _partition_template, separate=True)
rpartition = fronts("rpartition", _rpartition_template, separate=True)


# ---- replace --------------------------------------------------------------------------------


def _replace_template(self, old, new, /, count=-1):
    integer(count)
    return Typed(_replace, (kind(self), operand(self, old), operand(self, new), int64))


def _replace(self, old, new, count=-1):
    return like(self, _replaced(shown(self), content(old), content(new), count))


replace = fronts("replace", _replace_template, separate=True)


def _replaced(self, old, new, count):
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
