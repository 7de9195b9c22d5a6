"""Section DICT, row by row: dicts from Python, of compiled code, and typed ones."""

# ruff: noqa

import random

import numpy as np
import pytest
from rows import Rows

from pellucid import njit, types
from pellucid.typed import Dict

rows = Rows("DICT", 25)

TABLES = (({1: 2.5, 3: 4.5}, 1), ({1: 2.5}, 9), ({}, 1))


@rows.same("01", (1, "s"))
def makers(n, s):
    a = {}
    a[s] = n
    b = dict()
    b[n] = s
    return a, b, {n: s}, {s: [n], "t": []}, {(n, s): {n: s}}


@rows.refused("01", "no-matching-overload")
def keys_of_two_types():
    d = {}
    d[1] = "a"
    d["a"] = "b"
    return d


@rows.tested_by("02", "03", "17", "19", "22")
def test_typed_dicts_are_mappings():
    made = Dict.empty(types.unicode_type, types.float64)
    made["a"] = 1
    inferred = Dict()
    inferred["a"] = 1.0
    assert made == inferred
    assert dict(made) == {"a": 1.0}
    assert repr(inferred) == "DictType[unicode_type,float64]<iv=None>({a: 1.0})" or "a" in repr(
        inferred
    )

    @njit(cache=False)
    def f(d):
        d["b"] = 2.5
        return d

    assert f(made) is made or f(made) == made
    assert list(made.items()) == [("a", 1.0), ("b", 2.5)]

    @njit(cache=False)
    def g(d):
        for k in d:
            d[k + "x"] = 1.0

    with pytest.raises(RuntimeError):
        g(made)


@rows.same("04", (2.5, "s"))
def keys(x, s):
    return (
        {1: 1},
        {x: 1},
        {s: 1},
        {(1, s): 1},
        {True: 1},
        {1j: 1},
        {None: 1},
        {frozenset((1,)): 1},
        {s.encode(): 1},
    )


rows.refused("04", "no-matching-overload", ([1],))(lambda xs: {xs: 1})
rows.same("05", (2.5, "s"))(
    lambda x, s: ({1: x}, {1: s}, {1: (x, s)}, {1: [x]}, {1: {s}}, {1: {s: x}}, {1: None})
)


@rows.tested_by("05")
def test_arrays_are_values():
    def f(n):
        d = {}
        for i in range(n):
            d[i] = np.full(2, i * 1.5)
        d[0] += d[1]
        return d

    mine, theirs = njit(cache=False)(f)(3), f(3)
    assert mine.keys() == theirs.keys()
    assert all((mine[k] == theirs[k]).all() for k in mine)


@rows.same("06")
def order():
    d = {i: i for i in range(5)}
    del d[2]
    d[2] = 7
    d[0] = 9
    return d, list(d), list(d.values())


@rows.same("07", ({1: 2.5},))
def converted(d):
    d[3] = 4.0
    return d


@rows.refused("07", "no-matching-overload", ({1: 2},))
def unsafe(d):
    d[3] = 4.5


rows.same("08", *TABLES)(lambda d, k: d[k])


@rows.same("09", *TABLES)
def items(d, k):
    d[7] = 1.5
    there = k in d, k not in d, len(d), [x for x in d], bool(d)
    del d[k]
    return there


rows.same("10", *TABLES)(lambda d, k: (d.get(k), d.get(k, 0.5), d.get(k) is None))
rows.same("11", *TABLES)(lambda d, k: (d.setdefault(k, 7.5), d.setdefault(k, 8.5)))
rows.same("12", *TABLES)(lambda d, k: (d.pop(k, -1.0), len(d)))
rows.same("12", *TABLES)(lambda d, k: d.pop(k))
rows.same("13", ({1: 2, 3: 4},), ({},))(lambda d: (d.popitem(), d.popitem()))


@rows.same("14", *TABLES)
def views(d, k):
    pairs = [(a, b) for a, b in d.items()]
    return list(d.keys()), list(d.values()), list(d.items()), pairs, len(d.items()), k in d.keys()


@rows.same("15", ({1: 2.5}, {3: 4.5, 1: 0.5}))
def updates(d, e):
    f = d.copy()
    d.update(e)
    f.update([(9, 1.0)])
    e.clear()
    return f, d | f


@rows.same("15", ({"a": 1},))
def update_with_keywords(d):
    d.update(b=2, a=3)
    return d


rows.same("16", ({1: 2, 3: 4}, {3: 4, 1: 2}), ({}, {1: 2}), ({1: 2}, {1: 3}))(
    lambda a, b: (a == b, a != b)
)


@rows.same("17", ({1: 2.5},))
def plain_dicts(d):
    d[2] = 5.0
    return d


@rows.same("18", ([("a", 1), ("b", 2)], {"x": 3}))
def further_makers(pairs, d):
    return (
        dict(pairs),
        dict(d),
        dict(a=1, b=2),
        {k: v for k, v in pairs},
        dict(zip("ab", [1, 2])),
        d | {"y": 1},
    )


@rows.same("18", (["a", "b"],))
def fromkeys(keys):
    return dict.fromkeys(keys, 0)


@rows.same("19", ({1: 2},), ({1: 2, 3: 4},))
def changed_in_the_loop(d):
    for k in d:
        d[k + 10] = 1
    return d


@rows.same("20", (float("nan"),))
def float_keys(x):
    d = {0.0: 1}
    d[-0.0] = 2
    d[x] = 3
    return len(d), d[0.0], 0 in d


@rows.same("21", ({1: 2},))
def read(d):
    return sum(d.values()), max(d)


rows.lacking("23", "types carry no `initial_value`, and there is no `literally()`")


@rows.same("24")
def literal_dicts():
    d = {"a": 1, "b": "cat", "c": 2.5}
    return len(d), d["a"], d["b"], "a" in d, "z" in d


@rows.refused("25", "no-matching-overload")
def mixed_values():
    return {1: 1, 2: "a"}


def test_random_changes():
    def change(codes):
        d = {}
        total = 0
        for code in codes:
            key = code % 101
            if code % 3 == 0 and key in d:
                del d[key]
            elif code % 3 == 1:
                total += d.get(key, -1)
            else:
                d[key] = code
        return total, list(d.items())

    codes = [random.Random(1).randrange(10**6) + i for i in range(2000)]
    assert njit(cache=False)(change)(codes) == change(codes)


@pytest.mark.parametrize("case", rows.parameters())
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()
