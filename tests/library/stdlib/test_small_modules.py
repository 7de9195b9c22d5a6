"""`time`, `copy`, `operator` and `string` in compiled code."""

import copy
import functools
import operator
import signal
import string
import sys
import threading
import time

import numpy as np
import pytest
from differential import outcome_of

from pellucid import njit

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs clock_gettime")


@njit
def clocks():
    return (
        (time.perf_counter(), time.monotonic(), time.time(), time.process_time()),
        (time.perf_counter_ns(), time.monotonic_ns(), time.time_ns(), time.process_time_ns()),
    )


@posix
def test_clocks():
    clocks()
    before, found, after = clocks.py_func(), clocks(), clocks.py_func()
    for low, got, high in zip(before, found, after, strict=True):
        assert all(a <= b <= c for a, b, c in zip(low, got, high, strict=True))


@njit
def nap(seconds):
    start = time.perf_counter()
    time.sleep(seconds)
    return time.perf_counter() - start


@posix
def test_sleep():
    assert nap(0.02) >= 0.02
    assert outcome_of(nap, -1.0) == outcome_of(nap.py_func, -1.0)


@posix
def test_others_run_while_it_sleeps():
    nap(0.0)
    turns = []

    def count():
        while not done.is_set():
            turns.append(time.perf_counter())
            time.sleep(0.005)

    done = threading.Event()
    thread = threading.Thread(target=count)
    thread.start()
    nap(0.2)
    done.set()
    thread.join()
    assert len(turns) > 5


@posix
def test_a_signal_ends_sleep():
    def stop(*_):
        raise KeyboardInterrupt

    nap(0.0)
    old = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        start = time.perf_counter()
        with pytest.raises(KeyboardInterrupt):
            nap(20.0)
        assert time.perf_counter() - start < 5
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def copies(rows, table, array):
    shallow, deep = copy.copy(rows), copy.deepcopy(rows)
    tables, other = copy.deepcopy(table), copy.copy(array)
    pair = copy.deepcopy((rows, 1.5, "a"))
    rows[0].append(9)
    table["a"].append(9)
    array[0] = 7
    return shallow, deep, tables, other[0], pair, copy.copy(3), copy.deepcopy({1, 2})


def test_copies():
    def given():
        return [[1, 2], [3]], {"a": [1]}, np.zeros(2)

    assert njit(copies)(*given()) == copies(*given())


def operators(xs, ys, x):
    joined = operator.concat(xs, ys)
    more = operator.iconcat([1], ys)
    return (
        (joined, more, operator.countOf(joined, x), operator.indexOf(joined, x)),
        (operator.length_hint(xs), operator.call(max, 3, x), operator.countOf((1, 1, 2), 1)),
        (operator.truth(xs), operator.index(x), operator.abs(-x), operator.concat((1,), (2.5,))),
    )


def test_operators():
    compiled = njit(operators)
    assert compiled([1, 2], [2, 5], 2) == operators([1, 2], [2, 5], 2)
    expected = outcome_of(operators, [1], [2], 7)
    assert outcome_of(compiled, [1], [2], 7) == expected


def capitals(s, sep):
    return string.capwords(s), string.capwords(s, sep), string.digits + string.ascii_uppercase


def test_string():
    compiled = njit(capitals)
    for s in ("", "  one tWO\tthree ", "a-b-éA"):
        assert compiled(s, "-") == capitals(s, "-")


@njit
def limits():
    return sys.maxsize, sys.float_info.max, sys.float_info.epsilon, sys.byteorder


def test_constants_of_sys():
    assert limits() == limits.py_func()


def by_length(a, b):
    return len(a) - len(b)


@njit
def compared(numbers, words):
    words.sort(key=functools.cmp_to_key(by_length), reverse=True)
    least = min(numbers, key=functools.cmp_to_key(lambda a, b: b - a), default=0)
    return sorted(numbers, key=functools.cmp_to_key(lambda a, b: b - a)), words, least


@pytest.mark.parametrize("numbers", [[3, 1, 2, 1], [], [5]])
def test_sorting_by_a_comparison(numbers):
    words = ["a", "ccc", "bb", "x", "", "yyy"]
    expected = compared.py_func(list(numbers), list(words))
    assert compared(list(numbers), list(words)) == expected


@functools.singledispatch
def kind(x):
    return "another"


@kind.register
def _(x: int):
    return f"int {x}"


@kind.register(str)
def _(x):
    return "str " + x


@njit
def kinds(x):
    return kind(x), x.__class__.__name__


@pytest.mark.parametrize("x", [3, "a", 2.5, [1]])
def test_functions_that_go_by_the_class_of_an_argument(x):
    assert kinds(x) == kinds.py_func(x)
