"""Numbers of text: `int(text, base)`, `float(text)`, `complex(text)`.

A decimal number is `w * 10**e` with the first 19 digits in `w`. Its product with a power of ten of
the table, and the product with the error that the table and the cut digits may add, nearly always
round to the same float (Eisel and Lemire's method); else the digits are compared with the exact
decimal expansion of the halfway point between two floats.
"""

from __future__ import annotations

import struct
import sys
import unicodedata
from functools import cache

import numpy as np

from pellucid.inference.engines import engine
from pellucid.inference.overloads import intrinsic
from pellucid.library.builtins.arithmetic import (
    divide_floor,
    make_complex,
    shift_left,
    shift_right,
)
from pellucid.library.builtins.floats import copysign
from pellucid.library.builtins.memory import block_data, load, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.strings.building import new_block
from pellucid.library.strings.primitives import code_at, length
from pellucid.library.text.exact import ALL, ONE, TEN, ZERO, expand
from pellucid.library.text.machine import (
    LEAST_POWER,
    MOST_EXACT_POWER,
    MOST_POWER,
    constant_table,
    float_of_bits,
    high_product,
    leading_zeros,
    power_table,
    scratch,
)
from pellucid.library.text.raising import refuse_complex, refuse_float, refuse_int
from pellucid.types import int32, int64, uint8, uint64, unicode_type

BAD_BASE = error_text(int, "1", 1)
TOO_LARGE = "int() result does not fit in int64"
MALFORMED = error_text(complex, "x")
UNDERSCORE, DOT, PLUS, MINUS = map(ord, "_.+-")
OPEN, CLOSE = map(ord, "()")
MOST_DIGITS = 19
HIDDEN = np.uint64(1 << 52)
INFINITY_BITS = np.uint64(0x7FF0000000000000)


# ---- characters -----------------------------------------------------------------------------


@cache
def digit_starts() -> bytes:
    """The zeros beyond ASCII: each has its nine other digits after it."""
    codes = [c for c in range(128, sys.maxunicode + 1) if unicodedata.decimal(chr(c), -1) == 0]
    return struct.pack(f"<{len(codes) + 1}i", len(codes), *codes)


@intrinsic
def digit_table():
    """The table of `digit_starts`."""
    return constant_table("digit_table", int32, digit_starts)


def plain_code(text, index):
    """The character at `index` as ASCII: any digit as 0 to 9, any space as a space; others stay.

    Behind the end it is -1.
    """
    if index >= length(text):
        return -1
    code = code_at(text, index)
    return code if code < 128 else wide_code(code)


def wide_code(code):
    """`plain_code` of a character beyond ASCII."""
    if code in {133, 160, 5760} or 8192 <= code <= 8202:
        return 32
    if code in {8232, 8233, 8239, 8287, 12288}:
        return 32
    starts = digit_table()
    low, high = 0, int(load(starts, 0))
    while low < high:
        middle = (low + high) // 2
        if load(starts, middle + 1) <= code:
            low = middle + 1
        else:
            high = middle
    if low > 0 and code - load(starts, low) < 10:
        return 48 + code - load(starts, low)
    return code


def is_space(code):
    """Whether an ASCII character is a space."""
    return code == 32 or 9 <= code <= 13


def is_digit(code):
    """Whether a character is one of 0 to 9."""
    return 48 <= code <= 57


def lower(code):
    """The lower case of an ASCII letter."""
    return code + 32 if 65 <= code <= 90 else code


def skip_spaces(text, at):
    """The first place from `at` on that is no space."""
    while is_space(plain_code(text, at)):
        at += 1
    return at


# ---- integers -------------------------------------------------------------------------------


@engine(unicode_type, int64)
def parse_int(text, base):
    """`int(text, base)`."""
    if base != 0 and not 2 <= base <= 36:
        raise ValueError(BAD_BASE)
    at = skip_spaces(text, 0)
    is_negative = plain_code(text, at) == MINUS
    if is_negative or plain_code(text, at) == PLUS:
        at += 1
    radix, needs_zero = base, False
    first, letter = plain_code(text, at), lower(plain_code(text, at + 1))
    if first == 48:
        named = 16 if letter == 120 else (8 if letter == 111 else (2 if letter == 98 else 0))
        if named != 0 and (base in (0, named)):
            # In base 16 the b of 0b1 is a digit.
            radix = named
            at += 2
            if plain_code(text, at) == UNDERSCORE:
                at += 1
        elif base == 0:
            radix, needs_zero = 10, True
    elif base == 0:
        radix = 10
    value, at, state = read_digits(text, at, radix)
    at = skip_spaces(text, at)
    if state < 0 or at < length(text) or (needs_zero and value != ZERO):
        refuse_int(text, base)
    limit = uint64(1 << 63) if is_negative else uint64((1 << 63) - 1)
    if state > 0 or value > limit:
        raise OverflowError(TOO_LARGE)
    return -int64(value) if is_negative else int64(value)


def read_digits(text, at, radix):
    """Digits with single underscores between them: `(value, end, state)`.

    The state is 0, 1 if the value does not fit in a uint64, or -1 if there are no digits or a
    misplaced underscore.
    """
    value, state, before = ZERO, -1, UNDERSCORE
    base = uint64(radix)
    limit = divide_floor(ALL, base)
    while True:
        code = lower(plain_code(text, at))
        if code == UNDERSCORE:
            if before == UNDERSCORE:
                return value, at, -1
        else:
            digit = code - 48 if is_digit(code) else (code - 87 if 97 <= code <= 122 else 99)
            if digit >= radix:
                return value, at, (-1 if before == UNDERSCORE else state)
            state = max(state, 0)
            if value > limit:
                state = 1
            added = uint64(value * base + uint64(digit))
            if added < uint64(digit):
                state = 1
            value = added
        before = code
        at += 1


# ---- floats ---------------------------------------------------------------------------------


@engine(unicode_type)
def parse_float(text):
    """`float(text)`."""
    begin = skip_spaces(text, 0)
    value, end = float_at(text, begin)
    if end == begin or skip_spaces(text, end) < length(text):
        refuse_float(text)
    return value


def float_at(text, begin):  # noqa: C901 (one grammar)
    """The number that starts at `begin` and where it ends; `begin` itself if there is none."""
    at = begin
    is_negative = plain_code(text, at) == MINUS
    if is_negative or plain_code(text, at) == PLUS:
        at += 1
    code = plain_code(text, at)
    if not is_digit(code) and code != DOT:
        return special_at(text, at, begin, is_negative)
    w, kept, exponent, is_cut = ZERO, 0, 0, False
    has_digits, has_point, start = False, False, at
    while True:
        code = plain_code(text, at)
        if is_digit(code):
            has_digits = True
            if has_point:
                exponent -= 1
            if kept < MOST_DIGITS:
                w = uint64(w * TEN + uint64(code - 48))
                kept += w != ZERO
            else:
                exponent += 1
                is_cut = is_cut or code != 48
        elif code == UNDERSCORE:
            if not (is_digit(plain_code(text, at + 1)) and is_digit_before(text, at, start)):
                break
        elif code == DOT and not has_point:
            has_point = True
        else:
            break
        at += 1
    if not has_digits:
        return 0.0, begin
    digits_end = at
    if lower(plain_code(text, at)) == 101:
        named, after = exponent_at(text, at + 1)
        if after > at + 1:
            at = after
            exponent += named
    if w == ZERO:
        value = 0.0
    else:
        value = nearest_float(w, exponent, is_cut)
        if value < 0:
            value = exact_float(text, start, digits_end, w, exponent, kept)
    return (-value if is_negative else value), at


def is_digit_before(text, at, start):
    """Whether a digit stands before `at`, not before `start`."""
    return at > start and is_digit(plain_code(text, at - 1))


def exponent_at(text, begin):
    """The exponent at `begin` and its end, which is `begin` if there is none; it stops growing."""
    at = begin
    is_negative = plain_code(text, at) == MINUS
    if is_negative or plain_code(text, at) == PLUS:
        at += 1
    if not is_digit(plain_code(text, at)):
        return 0, begin
    value = 0
    while True:
        code = plain_code(text, at)
        if is_digit(code):
            if value < 1 << 40:
                value = 10 * value + code - 48
        elif code != UNDERSCORE or not is_digit(plain_code(text, at + 1)):
            break
        at += 1
    return (-value if is_negative else value), at


def special_at(text, at, begin, is_negative):
    """`inf`, `infinity` or `nan` at `at`."""
    code = lower(plain_code(text, at))
    if code == 105 and is_word(text, at, 110, 102):  # inf
        end = at + 3
        is_long = lower(plain_code(text, end)) == 105 and is_word(text, end, 110, 105)  # ini
        if is_long and lower(plain_code(text, end + 3)) == 116 and is_y(text, end + 4):
            end += 5
        return copysign(float_of_bits(INFINITY_BITS), -1.0 if is_negative else 1.0), end
    if code == 110 and is_word(text, at, 97, 110):  # nan
        return copysign(float_of_bits(NAN_BITS), -1.0 if is_negative else 1.0), at + 3
    return 0.0, begin


NAN_BITS = np.uint64(0x7FF8000000000000)


def is_y(text, at):
    """Whether the character at `at` is a y."""
    return lower(plain_code(text, at)) == 121


def is_word(text, at, second, third):
    """Whether the two characters after `at` are these letters, in any case."""
    return lower(plain_code(text, at + 1)) == second and lower(plain_code(text, at + 2)) == third


def nearest_float(w, exponent, is_cut):
    """The float nearest to `w * 10**exponent`, -1.0 if that is not certain.

    `is_cut`: digits were cut off, so that the number is less than `(w + 1) * 10**exponent`.
    """
    if exponent > 310:
        return float_of_bits(INFINITY_BITS)
    if exponent < LEAST_POWER:
        return 0.0  # less than half of the least float
    shifted = leading_zeros(w)
    x = uint64(shift_left(w, shifted))
    at = 2 * (exponent - LEAST_POWER)
    high, low = load(power_table(), at), load(power_table(), at + 1)
    bottom = high_product(low, x)
    middle = uint64(uint64(high * x) + bottom)
    top = high_product(high, x)
    if middle < bottom:
        top = uint64(top + ONE)
    last = uint64(low * x)
    # The number is (top, middle, last) * 2**scale.
    scale = shift_right(exponent * 1741647, 19) - 127 - shifted
    bits = rounded_bits(top, middle, last, scale)
    is_exact = 0 <= exponent <= MOST_EXACT_POWER and not is_cut
    if is_exact:
        return float_of_bits(bits)
    # The table's error is less than `x`; that of the cut digits less than the power, shifted.
    more = uint64(middle + ONE)
    above = top
    if more == ZERO:
        above = uint64(above + ONE)
    if is_cut:
        step = shift_left(high, shifted) if shifted < 64 else ZERO
        carried = shift_right(high, 64 - shifted) if shifted > 0 else ZERO
        more = uint64(more + step)
        if more < step:
            above = uint64(above + ONE)
        more = uint64(more + shift_left(TEN, shifted))
        if more < shift_left(TEN, shifted):
            above = uint64(above + ONE)
        above = uint64(above + carried)
        if above < top:
            return -1.0
    if above < top or rounded_bits(above, more, last, scale) != bits:
        return -1.0
    return float_of_bits(bits)


def rounded_bits(top, middle, last, scale):
    """The bits of the float nearest to `(top, middle, last) * 2**scale`, a tie to even.

    `top` has its first or second bit set.
    """
    shifted = leading_zeros(top)
    # The number is 1.f * 2**power.
    power = scale + 191 - shifted
    if power > 1023:
        return INFINITY_BITS
    # As many bits as a float has at this power, behind them the rest.
    dropped = 11 - shifted
    if power < -1022:
        dropped += -1022 - power
    if dropped > 64:
        return ZERO
    kept = shift_right(top, dropped)
    rest = uint64(top - shift_left(kept, dropped))
    half = shift_left(ONE, dropped - 1)
    has_more = middle != ZERO or last != ZERO
    if rest > half or (rest == half and (has_more or (kept & ONE) == ONE)):
        kept = uint64(kept + ONE)
    if power < -1022:
        return kept  # a carry makes the least normal float
    bits = uint64(shift_left(uint64(power + 1022), 52) + kept)
    return bits if bits < INFINITY_BITS else INFINITY_BITS


def exact_float(text, start, end, w, exponent, kept):
    """The float nearest to the digits from `start` to `end`, by comparing exact digits.

    The search starts at the float below the number, and goes up while it is above the middle.
    """
    block = new_block(end - start + 1, 1)
    digits = block_data(block, uint8)
    count = 0
    for index in range(start, end):
        code = plain_code(text, index)
        if is_digit(code) and (count > 0 or code != 48):
            store(digits, count, uint8(code))
            count += 1
    # The number is 0.digits * 10**point.
    point = exponent + kept
    below = lower_bits(w, exponent)
    room = scratch(1728)
    while below < INFINITY_BITS:
        stored = shift_right(below, 52)
        c = uint64(below & uint64(HIDDEN - ONE))
        q = -1074
        if stored != ZERO:
            c = uint64(c | HIDDEN)
            q = int(stored) - 1075
        middle, middle_point = expand(uint64(c + c + ONE), q - 1, room)
        order = point - middle_point
        index = 0
        while order == 0 and (index < count or index < middle):
            here = int(load(digits, index)) if index < count else 48
            there = int(load(room, index)) if index < middle else 48
            order = here - there
            index += 1
        if order < 0 or (order == 0 and (below & ONE) == ZERO):
            break
        below = uint64(below + ONE)
        if order == 0:
            break
    return float_of_bits(below)


def lower_bits(w, exponent):
    """The bits of a float that is not above `w * 10**exponent`, and hardly below."""
    if exponent < LEAST_POWER or exponent > MOST_POWER:
        return ZERO if exponent < LEAST_POWER else uint64(INFINITY_BITS - ONE)
    shifted = leading_zeros(w)
    top = high_product(load(power_table(), 2 * (exponent - LEAST_POWER)), shift_left(w, shifted))
    behind = leading_zeros(top)
    top = shift_left(top, behind)
    # The number is at least 1.f * 2**power, where 1.f are the bits of `top`.
    power = shift_right(exponent * 1741647, 19) - shifted + 64 - behind
    if power > 1023:
        return uint64(INFINITY_BITS - ONE)
    if power < -1022:
        return shift_right(top, 11 - 1022 - power)
    return uint64(shift_left(uint64(power + 1022), 52) + shift_right(top, 11))


# ---- complex numbers ------------------------------------------------------------------------


@engine(unicode_type)
def parse_complex(text):
    """`complex(text)`."""
    check_underscores(text)
    at = skip_spaces(text, 0)
    has_bracket = plain_code(text, at) == OPEN
    if has_bracket:
        at = skip_spaces(text, at + 1)
    re, im = 0.0, 0.0
    first, end = float_at(text, at)
    code = plain_code(text, end)
    if end > at and code not in (PLUS, MINUS) and lower(code) != 106:
        re, at = first, end
    elif end > at and lower(code) == 106:
        im, at = first, end + 1
    else:
        if end > at:
            re, at = first, end
        second, end = float_at(text, at)
        if end > at:
            im, at = second, end
        else:
            im = 1.0
            code = plain_code(text, at)
            if code in (PLUS, MINUS):
                im = 1.0 if code == PLUS else -1.0
                at += 1
        if lower(plain_code(text, at)) != 106:
            raise ValueError(MALFORMED)
        at += 1
    at = skip_spaces(text, at)
    if has_bracket:
        if plain_code(text, at) != CLOSE:
            raise ValueError(MALFORMED)
        at = skip_spaces(text, at + 1)
    if at < length(text):
        raise ValueError(MALFORMED)
    return make_complex(re, im)


def check_underscores(text):
    """Raise unless every underscore stands between two digits."""
    for at in range(length(text)):
        is_inside = is_digit_before(text, at, 0) and is_digit(plain_code(text, at + 1))
        if code_at(text, at) == UNDERSCORE and not is_inside:
            refuse_complex(text)
