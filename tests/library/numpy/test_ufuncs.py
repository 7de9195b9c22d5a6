"""Every elementwise ufunc beside NumPy: all pairs of awkward items, all dtypes that have a loop."""

import linecache

import numpy as np
import pytest
from array_checks import ALL, arrays, check, native, pairs, vector
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.base.diagnostics import CompileError
from pellucid.library.index import overloads
from pellucid.library.numpy.ufuncs.define import Ufunc

UFUNCS = sorted(
    {declared.ufunc for declared in overloads() if isinstance(declared, Ufunc)},
    key=lambda ufunc: ufunc.__name__,
)
ELEMENTWISE = {
    ufunc
    for ufunc in vars(np).values()
    if isinstance(ufunc, np.ufunc) and ufunc.nout == 1 and ufunc.signature is None
}

# C's mathematical functions, and their packed forms, are right to a few units in the last place;
# NumPy has its own. Measured on the awkward items.
ULPS = 4
INEXACT = {
    np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.sin, np.cos, np.tan,
    np.arcsin, np.arccos, np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh, np.arccosh, np.arctanh,
    np.cbrt, np.hypot, np.arctan2, np.power, np.float_power, np.logaddexp, np.logaddexp2,
}  # fmt: skip


def function_of(ufunc):
    """A function that calls the ufunc."""
    names = "x" if ufunc.nin == 1 else "x, y"
    text = f"def call({names}):\n    return np.{ufunc.__name__}({names})\n"
    file = f"<ufunc {ufunc.__name__}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    module = {"np": np}
    exec(compile(text, file, "exec"), module)
    return module["call"]


CALLS = {ufunc: function_of(ufunc) for ufunc in UFUNCS}


def has_loop(ufunc, *dtypes):
    try:
        found = ufunc.resolve_dtypes((*map(np.dtype, dtypes), None))
    except TypeError:
        return False
    return all(dtype.char not in "egGOmM" for dtype in found)


def operands(ufunc, dtype, most=None):
    if ufunc.nin == 1:
        return (vector(dtype),)
    left, right = pairs(dtype, np.int64 if ufunc is np.ldexp else dtype, most)
    if ufunc is np.power and left.dtype.kind in "iu":
        keep = right >= 0
        return left[keep], right[keep]
    return left, right


def tolerance(ufunc, dtype):
    if dtype.startswith("complex") and ufunc in INEXACT | {
        np.sqrt,
        np.absolute,
        np.reciprocal,
        np.sign,
    }:
        return {"rtol": 1e-5 if dtype == "complex64" else 1e-14, "ulps": ULPS}
    return {"ulps": ULPS} if ufunc in INEXACT else {}


def test_all_elementwise_ufuncs_are_there():
    assert {u.__name__ for u in ELEMENTWISE - set(UFUNCS)} <= {"isnat"}


@pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda u: u.__name__)
def test_items(ufunc):
    for dtype in ALL:
        second = "int64" if ufunc is np.ldexp else dtype
        if has_loop(ufunc, *(dtype, second)[: ufunc.nin]):
            args = operands(ufunc, dtype, most=6)
            check(CALLS[ufunc], *args, engines=("interpreter",), **tolerance(ufunc, dtype))


@pytest.mark.sweep
@pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda u: u.__name__)
def test_machine_code(ufunc):
    for dtype in ALL:
        second = "int64" if ufunc is np.ldexp else dtype
        if has_loop(ufunc, *(dtype, second)[: ufunc.nin]):
            args = operands(ufunc, dtype)
            check(CALLS[ufunc], *args, engines=("machine code",), **tolerance(ufunc, dtype))


@pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda u: u.__name__)
def test_scalars(ufunc):
    dtype = "int64" if has_loop(ufunc, *("int64",) * ufunc.nin) else "float64"
    args = [vector(dtype)[i] for i in (5, 6)][: ufunc.nin]
    if ufunc is np.ldexp:
        args = [0.5, 3]
    check(CALLS[ufunc], *(arg.item() if hasattr(arg, "item") else arg for arg in args), ulps=ULPS)


def add(x, y):
    return np.add(x, y)


def less(x, y):
    return x < y


@settings(max_examples=25, deadline=None)
@given(st.data(), st.sampled_from([add, less]))
def test_mixed_operands(data, function):
    check(function, data.draw(arrays()), data.draw(arrays()), engines=("interpreter",))


@settings(max_examples=10, deadline=None)
@given(arrays(dtypes=("float64",)), arrays(dtypes=("float64",)))
def test_layouts_in_machine_code(x, y):
    check(add, x, y)


def plus_one(x):
    return x + 1


def times_large(x):
    return x * 70


def less_than_large(x):
    return x < 300


def with_bool(x):
    return x + True


@pytest.mark.parametrize("dtype", ALL)
@pytest.mark.parametrize("function", [plus_one, times_large, less_than_large, with_bool])
def test_int_constants_are_weak(dtype, function):
    check(function, vector(dtype), engines=("interpreter",))


def test_a_constant_out_of_range_is_refused():
    def beyond(x):
        return x + 300

    with pytest.raises(CompileError, match="Python integer 300 out of bounds for int8"):
        native(beyond)(vector("int8"))


# ---- out --------------------------------------------------------------------------------------


def into(x, y, out):
    return np.multiply(x, y, out)


def shifted(a):
    np.add(a[:-1], a[1:], a[1:])
    return a


def backwards(a):
    np.add(a, a[::-1], a)
    return a


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_out(data):
    x, y = data.draw(arrays(("float64", "int64"))), data.draw(arrays(("int64",)))
    out = data.draw(arrays(("float64",), layouts=("C", "F", "strided")))
    check(into, x, y, out, engines=("interpreter",))


def test_out_that_shares_memory():
    for function in (shifted, backwards):
        check(function, np.arange(600.0))
        check(function, np.arange(600.0)[::3])


def test_errors():
    a = np.ones(3)
    check(add, a, np.ones(4))
    check(into, a, a, np.ones(4))
    check(into, a, np.ones((2, 3)), np.ones(3))
    check(into, np.ones(1), np.ones(1), np.ones(3))


def integer_power(x, y):
    return np.power(x, y)


def test_negative_integer_power():
    check(integer_power, np.array([2, 3]), np.array([3, -1]))
