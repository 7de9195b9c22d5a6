"""Section STD, row by row: the standard library."""

# ruff: noqa

import array
import cmath
import collections
import ctypes
import ctypes.util
import enum
import functools
import heapq
import itertools
import math
import operator
import random
import statistics
import string
import time
from copy import copy, deepcopy

import numpy as np
import pytest
from rows import Rows

from pellucid import njit
from pellucid.errors import TypingError

rows = Rows("STD", 105)

REALS = ((0.5,), (0.0,), (-0.0,), (1.0,), (-0.25,))
GRID = tuple((complex(a, b),) for a in (0.5, -2.0, 0.0) for b in (0.0, -0.0, 1.5))


class Shape(enum.Enum):
    ROUND = 1
    SQUARE = 2


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 5


# arrays of the array module, complex mathematics --------------------------------------------------


@pytest.mark.parametrize("code", "bBhHiIlLqQfd")
@rows.tested_by("01")
def test_arrays_of_the_array_module(code):
    def f(a):
        a[0] = a[1]
        total = a[0] * 0
        for x in a:
            total += x
        return total, len(a), a[-1]

    mine, theirs = array.array(code, [1, 2, 3]), array.array(code, [1, 2, 3])
    assert njit(cache=False)(f)(mine) == f(theirs)
    assert mine == theirs


@rows.tested_by("01")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_text_arrays_are_refused():
    with pytest.raises(TypeError):
        njit(cache=False)(lambda a: len(a))(array.array("u", "ab"))


COMPLEX = {
    "02": lambda z: cmath.acos(z),
    "03": lambda z: cmath.acosh(z),
    "04": lambda z: cmath.asin(z),
    "05": lambda z: cmath.asinh(z),
    "06": lambda z: cmath.atan(z),
    "07": lambda z: cmath.atanh(z),
    "08": lambda z: cmath.cos(z),
    "09": lambda z: cmath.cosh(z),
    "10": lambda z: cmath.exp(z),
    "14": lambda z: cmath.log(z + 1) + cmath.log(z + 3, 2) * 0,
    "15": lambda z: cmath.log10(z + 1),
    "18": lambda z: cmath.rect(z.real, z.imag),
    "19": lambda z: cmath.sin(z),
    "20": lambda z: cmath.sinh(z),
    "21": lambda z: cmath.sqrt(z),
    "22": lambda z: cmath.tan(z),
    "23": lambda z: cmath.tanh(z),
}


@pytest.mark.parametrize("row", COMPLEX)
def test_complex_functions(row):
    compiled = njit(cache=False)(COMPLEX[row])
    for (z,) in GRID:
        mine, theirs = compiled(z), COMPLEX[row](z)
        for a, b in ((mine.real, theirs.real), (mine.imag, theirs.imag)):
            assert a == pytest.approx(b, rel=1e-14, abs=1e-15)
            assert math.copysign(1, a) == math.copysign(1, b)


for row in COMPLEX:
    rows.told.add(row)


rows.same("11", *GRID, (complex("inf"),))(lambda z: cmath.isfinite(z))
rows.same("12", *GRID, (complex("infj"),))(lambda z: cmath.isinf(z))
rows.same("13", *GRID, (complex("nan"),))(lambda z: (cmath.isnan(z), cmath.isclose(z, z + 1e-12)))
rows.same("16", *GRID)(lambda z: cmath.phase(z))
rows.same("17", *GRID)(lambda z: cmath.polar(z))
rows.elsewhere("24", "tests/language/test_rows_tup.py")


# ctypes, enums ------------------------------------------------------------------------------------

libm = ctypes.CDLL(ctypes.util.find_library("m"))
c_cos = libm.cos
c_cos.argtypes, c_cos.restype = [ctypes.c_double], ctypes.c_double
c_untyped = ctypes.CDLL(ctypes.util.find_library("m")).sin
c_callback = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(lambda x: x * 2)

rows.same("25", (0.5,), (1,))(lambda x: (c_cos(x) == math.cos(x), c_callback(x)))


@rows.tested_by("25")
def test_a_function_without_argument_types_is_refused():
    with pytest.raises(TypingError, match="doesn't define its argument types"):
        njit(cache=False)(lambda x: c_untyped(x))(1.0)


@rows.tested_by("26")
def test_the_address_of_an_array():
    a = np.arange(3.0)
    assert njit(cache=False)(lambda a: a.ctypes.data)(a) == a.ctypes.data


rows.elsewhere("27", "tests/library/stdlib/test_ctypes.py")


@rows.same("28", (Shape.ROUND, Shape.SQUARE), (Shape.SQUARE, Shape.SQUARE))
def enums(a, b):
    return (
        a == b,
        a != b,
        a is b,
        a.value,
        Shape.ROUND,
        Shape["SQUARE"],
        a is Shape.ROUND,
        a,
        [a, b],
    )


rows.same("28", (Shape.ROUND,))(
    lambda a: (a.name, Shape(2), [m for m in Shape], {a: 1}, a in (Shape.ROUND,))
)
rows.refused("28", "no-matching-overload", (Shape.ROUND, Shape.SQUARE))(lambda a, b: a < b)
rows.same("29", (Level.LOW, Level.HIGH))(
    lambda a, b: (
        a + 1,
        a < b,
        [5, 6][a],
        a == 1,
        Level.HIGH,
        a * b,
        np.zeros(3)[a],
        max(a, b) + 0,
        b % 2,
    )
)

# math ---------------------------------------------------------------------------------------------

MATH = {
    "30": lambda x: math.acos(x),
    "31": lambda x: math.acosh(x + 2),
    "32": lambda x: math.asin(x),
    "33": lambda x: math.asinh(x),
    "34": lambda x: math.atan(x),
    "35": lambda x: math.atan2(x, -0.0) + math.atan2(-1.0, x),
    "36": lambda x: math.atanh(x / 2),
    "38": lambda x: math.copysign(x, -0.0),
    "39": lambda x: math.cos(x),
    "40": lambda x: math.cosh(x),
    "41": lambda x: math.degrees(x),
    "42": lambda x: math.erf(x),
    "43": lambda x: math.erfc(x),
    "44": lambda x: math.exp(x),
    "45": lambda x: math.expm1(x),
    "46": lambda x: math.fabs(x),
    "49": lambda x: math.gamma(x + 1.5),
    "51": lambda x: math.hypot(x, 1e200) + math.hypot(x, x, 1.0),
    "56": lambda x: math.lgamma(x + 1.5),
    "57": lambda x: math.log(x + 2) + math.log(x + 2, 10),
    "58": lambda x: math.log10(x + 2),
    "59": lambda x: math.log1p(x),
    "60": lambda x: math.pow(x + 2, 2.5),
    "61": lambda x: math.radians(x),
    "62": lambda x: math.sin(x),
    "63": lambda x: math.sinh(x),
    "64": lambda x: math.sqrt(x + 2),
    "65": lambda x: math.tan(x),
    "66": lambda x: math.tanh(x),
}


@pytest.mark.parametrize("row", MATH)
def test_real_functions(row):
    compiled = njit(cache=False)(MATH[row])
    for x in (0.5, 0.0, -0.0, 1.0, -0.25):
        mine, theirs = compiled(x), MATH[row](x)
        assert mine == pytest.approx(theirs, rel=4e-15)
        assert math.copysign(1, mine) == math.copysign(1, theirs)


for row in MATH:
    rows.told.add(row)

WHOLE = ((2.5,), (-2.5,), (-0.0,), (7,), (True,))
rows.same("37", *WHOLE)(lambda x: math.ceil(x))
rows.same("47", *WHOLE)(lambda x: math.floor(x))
rows.same("67", *WHOLE)(lambda x: math.trunc(x))
rows.same("48", (8.0,), (0.0,), (-0.0,), (math.inf,), (-3.5,), (5e-324,))(lambda x: math.frexp(x))
rows.same("50", (12, -18), (0, 0), (-(2**62), 6), (7, 0))(
    lambda a, b: (math.gcd(a, b), math.gcd(a, b, 4), math.gcd(), math.gcd(a))
)
EXTREME = ((2.5,), (math.inf,), (-math.inf,), (math.nan,), (3,))
rows.same("52", *EXTREME)(lambda x: math.isfinite(x))
rows.same("53", *EXTREME)(lambda x: math.isinf(x))
rows.same("54", *EXTREME)(lambda x: math.isnan(x))
rows.same("55", (1.5, 3), (5e-324, 10), (-0.0, 2), (1.0, -1080))(lambda x, i: math.ldexp(x, i))
rows.same("55", (1.0, 2000), python=lambda x, i: math.inf)(lambda x, i: math.ldexp(x, i))
rows.same("68")(lambda: (math.pi, math.e, math.tau, math.inf, math.nan))
rows.same("69", (10, 3), (5, 5), (0, 0), (3, 10))(
    lambda n, k: (
        math.comb(n, k),
        math.perm(n, k),
        math.factorial(n),
        math.isqrt(n),
        math.lcm(n, k),
        math.perm(n),
    )
)
rows.same("69", (2.5, 1.5), (-7.0, 2.0), (1e16, 3.0))(
    lambda x, y: (
        math.dist((x, y), (y, x)),
        math.fmod(x, y),
        math.fsum([x, y, -x]),
        math.isclose(x, y, rel_tol=0.5),
        math.modf(x),
        math.prod([x, y]),
        math.remainder(x, y),
        math.ulp(x),
        math.cbrt(x) == math.cbrt(x),
    )
)

# operator, functools ------------------------------------------------------------------------------


@rows.same("70", (7, 3), (7.5, 2.0), (True, 4))
def infix(a, b):
    return (
        operator.add(a, b),
        operator.eq(a, b),
        operator.floordiv(a, b),
        operator.ge(a, b),
        operator.gt(a, b),
        operator.le(a, b),
        operator.lt(a, b),
        operator.mod(a, b),
        operator.mul(a, b),
        operator.ne(a, b),
        operator.pow(a, b),
        operator.sub(a, b),
        operator.truediv(a, b),
    )


rows.same("70", (12, 3), (-5, 1))(
    lambda a, b: (
        operator.and_(a, b),
        operator.or_(a, b),
        operator.xor(a, b),
        operator.lshift(a, b),
        operator.rshift(a, b),
    )
)


@rows.same("71", ([1, 2], {1, 2}, 7))
def in_place(xs, s, n):
    xs = operator.iadd(xs, [3])
    xs = operator.imul(xs, 2)
    s = operator.ior(s, {9})
    s = operator.iand(s, {9, 1})
    s = operator.isub(s, {1})
    s = operator.ixor(s, {4})
    n = operator.ilshift(operator.iadd(n, 1), 2)
    n = operator.irshift(operator.ifloordiv(n, 3), 1)
    return n, operator.itruediv(n, 4), operator.ipow(n, 2), operator.imod(n, 3), operator.isub(n, 1)


@rows.tested_by("71")
def test_arrays_change_in_place():
    def f(a, b):
        a = operator.iadd(a, b)
        a = operator.imatmul(a, b)
        return a

    a, b = np.arange(4.0).reshape(2, 2), np.ones((2, 2))
    mine, theirs = a.copy(), a.copy()
    got, expected = njit(cache=False)(f)(mine, b), f(theirs, b)
    assert (mine == theirs).all()
    assert (got == expected).all()


rows.same("72", (5,), (-1,), (0,))(
    lambda n: (
        operator.invert(n),
        operator.neg(n),
        operator.not_(n),
        operator.pos(n),
        operator.abs(n),
        operator.index(n),
        operator.truth(n),
    )
)
rows.same("72", ([1, 2, 1],))(
    lambda xs: (
        operator.countOf(xs, 1),
        operator.indexOf(xs, 2),
        operator.concat(xs, xs),
        operator.itemgetter(1)(xs),
        operator.contains(xs, 2),
    )
)


@rows.same("73", (7, 3))
def operators_as_arguments(a, b):
    def apply(f, x, y):
        return f(x, y)

    return apply(operator.add, a, b), apply(operator.mul, a, b), apply(max, a, b)


@rows.same("74", ([1, 2, 3],), ([],))
def reduces(xs):
    return (
        functools.reduce(lambda x, y: x + y, xs, 10),
        functools.reduce(operator.mul, (1, 2, 3)),
        functools.reduce(max, range(4), 0),
    )


rows.same("74", ([],), ([5],))(lambda xs: functools.reduce(lambda x, y: x + y, xs))
rows.same("74", (np.arange(4),))(lambda a: functools.reduce(lambda x, y: x + y, a, 0))

# random -------------------------------------------------------------------------------------------

DRAWS = {
    "76": lambda: random.betavariate(2.5, 1.5),
    "77": lambda: random.expovariate(1.5),
    "78": lambda: random.gammavariate(0.5, 2.0),
    "79": lambda: random.gauss(1.0, 2.0),
    "80": lambda: random.getrandbits(40),
    "81": lambda: random.lognormvariate(0, 1),
    "82": lambda: random.normalvariate(1.0, 2.0),
    "83": lambda: random.paretovariate(3.0),
    "84": lambda: random.randint(-3, 9),
    "85": lambda: random.random(),
    "86": lambda: random.randrange(5) + random.randrange(3, 9) + random.randrange(0, 100, 7),
    "89": lambda: random.uniform(1, 2.5),
    "90": lambda: random.triangular(1.0, 3.0) + random.triangular(0, 4, 1),
    "91": lambda: random.vonmisesvariate(1.0, 2.0),
    "92": lambda: random.weibullvariate(1.0, 1.5),
}


@pytest.mark.parametrize("row", DRAWS)
def test_draws_are_those_of_cpython(row):
    draw = DRAWS[row]

    def several(seed):
        random.seed(seed)
        return [draw() for _ in range(20)]

    assert njit(cache=False)(several)(7) == pytest.approx(several(7), rel=1e-14)


for row in DRAWS:
    rows.told.add(row)


@rows.same("75", (3,))
def generator(n):
    random.seed(n)
    xs = [10, 20, 30, 40]
    random.shuffle(xs)
    return random.choice(xs), random.sample(xs, 2), random.choices(xs, k=3), xs, random.randbytes(5)


@rows.same("87", (42,), (-5,), (2**40,), ("text",), (b"bytes",), (2.5,))
def seeds(x):
    random.seed(x)
    return random.random(), random.getrandbits(64)


rows.same("88", (np.arange(6),), ([1, 2, 3],))(lambda x: (random.seed(1), random.shuffle(x)))


@rows.tested_by("93")
def test_compiled_code_has_a_generator_of_its_own():
    def f(n):
        random.seed(n)
        return random.random()

    compiled = njit(cache=False)(f)
    compiled(1)
    random.seed(5)
    expected = random.random()
    random.seed(5)
    compiled(3)
    assert random.random() == expected


# heapq, further modules, cffi ---------------------------------------------------------------------


@rows.same("94", ([5, 1, 4, 2],), ([],), ([2.5],), (["b", "a"],))
def heapified(xs):
    heapq.heapify(xs)


rows.same("95", ([1, 2, 4],), ([],))(lambda xs: heapq.heappop(xs))


@rows.same("96", ([3, 1],))
def pushes(xs):
    made = []
    for x in xs:
        heapq.heappush(made, x)
    heapq.heappush(xs, 0)
    return made


rows.same("97", ([1, 2, 4], 3), ([], 3))(lambda xs, x: heapq.heappushpop(xs, x))
rows.same("98", ([1, 2, 4], 3), ([], 3))(lambda xs, x: heapq.heapreplace(xs, x))
rows.same("99", (2,), (0,), (-1,), (9,))(
    lambda n: (heapq.nlargest(n, [3, 1, 2]), heapq.nlargest(n, (3, -4), key=lambda v: abs(v)))
)
rows.same("100", (2,), (0,), (-1,), (9,))(
    lambda n: (heapq.nsmallest(n, [3, 1, 2]), heapq.nsmallest(n, (3, -4), key=lambda v: abs(v)))
)


@rows.same("101", ([1.5, 2.5, 4.0, 2.5],))
def further_modules(xs):
    return (
        list(itertools.accumulate(xs)),
        list(itertools.chain(xs, [0.0])),
        list(itertools.product([1, 2], "ab")),
        list(itertools.islice(itertools.count(3), 2)),
        list(itertools.pairwise(xs)),
        statistics.median(xs),
        statistics.mode(xs),
        statistics.mean(xs),
        statistics.pvariance(xs),
        copy(xs),
        deepcopy(xs),
        string.ascii_lowercase,
        string.capwords("a b"),
    )


@rows.tested_by("101")
def test_clocks_go_forward():
    def f():
        a = time.perf_counter()
        b = time.monotonic_ns()
        return a, b, time.time(), time.time_ns(), time.process_time()

    before, mine, after = f(), njit(cache=False)(f)(), f()
    assert all(a <= b <= c for a, b, c in zip(before, mine, after))


# cffi has tests of its own.
for row in ("102", "103", "104", "105"):
    rows.told.add(row)


@pytest.mark.parametrize("case", rows.parameters())
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()
