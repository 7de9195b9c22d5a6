"""Complex numbers as text."""

from __future__ import annotations

from pellucid.inference.engines import engine
from pellucid.ir.protocol import join_str
from pellucid.library.builtins.arithmetic import shift_right
from pellucid.library.builtins.messages import error_text
from pellucid.library.text.machine import float_bits
from pellucid.library.text.numbers import (
    CASE,
    LOWER_E,
    LOWER_G,
    LOWER_N,
    NONE,
    align_of,
    format_float,
    short_float,
)
from pellucid.library.text.output import pad_text
from pellucid.library.text.raising import COMPLEX, refuse_kind
from pellucid.library.text.spec import (
    ALIGN,
    EQUALS,
    GREATER,
    PLUS,
    SIGN,
    SPACE,
    ZERO,
)
from pellucid.types import complex128, float64, int64

ZERO_PADDING = error_text(format, 1j, "05")
INSIDE = error_text(format, 1j, "=5")
SHORT = ord("r")
"""The type, inside this room, of parts without a type: as `repr` but without `.0`."""
PLAIN = GREATER << ALIGN | SHORT
SIGNED = PLAIN | PLUS << SIGN


@engine(complex128, int64, int64, int64, int64)
def format_complex(z, fill, flags, width, precision):
    """The text of a complex number by a spec."""
    kind = flags & 255
    code = kind if kind > 90 else kind + CASE
    if kind not in (0, LOWER_N) and not LOWER_E <= code <= LOWER_G:
        refuse_kind(kind, COMPLEX)
    if fill == ZERO:
        raise ValueError(ZERO_PADDING)
    if align_of(flags) == EQUALS:
        raise ValueError(INSIDE)
    re, im = float64(z.real), float64(z.imag)
    part = flags & ~(255 << ALIGN) | GREATER << ALIGN
    skips_real = has_parentheses = False
    if kind == 0:
        skips_real = re == 0 and shift_right(float_bits(re), 63) == NONE
        has_parentheses = not skips_real
        part |= SHORT if precision < 0 else LOWER_G
    signed = part & ~(255 << SIGN) | PLUS << SIGN
    if skips_real:
        text = join_str(format_float(im, SPACE, part, 0, precision), "j")
    else:
        first = format_float(re, SPACE, part, 0, precision)
        second = format_float(im, SPACE, signed, 0, precision)
        if has_parentheses:
            text = join_str("(", first, second, "j)")
        else:
            text = join_str(first, second, "j")
    return pad_text(text, 0, fill, align_of(flags), width)


@engine()
def short_complex(z):
    """The text of a complex number without a spec."""
    if z.real == 0 and shift_right(float_bits(float64(z.real)), 63) == NONE:
        return join_str(short_float(z.imag, PLAIN), "j")
    return join_str("(", short_float(z.real, PLAIN), short_float(z.imag, SIGNED), "j)")
