"""Numbers of text: `int`, `float` and `complex` of generated and mutated strings."""

import random
import struct

import pytest
from differential import outcome_of, sampled
from hypothesis import example, given
from hypothesis import strategies as st

from pellucid import njit

COUNT = 10_000


@njit
def whole(text, base):
    return int(text, base)


@njit
def real(text):
    return float(text)


@njit
def pair(text):
    return complex(text)


def same(found, expected):
    """Equal results to the sign of zero and NaN, or the same error."""
    return found.error == expected.error and repr(found.value) == repr(expected.value)


def random_numeral(generator):
    """A decimal numeral, mostly a right one."""
    digits = "".join(generator.choices("0123456789", k=generator.choice([1, 2, 5, 17, 19, 20, 40])))
    if generator.random() < 0.7:
        at = generator.randrange(len(digits) + 1)
        digits = digits[:at] + "." + digits[at:]
    if generator.random() < 0.6:
        digits += generator.choice("eE") + str(generator.randint(-345, 320))
    text = generator.choice(["", "", "-", "+"]) + digits
    if generator.random() < 0.3:
        at = generator.randrange(len(text) + 1)
        text = text[:at] + generator.choice([" ", "_", ".", "e", "٣", "\u2003", "x"]) + text[at:]
    return text


def test_floats():
    generator = random.Random(1)
    for _ in range(COUNT):
        text = random_numeral(generator)
        assert same(outcome_of(real, text), outcome_of(float, text)), text


def test_shortest_texts_come_back():
    generator = random.Random(2)
    for _ in range(COUNT):
        value = struct.unpack("<d", generator.randbytes(8))[0]
        if value == value:
            assert real(repr(value)) == value


def test_halfway_points():
    """The exact middle between two floats goes to the even one; a hair more or less decides."""
    generator = random.Random(3)
    for _ in range(500):
        bits = generator.getrandbits(62) if generator.random() < 0.8 else generator.getrandbits(53)
        below, above = (struct.unpack("<d", struct.pack("<Q", bits + i))[0] for i in (0, 1))
        (a, b), (c, d) = below.as_integer_ratio(), above.as_integer_ratio()
        numerator, denominator = a * d + c * b, 2 * b * d
        shift = denominator.bit_length() - 1
        digits = numerator * 5**shift * 2**shift // denominator
        middle = f"{digits}e-{shift}"
        for text in (middle, f"{digits}1e-{shift + 1}", f"{digits * 10 - 1}e-{shift + 1}"):
            assert real(text) == float(text), text


def test_integers():
    generator = random.Random(4)
    symbols = "0123456789abcdefgz_xXoO +-٣"
    for _ in range(COUNT):
        base = generator.choice([0, 2, 8, 10, 10, 16, 36, 7, 1])
        text = "".join(generator.choices(symbols, k=generator.randrange(1, 8)))
        if generator.random() < 0.5:
            text = generator.choice(["0x", "0b", "0o", "", "-", " "]) + text[:4].strip(" +-")
        expected = outcome_of(int, text, base)
        assert same(outcome_of(whole, text, base), expected), (text, base)


@pytest.mark.parametrize("base", [2, 10, 16, 36])
def test_integers_to_the_limits(base):
    for value in (2**63 - 1, -(2**63), 0):
        text = format(value, {2: "b", 10: "d", 16: "x"}.get(base, "d"))
        if base != 36:
            assert whole(text, base) == value
    for value in (2**63, -(2**63) - 1, 2**64, 10**30):
        text = format(value, {2: "b", 10: "d", 16: "x"}.get(base, "d"))
        with pytest.raises(OverflowError, match="does not fit in int64"):
            whole(text, base)


COMPLEX_TEXTS = ["1", "1j", "-j", "+j", "j", "1+2j", " ( 1.5e3-inf J ) ", "nan+nanj", "1_0j", "(1"]


@sampled
@given(st.text("0123.eEjJ+-() _infa٣", max_size=9))
@example("1+2j")
@example("+")
def test_complex_numbers(text):
    assert same(outcome_of(pair, text), outcome_of(complex, text))


def test_forms_of_complex_numbers():
    generator = random.Random(5)
    for _ in range(3000):
        text = generator.choice(COMPLEX_TEXTS)
        if generator.random() < 0.6:
            at = generator.randrange(len(text) + 1)
            text = text[:at] + generator.choice("01.+-j() _e") + text[at:]
        assert same(outcome_of(pair, text), outcome_of(complex, text)), text


@sampled
@given(st.text(max_size=5))
@example("\x1c5")
@example("infinity")
@example("-nAn")
@example("\u2003٣.٤\u2003")
def test_any_text(text):
    assert same(outcome_of(real, text), outcome_of(float, text))
    assert same(outcome_of(whole, text, 10), outcome_of(int, text, 10))


def test_constants():
    def many():
        return int("12"), int(" ff ", 16), float("1e5"), complex("1+2j"), int("0b1", base=0)

    assert njit(many)() == many()


def test_bases():
    def many(x):
        return bin(x), oct(x), hex(x)

    compiled = njit(many)
    for value in (0, 1, -1, 2**63 - 1, -(2**63), True):
        assert compiled(value) == many(value)
