"""Loops over tuples of several types, and what is asked of types, against CPython."""

import numpy as np
import pytest

from pellucid import literal_unroll, njit
from pellucid.frontend import build_function
from pellucid.ir.interp import Interpreter
from pellucid.ir.ops import Call
from pellucid.ir.protocol import ITER_START
from pellucid.ir.unroll import unroll


def total(x):
    found = 0.0
    for y in (1, 2.5, x):
        found += y
    return found


def by_kind(x):
    count = 0
    for y in (1, 2.5, "abc", x):
        if isinstance(y, str):
            count += len(y)
            continue
        count += 10
    return count


def left_early(x):
    found = 0
    for y in (1, 2.5, "abc"):
        if isinstance(y, str):
            continue
        if y * x > 4:
            break
        found += 1
    else:
        found = 100
    return found


def nested(x):
    found = 0
    for a in (1, 2.5, x):
        for b in (1, 0.5):
            found += a * b
            if found > 20:
                break
    return found


def tuples_inside(x):
    found = 0.0
    for y in (x, 1.5, (2, 3)):
        if isinstance(y, tuple):
            for z in y:
                found += z
        else:
            found += y
    return found


def returns(x):
    for y in (1, 2.5, x):
        if y > 2:
            return y * 1.0
    return -1.0


def asked_for(x):
    found = 0.0
    for item in literal_unroll((x, 0.5, True)):
        found += item
    return found


def argument(x):
    found = 0.0
    pair = (x, x * 0.5, True)
    for item in pair:
        found += item
    return found


FUNCTIONS = [total, by_kind, left_early, nested, tuples_inside, returns, argument]
ASKED = [*FUNCTIONS, asked_for]


@pytest.mark.parametrize("function", ASKED)
def test_loops_over_tuples_of_several_types(function):
    compiled = njit(function)
    for x in (1, 2, 3.5, -7):
        assert compiled(x) == function(x), x


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_unrolled_loop_computes_the_same(function):
    fn = build_function(function)
    start = next(op for op in fn.ops() if isinstance(op, Call) and op.callee is ITER_START)
    source = fn.blocks[0].ops
    made = next((op for op in source if getattr(op, "out", None) is start.args[0]), None)
    unrolled = unroll(fn, start, len(made.args))
    for x in (1, 2, 3.5):
        assert Interpreter(steps=10_000).run(unrolled, [x]) == function(x)


def test_a_tuple_that_is_passed():
    def f(items):
        found = 0.0
        for item in items:
            found += item
        return found

    compiled = njit(f)
    for items in ((1, 2.5), (1, 2.5, True), (np.float32(1.5), 3)):
        assert compiled(items) == f(items)


def classes(x):
    return (
        type(x) is int, type(x) is float, type(x) == int, type(x) != bool,  # noqa: E721 (asked)
        type(x) == float,  # noqa: E721 (asked)
        type(x)(2), issubclass(type(x), (float, bool)),
        issubclass(bool, int), issubclass(int, (float, str)), isinstance(x, (int, float)),
    )  # fmt: skip


def attributes(x):
    return (
        getattr(x, "imag", 7), getattr(x, "nothing", 2.5), hasattr(x, "real"),
        hasattr(x, "nothing"), getattr(np, "pi", 0), getattr(np, "no_such_name", 4),
    )  # fmt: skip


@pytest.mark.parametrize("function", [classes, attributes])
def test_questions_about_types(function):
    compiled = njit(function)
    for x in (3, 2.5, True):
        assert compiled(x) == function(x)
