"""Functions inside functions hold arrays and are released; errors in them show where they are.

What they compute from numbers is in the corpus.
"""

import traceback

import numpy as np
import pytest
from engines import inferred, interpreted

from pellucid import njit
from pellucid.base.events import NullSink
from pellucid.base.options import Options
from pellucid.compilation import FrontEnd, overload_table
from pellucid.inference.program import Program
from pellucid.ir.interp import run_counting
from pellucid.passes.pass_base import PassContext
from pellucid.passes.pipeline import run_pipeline
from pellucid.types.typeof import typeof

VALUES = np.array([1.0, 2.5, -3.0])


def picked(xs, last):
    ys = xs + 1.0

    def pick(i):
        if i > last:
            raise IndexError("too far", i)
        return ys[i] * 2.0

    total = 0.0
    for i in range(len(xs)):
        zs = ys * 2.0
        total += pick(i) + (lambda j: zs[j])(i)
    return total


def built(xs, count):
    def build(k, made):
        if k == 0:
            return made
        return build(k - 1, made + xs)

    return build(count, xs * 0.0)


def scaled(xs, factor):
    def by(k):
        ys = xs * k
        return lambda i: ys[i] + xs[i]

    f, g = by(factor), by(2.0)
    held = (f, g, f)
    return f(0) + g(1) + held[2](2)


def filled(xs, factor):
    out = np.empty(len(xs))

    def fill(f):
        for i in range(len(xs)):
            out[i] = f(xs[i], i)

    fill(lambda v, i: v * i)
    fill(lambda v, i: out[i] + v * factor)
    return out


def dropped(xs, count):
    f = lambda i: xs[i]  # noqa: E731
    for _ in range(count):
        g = f
        f = g
    return f(0)


CASES = [(picked, 5), (picked, 1), (built, 3), (scaled, 3.0), (filled, 2.0), (dropped, 3)]
ENGINES = {
    "untyped": interpreted,
    "inferred": inferred,
    "passes": lambda f: inferred(f, optimise=True),
    "native": njit(cache=False),
}


def outcome(run, *args):
    try:
        return np.asarray(run(*args)).tolist(), ""
    except IndexError as error:
        return None, repr(error)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("pyfunc", "arg"), CASES)
def test_arrays_are_captured(pyfunc, arg, engine):
    expected = outcome(pyfunc, VALUES, arg)
    assert outcome(ENGINES[engine](pyfunc), VALUES, arg) == expected


@pytest.mark.parametrize(("pyfunc", "arg"), CASES)
def test_captured_arrays_are_released(pyfunc, arg):
    program = Program(Options(), overload_table(), FrontEnd(), NullSink(), None)
    target = program.specialise(pyfunc, (typeof(VALUES), typeof(arg)))
    run_pipeline(target, PassContext(Options(), NullSink(), program.specialise_callable))
    try:
        _, leaked = run_counting(target.fn, (VALUES, arg))
    except IndexError as error:
        leaked = error.leaked
    assert leaked == []


def test_traceback_has_the_inner_frames():
    def walk(n):
        def step(x):
            if x > 1:
                raise ValueError("far", x)
            return step(x + 1) if x < 5 else 0

        return step(n)

    def frames(run):
        with pytest.raises(ValueError, match="far") as caught:
            run(0)
        found = traceback.extract_tb(caught.value.__traceback__)
        return [(f.name, f.lineno) for f in found if f.filename == __file__][1:]

    assert frames(njit(cache=False)(walk)) == frames(walk)


def test_closures_vanish_from_loops():
    """The lambda is inlined, and what it captures is read where it was before."""

    def area(k, low, high):
        return integrate(lambda x: k * x * x, low, high)

    run = inferred(area, optimise=True)
    assert run(2.0, 0.0, 1.0) == area(2.0, 0.0, 1.0)
    fn = run.target_for(*[typeof(1.0)] * 3).fn
    names = {op.target.name for op in fn.ops() if getattr(op, "target", None) is not None}
    assert not {name for name in names if name.startswith(("closure", "captured", "integrate"))}


def integrate(f, low, high):
    total = 0.0
    for i in range(10):
        total += f(low + (high - low) * (i + 0.5) / 10)
    return total
