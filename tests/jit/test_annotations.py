"""`jit(annotations=True)`: annotations are eager signatures, and arguments are held to them."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import pytest
from numpy.typing import NDArray

import pellucid
from pellucid import errors, float32, float64, int64, njit


@pytest.fixture(scope="module")
def f():
    @njit(annotations=True)
    def f(n: int, x: float, y: np.float32 = 1) -> float:
        return n * x + y

    return f


def test_annotations_of_all_parameters_are_an_eager_signature(f):
    assert f.signatures == [(int64, float64, float32)]
    assert f.nopython_signatures[0].return_type == float64


def test_arguments_convert_where_nothing_is_lost(f):
    for args in ((2, 3), (True, 2.5, 2), (3, 1.5, np.float32(0.5)), (np.int8(3), True)):
        assert f(*args) == f.py_func(*args)
    assert f(2, x=1) == f.py_func(2, x=1)
    assert len(f.signatures) == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((2.5, 1.0), r"f\(\) parameter 'n' is annotated as int \(int64\), not float64"),
        (("a", 1.0), r"parameter 'n' is annotated as int \(int64\), not str"),
        ((1, 1j), r"parameter 'x' is annotated as float \(float64\), not complex128"),
        ((1, 1.0, 1.0), r"parameter 'y' is annotated as float32, not float64"),
    ],
)
def test_other_arguments_are_refused_by_name(f, args, message):
    with pytest.raises(TypeError, match=message):
        f(*args)


def test_arrays_and_open_parameters():
    @njit(annotations=True)
    def g(xs: NDArray[np.float64], k, other: Any = 0):
        return xs.sum() * k + other

    assert not g.signatures
    assert g(np.ones(3), 2) == 6
    assert g(np.ones((2, 2)), 2.5) == 10
    with pytest.raises(TypeError, match="parameter 'xs' is annotated as an array of float64, not"):
        g(np.ones(3, np.int64), 2)


def test_tuples_options_and_own_types():
    @njit(annotations=True)
    def pair(p: tuple[int, float], n: pellucid.int64, most: Optional[int]):  # noqa: UP045
        return p[0] * p[1] + n if most is None else p[1]

    assert pair((2, 1.5), 3, None) == 6.0
    assert pair((2, 1.5), 3, 4) == 1.5
    with pytest.raises(TypeError, match="parameter 'p'"):
        pair((2, 1), 3, None)


def test_annotations_that_are_no_types():
    def lists(x: list[complex]): ...
    def unknown(x: NoSuchName): ...  # noqa: F821
    def stars(*xs: int): ...

    with pytest.raises(TypeError, match=r"parameter 'x': list.complex. is not a type of compiled"):
        njit(annotations=True)(lists)
    with pytest.raises(TypeError, match="NoSuchName"):
        njit(annotations=True)(unknown)
    with pytest.raises(TypeError, match=r"'xs': \*args"):
        njit(annotations=True)(stars)
    with pytest.raises(TypeError, match="contradict"):
        njit("int64(int64)", annotations=True)(lambda x: x)


def test_a_return_type_that_does_not_fit():
    def f(x: float) -> int:
        return x, x

    with pytest.raises(errors.TypingError, match="its signature says int64"):
        njit(annotations=True)(f)
