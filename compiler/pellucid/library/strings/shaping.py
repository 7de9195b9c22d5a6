"""strip and its sides; center, ljust, rjust, zfill; expandtabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, Typed, overload_method, uninterrupted
from pellucid.library.builtins.arithmetic import divide_floor, modulo
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.building import new_block, part, put_part, put_text
from pellucid.library.strings.primitives import (
    TEXT,
    code_at,
    fill_byte,
    finish,
    is_ascii,
    length,
    put_any,
    width,
)
from pellucid.types import NoneType, UnicodeType, int64, none

FILL_LENGTH = error_text("a".center, 5, "ab")
LEFT, RIGHT, BOTH = 1, 2, 3
SPACES = sum(1 << code for code in (*range(9, 14), *range(28, 33)))
"""A bit for each whitespace below 64."""


def is_space(code):
    """Whether a code point is whitespace to `split` and `strip`."""
    if code < 128:
        return code < 64 and (SPACES >> code) & 1 != 0
    return _is_far_space(code)


def _is_far_space(code):
    if code < 0x1680:
        return code == 0x85 or code == 0xA0
    if 0x2000 <= code <= 0x200A:
        return True
    if code == 0x2028 or code == 0x2029 or code == 0x202F:
        return True
    return code == 0x1680 or code == 0x205F or code == 0x3000


# ---- strip ----------------------------------------------------------------------------------


def _strip_method(name: str, sides: int) -> Overload:
    def strip_spaces(self, chars=None):
        return _stripped_spaces(self, sides)

    def strip_codes(self, chars=None):
        return _stripped(self, chars, sides)

    def template(self, chars=None, /):
        require_text(self)
        if isinstance(chars.base, NoneType):
            return Typed(strip_spaces, (TEXT, none))
        require_text(chars)
        return Typed(strip_codes, (TEXT, TEXT))

    template.__qualname__ = f"text_{name}"
    template.__doc__ = f"As `str.{name}`."
    return overload_method(UnicodeType, name, separate=True)(template)


@uninterrupted
def _stripped_spaces(s, sides):
    start, stop = 0, length(s)
    if sides & LEFT != 0:
        while start < stop and is_space(code_at(s, start)):
            start += 1
    if sides & RIGHT != 0:
        while start < stop and is_space(code_at(s, stop - 1)):
            stop -= 1
    return part(s, start, stop - start)


@uninterrupted
def _stripped(s, chars, sides):
    start, stop = 0, length(s)
    if sides & LEFT != 0:
        while start < stop and has_code(chars, code_at(s, start)):
            start += 1
    if sides & RIGHT != 0:
        while start < stop and has_code(chars, code_at(s, stop - 1)):
            stop -= 1
    return part(s, start, stop - start)


@uninterrupted
def has_code(s, code):
    """Whether a code point is among those of a short text."""
    for i in range(length(s)):  # noqa: SIM110 (a loop is one function)
        if code_at(s, i) == code:
            return True
    return False


strip = _strip_method("strip", BOTH)
lstrip, rstrip = _strip_method("lstrip", LEFT), _strip_method("rstrip", RIGHT)


# ---- fill -----------------------------------------------------------------------------------


def _fill_method(name: str, impl: Callable[..., Any]) -> Overload:
    def template(self, width, fillchar=" ", /):
        require_text(self, fillchar)
        integer(width)
        return Typed(impl, (TEXT, int64, TEXT))

    template.__qualname__ = f"text_{name}"
    template.__doc__ = f"As `str.{name}`."
    return overload_method(UnicodeType, name, separate=True)(template)


def _center(self, width, fillchar=" "):
    more = max(width - length(self), 0)
    left = divide_floor(more, 2) + (more & width & 1)
    return filled(self, left, more - left, fillchar)


def _ljust(self, width, fillchar=" "):
    return filled(self, 0, max(width - length(self), 0), fillchar)


def _rjust(self, width, fillchar=" "):
    return filled(self, max(width - length(self), 0), 0, fillchar)


def filled(s, left, right, fill):
    """`s` with so many fill characters on each side."""
    if length(fill) != 1:
        raise TypeError(FILL_LENGTH)
    if left + right == 0:
        return s
    size = max(width(s), width(fill))
    count = length(s) + left + right
    block = new_block(count, size)
    code = code_at(fill, 0)
    put_many(block, 0, size, code, left)
    at = put_text(block, left, size, s)
    put_many(block, at, size, code, right)
    return finish(block, count, size, is_ascii(s) and is_ascii(fill))


@uninterrupted
def put_many(block, at, size, code, count):
    """Write a code point `count` times."""
    if size == 1:
        fill_byte(block, at, code, count)
    else:
        for i in range(count):
            put_any(block, at + i, code, size)


center = _fill_method("center", _center)
ljust, rjust = _fill_method("ljust", _ljust), _fill_method("rjust", _rjust)


@overload_method(UnicodeType, "zfill", separate=True)
def zfill(self, width, /):
    """As `str.zfill`."""
    require_text(self)
    integer(width)
    return Typed(_zfill, (TEXT, int64))


def _zfill(self, width):
    more = width - length(self)
    if more <= 0:
        return self
    made = filled(self, more, 0, "0")
    if length(self) == 0:
        return made
    first = code_at(self, 0)
    if first != 43 and first != 45:
        return made
    return _sign_first(self, more, first)


def _sign_first(s, more, sign):
    count = length(s) + more
    block = new_block(count, width(s))
    put_any(block, 0, sign, width(s))
    put_many(block, 1, width(s), 48, more)
    put_part(block, more + 1, width(s), s, 1, length(s) - 1)
    return finish(block, count, width(s), is_ascii(s))


# ---- tabs -----------------------------------------------------------------------------------


@overload_method(UnicodeType, "expandtabs", separate=True)
def expandtabs(self, tabsize=8):
    """As `str.expandtabs`."""
    require_text(self)
    integer(tabsize)
    return Typed(_expandtabs, (TEXT, int64))


@uninterrupted
def _expandtabs(self, tabsize=8):
    count = column = 0
    has_tab = False
    for i in range(length(self)):
        code = code_at(self, i)
        if code == 9:
            has_tab = True
            more = _to_stop(column, tabsize)
            column += more
            count += more
            if count > _LONGEST:
                raise OverflowError("new string is too long")
        else:
            column = 0 if code == 10 or code == 13 else column + 1
            count += 1
    if not has_tab:
        return self
    block = new_block(count, width(self))
    at = column = 0
    for i in range(length(self)):
        code = code_at(self, i)
        if code == 9:
            more = _to_stop(column, tabsize)
            put_many(block, at, width(self), 32, more)
            column += more
            at += more
        else:
            put_any(block, at, code, width(self))
            column = 0 if code == 10 or code == 13 else column + 1
            at += 1
    return finish(block, count, width(self), is_ascii(self))


_LONGEST = 1 << 62


def _to_stop(column, tabsize):
    return tabsize - modulo(column, tabsize) if tabsize > 0 else 0
