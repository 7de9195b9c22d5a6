"""What kinds of code points a text has: isalpha, isdigit, islower and the like.

The properties are Python's own, of the version that runs (`runtime/unicode.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.names import UNICODE
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import (
    Overload,
    Typed,
    intrinsic,
    overload_method,
    uninterrupted,
)
from pellucid.ir.callee import Primitive
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.building import widest
from pellucid.library.strings.fronts import fronts, is_binary, kind, shown
from pellucid.library.strings.primitives import TEXT, code_at, is_ascii, length, width
from pellucid.library.strings.shaping import is_space_to
from pellucid.runtime import unicode
from pellucid.types import UnicodeType, int64

_I16, _I64 = ll.IntType(16), ll.IntType(64)

ALPHA, PRINTABLE, CASED, IGNORABLE = (
    *(unicode.ALPHA, unicode.PRINTABLE, unicode.CASED, unicode.IGNORABLE),
)
LOWER, UPPER, TITLE = unicode.LOWER, unicode.UPPER, unicode.TITLE
START, CONTINUE = unicode.START, unicode.CONTINUE
ALNUM = ALPHA | unicode.DECIMAL | unicode.DIGIT | unicode.NUMERIC


def table_entry(cg: Any, name: str, code: Any) -> tuple[Any, Any]:
    """The address of a table, and its uint16 for a code point."""
    builder = cg.builder
    table = Objects(cg.module, builder).symbol(f"{UNICODE}.{name}")
    index = cg.offset(table, unicode.INDEX_AT[name])
    high = builder.lshr(code, ll.Constant(_I64, 8))
    low = builder.and_(code, ll.Constant(_I64, 255))
    block = builder.load(
        builder.gep(index, [high], inbounds=True, source_etype=_I16), typ=_I16, align=2
    )
    start = builder.shl(builder.zext(block, _I64), ll.Constant(_I64, 8))
    blocks = cg.offset(index, unicode.INDEX_BYTES)
    place = builder.gep(blocks, [builder.or_(start, low)], inbounds=True, source_etype=_I16)
    return table, builder.zext(builder.load(place, typ=_I16, align=2), _I64)


@intrinsic
def flags_of(code):
    """The properties of a code point: bits of `runtime/unicode.py`."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return table_entry(cg, "flags", args[0])[1]

    return Primitive("text.flags_of", int64(int64), lower, unicode.flags_of)


# ---- all of a kind --------------------------------------------------------------------------


def _method(name: str, impl: Callable[..., Any]) -> Overload:
    def template(self, /):
        require_text(self)
        return Typed(impl, (TEXT,))

    template.__qualname__ = f"text_{name}"
    template.__doc__ = f"As `str.{name}`."
    return overload_method(UnicodeType, name, separate=True)(template)


def _kind(name: str, bits: int) -> Overload:
    def impl(self):
        return length(self) != 0 and all_have(self, self, bits)

    return _method(name, impl)


def _fronts(name: str, impl: Callable[..., Any]) -> tuple[Overload, ...]:
    def template(self, /):
        return Typed(impl, (kind(self),))

    return fronts(name, template, separate=True)


def _kinds(name: str, bits: int) -> tuple[Overload, ...]:
    def impl(self):
        s = shown(self)
        return length(s) != 0 and all_have(self, s, bits)

    return _fronts(name, impl)


def flags_to(x, code):
    """The properties that a code point has to the methods of `x`."""
    if is_binary(x):
        return flags_of(code) if code < 128 else 0
    return flags_of(code)


@uninterrupted
def all_have(x, s, bits):
    """Whether each code point of `s` has one of some properties, to the methods of `x`."""
    for i in range(length(s)):  # noqa: SIM110 (a loop is one function)
        if flags_to(x, code_at(s, i)) & bits == 0:
            return False
    return True


isalnum = _kinds("isalnum", ALNUM)
isalpha = _kinds("isalpha", ALPHA)
isdigit = _kinds("isdigit", unicode.DIGIT)
isdecimal, isnumeric = _kind("isdecimal", unicode.DECIMAL), _kind("isnumeric", unicode.NUMERIC)


def _isprintable(self):
    return all_have(self, self, PRINTABLE)


@uninterrupted
def _isspace(self):
    s = shown(self)
    for i in range(length(s)):
        if not is_space_to(self, code_at(s, i)):
            return False
    return length(s) != 0


def _isascii(self):
    s = shown(self)
    return is_ascii(s) or (width(s) == 1 and widest(s, 0, length(s)) < 128)


def _isidentifier(self):
    if length(self) == 0 or flags_of(code_at(self, 0)) & START == 0:
        return False
    return all_have(self, self, CONTINUE)


isprintable = _method("isprintable", _isprintable)
isidentifier = _method("isidentifier", _isidentifier)
isspace = _fronts("isspace", _isspace)
isascii = _fronts("isascii", _isascii)


# ---- cases ----------------------------------------------------------------------------------


@uninterrupted
def _has_only(x, s, wanted, unwanted):
    """Whether some code point has a property, and none has another."""
    found = False
    for i in range(length(s)):
        flags = flags_to(x, code_at(s, i))
        if flags & unwanted != 0:
            return False
        found |= flags & wanted != 0
    return found


def _islower(self):
    return _has_only(self, shown(self), LOWER, UPPER | TITLE)


def _isupper(self):
    return _has_only(self, shown(self), UPPER, LOWER | TITLE)


@uninterrupted
def _istitle(self):
    s = shown(self)
    found = follows = False
    for i in range(length(s)):
        flags = flags_to(self, code_at(s, i))
        if flags & (UPPER | TITLE) != 0:
            if follows:
                return False
            found = follows = True
        elif flags & LOWER != 0:
            if not follows:
                return False
            found = follows = True
        else:
            follows = False
    return found


islower = _fronts("islower", _islower)
isupper = _fronts("isupper", _isupper)
istitle = _fronts("istitle", _istitle)
