"""New texts: memory for them, padding, and many texts as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.text_form import ASCII, WIDTH_MASK, encode, form_of
from pellucid.inference.engines import engine
from pellucid.inference.overloads import intrinsic
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.strings.building import new_block, width_of
from pellucid.library.strings.primitives import (
    code_at,
    fill_byte,
    finish,
    is_ascii,
    length,
    put_any,
    put_bytes,
    width,
)
from pellucid.library.text.spec import CARET, EQUALS, LESS
from pellucid.types import Pointer, boolean, int64, memory_block, none, uint8, unicode_type
from pellucid.types.signature import Signature

TEXTS = Pointer(unicode_type)
_I1, _I8, _I32, _I64 = (ll.IntType(bits) for bits in (1, 8, 32, 64))


def finish_ascii(block, count):
    """The text of `count` ASCII characters in a block."""
    return finish(block, count, 1, True)


def finish_any(block, count, size, is_plain):
    """The text of `count` code points of `size` bytes in a block."""
    if size == 1:
        return finish(block, count, 1, is_plain)
    if size == 2:
        return finish(block, count, 2, False)
    return finish(block, count, 4, False)


# ---- padding --------------------------------------------------------------------------------


def padding_of(align, missing):
    """Where `missing` fill characters go: `(before, inside, behind)`."""
    if missing <= 0:
        return 0, 0, 0
    if align == LESS:
        return 0, 0, missing
    if align == EQUALS:
        return 0, missing, 0
    before = missing // 2 if align == CARET else missing
    return before, 0, missing - before


@engine(unicode_type, int64, int64, int64, int64)
def pad_text(text, lead, fill, align, wanted):
    """`text` filled up to `wanted` code points; its first `lead` are the sign and prefix."""
    count = length(text)
    if wanted <= count:
        return text
    before, inside, behind = padding_of(align, wanted - count)
    size = max(width(text), width_of(fill))
    block = new_block(wanted, size)
    if size == 1:
        fill_byte(block, 0, fill, before)
        put_bytes(block, before, text, 0, lead)
        fill_byte(block, before + lead, fill, inside)
        put_bytes(block, before + lead + inside, text, lead, count - lead)
        fill_byte(block, wanted - behind, fill, behind)
        return finish(block, wanted, 1, is_ascii(text) and fill < 128)
    for at in range(wanted):
        code, source = fill, at - before
        if 0 <= source < lead:
            code = code_at(text, source)
        elif lead + inside <= source < count + inside:
            code = code_at(text, source - inside)
        put_any(block, at, code, size)
    return finish_any(block, wanted, size, False)


# ---- joining --------------------------------------------------------------------------------


@intrinsic
def spill(*texts):
    """Texts as an array on the stack; whoever reads it says `keep(*texts)` afterwards."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        storage = cg.ll_storage(unicode_type)
        address = cg.alloca(ll.ArrayType(storage, len(texts)))
        address.type = ll.PointerType()  # llvmlite would print a typed pointer
        for index, text in enumerate(args):
            slot = cg.builder.gep(address, [_I64(index)], inbounds=True, source_etype=storage)
            cg.store(unicode_type, text, slot)
        return address

    params = (unicode_type,) * len(texts)
    sig = Signature(TEXTS, params)
    return Primitive("spill", sig, lower, lambda *values: values, Effects.WRITES)


@intrinsic
def keep(*texts):
    """Nothing: so that these are alive up to here."""
    params = (unicode_type,) * len(texts)

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        return cg.zero(none)

    return Primitive("keep", Signature(none, params), lower, lambda *_: None, Effects.WRITES)


def _slot(cg: Any, texts: Any, index: Any, name: str) -> Any:
    """One field of a text in an array of them."""
    storage = cg.ll_storage(unicode_type)
    fields = ("owner", "data", "length", "form")
    position = fields.index(name)
    address = cg.builder.gep(texts, [index, _I32(position)], inbounds=True, source_etype=storage)
    return cg.builder.load(address, typ=storage.elements[position], align=4)


@intrinsic
def length_in(texts, index):
    """The length of a text in an array of them."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return _slot(cg, *args, "length")

    return Primitive(
        "length_in", int64(TEXTS, int64), lower, lambda texts, i: len(texts[i]), Effects.READS
    )


@intrinsic
def form_in(texts, index):
    """The form of a text in an array of them."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.zext(_slot(cg, *args, "form"), _I64)

    return Primitive(
        "form_in", int64(TEXTS, int64), lower, lambda texts, i: form_of(texts[i]), Effects.READS
    )


@intrinsic
def put_in(block, at, texts, index):
    """Copy a whole text of an array, of the block's width, to the code point `at` of a block."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        block, at, texts, index = args
        form = _slot(cg, texts, index, "form")
        each = builder.zext(builder.and_(form, _I32(WIDTH_MASK)), _I64)
        begin = builder.mul(at, each)
        target = builder.gep(cg.block_data(block), [begin], inbounds=True, source_etype=_I8)
        nbytes = builder.mul(_slot(cg, texts, index, "length"), each)
        source = _slot(cg, texts, index, "data")
        cg.intrinsic("llvm.memcpy.p0.p0.i64", ll.VoidType(), target, source, nbytes, _I1(0))
        return cg.zero(none)

    def run(memory: Any, at: int, texts: tuple[str, ...], index: int) -> None:
        import ctypes

        data = encode(texts[index])
        each = form_of(texts[index]) & WIDTH_MASK
        ctypes.memmove(memory.address + at * each, data, len(data))

    sig = none(memory_block, int64, TEXTS, int64)
    return Primitive("put_in", sig, lower, run, Effects.READS | Effects.WRITES)


@intrinsic
def code_in_text(texts, index, place):
    """A code point of a text of an array."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        from pellucid.library.strings.primitives import by_width

        texts, index, place = args
        form = _slot(cg, texts, index, "form")
        data = _slot(cg, texts, index, "data")

        def read(size: int) -> Any:
            item = ll.IntType(8 * size)
            address = cg.builder.gep(data, [place], inbounds=True, source_etype=item)
            return cg.builder.zext(cg.builder.load(address, typ=item, align=size), _I64)

        return by_width(cg, cg.builder.and_(form, _I32(WIDTH_MASK)), read)

    return Primitive(
        "code_in_text",
        int64(TEXTS, int64, int64),
        lower,
        lambda texts, index, place: ord(texts[index][place]),
        Effects.READS,
    )


@engine(TEXTS, int64)
def join_all(texts, count):
    """The texts of an array as one: its length is counted first, and written once."""
    total, size, is_plain = 0, 1, True
    for index in range(count):
        total += length_in(texts, index)
        form = form_in(texts, index)
        size = max(size, form & WIDTH_MASK)
        if form & ASCII == 0:
            is_plain = False
    block = new_block(total, size)
    at = 0
    for index in range(count):
        if form_in(texts, index) & WIDTH_MASK == size:
            put_in(block, at, texts, index)
            at += length_in(texts, index)
        else:
            for place in range(length_in(texts, index)):
                put_any(block, at, code_in_text(texts, index, place), size)
                at += 1
    return finish_any(block, total, size, is_plain)


__all__ = [
    "boolean", "finish_ascii", "join_all", "keep", "new_block", "pad_text", "padding_of", "spill",
    "uint8",
]  # fmt: skip
