"""Text by a format spec."""

from __future__ import annotations

from pellucid.inference.engines import engine
from pellucid.library.builtins.messages import error_text
from pellucid.library.strings.primitives import length
from pellucid.library.text.numbers import align_of
from pellucid.library.text.output import pad_text
from pellucid.library.text.raising import STR, refuse_kind
from pellucid.library.text.spec import (
    ALTERNATE,
    COMMA,
    EQUALS,
    GROUPING,
    NO_NEGATIVE_ZERO,
    SIGN,
    SPACE,
)
from pellucid.types import int64, unicode_type

LOWER_S = ord("s")
PLUS_SIGN, SPACE_SIGN = error_text(format, "", "+"), error_text(format, "", " ")
NEGATIVE_ZERO = error_text(format, "", "z")
ALTERNATE_FORM = error_text(format, "", "#")
INSIDE = error_text(format, "", "=3")
COMMAS, UNDERSCORES = error_text(format, "", ","), error_text(format, "", "_")


@engine(unicode_type, int64, int64, int64, int64)
def format_str(text, fill, flags, width, precision):
    """`text` cut to `precision` code points, filled up to `width`."""
    kind = flags & 255
    if flags != kind + ((flags >> 8) & 255) * 256 or kind != 0 or align_of(flags) == EQUALS:
        check_flags(flags)
    if 0 <= precision < length(text):
        text = text[:precision]
    if width <= length(text):
        return text
    return pad_text(text, 0, fill, align_of(flags), width)


def check_flags(flags):
    """Raise for what text has not: signs, grouping, a type other than s."""
    kind = flags & 255
    if kind == 0 and (flags >> GROUPING) & 255 != 0:
        if (flags >> GROUPING) & 255 == COMMA:
            raise ValueError(COMMAS)
        raise ValueError(UNDERSCORES)
    if kind not in (0, LOWER_S):
        refuse_kind(kind, STR)
    sign = (flags >> SIGN) & 255
    if sign == SPACE:
        raise ValueError(SPACE_SIGN)
    if sign != 0:
        raise ValueError(PLUS_SIGN)
    if flags & NO_NEGATIVE_ZERO:
        raise ValueError(NEGATIVE_ZERO)
    if flags & ALTERNATE:
        raise ValueError(ALTERNATE_FORM)
    if align_of(flags) == EQUALS:
        raise ValueError(INSIDE)
