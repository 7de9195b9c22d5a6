"""The text, and the hash, of instances of users' classes, against Python's."""

import array
import enum
from collections import namedtuple
from dataclasses import dataclass, field

import pytest

from pellucid import njit

Point = namedtuple("Point", "x y")


class Color(enum.Enum):
    RED = 1
    BLUE = "b"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 20


class Mode(enum.Flag):
    READ = 1
    WRITE = 2


class Bits(enum.IntFlag):
    READ = 1
    WRITE = 2


class Own(enum.Enum):
    A = 1

    def __str__(self):
        return "own " + self.name


@dataclass(frozen=True)
class Vector:
    x: int
    y: float = 2.5
    hidden: int = field(default=0, repr=False)


@dataclass
class Line:
    start: Vector
    name: str


@dataclass
class Quiet:
    n: int

    def __repr__(self):
        return f"quiet {self.n}"


VALUES = [
    Point(1, "a"), Point((1, 2), Point(1, 2)), *Color, *Level, *Mode, Mode(0), Mode(3), *Bits,
    Bits(0), Bits(3), Bits(9), *Own, Vector(1), Line(Vector(2), "it's"), Quiet(3),
]  # fmt: skip


@njit
def texts(value):
    return str(value), repr(value), f"{value} {value!r}", str((value, 1)), repr([value])


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_texts(value):
    assert texts(value) == texts.py_func(value)


@njit
def hash_of(value):
    return hash(value)


@pytest.mark.parametrize(
    "value", [*Color, *Level, Vector(3), Point(1, 2.5), Point("a", 1)], ids=repr
)
def test_hashes(value):
    assert hash_of(value) == hash(value)


@njit
def sum_and_set(items):
    total = 0
    for item in items:
        total += item
    items[0] = 5
    return total, len(items), items[1]


@pytest.mark.parametrize("code", "bBhHiIlLqQfd")
def test_arrays_of_the_array_module(code):
    mine, theirs = array.array(code, [1, 2, 3]), array.array(code, [1, 2, 3])
    assert sum_and_set(mine) == sum_and_set.py_func(theirs)
    assert mine == theirs


@pytest.mark.filterwarnings("ignore:The 'u' type code is deprecated")
def test_an_array_of_characters_is_refused():
    with pytest.raises(TypeError, match="an array of characters"):
        sum_and_set(array.array("u", "abc"))
