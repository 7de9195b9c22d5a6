"""Exceptions in generated nests of `try`, loops and their exits, and what Python sees of them.

The functions write a trace into an array, so that the order of what they do counts; outcome, trace,
class, arguments and the chain of contexts are compared with CPython's.
"""

import sys
import traceback
from contextlib import nullcontext, suppress

import numpy as np
import pytest
from engines import define, interpreted
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.base.diagnostics import CompileError
from pellucid.runtime.support import live_blocks

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
    max_examples=8,
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


# What a handler asks of an exception ---------------------------------------------------------


class Measured(Exception):
    """Has fields from parameters, a default and a constant; passes one argument on."""

    def __init__(self, text, number, factor=2.5):
        super().__init__(text)
        self.text = text
        self.number = number
        self.factor = factor
        self.unit = "m"


class Loud(Exception):
    def __str__(self):
        return "!" * len(self.args)


def fail(kind, text, xs):
    if kind == 0:
        raise ValueError(kind, 2.5, text)
    if kind == 1:
        raise Measured(number=kind, text=text + "?")
    if kind == 2:
        raise KeyError(text * 2)
    if kind == 3:
        raise Loud(text, kind)
    if kind == 4:
        raise IndexError(xs * 2.0, (text, 1))
    return kind // (kind - 5)


def ask(kind, text, xs):
    try:
        failing(kind, text, xs)
    except ValueError as e:
        number, real, found = e.args
        return found + repr(number + real)
    except Measured as e:
        return e.text + e.unit + repr(e.factor) + repr(e.number) + str(e) + e.args[0]
    except IndexError as e:
        return repr(float(e.args[0].sum())) + e.args[1][0]
    except (ZeroDivisionError, KeyError, Loud) as e:
        return str(e) + repr(e)
    return text


failing = njit(fail)


@pytest.mark.parametrize("kind", range(7))
@pytest.mark.parametrize("text", ["", "ascii", "h\xe9", "\u65e5\U0001f40d"])
def test_fields_arguments_and_messages(kind, text):
    xs = np.arange(3.0)
    assert asking(kind, text, xs) == ask(kind, text, xs)


asking = njit(ask)


@pytest.mark.parametrize("kind", range(5))
def test_arguments_out_to_python(kind):
    xs = np.arange(3.0)
    with pytest.raises(Exception) as expected:  # noqa: PT011 (any: that is compared)
        fail(kind, "t\xe9xt", xs)
    with pytest.raises(type(expected.value)) as found:
        failing(kind, "t\xe9xt", xs)
    assert repr(found.value) == repr(expected.value)


def test_fields_that_have_no_type():
    @njit
    def unknown(x):
        try:
            return 1 // x
        except OSError as e:
            return e.errno

    @njit
    def mixed(x):
        try:
            if x:
                raise ValueError("text")
            raise ValueError(1)
        except ValueError as e:
            return e.args[0]

    with pytest.raises(CompileError, match="no `raise` in compiled code is known"):
        unknown(1)
    with pytest.raises(CompileError, match="one type"):
        mixed(1)


def test_classes_that_are_none():
    @njit
    def f(x):
        try:
            return 1 // x
        except int:
            return 0

    with pytest.raises(CompileError, match="do not inherit from BaseException"):
        f(1)


# Memory, tracebacks, Python's own exceptions ---------------------------------------------------


def test_raises_and_catches_lose_no_memory():
    @njit
    def f(text, n):
        count = 0
        for i in range(n):
            try:
                xs = np.ones(i % 5)
                try:
                    if i % 3 == 0:
                        raise ValueError(text + "x", xs)
                    count += int(xs[3])
                except IndexError as e:
                    raise KeyError(text + "y") from e
                finally:
                    count += 1
            except (ValueError, KeyError) as e:
                count += len(str(e)) if i % 100 == 0 else 2
        return count

    before = live_blocks()
    assert f("a", 3000) == f.py_func("a", 3000)
    assert live_blocks() == before


def test_a_bare_raise_keeps_the_traceback():
    @njit
    def inner(x):
        return 1 // x

    @njit
    def f(x):
        try:
            return inner(x)
        except ZeroDivisionError:
            raise

    def places(function):
        with pytest.raises(ZeroDivisionError) as caught:
            function(0)
        frames = traceback.extract_tb(caught.value.__traceback__)
        return [(frame.name, frame.line) for frame in frames if frame.name in ("f", "inner")]

    assert places(f) == [("f", "return inner(x)"), ("inner", "return 1 // x")]


class Broken:
    def write(self, text):
        raise LookupError("broken")


def test_python_errors_are_caught_by_their_class(monkeypatch):
    @njit
    def f(x):
        try:
            print(x)
        except AttributeError:
            return -1
        except (LookupError, ZeroDivisionError) as e:
            return len(str(e))
        return 0

    @njit
    def again(x):
        try:
            print(x)
        except Exception as e:
            raise ValueError(x) from e

    monkeypatch.setattr(sys, "stdout", Broken())
    assert f(1) == len("broken")
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (raised without text)
        again(2)
    assert isinstance(caught.value.__cause__, LookupError)
    assert caught.value.__cause__.args == ("broken",)
