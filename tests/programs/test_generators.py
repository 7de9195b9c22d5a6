"""Generators: the same items as CPython, interpreted and compiled, with nothing left over."""

import pytest
from engines import define, inferred, interpreted, outcome_of

from pellucid import njit

_COMMON = """
import numpy as np

def evens(n):
    for i in range(n):
        if i % 2 == 0:
            yield i * 1.5
    yield 100.0
    return n * 3

def nested(n):
    for i in range(n):
        for j in range(i):
            if (i + j) % 3 == 0:
                continue
            if i * j > 30:
                return
            yield i, j
        yield i, -1

def tree(i, n):
    if i < n:
        yield from tree(2 * i + 1, n)
        yield i
        yield from tree(2 * i + 2, n)

def rows(a):
    total = a * 0
    for i in range(len(a)):
        total = total + a[i]
        yield total

def delegating(n):
    first = yield from evens(n)
    yield float(first)
    rest = yield from range(n)
    if rest is None:
        yield -1.0
"""

_PROGRAMS = {
    "loop": """
def main(n):
    s = 0.0
    for x in evens(n):
        s = s * 2 + x
    return s
""",
    "yields a parameter": """
def same(n):
    for i in range(4):
        if i != 2:
            yield n

def main(n):
    return sum(same(n)), sum(n for i in range(3)), next(n for i in range(3))
""",
    "break": """
def main(n):
    s = 0.0
    for x in evens(n + 5):
        if x > n:
            break
        s += x
    else:
        s = -1.0
    return s
""",
    "nested": """
def main(n):
    s = 0
    for i, j in nested(n):
        s = (s * 31 + i * 7 + j) % 1000003
    return s
""",
    "tree": """
def main(n):
    s = 0
    for i in tree(0, n):
        s = (s * 31 + i) % 1000003
    return s
""",
    "arrays": """
def main(n):
    s = 0.0
    for t in rows(np.arange(n) * 1.0):
        s += float(t.sum())
    return s
""",
    "arrays abandoned": """
def main(n):
    s = 0.0
    k = 0
    for t in rows(np.arange(n) * 1.0):
        s += float(t.sum())
        k += 1
        if k > 3:
            break
    return s
""",
    "never started": """
def main(n):
    g = rows(np.arange(n))
    return n
""",
    "delegating": """
def main(n):
    s = 0.0
    for x in delegating(n):
        s = s * 2 + x
    return s
""",
    "expression": """
def main(n):
    k = n + 1
    return sum(x * k for x in range(n) if x % 3)
""",
    "nested expression": """
def main(n):
    return sum(i * j + k for i in range(n) if i % 2 for j in range(i) for k in (1, n))
""",
    "expression of arrays": """
def main(n):
    a = np.arange(n) * 0.5
    return float(max(x * x for x in a[1:]) if n > 1 else min(y for y in (3.0, 2.0)))
""",
    "any": """
def main(n):
    return any(x * x > 20 for x in range(n)), all(x < 5 for x in range(n))
""",
    "inner function": """
def main(n):
    def count(k):
        i = 0
        while i < n:
            yield i * k
            i += 1
    s = 0
    for x in count(3):
        s += x
    for x in count(2):
        s -= x
    return s
""",
    "raises": """
def fails(n):
    for i in range(n):
        if i == 5:
            raise ValueError("five")
        yield i

def main(n):
    s = 0
    for x in fails(n):
        s += x
    return s
""",
    "two at once": """
def main(n):
    s = 0.0
    for x, y in zip(evens(n), evens(n + 2)):
        s = s * 3 + x - 2 * y
    for k, x in enumerate(evens(n)):
        s += k * x
    return s
""",
    "next": """
def main(n):
    g = evens(n)
    a = next(g)
    b = next(g, -5.0)
    c = next(g, -7.0)
    r = iter(range(n))
    s = 0
    while True:
        k = next(r, -1)
        if k < 0:
            break
        s = s * 3 + k
        next(r, 0)
    t = iter((1, 2, 3))
    return a, b, c, s, next(t) + next(t) * 10, next(t)
""",
    "exhausted": """
def main(n):
    g = tree(0, 1)
    s = next(g)
    if n == 5:
        return s + next(g)
    h = evens(0)
    next(h)
    if n == 2:
        next(h)
    return s
""",
    "map and filter": """
def main(n):
    k = n * 2
    s = 0
    for x in map(lambda x: x * k, range(n)):
        s = s * 7 + x
    for x in filter(lambda x: x % 2, map(lambda x, y: x * x - y, range(n), range(3, 100))):
        s = s * 3 + x
    for x in filter(None, (n % 2, 3, 0, n)):
        s -= x
    return s
""",
    "zip stops": """
def main(n):
    g = tree(0, n)
    h = tree(0, 3)
    s = 0
    for a, b, c in zip(h, g, range(20)):
        s = s * 5 + a - b * c
    return s, next(g, -1), next(h, -1)
""",
    "zip strictly": """
def main(n):
    s = 0
    for a, b in zip(tree(0, n), tree(0, 5), strict=True):
        s += a * b
    return s
""",
    "passed on": """
def drain(g, k):
    s = 0
    for x in g:
        s += x
        if x == k:
            break
    return s

def main(n):
    g = tree(0, n)
    return drain(g, n // 2), drain(g, -1), drain(g, -1), drain((x for x in (1, 2)), 1)
""",
    "finally": """
def guarded(log, n):
    try:
        log[0] = log[0] * 10 + 1
        for i in range(n):
            try:
                yield i
            finally:
                log[0] = log[0] * 10 + 2
    except ValueError as error:
        log[0] = log[0] * 10 + 3
        yield -1
    finally:
        log[0] = log[0] * 10 + 4

def main(n):
    log = np.zeros(1, np.int64)
    for x in guarded(log, n):
        if x == 3:
            break
    log[0] = log[0] * 10 + 5
    g = guarded(log, n)
    k = next(g, -5)
    g.close()
    log[0] = log[0] * 10 + 6
    h = guarded(log, n)
    k += next(h, -5)
    try:
        k += h.throw(ValueError("x"))
    except ValueError:
        k -= 100
    log[0] = log[0] * 10 + 7
    for y in h:
        k += y
    never = guarded(log, n)
    return k, int(log[0])
""",
    "throw": """
def main(n):
    g = evens(n)
    s = next(g)
    try:
        g.throw(KeyError(n))
    except KeyError:
        s += 1
    g.close()
    return s, next(g, -1.0)
""",
    "ignores": """
def stubborn(n):
    while True:
        try:
            yield n
        except GeneratorExit:
            n += 1
            if n > 3:
                return

def main(n):
    g = stubborn(n)
    next(g)
    g.close()
    return n
""",
    "nonlocal": """
def main(n):
    k = 0
    found_zero = False
    def positive(items):
        nonlocal k, found_zero
        for k, x in enumerate(items, start=1):
            if x > 0:
                yield x
            elif x == 0:
                found_zero = True
            else:
                raise ValueError("negative", x)
    total = sum(positive(range(n)))
    try:
        total += sum(positive((3, 2, n, 1, -n)))
    except ValueError as problem:
        total += 1000
    return total, k, found_zero
""",
    "send": """
def averages(first):
    total = first
    count = 1
    while True:
        x = yield total / count
        if x is not None:
            total += x
            count += 1

def outer(first):
    r = yield from averages(first)

def main(n):
    g = averages(float(n))
    a = next(g)
    b = g.send(3.0) + g.send(n)
    c = next(g)
    h = outer(2.0)
    next(h)
    d = h.send(7.0)
    e = (x * x for x in range(5))
    next(e)
    f = e.send(None) + e.send(8)
    return a, b, c, d, f
""",
}

_GIVEN_UP = {"finally"}
"""Where generators are given up in a `try`: interpreters keep all values to the end."""

_mains = {name: define(_COMMON + text, "main") for name, text in _PROGRAMS.items()}


@pytest.mark.parametrize("name", _PROGRAMS)
def test_programs_yield_as_in_cpython(name):
    main = _mains[name]
    engines = [njit(main)]
    if name not in _GIVEN_UP:
        engines += [inferred(main), inferred(main, optimise=True), interpreted(main)]
    for n in (0, 1, 2, 5, 9):
        expected = outcome_of(main, n)
        for engine in engines:
            assert outcome_of(engine, n) == expected


def test_a_parameter_is_yielded_again_and_again():
    def repeat(x):
        while True:
            yield x

    @njit
    def total(x, limit):
        found = 0
        for item in repeat(x):
            if found > limit:
                return found
            found += item
        return -1

    assert total(3, 10) == 12


def test_a_branch_is_not_decided_by_values_of_another_turn():
    def once():
        yield 1

    def alternate(n):
        turns = 0
        for x in once():  # which is made part of the function, and its branches threaded
            turns += x
        on, off = True, n > 100
        while on and turns < 10:
            on, off = not off, True
            turns += 1
        return turns

    assert njit(alternate)(3) == alternate(3)


@pytest.mark.parametrize(
    "text",
    [
        "return sum(x * x & 255 for x in count(n))",
        "return sum(i ^ x for i, x in zip(range(n), count(9 * n)))",
        "return sum(i ^ x for i, x in enumerate(zip(count(n), count(n)), 2) for x in x)",
        "return list(map(lambda x: -x, filter(lambda x: x % 3, count(n))))",
        "it = iter(range(n)); return [(x, y) for x, y in zip(it, it)], list(it)",
        "return any(x == 5 for x in count(n)), max((x % 7 for x in count(n)), default=-1)",
        "return [next(g, -1) for g in [count(n)] for _ in range(3)]",
    ],
)
def test_generators_given_to_library_functions_give_cpythons_answer(text):
    lines = "".join(f"    {line}\n" for line in text.split("; "))
    main = define(
        f"def count(n):\n    for i in range(n):\n        yield i\n\ndef main(n):\n{lines}"
    )
    compiled = njit(main)
    for n in (0, 1, 2, 7):
        assert outcome_of(compiled, n) == outcome_of(main, n)
