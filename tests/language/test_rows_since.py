"""Sections SINCE (what is of the language) and GAP (the same), row by row.

PYTEST_DONT_REWRITE: the assertions of a row are the user's.
"""

# ruff: noqa

import enum
import functools
import heapq
import math
import operator
import random
import sys

import numpy as np
import pytest
from engines import outcome_of
from rows import Rows

from pellucid import literal_unroll, njit, types
from pellucid.typed import Dict, List, Set

LANGUAGE = (*range(9, 33), 35, 36, 37, 38, 74, 75, 76, 77, 78, 80, 81, 82, 83, 115, 220, 221)
rows = Rows("SINCE", LANGUAGE)
gaps = Rows("GAP", (1, 3, 4, 5, 12, 13, 20, 21, 22, 23, 24, 27, 29, 30, 33, 37, 38))


class Level(enum.IntEnum):
    LOW = 2


@rows.same(
    "09",
    (3,),
    (2.5,),
    (True,),
    ("a",),
    ((1, 2),),
    ([1],),
    ({1},),
    ({1: 2},),
    (b"a",),
    (1j,),
    (None,),
    (range(3),),
)
def kinds(x):
    return (
        isinstance(x, int),
        isinstance(x, float),
        isinstance(x, (str, bytes)),
        isinstance(x, bool),
        isinstance(x, complex),
        isinstance(x, (list, tuple)),
        isinstance(x, set),
        isinstance(x, dict),
        isinstance(x, range),
        isinstance(x, object),
    )


@rows.same("09", (3,), ("s",))
def pruned(x):
    if isinstance(x, str):
        return x + "a"
    return x + 1


@rows.same("09", (np.int32(3),), (np.float32(2.5),), (np.uint8(1),))
def scalar_kinds(x):
    return isinstance(x, np.int32), isinstance(x, np.float32), isinstance(x, (np.uint8, np.float64))


@rows.same("10", (1 + 2j,))
def attributes(z):
    return (
        getattr(z, "imag"),
        getattr(z, "nothing", 5),
        hasattr(z, "real"),
        hasattr(z, "nothing"),
        getattr(z, "real", 0),
    )


rows.refused("10", "unknown-attribute", (1,))(lambda x: getattr(x, "nothing"))


@rows.same("11", (7, 2.5, "a'b"), (-1, math.nan, '"'), (0, 1e-7, "é\n\x00\U0001f600"))
def texts(n, x, s):
    return (
        str(n),
        repr(n),
        str(x),
        repr(x),
        str(s),
        repr(s),
        repr((n, s)),
        str([x]),
        repr({s: n}),
        str(None),
        repr(1j),
        str(True),
    )


@rows.same("12", ([1, 2],), ((1, 2.5),), ({1, 2},), ([],))
def sums(xs):
    return sum(xs) + 0.0, sum(xs, 10) + 0.0, sum(xs, start=2.5), sum(x for x in xs) + 0.0


rows.same("13", (True, False))(lambda a, b: (min(a, b), max(a, b), min([a, b])))
rows.same("14")(lambda: (float("1.5"), float("inf"), float("-nan"), float(" 1_0e-2 ")))


@rows.same("15", (1, "s", 2.5, True))
def formatted(n, s, x, b):
    return f"ABC_{n + 1}_{s}_{x}_{b}_{n:>4}_{x!r}_{s:^{n + 3}}_{{}}_{x:.{n}f}"


rows.same("16", (3,), (0,))(lambda n: {i: i**2 for i in range(n)})
rows.same("17", ([(1, "a"), (2, "b")],))(
    lambda xs: (dict(xs), dict([(1, 2)]), dict(zip("ab", (1, 2))), dict(((1, 2.5), (3, 4.5))))
)
rows.same("18", ({1: 2},))(lambda d: (len(d.keys()), len(d.values()), len(d.items())))


@rows.tested_by("19")
def test_a_dict_is_made_with_room():
    d = Dict.empty(types.int64, types.float64, n_keys=100)
    assert len(d) == 0
    d[1] = 2.5
    assert dict(d) == {1: 2.5}


@rows.tested_by("20")
def test_type_expressions_in_compiled_code():
    @njit(cache=False)
    def f(a):
        xs = List.empty_list(types.float64[:, ::1])
        xs.append(a)
        d = Dict.empty(types.int64, types.float64[:])
        d[1] = a[0]
        return xs[0].sum() + d[1][0], len(xs)

    assert f(np.ones((2, 2))) == (5.0, 1)


rows.same("21", ([1, 2], 2), ([1], 0))(
    lambda xs, n: (xs * n, n * xs, operator.mul(xs, n), operator.mul(n, xs))
)
rows.same("22", (1,))(lambda n: (slice(1, 10, 2), slice(n), slice(None, n)))


@rows.same("23", ({"a", "b"},))
def sets_of_text(s):
    s.add("c")
    t = {x + "!" for x in s}
    return t, "a" in s, {(1, "x")}


@rows.tested_by("24")
def test_typed_sets():
    def change(s):
        s.add(3)
        s.discard(1)
        s.update([7, 8])
        t = s.copy()
        t.remove(3)
        return sorted(t), len(s), 7 in s, s.isdisjoint(t)

    inside, outside = Set.empty(types.int64), Set.empty(types.int64)
    for s in (inside, outside):
        s.add(1)
    assert njit(cache=False)(change)(inside) == change(outside) == change({1})
    assert inside == outside
    assert sorted(Set([1, 2]) | {5}) == [1, 2, 5]


@rows.tested_by("25")
def test_typed_lists_of_all_iterables():
    assert repr(List(range(3))) == "ListType[int64]([0, 1, 2])"
    assert list(List("ab")) == ["a", "b"]
    assert list(List(np.arange(2.0))) == [0.0, 1.0]


rows.same("26", ({1: 2}, 5), ({1: 2}, 1))(lambda d, k: d[k])


@rows.same("27", (3, "a"), (-1, ""))
def raised_with_values(n, s):
    message = s + "!"
    if n > 0:
        raise ValueError(n, message)
    raise KeyError((n, s), 2.5, None)


def adds(f, x):
    return f(x) + 1


def raising(x):
    if x > 2:
        raise ValueError(x)
    return x


rows.same("28", (1,), (5,))(lambda x: adds(raising, x))
rows.elsewhere("29", "tests/programs/test_function_values.py")


@rows.same("30", (3,))
def nonlocal_twice(n):
    x = 0

    def f():
        nonlocal x
        x = n
        x = x + 1

    f()
    f()
    return x


@rows.tested_by("31")
def test_generic_functions():
    import sys

    if sys.version_info < (3, 12):
        pytest.skip("PEP 695 is Python 3.12")
    from engines import define

    f = define("def f[T](a: T) -> T:\n    return a\n")
    assert njit(cache=False)(f)(2.5) == 2.5


@rows.same("32", (3,))
def own_scopes(n):
    x = "outer"
    a = [x for x in range(n)]
    b = {x: [x for x in range(x)] for x in a}
    return a, b, x


rows.elsewhere("35", "tests/language/test_rows_lang.py")


@rows.same("36", (1,))
def literal_booleans(n):
    flag = True
    if flag:
        kept = n
    else:
        kept = "never"
    return kept, flag


@rows.same("37")
def unrolled_twice():
    total = 0.0
    for x in literal_unroll((1, 2.5)):
        y = x * 2
        total += y
    for x in literal_unroll(("a", 3)):
        y = x * 2
        total += len(str(y))
    return total


@rows.same("38", (None,), (3,))
def compared_with_none(x):
    y = None if x == 3 else 1
    return x == None, x != None, None == y, y != None, y is None


rows.same("74", (8.0,), (0.3,), (3,))(lambda x: math.log2(x))
rows.same("75", (1.0, 2.0), (0.0, -1.0), (math.inf, 0.0))(lambda x, y: math.nextafter(x, y))
if sys.version_info >= (3, 12):
    rows.same("75", (1.0, 2.0), (-0.0, -1.0), (math.inf, 0.0), (1.0, 1.0))(
        lambda x, y: (math.nextafter(x, y, steps=3), math.nextafter(x, y, steps=0))
    )
rows.same("76", (3.0,), (-1.5,), (10,))(lambda x: math.exp2(x))


@rows.tested_by("77")
def test_heaps_of_typed_lists():
    def f(xs):
        heapq.heapify(xs)
        heapq.heappush(xs, 0)
        return heapq.heappop(xs), heapq.nsmallest(2, xs), heapq.heapreplace(xs, 9), [x for x in xs]

    assert njit(cache=False)(f)(List([5, 1, 4])) == f([5, 1, 4])


@rows.same("78", (5,))
def random_keywords(n):
    random.seed(a=n)
    return (
        random.uniform(a=1, b=2),
        random.randint(a=1, b=9),
        random.gauss(mu=1.0, sigma=2.0),
        random.expovariate(lambd=2.0),
    )


rows.same("80", ("banana",))(
    lambda s: (
        s.startswith("an", 1),
        s.startswith("an", 1, 2),
        s.startswith(("x", "ba")),
        s.startswith("a", -1),
    )
)
rows.same("81", ("a",), ("é",), ("",))(lambda s: s.isascii())
rows.same("82", ("banana" * 50,))(lambda s: (s.find("nab"), s.rfind("nab"), s[3], s[-1] + s[0]))
rows.same("83", (np.arange(3),))(lambda a: (a[np.newaxis], a[:, np.newaxis], np.bool_(a[0])))
rows.same("115", (3037000499, -3), (-7, 2))(lambda a, b: (a**2, b**3, a**1, a**0))


@rows.same("220", ([1, 2, 3], {1: 2}))
def operator_items(xs, d):
    operator.setitem(xs, 0, 9)
    operator.delitem(d, 1)
    operator.delitem(xs, 1)
    return (
        operator.getitem(xs, 0),
        operator.is_(xs, xs),
        operator.is_not(xs, None),
        operator.contains(xs, 3),
    )


rows.same("221", ("a,b",))(
    lambda s: (
        s.split(sep=",", maxsplit=1),
        s.expandtabs(tabsize=2),
        s.splitlines(keepends=True),
        round(number=2.5),
        sorted(s, reverse=True),
        sum([1], start=2),
        pow(base=2, exp=3),
        s.encode(encoding="utf-8"),
    )
)


# Gaps of the reference ----------------------------------------------------------------------------

gaps.same("01", ([1, 2],))(lambda xs: functools.reduce(lambda a, b: a + b, xs, 0))
gaps.same("03", (True,))(lambda b: (b.real, b.imag, b.conjugate(), float(b)))


@gaps.same("04")
def deletions_of_literals():
    l, d = [1, 2, 3], {1: 2, 3: 4}
    del l[0], d[1]
    return l, d


def with_keyword(a, k=1):
    return a * k


gaps.same("05", ([1, 2],))(
    lambda xs: (
        list(enumerate(xs, start=5)),
        list(zip(xs, xs, strict=True)),
        (lambda a, k: a - k)(k=1, a=5),
        with_keyword(k=3, a=2),
    )
)
gaps.same("12", (-1,))(lambda n: heapq.nsmallest(n, [1, 2]))


@gaps.same("13", ([5, 1, 2],))
def heaps_and_shuffles(xs):
    random.seed(1)
    random.shuffle(xs)
    heapq.heapify(xs)


gaps.same("20", ("a b c", 1))(lambda s, n: s.split(None, n))
gaps.same("21", ("a'b",), ("a\"'b",))(lambda s: repr(s))
gaps.same("22", (2.5,))(lambda x: (f"{x}", str(x)))
gaps.elsewhere("23", "tests/language/test_rows_dict.py")
gaps.refused("24", "no-matching-overload", (5.0,))(lambda x: [i for i in range(x)])
gaps.same("27", ([],))(lambda xs: max(xs))
gaps.refused("29", "wrong-arguments", (1,))(lambda x: raise_with_keyword(x))


def raise_with_keyword(x):
    raise ValueError(msg=x)


@gaps.same("30", (0,), (1,), (2,))
def exception_values(n):
    try:
        if n:
            raise KeyError(n)
        raise IndexError("zero")
    except (KeyError, ValueError) as e:
        return repr(e)
    except IndexError as e:
        return str(e)


gaps.same("30", ({"a"},))(lambda s: ("a" in s, s))
gaps.same("33", ([(1, "b"), (0, "a"), (1, "a")],))(
    lambda xs: (sorted(xs, key=lambda p: p[0]), xs.sort(key=lambda p: -p[0]))
)
gaps.elsewhere("37", "tests/programs/test_exceptions.py")
gaps.same("38", (0j, -1), (0j, 2), (0j, -0.5))(lambda a, b: a**b)


@pytest.mark.parametrize("case", [*rows.parameters(), *gaps.parameters()])
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()
    gaps.check_complete()
