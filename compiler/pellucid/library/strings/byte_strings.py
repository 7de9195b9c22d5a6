"""`bytes`: as text of width 1, with numbers for items; `encode` and `decode`.

Searching and parting is the text's own. What depends on letters differs: to `bytes` there are those
of ASCII only.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.text_form import ASCII
from pellucid.inference.overloads import (
    Overload,
    Typed,
    intrinsic,
    overload,
    overload_method,
    refuse,
    uninterrupted,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.heap import new
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer, literal_value
from pellucid.library.builtins.structs import format_error
from pellucid.library.containers.lists import add_last
from pellucid.library.strings.basics import every, order, repeated, require_text
from pellucid.library.strings.building import concat, new_block, part, width_of
from pellucid.library.strings.primitives import (
    TEXT,
    code_at,
    code_in,
    finish,
    is_ascii,
    length,
    put,
    put_any,
    same_text,
    width,
)
from pellucid.library.strings.scanning import find_byte, find_in
from pellucid.library.strings.search import bound
from pellucid.types import (
    BytesType,
    Integer,
    List,
    Literal,
    NoneType,
    Slice,
    Type,
    UnicodeType,
    bytes_type,
    int64,
)

INDEX_RANGE = error_text(operator.getitem, b"ab", 5)
NOT_A_BYTE = error_text(operator.contains, b"ab", 256)
NOT_ASCII = "'ascii' codec can't decode byte in position {}: ordinal not in range(128)"
NOT_UTF8 = "'utf-8' codec can't decode byte in position {}"
BYTES = bytes_type
LIST = List(BYTES)


@intrinsic
def as_text(b):
    """The text of width 1 in the same memory; only its code points count, not what they need."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        names = ("owner", "data", "length")
        parts = {name: cg.field(BYTES, args[0], name) for name in names}
        made = cg.make(TEXT, form=ll.Constant(ll.IntType(32), 1), **parts)
        cg.retain(TEXT, made)
        return made

    def run(b: bytes) -> str:
        return b.decode("latin-1")

    return Primitive("bytes.as_text", TEXT(BYTES), lower, run)


@intrinsic
def as_bytes(s):
    """The bytes in the memory of a text of width 1."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        names = ("owner", "data", "length")
        made = cg.make(BYTES, **{name: cg.field(TEXT, args[0], name) for name in names})
        cg.retain(BYTES, made)
        return made

    def run(s: str) -> bytes:
        return s.encode("latin-1")

    return Primitive("bytes.of_text", BYTES(TEXT), lower, run)


@intrinsic
def marked_ascii(s):
    """The same text, whose code points are known to be below 128."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        names = ("owner", "data", "length")
        parts = {name: cg.field(TEXT, args[0], name) for name in names}
        made = cg.make(TEXT, form=ll.Constant(ll.IntType(32), 1 | ASCII), **parts)
        cg.retain(TEXT, made)
        return made

    return Primitive("text.marked_ascii", TEXT(TEXT), lower, lambda s: s)


def require_bytes(*tys: Type) -> None:
    """Refuse what is not bytes."""
    for ty in tys:
        if not isinstance(ty.base, BytesType):
            refuse(f"{ty.base} is not bytes")


# ---- operators ------------------------------------------------------------------------------


@overload(len, inline=True)
def bytes_length(x):
    """The number of bytes."""
    require_bytes(x)
    return Typed(_length, (BYTES,))


def _length(x):
    return length(as_text(x))


@overload(bool, inline=True)
def truth(x=False):
    """Whether there are bytes."""
    require_bytes(x)
    return Typed(_truth, (BYTES,))


def _truth(x):
    return length(as_text(x)) != 0


@overload(operator.getitem, inline=True)
def getitem(a, b):
    """`b[i]`, a number, and `b[i:j:k]`."""
    require_bytes(a)
    if not isinstance(b, Slice):
        integer(b)
        return Typed(_item, (BYTES, int64))
    wanted = Slice(*map(_slice_part, (b.start, b.stop, b.step)))
    is_plain = isinstance(b.step, NoneType) or literal_value(b.step) == 1
    return Typed(_run if is_plain else _stepped, (BYTES, wanted))


def _slice_part(ty: Type) -> Type:
    return int64 if isinstance(ty.base, Integer) and not isinstance(ty, Literal) else ty


def _item(a, b):
    text = as_text(a)
    k = b + length(text) if b < 0 else b
    if not 0 <= k < length(text):
        raise IndexError(INDEX_RANGE)
    return code_in(text, k, 1)


def _run(a, b):
    text = as_text(a)
    start, stop, _ = b.indices(length(text))
    return as_bytes(part(text, start, max(stop - start, 0)))


def _stepped(a, b):
    text = as_text(a)
    start, stop, step = b.indices(length(text))
    return as_bytes(every(text, start, stop, step))


@overload(iter_start, inline=True)
def start(iterable):
    """Bytes are iterated by position."""
    require_bytes(iterable)
    return Typed(_start, (BYTES,))


def _start(iterable):
    return 0


@overload(iter_valid, inline=True)
def valid(iterable, state):
    """Whether there is a byte at a position."""
    require_bytes(iterable)
    return Typed(_valid, (BYTES, int64))


def _valid(iterable, state):
    return state < length(as_text(iterable))


@overload(iter_value, inline=True)
def value(iterable, state):
    """The byte at a position, a number."""
    require_bytes(iterable)
    return Typed(_value, (BYTES, int64))


def _value(iterable, state):
    return code_in(as_text(iterable), state, 1)


@overload(iter_next, inline=True)
def following(iterable, state):
    """The next position."""
    require_bytes(iterable)
    return Typed(_following, (BYTES, int64))


def _following(iterable, state):
    return state + 1


def _binary(function: Callable[..., Any], impl: Callable[..., Any]) -> Overload:
    def template(a, b):
        require_bytes(a, b)
        return Typed(impl, (BYTES, BYTES))

    template.__qualname__ = f"bytes_{function.__name__}"
    template.__doc__ = "Of bytes, as Python does."
    return overload(function, inline=True)(template)


def _add(a, b):
    return as_bytes(concat(as_text(a), as_text(b)))


def _equal(a, b):
    return same_text(as_text(a), as_text(b))


def _unequal(a, b):
    return not same_text(as_text(a), as_text(b))


def _less(a, b):
    return order(as_text(a), as_text(b)) < 0


def _less_or_equal(a, b):
    return order(as_text(a), as_text(b)) <= 0


def _greater(a, b):
    return order(as_text(a), as_text(b)) > 0


def _greater_or_equal(a, b):
    return order(as_text(a), as_text(b)) >= 0


add, iadd = _binary(operator.add, _add), _binary(operator.iadd, _add)
eq, ne = _binary(operator.eq, _equal), _binary(operator.ne, _unequal)
lt, le = _binary(operator.lt, _less), _binary(operator.le, _less_or_equal)
gt, ge = _binary(operator.gt, _greater), _binary(operator.ge, _greater_or_equal)


@overload(operator.mul, inline=True)
def mul(a, b):
    """Bytes several times."""
    if isinstance(a.base, BytesType):
        integer(b)
        return Typed(_times, (BYTES, int64))
    require_bytes(b)
    integer(a)
    return Typed(_times_reversed, (int64, BYTES))


def _times(a, b):
    return as_bytes(repeated(as_text(a), b))


def _times_reversed(a, b):
    return as_bytes(repeated(as_text(b), a))


@overload(operator.contains)
def contains(a, b):
    """Whether bytes, or a number, are in bytes."""
    require_bytes(a)
    if isinstance(b.base, BytesType):
        return Typed(_contains, (BYTES, BYTES))
    integer(b)
    return Typed(_contains_code, (BYTES, int64))


def _contains(a, b):
    return find_in(as_text(a), as_text(b), 0, len(a)) >= 0


def _contains_code(a, b):
    if not 0 <= b < 256:
        raise ValueError(NOT_A_BYTE)
    return find_byte(as_text(a), b, 0, len(a)) >= 0


@overload(hash)
def hash_(obj):
    """The hash of bytes is CPython's, in this process."""
    require_bytes(obj)
    return Typed(_hash, (BYTES,))


def _hash(obj):
    return hash(as_text(obj))


# ---- methods that are the text's ------------------------------------------------------------


def _place_method(name: str, impl: Callable[..., Any]) -> Overload:
    def template(self, sub, start=None, end=None, /):
        require_bytes(self, sub)
        return Typed(impl, (BYTES, BYTES, bound(start), bound(end)))

    template.__qualname__ = f"bytes_{name}"
    template.__doc__ = f"As `bytes.{name}`."
    return overload_method(BytesType, name)(template)


def _find(self, sub, start=None, end=None):
    return as_text(self).find(as_text(sub), start, end)


def _rfind(self, sub, start=None, end=None):
    return as_text(self).rfind(as_text(sub), start, end)


def _count(self, sub, start=None, end=None):
    return as_text(self).count(as_text(sub), start, end)


def _startswith(self, sub, start=None, end=None):
    return as_text(self).startswith(as_text(sub), start, end)


def _endswith(self, sub, start=None, end=None):
    return as_text(self).endswith(as_text(sub), start, end)


find, rfind = _place_method("find", _find), _place_method("rfind", _rfind)
count = _place_method("count", _count)
startswith = _place_method("startswith", _startswith)
endswith = _place_method("endswith", _endswith)


@overload_method(BytesType, "replace", separate=True)
def replace(self, old, new, /, count=-1):
    """As `bytes.replace`."""
    require_bytes(self, old, new)
    integer(count)
    return Typed(_replace, (BYTES, BYTES, BYTES, int64))


def _replace(self, old, new, count=-1):
    return as_bytes(as_text(self).replace(as_text(old), as_text(new), count))


@overload_method(BytesType, "partition", separate=True)
def partition(self, sep, /):
    """As `bytes.partition`."""
    require_bytes(self, sep)
    return Typed(_partition, (BYTES, BYTES))


def _partition(self, sep):
    before, found, after = as_text(self).partition(as_text(sep))
    return as_bytes(before), as_bytes(found), as_bytes(after)


@overload_method(BytesType, "split", separate=True)
def split(self, sep, maxsplit=-1):
    """As `bytes.split`, with a separator."""
    require_bytes(self, sep)
    integer(maxsplit)
    return Typed(_split, (BYTES, BYTES, int64))


@uninterrupted
def _split(self, sep, maxsplit=-1):
    made = new(LIST)
    for piece in as_text(self).split(as_text(sep), maxsplit):
        add_last(made, as_bytes(piece))
    return made


@overload_method(BytesType, "strip", separate=True)
def strip(self, chars=None, /):
    """As `bytes.strip`."""
    require_bytes(self)
    if isinstance(chars.base, NoneType):
        return Typed(_strip_spaces, (BYTES, chars.base))
    require_bytes(chars)
    return Typed(_strip, (BYTES, BYTES))


def _strip(self, chars=None):
    return as_bytes(as_text(self).strip(as_text(chars)))


def _strip_spaces(self, chars=None):
    return as_bytes(as_text(self).strip(" \t\n\r\x0b\x0c"))


@overload_method(BytesType, "hex", separate=True)
def hex_(self):
    """As `bytes.hex`, without a separator.

    >>> b"az".hex()
    '617a'
    """
    return Typed(_hex, (BYTES,))


@uninterrupted
def _hex(self):
    text = as_text(self)
    block = new_block(2 * length(text), 1)
    for i in range(length(text)):
        code = code_in(text, i, 1)
        put(block, 2 * i, _digit(code >> 4), 1)
        put(block, 2 * i + 1, _digit(code & 15), 1)
    return finish(block, 2 * length(text), 1, True)


def _digit(number):
    return 48 + number + 39 * (number > 9)


# ---- encode and decode ----------------------------------------------------------------------

_ENCODINGS = {"utf-8": 8, "utf8": 8, "ascii": 7, "us-ascii": 7, "latin-1": 1, "latin1": 1}


def _encoding(ty: Type, errors: Type) -> int:
    """8, 7 or 1, of an encoding that is a constant; `errors` must be "strict"."""
    name = ty.value if isinstance(ty, Literal) else None
    if not isinstance(errors, Literal) or errors.value != "strict":
        refuse('`errors` is "strict" in compiled code')
    known = _ENCODINGS.get(str(name).lower().replace("_", "-"))
    if name is None or known is None:
        refuse("the encoding is a constant: utf-8, ascii or latin-1")
    return known


@overload_method(UnicodeType, "encode", separate=True)
def encode(self, encoding="utf-8", errors="strict"):
    """As `str.encode`, to utf-8, ascii or latin-1, with strict errors.

    Unlike Python: what has no code raises UnicodeError itself, not UnicodeEncodeError.
    """
    require_text(self)
    known = _encoding(encoding, errors)
    impl = {8: _encode_utf8, 7: _encode_ascii, 1: _encode_latin}[known]
    return Typed(impl, (TEXT, encoding, errors))


def _encode_latin(self, encoding="latin-1", errors="strict"):
    if width(self) == 1:
        return as_bytes(self)
    raise UnicodeError("'latin-1' codec can't encode characters: ordinal not in range(256)")


def _encode_ascii(self, encoding="ascii", errors="strict"):
    if self.isascii():
        return as_bytes(self)
    raise UnicodeError("'ascii' codec can't encode characters: ordinal not in range(128)")


@uninterrupted
def _encode_utf8(self, encoding="utf-8", errors="strict"):
    if is_ascii(self):
        return as_bytes(self)
    total = 0
    for i in range(length(self)):
        code = code_at(self, i)
        if 0xD800 <= code < 0xE000:
            raise UnicodeError("'utf-8' codec can't encode characters: surrogates not allowed")
        total += 1 + (code >= 128) + (code >= 2048) + (code >= 65536)
    block = new_block(total, 1)
    at = 0
    for i in range(length(self)):
        at = _put_utf8(block, at, code_at(self, i))
    return as_bytes(finish(block, total, 1, False))


def _put_utf8(block, at, code):
    if code < 128:
        put(block, at, code, 1)
        return at + 1
    more = 1 + (code >= 2048) + (code >= 65536)
    head = 0xC0 if more == 1 else 0xE0 if more == 2 else 0xF0
    put(block, at, head | code >> (6 * more), 1)
    for k in range(more):
        put(block, at + 1 + k, 0x80 | (code >> (6 * (more - 1 - k))) & 0x3F, 1)
    return at + 1 + more


@overload_method(BytesType, "decode", separate=True)
def decode(self, encoding="utf-8", errors="strict"):
    """As `bytes.decode`, from utf-8, ascii or latin-1, with strict errors.

    Unlike Python: what is wrong raises UnicodeError itself, not UnicodeDecodeError.
    """
    require_bytes(self)
    known = _encoding(encoding, errors)
    impl = {8: _decode_utf8, 7: _decode_ascii, 1: _decode_latin}[known]
    return Typed(impl, (BYTES, encoding, errors))


def _decode_latin(self, encoding="latin-1", errors="strict"):
    return as_text(self)


@uninterrupted
def _decode_ascii(self, encoding="ascii", errors="strict"):
    text = as_text(self)
    for i in range(length(text)):
        if code_in(text, i, 1) >= 128:
            raise format_error(UnicodeError, NOT_ASCII, i)
    return marked_ascii(text)


@uninterrupted
def _decode_utf8(self, encoding="utf-8", errors="strict"):
    text = as_text(self)
    count = bits = at = 0
    while at < length(text):
        size = _sequence_size(text, at)
        if size == 0:
            raise format_error(UnicodeError, NOT_UTF8, at)
        bits |= _code_of(text, at, size)
        count += 1
        at += size
    if bits < 128:
        return marked_ascii(text)
    size = width_of(bits)
    block = new_block(count, size)
    at = 0
    for i in range(count):
        more = _sequence_size(text, at)
        put_any(block, i, _code_of(text, at, more), size)
        at += more
    return finish(block, count, size, False)


@uninterrupted
def _sequence_size(text, at):
    """The bytes of the code point at `at`, or 0 if there is none."""
    head = code_in(text, at, 1)
    if head < 0x80:
        return 1
    size = 2 if head < 0xE0 else 3 if head < 0xF0 else 4
    if head < 0xC2 or head > 0xF4 or at + size > length(text):
        return 0
    for k in range(1, size):
        if code_in(text, at + k, 1) & 0xC0 != 0x80:
            return 0
    # Too long, a surrogate, or beyond Unicode.
    code = _code_of(text, at, size)
    if size == 3 and (code < 0x800 or 0xD800 <= code < 0xE000):
        return 0
    return 0 if size == 4 and not 0x10000 <= code <= 0x10FFFF else size


@uninterrupted
def _code_of(text, at, size):
    head = code_in(text, at, 1)
    if size == 1:
        return head
    code = head & (0xFF >> (size + 1))
    for k in range(1, size):
        code = code << 6 | code_in(text, at + k, 1) & 0x3F
    return code
