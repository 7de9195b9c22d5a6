"""Format specs: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.

A spec is four integers: the code point to fill with, the flags below in one word, the width and the
precision, which are -1 where the spec has none. One function reads specs while compiling, where
they are literals, and at run time.
"""

from __future__ import annotations

from pellucid.inference.engines import engine
from pellucid.library.builtins.messages import error_text
from pellucid.library.text.raising import refuse_grouping, refuse_kind, refuse_spec
from pellucid.types import int64, unicode_type

KIND, ALIGN, SIGN, GROUPING = 0, 8, 16, 24
"""Where characters stand in the flags; 0 where the spec has none."""
ALTERNATE, NO_NEGATIVE_ZERO = 1 << 32, 1 << 33

SPACE, PERCENT, PLUS, COMMA, MINUS, DOT, ZERO, NINE = map(ord, " %+,-.09")
LESS, EQUALS, GREATER, CARET, UNDERSCORE, HASH, LOWER_Z = map(ord, "<=>^_#z")

TOO_MANY_DIGITS = error_text(format, 1, "99999999999999999999")
NO_PRECISION = error_text(format, 1, ".")
BOTH_SEPARATORS = error_text(format, 1, ",_")
LARGEST = 2**63 - 1


def code_at(text, index):
    """The code point at `index`, or -1 behind the end."""
    return ord(text[index]) if index < len(text) else -1


def is_align(code):
    """Whether a code point is one of `< > = ^`."""
    return code in (LESS, GREATER, EQUALS, CARET)


def read_number(text, at):
    """The digits from `at` on: `(value, end)`; the value is -1 if there are none."""
    value, start = 0, at
    code = code_at(text, at)
    while ZERO <= code <= NINE:
        if value > (LARGEST - (code - ZERO)) // 10:
            raise ValueError(TOO_MANY_DIGITS)
        value = 10 * value + (code - ZERO)
        at += 1
        code = code_at(text, at)
    return (value if at > start else -1), at


def read_spec_text(text, align, owner):  # noqa: C901 (one grammar)
    """The spec that `text` spells for values of the type `owner`; `align` is their default."""
    fill, flags, at = SPACE, 0, 0
    has_fill = has_align = False
    code = code_at(text, 0)
    if is_align(code_at(text, 1)) and len(text) >= 2:
        fill, align, at = code, code_at(text, 1), 2
        has_fill = has_align = True
    elif is_align(code):
        align, at = code, 1
        has_align = True
    code = code_at(text, at)
    if code in (SPACE, PLUS, MINUS):
        flags |= code << SIGN
        at += 1
    if code_at(text, at) == LOWER_Z:
        flags |= NO_NEGATIVE_ZERO
        at += 1
    if code_at(text, at) == HASH:
        flags |= ALTERNATE
        at += 1
    if not has_fill and code_at(text, at) == ZERO:
        fill = ZERO
        if not has_align and align == GREATER:
            align = EQUALS
        at += 1
    width, at = read_number(text, at)
    grouping = 0
    code = code_at(text, at)
    if code == COMMA:
        grouping = COMMA
        at += 1
        code = code_at(text, at)
    if code == UNDERSCORE:
        if grouping != 0:
            raise ValueError(BOTH_SEPARATORS)
        grouping = UNDERSCORE
        at += 1
        if code_at(text, at) == COMMA:
            raise ValueError(BOTH_SEPARATORS)
    precision = -1
    if code_at(text, at) == DOT:
        precision, at = read_number(text, at + 1)
        if precision < 0:
            raise ValueError(NO_PRECISION)
    if len(text) - at > 1:
        refuse_spec(text, owner)
    kind = 0
    if at < len(text):
        kind = code_at(text, at)
        if grouping != 0 and not takes_grouping(kind, grouping):
            refuse_grouping(kind, grouping)
    if kind > 127:
        refuse_kind(kind, owner)
    return fill, flags | kind | align << ALIGN | grouping << GROUPING, width, precision


def takes_grouping(kind, grouping):
    """Whether numbers written as `kind` are grouped by that separator."""
    if kind in {98, 111, 120, 88}:  # b o x X
        return grouping == UNDERSCORE
    # d e f g E F G %
    return kind == 100 or 101 <= kind <= 103 or 69 <= kind <= 71 or kind == PERCENT


read_spec = engine(unicode_type, int64, int64)(read_spec_text)
