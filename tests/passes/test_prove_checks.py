"""Checks that cannot fail are removed; those that can stay, and fail as in CPython."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.base import Options
from pellucid.compilation import compile_function
from pellucid.types.typeof import typeof


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
    return sink.events


def kinds(f, *args, **options):
    return [e.kind for e in events_of(f, *args, **options) if "check-" in e.kind]


def above_one(x, y):
    return y / (1.0 + 0.25 * abs(x))


def sum_of_squares(x, y):
    square = x * x + y * y + 1e-9
    return 1.0 / (square * math.sqrt(square))


def exponential(x, y):
    return y / (1.0 + math.exp(-x))


def bounded_wave(x, y):
    return y / (2.0 + math.sin(x) * math.cos(y))


def positive_side(x, y):
    if x > 0.0:
        return y / x
    return 0.0


def not_zero(x, y):
    if x != 0.0 and y:
        return 1.0 / x + 1.0 / y
    return 0.0


def turned_away(x, y):
    if x == 0.0:
        return y
    return y / x


def guarded_by_max(x, y):
    return y / max(x, 1e-300)


def second_time(x, y):
    return y / x + 1.0 / x


def negative_side(x, y):
    if x < -1.0:
        return y / (x + 1.0)
    return 0.0


def power(x, y):
    return y / (x**2 + 0.5) + y / (x**4 + 1.0)


PROVEN = (
    above_one, sum_of_squares, exponential, bounded_wave, positive_side, not_zero, turned_away,
    guarded_by_max, power, negative_side,
)  # fmt: skip


@pytest.mark.parametrize("f", PROVEN, ids=lambda f: f.__name__)
def test_divisor_is_never_zero(f):
    found = kinds(f, 1.0, 1.0)
    assert found
    assert set(found) == {"zero-check-removed"}


def test_a_divisor_is_tested_once():
    assert kinds(second_time, 1.0, 1.0) == ["zero-check-removed"]


def underflow(x, y):
    if x > 0.0:
        return 1.0 / (x * x)
    return 0.0


def cancels(x, y):
    return 1.0 / (1.0 + abs(x) - abs(y))


def may_be_minus_one(x, y):
    return 1.0 / (1.0 + math.sin(x))


def other_side(x, y):
    if x > 0.0:
        return 0.0
    return 1.0 / x


def or_else(x, y):
    if x > 0.0 or y > 0.0:
        return 1.0 / x
    return 0.0


def narrowed(x, y):
    if x > 0.0:
        return 1.0 / np.float32(x)
    return 0.0


def infinite(x, y):
    return 1.0 / (1.0 / (1.0 + x * x))


def changes(x, y):
    while x > 0.0:
        x = x - 1.0
        y = y + 1.0 / x
    return y


UNPROVEN = (
    underflow, cancels, may_be_minus_one, other_side, or_else, narrowed, infinite, changes,
)  # fmt: skip


@pytest.mark.parametrize("f", UNPROVEN, ids=lambda f: f.__name__)
def test_divisor_may_be_zero(f):
    removed = [e for e in events_of(f, 1.0, 1.0) if e.kind == "zero-check-removed"]
    assert len(removed) == (f is infinite)


_compiled = {}


def outcome(f, *args):
    with np.errstate(all="ignore"):
        try:
            return f(*args)
        except (ZeroDivisionError, OverflowError, ValueError) as raised:
            return type(raised), str(raised)


EDGES = (0.0, -0.0, 1.0, -1.0, 5e-324, 1e-200, 1e200, 1.7e308, math.inf, -math.inf, math.nan)
floats = st.sampled_from(EDGES) | st.floats()


@pytest.mark.parametrize("f", [*PROVEN, *UNPROVEN], ids=lambda f: f.__name__)
@settings(max_examples=60, deadline=None)
@given(x=floats, y=floats)
def test_results_are_python_s(f, x, y):
    if f is changes and not abs(x) < 50:
        return  # takes long
    expected = outcome(f, x, y)
    if isinstance(expected, tuple) and expected[0] is not ZeroDivisionError:
        return  # what `math` and `**` raise beyond their domain, compiled code answers
    if f is narrowed and abs(x) <= 2.0**-150:
        expected = (ZeroDivisionError, "float division by zero") if x > 0 else expected
    if f not in _compiled:
        _compiled[f] = njit(f)
    found = outcome(_compiled[f], x, y)
    if isinstance(expected, tuple):
        assert found == expected
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-7, equal_nan=True)


def test_items_that_were_tested():
    def f(a, b):
        total = 0.0
        for i in range(a.shape[0]):
            if b[i] != 0.0:
                total += a[i] / b[i]
        return total

    a = np.array([1.0, 2.0, 3.0])
    assert kinds(f, a, a) == ["bounds-check-removed"] * 3 + ["zero-check-removed"]
    assert njit(f)(a, np.array([0.0, 4.0, -0.0])) == 0.5


def test_items_that_were_assigned_after_the_test():
    def f(a, b):
        for i in range(a.shape[0]):
            if b[i] != 0.0:
                a[i] = 0.0
                b[i] = 1.0 / b[i]

    a = np.array([1.0, 2.0, 3.0])
    assert "zero-check-removed" not in kinds(f, a, a)
    with pytest.raises(ZeroDivisionError):
        njit(f)(a, a)


def test_items_that_an_inner_loop_assigns():
    def f(a, b):
        if a[0] != 0.0:
            for i in range(b.shape[0]):
                b[i] = 1.0 / a[0]

    a = np.array([1.0, 2.0, 3.0])
    assert "zero-check-removed" not in kinds(f, a, a)


def test_integers():
    def f(n, m):
        total = 0
        for i in range(1, 10):
            total += n // i + n % (abs(m % 7) + 1)
        return total + n // (m * m + 1)

    found = [e for e in events_of(f, 1, 1) if e.kind.startswith("zero-check")]
    assert [e.kind for e in found] == ["zero-check-removed"] * 2
    assert njit(f)(100, 5) == f(100, 5)


def test_integer_sums_may_wrap():
    def f(n):
        if n > 0:
            return 1 // (n + 9223372036854775807 + 1 - n)
        return 0

    assert "zero-check-removed" not in kinds(f, 1)


def test_fast_math_may_lose_a_difference():
    def f(x, y):
        if x > 2.0:
            return y / (x - 1.0) + y / (1.0 + x)
        return 0.0

    assert kinds(f, 1.0, 1.0) == ["zero-check-removed"] * 2
    assert kinds(f, 1.0, 1.0, fastmath=frozenset({"fast"})) == ["zero-check-removed"]


def test_message_and_reason():
    def f(a, b):
        for i in range(a.shape[0]):
            a[i] = 1.0 / (1.0 + abs(b[i])) + 1.0 / b[i] + 1.0 / math.sqrt(b[i])

    a = np.ones(3)
    found = [e for e in events_of(f, a, a) if e.kind.startswith("zero")]
    assert [(e.kind, e.acted, e.message, e.reason) for e in found] == [
        ("zero-check-removed", True, "the divisor is not zero: it is 1 or more", ""),
        ("zero-check-kept", False, "each turn tests the divisor", "the divisor may be zero"),
        (
            "zero-check-kept",
            False,
            "each turn tests the divisor",
            "the divisor may be zero: as far as is known, it is 0 or more",
        ),
    ]
