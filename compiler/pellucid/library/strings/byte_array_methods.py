"""What changes a `bytearray` besides its items, and what makes one."""

from __future__ import annotations

import operator

from pellucid.inference.overloads import Typed, overload, overload_method, refuse
from pellucid.library.builtins.heap import get, put
from pellucid.library.builtins.memory import load, store
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer
from pellucid.library.strings.basics import every, repeated, require_text
from pellucid.library.strings.byte_arrays import (
    ASSIGN_VALUE,
    IN_USE,
    array_of,
    put_text_at,
    replace_range,
    require_array,
    set_length,
    text_over,
)
from pellucid.library.strings.byte_strings import bytes_, collected, hex_content
from pellucid.library.strings.byte_strings import maketrans as bytes_maketrans
from pellucid.library.strings.fronts import BYTE_ARRAY, content, is_buffer, shown
from pellucid.library.strings.primitives import TEXT, is_text, length
from pellucid.types import ByteArray, Integer, NoneType, Type, int64, uint8

EMPTY_POP, POP_RANGE = error_text(bytearray().pop), error_text(bytearray(b"a").pop, 5)
NOT_REMOVED = error_text(bytearray().remove, 1)


# ---- methods that change --------------------------------------------------------------------


def _number(ty: Type) -> Type:
    if not isinstance(ty.base, Integer):
        refuse(f"'{ty.base}' object cannot be interpreted as an integer")
    return int64


@overload_method(ByteArray, "append", inline=True)
def append(self, item, /):
    """As `bytearray.append`."""
    return Typed(_append, (BYTE_ARRAY, _number(item)))


def _append(self, item):
    if not 0 <= item < 256:
        raise ValueError(ASSIGN_VALUE)
    count = get(self, "length")
    if get(self, "is_lent") or count == get(self, "capacity") or get(self, "exports") > 0:
        set_length(self, count + 1)
    else:
        put(self, "length", count + 1)
    store(get(self, "items"), count, uint8(item))


@overload_method(ByteArray, "insert", separate=True)
def insert(self, index, item, /):
    """As `bytearray.insert`."""
    integer(index)
    return Typed(_insert, (BYTE_ARRAY, int64, _number(item)))


def _insert(self, index, item):
    if not 0 <= item < 256:
        raise ValueError(ASSIGN_VALUE)
    count = get(self, "length")
    at = max(index + count, 0) if index < 0 else min(index, count)
    replace_range(self, at, at, content(item))


@overload_method(ByteArray, "pop", separate=True)
def pop(self, index=-1, /):
    """As `bytearray.pop`."""
    integer(index)
    return Typed(_pop, (BYTE_ARRAY, int64))


def _pop(self, index=-1):
    count = get(self, "length")
    if count == 0:
        raise IndexError(EMPTY_POP)
    at = index + count if index < 0 else index
    if not 0 <= at < count:
        raise IndexError(POP_RANGE)
    found = int64(load(get(self, "items"), at))
    replace_range(self, at, at + 1, "")
    return found


@overload_method(ByteArray, "remove", separate=True)
def remove(self, value, /):
    """As `bytearray.remove`."""
    return Typed(_remove, (BYTE_ARRAY, _number(value)))


def _remove(self, value):
    if not 0 <= value < 256:
        raise ValueError(ASSIGN_VALUE)
    at = self.find(value)
    if at < 0:
        raise ValueError(NOT_REMOVED)
    replace_range(self, at, at + 1, "")


@overload_method(ByteArray, "clear")
def clear(self):
    """As `bytearray.clear`."""
    return _clear


def _clear(self):
    replace_range(self, 0, get(self, "length"), "")


@overload_method(ByteArray, "copy")
def copy(self):
    """As `bytearray.copy`."""
    return _copy


def _copy(self):
    return array_of(text_over(self))


@overload_method(ByteArray, "reverse")
def reverse(self):
    """As `bytearray.reverse`."""
    return _reverse


def _reverse(self):
    s = content(self)
    put_text_at(get(self, "items"), every(s, length(s) - 1, -1, -1))


@overload_method(ByteArray, "extend")
def extend(self, iterable_of_ints, /):
    """As `bytearray.extend`: bytes, or an iterable of numbers."""
    if isinstance(iterable_of_ints.base, Integer):
        refuse(f"can't extend bytearray with {iterable_of_ints.base}")
    return _extend_by_octets if is_buffer(iterable_of_ints) else _extend_by_items


def _extend_by_octets(self, iterable_of_ints):
    extend_by(self, content(iterable_of_ints))


def _extend_by_items(self, iterable_of_ints):
    extend_by(self, collected(iterable_of_ints, True))


@overload("pellucid.bytes.extend_by", separate=True)
def extend_by(obj, text):
    """Put a text at the end of a bytearray."""
    return Typed(_extend_by, (BYTE_ARRAY, TEXT))


def _extend_by(obj, text):
    replace_range(obj, get(obj, "length"), get(obj, "length"), text)


@overload(operator.iadd)
def iadd(a, b):
    """`b += bytes`: the bytearray itself grows."""
    require_array(a)
    if not is_buffer(b):
        refuse(f"can't concat {b.base} to bytearray")
    return _iadd_array if isinstance(b, ByteArray) else _iadd


def _iadd(a, b):
    extend_by(a, content(b))
    return a


def _iadd_array(a, b):
    if a is b and len(b) > 0:
        raise BufferError(IN_USE)  # Python looks at the other while it changes this one
    extend_by(a, content(b))
    return a


@overload(operator.imul)
def imul(a, b):
    """`b *= n`: the bytearray itself grows."""
    require_array(a)
    integer(b)
    return Typed(_imul, (BYTE_ARRAY, int64))


def _imul(a, b):
    replace_range(a, 0, get(a, "length"), repeated(content(a), b))
    return a


# ---- calls of the class ---------------------------------------------------------------------


@overload(bytearray)
def bytearray_(source=b"", encoding=None, errors=None):
    """As in Python: of bytes and what is like them, a count, an iterable of ints, or a str and
    its encoding."""
    if is_buffer(source) and isinstance(encoding, NoneType):
        return _array_of_octets
    if not is_text(source) and not isinstance(source.base, Integer):
        return _array_of_items
    bytes_.template(source, encoding, errors)
    if isinstance(encoding, NoneType):
        return _array_of_source
    return _array_of_text if isinstance(errors, NoneType) else _array_of_text_with


def _array_of_octets(source=b"", encoding=None, errors=None):
    return array_of(shown(source))


def _array_of_items(source, encoding=None, errors=None):
    return array_of(collected(source, True))


def _array_of_source(source=b"", encoding=None, errors=None):
    return array_of(shown(bytes(source)))


def _array_of_text(source, encoding, errors=None):
    return array_of(shown(source.encode(encoding)))


def _array_of_text_with(source, encoding, errors):
    return array_of(shown(source.encode(encoding, errors)))


@overload(bytearray.fromhex)
def fromhex(string, /):
    """As `bytearray.fromhex`."""
    require_text(string)
    return Typed(_fromhex, (TEXT,))


def _fromhex(string):
    return array_of(hex_content(string))


@overload(bytearray.maketrans)
def maketrans(frm, to, /):
    """As `bytes.maketrans`."""
    return bytes_maketrans.template(frm, to)
