"""`bytes`, and buffers as arguments, against CPython."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import any_index, check_same, letters, outcome, quick, texts

from pellucid import njit
from pellucid.errors import TypingError

some_bytes = st.one_of(st.binary(max_size=10), st.text("ab -", max_size=10).map(str.encode))


@njit
def operators(b, c, i, n):
    return (
        (b + c, b * n, n * c, len(b), bool(b), b[i:], b[:i], b[::-1], b[::2]),
        (b == c, b != c, b < c, b <= c, b > c, b >= c, c in b, 97 in b, hash(b)),
    )


@njit
def methods(b, c, i):
    return (
        (b.find(c), b.rfind(c, i), b.count(c), b.startswith(c), b.endswith(c, i)),
        (b.replace(c, b"xy"), b.strip(), b.strip(c), b.hex()),
    )


@njit
def parts(b, c):
    return b.partition(c), b.split(c), b.split(c, 1)


@njit
def item(b, i):
    total = 0
    for x in b:
        total += x
    return b[i], total


@quick
@given(some_bytes, some_bytes, any_index, st.integers(-1, 3))
def test_bytes(b, c, i, n):
    check_same(operators, b, c[:2], i, n)
    check_same(methods, b, c[:1], i)
    check_same(parts, b, c[:1])
    check_same(item, b, i)


@njit
def encoded(s):
    return s.encode()


@njit
def decoded(b):
    return b.decode()


@quick
@given(st.one_of(letters, texts), some_bytes)
def test_utf8(s, b):
    for function, value in ((encoded, s), (decoded, b)):
        wanted, found = outcome(function.py_func, value), outcome(function, value)
        if wanted[0] == "value":
            assert found == wanted
        else:
            assert found[0] == "UnicodeError"
    if outcome(encoded, s)[0] == "value":
        assert decoded(encoded(s)) == s


@njit
def total(b):
    found = 0
    for x in b:
        found += x
    return found


@njit
def assign(b):
    b[0] = 65


@njit
def same(b):
    return b


def test_buffers():
    for value in (b"ab", bytearray(b"ab"), memoryview(b"ab")):
        assert total(value) == 195
    changed = bytearray(b"zz")
    assign(changed)
    assert changed == b"Az"
    assert total(memoryview(np.arange(4))) == 6
    with pytest.raises(TypingError):
        assign(b"zz")
    kept = b"kept" * 9
    assert same(kept) is kept
