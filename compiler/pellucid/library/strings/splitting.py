"""split, rsplit, splitlines and join."""

from __future__ import annotations

from pellucid.inference.overloads import Typed, bind, refuse, uninterrupted
from pellucid.library.builtins.heap import new
from pellucid.library.builtins.promotion import integer
from pellucid.library.containers.lists import add_last
from pellucid.library.strings.building import new_block, part, put_text
from pellucid.library.strings.fronts import (
    as_bytes,
    content,
    fronts,
    is_binary,
    kind,
    like,
    operand,
    shown,
)
from pellucid.library.strings.primitives import (
    TEXT,
    code_at,
    code_in,
    finish,
    is_ascii,
    is_text,
    length,
    width,
)
from pellucid.library.strings.scanning import find_byte, find_in, rfind_in
from pellucid.library.strings.search import EMPTY_SEPARATOR, MOST
from pellucid.library.strings.shaping import is_space, is_space_to
from pellucid.types import (
    Boolean,
    Integer,
    List,
    NoneType,
    Tuple,
    Type,
    boolean,
    int64,
    none,
    uni_tuple,
)
from pellucid.types.heap import TypeVariable
from pellucid.types.kinds import static


@static
def list_of(x: Type) -> Type:
    """The type of a list of what `like(x, text)` makes, as a dtype."""
    return List(kind(x))


# ---- split ----------------------------------------------------------------------------------


def _split_template(self, sep=None, maxsplit=-1):
    integer(maxsplit)
    if isinstance(sep.base, NoneType):
        return Typed(_split_spaces, (kind(self), none, int64))
    return Typed(_split, (kind(self), operand(self, sep), int64))


split = fronts("split", _split_template, separate=True)


@uninterrupted
def _split_spaces(self, sep=None, maxsplit=-1):
    most = MOST if maxsplit < 0 else maxsplit
    s = shown(self)
    made = new(list_of(self))
    count = length(s)
    i = 0
    while True:
        i = _skip_space(self, s, i, count)
        if i == count:
            break
        if most == 0:
            add_last(made, like(self, part(s, i, count - i)))
            break
        start = i
        i = _skip_word(self, s, i, count)
        add_last(made, like(self, part(s, start, i - start)))
        most -= 1
    return made


@uninterrupted
def _skip_space(self, s, i, stop):
    if width(s) == 1:
        while i < stop and is_space_to(self, code_in(s, i, 1)):
            i += 1
    else:
        while i < stop and is_space(code_at(s, i)):
            i += 1
    return i


@uninterrupted
def _skip_word(self, s, i, stop):
    if width(s) == 1:
        while i < stop and not is_space_to(self, code_in(s, i, 1)):
            i += 1
    else:
        while i < stop and not is_space(code_at(s, i)):
            i += 1
    return i


@uninterrupted
def _split(self, sep, maxsplit=-1):
    s, between = shown(self), content(sep)
    if length(between) == 0:
        raise ValueError(EMPTY_SEPARATOR)
    most = MOST if maxsplit < 0 else maxsplit
    made = new(list_of(self))
    start = 0
    if length(between) == 1 and width(s) == 1:
        code = code_at(between, 0)
        while most > 0 and code < 256:
            at = find_byte(s, code, start, length(s))
            if at < 0:
                break
            add_last(made, like(self, part(s, start, at - start)))
            start = at + 1
            most -= 1
    else:
        while most > 0:
            at = find_in(s, between, start, length(s))
            if at < 0:
                break
            add_last(made, like(self, part(s, start, at - start)))
            start = at + length(between)
            most -= 1
    add_last(made, like(self, part(s, start, length(s) - start)))
    return made


# ---- rsplit ---------------------------------------------------------------------------------


def _rsplit_template(self, sep=None, maxsplit=-1):
    integer(maxsplit)
    if isinstance(sep.base, NoneType):
        return Typed(_rsplit_spaces, (kind(self), none, int64))
    return Typed(_rsplit, (kind(self), operand(self, sep), int64))


rsplit = fronts("rsplit", _rsplit_template, separate=True)


@uninterrupted
def _rsplit_spaces(self, sep=None, maxsplit=-1):
    most = MOST if maxsplit < 0 else maxsplit
    s = shown(self)
    found = new(list_of(self))
    stop = length(s)
    while True:
        while stop > 0 and is_space_to(self, code_at(s, stop - 1)):
            stop -= 1
        if stop == 0:
            break
        if most == 0:
            add_last(found, like(self, part(s, 0, stop)))
            break
        start = stop
        while start > 0 and not is_space_to(self, code_at(s, start - 1)):
            start -= 1
        add_last(found, like(self, part(s, start, stop - start)))
        stop = start
        most -= 1
    return _backward(self, found)


@uninterrupted
def _rsplit(self, sep, maxsplit=-1):
    s, between = shown(self), content(sep)
    if length(between) == 0:
        raise ValueError(EMPTY_SEPARATOR)
    most = MOST if maxsplit < 0 else maxsplit
    found = new(list_of(self))
    stop = length(s)
    while most > 0:
        at = rfind_in(s, between, 0, stop)
        if at < 0:
            break
        after = at + length(between)
        add_last(found, like(self, part(s, after, stop - after)))
        stop = at
        most -= 1
    add_last(found, like(self, part(s, 0, stop)))
    return _backward(self, found)


@uninterrupted
def _backward(self, found):
    made = new(list_of(self))
    for i in range(len(found) - 1, -1, -1):
        add_last(made, found[i])
    return made


# ---- lines ----------------------------------------------------------------------------------


def _splitlines_template(self, keepends=False):
    if not isinstance(keepends.base, (Boolean, Integer)):
        refuse(f"{keepends.base} is not a bool")
    return Typed(_splitlines, (kind(self), boolean))


splitlines = fronts("splitlines", _splitlines_template, separate=True)


@uninterrupted
def _splitlines(self, keepends=False):
    s = shown(self)
    made = new(list_of(self))
    count = length(s)
    start = i = 0
    while i < count:
        code = code_at(s, i)
        if not (code == 10 or code == 13 if is_binary(self) else _ends_line(code)):
            i += 1
            continue
        stop = i
        i += 1
        if code == 13 and i < count and code_at(s, i) == 10:
            i += 1
        if keepends:
            stop = i
        add_last(made, like(self, part(s, start, stop - start)))
        start = i
    if start < count:
        add_last(made, like(self, part(s, start, count - start)))
    return made


def _ends_line(code):
    if code < 128:
        return 10 <= code <= 13 or 28 <= code <= 30
    return code == 0x85 or code == 0x2028 or code == 0x2029


# ---- join -----------------------------------------------------------------------------------


def _join_template(self, iterable, /):
    if isinstance(iterable, Tuple):
        wanted = {operand(self, elem) for elem in iterable.elems} or {kind(self)}
        if len(wanted) > 1:
            return _join_mixed
        return Typed(_join, (kind(self), uni_tuple(wanted.pop(), len(iterable.elems))))
    if is_text(self) and is_text(iterable):
        return Typed(_join, (TEXT, TEXT))
    if isinstance(iterable, List):
        return Typed(_join, (kind(self), List(_item_of(self, iterable.elem_ty))))
    return Typed(_join_any, (kind(self), iterable))


join = fronts("join", _join_template, separate=True)


def _item_of(self: Type, ty: Type) -> Type:
    if isinstance(ty, TypeVariable):
        bind(ty, kind(self))
        return kind(self)
    return operand(self, ty)


def _join_mixed(self, iterable):
    return self.join(_all_bytes(iterable))


def _all_bytes(items):
    if len(items) == 0:
        return ()
    return (as_bytes(content(items[0])), *_all_bytes(items[1:]))


def _join_any(self, iterable):
    return self.join(list(iterable))


@uninterrupted
def _join(self, iterable):
    between = shown(self)
    count = len(iterable)
    if count == 0:
        return like(self, "")
    total = length(between) * (count - 1)
    size = width(between) if count > 1 else 1
    plain = is_ascii(between) or count == 1
    for item in iterable:
        s = shown(item)
        total += length(s)
        size = max(size, width(s))
        plain &= is_ascii(s)
    block = new_block(total, size)
    at = 0
    is_first = True
    for item in iterable:
        if not is_first:
            at = put_text(block, at, size, between)
        is_first = False
        at = put_text(block, at, size, shown(item))
    return like(self, finish(block, total, size, plain))
