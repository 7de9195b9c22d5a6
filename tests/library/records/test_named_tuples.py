"""Named tuples in compiled code, against Python's."""

import typing
from collections import namedtuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit, typeof
from pellucid.base.diagnostics import CompileError
from pellucid.types.syntax import type_from_text

Point = namedtuple("Point", "x y z", defaults=[3.5])
Nested = namedtuple("Nested", "point text")


class Account(typing.NamedTuple):
    number: int
    balance: float = 2.0

    def total(self, factor=1):
        return self.number * factor + self.balance

    @property
    def twice(self):
        return self.number * 2


ORIGIN = Point(0, 1, 2)
NUMBERS = st.one_of(st.integers(-99, 99), st.floats(-9, 9))


def is_like(made, expected):
    """Equal, and of the same classes all the way down."""
    if type(made) is not type(expected):
        return False
    if isinstance(made, (tuple, list)):
        return len(made) == len(expected) and all(map(is_like, made, expected))
    return made == expected


@njit
def take_apart(p, q):
    x, y, z = p
    return (x, y, p.y, p[2], p[-1], len(p), p == q, p < q, x in p, p._fields, p[:2], p + q, z)


@njit
def make(a, b):
    return (
        Point(a, b), Point(y=a, x=b), Point(a, b, a), Point(a, z=1, y=b)._replace(y=0),
        Nested(Point(a, b), [a]), Nested(text=(a, b), point=ORIGIN).point.y, ORIGIN,
    )  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(NUMBERS, NUMBERS)
def test_fields_and_making(a, b):
    assert is_like(make(a, b), make.py_func(a, b))
    p, q = Point(a, b), Point(b, a, 1)
    assert is_like(take_apart(p, q), take_apart.py_func(p, q))


@njit
def use_account(account):
    return account.total(), account.total(factor=3), account.twice, type(account)(1, 2.5)


def test_methods_and_properties():
    assert is_like(use_account(Account(4)), use_account.py_func(Account(4)))


@njit
def collect(points):
    made = [Point(p.y, p.x, p.z) for p in points]
    total = 0
    for x, y, _ in points:
        total += x * y
    return made, points[0], total, {p: p.x for p in points}


def test_lists_and_keys():
    points = [Point(1, 2), Point(3, 4)]
    assert is_like(collect(points), collect.py_func(points))


@njit
def loop(p, n):
    for _ in range(n):
        p = Point(p.x + 1, p.x * 2, p.z)
    return p


def test_a_loop_changes_one():
    assert is_like(loop(Point(1, 2), 5), loop.py_func(Point(1, 2), 5))


@njit
def match(p):
    match p:
        case Point(x=0, y=y):
            return y
        case Point(x, 0):
            return -x
        case Point():
            return p.x + p.y
    return 99


@pytest.mark.parametrize("p", [Point(0, 5), Point(3, 0), Point(3, 4), (1, 2)])
def test_match(p):
    assert match(p) == match.py_func(p)


@njit
def make_wrong():
    return Point(1)


@njit
def read_wrong(p):
    return p.w


def test_mistakes():
    with pytest.raises(CompileError, match=r"missing 1 required positional argument: 'y'"):
        make_wrong()
    with pytest.raises(CompileError, match=r"has no attribute `w`"):
        read_wrong(ORIGIN)


def test_a_tuple_is_no_point():
    assert typeof(ORIGIN) != typeof(tuple(ORIGIN))
    assert type_from_text(str(typeof(ORIGIN))) == typeof(ORIGIN)


def test_classes_of_one_name_differ():
    def make_both():
        return namedtuple("Local", "a"), namedtuple("Local", "b")

    first, second = make_both()
    same = njit(lambda p: p)
    assert is_like(same(first(1)), first(1))
    assert is_like(same(second(1)), second(1))


def made_of(xs):
    return Point._make(xs), Point._make((1, 2.5, True)), Point._fields


def as_dicts(p, q):
    d = p._asdict()
    d["x"] += 1
    return d, q._asdict(), q._asdict()["y"], p._replace(y=9)


def test_made_of_an_iterable():
    compiled = njit(made_of)
    assert compiled([3, 4, 5]) == made_of([3, 4, 5])
    for wrong in ([3], [1, 2, 3, 4]):
        with pytest.raises(TypeError) as wanted:
            made_of(wrong)
        with pytest.raises(TypeError, match=str(wanted.value)):
            compiled(wrong)


def test_as_a_dict():
    args = Point(1, 2, 3), Point(1, "ÿ")
    assert njit(as_dicts)(*args) == as_dicts(*args)
