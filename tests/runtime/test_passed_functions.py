"""Functions that Python passes to compiled ones share code by what they captured."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import njit, objmode

SCALE = 2


@njit
def apply(f, x):
    return f(x)


@njit
def apply_all(fs, x):
    return [f(x) for f in fs]


def decorated(n: Any) -> Any:
    @njit
    def inner(x):
        return x - n

    return inner


def plain(n: Any) -> Any:
    return lambda x: x - n


def with_default(n: Any) -> Any:
    return lambda x, k=n: x - k


FACTORIES = [decorated, plain, with_default]


def receiver() -> Any:
    """A compiled function that was not called yet."""

    def call(f, x):
        return f(x)

    return njit(call)


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_receiver_is_compiled_once_for_all_products(factory: Callable[..., Any]) -> None:
    call = receiver()
    products = [factory(n) for n in range(50)]
    assert [call(f, 10) for f in products] == [f(10) for f in products]
    assert [call(f, 3) for f in reversed(products)] == [f(3) for f in reversed(products)]
    assert len(call.signatures) == 1


@pytest.mark.parametrize("factory", FACTORIES)
def test_each_type_of_what_is_captured_has_its_code(factory: Callable[..., Any]) -> None:
    call = receiver()
    values = [1, 2.5, True, 3, 1j, np.arange(3.0), np.arange(4.0), 2**63, -7.5]
    for value in values:
        f = factory(value)
        np.testing.assert_array_equal(call(f, 10), 10 - value if factory is plain else f(10))
    assert len(call.signatures) == len({_kind(value) for value in values})


def _kind(value: Any) -> object:
    return (type(value), value >= 2**63) if type(value) is int else type(value)


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from([decorated, plain, with_default]),
    st.integers(-(2**63), 2**63 - 1) | st.floats() | st.complex_numbers(),
)
def test_captured_numbers(factory: Callable[..., Any], number: Any) -> None:
    f = factory(number)
    pure = getattr(f, "py_func", f)
    if isinstance(number, int):
        expected = (0 - number + 2**63) % 2**64 - 2**63
    else:
        expected = pure(0)
    np.testing.assert_array_equal(apply(f, 0), expected)


@pytest.mark.parametrize("text", ["", "a", "é", "€uro", "\U0001f600", "x" * 1000])
def test_captured_text(text: str) -> None:
    assert apply(lambda s: s + text, "b") == "b" + text


def test_a_cell_that_changes_is_read_again() -> None:
    n = 1

    def f(x):
        return x * n

    call = receiver()
    assert call(f, 5) == 5
    n = 7
    assert call(f, 5) == 35
    n = 0.5
    assert call(f, 5) == 2.5
    assert len(call.signatures) == 2


def test_a_default_that_changes_is_read_again() -> None:
    call = receiver()
    f = with_default(1)
    assert call(f, 5) == 4
    f.__defaults__ = (3,)
    assert call(f, 5) == 2
    g: Any = lambda x, k=3, j=None: x * k  # noqa: ARG005, E731
    assert call(g, 5) == 15
    g.__defaults__ = (4, None)
    assert call(g, 5) == 20


def test_an_array_is_the_very_array() -> None:
    held = np.zeros(3)

    @njit
    def put(i):
        held[i] = i + 1.0

    @njit
    def call(f, i):
        f(i)

    for i in range(3):
        call(put, i)
    assert held.tolist() == [1.0, 2.0, 3.0]


def _helpers() -> tuple[Any, Any]:
    return (lambda x: x + 1), (lambda x: x * 100)


def composed(helper: Any, n: int) -> Any:
    return lambda x: helper(x) - n


def test_captured_functions_are_told_apart() -> None:
    call = receiver()
    one, two = _helpers()
    fs = [composed(helper, n) for n in range(3) for helper in (one, two)]
    for _ in range(2):
        assert [call(f, 4) for f in fs] == [f(4) for f in fs]


def test_globals_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def scaled(n: int) -> Any:
        return lambda x: x * SCALE + n

    call = receiver()
    f, g = scaled(1), scaled(2)
    assert (call(f, 10), call(g, 10)) == (21, 22)
    monkeypatch.setitem(globals(), "SCALE", 3)
    assert (call(g, 10), call(f, 10)) == (32, 31)
    assert call(scaled(5), 10) == 35
    monkeypatch.setitem(globals(), "SCALE", 0.5)
    assert (call(f, 10), call(g, 10)) == (6.0, 7.0)


def test_code_that_is_replaced() -> None:
    call = receiver()
    f, g = plain(1), plain(2)
    assert (call(f, 10), call(g, 10)) == (9, 8)
    n = 5
    g.__code__ = (lambda x: x * n).__code__
    assert (call(f, 10), call(g, 10)) == (9, 20)


def test_functions_in_tuples() -> None:
    for start in range(4):
        fs = (plain(start), plain(start + 1), with_default(start))
        assert apply_all(fs, 9) == [f(9) for f in fs]
    assert len(apply_all.signatures) == 1

    @njit
    def call(x, *fs):
        return fs[0](x) + fs[1](x)

    assert [call(9, plain(i), decorated(2 * i)) for i in range(4)] == [18 - 3 * i for i in range(4)]
    assert len(call.signatures) == 1


def test_what_is_returned_is_the_same_function() -> None:
    @njit
    def same(f):
        return f

    @njit
    def first(f, g):
        return (f, g)

    f, g = plain(1), plain(2)
    assert same(f) is f
    assert same(g) is g
    assert first(f, g) == (f, g)
    made = decorated(3)
    assert same(made) is made


def test_what_outlives_the_call() -> None:
    @njit
    def later(f, n):
        def inner(x):
            return f(x) * n

        return inner

    @njit
    def each(f, xs):
        for x in xs:
            yield f(x)

    for k in range(3):
        assert later(plain(k), 2)(10) == (10 - k) * 2
        held = np.arange(3.0) + k
        assert list(each(lambda i: held[i], (0, 1, 2))) == held.tolist()  # noqa: B023


def test_identity_of_functions() -> None:
    @njit
    def is_same(f, g):
        return f is g

    f, g = plain(1), plain(1)
    assert [is_same(f, f), is_same(f, g), is_same(g, g), is_same(g, f)] == [
        True,
        False,
        True,
        False,
    ]


def test_numbers_that_must_be_known() -> None:
    def getter(i: int) -> Any:
        return lambda pair: pair[i]

    pair = (1, "two")
    assert [apply(getter(i), pair) for i in (0, 1, 0)] == [1, "two", 1]
    assert apply(plain(4), 5) == 1  # and what else is passed


def test_python_code_gets_the_very_function() -> None:
    seen: list[Any] = []

    @njit
    def call(f):
        with objmode():
            seen.append(f)

    f, g, h = plain(1), plain(2), decorated(3)
    for each in (f, g, h, g):
        call(each)
    assert [a is b for a, b in zip(seen, (f, g, h, g), strict=True)] == [True] * 4


def test_arrays_in_what_is_returned() -> None:
    def getter(held: np.ndarray) -> Any:
        return lambda i: held[i:]

    @njit
    def rests(f, n):
        return [f(i) for i in range(n)]

    for k in range(3):
        held = np.arange(4.0) * k
        found = rests(getter(held), 3)
        assert all(np.shares_memory(rest, held) for rest in found)
        del held
        assert [rest.tolist() for rest in found] == [[0.0, k, 2 * k, 3 * k][i:] for i in range(3)]
    assert len(rests.signatures) == 1


def test_an_error_names_the_place() -> None:
    call = receiver()
    f = plain("text")
    with pytest.raises(Exception, match="is not defined between int64"):
        call(f, 1)
    assert call(plain(2), 1) == -1
    assert call(plain(3), 1) == -2


def test_an_exception_in_a_passed_function() -> None:
    def divider(n: int) -> Any:
        return lambda x: x // n

    assert apply(divider(2), 5) == 2
    with pytest.raises(ZeroDivisionError):
        apply(divider(0), 5)


def test_passed_on_and_called_in_loops() -> None:
    @njit
    def twice(f, x):
        return apply(f, apply(f, x))

    @njit
    def fold(f, xs):
        total = 0.0
        for x in xs:
            total = f(total) + x
        return total

    xs = np.arange(5.0)
    for n in (1.0, 2.0, -3.5):
        assert twice(plain(n), 9.0) == 9.0 - 2 * n
        assert fold(decorated(n), xs) == fold.py_func(decorated(n).py_func, xs)
    assert len(twice.signatures) == len(fold.signatures) == 1


def test_own_options_are_kept() -> None:
    @njit(error_model="numpy")
    def call(f, x):
        return f(x)

    @njit(error_model="python")
    def strict(x):
        return 1.0 / x

    def divided(n: float) -> Any:
        @njit(error_model="python")
        def inner(x):
            return n / x

        return inner

    for n in (1.0, 2.0):
        with pytest.raises(ZeroDivisionError):
            call(divided(n), 0.0)
    assert call(lambda x: 1.0 / x, 0.0) == np.inf


def test_products_are_not_kept_alive() -> None:
    call = receiver()
    call(decorated(0), 1)
    f = decorated(1)
    assert call(f, 5) == 4
    gone = weakref.ref(f)
    del f
    gc.collect()
    assert gone() is None


def test_inspection() -> None:
    call = receiver()
    call(plain(1), 2)
    assert "define" in next(iter(call.inspect_llvm().values()))
