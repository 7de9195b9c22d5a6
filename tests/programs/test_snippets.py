"""Fifty everyday snippets, as scientists write them: compiled as they are, with CPython's answers.

Result, exception, printed text, and what becomes of the arguments are compared. `MISSING` names
what a snippet still waits for; it may only shrink.
"""

# ruff: noqa

import functools
import heapq
import itertools
import math
from bisect import bisect_left, insort
from collections import Counter, defaultdict, deque, namedtuple
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

import numpy as np
import pytest
from engines import describe, outcome_of

from pellucid import njit

SNIPPETS = []

MISSING: dict[str, str] = {}


def snippet(*arguments):
    """Note a function, and makers of the argument tuples that it is run with."""

    def note(function):
        SNIPPETS.append((function, arguments))
        return function

    return note


# Comprehensions, generators, unpacking ------------------------------------------------------------


@snippet(lambda: (10,), lambda: (0,))
def generator_expression(n):
    return sum(i * i for i in range(n) if i % 3), max((abs(i - 4) for i in range(n)), default=-1)


@snippet(lambda: ([3, 1, 2, 3, 5],))
def list_comprehension(values):
    mean = sum(values) / len(values)
    return [v - mean for v in values if v > 1]


@snippet(lambda: (["b", "a", "c"], [2.0, 1.0, 3.0]))
def dict_comprehension(names, values):
    table = {name: value for name, value in zip(names, values)}
    return {v: k for k, v in table.items() if v > 1}


@snippet(lambda: ("the quick brown fox jumps over the lazy dog",))
def set_comprehension(text):
    letters = {c for c in text if c.isalpha()}
    return len(letters), "z" in letters, sorted({len(word) for word in text.split()})


@snippet(lambda: ([[1, 2, 3], [4, 5, 6]],))
def nested_comprehension(rows):
    flat = [x for row in rows for x in row]
    transposed = [[row[i] for row in rows] for i in range(3)]
    return flat, transposed


@snippet(lambda: (3,))
def array_comprehension(n):
    return np.array([[1.0 / (i + j + 1) for j in range(n)] for i in range(n)])


@snippet(lambda: (12,), lambda: (0,))
def fibonacci_generator(n):
    def fib():
        a, b = 0, 1
        while True:
            yield a
            a, b = b, a + b

    return [x for x, _ in zip(fib(), range(n))]


@snippet(lambda: ([[1, 2], [3], []],))
def yield_from(rows):
    def flatten(rows):
        for row in rows:
            yield from row

    return list(flatten(rows)), sum(flatten(rows))


@snippet(lambda: (5,))
def generator_with_send(n):
    def averager():
        total, count, mean = 0.0, 0, 0.0
        while True:
            x = yield mean
            total += x
            count += 1
            mean = total / count

    g = averager()
    next(g)
    return [g.send(i * i) for i in range(n)]


@snippet(lambda: ((1, 2, 3, 4),), lambda: ((7, 8),))
def star_unpack(values):
    first, *middle, last = values
    head, *tail = middle or [0]
    return first, middle, last, head, tail, (*values, 0)


@snippet(lambda: ([5, 3, 9, 1],))
def walrus(values):
    i = 0
    found = []
    while (x := values[i]) != 1:
        found.append(x)
        i += 1
    return found, [y for v in values if (y := v * v) > 10]


@snippet(lambda: ([1, 2, 3, 4, 5, 6], {"a": 1, "b": 2}))
def deleting(values, table):
    del values[0], values[1:3]
    del table["a"]
    x = 1
    del x
    return values, table


# Control flow -------------------------------------------------------------------------------------


@snippet(*(lambda v=v: (v,) for v in ((0, 0), (0, 2), (3, 0), (1, 2))))
def match_point(point):
    match point:
        case (0, 0):
            return "origin"
        case (0, y):
            return f"y={y}"
        case (x, 0):
            return f"x={x}"
        case (x, y):
            return f"({x}, {y})"


@snippet(*(lambda v=v: (v,) for v in ("go north", "drop a b c", "quit", "fly")))
def match_command(text):
    match text.split():
        case ["go", ("north" | "south") as direction]:
            return "going " + direction
        case ["drop", *things]:
            return f"dropping {len(things)}"
        case ["quit"]:
            return "bye"
        case [other]:
            return other + "?"
        case _:
            return ""


@dataclass
class Circle:
    radius: float


@dataclass
class Rectangle:
    width: float
    height: float


@snippet(lambda: (Circle(2.0),), lambda: (Rectangle(2.0, 3.0),))
def match_class(shape):
    match shape:
        case Circle(radius=r):
            return math.pi * r**2
        case Rectangle(w, h) if w == h:
            return w * w
        case Rectangle(w, h):
            return w * h


@snippet(*(lambda n=n: (n,) for n in (2, 15, 97)))
def for_else(n):
    for d in range(2, n):
        if n % d == 0:
            answer = d
            break
    else:
        answer = 0
    return answer


@snippet(lambda: (5, 0, 10), lambda: (0, 0, 10), lambda: (50, 0, 10))
def chained_comparison(x, low, high):
    return low < x <= high, low <= x < high != x, not (low < x < high)


@snippet(lambda: (27,), lambda: (1,))
def collatz_with_memo(n):
    memo = {1: 0}

    def steps(k):
        if k not in memo:
            memo[k] = 1 + steps(k // 2 if k % 2 == 0 else 3 * k + 1)
        return memo[k]

    return steps(n), len(memo)


@snippet(lambda: ([3, 1, 2],), lambda: ([],))
def quicksort(values):
    def sort(xs):
        if len(xs) <= 1:
            return xs
        pivot, *rest = xs
        return (
            sort([x for x in rest if x < pivot]) + [pivot] + sort([x for x in rest if x >= pivot])
        )

    return sort(values)


class Timer:
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log.append("start")
        return self

    def __exit__(self, kind, value, traceback):
        self.log.append("stop")
        return False


@snippet(lambda: (4,))
def context_manager(n):
    log = ["begin"]
    with Timer(log) as timer:
        total = sum(range(n))
    return total, log


# Exceptions ---------------------------------------------------------------------------------------


@snippet(lambda: (1, 0), lambda: (6, 4), lambda: (1.0, 0.0))
def safe_division(a, b):
    try:
        return a / b
    except ZeroDivisionError:
        return math.inf


@snippet(*(lambda v=v: (v,) for v in ("12", "x", "", "7.5")))
def except_as(text):
    try:
        return f"ok {int(text)}"
    except (ValueError, TypeError) as e:
        return str(e)


class ConvergenceError(Exception):
    def __init__(self, steps, residual):
        super().__init__(steps, residual)
        self.steps = steps
        self.residual = residual


@snippet(lambda: (2.0, 50), lambda: (2.0, 2))
def user_exception(x, limit):
    def root(x):
        guess = x
        for step in range(limit):
            new = (guess + x / guess) / 2
            if abs(new - guess) < 1e-12:
                return new
            guess = new
        raise ConvergenceError(limit, abs(guess * guess - x))

    try:
        return root(x)
    except ConvergenceError as e:
        return -e.residual * e.steps


@snippet(lambda: ([1, 2, 0, 4],))
def try_finally(values):
    log = []
    for v in values:
        try:
            if v == 0:
                continue
            log.append(12 // v)
        except ArithmeticError:
            log.append(-1)
        else:
            log.append(0)
        finally:
            log.append(v)
    return log


@snippet(lambda: ({"a": 1}, "a"), lambda: ({"a": 1}, "b"))
def reraise(table, key):
    try:
        return table[key]
    except KeyError:
        if len(table) > 5:
            return 0
        raise


@snippet(lambda: (4,), lambda: (-4,))
def raise_from(x):
    try:
        try:
            if x < 0:
                raise ValueError("negative", x)
            return f"root {math.sqrt(x)}"
        except ValueError as e:
            raise RuntimeError(f"bad value {x}") from e
    except RuntimeError as e:
        return str(e)


# Functions as values ------------------------------------------------------------------------------


@snippet(lambda: (3, 4))
def make_adder(a, b):
    def adder(n):
        return lambda x: x + n

    add = adder(a)
    return add(b), adder(add(1))(2)


@snippet(lambda: (3,))
def list_of_lambdas(n):
    functions = [lambda x, i=i: x * i for i in range(n)]
    functions.append(lambda x: -x)
    return [f(10) for f in functions]


@snippet(lambda: (5,))
def counter_with_nonlocal(n):
    count = 0

    def increment(by=1):
        nonlocal count
        count += by
        return count

    for i in range(n):
        increment(i)
    return increment(), count


@snippet(lambda: (2.0,))
def composed(x):
    def compose(*functions):
        def call(v):
            for f in functions:
                v = f(v)
            return v

        return call

    return compose(math.sqrt, lambda v: v + 1, abs)(x)


@snippet(lambda: ([1, 2, 3, 4],))
def partial_and_reduce(values):
    def scale(k, v):
        return k * v

    double = functools.partial(scale, 2)
    return functools.reduce(lambda a, b: a + double(b), values, 0), list(map(double, values))


@snippet(lambda: ("add", 3, 4), lambda: ("mul", 3, 4), lambda: ("pow", 3, 4))
def dispatch_by_name(name, a, b):
    table = {"add": lambda x, y: x + y, "mul": lambda x, y: x * y}
    return table[name](a, b) if name in table else None


@snippet(lambda: (4,))
def decorated(n):
    def twice(f):
        def call(x):
            return f(f(x))

        return call

    @twice
    def square(x):
        return x * x

    return square(n)


@snippet(lambda: (3,))
def keyword_arguments(n):
    def area(width, /, height=2, *rest, scale=1, **options):
        return width * height * scale + len(rest) + options.get("extra", 0)

    sizes = (n, 4)
    return area(n), area(*sizes), area(*sizes, 9, 9, scale=2), area(height=5, *(1,), extra=100)


# Text ---------------------------------------------------------------------------------------------


@snippet(lambda: (3.14159, 42, "pi"), lambda: (-1e-7, 0, "é"))
def f_strings(x, n, name):
    return f"{name}: {x:.3f} {x:e} {n:05d} {n:>8}|{name!r:<6}|{x:{n % 7 + 8}.2}|{n=}"


@snippet(lambda: (1e-7, 12), lambda: (0.1 + 0.2, -3), lambda: (float("nan"), 10**15))
def numbers_to_text(x, n):
    return str(x), repr(n), "{} {}".format(x, n), "%d %.2f" % (n, x), str(True) + str(None)


@snippet(lambda: ("To be or not to be that is the question to be",))
def word_count(text):
    counts = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3]


@snippet(lambda: ("A man, a plan, a canal: Panama",), lambda: ("not one",))
def palindrome(text):
    letters = "".join(c.lower() for c in text if c.isalnum())
    return letters == letters[::-1]


@snippet(lambda: ("Hello, World!", 3))
def caesar(text, shift):
    out = []
    for c in text:
        if "a" <= c <= "z":
            c = chr((ord(c) - ord("a") + shift) % 26 + ord("a"))
        elif c.isupper():
            c = chr((ord(c) - ord("A") + shift) % 26 + ord("A"))
        out.append(c)
    return "".join(out)


@snippet(lambda: ("a=1; b = 2.5 ;c=x\n",), lambda: ("",))
def parse_settings(text):
    settings = {}
    for part in text.strip().split(";"):
        if "=" not in part:
            continue
        key, _, value = part.partition("=")
        settings[key.strip()] = value.strip().removeprefix("0")
    return settings


@snippet(lambda: (b"\x01\xff\x10 abc",))
def checksum(data):
    total = 0
    for byte in data:
        total = (total * 31 + byte) % 65521
    return total, data[0], data[1:3], data.hex(), data.upper()


# Classes ------------------------------------------------------------------------------------------


@dataclass
class Particle:
    x: float
    v: float
    mass: float = 1.0

    def step(self, dt):
        self.x += self.v * dt
        return self

    @property
    def energy(self):
        return self.mass * self.v**2 / 2


@snippet(lambda: (Particle(0.0, 1.0), 10))
def dataclass_methods(p, n):
    for _ in range(n):
        p.step(0.5)
    q = Particle(p.x, 2.0, mass=3.0)
    return p.x, p.energy, q.energy


Point = namedtuple("Point", "x y")


class Segment(NamedTuple):
    start: Point
    end: Point

    def length(self):
        return math.hypot(self.end.x - self.start.x, self.end.y - self.start.y)


@snippet(lambda: (Segment(Point(0, 0), Point(3, 4)),))
def named_tuples(segment):
    (a, b), end = segment
    middle = Point((a + end.x) / 2, y=(b + end.y) / 2)
    return segment.length(), middle, middle._replace(x=0.0).x


class Phase(Enum):
    SOLID = 1
    LIQUID = 2
    GAS = 3


class Level(IntEnum):
    LOW = 1
    HIGH = 10


@snippet(lambda: (250.0,), lambda: (300.0,), lambda: (400.0,))
def enums(temperature):
    phase = Phase.SOLID
    if temperature > 273.15:
        phase = Phase.LIQUID if temperature < 373.15 else Phase.GAS
    match phase:
        case Phase.SOLID:
            level = Level.LOW
        case _:
            level = Level.HIGH
    return phase.name, phase.value, phase is Phase.GAS, level + 1, level > Level.LOW


# Containers ---------------------------------------------------------------------------------------


@snippet(lambda: ({1, 2, 3}, {3, 4}), lambda: (set(), {1}))
def set_algebra(a, b):
    return a | b, a & b, a - b, a ^ b, a <= b, a.isdisjoint(b), sorted(a.union(b, [9]))


@snippet(lambda: ([("b", 2), ("a", 1), ("b", 5)],))
def grouping(pairs):
    groups = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    counts = Counter(key for key, _ in pairs)
    return sorted(groups.items()), counts["b"], counts.most_common(1)


@snippet(lambda: ([2, 7, 11, 15], 9), lambda: ([1, 2], 9))
def two_sum(values, target):
    seen = {}
    for i, v in enumerate(values):
        if (other := target - v) in seen:
            return seen[other], i
        seen[v] = i
    return None


@snippet(lambda: ([("bob", 30), ("al", 25), ("cy", 30)],))
def sorting(people):
    by_age = sorted(people, key=lambda p: (-p[1], p[0]))
    people.sort(reverse=True)
    names = [name for name, _ in people]
    return by_age, names, min(people, key=lambda p: p[1]), list(reversed(names))


@snippet(lambda: ([1, 2, 3], [4.0, 5.0, 6.0]))
def zip_and_enumerate(xs, ys):
    dot = 0.0
    for i, (x, y) in enumerate(zip(xs, ys), start=1):
        dot += i * x * y
    return dot, list(zip(xs, xs[1:])), any(x > 2 for x in xs), all(ys), list(filter(None, xs))


@snippet(lambda: ([5, 1, 4, 2, 3], 3))
def heaps_and_windows(values, width):
    heap = list(values)
    heapq.heapify(heap)
    smallest = [heapq.heappop(heap) for _ in range(2)]
    window = deque(maxlen=width)
    means = []
    for v in values:
        window.append(v)
        means.append(sum(window) / len(window))
    ordered = sorted(values)
    insort(ordered, 4)
    pairs = list(itertools.combinations(values[:3], 2))
    return smallest, means, bisect_left(ordered, 4), list(itertools.accumulate(values)), pairs


def seen_from_outside(run, make):
    """The outcome of a call, and what its arguments are like afterwards."""
    args = make()
    outcome = outcome_of(run, *args)
    return outcome, describe(args)


PARAMETERS = [
    pytest.param(
        function,
        arguments,
        id=function.__name__,
        marks=[pytest.mark.xfail(strict=True, reason=MISSING[function.__name__])]
        if function.__name__ in MISSING
        else [],
    )
    for function, arguments in SNIPPETS
]


@pytest.mark.parametrize(("function", "arguments"), PARAMETERS)
def test_snippet(function, arguments):
    compiled = njit(cache=False)(function)
    for make in arguments:
        assert seen_from_outside(compiled, make) == seen_from_outside(function, make)


def test_there_are_fifty():
    names = [function.__name__ for function, _ in SNIPPETS]
    assert len(names) == len(set(names)) == 50
    assert MISSING.keys() <= set(names)
