"""Exceptions in generated nests of `try`, loops and their exits, and what Python sees of them.

The functions write a trace into an array, so that the order of what they do counts; outcome, trace,
class, arguments and the chain of contexts are compared with CPython's.
"""

from contextlib import nullcontext, suppress

import numpy as np
import pytest
from engines import define, interpreted
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pellucid import njit

HEAD = """
class Base(Exception):
    pass

class Special(Base, KeyError):
    pass

def note(trace, number):
    trace[0] += 1
    trace[trace[0] % 64] = number

def fails(trace, a, number):
    note(trace, number)
    if a == number % 4:
        raise Special(number, a)
    if a == number % 7:
        raise Base("base", number)
    return 100 // (a - number % 5)
"""

ERRORS = ("ValueError('v', {n})", "IndexError", "Special({n})", "Base", "ZeroDivisionError({n})")
CLASSES = (
    "ValueError",
    "LookupError",
    "(ValueError, Base)",
    "Special",
    "ArithmeticError",
    "Exception",
)


@st.composite
def functions(draw):
    """The text of a function `f(trace, a)`, made of up to about twenty statements."""
    writer = Writer(draw)
    lines = writer.block(3, in_loop=False, handling=False)
    body = "\n".join(f"    {line}" for line in ["x = 0", *lines, "return x"])
    return f"{HEAD}\ndef f(trace, a):\n{body}\n"


class Writer:
    def __init__(self, draw):
        self.draw = draw
        self.count = 0

    def number(self):
        self.count += 1
        return self.count

    def block(self, depth, *, in_loop, handling):
        count = self.draw(st.integers(1, 3))
        lines = []
        for _ in range(count):
            lines += self.statement(depth, in_loop=in_loop, handling=handling)
        return lines

    def statement(self, depth, *, in_loop, handling):
        kinds = ["note", "fails", "fails", "divide", "index", "maybe"]
        if depth:
            kinds += ["try", "try", "try", "finally", "finally", "for", "while"]
        kind = self.draw(st.sampled_from(kinds))
        n = self.number()
        match kind:
            case "note":
                return [f"note(trace, {n})", f"x += {n}"]
            case "fails":
                return [f"x += fails(trace, a, {n})"]
            case "divide":
                return [f"x = x + 7 // (a - {n % 5})"]
            case "index":
                return [f"trace[(a - {n % 6}) * 70] += {n}"]
            case "maybe":
                exits = ["return x", f"raise {self.draw(st.sampled_from(ERRORS)).format(n=n)}"]
                exits += ["break", "continue"] * in_loop + ["raise", "raise"] * handling
                return [f"if a > {n % 6}:", f"    {self.draw(st.sampled_from(exits))}"]
            case "for":
                body = self.block(depth - 1, in_loop=True, handling=handling)
                return [f"for i{n} in range(a % 4):", *indent([f"x += i{n}", *body])]
            case "while":
                body = self.block(depth - 1, in_loop=True, handling=handling)
                return [f"w{n} = 0", f"while w{n} < 3:", *indent([f"w{n} += 1", *body])]
            case "try":
                return self.handlers(depth, in_loop=in_loop, handling=handling)
            case _:
                body = self.block(depth - 1, in_loop=in_loop, handling=handling)
                if self.draw(st.booleans()):
                    body = self.handlers(depth, in_loop=in_loop, handling=handling)
                final = self.block(depth - 1, in_loop=in_loop, handling=False)
                return ["try:", *indent(body), "finally:", *indent(final)]

    def handlers(self, depth, *, in_loop, handling):
        lines = ["try:", *indent(self.block(depth - 1, in_loop=in_loop, handling=handling))]
        for _ in range(self.draw(st.integers(1, 2))):
            name = self.draw(st.sampled_from(["", " as e"]))
            lines.append(f"except {self.draw(st.sampled_from(CLASSES))}{name}:")
            body = self.block(depth - 1, in_loop=in_loop, handling=True)
            if name and self.draw(st.booleans()):
                n = self.number()
                cause = self.draw(st.sampled_from(["", " from e", " from None"]))
                body = [f"if a == {n % 6}:", f"    raise RuntimeError({n}){cause}", *body]
            lines += indent(body)
        if self.draw(st.booleans()):
            lines += ["else:", *indent(self.block(depth - 1, in_loop=in_loop, handling=handling))]
        return lines


def indent(lines):
    return [f"    {line}" for line in lines]


def told(error, seen=0):
    """What Python shows of an exception, and of those it came from."""
    if error is None or seen > 8:
        return None
    return (
        type(error).__name__,
        error.args,
        error.__suppress_context__,
        told(error.__cause__, seen + 1),
        told(error.__context__, seen + 1),
    )


def outcome(function, a, chains=True):
    trace = np.zeros(64, np.int64)
    try:
        result = function(trace, a)
    except Exception as error:
        result = told(error) if chains else (type(error).__name__, error.args)
    return result, trace.tolist()


ARGUMENTS = range(7)


def load(text, decorate):
    if decorate is not None:
        text = text.replace("def ", "@decorate\ndef ")
    return define(text, "f", decorate=decorate)


slow = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@slow
@given(functions())
def test_native_code(text):
    compiled, plain = load(text, njit), load(text, None)
    for a in ARGUMENTS:
        assert outcome(compiled, a) == outcome(plain, a)


@slow
@given(functions())
def test_interpreter(text):
    plain = load(text, None)
    run = interpreted(load(text, None))
    for a in ARGUMENTS:
        assert outcome(run, a, chains=False) == outcome(plain, a, chains=False)


class Manager:
    """Notes what happens to it; forgets ValueErrors."""

    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log.append("enter")
        return 7

    def __exit__(self, cls, error, where):
        self.log.append("left" if error is None else type(error).__name__)
        return isinstance(error, ValueError)


MANAGED = """
def f(log, a):
    x = 0
    for i in range(3):
        with Manager(log) as y, suppress(KeyError), nullcontext(enter_result=a) as z:
            x += y + z
            if a == 1:
                raise ValueError("forgotten")
            if a == 2:
                raise KeyError("suppressed")
            if a == 3:
                continue
            if a == 4:
                return -x
            if a == 5:
                raise IndexError("kept")
        x += 100
    return x
"""


@pytest.mark.parametrize("a", range(6))
def test_with_statements_of_python_objects(a):
    names = {"Manager": Manager, "suppress": suppress, "nullcontext": nullcontext}
    plain = define(MANAGED, "f", **names)
    logs = [], []
    outcomes = []
    for run, log in zip((plain, interpreted(plain)), logs, strict=True):
        try:
            outcomes.append(run(log, a))
        except IndexError as error:
            outcomes.append(error.args)
    assert outcomes[0] == outcomes[1]
    assert logs[0] == logs[1]


def test_with_statements_of_known_managers():
    @njit
    def f(xs, i):
        n = 0
        with suppress(IndexError, ZeroDivisionError), nullcontext(5) as k:
            n += k
            n += xs[i]
            n += 10 // i
        return n

    xs = np.arange(5)
    for i in (0, 1, 10):
        assert f(xs, i) == f.py_func(xs, i)
