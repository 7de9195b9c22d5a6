"""Section TUP, row by row: tuples and named tuples."""

# ruff: noqa

from collections import namedtuple
from typing import NamedTuple

import numpy as np
import pytest
from rows import Rows

from pellucid import literal_unroll, njit

rows = Rows("TUP", 16)

Point = namedtuple("Point", "x y", defaults=(5,))


class Named(NamedTuple):
    a: int
    b: float = 2.5

    def total(self):
        return self.a + self.b


rows.same("01", (1, 2.5, "s"))(lambda a, b, c: ((a, a), (a, b, c), ((a, b), (c,), ()), (a,) + ()))
rows.same("02", ((1, 2),), ((),), ((1, "a", 2.5),))(
    lambda t: (len(t), bool(t), not t, 1 if t else 2)
)


@rows.same("03", ((1, (2.5, "s")), (3, 4, 5)))
def unpacking(t, u):
    a, (b, c) = t
    first, *rest = u
    *init, last = t
    return a, b, c, first, rest, last


@rows.refused("03", "no-matching-overload", ((1, 2, 3),))
def wrong_count(t):
    a, b = t
    return a


rows.same("04", ((1, 2.5, "s"),))(lambda t: (t[0], t[-1], t[1], t[-3]))
rows.refused("04", "no-matching-overload", ((1, 2.5),))(lambda t: t[2])
rows.same("05", ((1, 2), 0), ((1, 2), -1), ((1, 2), 7), ((1, 2), -3))(lambda t, i: t[i])
rows.same("05", (("a", "b"), 1), (((1, 2.5), (3, 4.5)), 0))(lambda t, i: t[i])
rows.refused("05", "no-matching-overload", ((1, 2.5, "s"), 1))(lambda t, i: t[i])
rows.same("06", ((1, 2.5, "s", 4),))(
    lambda t: (t[1:], t[:-1], t[::-1], t[::2], t[5:], t[-2:], t[3:0:-2])
)
rows.refused("06", "no-matching-overload", ((1, 2, 3), 1))(lambda t, i: t[i:])
rows.same("07", ((1, 2), ("a",)), ((), (1,)))(lambda a, b: (a + b, b + a + b, a * 2, 3 * b, a * 0))


@rows.same(
    "08",
    ((1, 2), (1, 3)),
    ((1, 2), (1, 2)),
    ((1,), (1, 2)),
    ((1, "b"), (1, "a")),
    ((1, 2), (1.0, 2.5)),
    ((), ()),
)
def comparisons(a, b):
    return a == b, a != b, a < b, a <= b, a > b, a >= b


rows.refused("08", "no-matching-overload", ((1, "a"), ("a", 1)))(lambda a, b: a < b)
rows.same("09", ((1, 2, 3), 2), ((1, 2, 3), 9), ((1, "a", 2.5), 2.5), ((), 1), ((1, "a"), "a"))(
    lambda t, x: (x in t, x not in t)
)


@rows.same("10", ((1, 2, 3),), (("a", "b"),), ((),))
def iteration(t):
    return [x for x in t], [(i, x) for i, x in enumerate(t)], list(reversed(t)), list(zip(t, t))


rows.same("11", ((1, 2, 1), 1), ((1, 2, 1), 2), ((1, 2), 5), (("a", "b"), "b"))(
    lambda t, x: (t.count(x), t.index(x))
)
rows.same(
    "12", ((1, 2),), ((1, "a", 2.5),), (((1, 2), (True, b"")),), ((),), ((-1, float("inf"), 3j),)
)(lambda t: hash(t))
rows.refused("12", "no-matching-overload", (([1], 2),))(lambda t: hash(t))
rows.same("13", ((1, "a"),), ((),))(lambda t: tuple(t))


@rows.same("14", ((1, 2j, 3.0, "a"),), (("x",),), ((),))
def unrolled(t):
    n = 0
    for x in literal_unroll(t):
        print(x, isinstance(x, str))
        n += 1
    return n


@rows.same("15")
def unrolled_literals():
    total = 0
    for x in literal_unroll(("apple", 3, 2.5)):
        if isinstance(x, str):
            total += len(x)
        else:
            total += int(x * 2)
    return total


@rows.same("16", (Point(1, 2), Named(3)))
def named_tuples(p, n):
    q = Point(p.x + 1, y=p.y)
    return (
        q,
        Point(1),
        p[0],
        p[-1],
        p == q,
        p < q,
        n.total(),
        Named(b=1.5, a=2),
        len(p),
        q + (1,),
        hash(p),
    )


@rows.same("16", (Point(1, 2),))
def methods_of_named_tuples(p):
    return p._replace(x=9), p._fields, p._replace(), [v for v in p]


rows.refused("16", "unknown-attribute", (Point(1, 2),))(lambda p: p.z)


@pytest.mark.parametrize("case", rows.parameters())
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()
