"""`len() + * in == < [] is`, iteration, truth and `ord() chr() str()` of text."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, Typed, overload, refuse, uninterrupted
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer, literal_value
from pellucid.library.builtins.structs import format_error
from pellucid.library.strings.building import (
    char,
    char_at,
    concat,
    new_block,
    part,
    put_text,
    width_of,
)
from pellucid.library.strings.primitives import (
    TEXT,
    code_at,
    code_in,
    fill_byte,
    finish,
    is_ascii,
    is_same_object,
    is_text,
    length,
    order_bytes,
    put,
    put_any,
    same_text,
    width,
)
from pellucid.types import BytesType, Integer, Literal, NoneType, Slice, Type, int64

INDEX_RANGE = error_text(operator.getitem, "ab", 5)
NOT_ONE = error_text(ord, "ab").replace("2", "{}")
CHR_RANGE = error_text(chr, -1)
TOO_LONG = "repeated string is too long"
MOST = (1 << 63) - 1


def require_text(*tys: Type) -> None:
    """Refuse what is not a str."""
    for ty in tys:
        if not is_text(ty):
            refuse(f"{ty.base} is not a str")


@overload(len, inline=True)
def text_length(x):
    """The number of code points of a str."""
    require_text(x)
    return Typed(_length, (TEXT,))


def _length(x):
    return length(x)


@overload(bool, inline=True)
def truth(x=False):
    """Whether a str is not empty."""
    require_text(x)
    return Typed(_truth, (TEXT,))


def _truth(x):
    return length(x) != 0


# ---- items ----------------------------------------------------------------------------------


@overload(operator.getitem, inline=True)
def getitem(a, b):
    """`s[i]` and `s[i:j:k]`."""
    require_text(a)
    if not isinstance(b, Slice):
        integer(b)
        return Typed(_item, (TEXT, int64))
    wanted = Slice(*map(_slice_part, (b.start, b.stop, b.step)))
    is_plain = isinstance(b.step, NoneType) or literal_value(b.step) == 1
    return Typed(_run if is_plain else _stepped, (TEXT, wanted))


def _slice_part(ty: Type) -> Type:
    return int64 if isinstance(ty.base, Integer) and not isinstance(ty, Literal) else ty


def _item(a, b):
    k = b + length(a) if b < 0 else b
    if not 0 <= k < length(a):
        raise IndexError(INDEX_RANGE)
    return char_at(a, k)


def _run(a, b):
    start, stop, _ = b.indices(length(a))
    return part(a, start, max(stop - start, 0))


def _stepped(a, b):
    start, stop, step = b.indices(length(a))
    return every(a, start, stop, step)


@overload("pellucid.text.every", separate=True)
def every(s, start, stop, step):
    """The code points at `range(start, stop, step)`."""
    return Typed(_every, (TEXT, int64, int64, int64))


@uninterrupted
def _every(s, start, stop, step):
    count = len(range(start, stop, step))
    if is_ascii(s):
        plain = new_block(count, 1)
        if step == -1:
            for i in range(count):
                put(plain, i, code_in(s, start - i, 1), 1)
        else:
            for i in range(count):
                put(plain, i, code_in(s, start + i * step, 1), 1)
        return finish(plain, count, 1, True)
    bits = 0
    for i in range(count):
        bits |= code_at(s, start + i * step)
    size = width_of(bits)
    block = new_block(count, size)
    for i in range(count):
        put_any(block, i, code_at(s, start + i * step), size)
    return finish(block, count, size, bits < 128)


# ---- iteration ------------------------------------------------------------------------------


@overload(iter_start, inline=True)
def start(iterable):
    """A str is iterated by position."""
    require_text(iterable)
    return Typed(_start, (TEXT,))


def _start(iterable):
    return 0


@overload(iter_valid, inline=True)
def valid(iterable, state):
    """Whether there is a code point at a position."""
    require_text(iterable)
    return Typed(_valid, (TEXT, int64))


def _valid(iterable, state):
    return state < length(iterable)


@overload(iter_value, inline=True)
def value(iterable, state):
    """The str of the code point at a position."""
    require_text(iterable)
    return Typed(_value, (TEXT, int64))


def _value(iterable, state):
    return char_at(iterable, state)


@overload(iter_next, inline=True)
def following(iterable, state):
    """The next position."""
    require_text(iterable)
    return Typed(_following, (TEXT, int64))


def _following(iterable, state):
    return state + 1


@overload(reversed)
def reversed_(sequence):
    """The code points of a str from the last to the first."""
    require_text(sequence)
    return Typed(_reversed, (TEXT,))


def _reversed(sequence):
    return every(sequence, length(sequence) - 1, -1, -1)


# ---- + and * --------------------------------------------------------------------------------


def _add(a, b):
    """`a + b` of texts."""
    require_text(a, b)
    return Typed(_concat, (TEXT, TEXT))


def _concat(a, b):
    return concat(a, b)


add = overload(operator.add, inline=True)(_add)
iadd = overload(operator.iadd, inline=True)(_add)
concat_ = overload(operator.concat, inline=True)(_add)


def _mul(a, b):
    """A text several times."""
    if is_text(a):
        integer(b)
        return Typed(_times, (TEXT, int64))
    require_text(b)
    integer(a)
    return Typed(_times_reversed, (int64, TEXT))


def _times(a, b):
    return repeated(a, b)


def _times_reversed(a, b):
    return repeated(b, a)


mul = overload(operator.mul, inline=True)(_mul)
imul = overload(operator.imul, inline=True)(_mul)


@overload("pellucid.text.repeated", separate=True)
def repeated(s, times):
    """`s` so many times; of less than one, the empty text."""
    return Typed(_repeated, (TEXT, int64))


@uninterrupted
def _repeated(s, times):
    if times == 1:
        return s
    if times < 1 or length(s) == 0:
        return part(s, 0, 0)
    if times > MOST // length(s):
        raise OverflowError(TOO_LONG)
    count = length(s) * times
    if count > MOST // width(s):
        raise MemoryError
    block = new_block(count, width(s))
    if length(s) == 1 and width(s) == 1:
        fill_byte(block, 0, code_at(s, 0), count)
        return finish(block, count, 1, is_ascii(s))
    at = 0
    for _ in range(times):
        at = put_text(block, at, width(s), s)
    return finish(block, count, width(s), is_ascii(s))


# ---- comparison -----------------------------------------------------------------------------


def _equality(function: Callable[[Any, Any], bool], impl: Callable[..., Any]) -> Overload:
    def template(a, b):
        require_text(a, b)
        return Typed(impl, (TEXT, TEXT))

    template.__qualname__ = f"text_{function.__name__}"
    template.__doc__ = "Texts compare by their code points."
    return overload(function, inline=True)(template)


def _equal(a, b):
    return same_text(a, b)


def _unequal(a, b):
    return not same_text(a, b)


def _less(a, b):
    return order(a, b) < 0


def _less_or_equal(a, b):
    return order(a, b) <= 0


def _greater(a, b):
    return order(a, b) > 0


def _greater_or_equal(a, b):
    return order(a, b) >= 0


def _same_object(a, b):
    return is_same_object(a, b)


def _other_object(a, b):
    return not is_same_object(a, b)


eq, ne = _equality(operator.eq, _equal), _equality(operator.ne, _unequal)
lt, le = _equality(operator.lt, _less), _equality(operator.le, _less_or_equal)
gt, ge = _equality(operator.gt, _greater), _equality(operator.ge, _greater_or_equal)
is_, is_not = _equality(operator.is_, _same_object), _equality(operator.is_not, _other_object)


@overload("pellucid.text.order", separate=True)
def order(a, b):
    """Negative, zero or positive, as `a` is less than, equal to or greater than `b`."""
    return Typed(_order, (TEXT, TEXT))


@uninterrupted
def _order(a, b):
    count = min(length(a), length(b))
    if width(a) == 1 and width(b) == 1:
        found = order_bytes(a, b, count)
        if found != 0:
            return found
    else:
        for i in range(count):
            difference = code_at(a, i) - code_at(b, i)
            if difference != 0:
                return difference
    return length(a) - length(b)


# ---- one code point -------------------------------------------------------------------------


@overload(ord)
def ord_(character):
    """The code point of a str of length 1.

    >>> ord("é")
    233
    """
    if isinstance(character.base, BytesType):
        return _ord_of_bytes
    require_text(character)
    return Typed(_ord, (TEXT,))


def _ord_of_bytes(character):
    if len(character) != 1:
        raise format_error(TypeError, NOT_ONE, len(character))
    return character[0]


def _ord(character):
    if length(character) != 1:
        raise format_error(TypeError, NOT_ONE, length(character))
    return code_at(character, 0)


@overload(chr)
def chr_(i):
    """The str of a code point.

    >>> chr(233)
    'é'
    """
    integer(i)
    return Typed(_chr, (int64,))


def _chr(i):
    if not 0 <= i <= 0x10FFFF:
        raise ValueError(CHR_RANGE)
    return char(i)


@overload(str)
def str_(object=""):
    """A str itself."""
    require_text(object)
    return Typed(_same, (TEXT,))


def _same(object):
    return object
