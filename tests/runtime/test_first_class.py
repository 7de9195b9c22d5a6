"""Functions of which compiled code knows only the signature, and functions for C."""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import CompileError, cfunc, njit, types
from pellucid.types.syntax import type_from_text

FLOAT_FUNCTION = types.FunctionType(types.float64(types.float64))
floats = st.floats(-100, 100)


@cfunc("float64(float64)")
def up(x):
    return x + 1


@njit
def square(x):
    return x * x


@njit("float64(float64)")
def half(x):
    return x / 2


@njit
def checked(x):
    if x > 10:
        raise ValueError("too large", x)
    return x


@njit
def compose(functions, x):
    for function in functions[::-1]:
        x = function(x)
    return x


@njit("float64(FunctionType(float64(float64)), float64)")
def apply(function, x):
    return function(x)


class Cosine(types.WrapperAddressProtocol):
    """libm's cos."""

    def __wrapper_address__(self) -> int:
        return ctypes.cast(ctypes.CDLL("libm.so.6").cos, ctypes.c_void_p).value or 0

    def signature(self) -> types.Signature:
        return types.float64(types.float64)

    def __call__(self, x: float) -> float:
        return math.cos(x)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from([up, square]), min_size=1, max_size=2), floats)
def test_tuples_with_a_cfunc_are_of_one_type(chosen: list[Callable[..., Any]], x: float) -> None:
    functions = (up, *chosen)
    assert compose(functions, x) == compose.py_func(functions, x)


def test_another_order_of_functions_compiles_nothing() -> None:
    compose((up, square), 0.5)
    before = compose.signatures
    assert compose((square, up), 0.5) == 2.25
    assert compose.signatures == before


def test_indexed_by_a_variable() -> None:
    @njit
    def pick(functions, i, x):
        return functions[i](x)

    functions = (up, square, half)
    for i in range(3):
        assert pick(functions, i, 3.0) == functions[i](3.0)
    with pytest.raises(IndexError):
        pick(functions, 3, 1.0)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([up, square, half, Cosine(), checked]), st.floats(-9, 9))
def test_explicit_signature_takes_any_function(function: Callable[..., Any], x: float) -> None:
    assert apply(function, x) == function(x)
    assert len(apply.signatures) == 1


def test_lazy_function_is_compiled_for_the_signature() -> None:
    @njit
    def cube(x):
        return x * x * x

    assert apply(cube, 3) == 27.0
    assert (types.float64,) in cube.signatures


def test_exceptions_propagate() -> None:
    with pytest.raises(ValueError, match="too large") as caught:
        apply(checked, 11.0)
    assert caught.value.args == ("too large", 11.0)

    @njit
    def guarded(function, x):
        try:
            return function(x)
        except ValueError:
            return -1.0

    assert guarded(up, 1.0) == 2.0

    @njit("float64(FunctionType(float64(float64)), float64)")
    def caught_inside(function, x):
        try:
            return function(x)
        except ValueError:
            return -1.0

    assert (caught_inside(checked, 11.0), caught_inside(checked, 1.0)) == (-1.0, 1.0)


def test_what_has_no_such_code_is_refused() -> None:
    wrong = njit("int64(int64)")(lambda x: x)
    with pytest.raises(TypeError, match="compiled for"):
        apply(wrong, 1.0)
    with pytest.raises(TypeError, match="cannot be compiled"):
        apply(_no_number, 1.0)
    with pytest.raises(TypeError, match="No matching definition"):
        apply(3, 1.0)
    with pytest.raises(TypeError, match="without code"):
        apply(njit(no_cfunc_wrapper=True)(lambda x: x), 1.0)

    @cfunc("int64(int64)")
    def other(x):
        return x

    with pytest.raises(TypeError):
        apply(other, 1.0)


@njit
def _no_number(x):
    return "text" if x > 0 else "other"


def test_goes_out_as_the_object_that_came_in() -> None:
    @njit
    def same(function):
        return function

    assert same(up) is up
    cosine = Cosine()
    assert same(cosine) is cosine


@settings(max_examples=15, deadline=None)
@given(st.booleans(), floats, floats)
def test_joined_with_a_closure(takes_closure: bool, x: float, k: float) -> None:
    function = up
    assert _joined(function, takes_closure, x, k) == (x + k if takes_closure else x + 1)


@njit
def _joined(function, takes_closure, x, k):
    def shifted(y):
        return y + k

    chosen = shifted if takes_closure else function
    return chosen(x)


def test_a_closures_array_lives_as_long_as_the_function() -> None:
    @njit
    def total(function, n, x):
        values = np.ones(n)

        def shifted(y):
            return y + values.sum()

        chosen = function
        if n > 2:
            chosen = shifted
        return chosen(x)

    assert total(up, 1, 1.0) == 2.0
    assert total(up, 10, 1.0) == 11.0


def test_a_changed_global_is_seen() -> None:
    global _offset
    _offset = 1.0
    assert apply(_with_global, 1.0) == 2.0
    _offset = 5.0
    assert apply(_with_global, 1.0) == 6.0


_offset = 1.0


@njit
def _with_global(x):
    return x + _offset


def test_functions_of_ctypes() -> None:
    libm = ctypes.CDLL("libm.so.6")
    power = libm.pow
    power.argtypes = (ctypes.c_double, ctypes.c_double)
    power.restype = ctypes.c_double

    @njit
    def call(function, x, y):
        return function(x, y)

    assert call(power, 2.0, 10) == 1024.0


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(CompileError, match="missing"):
        njit(lambda function: function())(up)
    with pytest.raises(CompileError, match="given"):
        njit(lambda function: function("text"))(up)


def test_text_form_reads_back() -> None:
    assert type_from_text(str(FLOAT_FUNCTION)) == FLOAT_FUNCTION
    assert str(FLOAT_FUNCTION) == "FunctionType(float64(float64))"


# ---- functions for C --------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(floats, floats)
def test_ctypes_and_address(x: float, y: float) -> None:
    kind = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_double)
    assert _add.ctypes(x, y) == kind(_add.address)(x, y) == _add(x, y) == x + y


@cfunc("float64(float64, float64)")
def _add(x, y):
    return x + y


def test_pointers_bools_and_small_ints() -> None:
    @cfunc("boolean(int8, boolean)")
    def both(x, flag):
        return x > 3 and flag

    for x in (-128, 3, 4, 127):
        for flag in (True, False):
            assert both.ctypes(x, flag) == both(x, flag)

    @cfunc("void(uint16)")
    def nothing(x):
        pass

    assert nothing.ctypes(3) is None


def test_called_from_compiled_code() -> None:
    @njit
    def twice(x):
        return up(up(x))

    assert twice(1.0) == 3.0


def test_exceptions_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    @cfunc("float64(float64)")
    def fails(x):
        if x > 1:
            raise ValueError("not across C")
        return x

    seen: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    assert fails.ctypes(0.5) == 0.5
    fails.ctypes(2.0)
    (told,) = seen
    assert isinstance(told.exc_value, ValueError)
    assert told.object is fails.py_func


def test_names_and_inspection() -> None:
    assert _add.__name__ == "_add"
    assert _add.native_name in _add.inspect_llvm()


def test_refused() -> None:
    with pytest.raises(TypeError, match="invalid signature"):
        cfunc(lambda x: x)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(TypeError, match="explicit return type"):
        cfunc("(float64,)")
    with pytest.raises(TypeError, match="invalid signature"):
        cfunc(["float64(float64)"])  # type: ignore[arg-type]  # what is refused
    with pytest.raises(NotImplementedError):
        cfunc("float64(float64)", forceobj=True)
    with pytest.raises(CompileError, match="by value"):
        cfunc("float64(float64[:])")
