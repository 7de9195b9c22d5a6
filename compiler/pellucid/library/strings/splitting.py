"""split, rsplit, splitlines and join."""

from __future__ import annotations

from pellucid.inference.overloads import Typed, bind, overload_method, refuse, uninterrupted
from pellucid.library.builtins.heap import new
from pellucid.library.builtins.promotion import integer
from pellucid.library.containers.lists import add_last
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.building import new_block, part, put_text
from pellucid.library.strings.primitives import (
    TEXT,
    code_at,
    code_in,
    finish,
    is_ascii,
    length,
    width,
)
from pellucid.library.strings.scanning import find_byte, find_in, rfind_in
from pellucid.library.strings.search import EMPTY_SEPARATOR, MOST
from pellucid.library.strings.shaping import is_space
from pellucid.types import (
    Boolean,
    Integer,
    List,
    NoneType,
    Tuple,
    Type,
    UnicodeType,
    boolean,
    int64,
    none,
    uni_tuple,
)
from pellucid.types.heap import TypeVariable

TEXTS = List(TEXT)


# ---- split ----------------------------------------------------------------------------------


@overload_method(UnicodeType, "split", separate=True)
def split(self, sep=None, maxsplit=-1):
    """As `str.split`."""
    require_text(self)
    integer(maxsplit)
    if isinstance(sep.base, NoneType):
        return Typed(_split_spaces, (TEXT, none, int64))
    require_text(sep)
    return Typed(_split, (TEXT, TEXT, int64))


@uninterrupted
def _split_spaces(self, sep=None, maxsplit=-1):
    most = MOST if maxsplit < 0 else maxsplit
    made = new(TEXTS)
    count = length(self)
    i = 0
    while True:
        i = skip_space(self, i, count)
        if i == count:
            break
        if most == 0:
            add_last(made, part(self, i, count - i))
            break
        start = i
        i = _skip_word(self, i, count)
        add_last(made, part(self, start, i - start))
        most -= 1
    return made


@uninterrupted
def skip_space(s, i, stop):
    """The first place from `i` on that is no whitespace."""
    if width(s) == 1:
        while i < stop and is_space(code_in(s, i, 1)):
            i += 1
    else:
        while i < stop and is_space(code_at(s, i)):
            i += 1
    return i


@uninterrupted
def _skip_word(s, i, stop):
    if width(s) == 1:
        while i < stop and not is_space(code_in(s, i, 1)):
            i += 1
    else:
        while i < stop and not is_space(code_at(s, i)):
            i += 1
    return i


@uninterrupted
def _split(self, sep, maxsplit=-1):
    if length(sep) == 0:
        raise ValueError(EMPTY_SEPARATOR)
    most = MOST if maxsplit < 0 else maxsplit
    made = new(TEXTS)
    start = 0
    if length(sep) == 1 and width(self) == 1:
        code = code_at(sep, 0)
        while most > 0 and code < 256:
            at = find_byte(self, code, start, length(self))
            if at < 0:
                break
            add_last(made, part(self, start, at - start))
            start = at + 1
            most -= 1
    else:
        while most > 0:
            at = find_in(self, sep, start, length(self))
            if at < 0:
                break
            add_last(made, part(self, start, at - start))
            start = at + length(sep)
            most -= 1
    add_last(made, part(self, start, length(self) - start))
    return made


# ---- rsplit ---------------------------------------------------------------------------------


@overload_method(UnicodeType, "rsplit", separate=True)
def rsplit(self, sep=None, maxsplit=-1):
    """As `str.rsplit`."""
    require_text(self)
    integer(maxsplit)
    if isinstance(sep.base, NoneType):
        return Typed(_rsplit_spaces, (TEXT, none, int64))
    require_text(sep)
    return Typed(_rsplit, (TEXT, TEXT, int64))


@uninterrupted
def _rsplit_spaces(self, sep=None, maxsplit=-1):
    most = MOST if maxsplit < 0 else maxsplit
    found = new(TEXTS)
    stop = length(self)
    while True:
        while stop > 0 and is_space(code_at(self, stop - 1)):
            stop -= 1
        if stop == 0:
            break
        if most == 0:
            add_last(found, part(self, 0, stop))
            break
        start = stop
        while start > 0 and not is_space(code_at(self, start - 1)):
            start -= 1
        add_last(found, part(self, start, stop - start))
        stop = start
        most -= 1
    return _backward(found)


@uninterrupted
def _rsplit(self, sep, maxsplit=-1):
    if length(sep) == 0:
        raise ValueError(EMPTY_SEPARATOR)
    most = MOST if maxsplit < 0 else maxsplit
    found = new(TEXTS)
    stop = length(self)
    while most > 0:
        at = rfind_in(self, sep, 0, stop)
        if at < 0:
            break
        after = at + length(sep)
        add_last(found, part(self, after, stop - after))
        stop = at
        most -= 1
    add_last(found, part(self, 0, stop))
    return _backward(found)


@uninterrupted
def _backward(found):
    made = new(TEXTS)
    for i in range(len(found) - 1, -1, -1):
        add_last(made, found[i])
    return made


# ---- lines ----------------------------------------------------------------------------------


@overload_method(UnicodeType, "splitlines", separate=True)
def splitlines(self, keepends=False):
    """As `str.splitlines`."""
    require_text(self)
    if not isinstance(keepends.base, (Boolean, Integer)):
        refuse(f"{keepends.base} is not a bool")
    return Typed(_splitlines, (TEXT, boolean))


@uninterrupted
def _splitlines(self, keepends=False):
    made = new(TEXTS)
    count = length(self)
    start = i = 0
    while i < count:
        code = code_at(self, i)
        if not _ends_line(code):
            i += 1
            continue
        stop = i
        i += 1
        if code == 13 and i < count and code_at(self, i) == 10:
            i += 1
        if keepends:
            stop = i
        add_last(made, part(self, start, stop - start))
        start = i
    if start < count:
        add_last(made, part(self, start, count - start))
    return made


def _ends_line(code):
    if code < 128:
        return 10 <= code <= 13 or 28 <= code <= 30
    return code == 0x85 or code == 0x2028 or code == 0x2029


# ---- join -----------------------------------------------------------------------------------


@overload_method(UnicodeType, "join", separate=True)
def join(self, iterable, /):
    """As `str.join`: the items must be texts."""
    require_text(self)
    if isinstance(iterable, Tuple):
        require_text(*iterable.elems)
        return Typed(_join, (TEXT, uni_tuple(TEXT, len(iterable.elems))))
    if isinstance(iterable.base, UnicodeType):
        return Typed(_join, (TEXT, TEXT))
    if isinstance(iterable, List):
        _require_items(iterable.elem_ty)
        return Typed(_join, (TEXT, TEXTS))
    return Typed(_join_any, (TEXT, iterable))


def _require_items(ty: Type) -> None:
    if isinstance(ty, TypeVariable):
        bind(ty, TEXT)
    require_text(ty if not isinstance(ty, TypeVariable) else TEXT)


def _join_any(self, iterable):
    items = new(TEXTS)
    for item in iterable:
        add_last(items, item)
    return _join(self, items)


@uninterrupted
def _join(self, iterable):
    count = len(iterable)
    if count == 0:
        return part(self, 0, 0)
    total = length(self) * (count - 1)
    size = width(self) if count > 1 else 1
    plain = is_ascii(self) or count == 1
    for item in iterable:
        total += length(item)
        size = max(size, width(item))
        plain &= is_ascii(item)
    block = new_block(total, size)
    at = 0
    is_first = True
    for item in iterable:
        if not is_first:
            at = put_text(block, at, size, self)
        is_first = False
        at = put_text(block, at, size, item)
    return finish(block, total, size, plain)
