"""strip and its sides; center, ljust, rjust, zfill; expandtabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, Typed, uninterrupted
from pellucid.library.builtins.arithmetic import divide_floor, modulo
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.builtins.structs import format_error
from pellucid.library.strings.building import new_block, part, put_part, put_text
from pellucid.library.strings.fronts import content, fronts, is_binary, kind, like, operand, shown
from pellucid.library.strings.primitives import (
    code_at,
    fill_byte,
    finish,
    is_ascii,
    length,
    put_any,
    width,
)
from pellucid.types import NoneType, int64, none

FILL_LENGTH = error_text("a".center, 5, "ab")
LEFT, RIGHT, BOTH = 1, 2, 3
SPACES = sum(1 << code for code in (*range(9, 14), *range(28, 33)))
"""A bit for each whitespace below 64."""
BYTE_SPACES = sum(1 << code for code in (*range(9, 14), 32))
"""The same of what is whitespace to bytes."""


def is_space(code):
    """Whether a code point is whitespace to `split` and `strip`."""
    if code < 128:
        return code < 64 and (SPACES >> code) & 1 != 0
    return _is_far_space(code)


def is_space_to(x, code):
    """Whether a code point is whitespace to a method of `x`."""
    if is_binary(x):
        return code < 64 and (BYTE_SPACES >> code) & 1 != 0
    return is_space(code)


def _is_far_space(code):
    if code < 0x1680:
        return code == 0x85 or code == 0xA0
    if 0x2000 <= code <= 0x200A:
        return True
    if code == 0x2028 or code == 0x2029 or code == 0x202F:
        return True
    return code == 0x1680 or code == 0x205F or code == 0x3000


# ---- strip ----------------------------------------------------------------------------------


def _strip_method(name: str, sides: int) -> tuple[Overload, ...]:
    def strip_spaces(self, chars=None):
        return _stripped_spaces(self, sides)

    def strip_codes(self, chars=None):
        return like(self, _stripped(shown(self), content(chars), sides))

    def template(self, chars=None, /):
        if isinstance(chars.base, NoneType):
            return Typed(strip_spaces, (kind(self), none))
        return Typed(strip_codes, (kind(self), operand(self, chars)))

    return fronts(name, template, separate=True)


@uninterrupted
def _stripped_spaces(self, sides):
    s = shown(self)
    start, stop = 0, length(s)
    if sides & LEFT != 0:
        while start < stop and is_space_to(self, code_at(s, start)):
            start += 1
    if sides & RIGHT != 0:
        while start < stop and is_space_to(self, code_at(s, stop - 1)):
            stop -= 1
    return like(self, part(s, start, stop - start))


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
lstrip = _strip_method("lstrip", LEFT)
rstrip = _strip_method("rstrip", RIGHT)


# ---- fill -----------------------------------------------------------------------------------


def _fill_method(name: str, impl: Callable[..., Any]) -> tuple[Overload, ...]:
    expects = error_text(getattr(b"a", name), 5, b"ab").replace("length 2", "length {}")

    def template(self, width, fillchar=None, /):
        integer(width)
        if isinstance(fillchar, NoneType):
            return Typed(with_spaces, (kind(self), int64, none))
        return Typed(with_fill, (kind(self), int64, operand(self, fillchar)))

    def with_spaces(self, width, fillchar=None):
        s = shown(self)
        left, right = impl(length(s), width)
        return like(self, filled(s, left, right, " "))

    def with_fill(self, width, fillchar):
        s, fill = shown(self), content(fillchar)
        if length(fill) != 1:
            if is_binary(self):
                raise format_error(TypeError, expects, length(fill))
            raise TypeError(FILL_LENGTH)
        left, right = impl(length(s), width)
        return like(self, filled(s, left, right, fill))

    return fronts(name, template, separate=True)


def _center(count, width):
    more = max(width - count, 0)
    left = divide_floor(more, 2) + (more & width & 1)
    return left, more - left


def _ljust(count, width):
    return 0, max(width - count, 0)


def _rjust(count, width):
    return max(width - count, 0), 0


def filled(s, left, right, fill):
    """`s` with so many of a fill character on each side."""
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
ljust = _fill_method("ljust", _ljust)
rjust = _fill_method("rjust", _rjust)


def _zfill_template(self, width, /):
    integer(width)
    return Typed(_zfill, (kind(self), int64))


def _zfill(self, width):
    return like(self, _zero_filled(shown(self), width))


zfill = fronts("zfill", _zfill_template, separate=True)


def _zero_filled(s, width):
    more = width - length(s)
    if more <= 0:
        return s
    made = filled(s, more, 0, "0")
    if length(s) == 0:
        return made
    first = code_at(s, 0)
    if first != 43 and first != 45:
        return made
    return _sign_first(s, more, first)


def _sign_first(s, more, sign):
    count = length(s) + more
    block = new_block(count, width(s))
    put_any(block, 0, sign, width(s))
    put_many(block, 1, width(s), 48, more)
    put_part(block, more + 1, width(s), s, 1, length(s) - 1)
    return finish(block, count, width(s), is_ascii(s))


# ---- tabs -----------------------------------------------------------------------------------


def _expandtabs_template(self, tabsize=8):
    integer(tabsize)
    return Typed(_expandtabs, (kind(self), int64))


def _expandtabs(self, tabsize=8):
    return like(self, _without_tabs(shown(self), tabsize))


expandtabs = fronts("expandtabs", _expandtabs_template, separate=True)


@uninterrupted
def _without_tabs(self, tabsize):
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
