"""`memoryview`s that come from Python and that compiled code makes, against CPython."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import any_index, outcome, quick

from pellucid import njit
from pellucid.errors import CompileError, TypingError
from pellucid.types import MemoryView
from pellucid.types.syntax import type_from_text
from pellucid.types.typeof import typeof


def check_same(compiled, *args):
    """The result or exception, in the same text: NaN is equal to itself."""
    wanted, found = outcome(compiled.py_func, *args), outcome(compiled, *args)
    assert repr(found) == repr(wanted), f"{args}: {found}, not {wanted}"


@njit
def looked_at(m, i):
    return (
        (len(m), bool(m), m.format, m.itemsize, m.nbytes, m.ndim, m.readonly, m.shape, m.strides),
        (m.contiguous, m.c_contiguous, m.f_contiguous, m.suboffsets),
        (m.tolist(), m.tobytes(), m.hex(), m.hex("-", 2), bytes(m), bytearray(m), list(m)),
        (m[i:].tolist(), m[::-1].tobytes(), m[i::2].strides, m[:i] == m[:i], m == m[::-1]),
        (m != m[1:], m.toreadonly().readonly, m.cast("B").tolist() if i == 99 else []),
    )


@njit
def item(m, i):
    return m[i]


some_bytes = st.binary(max_size=24)


@pytest.mark.parametrize("letter", "bBHiqQfd?")
def test_formats(letter):
    @quick
    @given(some_bytes, any_index)
    def check(b, i):
        size = struct.calcsize(letter)
        if letter == "?":  # of other bytes, Python compares the bytes themselves
            b = bytes(x & 1 for x in b)
        view = memoryview(bytearray(b)[: len(b) // size * size]).cast(letter)
        check_same(looked_at, view, i)
        check_same(item, view, i)
        if letter in "Bd":
            check_same(looked_at, view.toreadonly(), i)
            check_same(item, view[::-1], i)

    check()


@njit
def of_letters(m, i):
    return m[i], m.tolist(), len(m)


def test_letters():
    for i in (0, -1, 3):
        check_same(of_letters, memoryview(b"abc").cast("c"), i)


@njit
def set_item(m, i, x):
    m[i] = x


@njit
def set_slice(m, i, j, c):
    m[i:j] = c


@given(some_bytes, any_index, any_index, st.integers(-1, 256), some_bytes)
@quick
def test_assignment(b, i, j, x, c):
    for function, args in ((set_item, (i, x)), (set_slice, (i, j, c)), (set_slice, (i, j, c[:2]))):
        ours, theirs = bytearray(b), bytearray(b)
        found = outcome(function, memoryview(ours), *args)
        assert found == outcome(function.py_func, memoryview(theirs), *args)
        assert ours == theirs


@njit
def move(m, n):
    m[n:] = m[: len(m) - n]


def test_overlap():
    for n in (0, 1, 3):
        ours, theirs = bytearray(b"abcdefg"), bytearray(b"abcdefg")
        move(memoryview(ours), n)
        move.py_func(memoryview(theirs), n)
        assert ours == theirs


@njit
def mixed(m, b):
    return (
        (b + m, b.find(m[1:2]), m == b, b == m, m[1:2] in b, b.join([b, b]), b.startswith(m)),
        (struct.unpack_from("<h", m, 1), int.from_bytes(m, "big"), m.cast("h").tolist()),
        (int(np.asarray(m).sum()), bytes(m.cast("i").cast("B"))),
    )


@njit
def written(b):
    m = memoryview(b)
    m[0] = 7
    part = m[2:6]
    part[1] = 9
    struct.pack_into("<h", m, 4, -2)
    numbers = m.cast("H")
    numbers[0] = 513
    return b


@njit
def made():
    return sum(memoryview(b"abc")), memoryview(bytearray(b"xyz"))[1], memoryview(b"ab").readonly


def test_values():
    check_same(mixed, memoryview(b"abcd"), b"abcd")
    check_same(mixed, memoryview(bytearray(b"abcd")), b"abcd")
    check_same(written, bytearray(8))
    kept = bytearray(8)
    assert written(kept) is kept
    kept.append(1)  # nothing holds its memory
    check_same(made)


@njit
def grow_under_view(n):
    b = bytearray(n)
    m = memoryview(b)
    b.append(1)
    return m[0]


@njit
def grow_after_view(n):
    b = bytearray(n)
    found = sum(memoryview(b))
    b.append(1)
    return b, found


def test_length_is_kept():
    check_same(grow_under_view, 3)
    check_same(grow_after_view, 3)


@njit
def corner(m):
    return m[1, 2], m[-1, -1], m.shape, m.strides, m.ndim


def test_axes():
    check_same(corner, memoryview(np.arange(12).reshape(3, 4)))
    check_same(corner, memoryview(np.asfortranarray(np.arange(12.0).reshape(3, 4))))


@njit
def total(b):
    found = 0
    for x in b:
        found += x
    return found


def test_buffers():
    for value in (b"ab", bytearray(b"ab"), memoryview(b"ab")):
        assert total(value) == 195
    assert total(memoryview(np.arange(4))) == 6
    released = memoryview(b"ab")
    released.release()
    with pytest.raises(ValueError, match="released"):
        total(released)


def test_types():
    for view in (
        memoryview(b"ab"),
        memoryview(np.arange(3.0)[::2]),
        memoryview(bytes(8)).cast("?"),
    ):
        ty = typeof(view)
        assert isinstance(ty, MemoryView)
        assert type_from_text(str(ty)) == ty


@njit
def given_back(m):
    return m


def test_refusals():
    with pytest.raises(TypingError, match="cannot modify read-only memory"):
        set_item(memoryview(b"ab"), 0, 1)
    with pytest.raises(CompileError, match="cannot be returned"):
        given_back(memoryview(b"ab"))
