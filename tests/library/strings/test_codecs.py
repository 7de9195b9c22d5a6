"""`str.encode` and `bytes.decode`, every codec with every error handler, against CPython."""

from __future__ import annotations

import codecs
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import check_same, letters, quick, texts

from pellucid import njit
from pellucid.errors import TypingError

CODECS = (
    "ascii", "latin-1", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le",
    "utf-32-be",
)  # fmt: skip
HANDLERS = (
    "strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "surrogateescape",
    "surrogatepass",
)  # fmt: skip


def encoder(codec, handler):
    @njit
    def encode(s):
        return s.encode(codec, handler)

    return encode


def decoder(codec, handler):
    @njit
    def decode(b):
        return b.decode(codec, handler)

    return decode


surrogates = st.text(st.sampled_from("aé日😀\ud800\udbff\udc00\udc80\udcff\udfff"), max_size=6)
parts = st.sampled_from([
    b"a", b"\x00", b"\x7f", b"\x80", b"\xbf", b"\xc1", b"\xc2", b"\xdf", b"\xe0", b"\x9f", b"\xa0",
    b"\xed", b"\xef", b"\xf0", b"\x8f", b"\x90", b"\xf4", b"\xf5", b"\xff", b"\xd8", b"\xdc",
    b"\xfe", b"\x00\x00", "é日😀".encode(), "é".encode("utf-16-le"), "a😀".encode("utf-16-be"),
    b"\xed\xa0\x80", b"\xed\xb2\x80", b"\x00\xd8", b"\x00\xd8\x00\x00", b"\x00\x00\xdc\x80",
    "日".encode("utf-32-le"), "😀".encode("utf-32-be"), codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE,
])  # fmt: skip
some_bytes = st.one_of(st.lists(parts, max_size=6).map(b"".join), st.binary(max_size=8))


@pytest.mark.parametrize("codec", CODECS)
def test_encode(codec):
    compiled = [encoder(codec, handler) for handler in HANDLERS]

    @settings(quick, max_examples=40)
    @given(st.one_of(letters, texts, surrogates))
    def check(s):
        for encode in compiled:
            check_same(encode, s)

    check()


@pytest.mark.parametrize("codec", CODECS)
def test_decode(codec):
    # A handler that cannot decode is told with the name of the codec before Python 3.12.
    handlers = set(HANDLERS) if sys.version_info >= (3, 12) else {*HANDLERS} - {"xmlcharrefreplace"}
    compiled = [decoder(codec, handler) for handler in sorted(handlers)]

    @settings(quick, max_examples=40)
    @given(some_bytes)
    def check(b):
        for decode in compiled:
            check_same(decode, b)

    check()


@njit
def names(s):
    return s.encode("U8"), s.encode("Latin_1"), s.encode("UTF_16LE"), s.encode(), bytes(s, "ascii")


def test_names():
    check_same(names, "abc")
    check_same(names, "é")


@njit
def caught(b):
    try:
        return b.decode()
    except UnicodeDecodeError as e:
        return str(e)


@njit
def replaced(s):
    try:
        return s.encode("ascii")
    except ValueError:
        return s.encode("ascii", "replace")


def test_caught():
    for b in (b"abc", b"a\xff", b"\xe6\x97", "日".encode()):
        check_same(caught, b)
    for s in ("abc", "é日"):
        check_same(replaced, s)


def test_refusals():
    with pytest.raises(TypingError, match="unknown encoding: nonsense"):
        encoder("nonsense", "strict")("a")
    with pytest.raises(TypingError, match="cp1252 is not compiled"):
        encoder("cp1252", "strict")("a")
    with pytest.raises(TypingError, match="`errors` is one of these"):
        decoder("utf-8", "nonsense")(b"a")
