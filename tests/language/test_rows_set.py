"""Section SET, row by row: sets and frozen sets."""

# ruff: noqa

import random

import numpy as np
import pytest
from rows import Rows

from pellucid import njit

rows = Rows("SET", 11)

PAIRS = (({1, 2, 3}, {3, 4}), (set(), {1}), ({1, 2}, {1, 2}), ({1}, {1, 2}))


@rows.same("01", (np.array([1, 1, 2]), [3, 3]))
def makers(a, xs):
    made = set()
    made.add(1)
    return (
        {1, 2, 1},
        set(xs),
        set((1, 2, 2)),
        set(range(3)),
        set("aab"),
        len(set(a)),
        made,
        {x for x in xs},
        frozenset(xs),
    )


@rows.refused("01", "no-matching-overload")
def unrelated_items():
    return {1, "a"}


rows.same("02", (1, 2.5, "s"))(
    lambda n, x, s: ({n}, {x}, {s}, {(n, s)}, {None}, {s.encode()}, {frozenset((n,))})
)
rows.refused("02", "no-matching-overload", ([1],))(lambda xs: {1, 2}.add(xs))


@rows.same("03", ({1, 2}, 1), ({1, 2}, 5), (set(), 0))
def methods(s, x):
    s.add(7)
    s.discard(x)
    t = s.copy()
    t.update([x], (9,), {10: 1})
    got = len(t)
    t.remove(x)
    t.clear()
    s.remove(x)
    return got, t


rows.same("03", ({1},), (set(),))(lambda s: s.pop())


@rows.same("04", *PAIRS)
def algebra(a, b):
    return (
        a.union(b),
        a.intersection(b),
        a.difference(b),
        a.symmetric_difference(b),
        a.union([9], (8,)),
    )


@rows.same("05", *PAIRS)
def updates(a, b):
    c, d, e = a.copy(), a.copy(), a.copy()
    c.difference_update(b)
    d.intersection_update(b)
    e.symmetric_difference_update(b)
    a.update(b)
    return c, d, e


rows.same("06", *PAIRS)(
    lambda a, b: (a.isdisjoint(b), a.issubset(b), a.issuperset(b), a.issubset([1, 2, 3]))
)


@rows.same("07", *PAIRS)
def operators(a, b):
    c, d, e = a.copy(), a.copy(), a.copy()
    c |= b
    d &= b
    e -= b
    out = a | b, a & b, a - b, a ^ b, c, d, e
    a ^= b
    return out


rows.refused("07", "no-matching-overload", ({1}, {"a"}))(lambda a, b: a | b)
rows.same("08", *PAIRS)(
    lambda a, b: (
        a == b,
        a != b,
        a < b,
        a <= b,
        a > b,
        a >= b,
        1 in a,
        9 not in b,
        len(a),
        bool(a),
        sorted([x for x in a]),
    )
)
rows.same("09", ({3, 1, 2},), ({2.5},))(lambda s: (min(s), max(s), sorted(s), sum(s)))
rows.same("09", (set(),))(lambda s: min(s))
rows.same("10", (float("nan"), float("inf") - float("inf")))(
    lambda x, y: (len({x, y, 1.0}), len({0.0, -0.0}), 1.0 in {x, y})
)


@rows.same("11", ({1, 2, 3},), ({"a"},), (set(),))
def reflected(s):
    for x in [x for x in s]:
        s.discard(x)
    return len(s)


@rows.same("11", ({1, 2, 3},))
def grown(s):
    s.add(10)


rows.same("11", (frozenset((1, 2)), frozenset()))(lambda a, b: (a, 1 in a, a | b, len(b), hash(a)))


def test_random_changes():
    def change(codes):
        s = set()
        total = 0
        for code in codes:
            if code % 3:
                s.add(code % 101)
            else:
                s.discard(code % 101)
            total += len(s)
        return total, sorted(s)

    codes = [random.Random(1).randrange(10**6) + i for i in range(2000)]
    assert njit(cache=False)(change)(codes) == change(codes)


@pytest.mark.parametrize("case", rows.parameters())
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()
