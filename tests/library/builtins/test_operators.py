"""Every operator on every pair of scalar types, beside CPython."""

import itertools
import math

import numpy as np
import pytest
from differential import (
    REAL_TYPES,
    SCALAR_TYPES,
    Outcome,
    awkward,
    check,
    outcome_of,
    plain,
    sampled,
    scalar,
    scalars,
)
from hypothesis import given
from hypothesis import strategies as st

from pellucid.ir.interp_values import convert
from pellucid.library.builtins.promotion import number, promote
from pellucid.types import (
    INTEGERS,
    Complex,
    Float,
    Integer,
    boolean,
    complex128,
    dtype_of,
    float32,
    float64,
    int8,
    int32,
    int64,
    uint8,
    uint64,
)
from pellucid.types.typeof import typeof

INT_TYPES = (boolean, *INTEGERS)


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def truediv(a, b):
    return a / b


def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def power(a, b):
    return a**b


def lshift(a, b):
    return a << b


def rshift(a, b):
    return a >> b


def bit_and(a, b):
    return a & b


def bit_or(a, b):
    return a | b


def bit_xor(a, b):
    return a ^ b


def eq(a, b):
    return a == b


def ne(a, b):
    return a != b


def lt(a, b):
    return a < b


def le(a, b):
    return a <= b


def gt(a, b):
    return a > b


def ge(a, b):
    return a >= b


ARITHMETIC = (add, sub, mul, truediv)
REAL_ARITHMETIC = (floordiv, mod)
BITS = (bit_and, bit_or, bit_xor)
SHIFTS = (lshift, rshift)
EQUALITY, ORDER = (eq, ne), (lt, le, gt, ge)

# A few pairs natively, with all awkward values; the rest by sampling in the interpreter.
NATIVE_PAIRS = (
    (int64, int64),
    (uint64, int64),
    (int32, uint8),
    (boolean, boolean),
    (float64, float64),
    (float32, int8),
)


def check_operator(function, a, b, engines="both"):
    """Compare with what CPython does at the types that the operands meet in."""
    left, right = typeof(a), typeof(b)
    x, y = _meet(function, left, right, plain(a), plain(b))
    expected = _known_difference(function, x, y) or outcome_of(function, x, y)
    # complex64 divides in its own precision; C's pow is not exactly rounded.
    ulps = 4 if "complex64" in (str(left), str(right)) else 2 if function is power else 0
    check(function, a, b, expected=expected, ulps=ulps, engines=engines)


def _meet(function, left, right, x, y):
    if function in SHIFTS:
        return int(x), min(int(y), 200)  # CPython would allocate what falls off the end
    are_ints = isinstance(number(left), Integer) and isinstance(number(right), Integer)
    if are_ints and function in (*EQUALITY, *ORDER):
        return x, y
    if are_ints and function is truediv:
        return x, y
    if function in BITS and left == right == boolean:
        return x, y
    ty = promote(left, right)
    if function is power:
        if are_ints:
            return int(x), int(y)
        if isinstance(number(left), Float) and isinstance(number(right), Integer):
            ty = number(left)
    if isinstance(ty, Complex):
        return complex(x), complex(y)
    if isinstance(ty, Float):
        return (float(dtype_of(ty).type(v)) for v in (x, y))
    return (convert(int(v), number(t), ty) for v, t in ((x, left), (y, right)))


def _known_difference(function, x, y):
    """What compiled code does where CPython answers with other types or raises."""
    if function is truediv and isinstance(x, int) and y:
        return Outcome(float(x) / float(y))  # CPython divides the exact integers
    if function is not power:
        return None
    if isinstance(x, int) and isinstance(y, int):
        if y < 0 and x != 0:
            return Outcome({1: 1, -1: -1 if y % 2 else 1}.get(x, 0))
        return Outcome(pow(x, y, 2**64)) if y > 200 else None
    if isinstance(x, float):
        wanted = outcome_of(power, x, y)
        if isinstance(wanted.value, complex) or wanted.error.startswith("OverflowError"):
            with np.errstate(all="ignore"):
                return Outcome(float(np.power(x, y)))
    return None


@pytest.mark.parametrize("pair", NATIVE_PAIRS, ids=lambda p: f"{p[0]}-{p[1]}")
@pytest.mark.parametrize(
    "function",
    [*ARITHMETIC, *REAL_ARITHMETIC, power, *BITS, *SHIFTS, *EQUALITY, *ORDER],
    ids=lambda f: f.__name__,
)
def test_operator_natively(function, pair):
    if function in (*BITS, *SHIFTS) and not all(ty in INT_TYPES for ty in pair):
        pytest.skip("integers only")
    left, right = map(awkward, pair)
    for a, b in itertools.product(left, right):
        check_operator(function, a, b)


@pytest.mark.parametrize("function", [*ARITHMETIC, *EQUALITY], ids=lambda f: f.__name__)
def test_complex_operator_natively(function):
    for a, b in itertools.product(awkward(complex128)[::3], awkward(complex128)[::2]):
        check_operator(function, a, b)
    for a, b in itertools.product(awkward(complex128), awkward(float64)[::3]):
        check_operator(function, a, b)


@st.composite
def operations(draw, functions, tys):
    return (
        draw(st.sampled_from(functions)),
        draw(st.sampled_from(tys).flatmap(scalars)),
        draw(st.sampled_from(tys).flatmap(scalars)),
    )


@sampled
@given(operations((*ARITHMETIC, *EQUALITY), SCALAR_TYPES))
def test_arithmetic_of_any_scalars(operation):
    check_operator(*operation, engines="interpreter")


@sampled
@given(operations((*REAL_ARITHMETIC, power, *ORDER), REAL_TYPES))
def test_division_power_and_order_of_any_reals(operation):
    check_operator(*operation, engines="interpreter")


@sampled
@given(operations((*BITS, *SHIFTS), INT_TYPES))
def test_bits_of_any_integers(operation):
    check_operator(*operation, engines="interpreter")


def neg(a):
    return -a


def pos(a):
    return +a


def invert(a):
    return ~a


def logical_not(a):
    return not a


@pytest.mark.parametrize("ty", SCALAR_TYPES, ids=str)
def test_unary_operators(ty):
    for a in awkward(ty):
        x = plain(a)
        is_unsigned = isinstance(ty, Integer) and not ty.signed
        wrap = (lambda v: v & ty.max) if is_unsigned else lambda v: v
        check(neg, a, expected=Outcome(wrap(-x)))
        check(pos, a)
        check(logical_not, a)
        if ty in INT_TYPES:
            check(invert, a, expected=Outcome(not x if ty == boolean else wrap(~x)))


def small_powers(x):
    return x**0, x**1, x**2, x**3, x**7, x**16


def reciprocal_powers(x):
    return x**-1, x**-2


@pytest.mark.parametrize("value", [0.0, -0.0, 1.5, -2.25, 1e10, 1e-5, math.inf, math.nan])
def test_powers_of_constant_exponent(value):
    check(small_powers, value, ulps=8)
    check(reciprocal_powers, value, ulps=2)


def test_float32_powers_stay_single():
    check(small_powers, scalar(float32, 1.25), ulps=8)


def test_complex_powers():
    for z in (0j, 1j, 3 - 4j, -0.5 + 2j):
        for w in (0, 1, 2, 5, -1, -3, 0.5, 1 + 1j, -0.25j):
            if z != 0 or w in (0, 1, 2, 5, -1, 0.5):
                check(power, z, w, expected=outcome_of(power, z, complex(w)), ulps=4)


@pytest.mark.parametrize("function", [truediv, floordiv, mod])
def test_numpy_error_model_does_not_raise(function):
    wanted = {
        truediv: (math.inf, math.inf),
        floordiv: (0, math.inf),
        mod: (0, math.nan),
    }[function]
    for (a, b), value in zip([(1, 0), (1.0, 0.0)], wanted, strict=True):
        check(function, a, b, expected=Outcome(value), error_model="numpy")


def test_least_integer_divided_by_minus_one_wraps():
    for ty in (int8, int64):
        least = scalar(ty, ty.min)
        check(floordiv, least, -1)
        check(mod, least, -1)


def by_constants(x):
    return x // 8, x % 8, x // -3, x % -3, x // 1, x % 1


@pytest.mark.parametrize("ty", [int8, int64, uint8, uint64, float64], ids=str)
def test_division_by_constants(ty):
    for value in awkward(ty):
        if ty == uint64 and value > 2**63:
            continue  # meets the signed constants as an int64
        check(by_constants, value)
