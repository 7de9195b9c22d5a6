"""Iterators: what is taken from one is gone, wherever it was taken; the same as CPython's."""

import pytest
from engines import define, outcome_of

from pellucid import njit

_COMMON = """
import functools
import itertools
import numpy as np

def count(n):
    for i in range(n):
        yield i
    return n * 2
"""

_PROGRAMS = {
    "enumerate passed twice": """
def twice(it):
    s = 0
    for i, x in it:
        s += i * x
    for i, x in it:
        s += 1000
    return s
def main(n):
    return twice(enumerate(range(n)))
""",
    "enumerate local twice": """
def main(n):
    it = enumerate(range(n))
    s = 0
    for i, x in it:
        s += i * x
        if i == 2:
            break
    for i, x in it:
        s += 1000
    return s
""",
    "zip it it": """
def main(n):
    it = iter([1, 2, 3, 4, 5, 6, 7])
    return list(zip(it, it))
""",
    "zip star iter": """
def main(n):
    r = []
    for a, b in zip(*[iter(range(n + 3))] * 2):
        r.append((a, b))
    return r
""",
    "zip iter tuple": """
def main(n):
    it = iter(range(n + 3))
    r = []
    for a, b, c in zip(it, it, it):
        r.append((a, b, c))
    return r, list(it)
""",
    "for with next": """
def main(n):
    it = iter(range(n * 3))
    r = []
    for x in it:
        r.append(x)
        if x % 3 == 0:
            r.append(-next(it))
    return r
""",
    "zip next": """
def main(n):
    z = zip(range(n), [1.5, 2.5, 3.5])
    a = next(z, (9, 9.5))
    return a, list(z), list(z)
""",
    "enumerate next": """
def main(n):
    z = enumerate([1.5, 2.5, 3.5], n)
    a = next(z)
    return a, list(z), list(z)
""",
    "map twice": """
def main(n):
    z = map(lambda x: x * 2, range(n))
    return list(z), list(z)
""",
    "filter twice": """
def main(n):
    z = filter(None, range(n))
    return sum(z), sum(z)
""",
    "reversed twice": """
def main(n):
    z = reversed([1, 2, 3, n])
    return sum(z), sum(z)
""",
    "reversed next": """
def main(n):
    z = reversed([1, 2, 3, n])
    return next(z), next(z), list(z)
""",
    "reversed range next": """
def main(n):
    z = reversed(range(n + 2))
    return next(z), next(z), list(z)
""",
    "reversed str": """
def main(n):
    z = reversed("héllo")
    return next(z), next(z), list(z)
""",
    "reversed tuple": """
def main(n):
    z = reversed((1, 2, n))
    return next(z), next(z), list(z), list(z)
""",
    "iter list mutated": """
def main(n):
    l = [1, 2, 3]
    it = iter(l)
    a = next(it)
    l.append(n)
    return a, list(it)
""",
    "iter dict": """
def main(n):
    d = {1: 2, 3: 4, n: 5}
    it = iter(d)
    a = next(it)
    b = iter(d.items())
    c = next(b)
    return a, list(it), c, list(b), list(b)
""",
    "iter str": """
def main(n):
    it = iter("abc")
    return next(it), list(it)
""",
    "iter in list": """
def main(n):
    its = [iter(range(n + 2)), iter(range(5, 8))]
    r = []
    for it in its:
        r.append(next(it))
    for it in its:
        for x in it:
            r.append(x)
    return r
""",
    "enumerates in list": """
def main(n):
    its = [enumerate(range(n + 2)), enumerate(range(5, 8))]
    r = []
    for it in its:
        r.append(next(it))
    for it in its:
        for x in it:
            r.append(x)
    return r
""",
    "iter returned by function": """
def make(n):
    return iter(range(n + 2))
def main(n):
    it = make(n)
    a = next(it)
    return a, list(it), list(it)
""",
    "zip returned by function": """
def make(n):
    return zip(range(n + 2), range(3))
def main(n):
    it = make(n)
    r = []
    for a in it:
        r.append(a)
        break
    return r, list(it), list(it)
""",
    "captured iterator": """
def main(n):
    it = iter(range(n + 3))
    def take():
        return next(it)
    return take(), take(), list(it)
""",
    "any on iterator then rest": """
def main(n):
    it = iter(range(n + 3))
    f = any(x == 1 for x in it)
    return f, list(it)
""",
    "in on iterator": """
def main(n):
    it = enumerate(range(n + 3))
    f = (1, 1) in it
    return f, list(it)
""",
    "zip with gen": """
def main(n):
    g = count(n + 3)
    r = []
    for a, b in zip(range(2), g):
        r.append((a, b))
    return r, list(g)
""",
    "zip gen order": """
def main(n):
    g = count(n + 3)
    r = []
    for a, b in zip(g, range(2)):
        r.append((a, b))
    return r, list(g)
""",
    "enumerate gen": """
def main(n):
    e = enumerate(count(n))
    r = []
    for i, x in e:
        r.append(i * x)
        break
    for i, x in e:
        r.append(i * x + 100)
    return r
""",
    "unpack iterator": """
def main(n):
    it = iter(range(5))
    a, b, *c = it
    return a, b, c, list(it)
""",
    "min max sum of iterator": """
def main(n):
    it = iter(range(1, 5))
    a = next(it)
    return a, sum(it), list(it)
""",
    "sorted of iterator": """
def main(n):
    it = enumerate([3, 1, 2])
    return sorted(it), list(it)
""",
    "dict from zip twice": """
def main(n):
    it = zip([1, 2, 3], [4, 5, n])
    return dict(it), list(it)
""",
    "iterator in tuple": """
def main(n):
    t = (enumerate([1, 2]), n)
    r = []
    for p in t[0]:
        r.append(p)
    for p in t[0]:
        r.append(p)
    return r
""",
    "branch of iterators": """
def main(n):
    if n > 1:
        it = iter([1, 2, 3])
    else:
        it = iter([4, 5])
    return next(it), list(it)
""",
    "iter of iter": """
def main(n):
    it = enumerate(range(n + 2))
    jt = iter(it)
    a = next(jt)
    return a, list(it), jt is it
""",
    "islice": """
def main(n):
    it = iter(range(10))
    a = list(itertools.islice(it, 3))
    return a, list(it)
""",
    "nested zip enumerate twice": """
def main(n):
    z = zip(range(3), 'abc')
    e = enumerate(z)
    a = next(e)
    b = next(z)
    return a, b, list(e)
""",
    "two enumerates of one list": """
def main(n):
    l = [1, 2, 3]
    s = 0
    for i, x in enumerate(l):
        for j, y in enumerate(l):
            s += i * y + x * j
    return s
""",
    "zip as value": """
def main(n):
    def apply(f, *xs):
        it = f(*xs)
        a = list(it)
        return a, list(it)
    return apply(zip, range(n), [1, 2, 3]), apply(enumerate, [5, 6]), apply(reversed, [1, 2, 3])
""",
    "map enumerate": """
def main(n):
    r = []
    for e in map(enumerate, [[1, 2], [3, 4]]):
        for p in e:
            r.append(p)
            break
        for p in e:
            r.append(p)
    return r
""",
    "ifexp": """
def main(n):
    r = []
    for x in (reversed(range(n)) if n > 1 else range(n)):
        r.append(x)
    return r
""",
    "unpack zip": """
def main(n):
    a, b = zip([1, 2], [3, 4])
    (c, d), (e, f) = enumerate((n, n + 1))
    return a, b, c, d, e, f
""",
    "zip star list": """
def main(n):
    return list(zip(*[iter(range(10))] * 3))
""",
    "join reversed": """
def main(n):
    letters = "".join(reversed("héllo")), "".join(reversed(["a", "b"]))
    return letters, ",".join(map(str, reversed([1, 2, n])))
""",
    "reversed list lazily": """
def main(n):
    l = [1, 2, 3, 4]
    r = []
    for x in reversed(l):
        r.append(x)
        l[0] = 100
        if len(l) > 2:
            l.pop()
    return r, l
""",
    "reversed list lazily 2": """
def main(n):
    l = [1, 2, 3, 4]
    it = reversed(l)
    a = next(it)
    l.append(5)
    l[1] = 50
    return a, list(it)
""",
    "reversed array": """
def main(n):
    l = np.arange(5)
    s = 0
    for x in reversed(l):
        s = s * 10 + x
        l[0] = 7
    return int(s)
""",
    "extend": """
def main(n):
    l = [(1, 2)]
    l.extend(zip(range(n), range(3)))
    d = dict(zip("abc", range(n)))
    d.update(zip("xy", range(n)))
    return l, d, set(zip(range(n), range(n)))
""",
    "sorted etc": """
def main(n):
    most = max(enumerate([3, 9, 2]), key=lambda p: p[1])
    total = sum(x * y for x, y in zip(range(n), range(n)))
    return sorted(zip([3, 1, 2], "abc")), most, min(zip([3, 1], [2, 3])), total
""",
    "any all": """
def main(n):
    is_any = any(a == b for a, b in zip(range(n), reversed(range(n))))
    return is_any, all(map(lambda p: p[0] == p[1], enumerate(range(n))))
""",
    "cycle islice chain": """
def main(n):
    r = list(itertools.islice(itertools.cycle(zip([1, 2], [3, 4])), 5))
    s = list(itertools.chain(enumerate([1]), zip([n], [2])))
    t = list(itertools.zip_longest(range(2), range(n), fillvalue=-1))
    return r, s, t
""",
    "dictcomp": """
def main(n):
    found = {k: v for k, v in zip("abc", range(n))}
    return found, [a for _, a in enumerate(range(n))], list(zip(*((1, 2), (3, 4))))
""",
    "user function given zip": """
def f(pairs):
    return [a * b for a, b in pairs]
def main(n):
    return f(zip(range(n), range(n))), f(enumerate(range(n)))
""",
    "walrus zip": """
def main(n):
    r = []
    while (it := zip(range(2), range(2))) and len(r) < 3:
        r.extend(it)
        r.extend(it)
    return r
""",
    "reduce": """
def main(n):
    return functools.reduce(lambda a, p: a + p[0] * p[1], enumerate([1, 2, 3]), n)
""",
    "iter in loop": """
def main(n):
    r = []
    for row in [[1, 2, 3], [4, 5, 6]]:
        it = iter(row)
        first = next(it)
        r.append(first * 100 + sum(it))
    return r
""",
}


@pytest.mark.parametrize("name", _PROGRAMS)
def test_items_are_taken_once_as_in_cpython(name):
    main = define(_COMMON + _PROGRAMS[name], "main")
    compiled = njit(main)
    for n in (0, 1, 2, 5):
        assert outcome_of(compiled, n) == outcome_of(main, n)
