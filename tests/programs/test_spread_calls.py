"""Calls that spread a list: as many arguments as it has items, known at run time."""

import itertools

import pytest
from engines import outcome_of

from pellucid import njit
from pellucid.base.diagnostics import CompileError


@njit
def three(a, b, c):
    return a + 10 * b + 100 * c


def defaults(a, b=5, c=7):
    return a, b, c


def nothing():
    return 1


def any_number(*args):
    return len(args)


def all_of_them(xs):
    return three(*xs)


def after_one(xs):
    return three(1, *xs)


def with_defaults(xs):
    return defaults(*xs)


def with_keyword(xs):
    return defaults(*xs, c=1)


def of_a_closure(xs):
    factor = 3
    add = lambda a, b: a * factor + b  # noqa: E731 (a closure)
    return add(*xs)


def printed(xs):
    print(*xs)
    print("a", *xs, sep="-", end="!\n")


def chained(xs):
    return list(itertools.chain(*[xs, [5], xs[:1]]))


def greatest(xs):
    return max(*xs), min(*xs)


def of_none(xs):
    return nothing(*xs)


LISTS = [[], [1], [2, 1], [1, 2, 3], [1, 2, 3, 4]]
FUNCTIONS = [
    all_of_them, after_one, with_defaults, with_keyword, of_a_closure, printed, chained, greatest,
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
def test_as_many_arguments_as_items(function):
    compiled = njit(function)
    for xs in LISTS:
        if function is of_a_closure and len(xs) != 2:
            continue  # Python's message has the place where a function was defined
        assert outcome_of(compiled, list(xs)) == outcome_of(function, list(xs)), xs


def test_no_argument_is_wanted():
    assert njit(of_none)([1][:0]) == 1
    with pytest.raises(TypeError, match="takes 0 positional arguments but 2 were given"):
        njit(of_none)([1, 2])


def test_what_takes_any_number_is_refused():
    def f(xs):
        return any_number(*xs)

    with pytest.raises(CompileError, match="how many arguments this call has is not known"):
        njit(f)([1])
