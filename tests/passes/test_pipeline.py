"""Whole functions through the pipeline: same outcome as CPython, every reference accounted for."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.base import Options
from pellucid.compilation import FrontEnd, overload_table
from pellucid.inference.program import Program
from pellucid.ir.environment import environment_of
from pellucid.ir.interp import run_counting
from pellucid.ir.ops import Call
from pellucid.ir.parser import parse_function
from pellucid.ir.printer import print_function
from pellucid.passes.pass_base import PassContext
from pellucid.passes.pipeline import run_pipeline
from pellucid.types.typeof import typeof


class Events:
    def __init__(self):
        self.found = []

    def emit(self, event):
        self.found.append(event)

    def phase(self, name, seconds):
        pass


@pytest.fixture(autouse=True)
def verify_between_passes(monkeypatch):
    monkeypatch.setenv("PELLUCID_VERIFY", "1")


def compiled(f, *args):
    """The function after all passes, and what they reported."""
    program = Program(Options(), overload_table(), FrontEnd())
    target = program.specialise(f, tuple(map(typeof, args)))
    events = Events()
    targets = run_pipeline(target, PassContext(Options(), events, program.specialise_callable))
    for each in targets:
        text = print_function(each.fn, spans=True)
        again = parse_function(text, environment_of([each.fn]))
        assert print_function(again, spans=True) == text
    return target.fn, events.found


_kept = {}


def agrees(f, *args):
    """Whether CPython and the function after all passes give the same, and change the same."""
    key = (f, tuple(map(typeof, args)))
    if key not in _kept:
        _kept[key] = compiled(f, *args)
    fn, events = _kept[key]
    mine, theirs = copy.deepcopy(args), copy.deepcopy(args)
    expected = error = None
    try:
        expected = f(*theirs)
    except Exception as problem:
        error = problem
    if error is None:
        result, leaked = run_counting(fn, mine)
        np.testing.assert_equal(result, expected)
        assert leaked == []
    else:
        with pytest.raises(type(error)) as caught:
            run_counting(fn, mine)
        assert caught.value.args == error.args
        assert caught.value.leaked == []
    np.testing.assert_equal(mine, theirs)
    return events


def kinds(events):
    return [(event.kind, event.acted) for event in events if event.kind.startswith("bounds")]


def stencil(a, n):
    total = 0
    for i in range(1, n):
        a[i] = a[i - 1] + 2 * a[i + 1]
        total += a[i]
    return total


def strided(a, start, stop, step):
    total = 0
    for i in range(start, stop, step):
        total += a[i]
    return total


def countdown(a, n):
    total = 0
    i = n
    while i >= 0:
        total = total * 2 + a[i]
        i -= 1
    return total


def nest(a, n, m):
    total = 0
    for i in range(n):
        for j in range(i, m):
            if j == 7:
                break
            total += a[i, j] * (j + 1)
    return total, i


def guarded(a, n):
    total = 0
    for i in range(n):
        if i > 0:
            total += a[i - 1]
        if i + 1 < len(a):
            total += a[i + 1]
    return total


def scaled(a, n, k):
    total = 0
    for i in range(n):
        total += a[k - 3 * i] + a[2 * i]
    return total


def counted(a, b, start):
    total = 0
    for i, x in enumerate(a, start):
        total = total * 3 + x * b[i]
        b[i] = total
    return total


def side_by_side(a, b, n):
    total = 0
    for i, (j, (k, x)) in enumerate(zip(range(n), enumerate(b))):  # noqa: B905 (zip's rule)
        total = total * 3 + x * a[i] + a[j] - a[k]
    return total


def backwards(a, n):
    total = 0
    for i in reversed(range(n)):
        total = total * 3 + a[i]
    return total


def around(a, n):
    total = 0
    for i in range(n):
        if i != 2:
            total += a[(i + 5) % n] * a[(i - 1) % 4]
    return total


def never_enters(n):
    k = 0
    while k > 0:
        while k > 0 and n < n:
            n //= n % 4
        k -= 1
    n //= 0 % 4
    return n // n


bounds = st.integers(-3, 9)
arrays = st.integers(0, 8).map(lambda n: np.arange(n) * 3 + 1)
few = settings(max_examples=30, deadline=None)


@few
@given(arrays, bounds)
def test_stencil(a, n):
    events = agrees(stencil, a, n)
    assert kinds(events) == [("bounds-check-removed", True)] * 4


@few
@given(arrays, bounds, bounds, st.integers(-3, 3))
def test_any_range(a, start, stop, step):
    events = agrees(strided, a, start, stop, step)
    assert kinds(events) == [("bounds-check-removed", True)]


@few
@given(arrays, bounds)
def test_counting_down(a, n):
    assert kinds(agrees(countdown, a, n)) == [("bounds-check-removed", True)]


@few
@given(st.integers(0, 4), st.integers(0, 8), st.integers(1, 5), bounds)
def test_nest_that_leaves_early(rows, columns, n, m):
    a = np.arange(rows * columns).reshape(rows, columns)
    events = agrees(nest, a, n, m)
    assert all(kind == "bounds-check-removed" or not acted for kind, acted in kinds(events))


@few
@given(arrays, bounds)
def test_accesses_under_conditions_do_not_spoil_the_test(a, n):
    events = [e for e in agrees(guarded, a, n) if not e.acted and e.kind == "bounds-check-kept"]
    assert [e.reason for e in events] == ["only some turns of the loop get here"] * 2


@few
@given(arrays, bounds, bounds)
def test_multiples(a, n, k):
    agrees(scaled, a, n, k)


@few
@given(arrays, arrays, st.integers(-2, 3))
def test_counts_of_enumerate(a, b, start):
    events = agrees(counted, a, b, start)
    assert kinds(events) == [("bounds-check-removed", True)] * 2


@few
@given(arrays, arrays, bounds)
def test_counts_of_enumerate_in_zip(a, b, n):
    events = agrees(side_by_side, a, b, n)
    assert kinds(events) == [("bounds-check-removed", True)] * 3


@few
@given(arrays, bounds)
def test_reversed_ranges(a, n):
    assert kinds(agrees(backwards, a, n)) == [("bounds-check-removed", True)]


@few
@given(arrays, bounds)
def test_remainders(a, n):
    assert kinds(agrees(around, a, n)) == [("bounds-check-removed", True)] * 2


def test_loops_that_are_never_entered():
    agrees(never_enters, 3)


def test_huge_bounds_do_not_overflow_the_test():
    a = np.arange(5)
    for start, stop in [(-9, 2**62), (2**62, 2**63 - 1), (0, 2**63 - 1)]:
        with pytest.raises(IndexError):
            run_counting(compiled(strided, a, 0, 0, 1)[0], (a, start, stop, 1))


def swap(a, b, n):
    for i in range(n):
        a, b = b, a + 1.0
        if i == 2:
            raise ValueError(i)
    return a, b


@few
@given(st.integers(0, 4))
def test_arrays_that_change_places(n):
    agrees(swap, np.zeros(2), np.ones(2), n)


def views(a, n):
    rows = (a[0], a[1])
    best = a
    for i in range(n):
        row = a[i]
        if row[0] > best[0, 0]:
            best = a[i:]
    return rows[1], best


@few
@given(st.integers(0, 3))
def test_views_keep_their_owner(n):
    agrees(views, np.arange(4.0).reshape(2, 2), n)


def test_inlined_ops_know_where_they_come_from():
    fn, _ = compiled(stencil, np.arange(4), 3)
    sites = [op.inlined_at for op in fn.ops() if isinstance(op, Call) and op.inlined_at]
    assert sites
    for site in sites:
        while site.outer is not None:
            site = site.outer
        assert site.call.file == stencil.__code__.co_filename
