"""Functions that compiled code makes and returns keep, and share, what they captured."""

import dataclasses

import numpy as np
import pytest
from engines import describe, outcome_of
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit


@dataclasses.dataclass
class Account:
    name: str
    balance: int


def counter(start):
    n = start

    def inc(by=1):
        nonlocal n
        n += by
        return n

    def get():
        return n

    def reset():
        nonlocal n
        n = start
        return

    return inc, get, reset


def averager():
    total = 0.0
    count = 0

    def add(x):
        nonlocal total, count
        total += x
        count += 1
        return total / count

    return add


def stack():
    items = [0]

    def push(x):
        items.append(x)
        return len(items)

    def pop():
        return items.pop()

    def seen():
        return items

    return push, pop, seen


def memo():
    known = {0: 0, 1: 1}

    def fib(n):
        if n in known:
            return known[n]
        found = fib(n - 1) + fib(n - 2)
        known[n] = found
        return found

    return fib


def histogram(size):
    counts = np.zeros(size, np.int64)

    def add(i):
        counts[i] += 1
        return counts.sum()

    def get():
        return counts

    return add, get


def account(owner, amount):
    held = Account(owner, amount)

    def withdraw(x):
        if x > held.balance:
            raise ValueError(f"{held.name} has {held.balance}, not {x}")
        held.balance -= x
        return held.balance

    def look():
        return held

    return withdraw, look


def once():
    seen = {-1}

    def first(x):
        if x in seen:
            return False
        seen.add(x)
        return True

    return first


def best(start):
    found = None

    def see(x):
        nonlocal found
        if found is None or x > found:
            found = x
        return found

    return see


def chain(n):
    i = n

    def outer():
        nonlocal i
        i += 1

        def inner():
            nonlocal i
            i *= 2
            return i

        return inner

    return outer


def maybe(flag):
    def read():
        return value

    def clear():
        nonlocal value
        del value
        return 0

    if flag:
        value = 3
    return read, clear


def pair(n):
    held = [n], {"first": n}

    def put(x):
        held[0].append(x)
        held[1]["last"] = x
        return held

    return put


def greeter(greeting):
    def greet(name):
        return greeting + ", " + name

    return greet


def both(f):
    """The function, and what compiled code makes of it."""
    return f, njit(f)


def test_the_python_cell_holds_the_value():
    inc, get, _ = njit(counter)(5)
    inc()
    inc(3)
    cells = dict(zip(inc.py_func.__code__.co_freevars, inc.py_func.__closure__, strict=True))
    assert cells["n"].cell_contents == 9
    assert cells["n"] is get.py_func.__closure__[0]
    cells["n"].cell_contents = 100  # as Python's own functions do
    assert (inc(), get()) == (101, 101)


def test_each_product_has_its_own_state():
    make = njit(counter)
    first, second = make(0)[0], make(10)[0]
    assert [first(), first(), second(), first(2), second()] == [1, 2, 11, 4, 12]


def test_products_share_their_code():
    make = njit(counter)
    first, second = make(0)[0], make(10)[0]
    first(), second()
    assert first._family is second._family


def test_a_container_is_the_same_object_each_time():
    push, pop, seen = njit(stack)()
    push(3)
    assert seen() is seen()
    seen().append(8)
    assert (pop(), push(4), seen()) == (8, 3, [0, 3, 4])


def test_an_array_is_the_same_object_each_time():
    add, get = njit(histogram)(4)
    add(1)
    assert get() is get()
    get()[3] = 7
    assert (add(1), get().tolist()) == (9, [0, 2, 0, 7])


def test_the_state_is_kept_through_an_exception():
    withdraw, look = njit(account)("Zoë", 10)
    assert withdraw(4) == 6
    with pytest.raises(ValueError, match="Zoë has 6, not 7"):
        withdraw(7)
    assert look() == Account("Zoë", 6)
    assert withdraw(6) == 0


@pytest.mark.parametrize("flag", [True, False])
def test_a_variable_without_a_value(flag):
    told = []
    for make in both(maybe):
        read, clear = make(flag)
        told.append([outcome_of(read), outcome_of(clear), outcome_of(read)])
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("make", "args", "calls"),
    [
        (averager, (), [(1.0,), (2.5,), (-7.0,)]),
        (memo, (), [(50,), (10,), (80,)]),
        (once, (), [(3,), (3,), (4,), (-1,)]),
        (best, (0,), [(3,), (1,), (8,), (8,)]),
        (pair, (2,), [(3,), (4,), (3,)]),
        (greeter, ("héllo",), [("x",), ("\U0001f600",)]),
    ],
)
def test_calls_in_turn(make, args, calls):
    plain, compiled = (f(*args) for f in both(make))
    for call in calls:
        assert outcome_of(compiled, *call) == outcome_of(plain, *call)


def test_an_inner_function_of_an_inner_function():
    told = []
    for make in both(chain):
        outer = make(3)
        first, second = outer(), outer()
        told.append([first(), second(), first(), outer()()])
    assert told[0] == told[1]


def test_texts_share_their_code():
    make = njit(greeter)
    first, second = make("a"), make("b")
    assert (first("x"), second("x")) == ("a, x", "b, x")
    assert first._family is second._family


COUNTERS = both(counter)
STACKS = both(stack)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(-5, 5),
    st.lists(st.tuples(st.integers(0, 2), st.integers(-9, 9)), max_size=12),
)
def test_any_order_of_calls_on_a_shared_number(start, calls):
    told = []
    for make in COUNTERS:
        inc, get, reset = make(start)
        kinds = [lambda x, inc=inc: inc(x), lambda _, get=get: get(), lambda _, r=reset: r()]
        told.append([kinds[kind](x) for kind, x in calls])
    assert told[0] == told[1]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-9, 9)), max_size=12))
def test_any_order_of_calls_on_a_shared_list(calls):
    told = []
    for make in STACKS:
        push, pop, seen = make()
        kinds = [
            lambda x, push=push: push(x),
            lambda _, pop=pop: pop(),
            lambda _, seen=seen: list(seen()),
        ]
        told.append([describe(outcome_of(kinds[kind], x)) for kind, x in calls])
    assert told[0] == told[1]
