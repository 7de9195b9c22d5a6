"""`struct` with every format character, against CPython."""

from __future__ import annotations

import copy
import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import outcome, quick

from pellucid import njit
from pellucid.errors import TypingError

ORDERS = ("", "@", "=", "<", ">", "!")
some_floats = st.one_of(
    st.floats(),
    st.floats(width=16),
    st.floats(width=32),
    st.sampled_from([65504.0, 65519.9, 65520.0, 2.0**-24, 2.0**-25, 1e39, 3.4028235677973366e38]),
)
some_ints = st.one_of(
    st.integers(-(1 << 63), (1 << 63) - 1),
    *(st.integers(-2, 2).map(lambda n, k=k: n + (1 << k)) for k in (7, 8, 15, 16, 31, 32)),
    *(st.integers(-2, 2).map(lambda n, k=k: n - (1 << k)) for k in (7, 8, 15, 31)),
)


def same(found, wanted):
    """Whether two outcomes are one, with NaN equal to itself."""
    return repr(found) == repr(wanted)


def check_same(compiled, *args):
    ours, theirs = copy.deepcopy(args), copy.deepcopy(args)
    found, wanted = outcome(compiled, *ours), outcome(compiled.py_func, *theirs)
    assert same(found, wanted), f"{args}: {found}, not {wanted}"
    assert ours == theirs


def packer(fmt):
    @njit
    def pack(*values):
        return struct.pack(fmt, *values)

    return pack


def unpacker(fmt):
    @njit
    def unpack(b, offset):
        return struct.unpack(fmt, b), struct.unpack_from(fmt, b, offset)

    return unpack


@pytest.mark.parametrize("order", ORDERS)
def test_integers(order):
    letters = "bBhHiIlLqQ" + ("nN" if order in ("", "@") else "")
    compiled = {letter: packer(order + letter) for letter in letters}

    @quick
    @given(some_ints)
    def check(value):
        for pack in compiled.values():
            check_same(pack, value)

    check()


@pytest.mark.parametrize("order", ["@", "<", ">"])
def test_floats(order):
    compiled = [packer(f"{order}{letter}") for letter in "efd"]

    @settings(quick, max_examples=200)
    @given(some_floats)
    def check(value):
        for pack in compiled:
            if not math.isnan(value):
                check_same(pack, value)

    check()


def test_every_half():
    @njit
    def number(b):
        return struct.unpack("<e", b)

    @njit
    def bits(x):
        return struct.pack("<e", x)

    for code in range(0, 1 << 16, 7):
        data = struct.pack("<H", code)
        (value,) = struct.unpack("<e", data)
        assert same(number(data), (value,))
        if not math.isnan(value):
            assert bits(value) == data


@pytest.mark.parametrize("order", ORDERS)
def test_unpack(order):
    formats = ["hB", "3sb2xi", "?c5pH", "qbd", "0i", "f2h x e", "B0q" if order == "" else "QQ"]
    compiled = {order + fmt: unpacker(order + fmt) for fmt in formats}

    @quick
    @given(st.binary(max_size=40), st.integers(-20, 20))
    def check(b, offset):
        for fmt, unpack in compiled.items():
            size = struct.calcsize(fmt)
            for data in (b, b[:size].ljust(size, b"\xf0")):
                check_same(unpack, data, offset)
                check_same(unpack, bytearray(data), offset % (len(data) + 1))

    check()


@njit
def pack_texts(s, flag):
    return (
        struct.pack("<3sp0s5p?c", s, s, s, s, flag, s[:1]),
        struct.pack("300p", s * 40),
        struct.pack("2s", bytearray(s)),
        struct.pack("?", s),
    )


@njit
def pack_into(b, offset, x, y):
    struct.pack_into("<hxB", b, offset, x, y)
    return len(b)


@njit
def pieces(b):
    total = 0
    for x, y in struct.iter_unpack(">hB", b):
        total += x * y
    return total, list(struct.iter_unpack("<2s", b))


@njit
def no_pieces(b):
    return list(struct.iter_unpack("", b))


@quick
@given(st.binary(max_size=12), st.integers(-12, 12), some_ints, some_ints)
def test_pack(b, offset, x, y):
    check_same(pack_texts, b, y > 0)
    check_same(pack_into, bytearray(b), offset, x % 65536 - 32768, y % 256)
    check_same(pieces, b)
    check_same(pieces, b + b + b)
    check_same(no_pieces, b)


@njit
def caught(b):
    try:
        return struct.unpack("<i", b)[0]
    except struct.error:
        return -1


@njit
def mixed(i, f, flag):
    return struct.pack("<qd?B", flag, i, f, flag), struct.calcsize("iq"), struct.calcsize("<iq")


def test_values():
    check_same(caught, b"abcd")
    check_same(caught, b"abc")
    check_same(mixed, 3, 0.5, True)


HEADER = struct.Struct("<hB")


@njit
def by_object(b, x):
    body = struct.Struct(">i")
    header = HEADER.unpack_from(b, 1)
    whole = bytearray(8)
    HEADER.pack_into(whole, 2, x, 7)
    return (
        (header, body.unpack(b[:4]), body.pack(x), HEADER.pack(x, 1), whole),
        (HEADER.size, body.size, HEADER.format, body.format, list(HEADER.iter_unpack(b[:6]))),
    )


def test_struct_objects():
    check_same(by_object, b"abcdefgh", 5)
    check_same(by_object, b"abcdefgh", 70000)
    check_same(by_object, b"abc", 5)


@njit
def bad_format(b):
    return struct.unpack("<y", b)


@njit
def too_few():
    return struct.pack("<ii", 1)


@njit
def not_constant(fmt, b):
    return struct.unpack(fmt, b)


def test_refusals():
    with pytest.raises(TypingError, match="bad char in struct format"):
        bad_format(b"")
    with pytest.raises(TypingError, match=r"pack expected 2 items for packing \(got 1\)"):
        too_few()
    with pytest.raises(TypingError, match="a struct format is a constant"):
        not_constant("<i", b"abcd")
    with pytest.raises(TypingError, match="required argument is not an integer"):
        packer("<i")(1.5)
