"""`repr()` and `ascii()` of text."""

from __future__ import annotations

from pellucid.inference.overloads import Typed, overload, uninterrupted
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.building import new_block, width_of
from pellucid.library.strings.classes import PRINTABLE, flags_of
from pellucid.library.strings.primitives import TEXT, code_at, finish, length, put_any
from pellucid.types import boolean

BACKSLASH, QUOTE, DOUBLE_QUOTE = 92, 39, 34
LETTER_B = 98
DIGITS = "0123456789abcdef"


@overload(repr, separate=True)
def repr_(obj):
    """The text of a str as a literal.

    >>> repr("it's")
    '"it\\'s"'
    """
    require_text(obj)
    return Typed(_repr, (TEXT,))


@overload(ascii, separate=True)
def ascii_(obj):
    """As `repr()`, with escapes for what is not ASCII.

    >>> ascii("é")
    "'\\\\xe9'"
    """
    require_text(obj)
    return Typed(_ascii, (TEXT,))


def _repr(obj):
    return quoted(obj, False)


def _ascii(obj):
    return quoted(obj, True)


@overload("pellucid.text.quoted_bytes", separate=True)
def quoted_bytes(s, of_array):
    """The literal of the bytes that are the code points of a text of width 1.

    That of a bytearray has each single quote escaped, whichever it stands between.
    """
    return Typed(_quoted_bytes, (TEXT, boolean))


@uninterrupted
def _quoted_bytes(s, of_array):
    singles = doubles = 0
    for i in range(length(s)):
        code = code_at(s, i)
        singles += code == QUOTE
        doubles += code == DOUBLE_QUOTE
    quote = DOUBLE_QUOTE if singles > 0 and doubles == 0 else QUOTE
    escaped = QUOTE if of_array else quote
    count = 3
    for i in range(length(s)):
        code = code_at(s, i)
        count += 2 if code == escaped else _escape_size(code, True)
    block = new_block(count, 1)
    put_any(block, 0, LETTER_B, 1)
    put_any(block, 1, quote, 1)
    at = 2
    for i in range(length(s)):
        code = code_at(s, i)
        more = _escape_size(code, True)
        if more > 1 or code == escaped:
            put_any(block, at, BACKSLASH, 1)
            _put_escape(block, at + 1, 1, code, more)
            at += max(more, 2)
        else:
            put_any(block, at, code, 1)
            at += 1
    put_any(block, at, quote, 1)
    return finish(block, count, 1, True)


@overload("pellucid.text.quoted", separate=True)
def quoted(s, only_ascii):
    """A text between quotes, with escapes."""
    return Typed(_quoted, (TEXT, boolean))


@uninterrupted
def _quoted(s, only_ascii):
    count = 2
    bits = 0
    singles = doubles = 0
    for i in range(length(s)):
        code = code_at(s, i)
        size = _escape_size(code, only_ascii)
        count += size
        if size == 1:
            bits |= code
        singles += code == QUOTE
        doubles += code == DOUBLE_QUOTE
    quote = DOUBLE_QUOTE if singles > 0 and doubles == 0 else QUOTE
    if quote == QUOTE:
        count += singles
    size = width_of(bits)
    block = new_block(count, size)
    put_any(block, 0, quote, size)
    at = 1
    for i in range(length(s)):
        code = code_at(s, i)
        more = _escape_size(code, only_ascii)
        if more > 1 or code == quote:
            put_any(block, at, BACKSLASH, size)
            _put_escape(block, at + 1, size, code, more)
            at += max(more, 2)
        else:
            put_any(block, at, code, size)
            at += 1
    put_any(block, at, quote, size)
    return finish(block, count, size, bits < 128)


def _escape_size(code, only_ascii):
    """How many characters stand for a code point; a quote may take one more."""
    if code == BACKSLASH or code == 9 or code == 10 or code == 13:
        return 2
    if 32 <= code < 127:
        return 1
    if code >= 128 and not only_ascii and flags_of(code) & PRINTABLE != 0:
        return 1
    if code < 256:
        return 4
    return 6 if code < 65536 else 10


def _put_escape(block, at, size, code, more):
    """What follows the backslash."""
    if more <= 2:
        letter = 116 if code == 9 else 110 if code == 10 else 114 if code == 13 else code
        put_any(block, at, letter, size)
        return
    put_any(block, at, 120 if more == 4 else 117 if more == 6 else 85, size)
    for i in range(more - 2):
        digit = (code >> (4 * (more - 3 - i))) & 15
        put_any(block, at + 1 + i, code_at(DIGITS, digit), size)
