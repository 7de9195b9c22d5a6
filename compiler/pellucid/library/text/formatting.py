"""`template.format(...)` and `format_map`: a template that is known is read while compiling."""

from __future__ import annotations

import importlib
import string
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import overload_method, refuse
from pellucid.ir.protocol import format_value
from pellucid.library.text.pieces import Piece, constant, joined
from pellucid.library.text.templates import fill_template
from pellucid.library.text.text import constant_text
from pellucid.types import UnicodeType

MIXED = "cannot switch between automatic field numbering and manual field specification"
INDEX_RANGE = "Replacement index {} out of range for positional args tuple"


@overload_method(UnicodeType, "format")
def format_(self, *args, **kwargs):
    """The template with its fields replaced: numbers, names, attributes, items, nested specs.

    A template that is not a constant has fields of numbers and names only.

    >>> "{0} {1!r:>5} {0:.{2}f} {name}".format(1.5, "a", 2, name=None)
    "1.5   'a' 1.50 None"
    """
    template = constant_text(self)
    if template is None:
        return _format_at_run_time
    pieces = _read(template, len(args), tuple(kwargs))

    def impl(self, *args, **kwargs):
        return pieces((args, kwargs))

    return impl


def _format_at_run_time(self, *args, **kwargs):
    return fill_template(self, args, kwargs.keys(), kwargs.values())


@overload_method(UnicodeType, "format_map")
def format_map(self, mapping, /):
    """The template with its fields replaced by the values of a mapping.

    Unlike Python: the template is a constant.

    >>> "{a} {b:.1f}".format_map({"a": "x", "b": 2.5})
    'x 2.5'
    """
    template = constant_text(self)
    if template is None:
        refuse("the template of `format_map` is a constant in compiled code")
    pieces = _read(template, 0, None)

    def impl(self, mapping):
        return pieces(((), mapping))

    return impl


def _read(template: str, count: int, names: tuple[str, ...] | None) -> Piece:
    try:
        return joined(_Reader(count, names).pieces(template, 2))
    except (ValueError, IndexError, KeyError) as problem:
        refuse(f"{type(problem).__name__}: {problem}")


class _Reader:
    """Reads a template for so many arguments, numbered as they stand, and these keywords.

    The pieces take the pair of the arguments and the keywords; `names` is None for a mapping whose
    keys are looked up when it runs.
    """

    def __init__(self, count: int, names: tuple[str, ...] | None) -> None:
        self._count = count
        self._names = names
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
        if isinstance(first, str) and first:
            if self._names is not None and first not in self._names:
                raise KeyError(first)
            value = _named(first)
        else:
            value = _numbered(self._index(first))
        for is_attribute, key in rest:
            value = _attribute(value, str(key)) if is_attribute else _item(value, key)
        return value

    def _index(self, first: int | str) -> int:
        is_automatic = isinstance(first, str)
        if self._automatic not in (None, is_automatic):
            raise ValueError(MIXED)
        self._automatic = is_automatic
        index = self._next if isinstance(first, str) else first
        self._next += is_automatic
        if self._names is None:
            message = "Format string contains positional fields"
            raise ValueError(message)
        if index >= self._count:
            raise IndexError(INDEX_RANGE.format(index))
        return index


def _numbered(index: int) -> Piece:
    def piece(args):
        return args[0][index]

    return piece


def _named(name: str) -> Piece:
    def piece(args):
        return args[1][name]

    return piece


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
