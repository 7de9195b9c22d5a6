"""How the entry of a compiled function takes its arguments: as CPython does, or with its errors."""

import sys
from contextlib import suppress

import numpy as np
import pytest
from references import reference_changes

from pellucid import njit
from pellucid.types import uint64


def positional_only(a, b, /, c=3):
    return a * 100 + b * 10 + c


def keywords(a, b=2, *, c=3, d):
    return a * 1000 + b * 100 + c * 10 + d


def starred(a, *rest, c=1):
    return a * 100 + len(rest) * 10 + c


def nothing():
    return None


def pair(a, b):
    return a, b


CALLS = [
    (positional_only, "(1, 2)"),
    (positional_only, "(1, 2, 4)"),
    (positional_only, "(1, 2, c=4)"),
    (positional_only, "(1)"),
    (positional_only, "(1, 2, 3, 4)"),
    (positional_only, "(1, b=2)"),
    (positional_only, "(a=1, b=2)"),
    (positional_only, "(1, 2, 3, c=4)"),
    (keywords, "(1, d=4)"),
    (keywords, "(d=4, a=1)"),
    (keywords, "(1, 5, d=4, c=6)"),
    (keywords, "(*(1, 5), **{'d': 4})"),
    (keywords, "(1)"),
    (keywords, "(1, 2, 3)"),
    (keywords, "(1, 2, 3, d=4)"),
    (keywords, "(1, x=2, d=4)"),
    (keywords, "(1, a=2, d=4)"),
    (keywords, "()"),
    (keywords, "(b=1, d=2)"),
    (starred, "(1)"),
    (starred, "(1, 2, 3)"),
    (starred, "(1, 2, 3, c=5)"),
    (starred, "(1, *range(5))"),
    (starred, "()"),
    (starred, "(1, 2, b=3)"),
    (nothing, "()"),
    (nothing, "(1)"),
    (nothing, "(a=1)"),
]


@pytest.mark.parametrize(("function", "call"), CALLS, ids=[f"{f.__name__}{c}" for f, c in CALLS])
@pytest.mark.parametrize("warm", [False, True], ids=["first", "again"])
def test_arguments_bind_as_in_python(function, call, warm):
    compiled = njit(function)
    if warm:
        _outcome(compiled, call)
    assert _outcome(compiled, call) == _outcome(function, call)


def _outcome(function, call):
    try:
        return eval(f"f{call}", {"f": function})
    except TypeError as error:
        return str(error)


def test_a_keyword_that_is_not_interned_is_found():
    compiled = njit(keywords)
    assert compiled(1, d=2) == 1232
    name = "".join(["", "d"])
    assert compiled(1, **{name: 2}) == 1232
    long = njit(lambda some_long_name: some_long_name)
    assert long(some_long_name=1) == 1
    assert long(**{"some_" + "long_name": 2}) == 2


def test_a_changed_default_takes_effect_after_recompiling():
    def function(a=1):
        return a

    compiled = njit(function)
    assert compiled() == 1
    function.__defaults__ = (5,)
    compiled.recompile()
    assert compiled() == 5


INTS = [0, 1, -1, 2**15, -(2**30), 2**30 - 1, 2**30, 2**31, 2**45, 2**60, -(2**60), 2**62]
INTS += [2**63 - 1, -(2**63), 2**63, 2**64 - 1]


@pytest.mark.parametrize("value", INTS)
def test_ints_of_every_size_come_back(value):
    assert _same(value) == value
    assert type(_same(value)) is int


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1])
def test_ints_that_are_too_large_name_the_argument(value):
    with pytest.raises(OverflowError, match=r"_same\(\) argument 'x': int of 6[45] bits"):
        _same(value)


@njit
def _same(x):
    return x


SCALARS = [
    True,
    False,
    None,
    1.5,
    float("inf"),
    1 + 2j,
    np.bool_(True),
    np.bool_(False),
    *(np.dtype(c).type(3) for c in "bBhHiIlLqQfdFD"),
]


@pytest.mark.parametrize("value", SCALARS, ids=[repr(v) for v in SCALARS])
def test_scalars_come_back_as_python_scalars(value):
    result = _same(value)
    expected = value.item() if isinstance(value, np.generic) else value
    assert result == expected
    assert type(result) is type(expected)
    assert _same(value) == expected  # now through the entry


def test_nan_and_negative_zero_keep_their_bits():
    for value in (float("nan"), -0.0, np.float32("nan"), complex(-0.0, float("nan"))):
        assert repr(_same(value)) == repr(value.item() if isinstance(value, np.generic) else value)


class SubInt(int):
    pass


class SubFloat(float):
    pass


def test_subclasses_of_numbers_count_as_their_base():
    assert _same(SubInt(7)) == 7
    assert type(_same(SubInt(7))) is int
    assert _same(SubFloat(1.5)) == 1.5
    assert type(_same(SubFloat(1.5))) is float


TUPLES = [(), (1,), (1, 2.5, None), ((1, (2,)), True), (1, (1j, -1), np.float32(2))]


@pytest.mark.parametrize("value", TUPLES, ids=map(repr, TUPLES))
def test_tuples_come_back(value):
    assert _same(value) == value
    assert _same(value) == value


def test_tuples_of_arrays_give_the_same_arrays():
    a, b = np.arange(3), np.ones((2, 2))
    for _ in range(2):
        result = _same((a, (b, 1)))
        assert result[0] is a
        assert result[1][0] is b


def test_slices_and_ranges_come_back():
    for value in (slice(1, None), slice(None), slice(1, 2, -3), range(3), range(10, 2, -3)):
        assert _same(value) == value
        assert _same(value) == value


def test_functions_classes_and_modules_come_back():
    for value in (np.sin, ValueError, np, len, np.dtype("f4")):
        assert _same(value) is value
        assert _same(value) is value


def test_a_scalar_class_is_a_dtype():
    assert _same(np.float32) == np.dtype("f4")
    assert _same(np.float32) == np.dtype("f4")


def test_other_types_make_other_specialisations():
    function = njit(pair)
    assert function(1, 2.0) == (1, 2.0)
    assert function(1.0, 2) == (1.0, 2)
    assert function(True, None) == (True, None)
    assert [function(1, 2.0), function(1.0, 2), function(True, None)] == [
        (1, 2.0),
        (1.0, 2),
        (True, None),
    ]
    texts = [", ".join(map(str, s)) for s in function.signatures]
    assert texts == ["int64, float64", "float64, int64", "bool, none"]


def test_a_numpy_uint64_is_not_an_int64():
    function = njit(lambda x: x)
    function(np.uint64(3))
    assert function.signatures == [(uint64,)]


def test_constants_keep_their_reference_counts():
    numbers = (10**15, 1.25, (1, 2), np.float32(2))
    changes = reference_changes(lambda: [_same(n) for n in numbers], *numbers, None, True)
    assert changes[:4] == [0, 0, 0, 0]
    if sys.version_info < (3, 12):  # later they are immortal, and have no count
        assert all(abs(change) < 10 for change in changes[4:])


def test_a_call_keeps_no_reference_to_its_arguments():
    a = np.arange(5)
    b = (a, 3)
    many = njit(lambda x, y, z=1.5: (y, x, z))
    assert reference_changes(lambda: many(a, b), a, b) == [0, 0]
    assert reference_changes(lambda: many(y=b, x=a), a, b) == [0, 0]


def test_a_call_that_fails_keeps_no_reference():
    a = np.arange(5)

    @njit
    def fails(x, i):
        return x[i]

    def call():
        with suppress(IndexError):
            fails(a, 10)

    assert reference_changes(call, a) == [0]

    def wrong():
        with suppress(TypeError):
            fails(a)

    assert reference_changes(wrong, a) == [0]
