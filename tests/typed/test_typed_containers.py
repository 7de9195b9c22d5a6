"""Typed containers against Python's own, and what they share with compiled code."""

import gc
import pickle
from collections.abc import MutableMapping, MutableSequence, MutableSet

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import TypingError, njit, typeof, types
from pellucid.typed import Dict, List, Set

NUMBERS = st.lists(st.integers(-9, 9), max_size=8)
STEPS = st.lists(st.tuples(st.integers(0, 11), st.integers(-9, 9), st.integers(-4, 4)), max_size=25)


def run_list(items, steps):
    """What a sequence of operations gives, errors too."""
    seen = []
    for what, value, at in steps:
        try:
            seen.append(list_step(items, what, value, at))
        except (IndexError, ValueError) as problem:
            seen.append(type(problem))
    return seen, list(items), len(items)


def list_step(items, what, value, at):
    match what:
        case 0 | 1 | 2:
            return items.append(value)
        case 3:
            return items.pop()
        case 4:
            return items.pop(at)
        case 5:
            return items.insert(at, value)
        case 6:
            return items[at]
        case 7:
            items[at] = value
        case 8:
            del items[at]
        case 9:
            return value in items, items.count(value), items.index(value)
        case 10:
            items.sort(reverse=at > 0)
        case 11:
            items.reverse()
            return list(items[at:value])
    return None


@settings(max_examples=25, deadline=None)
@given(NUMBERS, STEPS)
def test_a_list_goes_through_any_steps(start, steps):
    mine = List.empty_list(types.int64)
    mine.extend(start)
    assert run_list(mine, steps) == run_list(start, steps)


def run_dict(items, steps):
    seen = []
    for what, value, key in steps:
        try:
            seen.append(dict_step(items, what, key, value))
        except KeyError as problem:
            seen.append(problem.args)
    return seen, list(items.items()), list(items), list(items.values()), len(items)


def dict_step(items, what, key, value):
    match what:
        case 0 | 1 | 2:
            items[key] = value
        case 3:
            return items[key]
        case 4:
            del items[key]
        case 5:
            return items.pop(key, None)
        case 6:
            return items.setdefault(key, value)
        case 7:
            return items.popitem() if items else None
        case 8:
            return key in items, items.get(key), items.get(key, 5)
        case 9:
            items.update({key: value, value: key})
        case 10:
            return items == dict(items), items != {key: value}
        case 11:
            return dict(items.copy())
    return None


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_a_dict_goes_through_any_steps(steps):
    mine = Dict.empty(types.int64, types.int64)
    assert run_dict(mine, steps) == run_dict({}, steps)


@settings(max_examples=25, deadline=None)
@given(NUMBERS, NUMBERS, st.integers(-9, 9))
def test_sets(first, second, item):
    mine, theirs = Set.empty(types.int64), set(first)
    mine.update(first)
    assert set(mine) == theirs
    assert set(mine | set(second)) == theirs | set(second)
    assert set(mine & set(second)) == theirs & set(second)
    assert set(mine - set(second)) == theirs - set(second)
    assert (item in mine) == (item in theirs)
    mine.add(item)
    mine.discard(2)
    assert mine == (theirs | {item}) - {2}


def test_they_are_what_they_are():
    assert isinstance(List(), MutableSequence)
    assert isinstance(Dict(), MutableMapping)
    assert isinstance(Set(), MutableSet)
    for made in (List(), Dict(), Set()):
        with pytest.raises(TypeError, match="unhashable"):
            hash(made)


MADE = [
    (lambda: List([1, 2]), "ListType[int64]([1, 2])"),
    (lambda: List((1.5, 2)), "ListType[float64]([1.5, 2.0])"),
    (lambda: List("ab"), "ListType[str](['a', 'b'])"),
    (lambda: List(range(3)), "ListType[int64]([0, 1, 2])"),
    (lambda: List(np.arange(2.0)), "ListType[float64]([0.0, 1.0])"),
    (lambda: List(types.float64), "ListType[float64]([])"),
    (lambda: List.empty_list(types.int32, allocated=3), "ListType[int32]([])"),
    (lambda: List(), "ListType[Undefined]([])"),
    (
        lambda: List([[1, 2], [3]]),
        "ListType[ListType[int64]]([ListType[int64]([1, 2]), ListType[int64]([3])])",
    ),
    (lambda: Dict({1: 2.5}), "DictType[int64,float64]({1: 2.5})"),
    (lambda: Dict(), "DictType[Undefined]({})"),
]


@pytest.mark.parametrize(("make", "text"), MADE, ids=[text for _, text in MADE])
def test_making_and_printing(make, text):
    assert repr(make()) == text


def test_the_type_is_that_of_what_is_put_in_first():
    xs, d, s = List(), Dict(), Set()
    xs.append(1.5)
    d["a"] = 1
    s.add(2)
    assert typeof(xs) == types.List(types.float64)
    assert typeof(d) == types.Dict(types.unicode_type, types.int64)
    assert typeof(s) == types.Set(types.int64)
    xs.append(2)  # converts without loss
    assert list(xs) == [1.5, 2.0]
    with pytest.raises(TypingError, match="cannot hold a float64"):
        List([1]).append(2.5)


@njit
def length(c):
    return len(c)


def test_untyped_ones_cannot_be_passed():
    for made, kind in ((List(), "list"), (Dict(), "dict"), (Set(), "set")):
        with pytest.raises(TypeError, match=f"invalid operation on untyped {kind}"):
            length(made)


@njit
def change(xs, d, s, text):
    xs.append(len(xs))
    d[text] = 2.5
    s.add(7)
    return xs, d, s


def test_changes_are_shared():
    xs, d, s = List([1]), Dict.empty(types.unicode_type, types.float64), Set([1])
    again = change(xs, d, s, "text" * 3)
    del again[1]["text" * 3]
    again[1]["other"] = 1
    again[0].append(9)
    assert [type(each) for each in again] == [List, Dict, Set]
    assert list(xs) == [1, 1, 9]
    assert dict(d) == {"other": 1.0}
    assert set(s) == {1, 7}


@njit
def make_in_compiled_code(text):
    xs = List()
    xs.append(text)
    d = Dict.empty(types.unicode_type, types.int64)
    d[text + "!"] = 1
    by_use = Dict()
    by_use[2] = List([1.5])
    s = Set()
    s.add(text)
    return xs, d, by_use, s, [text], {1: 2}, List.empty_list(types.float64)


def test_making_in_compiled_code():
    made = make_in_compiled_code("some text")
    assert [type(each) for each in made] == [List, Dict, Dict, Set, list, dict, List]
    xs, d, by_use, s, *_ = made
    assert list(xs) == ["some text"]
    assert dict(d) == {"some text!": 1}
    assert [list(each) for each in by_use.values()] == [[1.5]]
    assert set(s) == {"some text"}


def test_inner_containers_are_shared_too():
    xs = List([[1, 2], [3]])
    xs[0].append(5)
    xs.append(List([7]))
    xs[-1].append(8)
    assert [list(inner) for inner in xs] == [[1, 2, 5], [3], [7, 8]]
    d = Dict.empty(types.unicode_type, types.List(types.int64))
    d["a"] = List([1])
    d["a"].append(2)
    assert list(d["a"]) == [1, 2]


def test_arrays_and_texts_outlive_the_call():
    xs, texts = List.empty_list(types.float64[::1]), List()
    for i in range(20):
        xs.append(np.full(100, float(i)))
        texts.append("item " + str(i))
    gc.collect()
    assert [x[99] for x in xs] == list(range(20))
    assert list(texts) == [f"item {i}" for i in range(20)]


def test_code_that_is_gone():
    def make():
        return njit(lambda xs: xs.append([1, 2]))

    xs = List.empty_list(types.List(types.int64))
    make()(xs)
    gc.collect()
    assert [list(inner) for inner in xs] == [[1, 2]]
    del xs


@pytest.mark.parametrize(
    "made", [List([1, 2]), List([[1], []]), Dict({"a": 1.5}), Set([1, 2]), List(), Dict()], ids=repr
)
@pytest.mark.leaks("the parameters live as long as the module")
def test_pickling(made):
    again = pickle.loads(pickle.dumps(made))
    assert repr(again) == repr(made)
    assert again == made


def test_comparing():
    xs = List([1, 2])
    assert xs == [1, 2]
    assert xs == List([1, 2])
    assert xs != [1, 3]
    assert xs < List([1, 3])
    assert xs + xs == [1, 2, 1, 2]
    assert xs * 2 == [1, 2, 1, 2]
    assert xs != "text"
    assert List() == []


def test_sorting_by_a_key():
    xs = List([3, 1, 2])
    xs.sort(key=lambda x: -x)
    assert list(xs) == [3, 2, 1]


def test_a_dict_that_changes_while_it_is_gone_over():
    d = Dict({1: 2, 3: 4})
    keys = iter(d)
    d[next(keys) + 10] = 1
    with pytest.raises(RuntimeError, match="changed size during iteration"):
        next(keys)
