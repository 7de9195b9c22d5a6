"""Dicts of keyword arguments, displays of constant keys and mixed values, errors of keys."""

import pytest
from snippets import check

PROGRAMS = [
    "dict.fromkeys('abca'), dict.fromkeys([2, 1, 2], 0.5), list(dict.fromkeys((3, 1, 3)))",
    "dict(a=1, b=2)",
    "dict({'a': 1}, b=2)",
    "dict([('a', 1)], b=2)",
    "d = {'a': 1}\nd.update(b=2, c=3)\nreturn d",
    "d = {'a': 1}\nd.update([('x', 2)], b=2, c=3)\nd.update()\nreturn d",
    "{**{'a': 1}, 'b': 2}",
    "d = {'a': 1}\nd |= {'b': 2}\nd |= [('c', 3)]\nreturn d | {'a': 5}",
    "{'a': 1, 'b': 'x'}",
    "d = {'a': 1, 'b': 'x'}\nreturn d['a'], d['b'], len(d), 'a' in d, d.get('c', 3)",
]


@pytest.mark.parametrize("source", PROGRAMS)
def test_mappings(source):
    check(source)


KEYS = [
    ("b[a]", "z", {"x": 1}), ("b[a]", 1.5, {2.5: 1}), ("b.pop(a)", "z", {"x": 1}),
    ("del b[a]\nreturn b", "z", {"x": 1}), ("b.remove(a)", "z", {"x"}), ("b.remove(a)", 1, {2}),
    ("b[a]", (1, "a"), {(1, "b"): 1}), ("b.index(a)", "z", ["x"]), ("b.index(a)", 3, [1]),
    ("b.index(a)", (1, "a"), [(1, "b")]), ("b.index(a)", [1], [[2]]), ("b.remove(a)", "q", ["r"]),
]  # fmt: skip


@pytest.mark.parametrize("case", KEYS, ids=str)
def test_missing_keys(case):
    source, *args = case
    check(source, tuple(args))
