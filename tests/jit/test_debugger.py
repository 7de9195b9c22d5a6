"""`pellucid.debug(f)`: stops at `breakpoint()` with the variables that compiled code has."""

import bdb
import io

import numpy as np
import pytest
from engines import define

from pellucid import debug, njit

TEXT = """
def f(n, x):
    total = n * 2
    for i in range(2):
        total += i
        breakpoint()
        total += 10
    return total * x
"""


def session(function, commands, *args):
    out = io.StringIO()
    stdin = io.StringIO("".join(f"{command}\n" for command in commands))
    try:
        result = debug(function, stdin=stdin, stdout=out)(*args)
    except bdb.BdbQuit:
        result = "quit"
    return result, out.getvalue()


@pytest.fixture
def f():
    return njit(define(TEXT))


def test_it_stops_with_typed_variables(f):
    result, text = session(f, ["p total + 1", "c", "p i", "c"], 3, 1.5)
    assert result == f(3, 1.5)
    for line in ("n: int64 = 3", "x: float64 = 1.5", "total: int64 = 6", "total: int64 = 17"):
        assert f"  {line}\n" in text
    assert "\n(Pdb) 7\n" in text
    assert "breakpoint()" in text  # the line of the source


def test_stepping(f):
    _, text = session(f, ["n", "n", "p total", "q"], 3, 1.5)
    assert "total += 10" in text
    assert "  total: int64 = 16\n" in text


def test_lists_are_shown_and_returned():
    g = define("def g(n):\n    xs = [n, 2]\n    xs.append(3)\n    breakpoint()\n    return xs")
    result, text = session(g, ["p xs[0] + 1", "c"], 5)
    assert result == [5, 2, 3]
    assert "  xs: list(int64) = [5, 2, 3]\n" in text
    assert "\n(Pdb) 6\n" in text


def test_quitting(f):
    assert session(f, ["q"], 3, 1.5)[0] == "quit"


def test_values_are_those_of_compiled_code():
    g = define("def g(x):\n    y = x + 1\n    breakpoint()\n    return y")
    most = 2**63 - 1
    result, text = session(g, ["c"], most)
    assert result == njit(g)(most) == -(2**63)
    assert "  y: int64 = -9223372036854775808\n" in text
    _, text = session(g, ["p x.dtype", "c"], np.ones(2, np.float32))
    assert "x: array(float32, 1d, C) = array([1., 1.], dtype=float32)" in text
    assert "float32" in text


def test_compiled_code_goes_on(f):
    assert f(3, 1.5) == (3 * 2 + 0 + 10 + 1 + 10) * 1.5
