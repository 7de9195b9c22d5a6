"""`random` in compiled code draws what CPython's draws after the same seed."""

import os
import random
import sys
import threading

import numpy as np
import pytest
from differential import outcome_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pellucid import njit

few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SEEDS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3), st.integers(0, 2**32))


def numbers(seed, n):
    random.seed(seed)
    drawn = [random.random() for _ in range(n)]
    bits = [int(random.getrandbits(k)) for k in range(1, 63)]
    return drawn, bits, random.uniform(-2, 3.5)


def integers(seed, start, width, step):
    random.seed(seed)
    found = [random.randint(start, start + width) for _ in range(5)]
    found += [random.randrange(start, start + width) for _ in range(5)]
    found += [random.randrange(start, start + width * step, step) for _ in range(5)]
    found += [random.randrange(width) for _ in range(5)]
    return found


def from_sequences(seed, xs, k):
    random.seed(seed)
    picked = [random.choice(xs) for _ in range(4)]
    letters = [random.choice("abcdef") for _ in range(4)]
    random.shuffle(xs)
    several = random.choices(xs, k=k)
    weighted = random.choices("abc", (1, 2.5, 3), k=k)
    totals = random.choices((5, 6), cum_weights=[1, 4], k=k)
    return (
        (picked, letters, several, weighted, totals),
        random.sample(xs, min(k, len(xs))),
        random.sample(range(1000), k),
        random.sample([7, 8, 9], k, counts=[20, 3, 20]),
    )


def variates(seed, a, b):
    random.seed(seed)
    found = [random.gauss(a, b), random.gauss(), random.gauss(a, b)]
    found += [random.normalvariate(a, b), random.lognormvariate(0.5, 0.25)]
    found += [random.expovariate(a), random.triangular(a, a + b), random.triangular(0, 1, 0.25)]
    found += [random.triangular(), random.triangular(a, a, a)]
    found += [random.vonmisesvariate(a, b), random.vonmisesvariate(a, 0)]
    found += [random.gammavariate(a, b), random.gammavariate(1, b), random.betavariate(a, b)]
    found += [random.paretovariate(a), random.weibullvariate(a, b)]
    return found


def binomials(seed, n, p):
    random.seed(seed)
    return [random.binomialvariate(n, p) for _ in range(4)]


compiled_numbers, compiled_integers = njit(numbers), njit(integers)
compiled_sequences, compiled_variates = njit(from_sequences), njit(variates)


@few
@given(SEEDS, st.integers(0, 1500))
def test_stream(seed, n):
    assert compiled_numbers(seed, n) == numbers(seed, n)


@few
@given(SEEDS, st.integers(-(2**61), 2**61), st.integers(1, 2**40), st.integers(1, 9))
def test_integers(seed, start, width, step):
    assert compiled_integers(seed, start, width, step) == integers(seed, start, width, step)


@few
@given(SEEDS, st.integers(1, 80), st.integers(0, 40))
def test_sequences(seed, n, k):
    ours, theirs = list(range(n)), list(range(n))
    assert compiled_sequences(seed, ours, k) == from_sequences(seed, theirs, k)
    assert ours == theirs


@few
@given(SEEDS, st.floats(0.05, 20), st.floats(0.05, 20))
def test_distributions(seed, a, b):
    assert compiled_variates(seed, a, b) == variates(seed, a, b)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="binomialvariate is new in Python 3.12")
def test_binomials():
    compiled = njit(binomials)

    @few
    @given(SEEDS, st.integers(0, 500), st.floats(0, 1))
    def agree(seed, n, p):
        assert compiled(seed, n, p) == binomials(seed, n, p)

    agree()


@njit
def from_float(x):
    random.seed(x)
    return random.random()


@few
@given(st.floats(allow_nan=False))
def test_seed_by_float(x):
    assert from_float(x) == from_float.py_func(x)


@njit
def shuffled(seed, items):
    random.seed(seed)
    random.shuffle(items)
    return random.choice(items)


def test_arrays_are_shuffled_as_lists():
    ours, theirs = np.arange(50), list(range(50))
    assert shuffled(7, ours) == shuffled.py_func(7, theirs)
    assert list(ours) == theirs


@njit
def refused(which, n):  # noqa: C901 (a table)
    if which == 0:
        random.randrange(n)
    elif which == 1:
        random.randrange(1, n)
    elif which == 2:
        random.randrange(1, 9, n)
    elif which == 3:
        random.choice([1][:n])
    elif which == 4:
        random.sample([1, 2], 3 + n)
    elif which == 5:
        random.choices([1, 2], [n, n])
    elif which == 6:
        random.choices([1, 2], [1, 2, 3 + n])
    elif which == 7:
        random.gammavariate(n, 1.0)
    elif which == 8:
        random.expovariate(n)
    elif which == 9:
        random.randint(1, n)
    elif which == 10:
        random.getrandbits(n - 1)
    elif which == 11:
        random.randrange(1, n, 2)


@pytest.mark.parametrize("which", range(12))
def test_mistakes_raise_as_in_python(which):
    assert outcome_of(refused.py_func, which, 0).error
    assert outcome_of(refused, which, 0) == outcome_of(refused.py_func, which, 0)


@njit
def draw(n):
    return [random.random() for _ in range(n)]


@njit
def begin(seed):
    random.seed(seed)


@njit
def begin_anew():
    random.seed()


def test_pythons_generator_is_apart():
    random.seed(5)
    expected = random.Random(5).random()
    begin(9)
    draw(3)
    assert random.random() == expected
    begin_anew()
    first = draw(4)
    begin_anew()
    assert draw(4) != first


def test_threads_have_states_of_their_own():
    begin(3)
    expected = draw(4)
    begin(3)
    found = {}

    def other():
        found["fresh"] = draw(2)
        begin(3)
        found["seeded"] = draw(4)

    thread = threading.Thread(target=other)
    draw(2)
    thread.start()
    thread.join()
    assert draw(2) == expected[2:]
    assert found["seeded"] == expected
    assert found["fresh"] != expected[:2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process")
def test_a_forked_child_draws_other_numbers():
    begin(3)
    draw(1)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, repr(draw(2)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(reader, 1000).decode()
    os.close(reader)
    os.close(writer)
    assert told != repr(draw(2))
