"""Small functions that use every part of the language that the front end takes, with arguments.

`CASES` holds (function, argument tuples). Engines are compared over them, and spans
are checked in them: so the functions say things as a linter would not.
"""

# ruff: noqa
# fmt: off

import math

import numpy as np

N = 10
SCALE = 2.5
PAIR = (3, 4)
CASES = []


def case(*arguments):
    """Note a function and the argument tuples it is run with."""

    def note(function):
        CASES.append((function, arguments))
        return function

    return note


NUMBERS = ((7, 3), (-7, 3), (7, -3), (0, 1), (2.5, -1.5), (True, 2))


@case(*NUMBERS, (1, 0), (1.0, 0.0))
def arithmetic(a, b):
    return a + b, a - b, a * b, -a, +b, a / b, a // b, a % b, a**2


@case((6, 3), (-6, 1), (True, False), (1, -1))
def bits(a, b):
    return a & b, a | b, a ^ b, ~a, a << b, a >> b


@case(*NUMBERS, (1, 1), (math.nan, 1.0))
def comparisons(a, b):
    return a < b, a <= b, a == b, a != b, a > b, a >= b, a is b, a is not b


@case((1, 2, 3), (2, 2, 3), (3, 2, 1), (1, 3, 3))
def chains(a, b, c):
    if a < b <= c:
        return 1, a < b < c < N
    return 2, a == b == c, not a < b < c


def shout(x):
    print("shout", x)
    return x


@case((1, 2, 3), (3, 2, 1), (1, 1, 1))
def chain_evaluates_once(a, b, c):
    return shout(a) < shout(b) < shout(c)


@case(*((a, b, c) for a in (0, 2) for b in (0, 3) for c in (0.0, 1.5)))
def logic(a, b, c):
    x = a and b
    y = a or b or c
    z = not a
    w = (a and b) or (not c and a)
    if a and (b or c):
        w = 9
    elif not (a or b) or c:
        w = 8
    if a and b and c or not a and not b:
        return x, y, z, w, "both"
    return x, y, z, w


@case((0,), (5,), (-5,))
def logic_order(a):
    return shout(a) and shout(a + 1) or shout(a + 2)


@case((1,), (0,), (7,))
def conditional(a):
    b = 10 if a else 20
    c = (1 if a > 5 else 2) if b > 15 or a > 3 else 3
    return b, c, shout(1) if a else shout(2)


@case((5,), (0,), (-1,))
def walrus(a):
    if (b := a + 1) > 3 and (c := b * 2) > 4:
        return b, c
    c = (d := 5) + d
    return a, b, c, d, (e := a), e


@case((3, 4), (4, 3))
def swap(a, b):
    a, b = b, a
    (a, (b, c)), d = (b, (a, b + 1)), a
    e = f = c
    [g, h] = d, e
    return a, b, c, d, e, f, g, h


@case(((1, 2, 3),), ((1,),), ((),), ((1, 2, 3, 4, 5),))
def starred(t):
    first, *rest = t
    *front, last = t
    return first, rest, front, last, (0, *t, *rest)


@case(((1, 2),), ((1,),), ((1, 2, 3),))
def unpack_counts(t):
    a, b = t
    return b, a


@case((0,), (5,), (12,))
def sum_below(n):
    total: int = 0
    i: int
    for i in range(n):
        if i == 3:
            continue
        if i > 8:
            break
        total += i
    else:
        total = -total
    return total


@case((0,), (1,), (6,), (27,))
def collatz(n):
    steps = 0
    while n != 1:
        if n < 1:
            break
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    else:
        return steps, "one"
    return steps, "none"


@case((7,), (0,))
def while_true(n):
    while True:
        n -= 1
        if n % 5 == 0:
            break
        if n < -3:
            return "low", n
    while 0:
        n = 100
    return n


@case((5, 5), (0, 3), (3, 0))
def nested_loops(n, m):
    count = 0
    for i in range(n):
        for j in range(m):
            if j > i:
                break
            if (i + j) % 3 == 1:
                continue
            count += i * j
        else:
            count += 100
            continue
        count += 1000
    return count


@case((0,), (3,))
def loop_variable_after(n):
    for i in range(n):
        pass
    return i


@case((0,), (1,), (2,))
def maybe_unbound(n):
    if n:
        x = n
    elif n > 1:
        x = 2
    return x + x


@case((0,), (1,), (5,))
def unbound_in_loop(n):
    for i in range(n):
        if i > 2:
            y = i
        if i == 4:
            print(y)
    z = y
    return z, y


@case((True,), (False,))
def deleted(flag):
    x = 1
    if flag:
        del x
    y = 2
    del y
    y = 3
    return y, x


@case((3,))
def deleted_in_loop(n):
    x = 0
    for i in range(n):
        print(x)
        if i == 1:
            del x
    return x


@case((4,), (1,))
def both_paths_bind(n):
    if n > 3:
        x = 1
    else:
        x = 2
    while True:
        y = x
        break
    return x, y


@case((1,), (-1,), (0,))
def asserts(x):
    assert x
    assert x > 0, "must be positive"
    assert x > 0 and x < 10
    return x


@case((0,), (1,), (2,), (3,))
def raises(x):
    if x == 0:
        raise ValueError
    if x == 1:
        raise ValueError("one", x)
    if x == 2:
        raise ZeroDivisionError(f"text")
    return "fine"


@case((1,), (1, 2), (1, 2, 3, 4))
def parameters(a, /, b=5, *args, c=7, d=SCALE):
    return a, b, args, c, d


@case((2, 3))
def calls(a, b):
    t = (a, b)
    x = parameters(*t, c=b)
    y = parameters(a, *PAIR, *t, d=1)
    return x, y, max(a, b, key=None), divmod(a, b)


@case((10,), (0,))
def factorial(n):
    return 1 if n <= 1 else n * factorial(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


@case((7,), (4,))
def is_even(n):
    return True if n == 0 else is_odd(n - 1)


@case((3,))
def module_names(x):
    return math.pi * x, math.sin(x), np.float64(x), N, PAIR[1], np.random.__name__


@case(())
def no_arguments():
    """Only a docstring, and nothing returned."""


@case((1.5,))
def attributes(x):
    z = complex(x, 2)
    return z.real, z.imag, z.conjugate()


@case((4,))
def arrays(n):
    a = np.zeros((n, n))
    a[1, 2] = 5
    a[0] = 1
    a[1:, ::2] += 2
    a[..., 1] *= 3
    b = a[1:3, :2]
    b[0, 0], n = n, b[1, 1]
    a[:, 0] -= a[:, 1] @ a
    return a, b, a[None, 1], a.T[2, 1], a.shape[0], n


class Box:
    """Something with an attribute that can be set."""

    def __init__(self, value):
        self.value = value


@case((3,))
def attribute_targets(n):
    box = Box(n)
    box.value += 2
    box.value, n = n, box.value
    return box.value, n


def index(i):
    print("index", i)
    return i


@case((2,))
def target_order(n):
    a = np.zeros(4)
    a[index(1)] += shout(5)
    a[index(2)], a[index(3)] = shout(1), shout(2)
    a[index(0)] = n = shout(7)
    shout(a)[index(1)] = shout(8)
    return a, n


@case((3,))
def iterate_while_changing(n):
    a = np.arange(n)
    total = 0
    for x in a:
        a[2] = 10
        total += x
    return total


@case(((1, 2), 3), ((), 3), ((3,), 3))
def membership(t, x):
    return x in t, x not in t, not x in t, 1 in t and x in t


@case((3,))
def tuples(n):
    t = ()
    for i in range(n):
        t = (i, *t)
    t += (n,)
    (a,) = t[:1]
    return t, a, t[-1], t[1:], ((n),), (n, (n, n)), len(t)


@case((1,))
def strings(n):
    return "a" "b", f"c" "d", b"x", """e
f""", ...


@case((3, 4))
def layout(a, b):
    # Operators on lines of their own, brackets, comments, tabs, wide characters.
    größe = (a  # a comment with ) and + in it
             + (  # another
                 b)
             ) * (a) \
        - b
    z = ((größe)) if (größe  > 3) else \
        (a, (b) , )
    s = "äöü" + ("日本" * (b)); t = (len)(s) + len  (  s  ) + (s)  [0:1].  __len__ ()
    return z, t, (a) < (b) <= (b) , not(a), - (a)


@case((0,), (3,))
def early(n):
    if n:
        return n
    return
    return 5  # control does not get here


@case((2,), (5,))
def dead_code(n):
    while True:
        if n > 3:
            return 1
        else:
            return 2
        n = missing
    return missing


@case((1,), (0,))
def constant_conditions(n):
    if True and n:
        a = 1
    else:
        a = 2
    if False:
        a = 3
    if n or True:
        b = 4
    if not None and (n and not 0):
        b = 5
    return a, b, (6 if True else 7), (8 if 0 and n else 9)


def make_closure(k, table):
    def closure(x):
        return x * k + table[1]

    def again(n):
        return n if n <= 0 else again(n - k)

    return closure, again, lambda y: (y + k, 5)


_CLOSURES = make_closure(3, (1, 2))
case((4,))(_CLOSURES[0])
case((4,), (5,))(_CLOSURES[1])
case((4,))(_CLOSURES[2])


@case((0,), (7,), (3,))
def loops_and_state(n):
    a, b, best = 0, 1, -1
    while a < n:
        a, b = b, a + b
        for k in range(a):
            if k * k > b:
                best = k
                break
            elif k == 5:
                continue
            best = max(best, -k)
        else:
            best -= 1
        if best > 50:
            raise OverflowError("best", best)
    return a, b, best


@case((1, 2), (2, 1))
def conditional_in_condition(a, b):
    if (a if a > b else b > 1) and (not a if b else b):
        return 1
    while a > 1 if b > 0 else b < 0:
        a -= 1
    return a


def reads_global_function_value():
    return shout


case(())(reads_global_function_value)


# Functions inside functions ---------------------------------------------------------------------


def apply(function, *args):
    return function(*args)


def integrate(function, low, high, steps=8):
    width = (high - low) / steps
    total = 0.0
    for i in range(steps):
        total += function(low + (i + 0.5) * width)
    return total * width


@case((2.0,), (-1,), (math.inf,))
def lambda_arguments(k):
    return integrate(lambda x: k * x * x, 0.0, 1.0), apply(lambda: k), (lambda a, b=k: a - b)(1)


@case((0,), (1,), (10,))
def recursive_inner(n):
    def fib(k):
        return k if k < 2 else fib(k - 1) + fib(k - 2)

    fact = lambda m: 1 if m < 2 else m * fact(m - 1)
    return fib(n), fact(n)


@case((4,), (-3,))
def inner_defaults(n, z=2):
    def add(x, y=n, *, w=z + 1):
        return x + 10 * y + 100 * w

    return add(1), add(1, 2), add(1, w=5), add(y=3, x=4)


@case((3,), (0,))
def inner_parameters(n):
    def total(*values, start=1):
        for value in values:
            start += value
        return start

    def kinds(x, /, y, *, z=n):
        return x + y * z

    return total(), total(1, 2, n), total(n, start=5), kinds(1, y=2), kinds(1, 2, z=3)


@case((5,), (0,))
def captured_loop_variable(n):
    total = 0
    for i in range(n):
        shifted = lambda x: x + i
        for j in range(i):
            total += shifted(j) + apply(lambda x: x * i - j, j)
        total = shifted(total)
    return total


@case((3,))
def captured_through_levels(n):
    def outer(a):
        def middle(b):
            def inner(c):
                return a + b + c + n if c > 2 else inner(c + 1)

            return inner(0)

        return middle(a + 1)

    return outer(n) + outer(0)


@case((3,), (-1,))
def returned_closures(n):
    def adder(k):
        return lambda x: x + k

    def compose(f, g):
        return lambda x: f(g(x))

    twice = lambda x: x * 2
    both = compose(adder(n), twice)
    pair = adder(1), twice
    return both(1), compose(both, both)(n), pair[0](5), pair[1](5)


@case((4,), (0,))
def recursive_in_a_loop(n):
    total = 0
    for i in range(n):
        def down(x, k=i):
            return k if x == 0 else down(x - 1) + i

        total += down(3)
        g = down
        total += g(2, 5)
    return total


def optional_function(x, function=None):
    if function is None:
        return x
    return function(x)


@case((4,), (0,))
def passed_by_keyword(n):
    def call_all(*functions, start):
        return functions[0](start) + functions[1](start)

    shift = lambda x: x + n
    both = call_all(shift, lambda x: x * n, start=3)
    return optional_function(n), optional_function(n, function=shift), both


@case((3, None), (3, 4))
def chosen_statically(n, by):
    if by is None:
        change = lambda x: x + N
    else:
        change = lambda x: x * by
    return change(n)


@case((1,), (3,), (5,))
def raises_inside(n):
    def check(x):
        assert x > 2, "small"
        return 10 // (x - 3)

    return check(n) + check(n + 1)


@case((2,), (0,))
def shadowing(n):
    x = n
    def change(x):
        x = x + 1
        N = x * 2
        return x + N

    def walrus(a):
        return (y := a + x) * y

    return change(1), x, walrus(n), N


@case((4,), (0,))
def captured_and_dropped(n):
    k = n
    first = (lambda: k)()
    k = n + 1
    f = lambda: k
    second = f()
    while n > 0:
        k = n
        n -= 1
        g = lambda: k + n
        second += g()
    del k
    return first, second
