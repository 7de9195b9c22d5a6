"""Methods of numbers that are about their digits: bytes, ratios, hexadecimal text."""

from __future__ import annotations

import math

from pellucid.inference.overloads import Typed, overload, overload_method, refuse, uninterrupted
from pellucid.library.builtins.promotion import integer
from pellucid.library.strings.building import new_block
from pellucid.library.strings.fronts import as_bytes, is_buffer, shown
from pellucid.library.strings.primitives import TEXT, code_at, finish, put_any
from pellucid.types import (
    Boolean,
    Float,
    Integer,
    Literal,
    Type,
    UnicodeType,
    boolean,
    float64,
    int64,
)

HIGHEST = 1 << 52


def _is_big(byteorder: Type) -> bool:
    text = byteorder.value if isinstance(byteorder, Literal) else None
    if not isinstance(byteorder.base, UnicodeType) or text not in ("big", "little"):
        refuse("byteorder must be either 'little' or 'big', known while compiling")
    return text == "big"


@overload_method(Integer, "to_bytes")
def to_bytes(self, length=1, byteorder="big", *, signed=False):
    """The bytes of an integer.

    >>> (258).to_bytes(2, "big")
    b'\\x01\\x02'
    """
    integer(length)
    if not self.base.signed:
        refuse("an unsigned integer has no to_bytes in compiled code: int64() it")
    is_big = _is_big(byteorder)

    def impl(self, length=1, byteorder="big", *, signed=False):
        return bytes_of(int64(self), int64(length), is_big, bool(signed))

    return impl


@overload("pellucid.numbers.bytes_of", separate=True)
def bytes_of(value, length, is_big, signed):
    """The bytes of an integer, which must fit."""
    return Typed(_bytes_of, (int64, int64, boolean, boolean))


@uninterrupted
def _bytes_of(value, length, is_big, signed):
    if length < 0:
        raise ValueError("length argument must be non-negative")
    if value < 0 and not signed:
        raise OverflowError("can't convert negative int to unsigned")
    if length < 8:
        bits = 8 * length - (1 if signed and length > 0 else 0)
        if (value if value >= 0 else ~value) >> bits != 0 or (length == 0 and value != 0):
            raise OverflowError("int too big to convert")
    block = new_block(length, 1)
    for i in range(length):
        digit = (value >> min(8 * i, 63)) & 255
        put_any(block, length - 1 - i if is_big else i, digit, 1)
    return as_bytes(finish(block, length, 1, False))


@overload_method(Boolean, "to_bytes")
def bool_to_bytes(self, length=1, byteorder="big", *, signed=False):
    """The bytes of a bool as an integer."""
    integer(length)
    is_big = _is_big(byteorder)

    def impl(self, length=1, byteorder="big", *, signed=False):
        return bytes_of(int64(self), int64(length), is_big, bool(signed))

    return impl


@overload(int.from_bytes)
def from_bytes(bytes, byteorder="big", *, signed=False):
    """The integer of at most eight bytes, as an int64.

    >>> int.from_bytes(b"\\x01\\x02", "big")
    258
    """
    if not is_buffer(bytes):
        refuse(f"{bytes.base} is not bytes")
    is_big = _is_big(byteorder)

    def impl(bytes, byteorder="big", *, signed=False):
        return number_of(shown(bytes), is_big, bool(signed))

    return impl


@overload("pellucid.numbers.number_of", separate=True)
def number_of(text, is_big, signed):
    """The integer of the bytes that a text shows; OverflowError if it is no int64."""
    return Typed(_number_of, (TEXT, boolean, boolean))


@uninterrupted
def _number_of(text, is_big, signed):
    count = len(text)
    if count == 0:
        return 0
    first = code_at(text, 0 if is_big else count - 1)
    is_negative = signed and first >= 128
    found = -1 if is_negative else 0
    limit = 1 << 55
    for i in range(count):
        if not -limit <= found < limit:
            raise OverflowError("the bytes are more than an int64 holds")
        found = 256 * found + code_at(text, i if is_big else count - 1 - i)
    return found


@overload_method(Integer, "as_integer_ratio")
def int_ratio(self):
    """The integer, and 1."""
    integer(self)
    return _int_ratio


def _int_ratio(self):
    return int(self), 1


@overload_method(Boolean, "bit_length")
def bool_bit_length(self):
    """1 for True, 0 for False."""
    return _as_int


@overload_method(Boolean, "bit_count")
def bool_bit_count(self):
    """1 for True, 0 for False."""
    return _as_int


def _as_int(self):
    return int(self)


@overload_method(Boolean, "as_integer_ratio")
def bool_ratio(self):
    """The bool as an integer, and 1."""
    return _int_ratio


@overload_method(Float, "as_integer_ratio")
def float_ratio(self):
    """The numerator and denominator, where both are an int64; OverflowError otherwise.

    >>> (0.75).as_integer_ratio()
    (3, 4)
    """
    return Typed(_float_ratio, (float64,))


def _float_ratio(self):
    if self != self:
        raise ValueError("cannot convert NaN to integer ratio")
    if self - self != 0:
        raise OverflowError("cannot convert Infinity to integer ratio")
    fraction, exponent = math.frexp(self)
    while fraction != math.floor(fraction):
        fraction *= 2.0
        exponent -= 1
    top = int64(fraction)
    if exponent >= 0:
        if exponent > 62 or abs(top) > (9223372036854775807 >> exponent):
            raise OverflowError("the numerator is more than an int64 holds")
        return top << exponent, 1
    if exponent < -62:
        raise OverflowError("the denominator is more than an int64 holds")
    return top, 1 << -exponent


@overload_method(Float, "hex")
def float_hex(self):
    """The hexadecimal text of a float.

    >>> (1.5).hex()
    '0x1.8000000000000p+0'
    """
    return Typed(_float_hex, (float64,))


def _float_hex(self):
    if self - self != 0:
        return str(self)
    sign = "-" if math.copysign(1.0, self) < 0 else ""
    if self == 0:
        return f"{sign}0x0.0p+0"
    fraction, exponent = math.frexp(abs(self))
    lost = max(0, -1021 - exponent)
    fraction = math.ldexp(fraction, 1 - lost)
    exponent -= 1 - lost
    lead = int64(fraction)
    digits = int64((fraction - lead) * HIGHEST)
    return f"{sign}0x{lead}.{digits:013x}p{exponent:+d}"
