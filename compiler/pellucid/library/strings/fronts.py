"""One implementation for `str`, `bytes` and `bytearray`: what a method sees of each.

    shown(x)         the text of a str; of bytes and what is like them, a text of width 1 over the
                     same memory, whose code points are the numbers. Only to be looked at
    content(x)       the same of an operand, in memory that does not change; of an int, that byte
    like(x, text)    a value of the class of `x` with that content
    is_binary(x)     whether `x` is bytes or like them: their letters are those of ASCII
    dtype_of(x)      the type of what `like` makes, as a dtype

    find = fronts("find", template)

A template that serves all of them takes the receiver as `kind(self)` says, and what has to be of
the same sort (`"a".find("b")`, `b"a".find(b"b")`) as `operand(self, sub)` says.
"""

from __future__ import annotations

import inspect
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
)
from pellucid.ir.callee import Primitive
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.strings.primitives import TEXT, is_text, one_byte_text
from pellucid.types import (
    ByteArray,
    BytesType,
    Integer,
    MemoryView,
    Type,
    UnicodeType,
    byte_array,
    bytes_type,
    int64,
)
from pellucid.types.kinds import static

BYTES, BYTE_ARRAY = bytes_type, byte_array
NOT_A_BYTE = error_text(operator.contains, b"ab", 256)
KINDS: dict[type[Type], type] = {UnicodeType: str, BytesType: bytes, ByteArray: bytearray}
"""The kinds of types whose methods are these, and Python's classes of them."""
OCTETS = (BytesType, ByteArray)


# ---- memory ---------------------------------------------------------------------------------


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


# ---- types ----------------------------------------------------------------------------------


def find_kind(ty: Type) -> Type | None:
    """The type of a receiver without what is known of it; None if it is none of these."""
    return ty.base if isinstance(ty.base, tuple(KINDS)) else None


def kind(ty: Type) -> Type:
    """The type in which a receiver is taken: that of a str, bytes or a bytearray."""
    found = find_kind(ty)
    return refuse(f"{ty.base} is neither a str nor bytes") if found is None else found


def is_octets(ty: Type) -> bool:
    """Whether a type is that of bytes, or of an object whose memory is read like theirs."""
    return isinstance(ty.base, OCTETS)


def is_buffer(ty: Type) -> bool:
    """Whether a type is that of what Python calls bytes-like: bytes, or memory that is read so."""
    return is_octets(ty) or isinstance(ty, MemoryView)


def operand(self: Type, ty: Type, *, takes_int: bool = False) -> Type:
    """The type in which what goes with a receiver is taken; refuses what is not of its sort."""
    if is_text(self):
        return TEXT if is_text(ty) else refuse(f"{ty.base} is not a str")
    if takes_int and isinstance(ty.base, Integer):
        integer(ty)
        return int64
    if not is_buffer(ty):
        refuse(f"a bytes-like object is required, not {ty.base}")
    return ty.base


@static
def is_binary(x: Type) -> bool:
    """Whether a receiver is not a str."""
    return not is_text(x)


@static
def dtype_of(x: Type) -> Type:
    """The type of a receiver, as a dtype."""
    return kind(x)


# ---- values ---------------------------------------------------------------------------------


def shown(x: Any) -> Any:
    """The text of a str; of bytes, a text of width 1 over the same memory, to be looked at."""
    message = f"shown({x}) has a meaning in compiled code only"
    raise TypeError(message)


def content(x: Any) -> Any:
    """The text of an operand, which may be kept; of an int, that byte."""
    message = f"content({x}) has a meaning in compiled code only"
    raise TypeError(message)


def like(x: Any, text: Any) -> Any:
    """A value of the class of `x`, with the content that a text shows."""
    message = f"like({x}, {text}) has a meaning in compiled code only"
    raise TypeError(message)


@overload(shown, inline=True)
def shown_(x):
    """Of a str, or bytes."""
    if is_text(x):
        return Typed(_itself, (TEXT,))
    if not isinstance(x.base, BytesType):
        refuse(f"{x.base} is neither a str nor bytes")
    return Typed(_as_text, (BYTES,))


def _itself(x):
    return x


def _as_text(x):
    return as_text(x)


@overload(content, inline=True)
def content_(x):
    """Of a str, bytes, or a number."""
    if is_text(x):
        return Typed(_itself, (TEXT,))
    if isinstance(x.base, Integer):
        return Typed(_one_byte, (int64,))
    if not isinstance(x.base, BytesType):
        refuse(f"{x.base} is neither a str nor bytes")
    return Typed(_as_text, (BYTES,))


def _one_byte(x):
    if not 0 <= x < 256:
        raise ValueError(NOT_A_BYTE)
    return one_byte_text(x)


@overload(like, inline=True)
def like_(x, text):
    """Of a str, or bytes."""
    if is_text(x):
        return _text
    if not isinstance(x.base, BytesType):
        refuse(f"{x.base} is neither a str nor bytes")
    return _bytes


def _text(x, text):
    return text


def _bytes(x, text):
    return as_bytes(text)


# ---- methods --------------------------------------------------------------------------------


def fronts(
    name: str, template: Callable[..., Any], *kinds: type[Type], separate: bool = False
) -> tuple[Overload, ...]:
    """The method `name` of each kind, all by one template, which asks what it is called for."""
    return tuple(_front(each, name, template, separate) for each in kinds or KINDS)


def _front(each: type[Type], name: str, template: Callable[..., Any], separate: bool) -> Overload:
    def made(*args: Any, **kwargs: Any) -> Any:
        return template(*args, **kwargs)

    cls = KINDS[each].__name__
    made.__module__ = template.__module__
    made.__qualname__ = f"{cls}_{name}"
    made.__doc__ = template.__doc__ or f"As `{cls}.{name}`."
    made.__signature__ = inspect.signature(template)  # type: ignore[attr-defined]  # what it takes
    return overload_method(each, name, separate=separate)(made)
