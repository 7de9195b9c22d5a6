"""A function may return now this and now that: what comes of a call says of which type it is."""

# ruff: noqa

import numpy as np
import pytest
from engines import inferred, outcome_of

from pellucid import njit
from pellucid.errors import TypingError


def anything(n):
    if n == 0:
        return 1
    if n == 1:
        return "text" * n
    if n == 2:
        return (n, 2.5)
    if n == 3:
        return [n, n]
    if n == 4:
        return None
    if n == 5:
        return {n: "a"}
    if n == 6:
        return (n,)
    return "é"


def an_array_or_less(n):
    if n > 3:
        return np.arange(n)
    if n > 2:
        return
    if n > 1:
        return 2j
    raise ValueError(n)


def recursive(n):
    if n == 0:
        return "end"
    if n > 10:
        return n
    return recursive(n - 1)


def conditional(n):
    return 1 if n == 0 else "x" if n == 1 else (n,)


def either(n):
    return n and "text"


def one_of(n):
    return n or "" or ()


def by_variable(n):
    if n:
        found = [n]
    else:
        found = "nothing"
    return found


def number_or_text(n):
    if n > 1:
        return n
    return "x"


def asked(n):
    x = number_or_text(n)
    if isinstance(x, str):
        print("a text", x)
    if x == "x":
        print("x")
    print(x, str(x), f"{x}!", repr(x), x is None)
    return x, bool(x), (x, x)


def in_loops(n):
    told = ""
    for i in range(n):
        told += str(anything(i)) + ";"
    return told


def raised(n):
    raise ValueError(number_or_text(n))


def captured(n):
    x = number_or_text(n)
    return (lambda: x)()


def identity(x):
    return x


def passed_on(n):
    return identity(number_or_text(n)), identity(anything(n))


def yielded(n):
    for i in range(n):
        yield anything(i)


def from_generators(n):
    return [str(x) for x in yielded(n)]


def in_finally(n):
    try:
        return number_or_text(n)
    finally:
        print("done")


PROGRAMS = [
    (anything, range(8)),
    (an_array_or_less, range(1, 5)),
    (recursive, (0, 3, 11)),
    (conditional, range(3)),
    (either, range(2)),
    (one_of, range(2)),
    (by_variable, range(2)),
    (asked, (0, 3)),
    (in_loops, (0, 8)),
    (raised, (0, 2)),
    (captured, (0, 2)),
    (passed_on, (0, 2)),
    (from_generators, (0, 8)),
    (in_finally, (0, 2)),
]


@pytest.mark.parametrize(("function", "numbers"), PROGRAMS, ids=[f.__name__ for f, _ in PROGRAMS])
def test_results_are_cpythons(function, numbers):
    compiled = njit(function)
    for n in numbers:
        assert outcome_of(compiled, n) == outcome_of(function, n), n


def test_the_interpreter_agrees():
    run = inferred(conditional)
    assert [run(n) for n in range(3)] == [1, "x", (2,)]


def test_variables_have_one_type():
    def f(n):
        x = 1 if n else "x"
        return x, n

    with pytest.raises(TypingError, match="is int64 on one path and str on another"):
        njit(f)(1)


def test_what_has_no_meaning_for_a_type_is_refused():
    def f(n):
        return number_or_text(n) * 2

    with pytest.raises(TypingError, match=r"`\*` returns int64 on one path and str on another"):
        njit(f)(1)
