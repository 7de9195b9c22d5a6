"""The shortest decimal digits that read back as the same float: Schubfach, by Raffaello Giulietti.

A float is `c * 2**q`. The numbers that round to it lie between the halfway points to its
neighbours; scaled by the power of ten that leaves at most two digits' choice, the shortest one is
found by comparing integers. The scaled numbers are kept to 64 bits with a sticky bit, which is
enough.
"""

from __future__ import annotations

import numpy as np

from pellucid.inference.overloads import static
from pellucid.library.builtins.arithmetic import divide_floor, shift_left, shift_right
from pellucid.library.builtins.memory import load
from pellucid.library.text.machine import (
    LEAST_POWER,
    MOST_EXACT_POWER,
    float_bits,
    high_product,
    power_table,
)
from pellucid.types import Type, float32, uint64

ZERO, ONE, TWO, FOUR, TEN = map(np.uint64, (0, 1, 2, 4, 10))
FORTY = np.uint64(40)


@static
def fraction_bits(ty: Type) -> int:
    """The bits of a float's fraction."""
    return 23 if ty == float32 else 52


@static
def exponent_mask(ty: Type) -> int:
    """The greatest stored exponent: that of infinities and NaN."""
    return 255 if ty == float32 else 2047


@static
def exponent_bias(ty: Type) -> int:
    """What a stored exponent is more than that of the last bit."""
    return 150 if ty == float32 else 1075


def split_float(x):
    """`(c, q)` with `|x| == c * 2**q`, of a finite float."""
    bits = float_bits(x)
    fraction = bits & (shift_left(ONE, fraction_bits(x)) - ONE)
    stored = int(shift_right(bits, fraction_bits(x))) & exponent_mask(x)
    if stored == 0:
        return uint64(fraction), 1 - exponent_bias(x)
    return uint64(fraction | shift_left(ONE, fraction_bits(x))), stored - exponent_bias(x)


def _scaled(high, low, x):
    """The high word of `(high, low) * x`, with a sticky bit of what is below it."""
    middle = uint64(low_product(high, x) + high_product(low, x))
    carry = ONE if middle < high_product(low, x) else ZERO
    return uint64((high_product(high, x) + carry) | (ONE if middle > ONE else ZERO))


def low_product(x, y):
    """The low word of a product."""
    return uint64(x * y)


def shortest_digits(x):
    """`(digits, exponent)`: a finite `|x|`, not zero, reads as `digits * 10**exponent`.

    The digits are a uint64, and may end in zeros.
    """
    c, q = split_float(x)
    is_odd = c & ONE
    # A power of two has its lower neighbour half as far away.
    is_closer = c == shift_left(ONE, fraction_bits(x)) and q > 1 - exponent_bias(x)
    k = shift_right(q * 1262611 - (524031 if is_closer else 0), 22)
    h = q + shift_right(-k * 1741647, 19) + 1
    at = 2 * (-k - LEAST_POWER)
    high, low = load(power_table(), at), load(power_table(), at + 1)
    if k > 0 or -k > MOST_EXACT_POWER:
        low = uint64(low + ONE)  # rounded up; no table entry is all ones
    middle = uint64(shift_left(uint64(c * FOUR), h))
    step = uint64(shift_left(TWO, h))
    below = uint64(middle - (shift_right(step, 1) if is_closer else step))
    lower = uint64(_scaled(high, low, below) + is_odd)
    value = _scaled(high, low, middle)
    upper = uint64(_scaled(high, low, uint64(middle + step)) - is_odd)
    s = shift_right(value, 2)
    if s >= TEN:
        tens = divide_floor(s, TEN)
        forties = uint64(tens * FORTY)
        is_down, is_up = lower <= forties, uint64(forties + FORTY) <= upper
        if is_down != is_up:
            return uint64(tens + (ONE if is_up else ZERO)), k + 1
    fours = uint64(s * FOUR)
    is_down, is_up = lower <= fours, uint64(fours + FOUR) <= upper
    if is_down != is_up:
        return uint64(s + (ONE if is_up else ZERO)), k
    half = uint64(fours + TWO)
    rounds_up = value > half or (value == half and (s & ONE) == ONE)
    return uint64(s + (ONE if rounds_up else ZERO)), k
