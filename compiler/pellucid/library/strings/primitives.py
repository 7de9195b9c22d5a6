"""What a text is made of, and its code points: for library code only.

    length(s)            code points                  width(s)     bytes of each: 1, 2, 4
    code_at(s, i)        a code point, of any width   is_ascii(s)  whether all are known below 128
    code_in(s, i, 2)     the same, where the width is known to be the literal 2
    share(s, i, n, ascii)    the `n` code points from `i`, without a copy
    room(n, width)       memory for a text: a block; null if there is none
    put(block, i, code, width)      write a code point into it
    finish(block, n, width, ascii)  the text in it

All that reads a text takes the text itself, never its bare address: so it is alive where it is
read. Nothing is checked here. The interpreter's text is Python's own `str`.
"""

from __future__ import annotations

import ctypes
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.codegen.models.text_form import ASCII, WIDTH_MASK, encode, form_of
from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import BlockValue
from pellucid.types import (
    Literal,
    Type,
    UnicodeType,
    boolean,
    int64,
    memory_block,
    none,
    unicode_type,
)

_I1, _I8, _I32, _I64 = (ll.IntType(bits) for bits in (1, 8, 32, 64))
_POINTER, _VOID = ll.PointerType(), ll.VoidType()

TEXT = unicode_type


def is_text(ty: Type) -> bool:
    """Whether `ty` is a str, constant or not."""
    return isinstance(ty.base, UnicodeType)


def literal_width(ty: Type) -> int:
    """The literal width of code points that `ty` is."""
    if not isinstance(ty, Literal) or ty.value not in (1, 2, 4):
        refuse(f"{ty} is not a width known while compiling")
    return int(ty.value)  # type: ignore[call-overload]  # checked above


# ---- parts ------------------------------------------------------------------------------------


@intrinsic
def length(s):
    """The number of code points."""
    return Primitive("text.length", int64(TEXT), lambda cg, a: cg.field(TEXT, a[0], "length"), len)


@intrinsic
def width(s):
    """The bytes of a code point."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.zext(_width(cg, args[0]), _I64)

    return Primitive("text.width", int64(TEXT), lower, lambda s: form_of(s) & WIDTH_MASK)


@intrinsic
def is_ascii(s):
    """Whether all code points are known to be below 128; False says nothing."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _has_ascii_bit(cg, cg.field(TEXT, args[0], "form"))

    return Primitive("text.is_ascii", boolean(TEXT), lower, str.isascii)


def _width(cg: Any, text: Any) -> Any:
    return cg.builder.and_(cg.field(TEXT, text, "form"), ll.Constant(_I32, WIDTH_MASK))


def _has_ascii_bit(cg: Any, form: Any) -> Any:
    bit = cg.builder.and_(form, ll.Constant(_I32, ASCII))
    return cg.builder.icmp_unsigned("!=", bit, ll.Constant(_I32, 0))


def _form(cg: Any, size: int, known_ascii: Any) -> Any:
    """The form of a width, and of a bit that counts where the width is 1."""
    plain = ll.Constant(_I32, size)
    return cg.builder.select(known_ascii, ll.Constant(_I32, size | ASCII), plain)


def item_type(size: int) -> ll.Type:
    """LLVM's integer of `size` bytes."""
    return ll.IntType(8 * size)


def item_address(cg: Any, address: Any, index: Any, size: int) -> Any:
    """The address of the code point at `index`."""
    return cg.builder.gep(address, [index], inbounds=True, source_etype=item_type(size))


def _load(cg: Any, address: Any, index: Any, size: int) -> Any:
    item = cg.builder.load(item_address(cg, address, index, size), typ=item_type(size), align=size)
    return cg.builder.zext(item, _I64)


@intrinsic
def code_in(s, index, size):
    """The code point at `index`, where code points take `size` bytes, a literal."""
    known = literal_width(size)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _load(cg, cg.field(TEXT, args[0], "data"), args[1], known)

    def run(s: str, i: int, _: int) -> int:
        return ord(s[i])

    sig = int64(TEXT, int64, size)
    return Primitive("text.code_in", sig, lower, run, Effects.READS)


@intrinsic
def code_at(s, index):
    """The code point at `index`."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        data = cg.field(TEXT, args[0], "data")
        return by_width(cg, _width(cg, args[0]), lambda size: _load(cg, data, args[1], size))

    def run(s: str, i: int) -> int:
        return ord(s[i])

    return Primitive("text.code_at", int64(TEXT, int64), lower, run, Effects.READS)


def by_width(cg: Any, ll_width: Any, read: Any) -> Any:
    """`read(1)`, `read(2)` or `read(4)`, as the width is."""
    builder = cg.builder
    done = builder.append_basic_block("done")
    blocks = {size: builder.append_basic_block(f"width.{size}") for size in (1, 2, 4)}
    switch = builder.switch(ll_width, blocks[4])
    found: list[tuple[Any, Any]] = []
    for size, block in blocks.items():
        if size < 4:
            switch.add_case(ll.Constant(_I32, size), block)
        builder.position_at_end(block)
        value = read(size)
        found.append((value, builder.block))
        builder.branch(done)
    builder.position_at_end(done)
    result = builder.phi(found[0][0].type)
    for value, block in found:
        result.add_incoming(value, block)
    return result


# ---- making -----------------------------------------------------------------------------------


@intrinsic
def room(count, size):
    """A block for `count` code points of `size` bytes; null if there is no memory."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.allocate(cg.builder.mul(*args, flags=("nsw",)))

    def run(number: int, each: int) -> BlockValue:
        return BlockValue(number * each)

    return Primitive("text.room", memory_block(int64, int64), lower, run, Effects.ALLOCATES)


@intrinsic
def put(block, index, code, size):
    """Write a code point of `size` bytes, a literal, into a block."""
    known = literal_width(size)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        item = cg.builder.trunc(args[2], item_type(known))
        address = item_address(cg, cg.block_data(args[0]), args[1], known)
        cg.builder.store(item, address, align=known)
        return cg.zero(none)

    def run(memory: BlockValue, at: int, value: int, _: int) -> None:
        ctypes.memmove(memory.address + at * known, value.to_bytes(4, "little"), known)

    sig = none(memory_block, int64, int64, size)
    return Primitive("text.put", sig, lower, run, Effects.WRITES)


@intrinsic
def put_any(block, index, code, size):
    """Write a code point of `size` bytes, known at run time, into a block."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        def store(known: int) -> Any:
            item = cg.builder.trunc(args[2], item_type(known))
            address = item_address(cg, cg.block_data(args[0]), args[1], known)
            cg.builder.store(item, address, align=known)
            return ll.Constant(_I1, 0)

        by_width(cg, cg.builder.trunc(args[3], _I32), store)
        return cg.zero(none)

    def run(memory: BlockValue, at: int, value: int, known: int) -> None:
        ctypes.memmove(memory.address + at * known, value.to_bytes(4, "little"), known)

    sig = none(memory_block, int64, int64, int64)
    return Primitive("text.put_any", sig, lower, run, Effects.WRITES)


@intrinsic
def put_bytes(block, at, s, start, count):
    """Copy the code points `start` to `start + count` of `s`, as wide as they are.

    They go into a block of that width, from its code point `at` on.
    """

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        each = builder.zext(_width(cg, args[2]), _I64)
        begin, begin_to, nbytes = (builder.mul(x, each) for x in (args[3], args[1], args[4]))
        source = _byte(cg, cg.field(TEXT, args[2], "data"), begin)
        target = _byte(cg, cg.block_data(args[0]), begin_to)
        cg.intrinsic("llvm.memcpy.p0.p0.i64", _VOID, target, source, nbytes, ll.Constant(_I1, 0))
        return cg.zero(none)

    def run(memory: BlockValue, at: int, s: str, start: int, count: int) -> None:
        each = form_of(s) & WIDTH_MASK
        data = encode(s)[start * each : (start + count) * each]
        ctypes.memmove(memory.address + at * each, data, len(data))

    sig = none(memory_block, int64, TEXT, int64, int64)
    return Primitive("text.put_bytes", sig, lower, run, Effects.WRITES)


def _byte(cg: Any, address: Any, distance: Any) -> Any:
    return cg.builder.gep(address, [distance], inbounds=True, source_etype=_I8)


@intrinsic
def fill_byte(block, at, code, count):
    """Write the code point `code`, below 256, `count` times into a block of width 1."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        target = _byte(cg, cg.block_data(args[0]), args[1])
        item = cg.builder.trunc(args[2], _I8)
        cg.intrinsic("llvm.memset.p0.i64", _VOID, target, item, args[3], ll.Constant(_I1, 0))
        return cg.zero(none)

    def run(memory: BlockValue, at: int, code: int, count: int) -> None:
        ctypes.memset(memory.address + at, code, count)

    sig = none(memory_block, int64, int64, int64)
    return Primitive("text.fill_byte", sig, lower, run, Effects.WRITES)


@intrinsic
def finish(block, count, size, ascii):
    """The text of `count` code points of `size` bytes in a block.

    `size` must be the least that fits. `ascii` says whether they are known to be below 128.
    """

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        memory, number, each, known_ascii = args
        bit = cg.builder.select(known_ascii, ll.Constant(_I32, ASCII), ll.Constant(_I32, 0))
        made = cg.make(
            TEXT,
            owner=memory,
            data=cg.block_data(memory),
            length=number,
            form=cg.builder.or_(cg.builder.trunc(each, _I32), bit),
        )
        cg.retain(TEXT, made)
        return made

    def run(memory: BlockValue, number: int, each: int, _: bool) -> str:
        return read_text(memory.address, number, each)

    sig = TEXT(memory_block, int64, int64, boolean)
    return Primitive("text.finish", sig, lower, run, Effects.READS)


@intrinsic
def block_code(block, index, size):
    """The code point at `index` of those of `size` bytes, a literal, in a block."""
    known = literal_width(size)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _load(cg, cg.block_data(args[0]), args[1], known)

    def run(memory: BlockValue, at: int, _: int) -> int:
        return int.from_bytes(ctypes.string_at(memory.address + at * known, known), "little")

    sig = int64(memory_block, int64, size)
    return Primitive("text.block_code", sig, lower, run, Effects.READS)


def read_text(address: int, count: int, size: int) -> str:
    """The Python str of code points in memory."""
    if count == 0:
        return ""
    data = (ctypes.c_char * (count * size)).from_address(address)
    return "".join(map(chr, np.frombuffer(data, f"u{size}").tolist()))


@intrinsic
def share(s, start, count, ascii):
    """The `count` code points from `start`, in the same memory; they must need the same width.

    `ascii` says whether they are known to be below 128, where the width is 1.
    """

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        text, begin, number, known_ascii = args
        old = cg.field(TEXT, text, "form")
        each = builder.and_(old, ll.Constant(_I32, WIDTH_MASK))
        bit = builder.select(known_ascii, ll.Constant(_I32, ASCII), ll.Constant(_I32, 0))
        distance = builder.mul(begin, builder.zext(each, _I64))
        made = cg.make(
            TEXT,
            owner=cg.field(TEXT, text, "owner"),
            data=_byte(cg, cg.field(TEXT, text, "data"), distance),
            length=number,
            form=builder.or_(each, bit),
        )
        cg.retain(TEXT, made)
        return made

    def run(text: str, begin: int, number: int, _: bool) -> str:
        return text[begin : begin + number]

    return Primitive("text.share", TEXT(TEXT, int64, int64, boolean), lower, run)


@intrinsic
def one_byte_text(code):
    """The text of one code point below 256: in a constant table, so nothing is allocated."""
    table = bytes(range(256))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        address = cg.module.bytes_constant(table, 1)
        low = cg.builder.icmp_unsigned("<", args[0], ll.Constant(_I64, 128))
        return cg.make(
            TEXT,
            owner=ll.Constant(_POINTER, None),
            data=_byte(cg, address, args[0]),
            length=ll.Constant(_I64, 1),
            form=_form(cg, 1, low),
        )

    return Primitive("text.one_byte", TEXT(int64), lower, chr)


@intrinsic
def same_text(a, b):
    """Whether two texts have the same code points."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        lengths, datas = ([cg.field(TEXT, a, name) for a in args] for name in ("length", "data"))
        widths = [_width(cg, a) for a in args]
        same = builder.and_(
            builder.icmp_unsigned("==", *lengths), builder.icmp_unsigned("==", *widths)
        )
        compare, done = (builder.append_basic_block(name) for name in ("compare", "compared"))
        before = builder.block
        builder.cbranch(same, compare, done)
        builder.position_at_end(compare)
        nbytes = builder.mul(lengths[0], builder.zext(widths[0], _I64))
        equal = builder.icmp_signed("==", memcmp(cg, *datas, nbytes), ll.Constant(_I32, 0))
        builder.branch(done)
        builder.position_at_end(done)
        result = builder.phi(_I1)
        result.add_incoming(ll.Constant(_I1, 0), before)
        result.add_incoming(equal, compare)
        return result

    return Primitive("text.same", boolean(TEXT, TEXT), lower, operator.eq, Effects.READS)


def memcmp(cg: Any, first: Any, second: Any, nbytes: Any) -> Any:
    """C's `memcmp`."""
    ll_type = ll.FunctionType(_I32, [_POINTER, _POINTER, _I64])
    fn = cg.declare("memcmp", ll_type, "willreturn", "memory(argmem: read)")
    return cg.builder.call(fn, [first, second, nbytes])


@intrinsic
def order_bytes(a, b, count):
    """Negative, 0 or positive: how the first `count` code points compare; both have width 1."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        first, second = (cg.field(TEXT, arg, "data") for arg in args[:2])
        return cg.builder.sext(memcmp(cg, first, second, args[2]), _I64)

    def run(first: str, second: str, count: int) -> int:
        left, right = first[:count], second[:count]
        return (left > right) - (left < right)

    return Primitive("text.order", int64(TEXT, TEXT, int64), lower, run, Effects.READS)


@intrinsic
def is_same_object(a, b):
    """Whether two texts are one: the same memory and length."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        pairs = [[cg.field(TEXT, a, name) for a in args] for name in ("data", "length")]
        return cg.builder.and_(*(cg.builder.icmp_unsigned("==", *pair) for pair in pairs))

    return Primitive("text.is", boolean(TEXT, TEXT), lower, operator.is_)
