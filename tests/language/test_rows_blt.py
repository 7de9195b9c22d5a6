"""Section BLT, row by row: the built-in functions, and hashing."""

# ruff: noqa

import enum
import math
import sys

import numpy as np
import pytest
from rows import Rows

from pellucid import njit

rows = Rows("BLT", 29)


class Colour(enum.IntEnum):
    RED = 1
    BLUE = 7


class Plain(enum.Enum):
    ONE = 1


rows.same("01", (-3,), (2.5,), (-0.0,), (3 + 4j,), (True,), (-math.inf,))(lambda x: abs(x))
rows.same("01", (np.array([-1.5, 2.0]),), (np.array([-1, 2]),))(lambda a: abs(a))
rows.same("01", (np.int8(-128),), python=lambda x: np.int8(-128))(lambda x: abs(x))
rows.same(
    "02",
    (0,),
    (2.5,),
    (0j,),
    ("",),
    ("a",),
    ((),),
    ([],),
    ([0],),
    ({},),
    ({1},),
    (None,),
    (math.nan,),
    (b"",),
    (range(0, 0),),
)(lambda x: bool(x))
rows.same("03", (97,), (0x1F600,), (-1,), (0x110000,), (0xD800,), (0,))(lambda i: chr(i))
rows.same("04", (1, 2.5), (1j, 2), (1j, 1j), (True, 0.0))(
    lambda a, b: (complex(a, b), complex(a), complex())
)
rows.same("05", (7, -2), (7.5, -2.0), (1, 0), (1.0, 0.0), (True, 2), (-(2**63), 3))(
    lambda a, b: divmod(a, b)
)
rows.same("06", ([5, 6],), ("ab",), ((),))(
    lambda xs: (list(enumerate(xs)), list(enumerate(xs, 3)), list(enumerate(xs, start=-1)))
)
rows.same("07", ([0, 1, 2, 3],), ([],))(
    lambda xs: (
        list(filter(lambda x: x > 1, xs)),
        list(filter(None, xs)),
        [x for x in filter(lambda x: x % 2, range(5))],
    )
)
rows.same("08", (3,), (True,), (2.5,), ("1e3",), (" nan ",), ("x",))(lambda x: float(x))
rows.same("08")(lambda: (float("inf"), float("-1_0.5"), float()))
rows.refused("08", "no-matching-overload", (1j,))(lambda x: float(x))
rows.elsewhere("09", "tests/library/builtins/test_hashes.py")
rows.same("10", (2.9,), (-2.9,), (True,), (7,), ("12",), ("-1_0",))(lambda x: int(x))
rows.refused("10", "no-matching-overload", (1j,))(lambda x: int(x))


@rows.same("11", ([1, 2, 3],), ("abc",), ((4, 5, 6),))
def iterators(xs):
    it = iter(xs)
    first = next(it)
    rest = [x for x in it]
    return first, rest, list(it)


rows.same(
    "12",
    ("aé",),
    (b"ab",),
    ((1, "a"),),
    ([],),
    ({1},),
    ({1: 2},),
    (np.zeros((3, 2)),),
    (range(1, 9, 3),),
)(lambda x: len(x))
rows.refused("12", "no-matching-overload", (np.array(3.0),))(lambda x: len(x))
rows.refused("12", "no-matching-overload", (3,))(lambda x: len(x))


@rows.same("13", (1, 2.5), (math.nan, 1.0), (1.0, math.nan), (0.0, -0.0), (True, False), (2, 2))
def least(a, b):
    return min(a, b) + 0.0, max(a, b) + 0.0, min(a, b, 0) + 0.0, max((a, b), key=lambda v: -v) + 0.0


@rows.same("13", ([3, 1, 2],), ([],), ([2.5],), (["b", "a"],), ({5, 6},), ("text",))
def least_of_items(xs):
    return min(xs), max(xs), min(xs, key=lambda v: v), max(x for x in xs)


rows.same("13", ([],), ([4],))(lambda xs: (min(xs, default=-1), max(xs, default=7)))
rows.same("14", ([1, 2, 3], (4, 5)))(
    lambda xs, t: (
        list(map(lambda x: x * 2, xs)),
        list(map(lambda a, b: a + b, xs, t)),
        sum(map(float, t)),
        list(map(str, xs)),
    )
)


@rows.same("15", ([1, 2],), ([],))
def nexts(xs):
    it = iter(xs)
    return next(it, -1), next(it, -1), next(it, -1), next(it)


rows.same("16", ("a",), ("\U0001f600",), ("",), ("ab",))(lambda s: ord(s))
rows.same("16", (b"a",))(lambda s: ord(s))


@rows.same("17", (1, 2.5, "s"))
def prints(n, x, s):
    print(n, x, s, True, 1j, None, (1, 2), [x], {s: n}, {n}, range(2), b"a")
    print(n, x, sep=", ", end="!\n")
    print(n, x, sep="", end="")
    print(s, s, sep=s)
    print(*(s, s))
    print(flush=True)
    print((n,), [], {}, (), set(), slice(1, 2))


@rows.same("17", (np.arange(3), np.ones((2, 2))))
def prints_arrays(a, b):
    print(a, b)


@rows.same("18", (0, 7, 2), (5, -5, -3), (1, 1, 1), (0, 3, 0))
def ranges(a, b, c):
    r = range(a, b, c)
    return (
        [i for i in r],
        len(r),
        list(range(b)),
        list(range(a, b)),
        4 in r,
        r[0:2] == r[:2],
        list(reversed(r)),
    )


rows.same("18", (range(2, 10, 3),))(
    lambda r: (
        r.start,
        r.stop,
        r.step,
        r[1],
        r[-1],
        r.index(5),
        r.count(5),
        r == range(2, 11, 3),
        r,
    )
)
rows.refused("18", "no-matching-overload", (5.0,))(lambda x: range(x))
rows.same("19", (2.5,), (3.5,), (-2.5,), (7,), (True,), (math.nan,), (math.inf,))(
    lambda x: round(x)
)
rows.same(
    "19", (2.675, 1), (1234.567, -2), (1234, -2), (0.5, 0), (math.inf, 2), (1e300, 5), (2.5, -400)
)(lambda x, n: round(x, n))
rows.same(
    "20", ([3, 1, 2],), ((2, 1),), ("bca",), ({3, 1},), (range(3),), ({"b": 1, "a": 2},), ([],)
)(lambda xs: (sorted(xs), sorted(xs, reverse=True), sorted(xs, key=lambda v: v)))
rows.same("20", (np.array([3.5, 1.0]),))(lambda xs: [float(x) for x in sorted(xs)])
rows.same("21", (3, 2.5, True))(
    lambda n, x, b: (
        type(n)(x),
        type(x)(n),
        type(b)(n),
        type(n)(),
        type(n) is int,
        type(x) == float,
    )
)
rows.same("21", (3, "s"))(
    lambda n, s: (
        type(n).__name__,
        type(s).__name__,
        type([n]).__name__,
        type(s) is str,
        type(n) is type(s),
    )
)
rows.same("22", ([1, 2, 3], "ab"))(
    lambda a, b: (
        list(zip(a, b)),
        list(zip(a)),
        list(zip(a, a, strict=True)),
        [x for x in zip(b, a)],
    )
)
rows.same("22", ([1, 2, 3], "ab"))(lambda a, b: list(zip(a, b, strict=True)))
rows.same("23", ([1, 2, 3, 4], slice(1, 3)), ([1, 2, 3], slice(None, None, -1)))(
    lambda xs, s: (
        xs[s],
        s.start,
        s.stop,
        s.step,
        s.indices(3),
        xs[slice(2)],
        xs[slice(0, 4, 2)],
        slice(1, 2),
        s,
    )
)
rows.same("24", (2, 10), (2.5, 2), (-2, 3), (0.0, -1.0))(lambda a, b: (pow(a, b),))
rows.same("24", (3, 200, 7), (3, -1, 7), (2, 5, 0), (2, -1, 4), (-3, 3, -5))(
    lambda a, b, m: pow(a, b, m)
)
rows.same("25", ([1, 0, 2],), ([],))(
    lambda xs: (all(xs), any(xs), list(reversed(xs)), [hex(x) + oct(x) + bin(x) for x in xs])
)
rows.same("25", (255, 2.5), (-255, -0.0))(
    lambda n, x: (
        hex(n),
        oct(n),
        bin(n),
        format(n, "08b"),
        format(x, ".2f"),
        callable(abs),
        issubclass(bool, int),
        ascii("é"),
    )
)
rows.refused("25", "unsupported-function", (1,))(lambda n: eval("n"))
rows.refused("25", "unsupported-function", (1,))(lambda n: open("n"))


VALUES = (
    "",
    "é",
    "日本",
    -1,
    0,
    2**61 - 1,
    2**61,
    -(2**63),
    1.5,
    -0.0,
    math.inf,
    1e300,
    (1, "a", 2.5),
    ((1, 2), 3),
    3 + 4j,
    True,
    None,
    b"ab",
    (),
    frozenset((1, 2)),
)
# Before Python 3.12 the hash of None was its address.
HASHED = [v for v in VALUES if v is not None or sys.version_info >= (3, 12)]
rows.same("26", *((v,) for v in HASHED))(lambda x: hash(x))
rows.same(
    "27",
    (np.float32(1.1),),
    (np.uint64(2**64 - 1),),
    (np.int8(-1),),
    (np.bool_(True),),
    (np.complex64(1 + 2j),),
)(lambda x: hash(x))
rows.same("28", (Colour.BLUE,))(lambda c: hash(c))
rows.refused("29", "no-matching-overload", ([1],))(lambda x: hash(x))
rows.refused("29", "no-matching-overload", ({1: 2},))(lambda x: hash(x))
rows.refused("29", "no-matching-overload", ({1},))(lambda x: hash(x))
rows.refused("29", "no-matching-overload", (np.zeros(2),))(lambda x: hash(x))


@pytest.mark.parametrize("case", rows.parameters())
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()
