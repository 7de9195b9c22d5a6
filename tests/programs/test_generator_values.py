"""Generators as values, and what comprehensions and generator expressions bind and capture."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from engines import define, outcome_of

from pellucid import njit

_PROGRAMS = {
    "walrus genexp": """
def main(n):
    found = any((last := x) > 2 for x in range(n))
    return found, last if n else -1
""",
    "walrus genexp sum": """
def main(n):
    total = 0
    partial = [total := total + v for v in range(n)]
    s = sum((total := total + v) for v in range(n))
    return partial, s, total
""",
    "walrus nested comp": """
def main(n):
    r = [[(y := i * j) for j in range(3)] for i in range(n)]
    return r, y if n else -1
""",
    "lambda in comp": """
def main(n):
    fs = [lambda: i for i in range(3)]
    return [f() for f in fs]
""",
    "lambda in comp default": """
def main(n):
    fs = [lambda i=i: i for i in range(3)]
    return [f() for f in fs]
""",
    "lambda in comp with outer": """
def main(n):
    fs = [lambda x: x * i + n for i in range(3)]
    return [f(10) for f in fs]
""",
    "lambda called at once": """
def main(n):
    return [(lambda x: x * i)(2) for i in range(n)]
""",
    "lambda in sort in comp": """
def main(n):
    return [sorted([3, 1, 2], key=lambda x: abs(x - i)) for i in range(n)]
""",
    "lambda in genexp": """
def main(n):
    return [f() for f in (lambda: i for i in range(3))]
""",
    "lambda in genexp late": """
def main(n):
    fs = list(lambda: i for i in range(3))
    return [f() for f in fs]
""",
    "nested comp capture": """
def main(n):
    return [[i * j + n for j in range(i)] for i in range(n)]
""",
    "genexp captures loop var": """
def main(n):
    r = []
    for i in range(n):
        r.append(sum(i * j for j in range(i)))
    return r
""",
    "nested genexp": """
def main(n):
    most = max((max((j for j in range(i)), default=0) for i in range(n)), default=-1)
    return sum(sum(i * j for j in range(i)) for i in range(n)), most
""",
    "dictcomp lambda": """
def main(n):
    fs = {i: (lambda x: x + i) for i in range(3)}
    return [fs[k](1) for k in range(3)]
""",
    "loop lambda late": """
def main(n):
    fs = []
    for i in range(3):
        fs.append(lambda: i)
    return [f() for f in fs]
""",
    "comp in genexp": """
def main(n):
    return list([i, j] for i in range(n) for j in [x * x for x in range(i)])
""",
    "genexp filter walrus if": """
def main(n):
    return [y for x in range(n) if (y := x * x) % 2 == 0]
""",
    "genexp walrus if": """
def main(n):
    return list(y for x in range(n) if (y := x * x) % 2 == 0)
""",
    "genexp late binding": """
def main(n):
    k = 1
    g = (x * k for x in range(3))
    k = n
    return list(g)
""",
    "gen in closures": """
def main(n):
    def make(k):
        def gen():
            for i in range(k):
                yield i * n
        return gen
    fs = [make(1), make(2), make(3)]
    return [list(f()) for f in fs]
""",
    "gens in list": """
def count(k):
    for i in range(k):
        yield i
def main(n):
    gs = [count(i) for i in range(n)]
    r = []
    for g in gs:
        r.append(next(g, -1))
    for g in gs:
        r.extend(g)
    return r
""",
    "gens in dict": """
def count(k):
    for i in range(k):
        yield i
def main(n):
    gs = {i: count(i) for i in range(n)}
    r = []
    for k, g in gs.items():
        r.append(next(g, -1))
    while gs:
        k, g = gs.popitem()
        r.extend(g)
    return r
""",
    "round robin": """
def count(k):
    for i in range(k):
        yield i
def main(n):
    gs = [count(i) for i in range(n)]
    r = []
    while gs:
        g = gs.pop(0)
        try:
            r.append(next(g))
            gs.append(g)
        except StopIteration:
            pass
    return r
""",
    "optional generator": """
def count(k):
    for i in range(k):
        yield i
def main(n):
    g = None
    r = []
    for i in range(n):
        if g is None:
            g = count(3)
        x = next(g, -1)
        if x < 0:
            g = None
        r.append(x)
    return r
""",
    "generator in tuple swapped": """
def count(k):
    for i in range(k):
        yield i
def main(n):
    a, b = count(3), count(4)
    next(a)
    a, b = b, a
    return list(a), list(b)
""",
    "gen given gen": """
def evens(g):
    for x in g:
        if x % 2 == 0:
            yield x
def squares(g):
    for x in g:
        yield x * x
def count(k):
    for i in range(k):
        yield i
def main(n):
    return sum(squares(evens(count(n)))), list(evens(squares(count(n))))
""",
    "tree walk": """
def walk(tree, i):
    if i < len(tree):
        yield from walk(tree, 2 * i + 1)
        yield tree[i]
        yield from walk(tree, 2 * i + 2)
def main(n):
    return list(walk([5, 3, 8, 1, 4, 7, 9][: n + 2], 0))
""",
    "permutations": """
def perms(items):
    if len(items) <= 1:
        yield items
    else:
        for p in perms(items[1:]):
            for i in range(len(items)):
                yield p[:i] + items[:1] + p[i:]
def main(n):
    return list(perms([1, 2, 3]))
""",
    "inner recursive gen": """
def main(n):
    def walk(k):
        if k > 0:
            yield k
            yield from walk(k - 1)
            yield -k
    return list(walk(n))
""",
}


@pytest.mark.parametrize("name", _PROGRAMS)
def test_answers_are_cpythons(name):
    main = define(_PROGRAMS[name], "main")
    compiled = njit(main)
    for n in (0, 1, 2, 5):
        assert outcome_of(compiled, n) == outcome_of(main, n)


_KEPT = """
import linecache
from pellucid import njit

source = '''
def main(n):
    def count(k):
        try:
            for i in range(k):
                yield [i]
        finally:
            k += 1
    return n, count(n), (x * 0.5 for x in range(n))
'''
linecache.cache["<main>"] = (len(source), None, source.splitlines(True), "<main>")
names = {}
exec(compile(source, "<main>", "exec"), names)
main = njit(names["main"])
n, lists, halves = main(3)
print(n, list(lists), list(halves), main.stats.cache_hits)
"""


def test_another_process_finds_what_returns_generators(tmp_path):
    root = Path(__file__).parents[2]
    paths = {"PELLUCID_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(root / "compiler")}
    command = [sys.executable, "-c", _KEPT]
    told = [
        subprocess.run(command, env=os.environ | paths, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    items = "3 [[0], [1], [2]] [0.0, 0.5, 1.0]"
    assert [each.stdout.strip() for each in told] == [f"{items} 0", f"{items} 1"]
