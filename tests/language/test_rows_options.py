"""Sections JM, FM, DBG, GDB and DEV, row by row: what options and variables change, and deviations."""

# ruff: noqa

import math

import numpy as np
import pytest
from fresh_process import run_python
from rows import Rows

from pellucid import jit_module, njit

modules = Rows("JM", 4)
for row in ("01", "02", "03", "04"):
    modules.elsewhere(row, "tests/jit/test_jit_module.py")

fast = Rows("FM", 7)
for row in ("01", "03", "04"):
    fast.elsewhere(row, "tests/jit/test_arithmetic_options.py")


def associated(x, y):
    return (x - y) + y


@fast.tested_by("02")
@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (False, math.nan),
        (True, 0.0),
        ({"reassoc", "nsz"}, 0.0),
        ({"reassoc"}, math.nan),
        ({"nsz"}, math.nan),
        ({"nsz": True, "reassoc": True}, 0.0),
    ],
)
def test_flags_of_fast_mathematics(flags, expected):
    assert njit(cache=False, fastmath=flags)(associated)(0.0, math.inf) == pytest.approx(
        expected, nan_ok=True
    )


@fast.tested_by("02")
@pytest.mark.parametrize("flags", [{"unknown"}, ["nsz"], "fast"])
def test_other_flags_are_refused(flags):
    with pytest.raises(ValueError):
        njit(fastmath=flags)(associated)


PAIRS = ((7, 0), (7.5, 0.0), (1j, 0j), (True, False), (0.0, 0.0))
fast.same("05", *PAIRS)(lambda a, b: a / b)
fast.same("05", *PAIRS[:2], PAIRS[3])(lambda a, b: a // b)
fast.same("05", *PAIRS[:2], PAIRS[3])(lambda a, b: a % b)
fast.same("05", (0.0, -1.0), (0, -1))(lambda a, b: float(a) ** b)


@fast.tested_by("05")
def test_arrays_do_not_raise():
    with np.errstate(all="ignore"):
        assert njit(cache=False)(lambda a, b: a / b)(np.ones(2), 0.0).tolist() == [
            math.inf,
            math.inf,
        ]
    with pytest.raises(ZeroDivisionError):
        njit(cache=False)(lambda a, b: a[0] / b[0])(np.ones(2), np.zeros(2))


@fast.tested_by("06")
def test_the_error_model_of_numpy():
    f = njit(cache=False, error_model="numpy")(lambda x, y: (x // y, x % y, x / y))
    assert f(1, 0) == (0, 0, math.inf)
    assert f(-1, 0)[2] == -math.inf
    assert all(map(math.isnan, (f(0.0, 0.0)[2], f(1.0, 0.0)[1])))
    with pytest.raises((KeyError, ValueError)):
        njit(error_model="other")(associated)


@fast.tested_by("07")
def test_mathematics_does_not_raise():
    f = njit(cache=False)(lambda x: (math.sqrt(-x), math.log(x - x), math.exp(x * 1000)))
    root, logarithm, power = f(1.0)
    assert math.isnan(root)
    assert (logarithm, power) == (-math.inf, math.inf)


debug = Rows("DBG", 8)
for row in ("02", "03", "04", "05"):
    debug.elsewhere(row, "tests/jit/test_debug_information.py")

debug.elsewhere("06", "tests/backend/test_remarks.py")
debug.elsewhere("08", "tests/cache/test_perf_map.py")


@debug.tested_by("01", "07")
def test_without_the_compiler_functions_stay_plain():
    code = (
        "from pellucid import njit, jit, prange, objmode\n"
        "f = njit(lambda x: sum(i for i in prange(x)))\n"
        "print(type(f).__name__, hasattr(f, 'py_func'), f(3))\n"
    )
    assert run_python(code, PELLUCID_DISABLE_JIT="1").split() == ["function", "False", "3"]


gdb = Rows("GDB", 6)
for row in ("01", "02", "03", "04", "05", "06"):
    gdb.elsewhere(row, "tests/jit/test_gdb.py")

deviations = Rows("DEV", 14)
deviations.elsewhere("01", "tests/jit/test_arithmetic_options.py")
deviations.elsewhere("02", "tests/programs/test_exceptions.py")


@deviations.tested_by("03")
def test_integers_wrap():
    f = njit(cache=False)(lambda a: (a + 1, a * 2, -(-a - 1)))
    assert f(2**63 - 1) == (-(2**63), -2, -(2**63))


deviations.same("04", (True,), (False,), python=lambda b: not b)(lambda b: ~b)

SCALE = 2


@deviations.tested_by("05")
def test_a_changed_global_is_seen():
    global SCALE
    f = njit(cache=False)(lambda x: x * SCALE)
    assert f(3) == 6
    SCALE = 5
    try:
        assert f(3) == 15
    finally:
        SCALE = 2


@deviations.tested_by("06")
def test_an_unset_variable_is_an_error():
    def f(n):
        if n:
            x = 1
        return x

    assert njit(cache=False)(f)(1) == 1
    with pytest.raises(UnboundLocalError):
        njit(cache=False)(f)(0)


for row in ("07", "09", "10"):
    deviations.elsewhere(row, "tests/library/math/test_elementary.py")
deviations.elsewhere("08", "tests/programs/test_interrupts.py")
for row in ("11", "12"):
    deviations.elsewhere(row, "tests/library/numpy/test_reductions.py")


@deviations.tested_by("13")
def test_mixed_operands():
    f = njit(cache=False)(lambda a, b: a**b)
    assert f(np.ones(2, np.float32), np.ones(2, np.int32)).dtype in (np.float32, np.float64)


deviations.elsewhere("14", "tests/library/numpy/test_ufuncs.py")


@pytest.mark.parametrize(
    "case",
    [*modules.parameters(), *fast.parameters(), *debug.parameters(), *deviations.parameters()],
)
def test_row(case):
    case.check()


@pytest.mark.parametrize(
    "rows", [modules, fast, debug, gdb, deviations], ids=lambda rows: rows.section
)
def test_every_row_is_told_about(rows):
    rows.check_complete()
