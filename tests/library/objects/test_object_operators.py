"""Operators, comparisons, attributes and items of Python objects in compiled code."""

import gc
import sys
import traceback

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from object_programs import Broken, Thing, check, compiled, outcome

from pellucid import errors, njit

ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=4),
    st.binary(max_size=4),
    st.lists(st.integers(0, 3), max_size=3),
    st.tuples(st.integers(0, 3)),
    st.sets(st.integers(0, 3), max_size=2),
)
SETTINGS = settings(max_examples=60, deadline=None)


def arithmetic(x, y):
    return [x + y, x - y, x * y, x / y, x // y, x % y, divmod(x, y), -x, +x, abs(x)]


def added(x, y):
    return x + y, 2 + x, x + 1.5, "a" + x if isinstance(x, str) else y


def raised_to(x, y):
    return x**2, y**x, 3**y


def compared(x, y):
    return x < y, x <= y, x == y, x != y, x > y, x >= y


def equal(x, y):
    return x == y, x != y, x == 1, y == 1.5, x is y, x is not y, not x, x in (y, 1)


def bits(x, y):
    return x & y, x | y, x ^ y, x << y, x >> y, x & 1, 1 | x


def in_place(x, y):
    a = x
    a += y
    b = x
    b -= y
    b *= 3
    b /= 2
    b //= y
    b %= 7
    b **= 2
    c = y
    c <<= 2
    c |= 1
    return a, b, c


def test_arithmetic():
    check(arithmetic, (7, 3), (7.5, -2), (True, 2), (10**30, 7), (7, 0), ("a", 1), (None, 1))
    check(arithmetic, (np.float64(2.5), np.int32(2)), (np.arange(1, 4), 2), (Thing(1), 2))
    check(added, ("a", "b"), ([1], [2]), (Thing(1), Thing(2)), (2, 10**30), (2.5, None))
    check(raised_to, (2, 3), (2.5, -1), (10, 20), ("a", 1))
    check(bits, (12, 2), (True, 1), ({1, 2}, {2}), (1.5, 1))
    check(in_place, (5, 3), (10**20, 3), ([1], [2]), (Thing(1), 2))


@SETTINGS
@given(ANY, ANY)
def test_generated_operands(x, y):
    check(added, (x, y))
    check(compared, (x, y))
    check(equal, (x, y))


def chained(x):
    return 1 < x < 10, x >= 0, (x > 3 and x) or "small", not x


def truth(x):
    return "yes" if x else "no"


def test_truth_and_chains():
    check(chained, (5,), (2,), (99,), ("s",), (0,))
    check(truth, (0,), ("x",), ([],), (Broken(),), (np.arange(3),), (Thing(),))


def identity(x):
    return x is None, x is not None, x is x, x is True, x == None  # noqa: E711


def test_identity():
    check(identity, (None,), (True,), (5,), (Thing(),))


def attributes(v):
    v.new = [1, 2, 3]
    held = v.new
    v.n += 5
    del v.new
    name = "n" if v else "shared"
    return (
        held,
        v.shared,
        v.n,
        hasattr(v, "new"),
        hasattr(v, "n"),
        getattr(v, name),
        getattr(v, "zzz", "default"),
        getattr(v, "zzz", None),
    )


def items(v):
    found = v[1], v[1:2], v["k"], v[1, 2:3, ...], v[:], v[::2]
    v[3] = 4
    before = v.n
    v["x"] += (1,)
    del v[1:3]
    return found, before, v.n


def in_lists(x):
    values = [10, 20, 30]
    values[x] = 5
    del values[x]
    return values, (1, 2, 3)[x], "abc"[x], [7, 8, 9][x]


def arrays(a):
    a[0] = 5.5
    a[1:] += 1
    return a.sum(), a.shape, a[0], a.mean(axis=0), a @ a, a.T, a * np.arange(3.0)


def test_attributes_and_items():
    check(attributes, (Thing(1),), (5,), (Thing(-5),))
    check(items, (Thing(1),), ([1, 2],), (5,))
    check(in_lists, (1,), (5,), ("a",), (-1,), (True,), (None,))
    check(arrays, (np.arange(3.0),), (np.arange(3),))


def joined(x, flag):
    y = 1
    if flag:
        y = x
    z = None
    if flag:
        z = x
    return y, z, x if flag else "text", [x, 1, "s"], {"a": x, "b": 2}


def test_where_paths_meet_values_become_objects():
    check(joined, (5, True), ([], True), ("q", False), (None, True))


def fail(x):
    if x:
        value = x.first
        return value + 1
    return 0


def test_errors_have_their_place():
    for wrong in (5, Thing(1)):
        with pytest.raises(AttributeError) as caught:
            compiled(fail)(wrong)
        last = traceback.extract_tb(caught.value.__traceback__)[-1]
        assert (last.name, last.line) == ("fail", "value = x.first")


def keeps(x, y):
    items = [x, y]
    total = x
    for item in items:
        total = item
        if item == 5:
            raise ValueError(item)
    held = {str(i): item for i, item in enumerate(items)}
    return total, held, (x, x)


def test_references_are_balanced():
    thing = object()
    function = compiled(keeps)

    def call():
        assert outcome(lambda: function(thing, thing), ())[1] is tuple
        with pytest.raises(ValueError, match="5"):
            function(thing, 5)

    call()
    gc.collect()
    before = sys.getrefcount(thing)
    for _ in range(50):
        call()
    gc.collect()
    assert sys.getrefcount(thing) == before


def test_objects_are_taken_where_they_are_asked_for_only():
    with pytest.raises(TypeError):
        njit(cache=False)(lambda x: x)(object())
    told = []
    with pytest.raises(errors.TypingError) as caught:
        njit("int64(pyobject)", cache=False)(lambda x: x + 1)
    told.append(str(caught.value))
    with pytest.raises(errors.TypingError) as caught:

        @njit("int64(pyobject, dict(str, int64))", cache=False)
        def looks_up(key, known):
            return known[key]

    told.append(str(caught.value))
    with pytest.raises(errors.TypingError) as caught:

        @njit("int64(pyobject, list(int64))", cache=False)
        def appends(item, items):
            items.append(item)
            return len(items)

    told.append(str(caught.value))
    assert "pyobject" in told[0]
    assert "convert the object first" in told[1]
    assert "pyobject" in told[2]
