"""`in`, `iter` with a sentinel and `reversed` of what has no positions."""

import pytest
from snippets import check

PROGRAMS = [
    "2 in (v for v in [1, 2]), 3 not in map(int, ['1'])",
    "(1, 3) in zip([1], [3]), (0, 'a') in enumerate('a')",
    "z = iter([1, 2, 3])\nreturn 2 in z, list(z)",
    "x = [1, 2, 3]\nit = iter(lambda: x.pop(), 1)\nreturn list(it), x",
    "d = {1: 2, 3: 4}\nreturn list(reversed(d)), list(reversed(d.values()))",
    "list(reversed({1: 2, 3: 4}.items()))",
]


@pytest.mark.parametrize("source", PROGRAMS)
def test_iterators(source):
    check(source)


KEPT = [
    "z = zip([1, 2], [3, 4])\nreturn list(z), list(z)",
    "z = enumerate([1, 2])\nreturn next(z), list(z), list(z)",
    "z = reversed([1, 2, 3])\nfor _ in z:\n    break\nreturn list(z)",
    "z = zip([1, 2, 3], [3, 4, 5])\na = next(z)\nb = [v for v in z]\nreturn a, b",
    "next(zip([1], [2])), next(reversed([5, 6])), next(enumerate([7]))",
]


@pytest.mark.parametrize("source", KEPT)
def test_a_name_holds_an_iterator_that_is_taken_once(source):
    check(source)
