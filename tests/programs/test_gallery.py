"""Each program of the gallery gives CPython's result, and changes its arguments as CPython does."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from gallery import PROGRAMS

from pellucid import njit

# Sums may be taken in another order, and packed functions are within 4 units in the last place.
TOLERANCE = 1e-12


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_gives_pythons_result(name: str) -> None:
    pyfunc, args = PROGRAMS[name]
    expected_args, given_args = copy.deepcopy(args), copy.deepcopy(args)
    with np.errstate(all="ignore"):
        expected = pyfunc(*expected_args)
    result = njit(pyfunc)(*given_args)
    check(result, expected)
    for given, wanted in zip(given_args, expected_args, strict=True):
        check(given, wanted)


def check(result: Any, expected: Any) -> None:
    if isinstance(expected, tuple):
        assert isinstance(result, tuple)
        assert len(result) == len(expected)
        for have, want in zip(result, expected, strict=True):
            check(have, want)
    elif isinstance(expected, np.ndarray):
        assert isinstance(result, np.ndarray)
        assert (result.dtype, result.shape) == (expected.dtype, expected.shape)
        np.testing.assert_allclose(result, expected, rtol=TOLERANCE, atol=TOLERANCE)
    elif expected is None or isinstance(expected, (bool, np.bool_)):
        assert result is None if expected is None else result == expected
    else:
        assert result == pytest.approx(expected, rel=TOLERANCE)
