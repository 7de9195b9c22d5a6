"""Which entry takes a container: the one for its `typeof`, in whatever order calls come.

A list of ints is not taken by an entry for lists of floats, though it could be read as one; one of
ints and floats is. What a signature or an annotation asks for converts.
"""

from __future__ import annotations

import enum
from collections import Counter, OrderedDict, defaultdict, deque

import numpy as np
import pytest

import pellucid
from pellucid.types import List, float64
from pellucid.types.typeof import typeof


def items(xs):
    return list(xs)


def nested_items(xss):
    return [list(xs) for xs in xss]


def pairs(table):
    return [(key, value) for key, value in table.items()]


def nested_pairs(table):
    return [(key, list(xs)) for key, xs in table.items()]


def items_of_parts(parts):
    return list(parts[0]), parts[1]


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Whole(int):
    pass


NUMBERS = ([1.5], [1, 2], [2, 1.5], [True, False], [True, 2], [1j, 1])
KINDS = {
    "list": (items, NUMBERS),
    "deque": (items, [deque([1.5]), deque([1, 2]), deque([2, 1.5]), deque([True])]),
    "set": (items, [{1.5}, {1, 2}, {2, 1.5}, {True}]),
    "frozenset": (items, [frozenset([1.5]), frozenset([1])]),
    "width": (items, [[np.float32(1)], [1.5], [np.int8(1)], [np.int8(1), 2], [2**63]]),
    "optional": (items, [[None, 1.5], [None, 1], [1], [None, 2, 1.5], [None]]),
    "pair": (items, [[(1, 2.0)], [(1, 2)], [(1, 2.0), (1.5, 2)], [(True, 1)]]),
    "optional pair": (items, [[(1, None), (2, 1.5)], [(1, None)], [(1, 1.5)]]),
    "nested": (nested_items, [[[1.5]], [[1], [True]], [[1], [1.5]], [[], [2]], [[], [2.5]]]),
    "list of sets": (nested_items, [[{1.5}], [{1}], [{1, 2.5}]]),
    "dict values": (pairs, [{"a": 1.5}, {"a": 1}, {"a": 1, "b": 1.5}]),
    "dict keys": (pairs, [{1.5: "a"}, {1: "a"}, {1: "a", 2.5: "b"}]),
    "dict of lists": (nested_pairs, [{1: [1.5]}, {1: [1]}, {1: [1], 2: [2.5]}]),
    "OrderedDict": (pairs, [OrderedDict(a=1.5), OrderedDict(a=1)]),
    "Counter": (pairs, [Counter([1.5]), Counter([1])]),
    "defaultdict": (pairs, [defaultdict(float, {1: 1}), defaultdict(int, {1: 1})]),
    "in a tuple": (items_of_parts, [([1.5], 1), ([1], 1), ([1], 1.5), ([1, 1.5], 1)]),
    "members": (items, [[Level.LOW], [Level.LOW, 5], [1.5, Whole(3)]]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_answers_do_not_depend_on_earlier_calls(kind):
    function, values = KINDS[kind]
    wanted = [repr(pellucid.njit(function)(value)) for value in values]
    for order in (1, -1):
        compiled = pellucid.njit(function)
        calls = list(zip(values, wanted, strict=True))[::order]
        for value, answer in [*calls, *calls]:
            assert repr(compiled(value)) == answer, value
        assert set(compiled.signatures) == {(typeof(value),) for value in values}


@pytest.mark.parametrize("first", [0, 1])
def test_two_arguments(first):
    compiled = pellucid.njit(lambda xs, ys: (xs[0], ys[0], len(xs) + len(ys)))
    calls = [([1.5], [1]), ([1], [1.5]), ([1], [1]), ([1.5, 2], [2, 1.5])]
    for xs, ys in calls[first:] + calls[:first]:
        assert repr(compiled(xs, ys)[:2]) == repr(tuple(typed(zs)[0] for zs in (xs, ys)))


def typed(xs):
    """The items of a list as the type that they have in common."""
    return [float(x) for x in xs] if float in map(type, xs) else xs


def test_empty_containers_fit_any_entry():
    compiled = pellucid.njit(lambda xs: len(xs))
    assert [compiled(xs) for xs in ([1.5], [], [1], [])] == [1, 0, 1, 0]
    assert len(compiled.signatures) == 2


@pytest.mark.parametrize(
    "signature", ["list(float64)(list(float64))", ["(list(float64),)", "(list(unicode_type),)"]]
)
def test_signatures_convert(signature):
    compiled = pellucid.njit(signature)(items)
    for xs in ([1.5], [1, 2], [True], [1, 1.5]):
        assert repr(compiled(xs)) == repr([float(x) for x in xs])
    with pytest.raises(TypeError):
        compiled([1j])


def test_several_signatures_find_their_own():
    compiled = pellucid.njit(["(list(int64),)", "(list(float64),)"])(items)
    for xs in ([1.5], [1, 2], [1.5, 2], [1]):
        assert repr(compiled(xs)) == repr(typed(xs))


def test_annotations_convert():
    def total(xs):
        return sum(xs)

    total.__annotations__ = {"xs": List(float64), "return": float64}
    total = pellucid.njit(annotations=True)(total)

    for xs in ([1, 2], [1.5, 2], [True]):
        assert repr(total(xs)) == repr(float(sum(xs)))
    with pytest.raises(TypeError, match="is annotated as"):
        total([1j])


ODD = [
    [np.int8(3), 5],
    [np.int8(3), 2.5],
    [Level.LOW, 5],
    [Whole(3)],
    [True, np.int64(2)],
    [np.float32(0.1), 2.5, 1],
    [np.complex64(1j), 2j],
    [None, 1, 1.5],
    [(1, 2.0), (1.5, 2)],
]


@pytest.mark.parametrize("given", ODD, ids=repr)
def test_odd_items_stay_the_objects_that_they_are(given):
    @pellucid.njit
    def add(xs):
        xs.append(xs[-1])
        return len(xs)

    xs = list(given)
    assert add(xs) == len(given) + 1
    assert all(now is before for now, before in zip(xs, given, strict=False))
    assert xs == [*given, given[-1]]


@pytest.mark.parametrize("make", [list, set, deque, lambda xs: dict.fromkeys(xs, 1)])
@pytest.mark.parametrize("given", [[1, 2**63], [2**64], [-(2**63) - 1, 1], [1.5, 2**64]], ids=repr)
def test_ints_beyond_64_bits(make, given):
    compiled = pellucid.njit(lambda xs: len(xs))
    assert compiled(make([1])) == 1
    assert compiled(make([1.5])) == 1
    with pytest.raises(OverflowError):
        compiled(make(given))
    assert compiled(make([2**63])) == 1
