"""`fastmath` and `error_model`: what they allow, and whose operations they speak of."""

import math
import warnings

import numpy as np
import pytest

from pellucid import errors, njit


def _add_associated(x, y):
    return (x - y) + y


@pytest.mark.parametrize(
    ("fastmath", "is_folded"),
    [
        (False, False), (True, True), ({"reassoc", "nsz"}, True), ({"reassoc"}, False),
        ({"nsz"}, False), ({"reassoc": True, "nsz": True, "arcp": False}, True),
    ],
)  # fmt: skip
def test_flags_allow_what_they_name(fastmath, is_folded):
    result = njit(fastmath=fastmath)(_add_associated)(0.0, math.inf)
    assert result == 0.0 if is_folded else math.isnan(result)


def test_fastmath_keeps_tests_for_nan():
    @njit(fastmath=True)
    def mean_without_nan(xs):
        total, count = 0.0, 0
        for x in xs:
            if not (math.isnan(x) or math.isinf(x)) and x == x:
                total += x
                count += 1
        return total / count

    assert mean_without_nan(np.array([2, math.nan, 4, math.inf])) == np.nanmean([2, math.nan, 4])


def test_fastmath_is_each_functions_own():
    fast, slow = njit(fastmath=True)(_add_associated), njit(_add_associated)
    first = njit(lambda x, y: (fast(x, y), (x - y) + y))(0.0, math.inf)
    assert first[0] == 0.0
    assert math.isnan(first[1])
    second = njit(fastmath=True)(lambda x, y: (slow(x, y), (x - y) + y))(0.0, math.inf)
    assert math.isnan(second[0])
    assert second[1] == 0.0


def test_sums_are_packed_with_fastmath():
    @njit(fastmath=True)
    def roots(xs):
        total = 0.0
        for x in xs:
            total += math.sqrt(x)
        return total

    xs = np.random.default_rng(1).random(1000)
    assert roots(xs) == pytest.approx(np.sqrt(xs).sum())
    (assembly,) = roots.inspect_asm().values()
    assert "sqrtpd" in assembly
    assert "addpd" in assembly


def test_error_model_is_each_functions_own():
    numpy_way = njit(error_model="numpy")(lambda x, y: x / y)
    python_way = njit(lambda x, y: x / y)
    assert njit(lambda x, y: numpy_way(x, y))(1.0, 0.0) == math.inf
    with pytest.raises(ZeroDivisionError):
        njit(error_model="numpy")(lambda x, y: python_way(x, y))(1.0, 0.0)
    with pytest.raises(ZeroDivisionError):
        njit(lambda x, y: (numpy_way(x, y), x / y))(1.0, 0.0)


def test_error_models():
    def divide(x, y):
        return x // y, x % y, x / y

    with pytest.raises(ZeroDivisionError):
        njit(divide)(1, 0)
    assert njit(error_model="numpy")(divide)(1, 0) == (0, 0, math.inf)
    ratio = njit(lambda x, y: x / y)
    assert ratio(np.ones(2), 0.0).tolist() == [math.inf, math.inf]
    with pytest.raises(ZeroDivisionError):
        njit(lambda x, y: x[0] / y[0])(np.ones(2), np.zeros(2))


def test_bounds_are_checked_as_each_function_says():
    unchecked = njit(boundscheck=False)(lambda xs, n: xs[n])
    checked = njit(lambda xs, n: xs[n])
    whole = np.arange(10.0)
    assert njit(lambda xs, n: unchecked(xs, n))(whole[:3], 5) == whole[5]
    with pytest.raises(IndexError):
        njit(boundscheck=False)(lambda xs, n: checked(xs, n))(whole[:3], 5)


def test_bounds_in_loops_are_checked_as_each_function_says():
    def total(xs, n):
        found = 0.0
        for i in range(n):
            found += xs[i]
        return found

    checked, unchecked = njit(total), njit(boundscheck=False)(total)
    whole = np.arange(10.0)
    assert njit(lambda xs, n: unchecked(xs, n))(whole[:3], 6) == sum(whole[:6])
    with pytest.raises(IndexError):
        njit(boundscheck=False)(lambda xs, n: checked(xs, n))(whole[:3], 6)


@pytest.mark.parametrize("flags", [{"nnan"}, {"fast"}, {"nnan", "reassoc"}])
@pytest.mark.parametrize("test", [math.isnan, np.isnan])
def test_dropping_nan_warns_beside_a_test_for_it(flags, test):
    def f(x):
        return test(x)

    with pytest.warns(errors.NumbaWarning, match=r"test_arithmetic_options.py:\d+: isnan\(\) is"):
        njit(fastmath=flags)(f)(1.0)
    with pytest.warns(errors.NumbaWarning, match="isnan"):  # code from the cache
        njit(fastmath=flags)(f)(1.0)


def test_fastmath_alone_does_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert njit(fastmath=True)(lambda x: math.isnan(x))(math.nan)
        assert not njit(fastmath={"nnan"})(lambda x: x * 2)(0.0)
