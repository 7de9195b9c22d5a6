"""Section LANG, row by row: statements and functions behave as CPython's.

PYTEST_DONT_REWRITE: the assertions of a row are the user's.
"""

# ruff: noqa

import math
import operator
import sys

import numpy as np
import pytest
from rows import Rows

from pellucid import njit

rows = Rows("LANG", 38)

CONSTANT = 7
TEXT = "captured"
TABLE = (1, (2.5, "x"))
READ_ONLY = np.arange(4.0)


class Coded(Exception):
    def __init__(self, number, text):
        super().__init__(number, text)
        self.number = number
        self.text = text


# 01 to 10: control flow, assignments, inner functions ---------------------------------------------


@rows.same("01", (-3,), (0,), (5,), (50,))
def branches(n):
    if n < 0:
        kind = "negative"
    elif n == 0:
        kind = "zero"
    elif n < 10:
        kind = "small"
    else:
        kind = "large"
    return kind, (1 if n else 2) if n < 10 else 3


@rows.same("02", (0,), (7,), (30,))
def loops(n):
    seen = []
    i = 0
    while True:
        i += 1
        if i > n:
            break
        if i % 3 == 0:
            continue
        for j in range(i, 0, -2):
            if j == 5:
                break
            seen.append((i, j))
    return seen, i


@rows.same("03", (2,), (10,))
def loops_with_else(n):
    found = -1
    for i in range(n):
        if i == 3:
            break
    else:
        found = -2
    k = 0
    while k < n:
        if k == 3:
            break
        k += 1
    else:
        k = 100
    return found, k, i


@rows.same("04", (3,))
def annotated(n: "anything at all"):
    """A docstring."""
    x: float = n
    y: int
    y = x + 1
    pass
    ...
    return x, y


@rows.same("05", (1, 2, [3, 4]), (5, 6, [7, 8]))
def assignments(a, b, xs):
    a, b = b, a
    c = d = a * 2
    (e, f), g = xs, c
    e, (f, (h, i)) = f, (e, (a, b))
    xs[0], xs[1] = xs[1], xs[0]
    d += 3
    d **= 2
    d //= 3
    d %= 7
    d <<= 2
    d |= 1
    d ^= 3
    d &= 14
    d >>= 1
    first, *rest = (a, b, c)
    *most, last = xs
    return a, b, c, d, e, f, g, h, i, first, rest, most, last


@rows.same("05", ([1, 2],), ([1, 2, 3],), ([],), ([1],))
def wrong_count(xs):
    a, b = xs
    return a + b


@rows.same("05", (np.arange(2),), (np.arange(3),))
def wrong_count_of_an_array(xs):
    a, b = xs
    return a + b


rows.refused("05", "no-matching-overload", ((1, 2, 3),))(lambda t: [a for a, b in [t]])


@rows.same("06", (1,), (4,))
def walrus(n):
    if (m := n * 2) > 3:
        m += 1
    rest = [y for x in range(n) if (y := x * m) % 2 == 0]
    while (n := n - 1) > 0:
        m += n
    return m, n, rest


@rows.same("07", (1,), (-1,), (0,))
def asserts(n):
    assert n
    assert n > 0, f"n is {n}"
    return n


@rows.same("08", (1, 2, 3), (3, 2, 1), (2, 2, 2))
def comparisons(a, b, c):
    calls = []

    def seen(x):
        calls.append(x)
        return x

    chained = seen(a) < seen(b) <= seen(c) != 2
    either = a > 2 and b or c
    return (
        chained,
        calls,
        either,
        not a,
        a in (b, c),
        b not in [a, c],
        a is None,
        (a or None) is not None,
    )


@rows.same("09", (3, 4))
def inner_functions(x, y):
    square = lambda v: v * v

    def scaled(v, k=2, *rest, bias=x, **named):
        return v * k + bias + len(rest) + len(named)

    def factorial(n):
        return 1 if n < 2 else n * factorial(n - 1)

    return square(x), scaled(y), scaled(y, 3, 4, 5), scaled(v=x, bias=1, other=2), factorial(y)


@rows.same("10", (5,))
def nonlocal_names(n):
    count = 0
    total = 0.0

    def step(x):
        nonlocal count, total
        count += 1
        total += x
        total *= 2

    for i in range(n):
        step(i)
    return count, total


# 11 to 20: globals, calls, recursion, generators, comprehensions ----------------------------------


@rows.refused("11", "unsupported-syntax", (1,))
def global_assignment(n):
    global CONSTANT
    CONSTANT = n
    return n


def takes_all(a, b=10, *rest, c, d=40, **named):
    return a, b, rest, c, d, sorted(named.items())


@rows.same("12", (1, (2, 3)))
def calls(a, t):
    return (
        takes_all(a, c=1),
        takes_all(a, *t, c=2, d=3),
        takes_all(c=1, b=2, a=3, e=4),
        takes_all(*t, *t, c=a),
    )


@rows.refused("12", "wrong-arguments", (1,))
def unknown_keyword(a):
    return divided(a, third=3)


def divided(a, b=2):
    return a / b


def keyword_only(a, /, b, *, c=3, d):
    return a, b, c, d


@rows.same("13", (1,))
def keyword_only_parameters(n):
    return keyword_only(n, 2, d=4), keyword_only(n, b=5, c=6, d=7)


rows.refused("13", "wrong-arguments", (1,))(lambda n: keyword_only(a=n, b=1, d=2))
rows.refused("13", "wrong-arguments", (1,))(lambda n: keyword_only(n, 2, 3, 4))


@rows.same("14", (3,))
def functions_as_arguments(n):
    def apply(f, x):
        return f(x)

    f = math.sqrt
    first = apply(f, n)
    f = lambda x: x + 1
    return first, apply(f, n), apply(abs, -n), apply(divided, n)


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def text_before_base(n, x):
    if n > 0:
        return text_before_base(n - 1, x + 1.0)
    return x


@rows.same("15", (10,), (0,))
def recursion(n):
    return fibonacci(n), is_even(n), is_odd(n), text_before_base(n, 1.0)


def runaway(n):
    return runaway(n - 1)


rows.refused("15", "endless-recursion", (1,))(runaway)


def squares(n):
    for i in range(n):
        yield i * i
    return "done"


def mixed(n):
    yield n
    yield 2.5


@rows.same("16", (4,), (0,))
def generators(n):
    g = squares(n + 1)
    return next(g), list(g), sum(squares(n)), list(mixed(n))[1]


@rows.same("16", (2,))
def exhausted(n):
    g = squares(n)
    next(g), next(g)
    return next(g)


def sends(n):
    total = 0
    while total < n:
        got = yield total
        if got is not None:
            total += got


@rows.same("16", (10,))
def sent(n):
    g = sends(n)
    first = next(g)
    second = g.send(4)
    third = g.send(5)
    g.close()
    return first, second, third


def delegates(n):
    text = yield from squares(n)
    yield len(text)


@rows.same("17", (3,))
def yield_from(n):
    return list(delegates(n))


@rows.same("18", (5,), (0,))
def generator_expressions(n):
    pairs = ((i, j) for i in range(n) for j in range(i) if j % 2)
    return sum(i * 2 for i in range(n)), list(pairs), any(i > 3 for i in range(n))


@rows.same("19", (4,))
def list_comprehensions(n):
    i = 100
    nested = [[i * j for j in range(i)] for i in range(n)]
    return nested, [x for r in nested for x in r if x], i


@rows.same("20", (3,), (0,))
def array_comprehensions(n):
    return (
        np.array([i * 1.5 for i in range(n + 1)]),
        np.array([[x * y for x in range(n + 1)] for y in range(n + 1)]),
    )


@rows.same("21", (4,), (0,))
def set_and_dict_comprehensions(n):
    return {i % 3 for i in range(n)}, {i: i**2 for i in range(n) if i != 1}


# 22 to 29: exceptions, with ----------------------------------------------------------------------


@rows.same("22", (0,), (1,), (2,), (3,), (4,))
def raises(n):
    if n == 0:
        raise ValueError
    if n == 1:
        raise KeyError("text", n, 2.5)
    if n == 2:
        raise Coded(n, "two")
    if n == 3:
        try:
            raise ValueError(n)
        except ValueError as error:
            raise RuntimeError("from") from error
    return n


rows.refused("22", "no-matching-overload", (1,))(lambda n: (_ for _ in ()).throw(3))


@rows.refused("22", "invalid-raise", (1,))
def raises_a_number(n):
    raise n


@rows.same("23")
def bare_raise():
    raise


@rows.same("23", (0,), (1,))
def raised_again(n):
    try:
        if n:
            raise ValueError("once", n)
        return 1 // n
    except (ValueError, ZeroDivisionError):
        raise


@rows.same("24", (0,), (1,), (2,), (3,), (9,))
def handlers(n):
    xs = [1, 2, 3]
    said = ""
    try:
        if n == 2:
            raise Coded(n, "own")
        if n == 3:
            {1: 2}[n]
        xs[n * 2] //= n
    except ZeroDivisionError:
        said = "divided"
    except (KeyError, LookupError) as error:
        said = type(error).__name__ + str(error)
    except Exception as error:
        said = str(error.args)
    except:
        said = "never"
    return said, xs


@rows.same("25", (0,), (1,), (2,))
def ends(n):
    done = []
    for i in range(4):
        try:
            if i == n:
                continue
            done.append(1 // (i - n))
        except ZeroDivisionError:
            done.append(-100)
        else:
            if i == 3:
                break
        finally:
            done.append(1000 + i)
    return done


@rows.same("25", ([1],))
def finally_after_return(l):
    try:
        return 1
    finally:
        l.append(5)


@rows.same("26", (0,), (2,))
def finally_without_except(n):
    xs = []
    for i in range(3):
        try:
            if i == n:
                break
        finally:
            xs.append(i)
    try:
        xs.append(10 // n)
    finally:
        xs.append(-1)
    return xs


rows.elsewhere("27", "tests/programs/test_interrupts.py")
rows.elsewhere("28", "tests/programs/test_exceptions.py")
rows.elsewhere("29", "tests/programs/test_object_mode_blocks.py")


# 30 to 38: what is refused, del, text, match, names ----------------------------------------------


@rows.refused("30", "unsupported-syntax", (1,))
def makes_a_class(n):
    class Inner:
        pass

    return n


@rows.refused("30", "unsupported-syntax", (1,))
async def asynchronous(n):
    return n


@rows.same("30", (2.0,))
def imports(x):
    import math as m
    from operator import add

    return add(m.sqrt(x), 1)


@rows.same("31", (1,), (0,))
def deleted_names(n):
    x = n + 1
    if n:
        del x
    return x


@rows.same("32", ([1, 2, 3, 4, 5, 6], {1: 2, 3: 4}), ([1, 2], {}))
def deleted_items(l, d):
    made = [1, 2, 3]
    del made[0], l[0]
    del l[1:3]
    table = {"a": 1, "b": 2}
    del table["a"]
    del d[1]
    return made, table


@rows.same("33", (1, 2.5))
def prints(a, b):
    print(a, b, "text", (a, b))
    print()
    print([a], {a: b}, None)


@rows.same("34", (255, 2.5, "é"), (-1, -0.0, ""))
def formats(n, x, s):
    return (
        f"{n} {x} {s!r:>5} {n:#x} {x:.3e} {n + 1 = } {s:*^7}",
        "%d|%5.1f|%-4s|%r" % (n, x, s, s),
        "{0} {1:>8.2f} {name!a}".format(n, x, name=s),
    )


@rows.same("35", (0,), (1,), (2,), (3,), (40,))
def matches(n):
    match n:
        case 0:
            return "zero"
        case 1 | 2:
            return "few"
        case m if m > 10:
            return "many" * (m // 20)
        case _:
            return "other"


@rows.same("35", ([],), ([1],), ([1, 2, 3],), ([9, 1, 2, 3],))
def matches_sequences(xs):
    match xs:
        case []:
            return 0
        case [x]:
            return x
        case [9, *rest]:
            return len(rest)
        case [first, *_, last]:
            return first + last


@rows.same("36", (np.arange(24).reshape(2, 3, 4), 1))
def subscripts(a, i):
    return a[..., i], a[i, :, ::2], a[:, None, i], a[(0, 1, 2)], a[i][1:][:, -1]


@rows.same("37", (1,))
def module_attributes(n):
    return np.pi, math.tau, sys.maxsize, operator.index(n), operator.add(n, 2)


rows.refused("37", "unknown-name", (1,))(lambda n: math.nothing + n)


@rows.same("38", (1,))
def globals_read(n):
    return CONSTANT + n, TEXT + "!", TABLE[1][1], READ_ONLY[n] + READ_ONLY.sum(), len(TABLE)


@rows.refused("38", "no-matching-overload", (1.0,))
def writes_a_global_array(x):
    READ_ONLY[0] = x
    return x


@pytest.mark.parametrize("case", rows.parameters())
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()


def test_an_exception_of_a_class_of_the_users_has_its_fields():
    @njit(cache=False)
    def f(x):
        raise Coded(x, "text")

    with pytest.raises(Coded) as caught:
        f(3)
    assert (caught.value.number, caught.value.text, caught.value.args) == (3, "text", (3, "text"))
