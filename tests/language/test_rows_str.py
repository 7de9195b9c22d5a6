"""Section STR, row by row: text and its methods."""

# ruff: noqa

import os
import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from rows import Rows

from pellucid import njit

rows = Rows("STR", 55)

TEXTS = (
    ("",),
    ("a",),
    ("banana",),
    ("Hello World 12",),
    ("  pad\t\n ",),
    ("straße ǆ ﬁ İ ΑΣ",),
    ("日本語 x²½٣",),
    ("a\U0001f600b",),
    ("\x0b\x1c\x85\u2028_x1",),
    ("O'NEIL's",),
)
WORDS = (
    ("banana", "an"),
    ("banana", ""),
    ("", ""),
    ("", "a"),
    ("日本語日本", "本"),
    ("aé\U0001f600é", "é"),
    ("aaa", "aa"),
    ("abc", "x"),
)


@rows.same("01", ("é", "日"), ("", "\U0001f600"), ("a", "b"))
def representation(a, b):
    both = a + b
    kept = {both: [both, a]}
    return both, both == a, hash(both), kept[a + b], (both + "x")[:-1] == both


@rows.same("02", (7, True, "s", 2.5), (-(2**63), False, "", -0.0))
def texts_of(n, b, s, x):
    return str(n), str(b), str(s), str(x), str(), str(None), str((n, s)), str([x]), str(1j * x)


@rows.same(
    "02",
    (np.int8(-128), np.uint64(2**64 - 1), np.float32(1.1)),
    python=lambda a, b, c: (str(int(a)), str(int(b)), str(c)),
)
def texts_of_widths(a, b, c):
    return str(a), str(b), str(c)


rows.same("03", *TEXTS)(lambda s: len(s))


@rows.same("04", ("abc", 0), ("abc", -1), ("abc", 3), ("abc", -4), ("日\U0001f600", 1), ("", 0))
def item(s, i):
    return s[i]


@rows.same(
    "05",
    ("banana", 1, 4, 2),
    ("日本語", -1, -9, -1),
    ("abc", 5, 1, 1),
    ("", 0, 3, -1),
    ("abc", 0, 2, 0),
)
def slices(s, a, b, c):
    return s[a:b:c], s[a:], s[:b], s[:], s[::c]


@rows.same("06", *TEXTS)
def iteration(s):
    return [c for c in s], list(s), [(i, c) for i, c in enumerate(s)]


@rows.same("07", ("ab", "日"), ("", ""))
def concatenation(a, b):
    c = a + b
    c += a
    return c


rows.refused("07", "no-matching-overload", ("a", 1))(lambda a, b: a + b)


rows.same("08", ("ab", 3), ("ab", 0), ("ab", -1), ("", 5), ("日", 2))(lambda s, n: (s * n, n * s))
rows.same("09", *WORDS)(lambda s, t: (t in s, t not in s, s in t))


@rows.same("10", *WORDS, ("a", "b"), ("a", "ab"), ("é", "日"), ("\uffff", "\U0001f600"))
def comparisons(a, b):
    return a == b, a != b, a < b, a <= b, a > b, a >= b, a == 3, a != None


rows.refused("10", "no-matching-overload", ("a", 1))(lambda a, b: a < b)


@rows.same("11", ("abc",))
def identity(s):
    t = s
    return t is s, t is not s, s is None


rows.same("12", *TEXTS)(lambda s: (bool(s), not s, 1 if s else 2))
rows.same("13", *TEXTS)(lambda s: (hash(s), hash(s[1:]), hash(s + "é")))
rows.same("14", *TEXTS)(lambda s: s.capitalize())
rows.same("15", *TEXTS)(lambda s: s.casefold())
rows.same(
    "16",
    ("ab", 5, "*"),
    ("ab", 6, "日"),
    ("ab", 1, "*"),
    ("", 3, "x"),
    ("a", 5, "ab"),
    ("a", 4, ""),
)(lambda s, n, c: (s.center(n), s.center(n, c), s.center(width := n)))


@rows.same("17", *WORDS)
def count(s, t):
    return s.count(t), s.count(t, 1), s.count(t, 1, -1), s.count(t, 9), s.count(t, None, 2)


@rows.same("18", *WORDS)
def endswith(s, t):
    return (
        s.endswith(t),
        s.endswith((t, "a")),
        s.endswith(t, 1),
        s.endswith(t, 1, 3),
        s.endswith(t, 9),
    )


rows.refused("18", "no-matching-overload", ("a",))(lambda s: s.endswith(3))
rows.same("19", ("a\tbc\td\n\te",), ("",), ("\t\t",), ("日\tx",))(
    lambda s: (s.expandtabs(), s.expandtabs(3), s.expandtabs(0), s.expandtabs(tabsize=-1))
)


@rows.same("20", *WORDS)
def find(s, t):
    return (
        s.find(t),
        s.find(t, 2),
        s.find(t, 0, 4),
        s.find(t, 9),
        s.find(t, -3, -1),
        s.find(t, None, None),
    )


@rows.same("21", *WORDS)
def index(s, t):
    return s.index(t), s.index(t, 1)


rows.same("22", *TEXTS)(lambda s: (s.isalnum(), [c.isalnum() for c in s]))
rows.same("23", *TEXTS)(lambda s: (s.isalpha(), [c.isalpha() for c in s]))
rows.same("24", *TEXTS)(lambda s: (s.isascii(), [c.isascii() for c in s]))
rows.same("25", *TEXTS)(lambda s: (s.isdecimal(), [c.isdecimal() for c in s]))
rows.same("26", *TEXTS)(lambda s: (s.isdigit(), [c.isdigit() for c in s]))
rows.same("27", *TEXTS, ("_x1",), ("1x",), ("x y",))(lambda s: s.isidentifier())
rows.same("28", *TEXTS)(lambda s: (s.islower(), [c.islower() for c in s]))
rows.same("29", *TEXTS)(lambda s: (s.isnumeric(), [c.isnumeric() for c in s]))
rows.same("30", *TEXTS)(lambda s: (s.isprintable(), [c.isprintable() for c in s]))
rows.same("31", *TEXTS)(lambda s: (s.isspace(), [c.isspace() for c in s]))
rows.same("32", *TEXTS, ("Title Case",), ("Not title",))(lambda s: s.istitle())
rows.same("33", *TEXTS)(lambda s: (s.isupper(), [c.isupper() for c in s]))


@rows.same("34", (["a", "日", ""], ", "), ([], "x"), (["é"], ""))
def join(xs, s):
    return (
        s.join(xs),
        s.join(("p", "q")),
        s.join("chars"),
        s.join(x + "!" for x in xs),
        s.join({"k": 1}),
    )


rows.refused("34", "no-matching-overload", ([1, 2],))(lambda xs: ",".join(xs))
rows.same("35", ("ab", 5, "*"), ("ab", 1, "日"), ("", 3, "日"), ("a", 5, "ab"))(
    lambda s, n, c: (s.ljust(n), s.ljust(n, c))
)
rows.same("36", *TEXTS, ("ΑΣ Σ ΑΣΑ",))(lambda s: s.lower())
rows.same("37", *TEXTS)(lambda s: (s.lstrip(), s.lstrip(" bO"), s.lstrip(None), s.lstrip("")))
rows.same("38", *WORDS)(lambda s, t: s.partition(t))


@rows.same("39", *WORDS)
def replace(s, t):
    return (
        s.replace(t, "日x"),
        s.replace(t, "", 1),
        s.replace(t, "-", 0),
        s.replace("a", t),
        s.replace(t, "y", -5),
    )


@rows.same("40", *WORDS)
def rfind(s, t):
    return s.rfind(t), s.rfind(t, 2), s.rfind(t, 0, 4), s.rfind(t, 9), s.rfind(t, -3, -1)


rows.same("41", *WORDS)(lambda s, t: (s.rindex(t), s.rindex(t, 0, 5)))
rows.same("42", ("ab", 5, "*"), ("ab", 1, "日"), ("", 3, "日"), ("a", 5, ""))(
    lambda s, n, c: (s.rjust(n), s.rjust(n, c))
)
rows.same("43", *WORDS)(lambda s, t: s.rpartition(t))

SPLIT = (
    ("a,b c,,d ", ","),
    (" x  y ", " "),
    ("", ","),
    ("日本日", "本"),
    ("abc", ""),
    ("aXXbXX", "XX"),
)


@rows.same("44", *SPLIT)
def rsplit(s, t):
    return s.rsplit(), s.rsplit(None, 1), s.rsplit(t), s.rsplit(t, 1), s.rsplit(sep=t, maxsplit=0)


rows.same("45", *TEXTS)(lambda s: (s.rstrip(), s.rstrip("nab"), s.rstrip(None)))


@rows.same("46", *SPLIT)
def split(s, t):
    return s.split(), s.split(None, 1), s.split(t), s.split(t, 1), s.split(sep=t, maxsplit=2)


rows.same("47", ("a\nb\r\nc\rd\x0be\u2028f\n",), ("",), ("\n",), ("x\x85\x1cy",))(
    lambda s: (s.splitlines(), s.splitlines(True), s.splitlines(keepends=False))
)


@rows.same("48", *WORDS)
def startswith(s, t):
    return (
        s.startswith(t),
        s.startswith((t, "b")),
        s.startswith(t, 1),
        s.startswith(t, 1, 3),
        s.startswith(()),
    )


rows.refused("48", "no-matching-overload", ("a",))(lambda s: s.startswith(3))
rows.same("49", *TEXTS)(lambda s: (s.strip(), s.strip("ab \n"), s.strip(None)))
rows.same("50", *TEXTS)(lambda s: s.swapcase())
rows.same("51", *TEXTS)(lambda s: s.title())
rows.same("52", *TEXTS)(lambda s: s.upper())
rows.same("53", ("-1", 5), ("+日", 4), ("", 3), ("abc", 2), ("--1", 6))(lambda s, n: s.zfill(n))


@rows.same("54", *TEXTS)
def further_methods(s):
    table = str.maketrans({"a": "AA", "b": None})
    return (
        s.encode(),
        s.encode("utf-8").decode(),
        s.translate(table),
        s.translate(str.maketrans("an", "xy", "H")),
        s.removeprefix("ba"),
        s.removesuffix("na"),
        "{} {!r:>12}".format(s, s),
        "{x}".format_map({"x": s}),
    )


@rows.same("54", ("é", "ascii"), ("日", "latin-1"), ("é", "latin-1"), ("\ud800", "utf-8"))
def encode(s, name):
    if name == "ascii":
        return s.encode("ascii")
    if name == "latin-1":
        return s.encode("latin-1")
    return s.encode("utf-8")


NUMBERS = tuple(
    (s,) for s in ("12", " -7 ", "1_000", "٣٤", "", "x", "1.5", "9" * 18, "+5", "0x1f", "1__0", "-")
)


rows.same("55", *NUMBERS)(lambda s: int(s))
rows.same(
    "55",
    ("ff", 16),
    ("0x1f", 16),
    ("0b101", 0),
    ("z", 36),
    ("12", 2),
    ("7", 1),
    ("0o17", 8),
    ("010", 0),
    ("", 10),
    ("-0x1", 0),
)(lambda s, base: int(s, base))
rows.same(
    "55",
    *NUMBERS,
    ("inf",),
    ("-nan",),
    ("1e400",),
    ("1e-400",),
    ("1_0.5e1_0",),
    (".5",),
    ("5.",),
    (".",),
    ("infinit",),
    ("٣.٤",),
)(lambda s: float(s))
rows.same("55", ("1+2j",), ("-j",), (" (3.5e2-infj) ",), ("1 + 2j",), ("",), ("nanj",))(
    lambda s: complex(s)
)


@pytest.mark.parametrize("case", rows.parameters())
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()
