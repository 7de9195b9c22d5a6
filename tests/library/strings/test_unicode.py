"""Kinds and cases of all code points, and the literal forms of text, against CPython."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from texts import check_same, letters, outcome, quick, texts

from pellucid import njit


@njit
def kinds(s):
    return (
        (s.isalnum(), s.isalpha(), s.isascii(), s.isdecimal(), s.isdigit(), s.isidentifier()),
        (s.islower(), s.isnumeric(), s.isprintable(), s.isspace(), s.istitle(), s.isupper()),
    )


@njit
def cases(s):
    return s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold()


@njit
def quoted(s):
    return repr(s), ascii(s), str(s), ""


words = st.text(st.sampled_from("aAßǆǅﬁİıΣσς'\u0345\u02b0.\u00adŉ 1日"), max_size=8)


@quick
@given(st.one_of(words, letters, texts))
def test_texts(s):
    for function in (kinds, cases, quoted):
        check_same(function, s)


@quick
@given(st.text(st.sampled_from("'\"\\\n\t\r\x00\x7f\x80\xa0\xada日\u2028😀\U000e0001\ud800")))
def test_literal_forms(s):
    check_same(quoted, s)


@njit
def digest(s):
    """A number that tells what each code point is, without a call for each."""
    found = 0
    for c in s:
        bits = c.isalnum() + 2 * c.isalpha() + 4 * c.isdecimal() + 8 * c.isdigit()
        bits += 16 * c.isidentifier() + 32 * c.islower() + 64 * c.isnumeric()
        bits += 128 * c.isprintable() + 256 * c.isspace() + 512 * c.istitle() + 1024 * c.isupper()
        found = found * 31 + bits & 0xFFFFFFFFFFFF
    return found


def test_kinds_of_every_code_point():
    for start in range(0, 0x30000, 0x4000):
        s = "".join(map(chr, range(start, start + 0x4000)))
        assert outcome(digest, s) == outcome(digest.py_func, s), hex(start)


def test_cases_of_every_code_point():
    for start in range(0, 0x20000, 0x1000):
        s = " ".join(map(chr, range(start, start + 0x1000)))
        check_same(cases, s)


@njit
def translated(s, x, y, z):
    return (
        s.translate(str.maketrans(x, y)),
        s.translate(str.maketrans(x, y, z)),
        s.translate({97: "xyz", 233: "日"}),
        s.translate(str.maketrans({"a": "b", "é": ""})),
    )


@quick
@given(letters, letters, letters)
def test_translate(s, x, y):
    count = min(len(x), len(y), 3)
    check_same(translated, s, x[:count], y[:count], s[:1])
    check_same(translated, s, x, y, "a")


@njit
def unbound(s):
    return str.upper(s), str.strip(s), str.replace(s, "a", "b"), str.join("-", s)


@quick
@given(letters)
def test_methods_asked_of_the_class(s):
    check_same(unbound, s)
