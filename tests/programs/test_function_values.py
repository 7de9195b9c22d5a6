"""A function is a value: chosen by a branch, held in a tuple, passed on, returned, called later."""

import math
import operator

import numpy as np
import pytest
from engines import inferred, interpreted, outcome_of

from pellucid import njit


def increment(x):
    return x + 1.0


def scale(x):
    return x * 2.5


def adder(n):
    def add(x):
        return x + n

    return add


def composed(f, g):
    return lambda x: f(g(x))


def chosen(flag, x):
    f = increment if flag else scale
    return f(x)


def from_a_tuple(n, x):
    functions = (increment, scale, lambda v: v - n)
    total = 0.0
    for i in range(3):
        total += functions[i](x)
    for f in functions[::-1]:
        total = f(total)
    return total


def of_a_module(flag, x):
    f = math.sin if flag else math.cos
    return f(x)


def of_an_operator(which, x):
    f = operator.add if which == 0 else operator.mul if which == 1 else operator.sub
    return f(x, 3)


def builtin_or_own(flag, x):
    f = abs if flag else lambda v: v * 2
    return f(x)


def made_elsewhere(flag, x):
    f = adder(3) if flag else adder(7)
    return f(x) + adder(x)(x)


def with_keywords(flag, x):
    k = 3
    if flag:

        def f(v, w=1):
            return v * k + w
    else:

        def f(v, w=10):
            return v + w * x

    return f(x) + f(x, w=5) + f(w=3, v=x)


def changing_in_a_loop(flag, n):
    f = lambda x: x  # noqa: E731
    for i in range(n):
        f = (lambda x, j=i: x + j) if i % 2 == flag else (lambda x, j=i: x * j)
    return f(10)


def composing(flag, x):
    h = composed(increment, scale) if flag else composed(scale, increment)
    return h(x)


def perhaps_none(flag, x):
    f = None
    if flag:
        f = lambda v: v * x  # noqa: E731
    return 0 if f is None else f(3)


def holding_arrays(flag, x):
    ys = np.arange(5.0) + x
    zs = np.ones(3)
    if flag:
        f = lambda i: ys[i]  # noqa: E731
    else:
        f = lambda i: zs[i] + ys[0]  # noqa: E731
    return float(f(0) + f(2))


def raising(flag, x):
    f = (lambda v: v // x) if flag else (lambda v: math.isqrt(v - 100) + v)
    return f(7)


FLAGGED = [
    chosen, from_a_tuple, of_a_module, of_an_operator, builtin_or_own, made_elsewhere,
    with_keywords, changing_in_a_loop, composing, perhaps_none, holding_arrays, raising,
]  # fmt: skip

ENGINES = {
    "untyped": interpreted,
    "inferred": inferred,
    "passes": lambda f: inferred(f, optimise=True),
    "native": njit(cache=False),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("pyfunc", FLAGGED)
def test_functions_are_values(pyfunc, engine):
    run = ENGINES[engine](pyfunc)
    for args in [(True, 4), (False, 4), (True, 0), (False, 1)]:
        assert outcome_of(run, *args) == outcome_of(pyfunc, *args), args


def test_a_key_that_may_be_none():
    def ordered(xs, how):
        key = None
        if how == 1:
            key = lambda x: -x  # noqa: E731
        elif how > 1:
            key = lambda x: x % how  # noqa: E731
        xs.sort(key=key, reverse=how == 3)
        return xs, sorted(xs, key=key), sorted(xs, key=key, reverse=True)

    compiled = njit(ordered)
    for how in range(4):
        assert compiled([3, 1, 2, 5, 4], how) == ordered([3, 1, 2, 5, 4], how)
