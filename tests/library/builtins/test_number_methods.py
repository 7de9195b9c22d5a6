"""Methods of numbers about their digits: `to_bytes`, `from_bytes`, `hex`, ratios, `is_integer`."""

from hypothesis import given, settings
from hypothesis import strategies as st
from snippets import check, outcome

from pellucid import njit

INTEGERS = st.integers(-(2**63), 2**63 - 1)
FINITE = [0.0, -0.0, 1.5, -2.675, 1e22, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308]
EXTREMES = [*FINITE, float("inf"), float("-inf"), float("nan")]


@njit
def written(number, count):
    return number.to_bytes(count, "big", signed=True), number.to_bytes(count, "little", signed=True)


@njit
def written_unsigned(number, count):
    return number.to_bytes(count, "little")


@njit
def read(data):
    return int.from_bytes(data, "big", signed=True), int.from_bytes(data, "little", signed=True)


@njit
def hexadecimal(number):
    return number.hex(), number.is_integer()


@settings(max_examples=100, deadline=None)
@given(INTEGERS | st.integers(-40000, 40000), st.integers(0, 12))
def test_to_bytes(number, count):
    for function in (written, written_unsigned):
        assert outcome(function, (number, count)) == outcome(function.py_func, (number, count))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=8))
def test_from_bytes(data):
    assert read(data) == read.py_func(data)


@settings(max_examples=100, deadline=None)
@given(st.floats() | st.sampled_from(EXTREMES))
def test_hex(number):
    assert hexadecimal(number) == hexadecimal.py_func(number)


def test_ratios():
    numbers = (2.675, -1.5, 0.0, 1e18, float("inf"), float("nan"))
    check("a.as_integer_ratio()", *((number,) for number in numbers))
    check("a.as_integer_ratio(), (a > 0).bit_length(), (a > 0).bit_count()", (5,), (-7,))
