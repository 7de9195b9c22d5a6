"""New texts, in the compiled language.

block = new_block(count, size)          memory for `count` code points of `size` bytes
put(block, i, code, 1)                  (primitives.py) one code point
at = put_text(block, at, size, s)       all of `s`, which needs no more than `size`
finish(block, count, size, True)        the text, where `size` is surely the least that fits
finish_least(block, count, size)        ... where it may be more than is needed

part(s, start, count)                   a slice; shares the memory of `s` where it can
concat(a, b)                            `a + b`
join_all((a, b, c))                     all texts of a tuple, one after the other
char(code)                              the text of one code point
detached(s)                             `s` in memory that outlives the call of its argument
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models import block as block_layout
from pellucid.codegen.models.text_form import WIDTH_MASK
from pellucid.inference.overloads import Typed, intrinsic, overload, uninterrupted
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.builtins.memory import is_null
from pellucid.library.strings.primitives import (
    TEXT,
    block_code,
    code_at,
    code_in,
    finish,
    is_ascii,
    length,
    one_byte_text,
    put,
    put_any,
    put_bytes,
    room,
    share,
    width,
)
from pellucid.types import boolean, int64, memory_block, none

_I32, _I64 = ll.IntType(32), ll.IntType(64)
_POINTER = ll.PointerType()


def new_block(count, size):
    """Memory for `count` code points of `size` bytes; MemoryError if there is none."""
    block = room(count, size)
    if is_null(block):
        raise MemoryError
    return block


def width_of(code):
    """The bytes that a code point needs."""
    if code < 256:
        return 1
    return 2 if code < 65536 else 4


# ---- widths ---------------------------------------------------------------------------------


@overload("pellucid.text.put_wider", separate=True)
def put_wider(block, at, size, s, start, count):
    """Copy code points into a block of a greater width."""
    return Typed(_put_wider, (block, int64, int64, TEXT, int64, int64))


@uninterrupted
def _put_wider(block, at, size, s, start, count):
    if size == 2:
        for i in range(count):
            put(block, at + i, code_in(s, start + i, 1), 2)
    elif width(s) == 1:
        for i in range(count):
            put(block, at + i, code_in(s, start + i, 1), 4)
    else:
        for i in range(count):
            put(block, at + i, code_in(s, start + i, 2), 4)
    return at + count


def put_part(block, at, size, s, start, count):
    """Copy `count` code points of `s` into a block of `size`, from `at` on; the place after it."""
    if width(s) == size:
        put_bytes(block, at, s, start, count)
        return at + count
    return put_wider(block, at, size, s, start, count)


def put_text(block, at, size, s):
    """Copy all of `s` into a block of `size`, from `at` on; the place after it."""
    return put_part(block, at, size, s, 0, length(s))


@overload("pellucid.text.widest", separate=True)
def widest(s, start, count):
    """A code point of the same width as the greatest one of a part, or that one itself."""
    return Typed(_widest, (TEXT, int64, int64))


@uninterrupted
def _widest(s, start, count):
    # The bits of all together need as many bytes as those of the greatest.
    found = 0
    if width(s) == 1:
        for i in range(count):
            found |= code_in(s, start + i, 1)
    elif width(s) == 2:
        for i in range(count):
            found |= code_in(s, start + i, 2)
    else:
        for i in range(count):
            found |= code_in(s, start + i, 4)
    return found


@overload("pellucid.text.finish_least", separate=True)
def finish_least(block, count, size):
    """The text in a block whose code points may need fewer bytes than they have."""
    return Typed(_finish_least, (block, int64, int64))


@uninterrupted
def _finish_least(block, count, size):
    found = 0
    if size == 1:
        for i in range(count):
            found |= block_code(block, i, 1)
        return finish(block, count, 1, found < 128)
    if size == 2:
        for i in range(count):
            found |= block_code(block, i, 2)
    else:
        for i in range(count):
            found |= block_code(block, i, 4)
    least = width_of(found)
    if least == size:
        return finish(block, count, size, False)
    smaller = new_block(count, least)
    if size == 2:
        for i in range(count):
            put(smaller, i, block_code(block, i, 2), 1)
    elif least == 2:
        for i in range(count):
            put(smaller, i, block_code(block, i, 4), 2)
    else:
        for i in range(count):
            put(smaller, i, block_code(block, i, 4), 1)
    return finish(smaller, count, least, found < 128)


# ---- parts ----------------------------------------------------------------------------------


def char(code):
    """The text of one code point."""
    if code < 256:
        return one_byte_text(code)
    return _wide_char(code)


def _wide_char(code):
    size = width_of(code)
    block = new_block(1, size)
    put_any(block, 0, code, size)
    return finish(block, 1, size, False)


def char_at(s, index):
    """The text of the code point at `index`, which is in range."""
    code = code_at(s, index)
    if code < 256:
        return one_byte_text(code)
    if width(s) == 2 or code >= 65536:
        return share(s, index, 1, False)
    return _wide_char(code)


def part(s, start, count):
    """The `count` code points of `s` from `start`, which are there."""
    if count == length(s):
        return s
    if width(s) == 1:
        return share(s, start, count, is_ascii(s))
    return wide_part(s, start, count)


@overload("pellucid.text.wide_part", separate=True)
def wide_part(s, start, count):
    """A part of a text whose width is not 1."""
    return Typed(_wide_part, (TEXT, int64, int64))


@uninterrupted
def _wide_part(s, start, count):
    code = widest(s, start, count)
    least = width_of(code)
    if least == width(s):
        return share(s, start, count, False)
    block = new_block(count, least)
    if width(s) == 2:
        for i in range(count):
            put(block, i, code_in(s, start + i, 2), 1)
    elif least == 2:
        for i in range(count):
            put(block, i, code_in(s, start + i, 4), 2)
    else:
        for i in range(count):
            put(block, i, code_in(s, start + i, 4), 1)
    return finish(block, count, least, code < 128)


# ---- joining --------------------------------------------------------------------------------


@overload("pellucid.text.concat", separate=True)
def concat(a, b):
    """One text after the other."""
    return Typed(_concat, (TEXT, TEXT))


def _concat(a, b):
    if length(a) == 0:
        return b
    if length(b) == 0:
        return a
    size = max(width(a), width(b))
    count = length(a) + length(b)
    both_ascii = is_ascii(a) and is_ascii(b)
    room = claim(a, length(b) * width(b)) if width(a) == width(b) else NOT_LAST
    if room == CLAIMED:
        put_after(a, b)
        return share(a, 0, count, both_ascii)
    block = new_block(count << 1 if room == FULL else count, size)
    put_text(block, put_text(block, 0, size, a), size, b)
    set_used(block, count * size)
    return finish(block, count, size, both_ascii)


# A text that was made by `+` knows how much of its block is used. What is appended to it goes into
# the rest of the block, if the text ends where that begins: nobody sees it but through the new
# text. A block that is full is followed by one of twice the size. So a loop that appends to a text
# takes time in proportion to what is appended, also where others hold the shorter texts.

NOT_LAST, FULL, CLAIMED = 0, 1, 2


@intrinsic
def claim(s, nbytes):
    """Take `nbytes` after `s` in its block: CLAIMED; FULL if there is no room, or NOT_LAST."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        owner = cg.field(TEXT, args[0], "owner")
        blocks = [builder.append_basic_block(f"claim.{n}") for n in ("own", "last", "take", "end")]
        own, last, take, end = blocks
        before = builder.block
        is_owned = builder.icmp_unsigned("!=", owner, ll.Constant(_POINTER, None))
        builder.cbranch(is_owned, own, end)
        builder.position_at_end(own)
        slot = cg.offset(owner, block_layout.USED)
        # An argument's header has no such field; it has no data either.
        size = builder.load(cg.offset(owner, block_layout.SIZE), typ=_I64, align=8)
        builder.cbranch(builder.icmp_unsigned("!=", size, ll.Constant(_I64, 0)), last, end)
        builder.position_at_end(last)
        used = builder.load(slot, typ=_I64, align=8)
        start = builder.ptrtoint(cg.block_data(owner), _I64)
        each = builder.and_(cg.field(TEXT, args[0], "form"), ll.Constant(_I32, WIDTH_MASK))
        own_bytes = builder.mul(cg.field(TEXT, args[0], "length"), builder.zext(each, _I64))
        stop = builder.add(builder.ptrtoint(cg.field(TEXT, args[0], "data"), _I64), own_bytes)
        is_last = builder.icmp_unsigned("==", builder.sub(stop, start), used)
        total = builder.add(used, args[1])
        fits = builder.icmp_unsigned("<=", total, size)
        state = builder.select(is_last, ll.Constant(_I64, FULL), ll.Constant(_I64, NOT_LAST))
        builder.cbranch(builder.and_(is_last, fits), take, end)
        builder.position_at_end(take)
        swapped = builder.cmpxchg(slot, used, total, "monotonic", "monotonic")
        won = builder.extract_value(swapped, 1)
        taken = builder.select(won, ll.Constant(_I64, CLAIMED), ll.Constant(_I64, NOT_LAST))
        builder.branch(end)
        builder.position_at_end(end)
        result = builder.phi(_I64)
        for value, source in (
            (ll.Constant(_I64, NOT_LAST), before),
            (ll.Constant(_I64, NOT_LAST), own),
            (state, last),
            (taken, take),
        ):
            result.add_incoming(value, source)
        return result

    effects = Effects.READS | Effects.WRITES
    return Primitive("text.claim", int64(TEXT, int64), lower, lambda *_: NOT_LAST, effects)


@intrinsic
def put_after(a, b):
    """Copy the bytes of `b`, as wide as `a`, to behind `a`, where they were claimed."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        each = builder.and_(cg.field(TEXT, args[0], "form"), ll.Constant(_I32, WIDTH_MASK))
        sizes = [
            builder.mul(cg.field(TEXT, text, "length"), builder.zext(each, _I64)) for text in args
        ]
        data = [cg.field(TEXT, text, "data") for text in args]
        target = builder.gep(data[0], [sizes[0]], source_etype=ll.IntType(8))
        no = ll.Constant(ll.IntType(1), 0)
        cg.intrinsic("llvm.memcpy.p0.p0.i64", ll.VoidType(), target, data[1], sizes[1], no)
        return cg.zero(none)

    def run(a: str, b: str) -> None:
        message = f"nothing is claimed after {a!r} for {b!r}"
        raise AssertionError(message)

    return Primitive("text.put_after", none(TEXT, TEXT), lower, run, Effects.WRITES)


@intrinsic
def set_used(block, nbytes):
    """Say how many bytes of a block its text takes: what is behind may be claimed."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.builder.store(args[1], cg.offset(args[0], block_layout.USED), align=8)
        return cg.zero(none)

    sig = none(memory_block, int64)
    return Primitive("text.set_used", sig, lower, lambda *_: None, Effects.WRITES)


def join_all(texts):
    """All texts of a tuple, one after the other."""
    count = _total(texts)
    size = _widest_of(texts)
    block = new_block(count, size)
    _put_all(block, 0, size, texts)
    return finish(block, count, size, _all_ascii(texts))


def _total(texts):
    if len(texts) == 0:
        return 0
    return length(texts[0]) + _total(texts[1:])


def _widest_of(texts):
    if len(texts) == 0:
        return 1
    return max(width(texts[0]), _widest_of(texts[1:]))


def _all_ascii(texts):
    if len(texts) == 0:
        return True
    return is_ascii(texts[0]) and _all_ascii(texts[1:])


def _put_all(block, at, size, texts):
    if len(texts) == 0:
        return at
    return _put_all(block, put_text(block, at, size, texts[0]), size, texts[1:])


# ---- arguments ------------------------------------------------------------------------------


@intrinsic
def _is_argument(s):
    """Whether the text lies in an argument, whose header lives only as long as the call."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        owner = cg.field(TEXT, args[0], "owner")
        null = ll.Constant(ll.PointerType(), None)
        asked, done = (builder.append_basic_block(name) for name in ("owned", "known"))
        before = builder.block
        builder.cbranch(builder.icmp_unsigned("!=", owner, null), asked, done)
        builder.position_at_end(asked)
        slot = cg.offset(owner, block_layout.DESTROY)
        destroy = builder.load(slot, typ=ll.PointerType(), align=8)
        borrowed = builder.icmp_unsigned("==", destroy, null)
        builder.branch(done)
        builder.position_at_end(done)
        result = builder.phi(ll.IntType(1))
        result.add_incoming(ll.Constant(ll.IntType(1), 0), before)
        result.add_incoming(borrowed, asked)
        return result

    return Primitive("text.is_argument", boolean(TEXT), lower, lambda _: False)


def detached(s):
    """`s`, or a copy of it if its memory is an argument's: for what outlives the call."""
    return _copied(s) if _is_argument(s) else s


@overload("pellucid.text.copied", separate=True)
def _copied(s):
    """A copy."""
    return Typed(_copy, (TEXT,))


def _copy(s):
    block = new_block(length(s), width(s))
    put_text(block, 0, width(s), s)
    return finish(block, length(s), width(s), is_ascii(s))
