"""What changes a `bytearray`, and bytearrays that go to Python and back, against CPython."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import any_index, outcome, quick

from pellucid import njit
from pellucid.errors import TypingError

some_bytes = st.binary(max_size=9)
numbers = st.integers(-1, 256)
steps = st.one_of(st.none(), st.sampled_from([1, 2, 3, -1, -2]))
bounds = st.one_of(st.none(), any_index)


def check_changes(compiled, *args):
    """The result, or exception, and what becomes of the arguments, is CPython's."""
    ours, theirs = copy.deepcopy(args), copy.deepcopy(args)
    found, wanted = outcome(compiled, *ours), outcome(compiled.py_func, *theirs)
    assert (found, ours) == (wanted, theirs), f"{args}"


@njit
def set_item(b, i, x):
    b[i] = x
    return b


@njit
def delete_item(b, i):
    del b[i]


@njit
def set_slice(b, i, j, k, c):
    b[i:j:k] = c
    return len(b)


@njit
def set_run(b, i, j, c):
    b[i:j] = c
    return len(b)


@njit
def delete_slice(b, i, j, k):
    del b[i:j:k]
    return b


@njit
def delete_run(b, i, j):
    del b[i:j]
    return b


@quick
@given(some_bytes, any_index, numbers, bounds, bounds, steps, some_bytes)
def test_items_and_slices(b, i, x, start, stop, step, c):
    value = bytearray(b)
    check_changes(set_item, value, i, x)
    check_changes(delete_item, value, i)
    check_changes(set_run, value, i, x, c)
    check_changes(delete_run, value, i, x)
    if step is not None and start is not None and stop is not None:
        count = len(range(*slice(start, stop, step).indices(len(b))))
        for given_bytes in (c, c[:count].ljust(count), b""):
            check_changes(set_slice, value, start, stop, step, given_bytes)
            check_changes(set_slice, value, start, stop, step, bytearray(given_bytes))
        check_changes(set_slice, value, start, stop, step, list(c))
        check_changes(delete_slice, value, start, stop, step)


@njit
def put_itself(b, i):
    b[i:] = b
    b += b
    b.extend(b)
    return b


@njit
def append(b, x):
    b.append(x)


@njit
def insert(b, i, x):
    b.insert(i, x)
    return b[:3]


@njit
def pop(b, i):
    return b.pop(), b.pop(i), b


@njit
def remove(b, x):
    b.remove(x)


@njit
def extend(b, c, x):
    b.extend(c)
    b += c
    b.extend(range(3))
    b.extend((1, 2))
    b *= 2
    b.extend([x, 1])
    return b


@njit
def rearrange(b, n):
    kept = b.copy()
    b.reverse()
    b *= n
    b.append(7)
    kept.clear()
    kept.append(3)
    return kept, b


@quick
@given(some_bytes, any_index, numbers, some_bytes)
def test_changing_methods(b, i, x, c):
    value = bytearray(b)
    check_changes(put_itself, value, i)
    check_changes(append, value, x)
    check_changes(insert, value, i, x)
    check_changes(pop, value, i)
    check_changes(remove, value, x)
    check_changes(extend, value, c, x)
    check_changes(rearrange, value, i % 4)


@njit
def made(n, s):
    b = bytearray(n)
    for k in range(n):
        b[k] = k * 37 % 256
    c = bytearray()
    for x in b:
        c.append(x)
        c.append(255 - x)
    return b, c, bytearray(b), bytearray([n, 1]), bytearray(s, "utf-8"), bytearray.fromhex("0a ff")


def test_made():
    for n in (0, 1, 5, 200):
        check_changes(made, n, "aé日")


@njit
def same(b):
    return b


@njit
def twice(b):
    b.append(1)
    return b, b


@njit
def fail(b):
    b[0] = 9
    b.extend(b"abc")
    raise ValueError("too late")


@njit
def two(a, b):
    a[0] = 1
    b[1] = 2
    a.append(3)
    b.append(4)
    return a is b


def test_identity():
    value = bytearray(b"abc")
    assert same(value) is value
    first, second = twice(value)
    assert first is value
    assert second is value
    assert value == b"abc\x01"
    new, again = twice(bytearray())
    assert new is again
    check_changes(fail, bytearray(b"abc"))
    assert two(value, value) is True
    assert value == b"\x01\x02c\x01\x03\x04"
    assert two(value, bytearray(3)) is False
    value.append(1)  # nothing holds its memory


@njit
def in_containers(items, pairs):
    items[0].append(1)
    items.append(bytearray(b"new"))
    pairs["a"][0] = 65
    return items[0], len(items), (pairs["a"],)


def test_in_containers():
    one = bytearray(b"one")
    check_changes(in_containers, [one, one, bytearray(2)], {"a": bytearray(b"xyz")})
    items = [one, one]
    assert in_containers(items, {"a": bytearray(1)})[0] is one
    assert items[0] is items[1]


def test_python_views():
    value = bytearray(b"abc")
    with memoryview(value):
        assert set_item(value, 0, 65) == b"Abc"
        for grow in (append, append.py_func):
            with pytest.raises(BufferError, match="Existing exports of data"):
                grow(value, 1)
    assert value == b"Abc"
    append(value, 1)
    assert value == b"Abc\x01"


@njit
def keep(b):
    def count():
        return len(b)

    b.append(1)
    return count() + sum(b)


@njit
def bytes_of(b):
    yield from b


def test_kept():
    check_changes(keep, bytearray(b"ab"))
    value = bytearray(b"abc")
    walk = bytes_of(value)
    assert next(walk) == 97
    assert list(walk) == [98, 99]
    del walk
    value.append(1)


def test_size_of_users():
    # The field that says how many views there are, which `pylayout` knows by its place.
    value = bytearray(b"abc")
    assert same(value) is value
    value.extend(np.zeros(100, np.uint8).tobytes())
    assert len(value) == 103


@njit
def assign_text(b):
    b[0:1] = "a"


@njit
def hashed(b):
    return hash(b)


def test_refusals():
    for function in (assign_text, hashed):
        with pytest.raises(TypingError):
            function(bytearray(b"ab"))
