"""Reductions beside NumPy: sums to the last bit."""

import numpy as np
import pytest
from array_checks import COMMON, check, laid_out, native, values, vector
from hypothesis import given, settings
from hypothesis import strategies as st

RANDOM = np.random.default_rng(7)

WHOLE = {
    "sum": lambda a: np.sum(a),
    "prod": lambda a: np.prod(a),
    "max": lambda a: np.max(a),
    "min": lambda a: a.min(),
    "argmax": lambda a: np.argmax(a),
    "argmin": lambda a: a.argmin(),
    "any": lambda a: np.any(a),
    "all": lambda a: a.all(),
    "count_nonzero": lambda a: np.count_nonzero(a),
    "mean": lambda a: np.mean(a),
    "var": lambda a: a.var(),
    "std": lambda a: np.std(a),
    "cumsum": lambda a: np.cumsum(a),
    "cumprod": lambda a: a.cumprod(),
    "nansum": lambda a: np.nansum(a),
}
ALONG = {
    "sum": (lambda a: np.sum(a, axis=0), lambda a: np.sum(a, 1), lambda a: a.sum(axis=-1)),
    "prod": (lambda a: np.prod(a, axis=0), lambda a: a.prod(1)),
    "max": (lambda a: np.max(a, axis=0), lambda a: a.max(1)),
    "min": (lambda a: np.min(a, axis=0), lambda a: a.min(-1)),
    "argmax": (lambda a: np.argmax(a, axis=0), lambda a: a.argmax(1)),
    "any": (lambda a: np.any(a, axis=0), lambda a: a.any(1)),
    "count_nonzero": (lambda a: np.count_nonzero(a, axis=0), lambda a: np.count_nonzero(a, 1)),
    "mean": (lambda a: np.mean(a, axis=0), lambda a: a.mean(1)),
    "var": (lambda a: np.var(a, axis=0), lambda a: np.var(a, axis=1, ddof=1)),
    "cumsum": (lambda a: np.cumsum(a, axis=0), lambda a: np.cumsum(a, 1)),
    "keepdims": (
        lambda a: np.sum(a, axis=0, keepdims=True),
        lambda a: np.max(a, 1, keepdims=True),
        lambda a: a.mean(keepdims=True),
    ),
    "dtype": (lambda a: np.sum(a, dtype=np.complex128), lambda a: a.sum(0, np.complex64)),
}
# Squares of complex numbers are added in another order than NumPy's conj(x) * x.
LOOSE = {"var", "std", "mean"}


def tolerance(name, dtype):
    if name in LOOSE:
        return {"rtol": 1e-5 if dtype in ("float32", "complex64") else 1e-13}
    return {}


@pytest.mark.parametrize("dtype", COMMON)
@pytest.mark.parametrize("name", WHOLE)
def test_all_items(name, dtype):
    items = vector(dtype)
    if name in LOOSE or name == "sum":
        items = items[np.isfinite(items)]
    check(WHOLE[name], items, engines=("interpreter",), **tolerance(name, dtype))


@pytest.mark.parametrize("name", WHOLE)
def test_all_items_in_machine_code(name):
    engines = ("machine code",)
    check(WHOLE[name], RANDOM.normal(size=1000), engines=engines, **tolerance(name, "float64"))
    check(WHOLE[name], np.zeros(0), engines=engines, **tolerance(name, "float64"))


@pytest.mark.parametrize("name", ALONG)
def test_along_an_axis(name):
    # Positive, so that no mean is near zero, where rounding would show.
    for layout in ("C", "F", "strided"):
        a = laid_out(RANDOM.uniform(0.5, 2, size=(5, 7)), layout)
        for function in ALONG[name]:
            check(function, a, engines=("interpreter",), **tolerance("mean", "float64"))
    a = np.arange(24).reshape(2, 3, 4)
    for function in ALONG[name]:
        check(function, a, engines=("interpreter",), **tolerance(name, "float64"))
        check(function, np.ones((3, 4), "float32"), **tolerance(name, "float32"))
        check(function, np.zeros((0, 4)), engines=("interpreter",))
        check(function, np.zeros((4, 0)), engines=("interpreter",))


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
def test_sums_are_equal_to_the_last_bit(dtype):
    total = native(WHOLE["sum"])
    for size in (0, 1, 2, 7, 8, 9, 15, 16, 127, 128, 129, 130, 255, 256, 1000, 4099, 100_003):
        a = (RANDOM.normal(size=size) * 10 ** RANDOM.uniform(-9, 9, size)).astype(dtype)
        if dtype.startswith("complex"):
            a = a + np.array(1j, dtype) * a[::-1]
        assert total(a) == np.sum(a), size


@pytest.mark.slow
def test_sums_of_blocks_are_equal_to_the_last_bit():
    a = RANDOM.normal(size=(300, 257))
    for function in (WHOLE["sum"], *ALONG["sum"]):
        for view in (a, a.T, a[:, ::2], a[::3], a[5]):
            if view.ndim == 2 or function is WHOLE["sum"]:
                wanted, got = function(view), native(function)(view)
                # NumPy copies rows with gaps to a buffer of 8192 items, and sums that by pairs.
                is_run = view.flags.forc or function is not WHOLE["sum"]
                assert np.array_equal(wanted, got) if is_run else np.isclose(wanted, got, 1e-13)


def test_a_sum_with_negative_zeros():
    check(WHOLE["sum"], np.full(3, -0.0))
    check(ALONG["sum"][0], np.full((2, 2), -0.0))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(values("float64")), min_size=1, max_size=40))
def test_extremes_with_nan(items):
    a = np.array(items)
    for name in ("argmax", "argmin"):
        check(WHOLE[name], a, engines=("interpreter",))
    for function in (WHOLE["max"], WHOLE["min"]):
        wanted, got = function(a), native(function)(a)
        assert wanted == got or (np.isnan(wanted) and np.isnan(got))  # either zero will do


@pytest.mark.parametrize("size", [255, 256, 257, 1023, 5000])
def test_places_in_long_rows(size):
    a = RANDOM.normal(size=size)
    b = a.copy()
    b[size // 2] = np.nan
    for name in ("argmax", "argmin", "any", "all"):
        for items in (a, b, a[::-1], np.zeros(size), np.where(np.arange(size) == size - 1, 1, 0)):
            assert native(WHOLE[name])(items) == WHOLE[name](items)


def test_empty_arrays():
    for name in ("max", "min", "argmax", "argmin"):
        check(WHOLE[name], np.zeros(0))
        check(WHOLE[name], np.zeros((0, 3)))


NAN_SAFE = [
    lambda a: np.nansum(a),
    lambda a: np.nanmax(a),
    lambda a: np.nanmin(a),
    lambda a: np.nanmean(a),
]


@pytest.mark.parametrize("function", NAN_SAFE)
def test_without_nan(function):
    check(function, np.array([1.0, np.nan, 3.0, -2.0]))


DIFFERENCES = [lambda a: np.diff(a), lambda a: np.diff(a, n=2), lambda a: np.diff(a, n=0)]


@pytest.mark.parametrize("function", DIFFERENCES)
def test_differences(function):
    check(function, np.array([1.0, 4.0, 9.0, 16.0]))
    check(function, np.arange(12).reshape(3, 4) ** 2)
    check(function, np.array([True, False, False]), engines=("interpreter",))
