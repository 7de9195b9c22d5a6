"""Numbers as text: `str`, `repr`, `format` with specs made at run time and while compiling."""

import itertools
import math
import random
import struct

import numpy as np
import pytest
from differential import outcome_of, sampled
from hypothesis import example, given
from hypothesis import strategies as st

from pellucid import njit

COUNT = 10_000


@njit
def text_of(x):
    return str(x)


@njit
def formatted(x, spec):
    return format(x, spec)


def random_floats(generator, count):
    """Floats of all kinds: any bits, everyday sizes, powers of two, halves, subnormals."""
    for _ in range(count):
        match generator.randrange(6):
            case 0:
                yield struct.unpack("<d", generator.randbytes(8))[0]
            case 1:
                yield generator.uniform(-1, 1) * 10.0 ** generator.randint(-8, 20)
            case 2:
                yield math.ldexp(generator.choice([-1.0, 1.0]), generator.randint(-1074, 1023))
            case 3:
                yield generator.randrange(-(10**6), 10**6) / 2 ** generator.randrange(20)
            case 4:
                yield generator.randrange(10**6) * 5e-324
            case _:
                yield float(generator.randrange(10**20) * 10 ** generator.randrange(12))


def test_shortest_digits_of_float64():
    generator = random.Random(1)
    for value in random_floats(generator, COUNT):
        assert text_of(value) == str(value)


def test_shortest_digits_of_float32():
    generator = random.Random(2)
    for _ in range(COUNT):
        value = np.frombuffer(generator.randbytes(4), np.float32)[0]
        # NumPy's digits, laid out as Python does: where NumPy writes exponents changed with 2.4.
        assert text_of(value) == repr(float(str(value)))


@sampled
@given(st.floats())
@example(5e-324)
@example(1.7976931348623157e308)
@example(9007199254740993.0)
@example(-0.0)
def test_any_float(value):
    assert text_of(value) == str(value)


@pytest.mark.parametrize("ty", [np.int8, np.int64, np.uint8, np.uint64, np.int32])
def test_integers(ty):
    generator = random.Random(3)
    info = np.iinfo(ty)
    values = [info.min, info.max, 0, 1, *(10**n for n in range(19) if 10**n <= info.max)]
    values += [generator.randint(info.min, info.max) for _ in range(1000)]
    for value in values:
        assert text_of(ty(value)) == str(value)


@sampled
@given(st.complex_numbers(allow_nan=True, allow_infinity=True))
@example(complex(-0.0, 1.0))
@example(complex(0.0, -0.0))
def test_complex_numbers(value):
    assert text_of(value) == str(value)


def test_everything_else():
    for value in (True, False, None, (), (1,), (1, (2.5, None)), ((True, 1j), -3)):
        assert text_of(value) == str(value)


# ---- specs ----------------------------------------------------------------------------------


def random_spec(generator, kinds):
    """A spec, hardly ever a wrong one."""

    def maybe(choices, often=0.4):
        return generator.choice(choices) if generator.random() < often else ""

    align = maybe(["<", ">", "=", "^"])
    fill = maybe(["*", "0", "é", "日", "🐍", "<"]) if align else ""
    return "".join(
        (
            fill + align,
            maybe(["+", "-", " "]),
            maybe(["z"], 0.1),
            maybe(["#"], 0.2),
            maybe(["0"], 0.2),
            maybe([str(generator.randrange(1, 40))], 0.6),
            maybe([",", "_"], 0.3),
            maybe([f".{generator.choice([0, 1, 2, 3, 6, 10, 17, 25, 60])}"], 0.5),
            maybe(kinds, 0.9),
        )
    )


def check_specs(values, kinds, seed):
    generator = random.Random(seed)
    for value in values:
        spec = random_spec(generator, kinds)
        expected = outcome_of(format, value, spec)
        found = outcome_of(formatted, value, spec)
        assert found == expected, (value, spec)


def test_floats_by_specs():
    check_specs(random_floats(random.Random(4), COUNT), [*list("eEfFgGn%"), "", "d", "s"], 5)


def test_integers_by_specs():
    generator = random.Random(6)
    values = [generator.getrandbits(63) >> generator.randrange(63) for _ in range(COUNT)]
    values = [value * generator.choice([1, -1]) for value in values]
    check_specs(values, [*list("bcdnoxXeEfFgG%"), "", "s"], 7)


def test_complex_by_specs():
    floats = list(random_floats(random.Random(8), 4000))
    values = map(complex, floats[::2], floats[1::2])
    check_specs(values, [*list("eEfFgGn"), "", "%", "d"], 9)


def test_text_by_specs():
    generator = random.Random(10)
    alphabet = "ab é日🐍"
    values = ["".join(generator.choices(alphabet, k=generator.randrange(9))) for _ in range(3000)]
    check_specs(values, ["s", "", "d"], 11)


def test_bools_by_specs():
    for value, spec in itertools.product((True, False), ("", "d", "5", "<7", "x", "05", ".2f")):
        assert outcome_of(formatted, value, spec) == outcome_of(format, value, spec)


@sampled
@given(st.text("<>=^+- z#0123456789,_.bdefgnoxs%é", max_size=7))
@example("é>+#010_x")
@example("99999999999999999999")
@example(".")
@example(",_")
@example("_,")
def test_any_spec(spec):
    for value in (12345, -2.5, 1 + 2j, "text"):
        expected, found = outcome_of(format, value, spec), outcome_of(formatted, value, spec)
        assert found == expected, (value, spec)


def test_specs_known_while_compiling():
    def many(x, n, z, s):
        return (
            f"{x:.3f} {x:10.2e} {x:+g} {x!r:>12} {x:_.1f} {x:%}",
            f"{n:05d} {n:#x} {n:^9b} {n:,} {n:.1f} {n:c}",
            f"{z:.2f} {s:*^9} {s!s} {None} {True:d} {(1, x)}",
        )

    compiled = njit(many)
    for x, n in ((1234.5678, 65), (-0.0, 1), (1e300, 0x1F40D)):
        assert compiled(x, n, 2 - 1j, "é") == many(x, n, 2 - 1j, "é")


def test_none_and_tuples_take_no_spec():
    for value in (None, (1, 2)):
        expected, found = outcome_of(format, value, "5"), outcome_of(formatted, value, "5")
        assert expected.error
        assert found == expected
        assert formatted(value, "") == str(value)
