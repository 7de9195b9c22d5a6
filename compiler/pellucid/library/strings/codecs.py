"""`str.encode`, `bytes.decode`: utf-8, utf-16, utf-32, ascii, latin-1, with any error handler.

Both go twice over their input, once to count and once to write. What is wrong with a sequence, and
how much of it, is CPython's decision: its messages are these.
"""

from __future__ import annotations

import codecs

from pellucid.inference.overloads import Typed, overload, overload_method, refuse, uninterrupted
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.building import new_block, width_of
from pellucid.library.strings.fronts import (
    OCTETS,
    as_bytes,
    content,
    fronts,
    kind,
    marked_ascii,
)
from pellucid.library.strings.primitives import (
    TEXT,
    code_at,
    code_in,
    finish,
    is_ascii,
    length,
    put,
    put_any,
    width,
)
from pellucid.types import (
    Literal,
    MemoryBlock,
    Type,
    UnicodeType,
    boolean,
    int64,
    memory_block,
)

ASCII, LATIN, UTF8, UTF16_LE, UTF16_BE, UTF32_LE, UTF32_BE, UTF16, UTF32 = range(9)
_CODECS = {
    "ascii": ASCII, "iso8859-1": LATIN, "utf-8": UTF8, "utf-16-le": UTF16_LE,
    "utf-16-be": UTF16_BE, "utf-32-le": UTF32_LE, "utf-32-be": UTF32_BE, "utf-16": UTF16,
    "utf-32": UTF32,
}  # fmt: skip
"""By the names that Python's registry gives them. The last two mark their byte order."""

STRICT, IGNORE, REPLACE, BACKSLASH, XML, ESCAPE, PASS = range(7)
_HANDLERS = {
    "strict": STRICT, "ignore": IGNORE, "replace": REPLACE, "backslashreplace": BACKSLASH,
    "xmlcharrefreplace": XML, "surrogateescape": ESCAPE, "surrogatepass": PASS,
}  # fmt: skip

MARK = 0xFEFF
REPLACEMENT = 0xFFFD


def _codec(ty: Type) -> int:
    name = ty.value if isinstance(ty, Literal) else None
    if not isinstance(name, str):
        refuse("the encoding is a constant in compiled code")
    try:
        known = _CODECS.get(codecs.lookup(name).name)
    except LookupError:
        refuse(f"unknown encoding: {name}")
    if known is None:
        refuse(f"{name} is not compiled: utf-8, utf-16, utf-32, ascii and latin-1 are")
    return known


def _handler(ty: Type) -> int:
    name = ty.value if isinstance(ty, Literal) else None
    known = _HANDLERS.get(name) if isinstance(name, str) else None
    if known is None:
        refuse(f"`errors` is one of these, as a constant: {', '.join(_HANDLERS)}")
    return known


@overload_method(UnicodeType, "encode")
def encode(self, encoding="utf-8", errors="strict"):
    """As `str.encode`, to utf-8, utf-16, utf-32, ascii or latin-1, as constants."""
    require_text(self)
    codec, handler = _codec(encoding), _handler(errors)

    def impl(self, encoding="utf-8", errors="strict"):
        return encoded(self, codec, handler)

    return Typed(impl, (TEXT, encoding, errors))


def _decode_template(self, encoding="utf-8", errors="strict"):
    codec, handler = _codec(encoding), _handler(errors)

    def impl(self, encoding="utf-8", errors="strict"):
        return decoded(content(self), codec, handler)

    return Typed(impl, (kind(self), encoding, errors))


decode_ = fronts("decode", _decode_template, *OCTETS)


def name_of(codec):
    """The name of a codec in Python's errors."""
    if codec == ASCII:
        return "ascii"
    if codec == LATIN:
        return "latin-1"
    if codec == UTF8:
        return "utf-8"
    if codec == UTF16_LE:
        return "utf-16-le"
    if codec == UTF16_BE:
        return "utf-16-be"
    if codec == UTF32_LE:
        return "utf-32-le"
    if codec == UTF32_BE:
        return "utf-32-be"
    return "utf-16" if codec == UTF16 else "utf-32"


# ---- encode ---------------------------------------------------------------------------------


@overload("pellucid.text.encoded", separate=True)
def encoded(s, codec, handler):
    """The bytes of a text."""
    return Typed(_encoded, (TEXT, int64, int64))


def _encoded(s, codec, handler):
    if codec <= UTF8 and (is_ascii(s) or (codec == LATIN and width(s) == 1)):
        return as_bytes(s)
    count = _encode(s, codec, handler, new_block(0, 1), False)
    block = new_block(count, 1)
    _encode(s, codec, handler, block, True)
    return as_bytes(finish(block, count, 1, False))


@uninterrupted
def _encode(s, codec, handler, block, writes):
    """Write the bytes into a block, or only count them."""
    form = codec
    at = 0
    if codec >= UTF16:
        form = UTF16_LE if codec == UTF16 else UTF32_LE
        at = _put_code(block, 0, MARK, form, writes)
    i = 0
    while i < length(s):
        code = code_at(s, i)
        if _has_code(code, form):
            at = _put_code(block, at, code, form, writes)
            i += 1
            continue
        stop = i + 1
        if form <= UTF8:
            while stop < length(s) and not _has_code(code_at(s, stop), form):
                stop += 1
        for k in range(i, stop):
            after = _put_replacement(block, at, code_at(s, k), form, handler, writes)
            if after < 0:
                _refuse_text(s, k, stop, codec)
            at = after
        i = stop
    return at


def _has_code(code, form):
    if form == ASCII:
        return code < 128
    if form == LATIN:
        return code < 256
    return not 0xD800 <= code < 0xE000


def _refuse_text(s, start, stop, codec):
    if codec == ASCII:
        raise UnicodeEncodeError("ascii", s, start, stop, "ordinal not in range(128)")
    if codec == LATIN:
        raise UnicodeEncodeError("latin-1", s, start, stop, "ordinal not in range(256)")
    raise UnicodeEncodeError(name_of(codec), s, start, stop, "surrogates not allowed")


@overload("pellucid.text.put_code", separate=True)
def _put_code(block, at, code, form, writes):
    """Write one code point; the place after it."""
    _require_block(block)
    return Typed(_write_code, (memory_block, int64, int64, int64, boolean))


def _require_block(ty: Type) -> None:
    if not isinstance(ty, MemoryBlock):
        refuse(f"{ty} is no block of memory")


def _write_code(block, at, code, form, writes):
    if form < UTF8 or (form == UTF8 and code < 128):
        return _put_byte(block, at, code, writes)
    if form == UTF8:
        return _put_utf8(block, at, code, writes)
    is_big = form in (UTF16_BE, UTF32_BE)
    if form in (UTF32_LE, UTF32_BE):
        at = _put_unit(block, at, code & 0xFFFF if not is_big else code >> 16, is_big, writes)
        return _put_unit(block, at, code >> 16 if not is_big else code & 0xFFFF, is_big, writes)
    if code < 0x10000:
        return _put_unit(block, at, code, is_big, writes)
    at = _put_unit(block, at, 0xD800 + ((code - 0x10000) >> 10), is_big, writes)
    return _put_unit(block, at, 0xDC00 + (code & 0x3FF), is_big, writes)


def _put_unit(block, at, unit, is_big, writes):
    at = _put_byte(block, at, unit >> 8 if is_big else unit & 255, writes)
    return _put_byte(block, at, unit & 255 if is_big else unit >> 8, writes)


def _put_byte(block, at, number, writes):
    if writes:
        put(block, at, number, 1)
    return at + 1


def _put_utf8(block, at, code, writes):
    more = 1 + (code >= 2048) + (code >= 65536)
    if writes:
        head = 0xC0 if more == 1 else 0xE0 if more == 2 else 0xF0
        put(block, at, head | code >> (6 * more), 1)
        for k in range(more):
            put(block, at + 1 + k, 0x80 | (code >> (6 * (more - 1 - k))) & 0x3F, 1)
    return at + 1 + more


def _put_replacement(block, at, code, form, handler, writes):
    """What a handler puts in place of a code point; the place after it, or -1: it is refused."""
    is_surrogate = 0xD800 <= code < 0xE000
    if handler == IGNORE:
        return at
    if handler == REPLACE:
        return _put_code(block, at, 63, form, writes)
    if handler == BACKSLASH:
        return _put_escape(block, at, code, form, writes)
    if handler == XML:
        return _put_reference(block, at, code, form, writes)
    if handler == ESCAPE and form <= UTF8 and 0xDC80 <= code <= 0xDCFF:
        return _put_byte(block, at, code & 255, writes)
    if handler == PASS and form >= UTF8 and is_surrogate:
        return _put_code(block, at, code, form, writes)
    return -1


@uninterrupted
def _put_escape(block, at, code, form, writes):
    digits = 2 if code < 256 else 4 if code < 65536 else 8
    at = _put_code(block, at, 92, form, writes)
    at = _put_code(block, at, 120 if digits == 2 else 117 if digits == 4 else 85, form, writes)
    for k in range(digits):
        digit = (code >> (4 * (digits - 1 - k))) & 15
        at = _put_code(block, at, 48 + digit + 39 * (digit > 9), form, writes)
    return at


@uninterrupted
def _put_reference(block, at, code, form, writes):
    at = _put_code(block, _put_code(block, at, 38, form, writes), 35, form, writes)
    power = 1
    while power * 10 <= code:
        power *= 10
    while power > 0:
        at = _put_code(block, at, 48 + code // power % 10, form, writes)
        power //= 10
    return _put_code(block, at, 59, form, writes)


# ---- decode ---------------------------------------------------------------------------------


@overload("pellucid.text.decoded", separate=True)
def decoded(s, codec, handler):
    """The text of bytes, which come as a text of width 1."""
    return Typed(_decoded, (TEXT, int64, int64))


def _decoded(s, codec, handler):
    if codec == LATIN:
        return _marked(s)
    form, start = codec, 0
    if codec >= UTF16:
        form, start = _find_mark(s, codec)
    count, bits = _decode(s, start, form, handler, new_block(0, 1), 0)
    if bits < 128 and form <= UTF8 and count == length(s):
        return marked_ascii(s)
    size = width_of(bits)
    block = new_block(count, size)
    _decode(s, start, form, handler, block, size)
    return finish(block, count, size, bits < 128)


@uninterrupted
def _marked(s):
    bits = 0
    for i in range(length(s)):
        bits |= code_in(s, i, 1)
    return marked_ascii(s) if bits < 128 else s


def _find_mark(s, codec):
    """The byte order that a mark tells, and the place behind it."""
    is_short = codec == UTF16
    little, big = (UTF16_LE, UTF16_BE) if is_short else (UTF32_LE, UTF32_BE)
    size = 2 if is_short else 4
    if length(s) >= size:
        if _unit_at(s, 0, size, False) == MARK:
            return little, size
        if _unit_at(s, 0, size, True) == MARK:
            return big, size
    return little, 0


@uninterrupted
def _unit_at(s, at, size, is_big):
    found = 0
    for k in range(size):
        found = found << 8 | code_in(s, at + (k if is_big else size - 1 - k), 1)
    return found


@uninterrupted
def _decode(s, start, form, handler, block, size):
    """Write code points of `size` bytes into a block, or only count them if it is 0.

    Gives their number, and all their bits together.
    """
    at, count, bits = start, 0, 0
    while at < length(s):
        code, more, reason = _read(s, at, form)
        if reason == FINE:
            count, bits = _keep(block, size, count, bits, code)
            at += more
        elif handler in (STRICT, XML):
            _refuse_bytes(s, at, at + more, form, reason, handler)
        elif handler == REPLACE:
            count, bits = _keep(block, size, count, bits, REPLACEMENT)
            at += more
        elif handler == BACKSLASH:
            for k in range(at, at + more):
                count, bits = _keep_escape(block, size, count, bits, code_in(s, k, 1))
            at += more
        elif handler == ESCAPE:
            kept = 0
            while kept < min(more, 4) and code_in(s, at + kept, 1) >= 128:
                code = 0xDC00 + code_in(s, at + kept, 1)
                count, bits = _keep(block, size, count, bits, code)
                kept += 1
            if kept == 0:
                _refuse_bytes(s, at, at + more, form, reason, handler)
            at += kept
        elif handler == PASS:
            code, taken = _surrogate_at(s, at, form)
            if taken == 0:
                _refuse_bytes(s, at, at + more, form, reason, handler)
            count, bits = _keep(block, size, count, bits, code)
            at += taken
        else:
            at += more
    return count, bits


def _keep(block, size, count, bits, code):
    if size != 0:
        put_any(block, count, code, size)
    return count + 1, bits | code


def _keep_escape(block, size, count, bits, number):
    high, low = number >> 4, number & 15
    count, bits = _keep(block, size, count, bits, 92)
    count, bits = _keep(block, size, count, bits, 120)
    count, bits = _keep(block, size, count, bits, 48 + high + 39 * (high > 9))
    return _keep(block, size, count, bits, 48 + low + 39 * (low > 9))


def _surrogate_at(s, at, form):
    """The surrogate whose encoding lies somewhere, and its size; 0 if there is none."""
    if form == UTF8:
        if at + 3 <= length(s) and code_in(s, at, 1) == 0xED:
            second, third = code_in(s, at + 1, 1), code_in(s, at + 2, 1)
            if second & 0xE0 == 0xA0 and third & 0xC0 == 0x80:
                return 0xD000 | (second & 0x3F) << 6 | third & 0x3F, 3
        return 0, 0
    if form < UTF8:
        return 0, 0
    size = 2 if form <= UTF16_BE else 4
    if at + size <= length(s):
        code = _unit_at(s, at, size, form in (UTF16_BE, UTF32_BE))
        if 0xD800 <= code < 0xE000:
            return code, size
    return 0, 0


(
    FINE, NOT_ASCII, BAD_START, BAD_MIDDLE, NO_END, TRUNCATED, BAD_PAIR, LONE, TOO_LARGE,
    SURROGATE,
) = range(10)  # fmt: skip


def _reason(number):
    if number == NOT_ASCII:
        return "ordinal not in range(128)"
    if number == BAD_START:
        return "invalid start byte"
    if number == BAD_MIDDLE:
        return "invalid continuation byte"
    if number == NO_END:
        return "unexpected end of data"
    if number == TRUNCATED:
        return "truncated data"
    if number == BAD_PAIR:
        return "illegal UTF-16 surrogate"
    if number == LONE:
        return "illegal encoding"
    if number == TOO_LARGE:
        return "code point not in range(0x110000)"
    return "code point in surrogate code point range(0xd800, 0xe000)"


def _refuse_bytes(s, start, stop, form, reason, handler):
    if handler == XML:
        raise TypeError(XML_REFUSES)
    raise UnicodeDecodeError(name_of(form), as_bytes(s), start, stop, _reason(reason))


def _xml_refuses() -> str:
    try:
        b"\xff".decode("ascii", "xmlcharrefreplace")
    except TypeError as raised:
        return str(raised)
    message = "a handler of encoding errors decodes"
    raise AssertionError(message)


XML_REFUSES = _xml_refuses()


def _read(s, at, form):
    """(the code point at a place, its bytes, FINE); or (0, the bytes that are wrong, why)."""
    if form <= UTF8:
        head = code_in(s, at, 1)
        if head < 128:
            return head, 1, FINE
        if form == ASCII:
            return 0, 1, NOT_ASCII
        return _read_utf8(s, at, head)
    left = length(s) - at
    if form in (UTF16_LE, UTF16_BE):
        return _read_utf16(s, at, left, form == UTF16_BE)
    if left < 4:
        return 0, left, TRUNCATED
    code = _unit_at(s, at, 4, form == UTF32_BE)
    if code >= 0x110000:
        return 0, 4, TOO_LARGE
    if 0xD800 <= code < 0xE000:
        return 0, 4, SURROGATE
    return code, 4, FINE


def _read_utf16(s, at, left, is_big):
    if left < 2:
        return 0, left, TRUNCATED
    code = _unit_at(s, at, 2, is_big)
    if not 0xD800 <= code < 0xE000:
        return code, 2, FINE
    if code >= 0xDC00:
        return 0, 2, LONE
    if left < 4:
        return 0, left, NO_END
    low = _unit_at(s, at + 2, 2, is_big)
    if not 0xDC00 <= low < 0xE000:
        return 0, 2, BAD_PAIR
    return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), 4, FINE


@uninterrupted
def _read_utf8(s, at, head):
    if head < 0xC2 or head > 0xF4:
        return 0, 1, BAD_START
    size = 2 if head < 0xE0 else 3 if head < 0xF0 else 4
    left = length(s) - at
    code = head & (0xFF >> (size + 1))
    for k in range(1, size):
        if k >= left:
            return 0, left, NO_END
        byte = code_in(s, at + k, 1)
        if byte & 0xC0 != 0x80:
            return 0, k, BAD_MIDDLE
        # The second byte tells what is longer than it has to be, a surrogate, or beyond Unicode.
        if k == 1 and _is_wrong_second(head, byte):
            return 0, 1, BAD_MIDDLE
        code = code << 6 | byte & 0x3F
    return code, size, FINE


def _is_wrong_second(head, byte):
    if head == 0xE0:
        return byte < 0xA0
    if head == 0xED:
        return byte >= 0xA0
    if head == 0xF0:
        return byte < 0x90
    return head == 0xF4 and byte >= 0x90
