"""upper, lower, title, capitalize, swapcase, casefold: the full mappings, as Python has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import (
    Overload,
    Typed,
    intrinsic,
    overload,
    overload_method,
    uninterrupted,
)
from pellucid.ir.callee import Primitive
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.building import finish_least, new_block
from pellucid.library.strings.classes import (
    CASED,
    IGNORABLE,
    LOWER,
    UPPER,
    flags_of,
    table_entry,
)
from pellucid.library.strings.fronts import fronts, kind, like, shown
from pellucid.library.strings.primitives import (
    TEXT,
    code_at,
    code_in,
    finish,
    is_ascii,
    is_text,
    length,
    put,
)
from pellucid.runtime import unicode
from pellucid.runtime.unicode import TO_FOLDED, TO_LOWER, TO_TITLE, TO_UPPER
from pellucid.types import UnicodeType, int64, uni_tuple

_I32, _I64 = ll.IntType(32), ll.IntType(64)
CHANGED = uni_tuple(int64, 4)
SIGMA, FINAL_SIGMA = 0x3A3, 0x3C2


@intrinsic
def case_of(code, case):
    """How many code points a code point becomes in a case, and which."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        table, number = table_entry(cg, "cases", args[0])
        item = builder.add(builder.mul(number, ll.Constant(_I64, unicode.CASES)), args[1])
        start = builder.mul(item, ll.Constant(_I64, 4 * unicode.RECORD))
        record = builder.gep(table, [start], inbounds=True, source_etype=ll.IntType(8))
        parts = [
            builder.sext(builder.load(cg.offset(record, 4 * i), typ=_I32, align=4), _I64)
            for i in range(4)
        ]
        parts[1] = builder.add(parts[1], args[0])
        return cg.make_tuple(CHANGED, parts)

    def run(code: int, case: int) -> tuple[int, ...]:
        codes = unicode.case_of(code, case)
        return (len(codes), *codes, *[0] * (3 - len(codes)))

    return Primitive("text.case_of", CHANGED(int64, int64), lower, run)


def _method(
    name: str, impl: Callable[..., Any], of_octets: Callable[..., Any]
) -> tuple[Overload, ...]:
    def template(self, /):
        return Typed(of_text if is_text(self) else of_bytes, (kind(self),))

    def of_text(self):
        return impl(self)

    def of_bytes(self):
        return like(self, of_octets(shown(self)))

    return fronts(name, template, separate=True)


# ---- ASCII ----------------------------------------------------------------------------------


@uninterrupted
def _ascii_changed(s, first, last, change):
    """Text of width 1 with `change` added to the code points from `first` to `last`, of ASCII."""
    block = new_block(length(s), 1)
    for i in range(length(s)):
        code = code_in(s, i, 1)
        put(block, i, code + change * (first <= code <= last), 1)
    return finish(block, length(s), 1, is_ascii(s))


def _upper_octets(s):
    return _ascii_changed(s, 97, 122, -32)


def _lower_octets(s):
    return _ascii_changed(s, 65, 90, 32)


def _upper(self):
    return _upper_octets(self) if is_ascii(self) else mapped(self, TO_UPPER)


def _lower(self):
    return _lower_octets(self) if is_ascii(self) else mapped(self, TO_LOWER)


@overload_method(UnicodeType, "casefold", separate=True)
def casefold(self, /):
    """As `str.casefold`."""
    require_text(self)
    return Typed(_casefold, (TEXT,))


def _casefold(self):
    return _lower_octets(self) if is_ascii(self) else mapped(self, TO_FOLDED)


def _title(self):
    return mapped(self, BY_WORD)


def _capitalize(self):
    return mapped(self, FIRST)


def _swapcase(self):
    return mapped(self, SWAPPED)


def _title_octets(s):
    return _mapped_octets(s, BY_WORD)


def _capitalize_octets(s):
    return _mapped_octets(s, FIRST)


def _swapcase_octets(s):
    return _mapped_octets(s, SWAPPED)


@uninterrupted
def _mapped_octets(s, way):
    block = new_block(length(s), 1)
    follows = False
    for i in range(length(s)):
        code = code_in(s, i, 1)
        is_upper, is_lower = 65 <= code <= 90, 97 <= code <= 122
        wants_lower = follows if way == BY_WORD else i > 0 if way == FIRST else is_upper
        follows = is_upper or is_lower
        put(block, i, code + 32 * (wants_lower & is_upper) - 32 * (not wants_lower and is_lower), 1)
    return finish(block, length(s), 1, is_ascii(s))


BY_WORD, FIRST, SWAPPED = 4, 5, 6
"""Ways besides the four cases: the first of each word in title case, the first of all, the other
case."""

upper = _method("upper", _upper, _upper_octets)
lower = _method("lower", _lower, _lower_octets)
title = _method("title", _title, _title_octets)
capitalize = _method("capitalize", _capitalize, _capitalize_octets)
swapcase = _method("swapcase", _swapcase, _swapcase_octets)


# ---- all of Unicode -------------------------------------------------------------------------


@overload("pellucid.text.mapped", separate=True)
def mapped(s, way):
    """`s` in a case, or in another way."""
    return Typed(_mapped, (TEXT, int64))


@uninterrupted
def _mapped(s, way):
    # A code point becomes three at most.
    block = new_block(3 * length(s), 4)
    count = 0
    follows = False
    for i in range(length(s)):
        code = code_at(s, i)
        case = way
        if way == SWAPPED:
            flags = flags_of(code)
            case = TO_LOWER if flags & UPPER != 0 else TO_UPPER if flags & LOWER != 0 else -1
        elif way == FIRST:
            case = TO_TITLE if i == 0 else TO_LOWER
        elif way == BY_WORD:
            case = TO_LOWER if follows else TO_TITLE
            follows = flags_of(code) & CASED != 0
        if case < 0:
            put(block, count, code, 4)
            count += 1
        elif code < 128:
            is_upper, is_lower = 65 <= code <= 90, 97 <= code <= 122
            is_small = case in (TO_LOWER, TO_FOLDED)
            put(
                block,
                count,
                code + 32 * (is_small & is_upper) - 32 * (not is_small and is_lower),
                4,
            )
            count += 1
        elif code == SIGMA and case == TO_LOWER and _ends_word(s, i):
            put(block, count, FINAL_SIGMA, 4)
            count += 1
        else:
            more, first, second, third = case_of(code, case)
            put(block, count, first, 4)
            if more > 1:
                put(block, count + 1, second, 4)
            if more > 2:
                put(block, count + 2, third, 4)
            count += more
    return finish_least(block, count, 4)


@uninterrupted
def _ends_word(s, i):
    """Whether a sigma is the last letter of a word of more than one."""
    before = i - 1
    while before >= 0 and flags_of(code_at(s, before)) & IGNORABLE != 0:
        before -= 1
    if before < 0 or flags_of(code_at(s, before)) & CASED == 0:
        return False
    after = i + 1
    while after < length(s) and flags_of(code_at(s, after)) & IGNORABLE != 0:
        after += 1
    return after == length(s) or flags_of(code_at(s, after)) & CASED == 0
