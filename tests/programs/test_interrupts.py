"""Ctrl-C stops what runs long, whichever way it does: loops in loops, calls in loops, recursion."""

import signal
import time

import numpy as np
import pytest

from pellucid import njit

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")


@njit
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@njit
def is_even(n):
    return True if n == 0 else is_odd(n - 1) and is_odd(n - 1)


@njit
def is_odd(n):
    return False if n == 0 else is_even(n - 1) or not is_even(n - 1)


@njit
def triple_loop(x, n):
    total = 0.0
    for _ in range(n):
        for k in range(n):
            for value in x:
                total += value * k
    return total


@njit
def total_of(x):
    total = 0.0
    for value in x:
        total += value
    return total + np.sum(x * x)


@njit
def calls_in_a_loop(x, n):
    total = 0.0
    for i in range(n):
        total += total_of(x) * i
    return total


@njit
def unending(n):
    while n != 1:
        n = n + 2
    return n


@pytest.mark.parametrize(
    ("function", "short", "long"),
    [
        pytest.param(fibonacci, (3,), (70,), id="recursion"),
        pytest.param(is_even, (3,), (100,), id="mutual recursion"),
        pytest.param(triple_loop, (np.ones(3), 3), (np.ones(3), 10**7), id="short inner loops"),
        pytest.param(triple_loop, (np.ones(3), 3), (np.ones(16000), 10**7), id="long inner loops"),
        pytest.param(calls_in_a_loop, (np.ones(3), 3), (np.ones(9000), 10**9), id="calls"),
        pytest.param(unending, (1,), (2,), id="uncounted loop"),
    ],
)
def test_a_signal_stops_it_within_a_tenth_of_a_second(function, short, long):
    function(*short)
    old = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        started = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        with pytest.raises(KeyboardInterrupt):
            function(*long)
    finally:
        signal.signal(signal.SIGALRM, old)
    assert time.process_time() - started < 0.12
