"""Integers and floats laid out by a format spec, as CPython lays them out.

A number's text is `[padding][sign][prefix][padding][whole digits][tail][padding]`: the digits are
grouped, the tail is point, fraction, exponent and percent sign. Each function gives a new ASCII
text; where the fill is wider, `pad_wide` pads afterwards.
"""

from __future__ import annotations

import numpy as np

from pellucid.inference.engines import engine
from pellucid.library.builtins.arithmetic import shift_right
from pellucid.library.builtins.memory import block_data, load, offset, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.strings.building import new_block
from pellucid.library.strings.primitives import code_at
from pellucid.library.text.exact import (
    DIGIT_0,
    ROOM,
    fixed_digits,
    significant_digits,
    without_zeros,
    write_digits,
)
from pellucid.library.text.machine import copy_bytes, fill_bytes, float_bits, scratch
from pellucid.library.text.output import finish_ascii, pad_text, padding_of
from pellucid.library.text.raising import FLOAT, INT, refuse_kind
from pellucid.library.text.shortest import shortest_digits, split_float
from pellucid.library.text.spec import (
    ALIGN,
    ALTERNATE,
    EQUALS,
    GREATER,
    GROUPING,
    MINUS,
    NO_NEGATIVE_ZERO,
    PERCENT,
    PLUS,
    SIGN,
    SPACE,
    ZERO,
)
from pellucid.types import boolean, float64, int64, uint8, uint64

NONE = np.uint64(0)
DIGITS_FROM = 48
LOWER_E, LOWER_F, LOWER_G, LOWER_R = map(ord, "efgr")
LOWER_B, LOWER_C, LOWER_D, LOWER_N, LOWER_O, LOWER_X, UPPER_X = map(ord, "bcdnoxX")
CASE = 32
"""What a lower-case letter is more than its upper case."""
DEFAULT_PRECISION = 6
PLAIN_FLAGS = GREATER << ALIGN
INT_PRECISION = error_text(format, 1, ".3")
INT_NEGATIVE_ZERO = error_text(format, 1, "z")
CHARACTER_SIGN = error_text(format, 1, "+c")
CHARACTER_ALTERNATE = error_text(format, 1, "#c")
CHARACTER_RANGE = error_text(format, -1, "c")
MOST_CHARACTERS = np.uint64(0x110000)


# ---- whole digits ---------------------------------------------------------------------------


def grouped_size(count, least, group):
    """How long `count` digits are with a separator every `group` (0: none), zeros up to `least`."""
    if group == 0:
        return max(count, least)
    size = 0
    while True:
        part = min(group, max(count, least, 1))
        size += part
        count -= min(count, part)
        least -= part
        if count <= 0 and least <= 0:
            return size
        size += 1
        least -= 1


def write_whole(text, at, size, group, separator, digits, given, count):
    """Write `size` characters: `count` digits, of which the first `given` are in `digits`."""
    if group == 0:
        zeros = size - count
        fill_bytes(offset(text, at), DIGIT_0, zeros)
        copied = min(given, count)
        copy_bytes(offset(text, at + zeros), digits, copied)
        fill_bytes(offset(text, at + zeros + copied), DIGIT_0, count - copied)
        return
    left, digit = group, count - 1
    for place in range(at + size - 1, at - 1, -1):
        if left == 0:
            store(text, place, uint8(separator))
            left = group
        else:
            store(text, place, load(digits, digit) if 0 <= digit < given else DIGIT_0)
            digit -= 1
            left -= 1


def sign_of(is_negative, flags):
    """The character of the sign; 0 for none."""
    if is_negative:
        return MINUS
    wanted = shift_right(flags, SIGN) & 255
    return 0 if wanted == MINUS else wanted


def write_lead(text, fill, before, sign, prefix, inside):
    """Write the padding, sign and prefix that a number begins with; where its digits go."""
    fill_bytes(text, uint8(fill), before)
    at = before
    if sign != 0:
        store(text, at, uint8(sign))
        at += 1
    if prefix != 0:
        store(text, at, DIGIT_0)
        store(text, at + 1, uint8(prefix))
        at += 2
    fill_bytes(offset(text, at), uint8(fill), inside)
    return at + inside


def write_fraction(text, at, digits, count, point, size):
    """Write the point and `size` digits of the fraction of `0.digits * 10**point`; its end."""
    store(text, at, uint8(46))
    at += 1
    zeros = min(max(-point, 0), size)
    fill_bytes(offset(text, at), DIGIT_0, zeros)
    used = min(max(point, 0), count)
    copied = min(count - used, size - zeros)
    copy_bytes(offset(text, at + zeros), offset(digits, used), copied)
    fill_bytes(offset(text, at + zeros + copied), DIGIT_0, size - zeros - copied)
    return at + size


def align_of(flags):
    """The character of the alignment."""
    return shift_right(flags, ALIGN) & 255


def pad_wide(plain, fill, flags, width):
    """A number without padding, filled with characters beyond ASCII."""
    lead = 0
    if code_at(plain, 0) < DIGITS_FROM:
        lead = 1
    kind = flags & 255
    if flags & ALTERNATE and (kind in (LOWER_B, LOWER_O) or kind | CASE == LOWER_X):
        lead += 2
    return pad_text(plain, lead, fill, align_of(flags), width)


# ---- floats ---------------------------------------------------------------------------------


@engine(float64, int64, int64, int64, int64)
def format_float(x, fill, flags, width, precision):
    """The text of a float by a spec."""
    kind = flags & 255
    code = kind if kind > 90 else kind + CASE
    value = x
    if kind == 0:
        code = LOWER_R if precision < 0 else LOWER_G
    elif kind == LOWER_N:
        code = LOWER_G
    elif kind == PERCENT:
        code = LOWER_F
        value = x * 100.0
    if precision < 0:
        precision = DEFAULT_PRECISION
    elif precision > 2147483647:
        raise ValueError("precision too big")
    is_negative = shift_right(float_bits(value), 63) != NONE
    if value - value != 0:
        return not_finite(value, is_negative, fill, flags, width)
    digits = scratch(ROOM)
    count, point = 1, 1
    if value == 0:
        store(digits, 0, DIGIT_0)
    elif code == LOWER_R:
        digits, count, point = shortest_text(value, digits)
    else:
        c, q = split_float(value)
        if code == LOWER_F:
            count, point = fixed_digits(c, q, precision, digits)
        else:
            wanted = precision + 1 if code == LOWER_E else max(precision, 1)
            count, point = significant_digits(c, q, wanted, digits)
    if flags & NO_NEGATIVE_ZERO and (count == 0 or load(digits, 0) == DIGIT_0):
        is_negative = False
    return lay_out_float(digits, count, point, is_negative, code, fill, flags, width, precision)


@engine()
def lay_out_float(digits, count, point, is_negative, code, fill, flags, width, precision):
    """The text of the float `0.digits * 10**point`, written as `code` (e f g r)."""
    kind = flags & 255
    is_alternate = flags & ALTERNATE != 0
    adds_fraction = kind == 0
    end, has_exponent = count, False
    if code == LOWER_E:
        has_exponent, end = True, precision + 1
    elif code == LOWER_F:
        end = point + precision
    elif code == LOWER_G:
        kept = max(precision, 1)
        has_exponent = point <= -4 or point > kept - adds_fraction
        if is_alternate:
            end = kept
    else:
        has_exponent = point <= -4 or point > 16
    exponent = point - 1
    if has_exponent:
        point = 1
    elif adds_fraction:
        end = max(end, point + 1)
    end = max(end, point)
    fraction = end - point
    whole = max(point, 1)
    # The fraction with its point, the exponent, the percent sign.
    tail = fraction + 1 if fraction > 0 or is_alternate else 0
    fraction_size = tail
    exponent_size = 0
    if has_exponent:
        exponent_size = 5 if exponent >= 100 or exponent <= -100 else 4
    tail += exponent_size + (kind == PERCENT)
    sign = sign_of(is_negative, flags)
    lead = int(sign != 0)
    align = align_of(flags)
    separator = shift_right(flags, GROUPING) & 255
    least = width - lead - tail if fill == ZERO and align == EQUALS else 0
    group = 3 if separator != 0 else 0
    grouped = grouped_size(whole, least, group)
    size = lead + grouped + tail
    before, inside, behind = padding_of(align, width - size)
    block = new_block(max(size, width), 1)
    text = block_data(block, uint8)
    at = write_lead(text, fill, before, sign, 0, inside)
    write_whole(text, at, grouped, group, separator, digits, min(max(point, 0), count), whole)
    at += grouped
    if fraction_size > 0:
        at = write_fraction(text, at, digits, count, point, fraction)
    if has_exponent:
        store(text, at, uint8(LOWER_E - CASE if 65 <= kind <= 90 else LOWER_E))
        store(text, at + 1, uint8(MINUS if exponent < 0 else PLUS))
        store(text, at + 2, DIGIT_0)
        write_digits(uint64(abs(exponent)), at + exponent_size, text)
        at += exponent_size
    if kind == PERCENT:
        store(text, at, uint8(PERCENT))
        at += 1
    fill_bytes(offset(text, at), uint8(fill), behind)
    return finish_ascii(block, at + behind)


def not_finite(value, is_negative, fill, flags, width):
    """The text of an infinity or NaN."""
    kind = flags & 255
    is_nan = value != value
    sign = sign_of(is_negative and not is_nan, flags)
    lead = int(sign != 0)
    size = lead + 3 + (kind == PERCENT)
    before, inside, behind = padding_of(align_of(flags), width - size)
    block = new_block(max(size, width), 1)
    text = block_data(block, uint8)
    at = write_lead(text, fill, before, sign, 0, inside)
    case = CASE if 65 <= kind <= 90 else 0
    store(text, at, uint8((110 if is_nan else 105) - case))
    store(text, at + 1, uint8((97 if is_nan else 110) - case))
    store(text, at + 2, uint8((110 if is_nan else 102) - case))
    at += 3
    if kind == PERCENT:
        store(text, at, uint8(PERCENT))
        at += 1
    fill_bytes(offset(text, at), uint8(fill), behind)
    return finish_ascii(block, at + behind)


def shortest_text(x, digits):
    """The shortest digits of a float other than 0: `(digits, count, point)`."""
    number, exponent = shortest_digits(x)
    begin = write_digits(number, 20, digits)
    found = offset(digits, begin)
    return found, without_zeros(20 - begin, found), 20 - begin + exponent


@engine()
def short_float(x, flags):
    """The text of a float without a spec: the shortest that reads back as `x`.

    The flags are of type 0 (`1.0`) or r (`1`), with the sign that is wanted.
    """
    is_negative = shift_right(float_bits(float64(x)), 63) != NONE
    if x - x != 0:
        return not_finite(float64(x), is_negative, ZERO, flags, 0)
    digits = scratch(32)
    count, point = 1, 1
    if x == 0:
        store(digits, 0, DIGIT_0)
    else:
        digits, count, point = shortest_text(x, digits)
    return lay_out_float(digits, count, point, is_negative, LOWER_R, ZERO, flags, 0, 0)


@engine(float64, int64, int64, int64, int64)
def format_wide_float(x, fill, flags, width, precision):
    """As `format_float`, for any fill and type."""
    kind = flags & 255
    code = kind if kind > 90 else kind + CASE
    if kind not in (0, PERCENT, LOWER_N) and not LOWER_E <= code <= LOWER_G:
        refuse_kind(kind, FLOAT)
    if fill > 127:
        return pad_wide(format_float(x, SPACE, flags, 0, precision), fill, flags, width)
    return format_float(x, fill, flags, width, precision)


# ---- integers -------------------------------------------------------------------------------


@engine(int64, int64, int64, int64, int64)
def format_int(x, fill, flags, width, precision):
    """The text of an int64 by a spec of any type."""
    kind = flags & 255
    if is_float_kind(kind):
        return format_wide_float(float64(x), fill, flags, width, precision)
    check_int_flags(kind, flags, precision)
    if kind == LOWER_C:
        if not 0 <= x < 0x110000:
            raise OverflowError(CHARACTER_RANGE)
        return pad_text(chr(x), 0, fill, align_of(flags), width)
    return format_int_digits(x, fill, flags, width, precision)


@engine(uint64, int64, int64, int64, int64)
def format_unsigned(x, fill, flags, width, precision):
    """The text of a uint64 by a spec of any type."""
    kind = flags & 255
    if is_float_kind(kind):
        return format_wide_float(float64(x), fill, flags, width, precision)
    check_int_flags(kind, flags, precision)
    if kind == LOWER_C:
        if x >= MOST_CHARACTERS:
            raise OverflowError(CHARACTER_RANGE)
        return pad_text(chr(int64(x)), 0, fill, align_of(flags), width)
    return format_unsigned_digits(x, fill, flags, width, precision)


def format_int_digits(x, fill, flags, width, precision):
    """The text of an int64 by a spec of type b, d, n, o, x or X."""
    size = uint64(-x) if x < 0 else uint64(x)
    if fill > 127:
        return pad_wide(format_size(size, x < 0, SPACE, flags, 0), fill, flags, width)
    return format_size(size, x < 0, fill, flags, width)


def format_unsigned_digits(x, fill, flags, width, precision):
    """The text of a uint64 by a spec of type b, d, n, o, x or X."""
    if fill > 127:
        return pad_wide(format_size(x, False, SPACE, flags, 0), fill, flags, width)
    return format_size(x, False, fill, flags, width)


def is_float_kind(kind):
    """Whether integers of this type are written as floats: one of e E f F g G %."""
    return LOWER_E <= kind <= LOWER_G or LOWER_E <= kind + CASE <= LOWER_G or kind == PERCENT


def check_int_flags(kind, flags, precision):
    """Raise for what integers have not."""
    is_power = kind in (LOWER_B, LOWER_O) or kind | CASE == LOWER_X
    if kind not in (0, LOWER_D, LOWER_N, LOWER_C) and not is_power:
        refuse_kind(kind, INT)
    if precision >= 0:
        raise ValueError(INT_PRECISION)
    if flags & NO_NEGATIVE_ZERO:
        raise ValueError(INT_NEGATIVE_ZERO)
    if kind == LOWER_C:
        if shift_right(flags, SIGN) & 255 != 0:
            raise ValueError(CHARACTER_SIGN)
        if flags & ALTERNATE:
            raise ValueError(CHARACTER_ALTERNATE)


@engine(int64)
def short_int(x):
    """The text of an int64."""
    digits = scratch(32)
    size = uint64(-x) if x < 0 else uint64(x)
    begin = write_digits(size, 21, digits)
    if x < 0:
        begin -= 1
        store(digits, begin, uint8(MINUS))
    block = new_block(21 - begin, 1)
    copy_bytes(block_data(block, uint8), offset(digits, begin), 21 - begin)
    return finish_ascii(block, 21 - begin)


@engine(uint64)
def short_unsigned(x):
    """The text of a uint64."""
    digits = scratch(32)
    begin = write_digits(x, 21, digits)
    block = new_block(21 - begin, 1)
    copy_bytes(block_data(block, uint8), offset(digits, begin), 21 - begin)
    return finish_ascii(block, 21 - begin)


def write_powers(value, bits, capital, end, text):
    """As `write_digits`, in base 2, 8 or 16: `bits` bits a digit."""
    at = end
    mask = (1 << bits) - 1
    while True:
        digit = int(value) & mask
        at -= 1
        if digit > 9:
            digit += 55 - 48 if capital else 87 - 48
        store(text, at, uint8(digit + 48))
        value = shift_right(value, bits)
        if value == NONE:
            return at


@engine(uint64, boolean, int64, int64, int64)
def format_size(size, is_negative, fill, flags, width):
    """The text of the integer of this magnitude, by a spec of type b, d, n, o, x or X."""
    kind = flags & 255
    digits = scratch(64)
    prefix, group = 0, 3
    if kind in (LOWER_D, LOWER_N) or kind == 0:
        begin = write_digits(size, 64, digits)
    else:
        bits = 1 if kind == LOWER_B else (3 if kind == LOWER_O else 4)
        begin = write_powers(size, bits, kind == UPPER_X, 64, digits)
        group = 4
        if flags & ALTERNATE:
            prefix = 2
    separator = shift_right(flags, GROUPING) & 255
    if separator == 0:
        group = 0
    count = 64 - begin
    digits = offset(digits, begin)
    sign = sign_of(is_negative, flags)
    lead = int(sign != 0) + prefix
    align = align_of(flags)
    least = width - lead if fill == ZERO and align == EQUALS else 0
    grouped = grouped_size(count, least, group)
    total = lead + grouped
    before, inside, behind = padding_of(align, width - total)
    block = new_block(max(total, width), 1)
    text = block_data(block, uint8)
    at = write_lead(text, fill, before, sign, kind if prefix > 0 else 0, inside)
    write_whole(text, at, grouped, group, separator, digits, count, count)
    at += grouped
    fill_bytes(offset(text, at), uint8(fill), behind)
    return finish_ascii(block, at + behind)
