"""Loops whose checks are made ahead: results, exceptions, lines and stores are CPython's."""

import math
import traceback

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.base import Options
from pellucid.compilation import compile_function
from pellucid.passes.interrupts import CHUNK
from pellucid.types.typeof import typeof

SIZE = 2 * CHUNK + 1000


def divide(a, b, out):
    for i in range(a.shape[0]):
        out[i] = a[i] / b[i]


def divide_where(a, b, out):
    for i in range(a.shape[0]):
        if a[i] > 0.5:
            out[i] = a[i] / b[i]
        else:
            out[i] = -1.0


def divide_either(a, b, out):
    for i in range(a.shape[0]):
        x = a[i] if a[i] < 0.5 else b[i]
        out[i] = 1.0 / x


def divide_by_max(a, b, out):
    for i in range(a.shape[0]):
        out[i] = math.exp(-a[i]) / max(a[i], b[i])


def divide_twice(a, b, out):
    for i in range(a.shape[0]):
        out[i] = 1.0
        root = math.sqrt(a[i] * a[i])
        first = 2.0 / root
        out[i] = first
        out[i] = first / b[i]


def divide_in_place(a, b, out):
    for i in range(a.shape[0]):
        b[i] = a[i] / b[i]
        out[i] = b[i]


def divide_by_what_was_stored(a, b, out):
    for i in range(a.shape[0] - 1):
        b[i + 1] = a[i] - 0.5
        out[i] = 1.0 / b[i]


def store_first(a, b, out):
    for i in range(a.shape[0]):
        b[i] = a[i]
        out[i] = 1.0 / b[i]


def refuse_negative(a, b, out):
    for i in range(a.shape[0]):
        if a[i] < 0.0:
            raise ValueError("negative", i)
        out[i] = math.sqrt(a[i]) * b[i]


def every_third(a, b, out):
    for i in range(2, a.shape[0], 3):
        out[i] = a[i] / b[i] - abs(a[i])


def backwards(a, b, out):
    for i in range(a.shape[0] - 1, -1, -1):
        out[i] = a[i] / b[i]


def while_below(a, b, out):
    i = 0
    n = a.shape[0]
    while i < n:
        out[i] = b[i] / a[i]
        i += 1


def count_as_well(a, b, out):
    count = 0
    for i in range(a.shape[0]):
        out[i] = a[i] / b[i]
        if out[i] > 1.0:
            count += 1
    return count


def leave_last(a, b, out):
    last = 0.0
    for i in range(a.shape[0]):
        last = a[i] / b[i]
        out[i] = last
    return last, i


def floor_and_rest(a, b, out):
    for i in range(a.shape[0]):
        out[i] = a[i] // b[i] + a[i] % b[i]


def zipped(a, b, out):
    for i, (x, y) in enumerate(zip(a, b)):  # noqa: B905 (not compiled yet)
        out[i] = x / y


def numbered(a, b, out):
    for i, x in enumerate(b):
        out[i] = a[i] / x


def twice(a, b, out):
    for i in range(a.shape[0]):
        out[i] = a[i] / b[i]
    for i in range(a.shape[0]):
        b[i] = b[i] / a[i]


def nested(a, b, out):
    k = 0
    for row in range(3):
        for i in range(a.shape[0] // 3):
            out[i] = out[i] + a[row] / b[i]
        k += 1
    return k


HOISTED = (
    divide, divide_where, divide_either, divide_by_max, divide_twice, divide_in_place,
    refuse_negative, backwards, while_below, count_as_well, leave_last, zipped, numbered, twice,
    nested, floor_and_rest,
)  # fmt: skip
KEPT = (divide_by_what_was_stored, store_first, every_third)
_compiled = {}


def compiled(f):
    if f not in _compiled:
        _compiled[f] = njit(f)
    return _compiled[f]


def outcome(f, args):
    """What a call gives: the result or the exception with its line, and the arguments after it."""
    try:
        result = f(*args)
    except Exception as raised:  # any is an outcome
        last = traceback.extract_tb(raised.__traceback__)[-1]
        result = (type(raised), raised.args, last.lineno, last.name)
    return result, [np.copy(arg) for arg in args]


def assert_agrees(f, make):
    with np.errstate(all="ignore"):
        expected, after = outcome(python_scalars(f), make())
    found, changed = outcome(compiled(f), make())
    np.testing.assert_equal(found, expected)
    for one, other in zip(changed, after, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-15, equal_nan=True)


class Floats:
    """An array that gives Python's floats, which raise where NumPy's warn."""

    def __init__(self, array):
        self.array = array
        self.shape = array.shape

    def __getitem__(self, index):
        return self.array[index].item()

    def __setitem__(self, index, value):
        self.array[index] = value

    def __iter__(self):
        return iter(self.array.tolist())


def python_scalars(f):
    return lambda *args: f(*map(Floats, args))


SPECIAL = (0.0, -0.0, math.nan, math.inf, -math.inf, -1.0, 5e-324, 1.7e308)
edits = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([0, 1, 7, CHUNK - 1, CHUNK, CHUNK + 3, 2 * CHUNK, SIZE - 1])
        | st.integers(0, SIZE - 1),
        st.sampled_from(SPECIAL),
    ),
    max_size=4,
)


def arrays(changes, size=SIZE):
    random = np.random.default_rng(7)
    a, b, out = random.random(size) + 0.01, random.random(size) + 0.01, np.zeros(size)
    for which, at, value in changes:
        (a, b)[which][at % size if size else 0] = value
    return [a, b, out]


@pytest.mark.parametrize("f", [*HOISTED, *KEPT], ids=lambda f: f.__name__)
@settings(max_examples=6, deadline=None)
@given(changes=edits)
@example(changes=[])
@example(changes=[(1, 0, 0.0)])
@example(changes=[(1, SIZE - 1, 0.0)])
@example(changes=[(0, CHUNK, -0.0), (1, CHUNK + 9, 0.0)])
def test_special_values_anywhere(f, changes):
    assert_agrees(f, lambda: arrays(changes))


@pytest.mark.parametrize("f", [*HOISTED, *KEPT], ids=lambda f: f.__name__)
@settings(max_examples=10, deadline=None)
@given(size=st.integers(3, 40), changes=edits)
def test_short_loops(f, size, changes):
    assert_agrees(f, lambda: arrays(changes, size))


def shared(kind, changes, size):
    """Arguments that share memory."""
    a, b, out = arrays(changes, size)
    match kind:
        case "all one":
            return [a, a, a]
        case "in place":
            return [a, b, b]
        case "behind":
            return [a, b[:-1], b[1:]]
        case "ahead":
            return [a, b[1:], b[:-1]]
        case "reversed":
            return [a, b, b[::-1]]
        case "one item":
            return [a, b, np.lib.stride_tricks.as_strided(out, (size,), (0,))]
        case "every other":
            both = np.concatenate([b, b])
            return [a, both[::2], both[1::2]]
        case _:
            both = np.concatenate([b, b])
            return [a, both[:size], both[size // 2 : size // 2 + size]]


KINDS = ("all one", "in place", "behind", "ahead", "reversed", "one item", "every other", "half")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "f", [divide, divide_in_place, divide_twice, while_below, twice, backwards]
)
@settings(max_examples=4, deadline=None)
@given(size=st.sampled_from([50, CHUNK + 99]), changes=edits)
@example(size=CHUNK + 99, changes=[])
@example(size=60, changes=[(1, 44, 0.0)])
def test_arguments_that_share_memory(f, kind, size, changes):
    size -= size % 2

    def make():
        args = shared(kind, changes, size)
        count = min(map(len, args))
        return [arg[:count] for arg in args]

    assert_agrees(f, make)


def test_what_is_stored_becomes_zero():
    def make():
        a = np.ones(200)
        b = np.ones(200)
        return [a, b[:-1], b[1:]]

    def drop(a, b, out):
        for i in range(a.shape[0] - 1):
            out[i] = a[i] / b[i] - 1.0

    assert_agrees(drop, make)


def events_of(f, *args, **options):
    class Sink:
        def __init__(self):
            self.events = []

        def emit(self, event):
            self.events.append(event)

        def phase(self, name, seconds):
            pass

    sink = Sink()
    compile_function(f, tuple(map(typeof, args)), Options(**options), sink)
    return [event for event in sink.events if event.kind == "checks-hoisted"]


@pytest.mark.parametrize("f", HOISTED, ids=lambda f: f.__name__)
def test_checks_are_hoisted(f):
    found = events_of(f, *arrays([], 9))
    assert found
    assert [event.reason for event in found if not event.acted] == []


def search(a, b, out):
    for i in range(a.shape[0]):
        if a[i] == 2.0:
            break
        out[i] = 1.0 / b[i]


def carried(a, b, out):
    total = 0.0
    for i in range(a.shape[0]):
        total += a[i] / b[i]
    return total


def depends(a, b, out):
    k = 1
    for i in range(a.shape[0]):
        k = (k * 7) % 1000
        out[i] = a[i] / k


@pytest.mark.parametrize(
    ("f", "reason"),
    [
        (search, "the loop also ends in other ways than by an exception"),
        (carried, "each turn needs what the one before computed"),
        (depends, "what is checked depends on the turns before"),
        (store_first, "the loop assigns to the array that its checks read"),
        (divide_by_what_was_stored, "the loop assigns to the array that its checks read"),
        (every_third, "checking ahead would cost about as much as it saves"),
    ],
    ids=lambda f: getattr(f, "__name__", ""),
)
def test_what_is_refused(f, reason):
    found = events_of(f, *arrays([], 9))
    assert {event.reason for event in found} == {reason}


def test_reading_ahead_needs_known_bounds():
    found = events_of(divide, *arrays([], 9), boundscheck=False)
    reason = "an index that is not checked cannot be read ahead of time"
    assert {e.reason for e in found} == {reason}
