"""Dicts and sets in compiled code, against Python's."""

import re

import pytest
from engines import outcome_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit

STEPS = st.lists(
    st.tuples(st.integers(0, 8), st.integers(-20, 20), st.integers(-3, 3)), max_size=60
)
SETS = st.sets(st.integers(-9, 9), max_size=12)


@njit
def run_dict(d, steps):
    seen = []
    for what, key, value in steps:
        if what == 0:
            d[key] = value
        elif what == 1:
            seen.append(d.get(key, 99))
        elif what == 2:
            seen.append(d.pop(key, -99))
        elif what == 3:
            seen.append(d.setdefault(key, value))
        elif what == 4 and d:
            seen.append(d.popitem()[0])
        elif what == 5 and key in d:
            del d[key]
        elif what == 6:
            seen.append(len(d))
        elif what == 7 and value == 3:
            d.clear()
        elif what == 8:
            d.update({key: value, key + 1: value})
    return seen, list(d.items()), list(d.keys()), sum(d.values())


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.integers(-20, 20), st.integers(-9, 9), max_size=20), STEPS)
def test_a_dict_goes_through_any_steps(d, steps):
    steps = steps or [(6, 0, 0)]
    mine = dict(d)
    assert run_dict(mine, steps) == run_dict.py_func(d, steps)
    assert list(mine.items()) == list(d.items())


@njit
def run_set(s, steps):
    seen = []
    for what, item, value in steps:
        if what < 3:
            s.add(item)
        elif what < 5:
            s.discard(item)
        elif what == 5 and item in s:
            s.remove(item)
        elif what == 6:
            s.update([item, item + value])
        elif what == 7 and value == 3:
            s.clear()
        else:
            seen.append(len(s))
    return seen


@settings(max_examples=60, deadline=None)
@given(SETS, STEPS)
def test_a_set_goes_through_any_steps(s, steps):
    steps = steps or [(8, 0, 0)]
    mine = set(s)
    assert run_set(mine, steps) == run_set.py_func(s, steps)
    assert mine == s


@njit
def combine(a, b):
    c = a.copy()
    c |= b
    d = a.copy()
    d &= b
    e = a.copy()
    e -= b
    f = a.copy()
    f ^= b
    return (a | b, a & b, a - b, a ^ b, c, d, e, f, a <= b, a < b, a == b, a != b, a.isdisjoint(b))


@settings(max_examples=60, deadline=None)
@given(SETS, SETS)
def test_sets_combine(a, b):
    assert combine(a, b) == combine.py_func(a, b)


@njit
def count_words(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=4), min_size=1))
def test_text_keys(words):
    result = count_words(words)
    expected = count_words.py_func(words)
    assert list(result.items()) == list(expected.items())


@njit
def squares(n):
    d = {i: i * i for i in range(n)}
    s = {i % 3 for i in range(n)}
    return d, s, {(i, i + 1.5): "x" for i in range(n)}, frozenset(s)


def test_comprehensions():
    assert squares(7) == squares.py_func(7)


@njit
def look_up(d, key):
    return d[key]


@njit
def grow_while_iterating(d):
    for key in d:
        d[key + 100] = 1


@njit
def pop_empty(d, s):
    if d:
        s.pop()
    d.popitem()


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (look_up, ({1: 2}, 5)),
        (grow_while_iterating, ({1: 2},)),
        (pop_empty, ({}, {1})),
        (pop_empty, ({1: 2}, set())),
    ],
)
def test_errors_are_those_of_python(function, args):
    with pytest.raises((KeyError, RuntimeError)) as expected:
        function.py_func(*args)
    with pytest.raises(expected.type, match=f"^{re.escape(str(expected.value))}$"):
        function(*args)


@njit
def change(d, s):
    d["b"] = [2.5]
    d["a"].append(1.5)
    s.add("x")
    return d, s


def test_arguments_take_on_changes():
    d, s, inner = {"a": [0.5]}, {"y"}, [0.5]
    d["a"] = inner
    assert change(d, s)[0] is d
    assert d == {"a": [0.5, 1.5], "b": [2.5]}
    assert d["a"] is inner
    assert s == {"x", "y"}


@pytest.mark.parametrize("key", ["a", (1, "b"), (1, ("a", 2.5), 1j), True, None])
def test_absent_keys_are_in_the_exception(key):
    def missing(table, key):
        try:
            table.pop(key)
        except KeyError as e:
            print(repr(e))
        return table[key]

    def absent(elements, key):
        elements.remove(key)

    for function, start in ((missing, {key: 1}), (absent, {key})):
        outcomes = []
        for f in (function, njit(function)):
            twice = [outcome_of(f, start.copy(), key)]
            outcomes.append(twice)
        assert outcomes[0] == outcomes[1]
