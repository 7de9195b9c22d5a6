"""Dataclass instances in compiled code, against Python's."""

import copy
import dataclasses
import enum
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit, typeof
from pellucid.base.diagnostics import CompileError
from pellucid.types.syntax import type_from_text


class Kind(enum.Enum):
    ROUND = 1
    FLAT = 2


@dataclass
class Body:
    mass: float
    position: tuple[float, float] = (0.0, 0.0)
    trail: list[int] = field(default_factory=list)
    kind: Kind = Kind.ROUND

    def move(self, dx):
        self.position = (self.position[0] + dx, self.position[1])
        self.trail.append(int(dx))
        return self

    @property
    def x(self):
        return self.position[0]

    @staticmethod
    def unit():
        return 2.5


@dataclass(frozen=True, order=True)
class Vector:
    x: int
    y: int
    scale: ClassVar[int] = 5

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __rmul__(self, factor):
        return Vector(factor * self.x, factor * self.y)

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __abs__(self):
        return abs(self.x) + abs(self.y)


@dataclass
class Base:
    a: int
    b: int = 2


@dataclass
class Derived(Base):
    c: float = 1.0
    d: float = field(init=False)
    e: int = field(default=7, kw_only=True)

    def __post_init__(self):
        self.d = self.a + self.c


@dataclass
class Tree:
    left: Base
    right: Base | None
    names: dict[str, int]
    seen: set[int]


@dataclass
class Holder:
    value: Any
    items: Any


@dataclass(slots=True)
class Slotted:
    n: int
    xs: np.ndarray


@njit
def advance(body, dx):
    body.mass += 1.5
    body.kind = Kind.FLAT
    body.move(dx).move(1)
    return body, body.x, body.mass * body.unit()


def test_an_argument_is_written_back():
    mine, theirs = Body(1.0), Body(1.0)
    trail = mine.trail
    result = advance(mine, 2.0)
    assert result == advance.py_func(theirs, 2.0)
    assert result[0] is mine
    assert mine == theirs
    assert mine.trail is trail


@njit
def fail_late(body):
    body.mass = 9.0
    body.trail.append(1)
    raise ValueError(body.mass)


def test_it_is_written_back_after_an_exception():
    body = Body(1.0)
    with pytest.raises(ValueError, match=r"9\.0"):
        fail_late(body)
    assert body == Body(9.0, trail=[1])


@njit
def make_bodies(n):
    bodies = []
    for i in range(n):
        bodies.append(Body(i, trail=[i]))
    bodies.append(Body(position=(1.0, 2.0), mass=3, kind=Kind.FLAT))
    bodies[0].move(3.0)
    return bodies


def test_instances_are_made():
    assert make_bodies(3) == make_bodies.py_func(3)


@njit
def make_derived(a):
    made = Derived(a, c=2.5)
    other = Derived(1, e=9)
    return made, other, made.d, made.b, dataclasses.replace(made, b=5), dataclasses.astuple(other)


def test_inheritance_and_post_init():
    assert make_derived(3) == make_derived.py_func(3)


@njit
def compare(a, b):
    return a == b, a != b, a < b, a <= b, a > b, a >= b, a is b, a in (a, b)


@njit
def calculate(a, b):
    return a + b, -a, abs(b), 3 * a, Vector.scale, {a: 1, b: 2}, {a, b}


VECTORS = st.builds(Vector, st.integers(-3, 3), st.integers(-3, 3))


@settings(max_examples=30, deadline=None)
@given(VECTORS, VECTORS)
def test_operators(a, b):
    assert compare(a, b) == compare.py_func(a, b)
    assert calculate(a, b) == calculate.py_func(a, b)


@njit
def change_tree(tree):
    tree.left.a = 10 + len(tree.seen)
    if tree.right is not None:
        tree.right.b = 99
    tree.names["new"] = 3
    tree.seen.add(4)
    if tree.right is None:
        tree.left = Base(tree.left.a, 6)
    return tree


@pytest.mark.parametrize("right", [None, Base(2)])
def test_nested(right):
    mine = Tree(Base(1), copy.copy(right), {"x": 1}, {1})
    theirs = copy.deepcopy(mine)
    parts = mine.left, mine.right, mine.names, mine.seen
    assert change_tree(mine) is mine
    change_tree.py_func(theirs)
    assert mine == theirs
    assert (mine.left is parts[0]) == (right is not None)
    assert mine.right is parts[1]
    assert mine.names is parts[2]
    assert mine.seen is parts[3]


@njit
def match(vector):
    match vector:
        case Vector(x=0, y=y):
            return y
        case Vector(x, 0):
            return -x
        case Vector(x, y):
            return x + y


@pytest.mark.parametrize("vector", [Vector(0, 5), Vector(3, 0), Vector(3, 4)])
def test_match(vector):
    assert match(vector) == match.py_func(vector)


@njit
def sum_masses(bodies):
    total = 0.0
    for body in bodies:
        total += body.mass
        body.mass = 0
    bodies[0].trail.append(5)
    return total


def test_a_list_of_them():
    first = Body(1.0)
    mine = [first, Body(2.5), first]
    theirs = copy.deepcopy(mine)
    assert sum_masses(mine) == sum_masses.py_func(theirs)
    assert mine == theirs
    assert mine[0] is first
    assert mine[2] is first


@njit
def use_holder(holder):
    holder.items.append(holder.value)
    return holder.value, holder.items


@pytest.mark.parametrize("value", [1, 2.5, "text", (1, 2)])
def test_fields_without_a_type_take_that_of_the_value(value):
    holder = Holder(value, [value])
    result = use_holder(holder)
    assert result == (value, [value, value])
    assert type(result[0]) is type(value)


@njit
def use_slots(slotted):
    slotted.n += 1
    slotted.xs[0] = slotted.n
    return slotted


def test_slots():
    slotted = Slotted(1, np.zeros(2))
    assert use_slots(slotted) is slotted
    assert slotted.n == 2
    assert slotted.xs[0] == 2


@njit
def assign_frozen(vector):
    vector.x = 3


@njit
def assign_text(base):
    base.a = "text"


@njit
def make_wrong():
    return Base()


def test_mistakes():
    with pytest.raises(CompileError, match="frozen"):
        assign_frozen(Vector(1, 2))
    with pytest.raises(CompileError, match="`a` is a int64, which a str is not"):
        assign_text(Base(1))
    with pytest.raises(CompileError, match="missing 1 required positional argument: 'a'"):
        make_wrong()
    holder = Holder(1, 2)
    holder.value = holder
    with pytest.raises(TypeError, match="holds itself"):
        njit(lambda h: h.value)(holder)


@pytest.mark.parametrize("value", [Body(1.0), Vector(1, 2), Holder(1, "x")], ids=repr)
def test_type_text(value):
    assert type_from_text(str(typeof(value))) == typeof(value)
