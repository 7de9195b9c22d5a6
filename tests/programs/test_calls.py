"""Arguments reach parameters as in Python: by position, by name, spread, packed."""

import functools
import operator

import numpy as np
import pytest
from engines import inferred, outcome_of

from pellucid import njit
from pellucid.errors import CompileError


def keyword_only(a, *, b, c=3):
    return a * 100 + b * 10 + c


def positional_only(a, b=2, /, c=3):
    return a * 100 + b * 10 + c


def packed(a, *rest):
    return a * 10 + len(rest) + sum(rest)


def named(**kwargs):
    return kwargs["a"] + kwargs.get("b", 5) * 10 + len(kwargs) * 100


def items(**kwargs):
    total = 0
    for name, value in kwargs.items():
        total += value * len(name)
    return total + ("a" in kwargs) - ("zz" in kwargs) + sum(kwargs.values())


def forwarding(**kwargs):
    return named(**kwargs, b=7)


def by_name(x):
    return keyword_only(x, b=4) + keyword_only(1, c=2, b=x) + positional_only(x, 5, c=1)


def spread(x):
    pair = (x, 2)
    return positional_only(*pair, c=9) + keyword_only(*pair[:1], b=3, c=x)


def packing(x):
    return packed(x) + packed(x, 1, 2) + packed(*(x, x, x))


def naming(x):
    return named(a=x) + named(a=1, b=x) + forwarding(a=x) + items(a=x, bb=2)


def inner(x):
    def f(a, b=2, *args, c=3, **others):
        return a + b * 10 + c * 100 + len(args) * 1000 + len(others) * 10000

    return f(x) + f(x, c=1) + f(1, 2, 3, 4, c=5, z=1) + f(b=1, a=x)


def chosen_by_key(x):
    def f(v, key=lambda a: a * 2):
        return key(v)

    return f(x) + f(x, lambda a: a + 1) + f(v=1, key=abs)


def twice(function):
    def call(*args, **named_args):
        return function(*args, **named_args) * 2

    return call


def plus(amount):
    def decorate(function):
        @functools.wraps(function)
        def call(v):
            return function(v) + amount

        return call

    return decorate


def decorated(x):
    @twice
    @plus(x)
    def f(v):
        return v * 3

    @njit
    def g(v):
        return v - 1

    return f(x) + g(x)


def partials(x):
    p = functools.partial(positional_only, x)
    q = functools.partial(keyword_only, b=x)
    return p() + p(3) + p(c=4) + q(1) + q(1, c=9) + functools.partial(p, 4)()


def folds(x):
    total = functools.reduce(lambda a, b: a * 2 + b, (1, 2, x))
    total += functools.reduce(operator.add, range(x), 10)
    return total + functools.reduce(operator.sub, (x, 2, 3))


def getters(x):
    pair = (x, 5)
    first, both = operator.itemgetter(0), operator.itemgetter(1, 0)
    return first(pair) * 100 + both(pair)[0] * 10 + both(pair)[1]


def attributes(x):
    values = np.arange(6).reshape(2, 3) + x
    return operator.attrgetter("size")(values) + operator.methodcaller("sum")(values)


FUNCTIONS = [
    by_name, spread, packing, naming, inner, chosen_by_key, decorated, partials, folds, getters,
    attributes,
]  # fmt: skip
ENGINES = {
    "inferred": inferred,
    "passes": lambda f: inferred(f, optimise=True),
    "native": njit(cache=False),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("pyfunc", FUNCTIONS)
def test_calls(pyfunc, engine):
    run = ENGINES[engine](pyfunc)
    for x in (4, 0, -3):
        assert outcome_of(run, x) == outcome_of(lambda v: int(pyfunc(v)), x)


@pytest.mark.parametrize(
    ("pyfunc", "args", "named_args"),
    [
        (keyword_only, (1,), {"b": 2}),
        (keyword_only, (1,), {"c": 5, "b": 2.5}),
        (positional_only, (1,), {"c": 4}),
        (packed, (1, 2, 3), {}),
        (named, (), {"a": 1}),
        (named, (), {"b": 3, "a": 1}),
        (items, (), {"b": 3, "aaaa": 1}),
        (items, (), {"aaaa": 3, "b": 1}),
        (forwarding, (), {"a": 1}),
    ],
)
def test_calls_from_python(pyfunc, args, named_args):
    compiled = njit(pyfunc)
    for _ in range(2):
        assert compiled(*args, **named_args) == pyfunc(*args, **named_args)


def applied(f, x):
    return f(x)


@pytest.mark.parametrize(
    ("function", "arg"),
    [
        (positional_only, 3),
        (njit(positional_only), 3),
        (lambda v: v + 1, 3),
        (functools.partial(positional_only, 1, 2), 5),
        (functools.partial(keyword_only, b=2), 5),
        (operator.itemgetter(1), (3, 4.5)),
        (operator.attrgetter("imag"), 2j),
        (operator.methodcaller("mean"), np.arange(4.0)),
        (operator.neg, 3),
        (abs, -3),
        (len, (1, 2)),
        (np.sin, 0.5),
        (float, 3),
    ],
)
def test_functions_are_arguments(function, arg):
    plain = getattr(function, "py_func", function)
    assert njit(applied)(function, arg) == plain(arg)


def test_wrong_keywords_are_told():
    @njit
    def twice_named(x):
        return keyword_only(x, b=1, c=2, d=x)

    with pytest.raises(CompileError, match="unexpected keyword argument 'd'"):
        twice_named(1)
    with pytest.raises(CompileError, match=r"argument after \*\* is a int64"):
        njit(lambda x: keyword_only(1, **x))(1)


def test_objects_with_a_call_method_are_called():
    class Adder:
        def __init__(self, n):
            self.n = n

        def __call__(self, x):
            return x + self.n

    assert njit(applied)(Adder(3), 1) == applied(Adder(3), 1)
