"""Searching, replacing and parting of text, against CPython."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import any_index, check_same, letters, quick

from pellucid import njit
from pellucid.errors import TypingError

bounds = st.one_of(st.none(), any_index)


@njit
def places(s, t, i, j):
    return (
        (s.find(t), s.rfind(t), s.count(t), t in s, t not in s),
        (s.find(t, i), s.rfind(t, i), s.count(t, i), s.startswith(t, i), s.endswith(t, i)),
        (s.find(t, i, j), s.rfind(t, i, j), s.count(t, i, j)),
        (s.startswith(t, i, j), s.endswith(t, i, j), s.startswith(t), s.endswith(t)),
        (s.find(t, None, j), s.rfind(t, None, j), s.count(t, None, j)),
        (s.startswith((t, "a"), None, j), s.endswith(("é", t), i, None), s.startswith(())),
        (s.removeprefix(t), s.removesuffix(t)),
    )


@quick
@given(letters, letters, any_index, any_index)
def test_places(s, t, i, j):
    for sub in (t, t[:2], s[1:3], s[-2:], s[:1], t[:1], ""):
        check_same(places, s, sub, i, j)


@njit
def index(s, t):
    return s.index(t)


@njit
def rindex(s, t):
    return s.rindex(t)


@njit
def partitions(s, t):
    return s.partition(t), s.rpartition(t)


@quick
@given(letters, letters)
def test_index_and_partition(s, t):
    for function in (index, rindex, partitions):
        for sub in (t[:1], s[1:3], ""):
            check_same(function, s, sub)


@njit
def replaced(s, old, new, count):
    return (
        s.replace(old, new),
        s.replace(old, new, count),
        s.replace(old, ""),
        s.replace(new, old, 2),
        s.replace("", new),
    )


@quick
@given(letters, letters, letters, st.integers(-1, 4))
def test_replace(s, old, new, count):
    for part in (old[:1], old[:2], s[1:3], s[-1:]):
        check_same(replaced, s, part, new[:3], count)


@pytest.mark.parametrize("alphabet", ["ab", "aé", "a日", "a😀", "日本", "😀😁"])
def test_long_texts(alphabet):
    """Windows of 64 bytes, their ends, and texts in which a part nearly is everywhere."""
    rng = random.Random(alphabet)
    for size in (62, 63, 64, 65, 66, 127, 130, 200, 700):
        s = "".join(rng.choices(alphabet, [9, 1], k=size))
        for start in (0, 1, size // 2, size - 70, size - 3):
            for count in (1, 2, 5, 60):
                sub = s[max(start, 0) :][:count]
                check_same(places, s, sub, start, size)
                check_same(places, s, sub + "?", start, size)
    many, part = alphabet[0] * 20000, alphabet[0] * 1000 + alphabet[1]
    check_same(places, many, part, 5, -5)
    check_same(places, many + part, part, 5, 10**6)
    check_same(replaced, many, alphabet[0], alphabet[1], 10000)


def test_what_is_looked_for_is_text():
    for function in (
        njit(lambda s: s.find(3)),
        njit(lambda s: s.startswith(3)),
        njit(lambda s: s.startswith(("a", 3))),
        njit(lambda s: s.replace("a", 3)),
        njit(lambda s: 3 in s),
    ):
        with pytest.raises(TypingError):
            function("abc")
