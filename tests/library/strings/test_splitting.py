"""split, join, strip, fill and hash of text, against CPython."""

from __future__ import annotations

import pytest
from fresh_process import run_python
from hypothesis import given
from hypothesis import strategies as st
from texts import check_same, letters, quick, texts

from pellucid import njit
from pellucid.errors import TypingError

spaced = st.one_of(
    letters, texts, st.text(st.sampled_from(" \t\n\r\x0b\x1c\x85\u2028\u3000aé日"), max_size=15)
)


def shown(items):
    return len(items), "\0".join(items)


@njit
def split(s, sep, n):
    return (
        (shown(s.split()), shown(s.split(None, n)), shown(s.split(maxsplit=n))),
        (shown(s.split(sep)), shown(s.split(sep, n))),
        (shown(s.rsplit()), shown(s.rsplit(None, n))),
        (shown(s.rsplit(sep)), shown(s.rsplit(sep, maxsplit=n))),
    )


@quick
@given(spaced, spaced, st.integers(-1, 4))
def test_split(s, t, n):
    for sep in (t[:1], s[1:2], s[1:3], ""):
        check_same(split, s, sep, n)


@njit
def lines(s, keepends):
    return (
        (shown(s.splitlines()), shown(s.splitlines(True))),
        (shown(s.splitlines(keepends)), shown(s.splitlines(keepends=True))),
    )


@quick
@given(st.one_of(spaced, st.text(st.sampled_from("a\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029é"))))
def test_splitlines(s):
    for keepends in (True, False):
        check_same(lines, s, keepends)


@njit
def joined(s, t):
    items = [s, t, s + t]
    return s.join(items), t.join((s, "x", t)), t.join(s), s.join(()), t.join(s.split())


@quick
@given(texts, texts)
def test_join(s, t):
    check_same(joined, s, t)


@njit
def stripped(s, chars):
    return (
        (s.strip(), s.lstrip(), s.rstrip(), s.strip(None)),
        (s.strip(chars), s.lstrip(chars), s.rstrip(chars)),
    )


@quick
@given(spaced, spaced)
def test_strip(s, chars):
    check_same(stripped, s, chars[:3])


@njit
def filled(s, n, fill):
    return (
        (s.center(n), s.ljust(n), s.rjust(n), s.zfill(n), ("-" + s).zfill(n)),
        (s.center(n, fill), s.ljust(n, fill), s.rjust(n, fill)),
        (s.expandtabs(), s.expandtabs(n), s.expandtabs(tabsize=3), ("+" + s).zfill(n)),
    )


@quick
@given(spaced, st.integers(-2, 25), spaced)
def test_fill(s, n, fill):
    check_same(filled, s, n, fill[:1] or "*")
    check_same(filled, s, n, "ab")


@njit
def hashed(s, i):
    return hash(s), hash(s[i:]), hash(s + "é"), hash("")


@quick
@given(texts, st.integers(0, 3))
def test_hash(s, i):
    check_same(hashed, s, i)
    for size in range(65):
        check_same(hashed, (s + "ab")[:1] * size, i)


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_hash_follows_the_seed(seed):
    code = """
from pellucid import njit
h = njit(lambda s: hash(s))
for base in ("a", "é", "日", "😀"):
    for size in range(65):
        assert h(base * size) == hash(base * size), (base, size)
print("same")
"""
    assert run_python(code, PYTHONHASHSEED=seed) == "same\n"


def test_only_text_is_joined():
    for function in (njit(lambda s: s.join((1, 2))), njit(lambda s: s.split(1))):
        with pytest.raises(TypingError):
            function("a")
