"""Functions of one signature share the code of their entry, and keep what is their own."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from pellucid import njit
from pellucid.base import Options
from pellucid.codegen.names import Accepts
from pellucid.compilation import compile_function
from pellucid.runtime.parameters import parameters_of
from pellucid.shared_entries import shared_entry
from pellucid.types import Array, float64, int64
from pellucid.types.heap import List


def total(count, start=3):
    result = start
    for i in range(count):
        result += i
    return result


def product(n, first=2):
    made = first
    for i in range(1, n):
        made = made * i % 1000003
    return made


def no_default(n, first):
    made = first
    for i in range(1, n):
        made = made * i % 1000003
    return made


def largest(xs):
    best = xs[0]
    for x in xs:
        best = max(best, x)
    return best


def smallest(items):
    best = items[0]
    for x in items:
        best = min(best, x)
    return best


def tiny(a, b):
    return a + b


def place_of(pyfunc, *arg_tys, options=None):
    compiled = compile_function(pyfunc, arg_tys, options or Options())
    return shared_entry(compiled, parameters_of(pyfunc), Accepts.EXACT)


def test_what_decides_which_entry_a_function_has():
    place = place_of(total, int64, int64)
    assert place is not None
    assert place_of(product, int64, int64) == place
    others = [
        place_of(no_default, int64, int64),  # other parameters
        place_of(product, int64, float64),
        place_of(largest, List(int64)),
        place_of(largest, Array(float64, 1, "C")),
        place_of(total, int64, int64, options=Options(nogil=True)),
    ]
    assert None not in others
    assert len({place, *others}) == 6
    assert place_of(smallest, List(int64)) == place_of(largest, List(int64))
    assert place_of(tiny, int64, int64) is None  # inlined into an entry of its own
    assert place_of(total, int64, int64, options=Options(debug=True)) is None


def test_names_and_defaults_are_each_functions_own():
    add, multiply = njit(total), njit(product)
    for _ in range(2):
        assert add(5) == total(5)
        assert multiply(5) == product(5)
    assert add(start=7, count=4) == total(4, 7)
    assert multiply(first=7, n=4) == product(4, 7)
    with pytest.raises(TypeError, match="unexpected keyword argument 'start'"):
        multiply(4, start=7)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'n'"):
        multiply()
    assert add(5, 0.5) == total(5, 0.5)
    assert add(5) == total(5)
    assert (len(add.signatures), len(multiply.signatures)) == (2, 1)


def test_containers_and_arrays_come_in():
    first, last = njit(smallest), njit(largest)
    for items in ([3, 1, 2], np.array([2.5, -1.0]), np.arange(6)[::2], (4, 2)):
        assert first(items) == smallest(items)
        assert last(items) == largest(items)
    for function in (first, last):
        with pytest.raises(IndexError):
            function(np.empty(0))


def test_the_code_goes_with_its_function():
    def make():
        def count(n):
            seen = 0
            for i in range(n):
                seen += i & 1
            return seen

        return njit(count)

    function = make()
    assert function(5) == 2
    (entry,) = [made.entry for made in function.overloads.values()]
    assert entry != 0
    gone = weakref.ref(function)
    del function
    gc.collect()
    assert gone() is None
    again = make()
    assert again(7) == 3
