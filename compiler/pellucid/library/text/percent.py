"""`template % arguments`: printf-style formatting. A template that is known is read first."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import Any

from pellucid.inference.binding import is_keywords
from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.messages import error_text
from pellucid.library.text.numbers import LOWER_D
from pellucid.library.text.percent_templates import fill_template, fill_template_by_name
from pellucid.library.text.pieces import Piece, argument, constant, joined
from pellucid.library.text.printf import (
    NOT_A_CHARACTER,
    TOO_FEW,
    TOO_MANY,
    ZEROS,
    percent_float,
    percent_text,
    write_character,
    write_code,
    write_integer,
)
from pellucid.library.text.spec import ALIGN, ALTERNATE, EQUALS, GREATER, LESS, PLUS, SIGN, SPACE
from pellucid.library.text.text import constant_text
from pellucid.types import (
    Boolean,
    Complex,
    Dict,
    Float,
    Integer,
    Struct,
    Tuple,
    Type,
    UnicodeType,
    float64,
)

_FIELD = re.compile(
    r"%(?:\((?P<key>[^()]*)\))?(?P<flags>[#0\- +]*)(?P<width>\*|\d*)"
    r"(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<kind>.)",
    re.DOTALL,
)


@overload(operator.mod)
def mod(a, b):
    """`template % arguments`, as Python writes it.

    >>> "%5.2f|%-4d|%s" % (3.14159, 42, "x")
    ' 3.14|42  |x'
    """
    if not isinstance(a.base, UnicodeType):
        refuse(f"{a.base} is not a str")
    template = constant_text(a)
    if template is None:
        if isinstance(b, Dict):
            return _fill_by_name
        return _fill if isinstance(b, Tuple) else _fill_with_one
    pieces = joined(_read(template, b))

    def with_tuple(a, b):
        return pieces(b)

    def with_one(a, b):
        return pieces((b,))

    return with_tuple if isinstance(b, Tuple) else with_one


def _fill(a, b):
    return fill_template(a, b)


def _fill_by_name(a, b):
    return fill_template_by_name(a, b)


def _fill_with_one(a, b):
    return fill_template(a, (b,))


imod = overload(operator.imod)(mod.template)


@dataclass
class _Arguments:
    """The arguments in order, as the template takes them, or a mapping to look them up in."""

    types: tuple[Type, ...]
    mapping: Type | None = None
    taken: int = 0

    def take(self, key: str | None = None) -> tuple[Piece, Type]:
        """What reads the next argument, or that of a key; and its type."""
        if key is not None:
            return self._take_key(key)
        if self.taken == len(self.types):
            refuse(TOO_FEW)
        self.taken += 1
        return argument(self.taken - 1), self.types[self.taken - 1]

    def _take_key(self, key: str) -> tuple[Piece, Type]:
        if self.mapping is None:
            refuse("format requires a mapping")
        self.taken = len(self.types)

        def piece(args):
            return args[0][key]

        if isinstance(self.mapping, Dict):
            return piece, self.mapping.value_ty
        found = dict(self.mapping.fields) if isinstance(self.mapping, Struct) else {}
        if key not in found:
            refuse(f"KeyError: {key!r}")
        return piece, found[key]


def _read(template: str, given: Type) -> list[Piece]:
    pieces: list[Piece] = []
    is_mapping = isinstance(given, Dict) or is_keywords(given)
    types = given.elems if isinstance(given, Tuple) else (given,)
    arguments = _Arguments(types, given if is_mapping else None)
    at = 0
    while (start := template.find("%", at)) >= 0:
        if start > at:
            pieces.append(constant(template[at:start]))
        found = _FIELD.match(template, start)
        if found is None:
            refuse(error_text(operator.mod, template[start:], types))
        pieces.append(_field(found, arguments))
        at = found.end()
    if at < len(template):
        pieces.append(constant(template[at:]))
    if arguments.taken < len(types) and not is_mapping:
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
    value, ty = arguments.take(found["key"])
    write = _writer(kind, flags, ty)

    def piece(args):
        return write(value(args), width(args), precision(args))

    return piece


def _count(text: str, arguments: _Arguments) -> Piece:
    """A width or precision."""
    if text != "*":
        number = int(text)

        def known(args):
            return number

        return known
    value, ty = arguments.take()
    if not isinstance(ty.base, Integer):
        refuse("* wants int")
    return value


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
        return write_integer(value, flags, letter, width, precision)

    return of_int


def _character(flags: int, base: Type) -> Any:
    if isinstance(base, UnicodeType):

        def of_text(value, width, precision):
            return write_character(value, flags, width)

        return of_text
    if not isinstance(base, (Integer, Boolean)):
        refuse(NOT_A_CHARACTER)

    def of_code(value, width, precision):
        return write_code(value, flags, width)

    return of_code
