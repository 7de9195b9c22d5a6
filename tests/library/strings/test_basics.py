"""Operators, items and iteration of text, against CPython."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import any_index, check_same, outcome, quick, texts

from pellucid import njit
from pellucid.errors import TypingError

steps = st.integers(-4, 4)


@njit
def operators(s, t, n):
    return (
        (s + t, s * n, n * t, len(s), bool(s), not s),
        (s == t, s != t, s < t, s <= t, s > t, s >= t),
    )


@quick
@given(texts, texts, st.integers(-1, 4))
def test_operators(s, t, n):
    check_same(operators, s, t, n)
    check_same(operators, s, s, n)


@njit
def slices(s, i, j, k):
    return s[i:j], s[i:], s[:j], s[::-1], s[i:j:k], s[i:j:2], s[:], s[j::-2]


@quick
@given(texts, any_index, any_index, steps)
def test_slices(s, i, j, k):
    check_same(slices, s, i, j, k)


@njit
def item(s, i):
    return s[i]


@quick
@given(texts, any_index)
def test_item(s, i):
    check_same(item, s, i)


@njit
def walked(s, t):
    joined, count, last = "", 0, ""
    for c in s:
        joined = c + joined
        count += c == "a"
    for k, (c, d) in enumerate(zip(s, t, strict=False)):
        last = last + c + d
        count += k
    for c in reversed(t):
        last += c
    return joined, count, last


@quick
@given(texts, texts)
def test_iteration(s, t):
    check_same(walked, s, t)


@njit
def code(s):
    return ord(s)


@njit
def letter(i):
    return chr(i)


@quick
@given(texts, st.integers(-2, 0x110001))
def test_code_points(s, i):
    check_same(code, s)
    for c in s:
        assert code(c) == ord(c)
    check_same(letter, i)


@njit
def same(s):
    return s


@pytest.mark.parametrize("s", ["", "a", "é", "日本", "😀", "\ud800", "abc" * 100])
def test_an_argument_goes_out_as_the_object_that_it_was(s):
    assert same(s) is s


def test_subclasses_of_str_are_taken_as_text():
    class Name(str):
        __slots__ = ()

    for value in (Name("aé"), np.str_("日本")):
        assert same(value) == str(value)
        assert type(same(value)) is str


@njit
def kept_slice(n):
    s = "abc" * n + "é"
    t = s[1:5]
    s = "other"
    return t, s


def test_a_slice_outlives_what_it_is_a_slice_of():
    check_same(kept_slice, 4)


@njit
def branches(s, n):
    """Texts that grow from one another: each goes its own way."""
    first = s + "-"
    second = first + "a"
    third = first + "b"
    longer = second
    for k in range(n):
        longer += s
        if k == 3:
            third = longer + "!"
    return first, second, third, longer, first + "c", longer + "日", longer + "z"


@quick
@given(texts, st.integers(0, 40))
def test_appending_leaves_other_texts_as_they_are(s, n):
    check_same(branches, s, n)


@njit
def chosen(flag, s):
    t = "none" if flag else s
    u = None
    if flag:
        u = "日本"
    return t, u


def test_constants_join_with_text():
    for flag in (True, False):
        check_same(chosen, flag, "tést")


@njit
def grown(n, s):
    return s if n == 0 else grown(n - 1, s + "x")


@njit
def grown_from_constant(n):
    return grown(n, "é")


def test_recursion_with_a_longer_text_each_time():
    check_same(grown_from_constant, 5)


@njit
def times(s, n):
    return s * n


def test_too_many_times():
    assert outcome(times, "ab", 1 << 62) == outcome(lambda s, n: s * n, "ab", 1 << 62)
    assert outcome(times, "日", 1 << 62)[0] == "MemoryError"


def test_types_that_do_not_mix():
    for function, args in [
        (njit(lambda s: s + 1), ("a",)),
        (njit(lambda s: s < 1), ("a",)),
        (njit(lambda s: s["a"]), ("a",)),
    ]:
        with pytest.raises(TypingError):
            function(*args)
    assert njit(lambda s: s == 1)("1") is False
