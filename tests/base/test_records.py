"""A record is a standard dataclass from its first instance on."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import threading
from dataclasses import field
from typing import ClassVar

import pytest
from fresh_process import run_python

from pellucid.base.records import Record, record
from pellucid.types import Boolean, boolean


@record(frozen=True)
class Point(Record):
    x: int
    y: int = 2
    names: tuple[str, ...] = field(default_factory=tuple)
    kind: ClassVar[str] = "point"

    def __post_init__(self) -> None:
        assert self.x < 100


class Special(Point):
    """Adds no fields."""


@record(frozen=True, eq=False)
class ByIdentity(Record):
    x: int


@record()
class Counter(Record):
    count: int = 0


@record(frozen=True)
class Empty(Record):
    pass


def test_it_is_the_standard_one() -> None:
    one = Point(1)
    assert repr(one) == "Point(x=1, y=2, names=())"
    assert one == Point(1, 2)
    assert one != Point(1, 3)
    assert len({one, Point(1, 2), Point(y=2, x=1)}) == 1
    assert dataclasses.is_dataclass(one)
    assert [part.name for part in dataclasses.fields(one)] == ["x", "y", "names"]
    assert dataclasses.replace(one, y=5) == Point(1, 5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.x = 3  # type: ignore[misc]  # that is the point
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
    with pytest.raises(AssertionError):
        Point(100)


def test_constructor_is_the_standard_one_after_the_first_instance() -> None:
    Point(1)
    assert Point.__init__ is not Record.__init__
    assert Point.__init__.__code__.co_varnames[:3] == ("self", "x", "y")


def test_subclass_may_come_first() -> None:
    @record(frozen=True)
    class Base(Record):
        pass

    @record(frozen=True)
    class Derived(Base):
        x: int
        y: int = 1

    class Plain(Derived):
        pass

    assert Plain(1) == Plain(1, 1)
    assert Base() == Base()
    assert Base() != Plain(1)
    match Derived(3, 4):
        case Derived(x, y):
            assert (x, y) == (3, 4)


def test_fields_are_not_added_to_fields() -> None:
    with pytest.raises(AssertionError, match="adds to a class with fields"):

        @record(frozen=True)
        class Named(Point):
            name: str = "n"


def test_class_without_fields_of_its_own_is_told_apart() -> None:
    assert Special(1) == Special(1)
    assert Special(1) != Point(1)
    assert hash(Special(1)) == hash(Special(1))
    assert repr(Special(1)).startswith("Special(x=1")


def test_class_without_any_fields_takes_no_arguments() -> None:
    assert Empty() == Empty()
    assert copy.copy(boolean) == Boolean()
    with pytest.raises(TypeError):
        Empty(1)  # type: ignore[call-arg]


def test_options_hold() -> None:
    assert ByIdentity(1) != ByIdentity(1)
    counter = Counter()
    counter.count += 1
    assert counter == Counter(1)
    assert Counter.__hash__ is None


def test_copies_and_pickles_are_equal() -> None:
    from pellucid.types import Array, float64

    made = Array(float64, 2, "C")
    assert copy.copy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made


def test_instance_that_is_unpickled_before_any_is_made_compares() -> None:
    from pellucid.types import Array, Tuple, float64

    data = pickle.dumps([Tuple((Array(float64, 2, "C"),))] * 2, protocol=4)
    other = pickle.dumps(Tuple((Array(float64, 2, "C"),)))
    code = (
        "import pickle, sys\n"
        "a, b = (pickle.loads(bytes.fromhex(text)) for text in sys.argv[1:])\n"
        "print(a[0] == b, hash(a[0]) == hash(b), a[0])"
    )
    assert run_python(code, data.hex(), other.hex()).startswith("True True ")


def test_threads_may_race_for_the_first_instance() -> None:
    for _ in range(50):

        @record(frozen=True)
        class Raced(Record):
            x: int

        made: list[object] = []
        start = threading.Barrier(4)

        def work(cls=Raced, made=made, start=start) -> None:
            start.wait()
            made.append(cls(1))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert made == [Raced(1)] * 4
