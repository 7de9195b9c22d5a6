"""`f.why(name)`: each line of the chain names an expression, its line and its types."""

import io

import numpy as np
import pytest
from engines import define

from pellucid import errors, njit

TEXT = """
def f(xs, k):
    n = len(xs)
    z = xs[0] / n
    if k > 2:
        w = k
    else:
        w = z
    total = 0
    for x in xs:
        total += x * w
    return np.sqrt(total)
"""


@pytest.fixture
def f():
    function = njit(define(TEXT, "f", np=np))
    function(np.arange(3), 1)
    return function


def told(function, *args):
    out = io.StringIO()
    function.why(*args, file=out)
    return out.getvalue().splitlines()


def test_the_first_line_is_the_assignment(f):
    lines = told(f, "z")
    assert lines[0] == "z: float64 ← z = xs[0] / n (line 4) ← int64 / int64"
    assert "├─ xs[0]: int64 (line 4) ← array(int64, 1d, C)[int64]" in lines
    assert "└─ n: int64 ← n = len(xs) (line 3) ← len(array(int64, 1d, C))" in lines


def test_two_types_that_meet(f):
    lines = told(f, "w")
    assert lines[0] == "w: float64 ← int64 and float64 meet"
    assert lines[1] == "├─ k: int64 ← argument"


def test_a_loop(f):
    text = "\n".join(told(f, "total"))
    assert "total: int64 ← total = 0 (line 9) ← the constant 0" in text
    assert "total += x * w (line 11) ← float64 + float64" in text
    assert "x: int64 ← for x in xs: (line 10) ← an item of array(int64, 1d, C)" in text


def test_the_return_value(f):
    assert told(f, "return")[0] == (
        "return: float64 ← return np.sqrt(total) (line 12) ← numpy.sqrt(float64)"
    )


def test_all_variables(f):
    lines = told(f)
    assert lines[0] == "f(array(int64, 1d, C), int64)"
    assert {line.split(":")[0].strip() for line in lines[1:]} == {
        "xs", "k", "n", "z", "w", "total", "x", "return",
    }  # fmt: skip


def test_nothing_is_told_twice(f):
    text = "\n".join(told(f, "return"))
    assert text.count("an item of") == 1


def test_types_can_be_named():
    add = njit(define("def f(x, y):\n    z = x + y\n    return z"))
    with pytest.raises(KeyError, match="name the types"):
        add.why("z")
    assert told(add, "z", "int64", "float32")[0].startswith("z: float64 ← z = x + y (line 2)")
    assert told(add, "z", 1, 2)[0].endswith("int64 + int64")
    assert not add.signatures


def test_a_name_that_is_none(f):
    with pytest.raises(KeyError, match="did you mean `total`"):
        f.why("totel")


def test_what_cannot_be_joined():
    g = njit(define("def f(c):\n    z = 1\n    if c:\n        z = (2, 3)\n    return z, c"))
    with pytest.raises(errors.TypingError, match="one path"):
        g(True)
    text = "\n".join(told(g, "z"))
    assert "have no type in common" in text
    assert "z = 1 (line 2)" in text
    assert "z = (2, 3) (line 4)" in text


def test_output_that_takes_only_ascii(f):
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    f.why("z", file=out)
    out.flush()
    assert raw.getvalue().startswith(b"z: float64 <- z = xs[0] / n (line 4) <- int64 / int64\n+- ")
