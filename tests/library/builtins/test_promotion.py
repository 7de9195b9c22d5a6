"""Which type two numbers meet in: the rule beside Numba's answers, where Numba is installed."""

import itertools
import operator

import pytest
from differential import SCALAR_TYPES, result_type, scalar

from pellucid.library.builtins.promotion import promote, promote_floating
from pellucid.types import (
    complex64,
    complex128,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint64,
)


@pytest.mark.parametrize(
    ("left", "right", "meeting"),
    [
        (int8, int8, int64),
        (uint8, uint8, uint64),
        (int64, uint64, int64),
        (int32, float32, float64),
        (int16, float32, float32),
        (uint16, float32, float64),
        (float32, complex64, complex64),
        (int32, complex64, complex128),
        (float64, complex64, complex128),
    ],
)
def test_numbers_meet_in(left, right, meeting):
    assert promote(left, right) == meeting
    assert promote(right, left) == meeting


def test_division_of_integers_is_float64():
    assert promote_floating(int8, int8) == float64
    assert promote_floating(float32, int8) == float32


def test_power_of_a_float_keeps_its_width():
    def power(a, b):
        return a**b

    assert result_type(power, scalar(float32, 2), 3) == float32
    assert result_type(power, 2.0, 3) == float64


NUMBA_OPERATORS = (
    operator.add,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.lshift,
    operator.and_,
    operator.lt,
)


@pytest.mark.slow
@pytest.mark.parametrize("function", NUMBA_OPERATORS, ids=lambda f: f.__name__)
def test_rule_is_numbas(function):
    pytest.importorskip("numba")
    from numba import types
    from numba.core.errors import TypingError
    from numba.core.registry import cpu_target

    context = cpu_target.typing_context
    context.refresh()
    numba_names = {ty: "bool_" if str(ty) == "bool" else str(ty) for ty in SCALAR_TYPES}
    by_name = {str(ty): getattr(types, name) for ty, name in numba_names.items()}
    numba_function = context.resolve_value_type(function)
    for left, right in itertools.product(SCALAR_TYPES, SCALAR_TYPES):
        arguments = (by_name[str(left)], by_name[str(right)])
        try:
            found = context.resolve_function_type(numba_function, arguments, {})
        except TypingError:
            found = None
        if found is not None:
            assert str(_ours(function, left, right)) == str(found.return_type), (left, right)


def _ours(function, left, right):
    from pellucid.inference.overloads import Refused
    from pellucid.library.builtins import comparison, operators

    name = function.__name__
    declared = getattr(operators, name, None) or getattr(comparison, name)
    try:
        answer = declared.template(left, right)
    except Refused as reason:
        return reason
    if hasattr(answer, "sig"):
        return answer.sig.ret
    if name == "lshift":
        from pellucid.library.builtins.promotion import widened

        return widened(left)
    return promote_floating(left, right) if name == "truediv" else promote(left, right)
