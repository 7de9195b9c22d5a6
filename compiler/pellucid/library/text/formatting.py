"""`template.format(...)` with a template that is known while compiling."""

from __future__ import annotations

import importlib
import string
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import overload_method, refuse
from pellucid.ir.protocol import format_value
from pellucid.library.text.pieces import Piece, argument, constant, joined
from pellucid.library.text.text import constant_text
from pellucid.types import UnicodeType

MIXED = "cannot switch between automatic field numbering and manual field specification"
INDEX_RANGE = "Replacement index {} out of range for positional args tuple"


@overload_method(UnicodeType, "format")
def format_(self, *args):
    """The template with its fields replaced: numbered ones, attributes, items, nested specs.

    Unlike Python: the template is a constant.

    >>> "{0} {1!r:>5} {0:.{2}f}".format(1.5, "a", 2)
    "1.5   'a' 1.50"
    """
    template = constant_text(self)
    if template is None:
        refuse("the template of `format` is a constant in compiled code; use an f-string")
    try:
        pieces = joined(_Reader(len(args)).pieces(template, 2))
    except (ValueError, IndexError) as problem:
        refuse(str(problem))

    def impl(self, *args):
        return pieces(args)

    return impl


class _Reader:
    """Reads a template of so many arguments; fields are numbered in the order they stand."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._automatic: bool | None = None
        self._next = 0

    def pieces(self, template: str, depth: int) -> list[Piece]:
        """The pieces of a template, in which specs may hold fields `depth - 1` deep."""
        if depth == 0:
            message = "Max string recursion exceeded"
            raise ValueError(message)
        found: list[Piece] = []
        for text, name, spec, conversion in string.Formatter().parse(template):
            if text:
                found.append(constant(text))
            if name is not None:
                found.append(self._field(name, spec or "", conversion or "", depth))
        return found

    def _field(self, name: str, spec: str, conversion: str, depth: int) -> Piece:
        if conversion not in ("", "s", "r", "a"):
            message = f"Unknown conversion specifier {conversion}"
            raise ValueError(message)
        value = self._value(name)
        if "{" not in spec and "}" not in spec:

            def with_constant(args):
                return format_value(value(args), conversion, spec)

            return with_constant
        made = joined(self.pieces(spec, depth - 1))

        def with_spec(args):
            return format_value(value(args), conversion, made(args))

        return with_spec

    def _value(self, name: str) -> Piece:
        first, rest = _split(name)
        is_automatic = first == ""
        if isinstance(first, str) and not is_automatic:
            message = f"the field {first!r} has a name; only numbered ones are supported"
            raise ValueError(message)
        if self._automatic not in (None, is_automatic):
            raise ValueError(MIXED)
        self._automatic = is_automatic
        index = self._next if isinstance(first, str) else first
        self._next += is_automatic
        if index >= self._count:
            raise IndexError(INDEX_RANGE.format(index))
        value = argument(index)
        for is_attribute, key in rest:
            value = _attribute(value, str(key)) if is_attribute else _item(value, key)
        return value


def _split(name: str) -> tuple[int | str, list[tuple[bool, int | str]]]:
    """The parts of a field's name: `0.real[1]`."""
    # What string.Formatter itself asks; no stubs know it.
    split: Callable[[str], Any] = importlib.import_module("_string").formatter_field_name_split
    first, rest = split(name)
    return first, list(rest)


def _attribute(value: Piece, name: str) -> Piece:
    def piece(args):
        return getattr(value(args), name)

    return piece


def _item(value: Piece, key: Any) -> Piece:
    def piece(args):
        return value(args)[key]

    return piece
