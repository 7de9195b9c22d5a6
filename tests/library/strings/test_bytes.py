"""Methods and operators of `bytes` and `bytearray` that look at content, against CPython."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import any_index, check_same, outcome, quick

from pellucid import njit
from pellucid.errors import TypingError

some_bytes = st.one_of(
    st.binary(max_size=10),
    st.text("ab -", max_size=10).map(str.encode),
    st.text("aZ1_ \t\n\r\x0b\x1c\x85é", max_size=12).map(lambda s: s.encode("latin-1")),
)
CALLS = []


def call(function):
    """A row of the table: what is called with two bytes and two numbers."""
    CALLS.append(function)
    return function


@call
def operators(b, c, i, n):
    return (
        (b + c, b * n, n * c, len(b), bool(b), b[i:], b[:i], b[::-1], b[i::2], b[:i:-1]),
        (b == c, b != c, b < c, b <= c, b > c, b >= c, c in b, 97 in b, list(b)),
    )


@call
def items(b, c, i, n):
    total = 0
    for x in b:
        total += x
    return b[i], total, list(reversed(b)), [x + n for x in b], min(b), max(b), sum(b)


@call
def byte_is_in(b, c, i, n):
    return n * 100 in b


@call
def places(b, c, i, n):
    return (
        (b.find(c), b.rfind(c, i), b.count(c), b.count(c, n), b.find(c, i, 9), b.rfind(c, n, i)),
        (b.find(97), b.rfind(45, i), b.count(32), b.find(c, None, i)),
        (b.startswith(c), b.endswith(c, i), b.startswith((c, b"a")), b.endswith((b"-", c), n)),
        (b.removeprefix(c), b.removesuffix(c), b.startswith(()), b.startswith(c[:1])),
    )


@call
def index(b, c, i, n):
    return b.index(c), b.index(c, n), b.index(97)


@call
def rindex(b, c, i, n):
    return b.rindex(c), b.rindex(c, n), b.rindex(97)


@call
def replaced(b, c, i, n):
    return b.replace(c, b"xy"), b.replace(c, b"", n), b.replace(b"", c, i), b.replace(c[:1], c)


@call
def stripped(b, c, i, n):
    return (
        (b.strip(), b.lstrip(), b.rstrip(), b.strip(None)),
        (b.strip(c), b.lstrip(c), b.rstrip(c)),
    )


@call
def split(b, c, i, n):
    return (
        (b.split(), b.split(None, n), b.rsplit(), b.rsplit(None, n), b.split(maxsplit=n)),
        (b.splitlines(), b.splitlines(True)),
    )


@call
def split_at(b, c, i, n):
    return b.split(c), b.split(c, n), b.rsplit(c), b.rsplit(c, maxsplit=n), b.split(sep=c)


@call
def partition(b, c, i, n):
    return b.partition(c), b.rpartition(c)


@call
def joined(b, c, i, n):
    return b.join([c, c, c]), b.join((c, b)), b.join([]), b.join(()), c.join(b.split())


@call
def cases(b, c, i, n):
    return b.upper(), b.lower(), b.swapcase(), b.title(), b.capitalize()


@call
def kinds(b, c, i, n):
    return (
        (b.isalnum(), b.isalpha(), b.isascii(), b.isdigit()),
        (b.islower(), b.isspace(), b.istitle(), b.isupper()),
    )


@call
def filled(b, c, i, n):
    return (
        (b.center(i), b.ljust(i), b.rjust(i), b.zfill(i), b.expandtabs(), b.expandtabs(n)),
        (b.center(i, b"*"), b.ljust(i, b"*"), b.rjust(n, b"*")),
    )


@call
def filled_with(b, c, i, n):
    return b.center(9, c)


@call
def hexadecimal(b, c, i, n):
    return b.hex(), b.hex(":"), b.hex(":", n), b.hex(b"-", i)


@call
def translated(b, c, i, n):
    table = bytes.maketrans(b"ab-", b"xya")
    return b.translate(table), b.translate(table, c), b.translate(None, c), b.translate(None)


@call
def tables(b, c, i, n):
    return bytes.maketrans(b, c), b.translate(c)


@call
def made(b, c, i, n):
    return (
        (b"", bytes(b), bytes([x // 2 for x in b]), bytes((1, 2, 255)), bytes(range(i))),
        (bytes(x for x in b), b.decode("latin-1").encode("latin-1")),
    )


@call
def made_of_number(b, c, i, n):
    return bytes(i), bytes([i * 20])


@call
def texts_of(b, c, i, n):
    return repr(b), str(b), f"{b}", f"{b!r:>30}", repr([b, b])


@pytest.fixture(scope="module")
def compiled():
    """The table, each function compiled once."""
    return {function: njit(function) for function in CALLS}


@pytest.mark.parametrize("cls", [bytes, bytearray])
@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_calls(compiled, function, cls):
    @settings(quick, max_examples=25)
    @given(some_bytes, some_bytes, any_index, st.integers(-1, 3))
    def check(b, c, i, n):
        for part in (c[:1], c[:2], b[1:3], b[-1:]):
            given = cls(b)
            check_same(compiled[function], given, part, i, n)
            assert given == b

    check()


@njit
def mixed(a, b):
    return (
        (a + b, b + a, a == b, a != b, a < b, a >= b, a in b, b in a, a.find(b), b.count(a)),
        (a.replace(b, a), b.replace(b, a), a.join([b, b]), b.join((a, a)), a.removeprefix(b)),
        (bytes(a), bytearray(b), bytearray(a), a.strip(b), b.split(a + b"x")),
    )


@quick
@given(some_bytes, some_bytes)
def test_both(b, c):
    for left, right in ((b, c[:2]), (b, b[:1]), (c, c), (b"", b)):
        check_same(mixed, left, bytearray(right))
        check_same(mixed, bytearray(left), bytearray(right))


@njit
def hashed(b):
    return hash(b), {b: 1}[b], b in {b}


@quick
@given(st.binary(max_size=40))
def test_hash(b):
    check_same(hashed, b)


@njit
def from_hex(s):
    return bytes.fromhex(s)


@quick
@given(st.one_of(st.text("0aF \nx", max_size=9), st.binary(max_size=5).map(bytes.hex)))
def test_from_hex(s):
    check_same(from_hex, s)


@njit
def number_of(b):
    return ord(b)


def test_ord():
    for b in (b"a", b"\xff", b"", b"ab"):
        check_same(number_of, b)


@njit
def separated(b, sep):
    return b.hex(sep)


def test_hex_separators():
    for sep in (":", "", "ab", "é", "日"):
        check_same(separated, b"abc", sep)


@njit
def encoding_needed(s):
    return bytes(s)


def test_refusals():
    with pytest.raises(TypingError, match="string argument without an encoding"):
        encoding_needed("abc")
    assert outcome(encoding_needed.py_func, "abc")[0] == "TypeError"
