"""Generators of compiled code in Python's hands: the protocol, and what becomes of their memory."""

import collections.abc
import gc
from collections.abc import Generator

import numpy as np
import pytest
from engines import describe

from pellucid import njit
from pellucid.errors import UnsupportedError


def countdown(n):
    while n > 0:
        yield n
        n -= 1
    return -1.5


def rows(a):
    total = a * 0
    for i in range(len(a)):
        total = total + a[i]
        yield total


def pairs(n):
    for i in range(n):
        yield i, i * 0.5, (i % 2 == 0, None)


def fails(n):
    for i in range(n):
        if i == 2:
            raise KeyError(i)
        yield i


def with_expression(a):
    return len(a), (x * 2 for x in a if x > 0)


def stops(n):
    yield next(iter(range(n, 0)))


def drive(function, *args):
    """What a Python program sees of a generator: its items, how it ends, and what it is then."""
    seen = []
    generator = function(*args)
    assert iter(generator) is generator
    try:
        while True:
            seen.append(describe(next(generator)))
    except Exception as error:
        seen.append(f"{type(error).__name__}{error.args} {type(error.__cause__).__name__}")
    seen.append(next(generator, "over"))
    seen.append(list(generator))
    return seen


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (countdown, (3,)),
        (countdown, (0,)),
        (rows, (np.arange(3.0),)),
        (pairs, (3,)),
        (fails, (4,)),
        (stops, (3,)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_items_and_ends_are_pythons(function, args):
    assert drive(njit(function), *args) == drive(function, *args)


def test_a_generator_in_a_tuple():
    count, items = njit(with_expression)(np.array([1.0, -2.0, 3.0]))
    assert (count, list(items)) == (3, [2.0, 6.0])


def test_the_object_is_a_generator():
    generator = njit(countdown)(2)
    assert isinstance(generator, collections.abc.Generator)
    assert generator.__name__ == countdown.__name__
    assert not generator.gi_running
    assert not generator.gi_suspended
    next(generator)
    assert generator.gi_suspended
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        _ = generator.absent
    with pytest.raises(TypeError, match="cannot create"):
        type(generator)()


def test_only_none_is_sent_first():
    compiled, python = njit(countdown)(3), countdown(3)
    for generator in (compiled, python):
        with pytest.raises(TypeError, match="can't send non-None value to a just-started"):
            generator.send(1)
        assert generator.send(None) == 3
        assert generator.send(5) == 2


def accumulate(total):
    while True:
        x = yield total
        if x is None:
            x = 1.0
        total += x


def listen(n) -> Generator[None, int, int]:
    total = 0
    for _ in range(n):
        x = yield
        if x is not None:
            total += x
    return total


def test_values_are_sent():
    compiled, python = njit(accumulate)(1.0), accumulate(1.0)
    for each in (None, 2.5, None, 4.0):
        assert compiled.send(each) == python.send(each)
    with pytest.raises(TypeError, match="is sent values of type float64"):
        compiled.send("text")
    compiled, python = njit(listen)(2), listen(2)
    told = []
    for generator in (compiled, python):
        next(generator)
        generator.send(3)
        with pytest.raises(StopIteration) as stop:
            generator.send(4)
        told.append(stop.value.value)
    assert told[0] == told[1]


@pytest.mark.parametrize("started", [False, True])
def test_close_and_throw_end_it(started):
    def throw(generator):
        with pytest.raises(ValueError, match="x"):
            generator.throw(ValueError("x"))

    for end in (lambda g: g.close(), throw):
        generator = njit(rows)(np.arange(3.0))
        if started:
            next(generator)
        end(generator)
        assert list(generator) == []
        with pytest.raises(StopIteration):
            generator.send(3)
        generator.close()


def test_what_is_thrown_is_checked():
    with pytest.raises(TypeError, match="must be classes or instances deriving"):
        njit(countdown)(1).throw(3)
    with pytest.raises(KeyError, match="k"):
        njit(countdown)(1).throw(KeyError, "k")


def test_code_and_arguments_live_as_long_as_generators():
    generator = njit(rows)(np.arange(3.0))
    assert next(generator).tolist() == [0.0, 0.0, 0.0]
    gc.collect()
    assert [total.tolist() for total in generator] == [[1.0, 1.0, 1.0], [3.0, 3.0, 3.0]]


def test_items_that_python_cannot_have_are_refused():
    def functions():
        for i in range(3):
            yield (x + i for x in range(2))

    with pytest.raises(UnsupportedError, match="cannot be returned to Python"):
        njit(functions)()
