"""`itertools` in compiled code, against CPython's, on lists of any length."""

import itertools
import sys

import pytest
from differential import outcome_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.errors import TypingError

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NUMBERS = st.lists(st.integers(-3, 3), min_size=1, max_size=9)


def one_after_another(xs, ys, k):
    return (
        list(itertools.chain(xs, (7, 8), ys)),
        list(itertools.chain.from_iterable([xs, ys])),
        list(itertools.chain.from_iterable((xs, (1, 2)))),
        list(itertools.pairwise(xs)),
        list(itertools.repeat(xs[0], k)),
        list(itertools.compress(xs, ys)),
    )


def totals(xs, ys, k):
    return (
        list(itertools.accumulate(xs)),
        list(itertools.accumulate(xs, lambda a, b: a * b + k)),
        list(itertools.accumulate(ys, initial=k)),
        list(itertools.accumulate(ys, max, initial=k)),
        list(itertools.starmap(lambda a, b: a - b, zip(xs, ys, strict=False))),
    )


def some_of_them(xs, ys, k):
    return (
        list(itertools.takewhile(lambda x: x != k, xs)),
        list(itertools.dropwhile(lambda x: x != k, xs)),
        list(itertools.filterfalse(lambda x: x > k, xs)),
        list(itertools.filterfalse(None, ys)),
    )


def slices(xs, ys, k):
    rest = itertools.count(k, 2)
    taken = list(itertools.islice(rest, 1, 8, 3))
    return (
        taken,
        next(rest),
        list(itertools.islice(xs, k)),
        list(itertools.islice(xs, 1, None)),
        list(itertools.islice(xs, None, 5, k)),
        list(itertools.islice(itertools.cycle(ys), 11)),
        list(itertools.islice(itertools.repeat(k), 3)),
    )


def several_at_once(xs, ys, k):
    first, second = itertools.tee(xs)
    sums = [a + b for a, b in zip(first, second, strict=True)]
    one, two, three = itertools.tee(itertools.count(k), 3)
    late = next(one) + next(one) + next(two)
    return (
        list(itertools.zip_longest(xs, ys, (1.5, 2.5), fillvalue=k)),
        list(itertools.zip_longest(xs, ys)),
        sums,
        (late, next(three), next(two), next(one)),
    )


def groups(xs, ys, k):
    by_item = [(key, len(list(group))) for key, group in itertools.groupby(xs)]
    firsts = []
    for key, group in itertools.groupby(ys, lambda y: y > k):
        firsts.append((key, next(group)))
    kept = [group for _, group in itertools.groupby(xs)]
    return by_item, firsts, [len(list(group)) for group in kept]


def selections(xs, ys, k):
    return (
        list(itertools.product(xs, (0.5, 1.5))),
        len(list(itertools.product(xs, ys, (k,)))),
        list(itertools.product(ys, repeat=2)),
        list(itertools.combinations(xs, 2)),
        list(itertools.combinations(xs, 3)),
        list(itertools.combinations_with_replacement(ys, 2)),
        list(itertools.permutations(xs, 2)),
        list(itertools.permutations((k, 2, 3))),
    )


FUNCTIONS = (
    one_after_another, totals, some_of_them, slices, several_at_once, groups, selections
)  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
def test_agrees_with_python(function):
    compiled = njit(function)

    @few
    @given(NUMBERS, NUMBERS, st.integers(1, 4))
    def agree(xs, ys, k):
        assert compiled(xs, ys, k) == function(xs, ys, k)

    agree()


@njit
def sliced(xs, start, stop, step):
    return list(itertools.islice(xs, start, stop, step))


@pytest.mark.parametrize("bounds", [(-1, 2, 1), (0, -1, 1), (0, -2, 1), (0, 2, 0)])
def test_slices_refuse_what_is_negative(bounds):
    assert outcome_of(sliced, [1, 2], *bounds) == outcome_of(sliced.py_func, [1, 2], *bounds)


def test_out_to_python():
    @njit
    def running(xs):
        return itertools.accumulate(itertools.chain(xs, (10,)))

    assert list(running([1, 2])) == [1, 3, 13]


def test_unknown_lengths_are_refused():
    @njit
    def some(xs, r):
        return list(itertools.combinations(xs, r))

    with pytest.raises(TypingError, match="a constant"):
        some([1, 2, 3], 2)


@pytest.mark.skipif(sys.version_info < (3, 13), reason="batched(strict=) is new in Python 3.13")
def test_batches():
    @njit
    def batches(xs):
        return list(itertools.batched(xs, 3, strict=True))

    assert batches([1, 2, 3, 4, 5, 6]) == [(1, 2, 3), (4, 5, 6)]
    with pytest.raises(ValueError, match="incomplete batch"):
        batches([1, 2, 3, 4])
