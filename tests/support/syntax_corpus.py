"""Small functions with displays, comprehensions, patterns, f-strings and `del`, with arguments.

Beside `python_corpus`: these need containers and text. Arguments are called for, since functions
may change them.
"""

# ruff: noqa
# fmt: off

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

CASES = []


def case(*arguments):
    """Note a function, and makers of the argument tuples that it is run with."""

    def note(function):
        CASES.append((function, arguments))
        return function

    return note


class Color(Enum):
    RED = 1
    GREEN = 2


@dataclass
class Point:
    x: float
    y: float


def shout(x):
    print("shout", x)
    return x


# Displays

@case(lambda: (1, 2))
def list_displays(a, b):
    return [], [a], [a, b], [[a], [b, a]], [(a, b), (b, a)]


@case(lambda: ([1, 2], (3, 4)), lambda: ([], ()))
def starred_lists(xs, t):
    return [*xs], [0, *xs, 5, *t, 6], [*xs, *xs], [*t, *range(3)]


@case(lambda: ([1, 2], (3, 4)))
def starred_tuples(xs, t):
    return (*t,), (0, *t, 5, *t), (*t, xs)


@case(lambda: (3,))
def list_order(n):
    return [shout(1), *shout((n, 2)), shout(3), *shout([4])]


@case(lambda: ([1],))
def list_changes_while_built(xs):
    return [*xs, xs.append(2), *xs]


@case(lambda: (1, 2))
def set_displays(a, b):
    return {a}, {a, b, a}, {*[a, b], 3}, {0, *{b}, a}


@case(lambda: ({"q": 1}, 2), lambda: ({}, 0))
def dict_displays(d, v):
    return {}, {"a": v}, {"a": 1, "b": 2, "a": 3}, {**d}, {"q": 0, **d, "z": v}, {**d, "q": v}


@case(lambda: (1,))
def dict_order(n):
    return {shout("a"): shout(1), **shout({"b": n}), shout("c"): shout(2)}


@case(lambda: (5,))
def dict_of_no_mapping(n):
    return {**n}


@case(lambda: (2,), lambda: (7,))
def constant_containers(n):
    total = 0
    for x in [1, 2, 3]:
        total += x
    return n in [1, 2], n not in [1, 2.5], n in {2, 3}, n in [n], total


# Comprehensions

@case(lambda: ([3, 1, 2], 10), lambda: ([], 1))
def list_comprehensions(xs, k):
    x = 7
    return [x * k for x in xs], [x for x in xs if x > 1 if x < 3], x


@case(lambda: ([3, 1, 2],))
def nested_comprehensions(xs):
    a = [(x, y) for x in xs for y in range(x) if y % 2 == 0]
    b = [[x * y for y in xs] for x in xs]
    c = [x for row in [[y, y + 1] for y in xs] for x in row]
    d = [x for x in [x + 1 for x in xs]]
    return a, b, c, d


@case(lambda: ([3, 1, 2, 3],))
def other_comprehensions(xs):
    return {x % 2 for x in xs}, {x: x * x for x in xs}, {x: y for x in xs for y in range(x)}


@case(lambda: ([3, 1, 2],), lambda: ([],))
def walrus_in_comprehension(xs):
    last = -1
    a = [last := x + 1 for x in xs]
    b = [y for x in xs if (y := x * 2) > 2]
    total = 0
    c = [total := total + x for x in xs]
    for _ in range(2):
        d = [last := last + x for x in xs if (last := last + 1)]
    return a, last, b, total, c, d


@case(lambda: ([3, 1, 2],))
def closures_in_comprehension(xs):
    k = 2
    return [(lambda y: x * y + k)(3) for x in xs], [f(1) for f in [lambda z: z + k for _ in xs]]


@case(lambda: ([3, 1, 2],))
def comprehension_in_lambda(xs):
    k = 2
    f = lambda ys: [x * k for x in ys if x]
    def g(n):
        return [n + x for x in f(xs)]
    return f(xs), g(1)


@case(lambda: ([(1, 2), (3, 4)],))
def unpacking_comprehension(pairs):
    return [a + b for a, b in pairs], {b: a for (a, b) in pairs}, [b for _, *b in pairs]


@case(lambda: ([1],))
def comprehension_variable_without_value(xs):
    return [y for x in xs for y in y]


@case(lambda: ([1, 2],))
def comprehension_variable_of_the_last_time(xs):
    out = 0
    while out < 2:
        z = [y for y in xs]
        out += 1
        if out == 2:
            return [y for x in xs for y in (y,)]


@case(lambda: (3,))
def comprehension_order(n):
    return [shout(x) + shout(10) for x in shout(range(n)) if shout(x) != 1 for _ in shout((1,))]


@case(lambda: (3,))
def dict_comprehension_order(n):
    return {shout(x): shout(x * x) for x in range(n)}


@case(lambda: (5,))
def comprehension_over_number(n):
    return [x for x in n]


@case(lambda: ([1, 2],))
def comprehension_of_outer_name(x):
    return [x for x in x], x


@case(lambda: ([2, 0, 1],))
def error_in_comprehension(xs):
    return [1 // x for x in xs]


@case(lambda: ([3, 5],))
def conditional_comprehension(xs):
    return [x if x > 3 else -x for x in xs], [x for x in xs if x > 3 and x < 9 or not x]


# Patterns

@case(*(lambda v=v: (v,) for v in (0, 1, 2, 3, 7, -1, True, None, 2.0, "a", "b", 1 + 2j, (1,))))
def literal_patterns(v):
    match v:
        case 0:
            return "zero"
        case True | False:
            return "bool"
        case 1 | 2:
            return "few"
        case None:
            return "none"
        case -1:
            return "minus"
        case "a":
            return "text"
        case 1 + 2j:
            return "complex"
        case n if n == 7:
            return "seven", n
    return "other"


@case(*(lambda v=v: (v,) for v in ((), (1,), (1, 2), (5, 6), (1, 2, 3), [1, 2], [4, 5, 6, 7], "ab", 5)))
def sequence_patterns(v):
    match v:
        case ():
            r = "empty"
        case [1]:
            r = "one"
        case (1, x) | (x, 6):
            r = x
        case [first, _, *rest, last] if len(rest) > 0:
            r = first, rest, last
        case first, *_:
            r = first
        case [*all]:
            r = all
        case _:
            r = v
    return r


@case(*(lambda v=v: (v,) for v in ({}, {"a": 1}, {"a": 2, "b": 3}, {"k": (1, 2)}, {"c": 1, "d": 2}, 3)))
def mapping_patterns(v):
    match v:
        case {"a": 1}:
            return "one"
        case {"a": x, "b": y}:
            return x, y
        case {"k": (x, y), **rest}:
            return x, y, rest
        case {"c": _, **rest}:
            return rest
        case {}:
            return "dict"


@case(*(lambda v=v: (v,) for v in (1, True, 2.5, "s", (1, 2.0), (1, 2), b"x", None)))
def class_patterns(v):
    match v:
        case bool():
            return "bool"
        case int(n) | float(n):
            return "number", n
        case str() as s:
            return "text", s
        case (int(a), float(b)):
            return a, b
        case tuple():
            return "tuple"
        case bytes(b):
            return b


@case(*(lambda v=v: (v,) for v in (Point(0, 0), Point(0, 2), Point(3, 0), Point(1, 2), 5)))
def attribute_patterns(p):
    match p:
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y) | Point(y, 0):
            return "axis", y
        case Point(x, y) if x < y:
            return x, y
        case Point(q=1):
            return "none"
        case object(real=r, imag=_):
            return "number", r


@case(*(lambda v=v: (v,) for v in (Color.RED, Color.GREEN, math.pi, 0)))
def value_patterns(v):
    match v:
        case Color.RED:
            return "red"
        case math.pi:
            return "pi"
        case Color.GREEN | 0:
            return "green or zero"


@case(*(lambda v=v: (v, 3) for v in (1, 3, 5)))
def guards(v, n):
    k = 0
    match v, n:
        case (a, b) if shout(a) > b:
            k = 1
        case (a, b) as both if (c := a + b) > 4:
            k = both, c
        case _ if shout(False):
            k = 2
    for i in range(3):
        match i:
            case 0:
                continue
            case 1:
                k = k, "b"
            case _:
                break
    else:
        k = "else"
    return k


@case(lambda: (2,))
def binding_after_match(v):
    a = "old"
    match (v, 3):
        case (a, 4):
            pass
        case (_, b):
            return a, b


@case(lambda: (1,), lambda: (2,))
def unbound_after_match(v):
    match v:
        case 1:
            x = v
    return x


# f-strings

@case(*(lambda a=a: a for a in ((3.14159, 7, "s"), (-0.5, 0, ""), (1e30, 12, "é\n"))))
def formatted(x, n, s):
    a = f"{x}", f"{x:.2f} and {n:>{n}}|", f"{s!r:5}{s!s}{s!a}", f"{{{n}}}", f"{n=} {x = :.1f}"
    b = "a" f"{n}" "b" f"{s}", f"{x:{'>'}{n + 1}.{2}}", f"{n + 1:{n}d}", f'{"q" if n else s}'
    c = f"{n:,}", rf"\d{n}", f"{(lambda v: v + 1)(n)}", f"""{n
        + 1} {
        s}""", f"{ {1: n}[1] }", f"{n!r:>{n}}"
    return a, b, c, f""


@case(lambda: (1.5, 4))
def format_order(x, n):
    return f"{shout(x):{shout(n)}}{shout(n)!r:{shout(5)}}"


@case(lambda: (1,))
def format_fails(n):
    return f"{n:q}"


@case(lambda: (0,), lambda: (1,))
def assertion_message(n):
    assert n, f"{n} is {'no' if not n else 'some'}thing"
    return n


# Targets and del

@case(lambda: ((1, 2, 3, 4),), lambda: ([1, 2],), lambda: ((1,),), lambda: (range(5),))
def starred_targets(t):
    a, *b = t
    *c, d = t
    e, *f, g = t
    [h, *_] = t
    return a, b, c, d, e, f, g, h


@case(lambda: ([(1, 2, 3), (4, 5, 6)],))
def loop_targets(rows):
    out = []
    for a, *b in rows:
        out = [*out, a, b]
    for i, (a, *b, c) in enumerate(rows):
        out = [*out, i, a, b, c]
    return out


@case(lambda: ([1, 2, 3, 4, 5, 6], {"a": 1, "b": 2}), lambda: ([1], {}))
def deletions(xs, d):
    del xs[0]
    del xs[1:3], d["a"]
    del (xs[-1], [d["b"]])
    del xs[::2]
    return xs, d


@case(lambda: ([1, 2],))
def deletion_order(xs):
    del shout(xs)[shout(0)], shout(xs)[shout(5)]


@case(lambda: (Point(1, 2),))
def attribute_deletion(p):
    del p.x
    return hasattr(p, "x"), p.y


@case(lambda: (4,))
def starred_calls(n):
    def f(a, b, c=0, *rest, k=1):
        return a, b, c, rest, k
    t = (n, 2)
    return f(*t), f(*t, *t, k=3), f(1, *t, 5, 6), max(*t, 1), f(*(1, 2), *())


@case(lambda: (np.arange(24.0).reshape(2, 3, 4), (1, 2)))
def subscripts(a, i):
    b = a[..., 0]
    return a[*i], a[*i, 1], a[1, ..., 2], b[1:, ::-1], a[i], a[None, 0].shape, a[-1, :i[1], 1:-1]


# Imports, walrus, the rest

@case(lambda: (4.0,))
def imports(x):
    import math as m, numpy
    from math import sqrt, pi as PI
    import os.path
    f = lambda y: m.floor(y) + sqrt(y)
    return m.sin(x), sqrt(x), PI, numpy.float64(x), f(x), [m.cos(v) for v in (1, 2)], os.path.sep


@case(lambda: (True,), lambda: (False,))
def import_on_one_way(c):
    if c:
        import math
    return math.pi


@case(lambda: (1,))
def import_over_variable(c):
    math = c
    if c > 1:
        import math
    return math


@case(lambda: (3, [1, 2, 3]))
def walruses(n, xs):
    if (m := n * 2) > 3 and (k := m + 1):
        m += k
    while (n := n - 1) > 0:
        m += (q := n)
    a = (b := 5), b
    print(c := 3, [d := 1, d + 1], xs[(e := 1)], xs[(f := 0):2])
    return m, k, q, a, b, c, d, e, f, (lambda: (z := 3) + z)(), f"{(g := 7)} {g}"


@case(lambda: (2,))
def chained_targets(n):
    a = b, c = (n, 3)
    xs = [0, 0, 0]
    i = 0
    i, xs[i] = 1, 2
    xs[i] = i = 2
    x = y = [n]
    return a, b, c, xs, i, x is y


@case(lambda: (None,))
def literals(x):
    ...
    t: "list[int]" = 5
    u: int
    return b"\x00a", "a" "b", 0x7fff_ffff, 1_000.5e3, 3j, ..., x, t, (lambda a: a if a else -1)(0)
