"""`overflow="raise"`: Python's own integers, or OverflowError where int64 does not hold them."""

import math
import operator
import traceback

import numpy as np
import pytest
from engines import define
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit
from pellucid.errors import CompileError

LEAST, MOST = -(1 << 63), (1 << 63) - 1
ENDS = [0, 1, -1, 2, 3, -7, 62, 63, 64, 1 << 31, 1 << 32, 1 << 62, LEAST, LEAST + 1, MOST, MOST - 1]
integers = st.one_of(st.sampled_from(ENDS), st.integers(LEAST, MOST), st.integers(-100, 100))


def _in_range(function, *args):
    """What Python gives, or the exception that is raised in its place."""
    try:
        result = function(*args)
    except (ArithmeticError, ValueError) as problem:
        return type(problem)
    return result if LEAST <= result <= MOST else OverflowError


def _outcome(function, *args):
    try:
        return function(*args)
    except (ArithmeticError, ValueError) as problem:
        return type(problem)


BINARY = ["a + b", "a - b", "a * b", "a // b", "a % b", "a & b", "a ^ b"]


@pytest.fixture(scope="module")
def compiled():
    lines = [f"def f{i}(a, b): return {text}" for i, text in enumerate(BINARY)]
    return [(f, njit(overflow="raise")(f)) for f in (define(line) for line in lines)]


@settings(max_examples=60, deadline=None)
@given(integers, integers)
def test_operators_raise_where_they_would_wrap(compiled, a, b):
    for python, native in compiled:
        assert _outcome(native, a, b) == _in_range(python, a, b), native.__name__


def _in_place(a, b):
    a += b
    a *= b
    a -= 1
    return a


def _steps(function, a, b):
    """As `_in_place`, with a look at what each step leaves."""
    for step in (operator.add, operator.mul):
        a = _in_range(step, a, b)
        if a is OverflowError:
            return a
    return _in_range(operator.sub, a, 1)


IN_PLACE = njit(overflow="raise")(_in_place)


@settings(max_examples=40, deadline=None)
@given(integers, integers)
def test_in_place_operators(a, b):
    assert _outcome(IN_PLACE, a, b) == _steps(_in_place, a, b)


SMALL = [
    (lambda a, n: a << n, st.integers(-1, 70)),
    (lambda a, n: a**n, st.integers(0, 70)),
    (lambda a, n: pow(a, n), st.integers(0, 70)),
]
SHORT = [(f, njit(overflow="raise")(f), counts) for f, counts in SMALL]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_shifts_and_powers(data):
    for python, native, counts in SHORT:
        a, n = data.draw(integers), data.draw(counts)
        assert _outcome(native, a, n) == _in_range(python, a, n), (a, n)


UNARY = [lambda a: -a, abs, lambda a: abs(a), lambda a: a**2, lambda a: a * a * a]
UNARY = [(f, njit(overflow="raise")(f)) for f in UNARY if f is not abs]


@pytest.mark.parametrize("a", ENDS)
def test_signs(a):
    for python, native in UNARY:
        assert _outcome(native, a) == _in_range(python, a)


@pytest.mark.parametrize("value", [0.5, -2.5, 1e18, 2.0**63, -(2.0**63), 1e300, math.inf, math.nan])
def test_int_of_a_float(value):
    f = njit(overflow="raise")(lambda x: int(x))
    assert _outcome(f, value) == _in_range(int, value)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint32", "uint64", "int64"])
def test_dtypes_called(dtype):
    convert = define(f"def f(x): return np.{dtype}(x)", np=np)
    native = njit(overflow="raise")(convert)
    info = np.iinfo(dtype)
    for value in ENDS:
        wanted = value if info.min <= value <= info.max else OverflowError
        assert _outcome(native, value) == wanted


def test_the_traceback_names_the_line():
    text = "def f(xs):\n    total = 0\n    for x in xs:\n        total += x\n    return total\n"
    f = njit(overflow="raise")(define(text))
    xs = np.array([MOST - 3, 1, 1, 5, 7])
    assert f(xs[:3]) == sum(map(int, xs[:3]))
    with pytest.raises(OverflowError, match="integer overflow: the sum") as caught:
        f(xs)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.name, last.lineno) == ("f", 4)


@pytest.mark.parametrize("function", [sum, math.prod])
def test_sums_and_products_of_arrays(function):
    f = njit(overflow="raise")(define(f"def f(xs): return {function.__name__}(xs)", prod=math.prod))
    for items in ([], [1, 2, -3], [MOST, 1], [-1, LEAST], [1 << 40, 1 << 40], [0, MOST, -3]):
        xs = np.array(items, np.int64)
        assert _outcome(f, xs) == _in_range(function, items)


def test_unsigned_integers():
    f = njit(overflow="raise")(lambda a, b: a - b)
    assert f(np.uint64(3), np.uint64(2)) == 1
    with pytest.raises(OverflowError):
        f(np.uint64(2), np.uint64(3))


def test_each_function_keeps_its_own_arithmetic():
    checked = njit(overflow="raise")(lambda x: x + 1)
    wrapping = njit(lambda x: x + 1)
    assert _outcome(njit(lambda x: checked(x)), MOST) is OverflowError
    assert njit(overflow="raise")(lambda x: wrapping(x))(MOST) == LEAST
    plain = define("def g(x): return x + 1")
    assert _outcome(njit(overflow="raise")(lambda x: plain(x)), MOST) is OverflowError


def test_library_code_wraps():
    f = njit(overflow="raise")(lambda xs: (xs[-1], len(xs[1:]), hash((MOST, 1))))
    xs = np.array([MOST, 1])
    assert f(xs) == (1, 1, hash((MOST, 1)))


@pytest.mark.parametrize("text", ["2**64", "1 << 70", "10**30", "2**100000", "1 << 10**9"])
def test_a_literal_that_no_integer_holds(text):
    with pytest.raises(CompileError, match="does not fit in 64 bits"):
        njit(define(f"def f(): return {text}"))()


@pytest.mark.parametrize("text", ["2**63 - 1", "-2**63", "1 << 62", "7**3 % 5", "2**63", "0**0"])
def test_literals_that_fit(text):
    assert njit(define(f"def f(): return {text}"))() == eval(text)
