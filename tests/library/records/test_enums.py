"""Members of enumerations in compiled code, against Python's."""

import enum

import pytest

from pellucid import njit, typeof
from pellucid.base.diagnostics import CompileError
from pellucid.types.syntax import type_from_text


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 4
    CRIMSON = 1  # noqa: PIE796 (another name of RED)

    def is_warm(self):
        return self is Color.RED


class Word(enum.Enum):
    A = "a"
    B = "bb"


class Mixed(enum.Enum):
    ONE = 1
    TWO = "two"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 20


class Mode(enum.Flag):
    READ = 1
    WRITE = 2
    RUN = 4


class Bits(enum.IntFlag):
    READ = 1
    WRITE = 2
    RUN = 4


ALL = [*Color, *Word, *Mixed, *Level]


@njit
def identify(member):
    return member, member.name, member == member, member != member, bool(member)


@pytest.mark.parametrize("member", ALL, ids=str)
def test_identity(member):
    assert identify(member) == identify.py_func(member)


@njit
def value_of(member):
    return member.value


@pytest.mark.parametrize("member", [*Color, *Word, *Level, *Mode], ids=str)
def test_values(member):
    assert value_of(member) == member.value


@njit
def look_up(color, value):
    if color == Color.GREEN:
        return Color["BLUE"]
    if color is Color.RED:
        return Color.CRIMSON
    return Color(value)


@pytest.mark.parametrize("color", list(Color))
@pytest.mark.parametrize("value", [1, 2])
def test_members_are_found(color, value):
    assert look_up(color, value) is look_up.py_func(color, value)


def test_a_wrong_value():
    with pytest.raises(ValueError, match=r"^3 is not a valid Color$"):
        look_up(Color.BLUE, 3)
    words = njit(lambda text: Word(text))
    assert words("bb") is Word.B
    with pytest.raises(ValueError, match="is not a valid Word"):
        words("c")


@njit
def known():
    return Mixed.ONE.value, Mixed.TWO.value, Color.RED.name, Word.A.value, Color.RED.is_warm()


@njit
def over_class():
    values = [c.value for c in Color]
    by_member = {c: c.value for c in Color}
    return values, by_member, list(Color), len(Color), Color.RED == Word.A, Color.RED != 1


def test_the_class():
    assert known() == known.py_func()
    assert over_class() == over_class.py_func()


@njit
def as_int(level, items):
    return (
        level + 1, 2.5 * level, level < Level.HIGH, level == 1, level in (1, 5), items[level],
        range(level), abs(-level), level // 2, [0] * level, max(level, 3), int(level),
    )  # fmt: skip


def test_int_members_are_ints():
    items = list(range(30))
    for level in Level:
        assert as_int(level, items) == as_int.py_func(level, items)


@njit
def joined(level, which):
    found = None
    if which > 0:
        found = level
    number = level if which > 1 else 7
    return found, number


def test_an_int_member_meets_other_values():
    for which in range(3):
        assert joined(Level.HIGH, which) == joined.py_func(Level.HIGH, which)
    assert type(joined(Level.HIGH, 1)[0]) is Level


@njit
def join(a, b):
    return a | b, a & b, a ^ b, ~a, a in b, bool(a & b), a == b, (a | b).value


@pytest.mark.parametrize("cls", [Mode, Bits])
def test_flags(cls):
    every = [cls(i) for i in range(8)]
    for a in every:
        for b in every:
            assert join(a, b) == join.py_func(a, b)
            assert list(map(type, join(a, b))) == list(map(type, join.py_func(a, b)))


def test_a_wrong_flag():
    make = njit(lambda value: Mode(value))
    assert make(6) == Mode(6)
    with pytest.raises(ValueError, match="is not a valid Mode"):
        make(9)
    assert njit(lambda value: Bits(value))(9) == Bits(9)


@njit
def match(color):
    match color:
        case Color.RED:
            return "r"
        case Color.GREEN | Color.BLUE:
            return "gb"
    return "?"


@pytest.mark.parametrize("color", list(Color))
def test_match(color):
    assert match(color) == match.py_func(color)


@njit
def collect(members):
    counts = {}
    for member in members:
        counts[member] = counts.get(member, 0) + 1
    return members[0], counts, set(members)


@pytest.mark.parametrize("cls", [Color, Level, Mode])
def test_keys(cls):
    members = [*cls, *cls, next(iter(cls))]
    assert collect(members) == collect.py_func(members)


def test_mistakes():
    with pytest.raises(CompileError, match="MAUVE"):
        njit(lambda: Color["MAUVE"])()
    with pytest.raises(CompileError):
        njit(lambda c: c < Color.RED)(Color.BLUE)


@pytest.mark.parametrize("member", ALL, ids=str)
def test_type_text(member):
    assert type_from_text(str(typeof(member))) == typeof(member)
