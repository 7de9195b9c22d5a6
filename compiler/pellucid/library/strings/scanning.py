"""Where one text lies in another: the search that all methods use.

    find_in(s, sub, start, stop)     the first place of `sub` within `s[start:stop]`, or -1
    rfind_in(s, sub, start, stop)    the last
    count_in(s, sub, start, stop)    how often, without overlap
    is_at(s, sub, i)                 whether `sub` lies at `i`, where there is room for it

`0 <= start` and `stop <= len(s)` hold; `start` may lie behind `stop`. A search compares the first
and the last code point of `sub` with 64 bytes of `s` at a time, and all of `sub` only where both
fit. Where that happens too often, C's `memmem` goes on, whose time is linear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.text_form import WIDTH_MASK, encode, form_of
from pellucid.inference.overloads import Typed, intrinsic, overload, uninterrupted
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.builtins.arithmetic import divide_floor, modulo
from pellucid.library.strings.building import new_block, put_text
from pellucid.library.strings.primitives import (
    TEXT,
    code_at,
    code_in,
    finish,
    item_address,
    item_type,
    length,
    literal_width,
    memcmp,
    width,
)
from pellucid.types import boolean, int64

_I1, _I8, _I64 = (ll.IntType(bits) for bits in (1, 8, 64))
_POINTER = ll.PointerType()
WINDOW = 64
"""Bytes that are looked at together."""


# ---- machine code ---------------------------------------------------------------------------


@intrinsic
def matches(s, at, first, last, distance, size):
    """Bits for the positions from `at` on, as many as fit in WINDOW bytes of width `size`.

    A bit is set where `first` stands there and `last` stands `distance` further.
    """
    known = literal_width(size)
    lanes = WINDOW // known
    ll_vector = ll.VectorType(item_type(known), lanes)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        text, begin, first, last, distance, _ = args
        data = cg.field(TEXT, text, "data")
        masks = []
        for code, index in ((first, begin), (last, builder.add(begin, distance))):
            address = item_address(cg, data, index, known)
            window = builder.load(address, typ=ll_vector, align=known)
            masks.append(builder.icmp_unsigned("==", window, _splat(cg, code, known, lanes)))
        bits = builder.bitcast(builder.and_(*masks), ll.IntType(lanes))
        return bits if lanes == 64 else builder.zext(bits, _I64)

    def run(s: str, at: int, first: int, last: int, distance: int, _: int) -> int:
        bits = 0
        for lane in range(lanes):
            if ord(s[at + lane]) == first and ord(s[at + lane + distance]) == last:
                bits |= 1 << lane
        return bits - (1 << 64) if bits >> 63 else bits

    sig = int64(TEXT, int64, int64, int64, int64, size)
    return Primitive("text.matches", sig, lower, run, Effects.READS)


def _splat(cg: Any, code: Any, size: int, lanes: int) -> Any:
    builder = cg.builder
    item = builder.trunc(code, item_type(size))
    undefined = ll.Constant(ll.VectorType(item_type(size), lanes), ll.Undefined)
    one = builder.insert_element(undefined, item, ll.Constant(ll.IntType(32), 0))
    order = ll.Constant(ll.VectorType(ll.IntType(32), lanes), [0] * lanes)
    return builder.shuffle_vector(one, undefined, order)


@intrinsic
def lowest_bit(bits):
    """The position of the lowest bit that is set; there is one."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.intrinsic("llvm.cttz.i64", _I64, args[0], ll.Constant(_I1, 1))

    def run(bits: int) -> int:
        return (bits & -bits).bit_length() - 1

    return Primitive("lowest_bit", int64(int64), lower, run)


@intrinsic
def highest_bit(bits):
    """The position of the highest bit that is set; there is one."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        zeros = cg.intrinsic("llvm.ctlz.i64", _I64, args[0], ll.Constant(_I1, 1))
        return cg.builder.sub(ll.Constant(_I64, 63), zeros)

    def run(bits: int) -> int:
        return (bits % (1 << 64)).bit_length() - 1

    return Primitive("highest_bit", int64(int64), lower, run)


@intrinsic
def is_at(s, sub, index):
    """Whether `sub`, as wide as `s`, lies at `index`, where there is room for it."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        text, part, at = args
        mask = ll.Constant(ll.IntType(32), WIDTH_MASK)
        each = builder.zext(builder.and_(cg.field(TEXT, text, "form"), mask), _I64)
        place = builder.gep(
            cg.field(TEXT, text, "data"),
            [builder.mul(at, each)],
            inbounds=True,
            source_etype=_I8,
        )
        nbytes = builder.mul(cg.field(TEXT, part, "length"), each)
        order = memcmp(cg, place, cg.field(TEXT, part, "data"), nbytes)
        return builder.icmp_signed("==", order, ll.Constant(order.type, 0))

    def run(s: str, sub: str, at: int) -> bool:
        return s.startswith(sub, at)

    return Primitive("text.is_at", boolean(TEXT, TEXT, int64), lower, run, Effects.READS)


@intrinsic
def find_byte(s, code, start, stop):
    """The first place of a code point in `s[start:stop]` of width 1, or -1."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        text, code, start, stop = args
        fn = cg.declare(
            "memchr",
            ll.FunctionType(_POINTER, [_POINTER, ll.IntType(32), _I64]),
            *("willreturn", "memory(argmem: read)"),
        )
        data = cg.field(TEXT, text, "data")
        place = item_address(cg, data, start, 1)
        count = cg.builder.sub(stop, start)
        found = cg.builder.call(fn, [place, cg.builder.trunc(code, ll.IntType(32)), count])
        return _distance(cg, found, data)

    def run(s: str, code: int, start: int, stop: int) -> int:
        return s.find(chr(code), start, stop)

    sig = int64(TEXT, int64, int64, int64)
    return Primitive("text.find_byte", sig, lower, run, Effects.READS)


@intrinsic
def find_by_c(s, sub, start, nbytes):
    """The place in bytes of `sub`, as wide as `s`, in `nbytes` from byte `start` of `s`, or -1."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        text, part, start, count = args
        fn = cg.declare(
            "memmem",
            ll.FunctionType(_POINTER, [_POINTER, _I64, _POINTER, _I64]),
            *("willreturn", "memory(argmem: read)"),
        )
        data = cg.field(TEXT, text, "data")
        mask = ll.Constant(ll.IntType(32), WIDTH_MASK)
        each = builder.zext(builder.and_(cg.field(TEXT, text, "form"), mask), _I64)
        size = builder.mul(cg.field(TEXT, part, "length"), each)
        place = item_address(cg, data, start, 1)
        found = builder.call(fn, [place, count, cg.field(TEXT, part, "data"), size])
        return _distance(cg, found, data)

    def run(s: str, sub: str, start: int, count: int) -> int:
        each = form_of(s) & WIDTH_MASK
        part = b"".join(ord(c).to_bytes(each, "little") for c in sub)
        return encode(s).find(part, start, start + count)

    sig = int64(TEXT, TEXT, int64, int64)
    return Primitive("text.find_by_c", sig, lower, run, Effects.READS)


def _distance(cg: Any, found: Any, data: Any) -> Any:
    builder = cg.builder
    is_there = builder.icmp_unsigned("!=", found, ll.Constant(_POINTER, None))
    addresses = [builder.ptrtoint(x, _I64) for x in (found, data)]
    return builder.select(is_there, builder.sub(*addresses), ll.Constant(_I64, -1))


# ---- forward --------------------------------------------------------------------------------


@overload("pellucid.text.find", separate=True)
def find_in(s, sub, start, stop):
    """The first place of `sub` within `s[start:stop]`, or -1."""
    return Typed(_find, (TEXT, TEXT, int64, int64))


def _find(s, sub, start, stop):
    count = length(sub)
    if stop - start < count:
        return -1
    if count == 0:
        return start
    if width(sub) > width(s):
        return -1
    if width(s) == 1:
        if count == 1:
            return find_byte(s, code_in(sub, 0, 1), start, stop)
        return _search_bytes(s, sub, start, stop - count)
    if width(sub) < width(s):
        return _search_wide(s, widened(sub, width(s)), start, stop - count)
    return _search_wide(s, sub, start, stop - count)


def widened(s, size):
    """A text in a greater width than it needs: for comparisons only."""
    block = new_block(length(s), size)
    put_text(block, 0, size, s)
    return finish(block, length(s), size, False)


@uninterrupted
def _search_bytes(s, sub, start, last):
    """The first place from `start` to `last`, where both texts have width 1."""
    distance = length(sub) - 1
    head, tail = code_in(sub, 0, 1), code_in(sub, distance, 1)
    i = start
    wrong = 0
    while i + 63 <= last:
        bits = matches(s, i, head, tail, distance, 1)
        while bits != 0:
            place = i + lowest_bit(bits)
            if is_at(s, sub, place):
                return place
            wrong += 1
            bits &= bits - 1
        i += 64
        if wrong * distance > 16 * (i - start) + 4096:
            return find_by_c(s, sub, i, last + length(sub) - i)
    while i <= last:
        i = find_byte(s, head, i, last + 1)
        if i < 0:
            return -1
        if code_in(s, i + distance, 1) == tail and is_at(s, sub, i):
            return i
        i += 1
    return -1


@uninterrupted
def _search_wide(s, sub, start, last):
    """The first place from `start` to `last`, where both texts have the same width, 2 or 4."""
    distance = length(sub) - 1
    head, tail = code_at(sub, 0), code_at(sub, distance)
    i = start
    wrong = 0
    lanes = 32 if width(s) == 2 else 16
    while i + lanes - 1 <= last:
        if width(s) == 2:
            bits = matches(s, i, head, tail, distance, 2)
        else:
            bits = matches(s, i, head, tail, distance, 4)
        while bits != 0:
            place = i + lowest_bit(bits)
            if is_at(s, sub, place):
                return place
            wrong += 1
            bits &= bits - 1
        i += lanes
        if wrong * distance > 16 * (i - start) + 4096:
            return _search_by_c(s, sub, i, last)
    while i <= last:
        if code_at(s, i) == head and code_at(s, i + distance) == tail and is_at(s, sub, i):
            return i
        i += 1
    return -1


@uninterrupted
def _search_by_c(s, sub, start, last):
    each = width(s)
    begin, end = start * each, (last + length(sub)) * each
    while True:
        found = find_by_c(s, sub, begin, end - begin)
        if found < 0:
            return -1
        if modulo(found, each) == 0:
            return divide_floor(found, each)
        begin = found + 1


# ---- backward -------------------------------------------------------------------------------


@overload("pellucid.text.rfind", separate=True)
def rfind_in(s, sub, start, stop):
    """The last place of `sub` within `s[start:stop]`, or -1."""
    return Typed(_rfind, (TEXT, TEXT, int64, int64))


def _rfind(s, sub, start, stop):
    count = length(sub)
    if stop - start < count:
        return -1
    if count == 0:
        return stop
    if width(sub) > width(s):
        return -1
    if width(sub) < width(s):
        return _search_back(s, widened(sub, width(s)), start, stop - count)
    return _search_back(s, sub, start, stop - count)


@uninterrupted
def _search_back(s, sub, start, last):
    distance = length(sub) - 1
    head, tail = code_at(sub, 0), code_at(sub, distance)
    lanes = divide_floor(64, width(s))
    i = last + 1  # all from here on is done
    while i - lanes >= start:
        i -= lanes
        if width(s) == 1:
            bits = matches(s, i, head, tail, distance, 1)
        elif width(s) == 2:
            bits = matches(s, i, head, tail, distance, 2)
        else:
            bits = matches(s, i, head, tail, distance, 4)
        while bits != 0:
            lane = highest_bit(bits)
            if is_at(s, sub, i + lane):
                return i + lane
            bits ^= 1 << lane
    while i > start:
        i -= 1
        if code_at(s, i) == head and code_at(s, i + distance) == tail and is_at(s, sub, i):
            return i
    return -1


# ---- counting -------------------------------------------------------------------------------


@overload("pellucid.text.count", separate=True)
def count_in(s, sub, start, stop):
    """How often `sub` lies within `s[start:stop]` without overlap, itself not empty."""
    return Typed(_count, (TEXT, TEXT, int64, int64))


def _count(s, sub, start, stop):
    if length(sub) == 1 and width(s) == 1:
        return _count_bytes(s, code_at(sub, 0), start, stop)
    found = 0
    at = find_in(s, sub, start, stop)
    while at >= 0:
        found += 1
        at = find_in(s, sub, at + length(sub), stop)
    return found


@uninterrupted
def _count_bytes(s, code, start, stop):
    found = 0
    for i in range(start, stop):
        found += code_in(s, i, 1) == code
    return found
