"""Short programs at the corners of the language: each gives CPython's outcome in every engine.

Aliasing, containers that change under a loop, empty ones, exceptions in the middle of what is being
made, functions that outlive their variables, generators given up, odd floats and odd text. What is
compared: the result, the exception, the printed text, and what became of the arguments.
"""

# ruff: noqa

import copy
import math
from contextlib import nullcontext, suppress

import pytest
from engines import describe, interpreted, outcome_of

from pellucid import njit

CORNERS = []


def corner(*arguments):
    """Note a function, and the argument tuples that it is run with."""

    def note(function):
        CORNERS.append((function, arguments))
        return function

    return note


# Aliasing -----------------------------------------------------------------------------------------


@corner(([[1, 2], [3]],), ([[0]],))
def rows_shared(rows):
    first = rows[0]
    rows.append(first)
    first.append(9)
    rows[-1][0] = -1
    grid = [[0] * 2] * 3
    grid[0][1] = 5
    copied = [row[:] for row in rows]
    copied[0].clear()
    return rows, grid, copied, rows[0] is rows[-1]


@corner(([1, 2, 3],))
def itself_extended(xs):
    xs.extend(xs)
    xs += xs[:2]
    ys = xs
    ys *= 2
    xs[1:3] = xs
    xs[::2] = xs[::2]
    return xs, ys is xs


@corner(({"a": [1]},))
def values_shared(d):
    d["b"] = d["a"]
    d["b"].append(2)
    x = d.setdefault("c", d["a"])
    x.append(3)
    d["a"] = []
    e = dict(d)
    e["b"].append(4)
    return d, e


@corner(([3, 1, 2], "ab"))
def swaps(xs, s):
    xs[0], xs[1], xs[2] = xs[2], xs[0], xs[1]
    a, b = xs[:2]
    a, b = b, a
    i = 0
    i, xs[i] = 1, 7
    s, t = s + "!", s
    return xs, a, b, i, s, t


@corner(([1, 2], [1, 2]))
def defaults_of_closures(xs, ys):
    def add(x, to=xs):
        to.append(x)
        return len(to)

    return add(1), add(2), add(3, ys), xs, ys


# Change under iteration -----------------------------------------------------------------------------


@corner(([1, 2, 3, 4],), ([2],))
def removed_in_the_loop(xs):
    seen = []
    for x in xs:
        seen.append(x)
        if x % 2 == 0:
            xs.remove(x)
    for x in xs:
        if len(xs) < 6:
            xs.append(x + 10)
    return seen


@corner(({1: 2},), ({1: 2, 5: 6},))
def dict_grows(d):
    seen = 0
    try:
        for k in d:
            seen += k
            d[k + 100] = 1
    except RuntimeError as e:
        print(e, seen)
    for k in list(d):
        del d[k]
    return d


@corner(({1, 2, 3},))
def set_changes(s):
    try:
        for x in s:
            s.discard(x)
    except RuntimeError as e:
        return str(e), len(s)
    return "", len(s)


@corner(([3, 1, 2],))
def enumerated_while_changed(xs):
    out = []
    for i, x in enumerate(xs):
        if i == 0:
            xs.insert(1, 50)
        out.append((i, x))
    for a, b in zip(xs, xs[1:]):
        xs[0] += b
        out.append((a, b))
    return out


# Empty --------------------------------------------------------------------------------------------


@corner((0,), (2,))
def empties(n):
    a, b, c = [], {}, set()
    for i in range(n):
        a.append(str(i))
        b[i] = a
        c.add((i, "x"))
    return a, b, c, a[:1], a + [], b == {}, c | set(), "".join(a), sorted(c), list(b), [] == a


@corner((1,))
def never_filled(n):
    xs = []
    d = {}
    for x in xs:
        print(x)
    for k, v in d.items():
        print(k, v)
    return len(xs) + len(d), list(filter(lambda v: True, [])), [v for v in {}], [] or [n]


@corner((1,), (0,))
def empty_generators(n):
    xs = []
    g = (x + 1 for x in xs)
    xs.append(n)
    return list(g), [y for y in filter(None, [0, n])], sum(x for x in [][:n])


@corner(("",), ("a",))
def empty_text(s):
    return (
        s.split(),
        s.partition("a"),
        s.strip(),
        s * 0,
        s[1:],
        s[::-1],
        s.split(","),
        s.replace("", "-"),
        s.find(""),
        s.count(""),
        "" in s,
        s.splitlines(),
    )


@corner(([],), ([1],))
def first_of_nothing(xs):
    total = 0
    try:
        total += xs[0]
        total += xs.pop()
        total += xs.pop()
    except IndexError as e:
        print(e)
    try:
        total += max(xs)
    except ValueError as e:
        print("max", total)
    return total


# Exceptions in the middle -----------------------------------------------------------------------------


@corner(([1, 0, 2],), ([1],))
def in_a_comprehension(xs):
    made = [["start"]]
    try:
        made = [[str(10 // x)] for x in xs]
    except ZeroDivisionError as e:
        made.append([str(e)])
    try:
        d = {str(x): [1 / x] for x in xs}
    except ZeroDivisionError:
        d = {}
    return made, d


@corner((["1", "x"],), (["2"],))
def in_arguments(texts):
    def three(a, b, c):
        return [a, b, c]

    try:
        return three("a" + texts[0], texts[0] * 2, str(int(texts[-1])))
    except ValueError as e:
        return [str(e), *texts]


@corner(([3, 1, 2], 2), ([3, 1, 2], 9))
def in_a_key(xs, bad):
    def key(x):
        if x == bad:
            raise KeyError(x)
        return -x

    try:
        xs.sort(key=key)
    except KeyError as e:
        print(repr(e), e.args[0] + 1)
    return xs


@corner((0,), (1,), (2,), (3,))
def finally_overrides(n):
    log = []

    def run(k):
        for i in range(3):
            try:
                log.append(f"try {i}")
                if k == 0:
                    continue
                if k == 1:
                    return i
                if k == 2:
                    raise ValueError("a" * i)
            except ValueError as e:
                log.append(f"caught {e}")
                if i == 1:
                    break
            else:
                log.append("else")
            finally:
                log.append("finally")
        else:
            log.append("loop else")
        return -1

    return run(n), log


@corner((0,), (1,))
def chained(n):
    try:
        try:
            [1, 2][n * 9]
        except IndexError as e:
            raise ValueError(f"bad {n}", [str(e)][0]) from e
        finally:
            print("left")
    except ValueError as e:
        return repr(e), str(e)
    return "fine", ""


@corner((5,))
def names_of_exceptions_go(n):
    e = "before"
    try:
        n // 0
    except ZeroDivisionError as error:
        kept = str(error)
    return kept, e


@corner(({"a": 1}, ("k", 2)))
def keys_in_messages(d, t):
    out = []
    for key in ("x", "it's", ""):
        try:
            d[key]
        except KeyError as e:
            out.append(f"{e} {e!r}")
    try:
        {t: 1}[("k", 3)]
    except KeyError as e:
        out.append(str(e))
    try:
        {1.5}.remove(2.5)
    except KeyError as e:
        out.append(repr(e))
    try:
        ["a"].index("b'")
    except ValueError as e:
        out.append(str(e))
    return out


# Functions ------------------------------------------------------------------------------------------


@corner((3,))
def late_binding(n):
    def read():
        return n * 10

    first = read()
    n += 1
    fs = []
    for i in range(3):
        fs.append(lambda x, i=i: x * i + n)
    return first, read(), [f(2) for f in fs]


@corner((2,))
def counters(n):
    def make(start):
        count = start

        def step(by=1):
            nonlocal count
            count += by
            return count

        return step

    a, b = make(0), make(100)
    return a(), a(5), b(), a(), b(n)


@corner((10,), (1,))
def mutual(n):
    def even(k):
        return True if k == 0 else odd(k - 1)

    def odd(k):
        return False if k == 0 else even(k - 1)

    def depth(k):
        return 0 if k == 0 else 1 + depth(k - 1)

    return even(n), odd(n), depth(20)


@corner(("ab", True), ("c", False))
def joined(s, flag):
    double = (lambda x: x + x) if flag else (lambda x: x + s)
    table = {"up": str.upper, "low": str.lower}
    return double("z"), table["up"](s), list(map(double, ["1", "2"]))


# Generators -----------------------------------------------------------------------------------------


@corner((2,), (9,))
def given_up(n):
    log = []

    def numbers(k):
        try:
            for i in range(k):
                yield [i] * 2
        finally:
            log.append("closed")

    for pair in numbers(5):
        log.append(str(pair))
        if pair[0] == n:
            break
    first = next(numbers(3))
    print(first)
    return log


@corner((3,))
def yields_and_raises(n):
    def risky(k):
        yield "a"
        if k > 2:
            raise ValueError("late")
        yield "b"

    out = []
    try:
        for x in risky(n):
            out.append(x)
    except ValueError as e:
        out.append(str(e))
    return (
        out,
        list(risky(0)),
        [x for x in (x * 2 for x in risky(1))],
        next((x for x in ""), "none"),
    )


@corner(([[1, [2]][0], 3], "xy"))
def delegated(xs, s):
    def walk(items, k):
        if k:
            yield from walk(items[1:], k - 1)
        yield from items

    def pairs():
        for a in s:
            for x in walk(xs, 1):
                yield a, x

    return list(pairs()), dict(pairs()), len({p for p in pairs()})


# Numbers --------------------------------------------------------------------------------------------


@corner((float("nan"), -0.0), (1.5, 0.0))
def odd_floats(x, z):
    d = {x: 1, z: 2}
    d[z] = 3
    d[0.0] = 4
    d[-0.0] = 5
    return (
        len(d), d[z], x in [z], x == x, min(x, 1.0), max(1.0, x), [x] == [z], (x,) == (z,),
        str(z), f"{z:.1f} {x:>6.2f} {z!r}", sorted([2.0, z, -1.0, 0.0]), {z, 0.0} == {-0.0},
    )  # fmt: skip


@corner((2**63 - 1,), (-(2**63),), (0,))
def at_the_limits(n):
    return (
        str(n),
        f"{n:,} {n:#x} {n:+d}",
        n // 3,
        n % 7,
        n % -7,
        n // -5,
        n >> 1,
        n & 255,
        hash(n % 1000),
    )


@corner((7, 2), (-7, 2), (7, -2), (0, 3))
def divided(a, b):
    return (
        a // b,
        a % b,
        divmod(a, b),
        a / b,
        a**2,
        -a // b,
        (a / 2) // b,
        (a / 2) % -b,
        round(a / 2),
        int(a / 2),
    )


@corner((True, 2), (False, 0))
def bools(b, n):
    return (
        b + n,
        b * n,
        b == 1,
        b and n > 0,
        n or int(b),
        [10, 20][b],
        {True: "t", False: "f"}[n > 1],
        str(b),
        f"{b}{b:d}",
    )


# Text -----------------------------------------------------------------------------------------------


@corner(("Zoë 日本🎈",), ("ascii",), ("\x00\n\t'\"\\",))
def every_width(s):
    return (
        len(s), s[::-1], s[-1], s.upper(), s.encode("utf-8"), [ord(c) for c in s], repr(s), ascii(s),
        s + "é", "日" + s, s * 2, s.find("本"), s.center(20, "·"), sorted(s), {c: i for i, c in enumerate(s)},
    )  # fmt: skip


@corner(("a,b,,c", ","), ("", "x"), ("aXbX", "X"))
def pieces(s, sep):
    parts = s.split(sep)
    text = sep.join(parts)
    out = ""
    for part in parts:
        out += part + "|"
    return parts, text == s, out, s.rsplit(sep, 1), s.partition(sep), sep.join(sorted(set(parts)))


# Shapes ---------------------------------------------------------------------------------------------


@corner(({"a": [1, 2], "b": []},), ({},))
def classes_of_containers(d):
    found = []
    for x in (d, [1], (1, 2), {1}, frozenset([1]), "s", 1.5, None):
        kind = "other"
        if isinstance(x, dict):
            kind = "dict"
        elif isinstance(x, (set, frozenset)):
            kind = "set"
        elif isinstance(x, (list, tuple)):
            kind = "sequence"
        found.append(kind)
    match d:
        case {"a": [first, *rest]}:
            return found, first, rest
        case {}:
            return found, -1, []
    return found, -2, []


@corner(([1, 2, 3, 4],), ([1, 2],))
def unpacked(xs):
    first, *middle, last = xs
    (a, b), *c = [(first, last), (last, first)]
    [*d] = middle
    e, (f, *g) = first, xs
    for i, (x, y) in enumerate([(1, "a"), (2, "b")]):
        a += i + x
    return first, middle, last, a, b, c, d, e, f, g, [*xs, *middle], {**{1: a}, 2: b}


@corner(([5, 1, 4, 2, 3],))
def sliced(xs):
    del xs[1::2]
    xs[1:1] = [7, 8]
    xs[-1:] = []
    ys = xs[::-1]
    xs[::2] = [0] * len(xs[::2])
    zs = xs[10:] + xs[-100:2]
    del xs[:]
    return xs, ys, zs


@corner(([("b", 2), ("a", 2), ("c", 1)],))
def ordered(pairs):
    by_number = sorted(pairs, key=lambda p: p[1])
    by_both = sorted(pairs, key=lambda p: (-p[1], p[0]), reverse=True)
    pairs.sort()
    return (
        by_number,
        by_both,
        pairs,
        sorted({k: v for k, v in pairs}),
        sorted("hello", reverse=True),
    )


@corner((["x", "y"], 3))
def managed_in_with(xs, n):
    with nullcontext([n]) as made, suppress(IndexError):
        made.append(n)
        xs.append(str(made))
        xs[10] = "no"
    return xs, made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "arguments"), CORNERS, ids=[function.__name__ for function, _ in CORNERS]
)
@pytest.mark.parametrize("engine", ["front end", "native"])
def test_outcomes_are_cpythons(function, arguments, engine):
    run = interpreted(function) if engine == "front end" else njit(function)
    for given in arguments:
        outcomes = []
        for called in (function, run):
            own = copy.deepcopy(given)
            outcomes.append((outcome_of(called, *own), describe(list(own))))
        assert outcomes[1] == outcomes[0]
