"""Variables that functions share, and functions that call each other before both are made."""

import pytest
from engines import inferred, interpreted, outcome_of

from pellucid import njit


def counted(x):
    n = 0

    def increment(by=1):
        nonlocal n
        n += by
        return n

    increment()
    increment(x)
    return n * 100 + increment()


def counters(x):
    def make():
        n = x

        def add(k):
            nonlocal n
            n += k
            return n

        return add

    first, second = make(), make()
    first(1)
    first(2)
    second(10)
    return first(0) * 1000 + second(0)


def two_functions_of_one_variable(x):
    total = 0.5

    def add(v):
        nonlocal total
        total += v

    def read():
        return total

    before = read()
    for i in range(x):
        add(i)
    total *= 2
    return before + read() * 10


def changed_after_capture(x):
    k = 1
    f = lambda v: v + k  # noqa: E731
    before = f(x)
    k = 10
    return before * 100 + f(x)


def changed_in_a_loop(x):
    found = []
    functions = []
    for i in range(3):
        functions.append(lambda: i)  # noqa: B023
        found.append(functions[0]() + x)
    return found[0] * 100 + found[1] * 10 + found[2] + functions[0]()


def assigned_later(x):
    def late():
        return k * x

    k = 7
    return late()


def not_assigned(x):
    def late():
        return k * x

    if x > 0:
        k = 7
    return late()


def deleted(x):
    k = x

    def read():
        return k

    first = read()
    if x > 2:
        del k
    return first + read()


def a_parameter(x):
    def change():
        nonlocal x
        x = x * 2

    change()
    change()
    return x


def two_levels(x):
    n = 1

    def outer():
        def inner():
            nonlocal n
            n = n * 2 + x

        inner()
        inner()

    outer()
    return n


def from_text(x):
    text = "a"

    def extend(by):
        nonlocal text
        text = text + by

    for _ in range(x):
        extend("bc")
    return len(text)


def even_and_odd(x):
    def even(n):
        return True if n <= 0 else odd(n - 1)

    def odd(n):
        return False if n <= 0 else even(n - 1)

    return even(x) * 10 + odd(x)


def three_in_turn(x):
    k = 3

    def a(n):
        return k if n <= 0 else b(n - 1) + 1

    def b(n):
        return x if n <= 0 else c(n - 1) * 2 + b(n - 2)

    def c(n):
        return 1 if n <= 0 else a(n - 1) + b(n - 2)

    return a(x) * 10000 + b(x) * 100 + c(x)


def recursion_in_a_loop(x):
    total = 0
    for i in range(x):

        def up(v):
            return v + i if v > 3 else down(v + 1)  # noqa: B023

        def down(v):
            return up(v + 1) * 2

        total += up(i)
    return total


FUNCTIONS = [
    counted, counters, two_functions_of_one_variable, changed_after_capture,
    assigned_later, not_assigned, deleted, a_parameter, two_levels, from_text, even_and_odd,
    three_in_turn, recursion_in_a_loop,
]  # fmt: skip
ENGINES = {
    "untyped": interpreted,
    "inferred": inferred,
    "passes": lambda f: inferred(f, optimise=True),
    "native": njit(cache=False),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("pyfunc", FUNCTIONS)
def test_shared_variables(pyfunc, engine):
    run = ENGINES[engine](pyfunc)
    for x in (4, 1, 0):
        assert outcome_of(run, x) == outcome_of(pyfunc, x), x


@pytest.mark.parametrize("run", [interpreted(changed_in_a_loop), njit(changed_in_a_loop)])
def test_functions_in_a_list_share_a_variable(run):
    assert run(4) == changed_in_a_loop(4)
