"""Section LIST, row by row: lists from Python, of compiled code, and typed ones."""

# ruff: noqa

import itertools
import random

import numpy as np
import pytest
from rows import Rows

from pellucid import njit, types
from pellucid.errors import TypingError
from pellucid.typed import List

rows = Rows("LIST", 33)


@rows.same("01", (3,), (0,), (-1,))
def makers(n):
    return (
        [1, n],
        [0] * n,
        list(range(n)),
        [i for i in range(n)],
        list((1.5, 2.5)),
        list("ab"),
        [1, 2] + [n],
    )


@rows.same("01")
def joined_numbers():
    return (
        [1.0, 2.5],
        list({3: 1}),
        list({4}),
        list(x for x in (1, 2)),
        list(zip([1], "a")),
        [[], [1]],
    )


@rows.refused("01", "no-matching-overload")
def unrelated_items():
    xs = [1]
    xs.append("a")
    return xs


@rows.same("02", (2.5, "s"))
def elements(x, s):
    return (
        [x],
        [s],
        [(x, s)],
        [[x], []],
        [None, x],
        [{s: x}],
        [{x}],
        [s.encode()],
        [1j * x],
        [True],
        [np.ones(2).sum()],
    )


@rows.same("03", ([1, 2],))
def returned(xs):
    return xs, [xs], (xs, xs)


def test_the_argument_is_what_is_returned():
    xs = [1, 2]
    ys, (zs,) = njit(cache=False)(lambda l: (l, [l]))(xs)
    assert ys is xs
    assert zs is xs


@rows.same("04", ([1, 2, 3], 0), ([1, 2, 3], -1), ([1, 2], 2), ([1], -2), ([], 0))
def items(xs, i):
    was = xs[i]
    xs[i] = was + 10
    return was


@rows.same("04", ([], 0), ([1], -2))
def assigned(xs, i):
    xs[i] = 1


@rows.same(
    "05",
    ([1, 2, 3, 4, 5], 1, 3, 1),
    ([1, 2], -9, 9, 1),
    ([1, 2, 3, 4], 0, 4, 2),
    ([1, 2, 3], 2, 0, -1),
    ([1, 2, 3], 0, 3, -1),
)
def slices(xs, a, b, c):
    got = xs[a:b:c]
    xs[a:b:c] = [9] * len(got)
    ys = xs[:]
    ys[a:b] = [7, 7, 7, 7]
    del ys[::2]
    zs = xs[::-1]
    del zs[a:b]
    return got, ys, zs


@rows.same("05", ([1, 2, 3, 4],))
def unequal_extended_slice(xs):
    xs[::2] = [1]


@rows.same("06", ([1.5],))
def append(xs):
    made = []
    made.append(1)
    xs.append(2.0)
    return made


@rows.refused("06", "no-matching-overload", ([1],))
def append_of_another_type(xs):
    xs.append(2.5)


@rows.same("07", ([1], np.arange(2)))
def extend(xs, a):
    xs.extend([2])
    xs.extend((3, 4))
    xs.extend(range(2))
    xs.extend({7})
    xs.extend(xs)
    xs.extend(int(x) for x in a)
    xs.extend({5: 6})
    xs += [8]


rows.same("08", ([1, 2], 0), ([1, 2], -1), ([1, 2], 9), ([1, 2], -9), ([], 0))(
    lambda xs, i: xs.insert(i, 7)
)
rows.same("09", ([1, 2, 3], 0), ([1, 2], -1), ([1], 5), ([1], -3), ([], 0))(
    lambda xs, i: (xs.pop(i),)
)
rows.same("09", ([1, 2],), ([],), (["a"],))(lambda xs: xs.pop())
rows.same("10", ([1, 2, 1], 1), ([1], 9), ([], 1))(lambda xs, x: xs.remove(x))
rows.same("11", ([1, 2, 1], 1), ([1, 2], 9), ([], 1))(
    lambda xs, x: (xs.index(x), xs.index(x, 0, 9), xs.index(x, 1), xs.index(x, -1))
)
rows.same("12", ([1, 2, 1], 1), ([], 1), ([1.0, float("nan")], 1.0))(lambda xs, x: xs.count(x))
rows.same("13", ([1, 2, 3],), ([],), (["a", "b"],))(lambda xs: xs.reverse())


@rows.same("14", ([3, 1, -2],), ([],), ([2.5, -1.0, 0.0],))
def sort(xs):
    ys = xs.copy()
    ys.sort(key=lambda v: -abs(v))
    zs = list(xs)
    zs.sort(key=abs, reverse=True)
    xs.sort(reverse=True)
    return ys, zs


def test_sort_keeps_the_order_of_equal_keys():
    pairs = [(random.Random(i).randrange(50), i) for i in range(10_000)]
    mine = list(pairs)
    njit(cache=False)(lambda xs: xs.sort(key=lambda p: p[0]))(mine)
    assert mine == sorted(pairs, key=lambda p: p[0])


@rows.same("15", ([1, 2],), ([],))
def copy_and_clear(xs):
    ys = xs.copy()
    xs.clear()
    ys.append(3)
    return ys


@rows.same("16", ([1, 2], [1, 3]), ([], [1]), ([1, 2], [1, 2]), ([2], [1, 5]))
def comparisons(a, b):
    return len(a), bool(a), 1 in a, 9 not in b, a == b, a != b, a < b, a <= b, a > b, a >= b, sum(a)


@rows.same("16", ([[1], []], [["a"], ["b"]]))
def comparisons_of_nested(a, b):
    return a == [[1], []], b < [["a"], ["c"]], [1] in a, ["b"] in b


@rows.same("17", ([1, 2], 2), ([], 3), ([1], 0), ([1], -1))
def operators(xs, n):
    ys = xs + [9]
    zs = xs * n
    ws = n * xs
    xs += [5]
    xs *= n
    ys *= 2
    return ys, zs, ws, xs is not ys


@rows.same("18", ([1],))
def identity(xs):
    ys = xs
    return xs is ys, xs is [1], xs is not ys, xs is None


@rows.same("19", ([1, 2, 3, 4, 5], 1), ([1], 4), ([1], -1))
def deletion(xs, i):
    made = [1, 2, 3]
    del made[0], made[1:], xs[i]
    return made


@rows.same("20", ([1, 2, 3],))
def reflected(xs):
    xs.append(10)
    xs[0] = 99


@rows.same("20", ([[1], []],), ([[1, 2]],))
def nested_reflected(xs):
    xs[0].append(7)
    xs.append([5])


rows.same("20", ([],))(lambda xs: len(xs))


@rows.tested_by("20")
def test_a_mixed_list_is_refused():
    with pytest.raises(TypeError, match="a list of int64 and str cannot be passed"):
        njit(cache=False)(lambda xs: len(xs))([1, "a"])


@rows.same("21", ([1, 2, 3],))
def changed_in_the_loop(xs):
    seen = []
    for x in xs:
        seen.append(x)
        if len(xs) < 6:
            xs.append(x * 10)
    return seen


@rows.tested_by("23", "24", "25", "26", "27", "30")
@pytest.mark.parametrize("make", [List, lambda xs: List.empty_list(types.int64, 8)])
def test_typed_lists_do_what_lists_do(make):
    def change(xs):
        for x in (5, 3, 1):
            xs.append(x)
        xs.extend([9, 8])
        xs.insert(1, 7)
        xs.insert(-1, 6)
        xs.insert(100, 0)
        got = xs.pop(), xs.pop(0), xs.count(7), xs.index(7), xs[-1], xs[1], 3 in xs, len(xs)
        xs.remove(3)
        xs.reverse()
        del xs[0]
        copied = xs.copy()
        xs.sort(key=lambda v: -v)
        xs[0] = 100
        xs[1:2] = xs[2:4]
        total = 0
        for x in xs:
            total += x
        return got, total, [x for x in copied], [x for x in xs[::2]]

    expected_list = []
    expected = change(expected_list)
    inside, outside = (
        make([]) if make is List else make(None),
        make([]) if make is List else make(None),
    )
    if make is List:
        inside, outside = List.empty_list(types.int64), List()
    assert njit(cache=False)(change)(inside) == expected
    assert change(outside) == expected
    assert list(inside) == list(outside) == expected_list
    assert inside == outside
    assert not inside != outside
    assert repr(outside) == f"ListType[int64]({expected_list})"
    with pytest.raises(TypeError):
        hash(outside)
    with pytest.raises(IndexError):
        outside[99]


@rows.tested_by("28")
def test_typed_lists_convert_what_is_safe():
    xs = List([1.5])
    xs.append(2)
    assert list(xs) == [1.5, 2.0]
    with pytest.raises(TypingError):
        List([1]).append("a")
    with pytest.raises(TypingError):
        List([1]).append(2.5)


@rows.tested_by("29")
def test_typed_lists_nest():
    xs = List([[1, 2], [3]])
    assert [list(x) for x in xs] == [[1, 2], [3]]
    ys = List([List([1])])

    @njit(cache=False)
    def f(l):
        l[0].append(10)
        return len(l[0])

    assert f(ys) == 2
    assert list(ys[0]) == [1, 10]


@rows.tested_by("31")
def test_typed_lists_are_shared():
    xs = List([1, 2])

    @njit(cache=False)
    def f(l):
        l[0] = 9
        return l

    ys = f(xs)
    ys.append(3)
    assert list(xs) == [9, 2, 3]


@rows.tested_by("33")
def test_a_list_may_be_read_from_several_threads():
    from concurrent.futures import ThreadPoolExecutor

    xs = List(range(1000))
    f = njit(cache=False, nogil=True)(lambda l: sum(l))
    f(xs)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(f, [xs] * 8)) == [sum(range(1000))] * 8


rows.lacking("22", "types carry no `initial_value`, and there is no `literally()`")


@rows.same("32")
def literal_lists():
    t = ["a", 10, 1j]
    return len(t), t[0], t[1] + 1, t[-1]


@pytest.mark.parametrize("case", rows.parameters())
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()
