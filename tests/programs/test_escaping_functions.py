"""A function that compiled code makes and returns is a Python function there, compiled in turn."""

import math

import numpy as np
import pytest

from pellucid import njit
from pellucid.runtime.dispatch import Dispatcher

BASE = 100


def adder(n):
    def add(x, k=1, *, scale=2):
        return (x + n * k) * scale + BASE

    return add


def either(flag):
    if flag:
        return lambda x: x + 1
    return lambda x: x * 2.5 if x > 0 else -1.0


def two_on_a_line(n):
    return (lambda x: x - n), (lambda x: x * n), n


def factorial():
    def fact(n):
        return 1 if n <= 1 else n * fact(n - 1)

    return fact


def counting_down():
    count = lambda n: 0 if n == 0 else 1 + count(n - 1)  # noqa: E731
    return count


def curried(a):
    def second(b):
        def third(c):
            return a * 100 + b * 10 + c

        return third

    return second


def composed(f, g):
    return lambda x: f(g(x))


def sampled(xs):
    return lambda i: xs[i] * 2.0


def perhaps(n):
    return (lambda x: x + n) if n > 0 else None


def test_a_closure_is_a_python_function():
    add = njit(adder)(3)
    plain = adder(3)
    assert isinstance(add, Dispatcher)
    assert add.py_func.__code__ is plain.__code__
    assert add.__defaults__ == plain.__defaults__
    assert add.__kwdefaults__ == plain.__kwdefaults__
    assert (add.__name__, add.__qualname__, add.__module__) == (
        plain.__name__,
        plain.__qualname__,
        plain.__module__,
    )
    assert [cell.cell_contents for cell in add.py_func.__closure__] == [3]
    assert add(4) == plain(4)
    assert add(4, 2) == plain(4, 2)
    assert add(4, scale=3) == plain(4, scale=3)
    assert add(4.5, k=-1) == plain(4.5, k=-1)
    assert njit(adder)(0.5)(4) == adder(0.5)(4)


def test_options_are_those_of_the_maker():
    made = njit(cache=False, error_model="numpy")(adder)(1)
    assert made.targetoptions == {"cache": False, "error_model": "numpy"}
    assert not made.options.cache


@pytest.mark.parametrize("flag", [True, False])
def test_one_of_several(flag):
    f, g = njit(either)(flag), either(flag)
    for x in (3, 2.5, -2):
        assert f(x) == g(x)


def test_functions_in_tuples_and_options():
    minus, times, n = njit(two_on_a_line)(4)
    assert (minus(10), times(10), n) == (6, 40, 4)
    assert njit(perhaps)(2)(5) == 7
    assert njit(perhaps)(-2) is None


def test_recursive_functions():
    assert njit(factorial)()(10) == math.factorial(10)
    assert njit(counting_down)()(7) == 7


def test_functions_of_functions():
    assert njit(curried)(1)(2)(3) == 123
    inner = njit(adder)(1)
    made = njit(composed)(inner, math.sqrt)
    assert made(4.0) == inner(2.0)
    assert njit(composed)(made, abs)(-4.0) == inner(2.0)


def test_captured_arrays_stay_alive():
    made = njit(sampled)(np.arange(4.0) + 1)
    assert [made(i) for i in range(4)] == [2.0, 4.0, 6.0, 8.0]
    with pytest.raises(IndexError):
        made(4)
