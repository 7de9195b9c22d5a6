"""`bytes`: operators, calls of the class, and the methods that text has not.

The other methods are those of `str` (`fronts.py`). Items are numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import (
    Overload,
    Typed,
    overload,
    refuse,
    uninterrupted,
)
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer, literal_value
from pellucid.library.builtins.structs import format_error
from pellucid.library.strings.basics import every, order, repeated, require_text
from pellucid.library.strings.building import concat, new_block, part, put_text
from pellucid.library.strings.fronts import (
    BYTES,
    NOT_A_BYTE,
    OCTETS,
    as_bytes,
    as_text,
    content,
    fronts,
    is_buffer,
    is_octets,
    kind,
    like,
    operand,
    shown,
)
from pellucid.library.strings.primitives import (
    TEXT,
    code_at,
    code_in,
    fill_byte,
    finish,
    is_text,
    length,
    put,
    same_text,
)
from pellucid.library.strings.scanning import find_byte, find_in
from pellucid.types import (
    BytesType,
    Integer,
    Literal,
    NoneType,
    Slice,
    Type,
    int64,
    none,
)

INDEX_RANGE = error_text(operator.getitem, b"ab", 5)
BYTE_RANGE, ARRAY_RANGE = error_text(bytes, [256]), error_text(bytearray, [256])
NEGATIVE_COUNT = error_text(bytes, -1)
TABLE_LENGTH = error_text(b"".translate, b"")
LENGTHS_DIFFER = error_text(bytes.maketrans, b"a", b"bc")
EMPTY_BYTES_SEPARATOR = "sep must be length 1."
NOT_ASCII_SEPARATOR = "sep must be ASCII."


def require_bytes(*tys: Type) -> None:
    """Refuse what is not bytes."""
    for ty in tys:
        if not isinstance(ty.base, BytesType):
            refuse(f"{ty.base} is not bytes")


# ---- operators ------------------------------------------------------------------------------


@overload(len, inline=True)
def bytes_length(x):
    """The number of bytes."""
    require_bytes(x)
    return Typed(_length, (BYTES,))


def _length(x):
    return length(as_text(x))


@overload(bool, inline=True)
def truth(x=False):
    """Whether there are bytes."""
    require_bytes(x)
    return Typed(_truth, (BYTES,))


def _truth(x):
    return length(as_text(x)) != 0


@overload(operator.getitem, inline=True)
def getitem(a, b):
    """`b[i]`, a number, and `b[i:j:k]`."""
    require_bytes(a)
    if not isinstance(b, Slice):
        integer(b)
        return Typed(_item, (BYTES, int64))
    wanted = Slice(*map(_slice_part, (b.start, b.stop, b.step)))
    is_plain = isinstance(b.step, NoneType) or literal_value(b.step) == 1
    return Typed(_run if is_plain else _stepped, (BYTES, wanted))


def _slice_part(ty: Type) -> Type:
    return int64 if isinstance(ty.base, Integer) and not isinstance(ty, Literal) else ty


def _item(a, b):
    text = as_text(a)
    k = b + length(text) if b < 0 else b
    if not 0 <= k < length(text):
        raise IndexError(INDEX_RANGE)
    return code_in(text, k, 1)


def _run(a, b):
    text = as_text(a)
    start, stop, _ = b.indices(length(text))
    return as_bytes(part(text, start, max(stop - start, 0)))


def _stepped(a, b):
    text = as_text(a)
    start, stop, step = b.indices(length(text))
    return as_bytes(every(text, start, stop, step))


@overload(iter_start, inline=True)
def start(iterable):
    """Bytes are iterated by position."""
    require_bytes(iterable)
    return Typed(_start, (BYTES,))


def _start(iterable):
    return 0


@overload(iter_valid, inline=True)
def valid(iterable, state):
    """Whether there is a byte at a position."""
    require_bytes(iterable)
    return Typed(_valid, (BYTES, int64))


def _valid(iterable, state):
    return state < length(as_text(iterable))


@overload(iter_value, inline=True)
def value(iterable, state):
    """The byte at a position, a number."""
    require_bytes(iterable)
    return Typed(_value, (BYTES, int64))


def _value(iterable, state):
    return code_in(as_text(iterable), state, 1)


@overload(iter_next, inline=True)
def following(iterable, state):
    """The next position."""
    require_bytes(iterable)
    return Typed(_following, (BYTES, int64))


def _following(iterable, state):
    return state + 1


def _binary(function: Callable[..., Any], impl: Callable[..., Any]) -> Overload:
    def template(a, b):
        if not is_octets(a) or not (is_octets(b) or (impl is _add and is_buffer(b))):
            refuse(f"{a.base} and {b.base} are not bytes")
        return Typed(impl, (a.base, b.base))

    template.__qualname__ = f"bytes_{function.__name__}"
    template.__doc__ = "Of bytes, as Python does."
    return overload(function, inline=True)(template)


def _add(a, b):
    return like(a, concat(shown(a), content(b)))


def _equal(a, b):
    return same_text(shown(a), shown(b))


def _unequal(a, b):
    return not same_text(shown(a), shown(b))


def _less(a, b):
    return order(shown(a), shown(b)) < 0


def _less_or_equal(a, b):
    return order(shown(a), shown(b)) <= 0


def _greater(a, b):
    return order(shown(a), shown(b)) > 0


def _greater_or_equal(a, b):
    return order(shown(a), shown(b)) >= 0


add, iadd = _binary(operator.add, _add), _binary(operator.iadd, _add)
concat_ = _binary(operator.concat, _add)
eq, ne = _binary(operator.eq, _equal), _binary(operator.ne, _unequal)
lt, le = _binary(operator.lt, _less), _binary(operator.le, _less_or_equal)
gt, ge = _binary(operator.gt, _greater), _binary(operator.ge, _greater_or_equal)


def _mul(a, b):
    """Bytes several times."""
    if is_octets(a):
        integer(b)
        return Typed(_times, (a.base, int64))
    if not is_octets(b):
        refuse(f"{b.base} is not bytes")
    integer(a)
    return Typed(_times_reversed, (int64, b.base))


def _times(a, b):
    return like(a, repeated(shown(a), b))


def _times_reversed(a, b):
    return like(b, repeated(shown(b), a))


mul = overload(operator.mul, inline=True)(_mul)
imul = overload(operator.imul, inline=True)(_mul)


@overload(operator.contains)
def contains(a, b):
    """Whether bytes, or a number, are in bytes."""
    if not is_octets(a):
        refuse(f"{a.base} is not bytes")
    if is_buffer(b):
        return Typed(_contains, (a.base, b.base))
    integer(b)
    return Typed(_contains_code, (a.base, int64))


def _contains(a, b):
    s = shown(a)
    return find_in(s, shown(b), 0, length(s)) >= 0


def _contains_code(a, b):
    if not 0 <= b < 256:
        raise ValueError(NOT_A_BYTE)
    s = shown(a)
    return find_byte(s, b, 0, length(s)) >= 0


@overload(operator.countOf)
def count_of(a, b):
    """How many of the bytes of `a` are `b`."""
    require_bytes(a)
    integer(b)
    return Typed(_count_of, (BYTES, int64))


def _count_of(a, b):
    return a.count(b) if 0 <= b < 256 else 0


@overload(operator.indexOf)
def index_of(a, b):
    """The first place of the byte `b` in `a`."""
    require_bytes(a)
    integer(b)
    return Typed(_index_of, (BYTES, int64))


def _index_of(a, b):
    found = a.find(b) if 0 <= b < 256 else -1
    if found < 0:
        raise ValueError("sequence.index(x): x not in sequence")
    return found


@overload(reversed)
def reversed_(sequence):
    """The bytes from the last to the first."""
    require_bytes(sequence)
    return Typed(_reversed, (BYTES,))


def _reversed(sequence):
    s = as_text(sequence)
    return as_bytes(every(s, length(s) - 1, -1, -1))


@overload(hash)
def hash_(obj):
    """The hash of bytes is CPython's, in this process."""
    require_bytes(obj)
    return Typed(_hash, (BYTES,))


def _hash(obj):
    return hash(as_text(obj))


@overload(ord)
def ord_(character):
    """The number of a single byte."""
    if not is_octets(character):
        refuse(f"{character.base} is not bytes")
    return Typed(_ord, (character.base,))


def _ord(character):
    s = shown(character)
    if length(s) != 1:
        raise format_error(TypeError, NOT_ONE_BYTE, length(s))
    return code_in(s, 0, 1)


NOT_ONE_BYTE = error_text(ord, b"ab").replace("2", "{}")


# ---- calls of the class ---------------------------------------------------------------------


@overload(bytes)
def bytes_(source=b"", encoding=None, errors=None):
    """As in Python: of bytes and what is like them, a count, an iterable of ints, or a str and
    its encoding."""
    if is_text(source):
        if isinstance(encoding, NoneType):
            refuse("string argument without an encoding")
        return _encoded if isinstance(errors, NoneType) else _encoded_with
    if not isinstance(encoding, NoneType) or not isinstance(errors, NoneType):
        refuse("encoding and errors without a str")
    if is_buffer(source):
        return Typed(_bytes_of, (source.base, none, none))
    if isinstance(source.base, Integer):
        integer(source)
        return Typed(_zeros, (int64, none, none))
    return _bytes_of_items


def _encoded(source, encoding, errors=None):
    return source.encode(encoding)


def _encoded_with(source, encoding, errors):
    return source.encode(encoding, errors)


def _bytes_of(source, encoding=None, errors=None):
    return as_bytes(content(source))


def _zeros(source, encoding=None, errors=None):
    if source < 0:
        raise ValueError(NEGATIVE_COUNT)
    block = new_block(source, 1)
    fill_byte(block, 0, 0, source)
    return as_bytes(finish(block, source, 1, True))


def _bytes_of_items(source, encoding=None, errors=None):
    return as_bytes(collected(source, False))


@uninterrupted
def collected(items, for_array):
    """The text of width 1 of an iterable of ints, for bytes or a bytearray."""
    size = 64
    block = new_block(size, 1)
    count = 0
    for item in items:
        if not 0 <= byte_number(item) < 256:
            raise ValueError(ARRAY_RANGE if for_array else BYTE_RANGE)
        if count == size:
            whole = finish(block, count, 1, False)
            size *= 2
            block = new_block(size, 1)
            put_text(block, 0, 1, whole)
        put(block, count, byte_number(item), 1)
        count += 1
    return finish(block, count, 1, False)


@overload("pellucid.bytes.number", inline=True)
def byte_number(item):
    """An item of an iterable that bytes are made of, which must be an int."""
    if not isinstance(item.base, Integer):
        refuse(f"'{item.base}' object cannot be interpreted as an integer")
    return _number


def _number(item):
    return int64(item)


# ---- hexadecimal ----------------------------------------------------------------------------


def _hex_template(self, sep=None, bytes_per_sep=1):
    integer(bytes_per_sep)
    if isinstance(sep, NoneType):
        return Typed(_hex, (kind(self), none, int64))
    if not is_text(sep) and not is_octets(sep):
        refuse(f"sep must be str or bytes, not {sep.base}")
    return Typed(_hex_apart, (kind(self), TEXT if is_text(sep) else sep.base, int64))


hex_ = fronts("hex", _hex_template, *OCTETS, separate=True)


@uninterrupted
def _hex(self, sep=None, bytes_per_sep=1):
    s = shown(self)
    block = new_block(2 * length(s), 1)
    for i in range(length(s)):
        _put_digits(block, 2 * i, code_in(s, i, 1))
    return finish(block, 2 * length(s), 1, True)


@uninterrupted
def _hex_apart(self, sep, bytes_per_sep=1):
    s, between = shown(self), content(sep)
    if length(between) != 1:
        raise ValueError(EMPTY_BYTES_SEPARATOR)
    code = code_at(between, 0)
    if code >= 128:
        raise ValueError(NOT_ASCII_SEPARATOR)
    count = length(s)
    each = abs(bytes_per_sep)
    # Groups are counted from the right, or from the left if `bytes_per_sep` is negative.
    gaps = (count - 1) // each if count > 0 and each > 0 else 0
    block = new_block(2 * count + gaps, 1)
    at = 0
    for i in range(count):
        if i > 0 and each > 0 and (i if bytes_per_sep < 0 else count - i) % each == 0:
            put(block, at, code, 1)
            at += 1
        _put_digits(block, at, code_in(s, i, 1))
        at += 2
    return finish(block, at, 1, True)


def _put_digits(block, at, code):
    put(block, at, _digit(code >> 4), 1)
    put(block, at + 1, _digit(code & 15), 1)


def _digit(number):
    return 48 + number + 39 * (number > 9)


@overload(bytes.fromhex)
def fromhex(string, /):
    """As `bytes.fromhex`."""
    require_text(string)
    return Typed(_fromhex, (TEXT,))


def _fromhex(string):
    return as_bytes(hex_content(string))


@overload("pellucid.bytes.from_hex", separate=True)
def hex_content(string):
    """The text of width 1 that hexadecimal digits stand for."""
    return Typed(_hex_content, (TEXT,))


@uninterrupted
def _hex_content(string):
    block = new_block(length(string) // 2, 1)
    at = count = 0
    while at < length(string):
        code = code_at(string, at)
        if code == 32 or 9 <= code <= 13:
            at += 1
            continue
        high = _digit_value(code)
        if high < 0:
            raise format_error(ValueError, NOT_HEX, at)
        at += 1
        low = _digit_value(code_at(string, at)) if at < length(string) else -1
        if low < 0:
            if HAS_ODD_TEXT and at >= length(string):
                raise ValueError(ODD_HEX)
            raise format_error(ValueError, NOT_HEX, at)
        put(block, count, 16 * high + low, 1)
        at += 1
        count += 1
    return finish(block, count, 1, False)


NOT_HEX = error_text(bytes.fromhex, "x").replace("0", "{}")
ODD_HEX = error_text(bytes.fromhex, "a")
HAS_ODD_TEXT = "position" not in ODD_HEX
"""From 3.14 on, a digit without its second has a message of its own."""


def _digit_value(code):
    if 48 <= code <= 57:
        return code - 48
    low = code | 32
    return low - 87 if 97 <= low <= 102 and code < 128 else -1


# ---- translate ------------------------------------------------------------------------------


@overload(bytes.maketrans)
def maketrans(frm, to, /):
    """As `bytes.maketrans`."""
    if not is_octets(frm) or not is_octets(to):
        refuse(f"{frm.base} and {to.base} are not both bytes")
    return Typed(_maketrans, (frm.base, to.base))


@uninterrupted
def maketrans_content(frm, to):
    """The text of width 1 of a table."""
    old, new = shown(frm), shown(to)
    if length(old) != length(new):
        raise ValueError(LENGTHS_DIFFER)
    block = new_block(256, 1)
    for code in range(256):
        put(block, code, code, 1)
    for i in range(length(old)):
        put(block, code_in(old, i, 1), code_in(new, i, 1), 1)
    return finish(block, 256, 1, False)


def _maketrans(frm, to):
    return as_bytes(maketrans_content(frm, to))


def _translate_template(self, table, /, delete=b""):
    wanted = none if isinstance(table, NoneType) else operand(self, table)
    return Typed(_translate, (kind(self), wanted, operand(self, delete)))


translate_ = fronts("translate", _translate_template, *OCTETS, separate=True)


@uninterrupted
def _translate(self, table, delete=b""):
    s, gone = shown(self), shown(delete)
    if table is not None and len(table) != 256:
        raise ValueError(TABLE_LENGTH)
    block = new_block(length(s), 1)
    count = 0
    for i in range(length(s)):
        code = code_in(s, i, 1)
        if length(gone) > 0 and find_byte(gone, code, 0, length(gone)) >= 0:
            continue
        if table is not None:
            code = code_in(shown(table), code, 1)
        put(block, count, code, 1)
        count += 1
    return like(self, finish(block, count, 1, False))
