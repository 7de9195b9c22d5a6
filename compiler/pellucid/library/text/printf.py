"""Values as the fields of `template % arguments` write them: padded, signed, with a precision."""

from __future__ import annotations

import operator

from pellucid.inference.engines import engine
from pellucid.library.builtins.arithmetic import shift_right
from pellucid.library.builtins.messages import error_text
from pellucid.library.strings.primitives import length
from pellucid.library.text.numbers import LOWER_D, format_float, format_size, sign_of
from pellucid.library.text.output import pad_text
from pellucid.library.text.spec import (
    ALIGN,
    ALTERNATE,
    EQUALS,
    GREATER,
    LESS,
    SPACE,
    ZERO,
)
from pellucid.types import boolean, float64, int64, uint64, unicode_type

TOO_FEW = error_text(operator.mod, "%d", ())
TOO_MANY = error_text(operator.mod, "", (1,))
NOT_A_CHARACTER = error_text(operator.mod, "%c", "ab")
CHARACTER_RANGE = error_text(operator.mod, "%c", -1)
ZEROS = 1 << 34
"""A flag of this module: the padding is zeros, of numbers."""


def fill_of(flags):
    """What numbers are padded with."""
    return ZERO if flags & ZEROS != 0 else SPACE


def align_of(flags, width):
    """The alignment; a negative width means the left side."""
    return LESS if width < 0 else shift_right(flags, ALIGN) & 255


@engine(unicode_type, int64, int64, int64)
def percent_text(text, flags, width, precision):
    """Text cut to the precision and padded with spaces."""
    if 0 <= precision < length(text):
        text = text[:precision]
    align = align_of(flags, width)
    if align == EQUALS:
        align = GREATER
    return pad_text(text, 0, SPACE, align, abs(width))


@engine(float64, int64, int64, int64)
def percent_float(x, flags, width, precision):
    """A float as e, f or g."""
    align = align_of(flags, width)
    fill = SPACE if align == LESS else fill_of(flags)
    plain = flags & ~(255 << ALIGN) & ~ZEROS | align << ALIGN
    return format_float(x, fill, plain, abs(width), precision)


@engine(uint64, boolean, int64, int64, int64)
def percent_int(size, is_negative, flags, width, precision):
    """An integer of this magnitude, with at least `precision` digits."""
    kind = flags & 255
    plain = flags & ~(255 << ALIGN) & ~ZEROS
    lead = int(sign_of(is_negative, flags) != 0)
    if flags & ALTERNATE != 0 and kind != LOWER_D:
        lead += 2
    least = max(precision, 0) + lead
    text = format_size(size, is_negative, ZERO, plain | EQUALS << ALIGN, least)
    align = align_of(flags, width)
    fill = SPACE if align == LESS else fill_of(flags)
    return pad_text(text, lead, fill, align, abs(width))


def write_integer(value, flags, letter, width, precision):
    """An int, bool or float as `%d`, `%x` and the like."""
    whole = int(value)
    size = uint64(-whole) if whole < 0 else uint64(whole)
    return percent_int(size, whole < 0, flags | letter, width, precision)


def write_code(value, flags, width):
    """`%c` of a number."""
    if not 0 <= value < 0x110000:
        raise OverflowError(CHARACTER_RANGE)
    return percent_text(chr(int64(value)), flags, width, -1)


def write_character(value, flags, width):
    """`%c` of a text."""
    if len(value) != 1:
        raise TypeError(NOT_A_CHARACTER)
    return percent_text(value, flags, width, -1)
