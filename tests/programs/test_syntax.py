"""Displays, comprehensions, patterns and targets, compiled, against CPython."""

import numpy as np
import pytest
from engines import interpreted, outcome_of

from pellucid import njit

CASES = []


def case(*arguments):
    """Note a function and the argument tuples it is run with."""

    def note(function):
        CASES.append((function, arguments))
        return function

    return note


@case(((1, 2),), ((1, 2, 3, 4),), (5,), (2.5,), (None,), (True,), (1j,), (range(2),))
def patterns_by_type(v):
    match v:
        case (x, y):
            return x + y
        case (x, y, *rest):
            return x * y + rest[0] + len(rest)
        case bool(b):
            return 1 if b else 0
        case int(n):
            return n
        case float() as f:
            return f * 2
        case complex(real=re, imag=1.0):
            return re
        case None:
            return -1
        case _:
            return -2


@case(*((i,) for i in range(5)))
def patterns_by_value(n):
    match n % 4:
        case 0 | 1 as k if k:
            return 10 + k
        case 2:
            return 20
        case x:
            return x


@case((0, 1), (1, 1), (4, 4), (5, 2))
def patterns_of_pairs(n, m):
    match n, m:
        case 0, _:
            return 1
        case (_, 0) | (_, 1):
            return 2
        case a, b if a == b:
            return 3
        case (a, b) as both:
            return a - b + len(both)


@case((True,), (False,))
def patterns_of_optional(c):
    n = 1 if c else None
    match n:
        case None:
            return 0
        case int(k):
            return k


@case((1.5,), (3,), ((1, 2),), (np.ones(2),))
def static_answers(x):
    kinds = isinstance(x, (list, dict)), isinstance(x, tuple), isinstance(x, np.ndarray)
    return kinds, 1 == "a", (1, 2) == 1, hasattr(x, "real"), hasattr(x, "nothing"), 1 != None


@case((5,), (0,))
def lists_of_comprehensions(n):
    squares = [i * i for i in range(n) if i % 2 if i != 3]
    table = [[i * j for j in range(i)] for i in range(n)]
    flat = [v for row in table for v in row if v]
    total = 0
    for v in squares:
        total += v
    for v in flat:
        total += v
    return total, len(squares), len(table), len(flat)


@case((3,), (1,))
def arrays_of_comprehensions(n):
    a = np.array([i * 2 for i in range(n)])
    b = np.array([[1.0 / (i + j + 1) for j in range(2)] for i in range(n)])
    c = np.array([[[i + j + k for k in range(n)] for j in range(2)] for i in range(3)], np.float32)
    d = np.array([(i, i * 0.5) for i in range(n)])
    e = np.asarray([np.full(2, i) for i in range(n)])
    return a, b, c, d, e


@case((3,), (1,))
def ragged_arrays(n):
    return np.array([[-j for j in range(i)] for i in range(1, n + 1)])


@case((2,), (1,))
def deep_ragged_arrays(n):
    return np.array([[[0.5 for _ in range(i * j)] for j in range(1, 3)] for i in range(n)])


@case((5,), (1,))
def empty_on_one_way(n):
    a = [x for x in range(n) if x] if n > 2 else []
    b = [n]
    if n > 2:
        b = []
    return a, b, [*range(n), *a]


@case(([3, 1, 2],), ([],))
def recursion_with_comprehensions(values):
    def sort(xs):
        if not xs:
            return xs
        pivot, *rest = xs
        return [
            *sort([x for x in rest if x < pivot]),
            pivot,
            *sort([x for x in rest if x >= pivot]),
        ]

    return sort(values)


@case((5,), (1,))
def empty_result(n):
    if n < 3:
        return []
    return [[1], [n]]


@case((3, (1, 2.5)), (0, ()))
def starred_lists(n, t):
    xs = [*range(n), n, *range(2)]
    total = 0.0
    for x in [*xs, 7, *xs]:
        total += x
    for y in [*t, -1.0]:
        total += y
    return total, len(xs), xs[0], len([*()])


@case((3,), (1,))
def syntax_in_try(n):
    total = 0
    for k in range(3):
        try:
            match (n // k, k):
                case (a, 1) if a > 2:
                    total += a
                case (_, b):
                    total += b * [-x for x in range(b)][-1]
        except ZeroDivisionError:
            total += [y for y in (1, 2) if (w := y)][-1] + w
            continue
        finally:
            total += len([i for i in range(5) if i])
    return total


@case(((1, 2, 3),), ((2.5,),))
def walrus_leaks(values):
    last = 0
    sums = [last := last + v for v in values]
    found = [w for v in values if (w := v * 2) > 2]
    return sums[0], sums[-1], last, w, len(found)


@case((4,))
def own_scope(i):
    x = 7
    made = [x + i for x in range(i)]
    return x, made[-1], [-i for i in [i, i + 1]][1], i


@case((3,))
def lambdas_in_comprehension(n):
    functions = [lambda x, i=i: x + i for i in range(n)]
    total = 0
    for f in functions:
        total += f(1)
    return total + [(lambda y: x * y)(n) for x in range(n)][-1]


@case(((1, 2, 3),), ((1, 2),), ((5, 6, 7, 8),))
def starred_targets(t):
    a, *b = t
    *c, d = t
    e, *f, g = t
    return a, len(b), b[0], len(c), c[-1], d, e, len(f), g


@case((3,), (0,), (1,))
def starred_targets_of_ranges(n):
    first, *rest, last = range(n)
    return first, len(rest), last


@case((3, 4))
def starred_arguments(a, b):
    def f(x, y, z=0, *rest, k=1):
        return x, y, z, len(rest), k

    t = (a, b)
    return f(*t), f(*t, *t, k=3), f(1, *t, 5, 6), max(*t, 1), (*t, 0, *t)


@case((np.arange(6.0).reshape(2, 3), (1, 2)))
def starred_subscripts(a, i):
    return float(a[*i]), float(a[*(0,), 1]), a[..., *(1,)]


@case((2.0,))
def imports(x):
    import math as m
    from math import pi as PI
    from math import sqrt

    return m.floor(x) + sqrt(x) * PI, (lambda y: m.sin(y))(x)


@case((2,), (5,))
def constant_containers(n):
    total = 0
    for v in [1, 2, 3]:
        total += v
    return n in [1, 2], n not in {1, 2}, total


def note(log, x):
    log[int(log[0]) + 1] = x
    log[0] += 1
    return x


@case((2,))
def order(n):
    log = np.zeros(30)
    made = [note(log, i) + note(log, 20) for i in range(note(log, n)) if note(log, i + 10)]
    made[note(log, 0)], made[note(log, 1)] = note(log, 3), note(log, 4)
    a = (note(log, 5), *(note(log, 6), note(log, 7)), note(log, 8))
    match note(log, 9), note(log, 10):
        case (8, _) | (_, 10) if note(log, 11):
            note(log, 12)
    return log, len(a)


@pytest.mark.parametrize(
    ("function", "arguments"), CASES, ids=[function.__name__ for function, _ in CASES]
)
def test_syntax(function, arguments):
    untyped, compiled = interpreted(function), njit(cache=False)(function)
    for args in arguments:
        expected = outcome_of(function, *args)
        assert outcome_of(untyped, *args) == expected, args
        assert outcome_of(compiled, *args) == expected, args
