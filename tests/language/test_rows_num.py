"""Section NUM, row by row: the numbers of Python and their methods."""

# ruff: noqa

import math

import pytest
from rows import Rows

rows = Rows("NUM", 6)

INTS = ((0,), (-7,), (2**62,), (True,), (False,))
FLOATS = ((0.0,), (-0.0,), (2.5,), (-7.0,), (math.inf,), (math.nan,), (1e300,), (5e-324,))
COMPLEXES = ((0j,), (1 + 2j,), (complex(-0.0, math.inf),), (complex(math.nan, 1),))


@rows.same("01", (7, -2), (True, 3), (-9, 4), (True, False), (0, 1))
def integers(a, b):
    return a + b, a - b, a * b, -a, +a, a < b, a == b, bool(a), not b, a & b, a | b, a ^ b, a << 2


@rows.same("01", (7, -2), (-9, 4), (True, True), (1, 0))
def integer_division(a, b):
    return a // b, a % b, a / b, divmod(a, b)


@rows.same("02", *INTS)
def integer_parts(x):
    return x.real, x.imag, x.conjugate(), x.numerator, x.denominator


@rows.same("03", (2.5, -1.5), (-0.0, 0.0), (math.inf, 1.0), (math.nan, 2.0), (7.5, 0.0))
def floats(a, b):
    return a + b, a - b, a * b, -a, a < b, a == b, bool(a), abs(a), a / b, a // b, a % b


@rows.same("03", (1 + 2j, 3 - 1j), (0j, 1j), (2 + 0j, 2.5), (1j, 0j))
def complexes(a, b):
    return a + b, a - b, a * b, -a, a == b, bool(a), abs(a), a / b


for operation in (
    lambda a, b: a < b,
    lambda a, b: a >= b,
    lambda a, b: a // b,
    lambda a, b: a % b,
    lambda a, b: divmod(a, b),
):
    rows.refused("03", "no-matching-overload", (1j, 2j))(operation)


@rows.same("04", *FLOATS, *COMPLEXES)
def parts(x):
    return x.real, x.imag, x.conjugate()


@rows.same("05", (0j, 0j), (1j, 2), (2 + 1j, -1), (0j, -1), (1.5 + 2j, 0.5), (0j, 2), (0j, 1j))
def complex_power(a, b):
    return a**b


@rows.same("06", *FLOATS)
def float_methods(x):
    return x.is_integer(), x.hex()


@rows.same("06", (2.5,), (-0.125,), (0.0,), (math.inf,), (math.nan,))
def ratio_of_a_float(x):
    return x.as_integer_ratio()


@rows.same("06", (0,), (255,), (-(2**63),), (2**63 - 1,))
def integer_methods(n):
    return n.bit_length(), n.bit_count(), n.as_integer_ratio(), n.to_bytes(8, "little", signed=True)


@rows.same("06", (True,), (False,))
def bool_methods(b):
    return b.bit_length(), b.bit_count(), b.as_integer_ratio(), b.to_bytes(2, "big")


@rows.same("06", ("0x1.8p1",), ("-0x0p0",), ("0xfFp-3",), ("inf",), ("nan",), ("x",), ("1e5",))
def float_from_hexadecimal(s):
    return float.fromhex(s)


@rows.same("06", (b"\x01\x02",), (b"\xff" * 8,), (b"",))
def int_from_bytes(b):
    return int.from_bytes(b, "little", signed=True), int.from_bytes(b, "big", signed=True)


@pytest.mark.parametrize("case", rows.parameters())
def test_row(case):
    case.check()


def test_every_row_is_told_about():
    rows.check_complete()
