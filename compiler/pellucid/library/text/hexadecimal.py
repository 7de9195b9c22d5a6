"""`float.fromhex(text)`: the bits as they are written, rounded once, half to even."""

from __future__ import annotations

import math

from pellucid.inference.engines import engine
from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.arithmetic import shift_left, shift_right
from pellucid.library.builtins.messages import error_text
from pellucid.library.strings.primitives import length
from pellucid.library.text.exact import ONE, ZERO
from pellucid.library.text.machine import leading_zeros
from pellucid.library.text.parsing import (
    DOT,
    MINUS,
    PLUS,
    is_digit,
    lower,
    plain_code,
    skip_spaces,
    special_at,
)
from pellucid.types import UnicodeType, int64, uint64, unicode_type

MALFORMED = error_text(float.fromhex, "x")
TOO_LARGE = error_text(float.fromhex, "0x1p1024")
MOST_EXPONENT = 1 << 40
KEPT = 1 << 60


@overload(float.fromhex)
def fromhex(string, /):
    """The float of a hexadecimal text.

    >>> float.fromhex("-0x1.8p1")
    -3.0
    """
    if not isinstance(string.base, UnicodeType):
        refuse(f"{string.base} is not text")
    return _fromhex


def _fromhex(string, /):
    return parse_hexadecimal(string)


@engine(unicode_type)
def parse_hexadecimal(text):
    """The float of a hexadecimal text."""
    begin = skip_spaces(text, 0)
    at = begin
    is_negative = plain_code(text, at) == MINUS
    if is_negative or plain_code(text, at) == PLUS:
        at += 1
    value, end = special_at(text, at, begin, is_negative)
    if end == begin:
        if plain_code(text, at) == 48 and lower(plain_code(text, at + 1)) == 120:
            at += 2
        w, exponent, end = significand_at(text, at)
        if lower(plain_code(text, end)) == 112:
            named, after = power_at(text, end + 1)
            exponent += named
            end = after
        value = rounded(w, exponent)
        if is_negative:
            value = -value
    if skip_spaces(text, end) < length(text):
        raise ValueError(MALFORMED)
    return value


def significand_at(text, at):
    """The digits at `at`: (bits, exponent, end); the last bit also tells of bits cut off."""
    w, exponent = ZERO, 0
    count, has_point = 0, False
    while True:
        code = lower(plain_code(text, at))
        if code == DOT and not has_point:
            has_point = True
        elif is_digit(code) or 97 <= code <= 102:
            digit = code - 48 if is_digit(code) else code - 87
            count += 1
            if int64(w) < KEPT // 16:
                w = uint64(shift_left(w, 4) + uint64(digit))
                exponent -= 4 if has_point else 0
            else:
                w |= ONE if digit != 0 else ZERO
                exponent += 0 if has_point else 4
        else:
            break
        at += 1
    if count == 0:
        raise ValueError(MALFORMED)
    return w, exponent, at


def power_at(text, at):
    """The exponent at `at` and its end."""
    is_negative = plain_code(text, at) == MINUS
    if is_negative or plain_code(text, at) == PLUS:
        at += 1
    if not is_digit(plain_code(text, at)):
        raise ValueError(MALFORMED)
    found = 0
    while is_digit(plain_code(text, at)):
        found = min(10 * found + plain_code(text, at) - 48, MOST_EXPONENT)
        at += 1
    return (-found if is_negative else found), at


def rounded(w, exponent):
    """`w * 2**exponent` as the nearest float."""
    if w == ZERO:
        return 0.0
    shifted = leading_zeros(w)
    w = shift_left(w, shifted)
    highest = exponent - shifted + 63
    if highest > 1023:
        raise OverflowError(TOO_LARGE)
    bits = 53 if highest >= -1022 else 1075 + highest
    if bits < 0:
        return 0.0
    if bits == 0:  # less than the least float, of which it is more than half, or half at most
        return 5e-324 if w > shift_left(ONE, 63) else 0.0
    cut = 64 - bits
    kept = shift_right(w, cut)
    rest = uint64(w - shift_left(kept, cut))
    half = shift_left(ONE, cut - 1)
    if rest > half or (rest == half and kept & ONE == ONE):
        kept = uint64(kept + ONE)
    value = math.ldexp(float(int64(kept)), highest - bits + 1)
    if value - value != 0:
        raise OverflowError(TOO_LARGE)
    return value
