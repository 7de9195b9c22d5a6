"""Tuples whose length is known at run time only, against Python's."""

# ruff: noqa: B905, C409, RUF005 (these forms are what is tried)

from collections import defaultdict

import pytest
from engines import outcome_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.base.diagnostics import CompileError


def everything(xs):
    t = tuple(xs)
    return (
        (t, len(t), bool(t), t[1:], t[::-1], 2 in t, t.count(2), list(t), sorted(t), [t, t]),
        (t == tuple(xs), t != tuple(xs[1:]), t < tuple(xs[1:]), t >= (2, 3), t == (1, 2)),
        (t + t, t + (9, 8), (7,) + t, t * 2, hash(t), str(t), f"{t}", {"a": t}, {t: 1}),
        (isinstance(t, tuple), sum(t), list(reversed(t)), tuple(t) == t, max(t, default=0)),
    )


def item(xs, i):
    return tuple(xs)[i], tuple(xs).index(i)


def anagrams(words):
    groups = defaultdict(list)
    for word in words:
        groups[tuple(sorted(word))].append(word)
    return groups, len({tuple(word) for word in words})


def transposed(rows):
    for column in zip(*rows):
        print(column)
    return list(zip(*rows)), [list(c) for c in zip(*rows)], [sum(c) for c in zip(*rows)]


def of_iterables(xs):
    a, b = tuple(xs)
    c, *d = tuple(xs)
    print(tuple(xs), sep="")
    return (
        tuple(x * x for x in xs), tuple(map(str, xs)), tuple(range(3)), tuple("ab"), tuple([1, a]),
        tuple(tuple(xs[:i]) for i in range(3)), b, c, d, (*xs, 1), (0, *(1, 2), *xs, *xs),
    )  # fmt: skip


EVERYTHING, ITEM = njit(everything), njit(item)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-3, 3), max_size=5))
def test_what_tuples_do(xs):
    assert repr(EVERYTHING(xs)) == repr(everything(xs))


@pytest.mark.parametrize("i", [0, 1, -1, 2, -3, 9])
def test_items(i):
    assert outcome_of(ITEM, [1, 2], i) == outcome_of(item, [1, 2], i)


def test_keys_of_dicts_and_sets():
    words = ["eat", "tea", "tän", "ate", "nät", "bat", ""]
    assert repr(njit(anagrams)(words)) == repr(anagrams(words))


@pytest.mark.parametrize("rows", [[[1, 2, 3], [4, 5, 6]], [[1, 2], [3]], [[7]]], ids=str)
def test_columns(rows):
    assert outcome_of(njit(transposed), rows) == outcome_of(transposed, rows)


@pytest.mark.parametrize("xs", [[1, 2], [1], [3, 4, 5]], ids=str)
def test_made_of_iterables(xs):
    assert outcome_of(njit(of_iterables), xs) == outcome_of(of_iterables, xs)


def test_items_of_several_types_are_refused():
    def f(xs):
        return tuple(xs) + (1.5, "a")

    with pytest.raises(CompileError, match="`\\+` is not defined"):
        njit(f)([1])
