"""`template % arguments`: printf-style formatting with a template that is known while compiling."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import Any

from pellucid.inference.engines import engine
from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.arithmetic import shift_right
from pellucid.library.builtins.messages import error_text
from pellucid.library.strings.primitives import length
from pellucid.library.text.numbers import (
    LOWER_D,
    format_float,
    format_size,
    sign_of,
)
from pellucid.library.text.output import pad_text
from pellucid.library.text.pieces import Piece, argument, constant, joined
from pellucid.library.text.spec import (
    ALIGN,
    ALTERNATE,
    EQUALS,
    GREATER,
    LESS,
    PLUS,
    SIGN,
    SPACE,
    ZERO,
)
from pellucid.library.text.text import constant_text
from pellucid.types import (
    Boolean,
    Complex,
    Float,
    Integer,
    Tuple,
    Type,
    UnicodeType,
    boolean,
    float64,
    int64,
    uint64,
    unicode_type,
)

TOO_FEW = error_text(operator.mod, "%d", ())
TOO_MANY = error_text(operator.mod, "", (1,))
NOT_A_CHARACTER = error_text(operator.mod, "%c", "ab")
CHARACTER_RANGE = error_text(operator.mod, "%c", -1)
ZEROS = 1 << 34
"""A flag of this module: the padding is zeros, of numbers."""

_FIELD = re.compile(
    r"%(?:\((?P<key>[^()]*)\))?(?P<flags>[#0\- +]*)(?P<width>\*|\d*)"
    r"(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<kind>.)",
    re.DOTALL,
)


@overload(operator.mod)
def mod(a, b):
    """`template % arguments`, as Python writes it.

    Unlike Python: the template is a constant, and mapping keys are not supported.

    >>> "%5.2f|%-4d|%s" % (3.14159, 42, "x")
    ' 3.14|42  |x'
    """
    if not isinstance(a.base, UnicodeType):
        refuse(f"{a.base} is not a str")
    template = constant_text(a)
    if template is None:
        refuse("the template of % is a constant in compiled code; use an f-string")
    pieces = joined(_read(template, b.elems if isinstance(b, Tuple) else (b,)))

    def with_tuple(a, b):
        return pieces(b)

    def with_one(a, b):
        return pieces((b,))

    return with_tuple if isinstance(b, Tuple) else with_one


imod = overload(operator.imod)(mod.template)


@dataclass
class _Arguments:
    """The arguments in order, as the template takes them."""

    types: tuple[Type, ...]
    taken: int = 0

    def take(self) -> int:
        if self.taken == len(self.types):
            refuse(TOO_FEW)
        self.taken += 1
        return self.taken - 1


def _read(template: str, types: tuple[Type, ...]) -> list[Piece]:
    pieces: list[Piece] = []
    arguments = _Arguments(types)
    at = 0
    while (start := template.find("%", at)) >= 0:
        if start > at:
            pieces.append(constant(template[at:start]))
        found = _FIELD.match(template, start)
        if found is None:
            refuse(error_text(operator.mod, template[start:], types))
        if found["key"] is not None:
            refuse("mapping keys in a template of % are not supported; use an f-string")
        pieces.append(_field(found, arguments))
        at = found.end()
    if at < len(template):
        pieces.append(constant(template[at:]))
    if arguments.taken < len(types):
        refuse(TOO_MANY)
    return pieces


def _field(found: re.Match[str], arguments: _Arguments) -> Piece:
    kind = found["kind"]
    if kind == "%":
        return constant("%")
    width = _count(found["width"] or "0", arguments)
    precision = _count("-1" if found["precision"] is None else found["precision"] or "0", arguments)
    given, flags = found["flags"], GREATER << ALIGN
    if "-" in given:
        flags = LESS << ALIGN
    elif "0" in given:
        flags = EQUALS << ALIGN | ZEROS
    if "+" in given:
        flags |= PLUS << SIGN
    elif " " in given:
        flags |= SPACE << SIGN
    if "#" in given:
        flags |= ALTERNATE
    if kind not in "diouxXeEfFgGcrsa":
        refuse(error_text(operator.mod, f"%{kind}", 1))
    index = arguments.take()
    write = _writer(kind, flags, arguments.types[index])

    def piece(args):
        return write(args[index], width(args), precision(args))

    return piece


def _count(text: str, arguments: _Arguments) -> Piece:
    """A width or precision."""
    if text != "*":
        number = int(text)

        def known(args):
            return number

        return known
    index = arguments.take()
    if not isinstance(arguments.types[index].base, Integer):
        refuse("* wants int")
    return argument(index)


def _writer(kind: str, flags: int, ty: Type) -> Any:
    base = ty.base
    if kind in "rsa":
        convert = {"r": repr, "s": str, "a": ascii}[kind]

        def of_text(value, width, precision):
            return percent_text(convert(value), flags, width, precision)

        return of_text
    if kind == "c":
        return _character(flags, base)
    if isinstance(base, Complex) or not isinstance(base, (Boolean, Integer, Float)):
        wanted = "a real number" if kind in "diu" else "an integer"
        if kind in "eEfFgG":
            refuse(f"must be real number, not {base}")
        refuse(f"%{kind} format: {wanted} is required, not {base}")
    if kind in "eEfFgG":
        letter = ord(kind)

        def of_float(value, width, precision):
            return percent_float(float64(value), flags | letter, width, precision)

        return of_float
    if isinstance(base, Float) and kind not in "diu":
        refuse(f"%{kind} format: an integer is required, not float")
    letter = LOWER_D if kind in "diu" else ord(kind)

    def of_int(value, width, precision):
        whole = int(value)
        size = uint64(-whole) if whole < 0 else uint64(whole)
        return percent_int(size, whole < 0, flags | letter, width, precision)

    return of_int


def _character(flags: int, base: Type) -> Any:
    if isinstance(base, UnicodeType):

        def of_text(value, width, precision):
            if len(value) != 1:
                raise TypeError(NOT_A_CHARACTER)
            return percent_text(value, flags, width, -1)

        return of_text
    if not isinstance(base, (Integer, Boolean)):
        refuse(NOT_A_CHARACTER)

    def of_code(value, width, precision):
        if not 0 <= value < 0x110000:
            raise OverflowError(CHARACTER_RANGE)
        return percent_text(chr(int64(value)), flags, width, -1)

    return of_code


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
