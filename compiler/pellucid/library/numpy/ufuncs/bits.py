"""Bit operators, shifts and bit counts."""

from __future__ import annotations

import numpy as np

from pellucid.library.numpy.scalars import (
    bit_and,
    bit_not,
    bit_or,
    bit_xor,
    count_bits,
    shift_left,
    shift_right,
)
from pellucid.library.numpy.ufuncs.arithmetic import int_absolute
from pellucid.library.numpy.ufuncs.define import definer

define = definer(__name__)


def count_ones(x):
    """The ones in the binary form of `|x|`."""
    return count_bits(int_absolute(x))


bitwise_and = define(np.bitwise_and, bit_and)
bitwise_or = define(np.bitwise_or, bit_or)
bitwise_xor = define(np.bitwise_xor, bit_xor)
invert = define(np.invert, bit_not)
left_shift = define(np.left_shift, int=shift_left)
right_shift = define(np.right_shift, int=shift_right)
bitwise_count = define(np.bitwise_count, int=count_ones)
