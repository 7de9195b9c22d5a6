"""Decimal digits of a float to any precision, rounded half to even on its exact value.

One product with a power of ten from the table decides nearly always (`scaled_digits`); ties that it
cannot tell, and more than 18 digits, are read off the exact decimal expansion (`expand`).
Digits are written as characters; an answer is `(count, point)`: so many digits, and the value is
`0.digits * 10**point`. As David Gay's `dtoa` has it, they end in no zeros.
"""

from __future__ import annotations

import numpy as np

from pellucid.inference.engines import engine
from pellucid.library.builtins.arithmetic import divide_floor, shift_left, shift_right
from pellucid.library.builtins.memory import load, store
from pellucid.library.text.machine import (
    LEAST_POWER,
    MOST_EXACT_POWER,
    MOST_POWER,
    high_product,
    leading_zeros,
    pair_table,
    power_table,
    words,
)
from pellucid.types import uint8, uint64

ROOM = 1664
"""Bytes of scratch that any float's digits need: 784 characters, and as words what makes them."""
_CHARACTERS = 832
"""Where the words begin."""

ZERO, ONE, TEN, HUNDRED = map(np.uint64, (0, 1, 10, 100))
LIMB, FIVES, ALL = np.uint64(10**9), np.uint64(5**13), np.uint64(2**64 - 1)
MOST_FAST = 18
DIGIT_0 = np.uint8(48)


def count_digits(value):
    """The decimal digits of a uint64; 1 of 0."""
    count = shift_right((64 - leading_zeros(value | ONE)) * 1233, 12)  # log10(2) * 4096
    if count == 0:
        return 1
    return count + (value >= power_of_ten(count))


def power_of_ten(exponent):
    """10**exponent as a uint64, of an exponent from 0 to 19."""
    # The table's bits are the power's own, moved to the top.
    high = load(power_table(), 2 * (exponent - LEAST_POWER))
    return shift_right(high, 63 - shift_right(exponent * 1741647, 19))


def write_digits(value, end, text):
    """Write the digits of a uint64 so that they end before `text[end]`; where they begin."""
    at = end
    pairs = pair_table()
    while value >= HUNDRED:
        rest = divide_floor(value, HUNDRED)
        pair = 2 * int(value - rest * HUNDRED)
        value = rest
        at -= 2
        store(text, at, load(pairs, pair))
        store(text, at + 1, load(pairs, pair + 1))
    if value >= TEN:
        at -= 2
        store(text, at, load(pairs, 2 * int(value)))
        store(text, at + 1, load(pairs, 2 * int(value) + 1))
        return at
    at -= 1
    store(text, at, uint8(value + 48))
    return at


def scaled_digits(c, q, places):
    """`c * 2**q * 10**places` rounded to a whole number, as `(certain, number)`.

    It is certain unless the number is 2**63 or more, or too near a tie to tell.
    """
    if places > MOST_POWER or places < LEAST_POWER:
        return False, ZERO
    shifted = leading_zeros(c)
    x = uint64(shift_left(c, shifted))
    at = 2 * (places - LEAST_POWER)
    high, low = load(power_table(), at), load(power_table(), at + 1)
    top, middle, bottom = high_product(high, x), uint64(high * x), high_product(low, x)
    middle = uint64(middle + bottom)
    if middle < bottom:
        top = uint64(top + ONE)
    bottom = uint64(low * x)
    # The value is (top, middle, bottom) / 2**(128 + beyond).
    beyond = shifted - q - (shift_right(places * 1741647, 19) - 127) - 128
    if beyond < 1:
        return False, ZERO
    if beyond > 65:
        return True, ZERO
    if beyond == 65:  # less than one half, whatever the digits below
        return True, ZERO
    whole = shift_right(top, beyond)
    rest = uint64(top - shift_left(whole, beyond))
    half = shift_left(ONE, beyond - 1)
    is_exact = places >= 0 and places <= MOST_EXACT_POWER
    if rest < half:
        if not is_exact and rest == half - ONE and middle == ALL:
            return False, ZERO
        return True, whole
    if is_exact and rest == half and middle == ZERO and bottom == ZERO:
        return True, uint64(whole + (whole & ONE))
    return True, uint64(whole + ONE)


def significant_digits(c, q, count, text):
    """The first `count` (1 or more) digits of `c * 2**q`, which is not 0; text has ROOM bytes."""
    if count <= MOST_FAST:
        least = shift_right((q + 63 - leading_zeros(c)) * 1262611, 22)  # log10 or one less
        places = count - 1 - least
        certain, number = scaled_digits(c, q, places)
        if certain and number >= power_of_ten(count):
            places -= 1
            certain, number = scaled_digits(c, q, places)
        if certain:
            return written(number, places, text)
    size, point = expand(c, q, text)
    return rounded(size, point, count, text)


def fixed_digits(c, q, places, text):
    """The digits of `c * 2**q` up to `places` (0 or more) after the point."""
    certain, number = scaled_digits(c, q, places)
    if certain:
        if number == ZERO:
            return 0, -places
        return written(number, places, text)
    size, point = expand(c, q, text)
    kept = point + places
    if kept < 0:
        return 0, -places
    count, end = rounded(size, point, kept, text)
    return count, (end if count > 0 else -places)


def written(number, places, text):
    """The digits of `number / 10**places`, which is not 0, without the zeros at their end."""
    count = count_digits(number)
    write_digits(number, count, text)
    return without_zeros(count, text), count - places


def without_zeros(count, text):
    """How many of `count` digits are left without the zeros at their end."""
    while count > 0 and load(text, count - 1) == DIGIT_0:
        count -= 1
    return count


@engine()
def expand(c, q, text):
    """All digits of `c * 2**q`, exactly."""
    # c * 2**q, or c * 5**-q, as limbs of nine digits, the lowest first.
    limbs = words(text, _CHARACTERS)
    size = 0
    while c != ZERO:
        rest = divide_floor(c, LIMB)
        store(limbs, size, uint64(c - rest * LIMB))
        c = rest
        size += 1
    left = q if q >= 0 else -q
    while left > 0:
        if q >= 0:
            step = 29 if left > 29 else left
            factor = shift_left(ONE, step)
        elif left >= 13:
            step = 13
            factor = FIVES
        else:
            step = left
            factor = uint64(5**step)
        carry = ZERO
        for i in range(size):
            product = uint64(load(limbs, i) * factor + carry)
            carry = divide_floor(product, LIMB)
            store(limbs, i, uint64(product - carry * LIMB))
        while carry != ZERO:
            rest = divide_floor(carry, LIMB)
            store(limbs, size, uint64(carry - rest * LIMB))
            carry = rest
            size += 1
        left -= step
    # The first limb without its zeros, then nine digits of each.
    at = count_digits(load(limbs, size - 1))
    write_digits(load(limbs, size - 1), at, text)
    for i in range(size - 2, -1, -1):
        begin = write_digits(load(limbs, i), at + 9, text)
        while begin > at:
            begin -= 1
            store(text, begin, DIGIT_0)
        at += 9
    point = at if q >= 0 else at + q
    return without_zeros(at, text), point


def rounded(size, point, kept, text):
    """The first `kept` (0 or more) of `size` digits, rounded half to even; `(count, point)`."""
    if size <= kept:
        return size, point
    first = load(text, kept)
    rounds_up = first > uint8(53)
    if first == uint8(53):
        is_odd = kept > 0 and (load(text, kept - 1) & 1) == 1
        rounds_up = size > kept + 1 or is_odd
    if not rounds_up:
        return without_zeros(kept, text), point
    count = kept
    while count > 0 and load(text, count - 1) == uint8(57):
        count -= 1
    if count == 0:
        store(text, 0, uint8(49))
        return 1, point + 1
    store(text, count - 1, uint8(load(text, count - 1) + 1))
    return count, point
