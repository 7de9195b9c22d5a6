"""The manual's rows as tests: each row of a section has programs, or the place that tests it.

    rows = Rows("TUP", 16)

    @rows.same("07", ((1, 2), (3,)))        # as CPython, for these arguments
    def concatenation(a, b):
        return a + b

    rows.refused("05", "no-matching-overload", 3)(lambda i: (1, 2.5)[i])
    rows.elsewhere("14", "tests/library/builtins/test_tuples.py")

A case's id is the row's id and the function's name: `pytest -k TUP-07`. Arguments that are changed
are given as a function that makes them.
"""

import copy
import pathlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from engines import describe, outcome_of

from pellucid import njit
from pellucid.base.diagnostics import CompileError

_ROOT = pathlib.Path(__file__).parents[2]


@dataclass(frozen=True)
class Case:
    """A function that behaves as in CPython, or that is refused."""

    function: Any
    arguments: tuple[Any, ...]  # tuples of arguments
    options: dict[str, Any]
    python: Any = None  # what to compare with, where that is not the function itself
    code: str = ""  # of the error, where it is refused

    def check(self):
        compiled = njit(**self.options)(self.function)
        for given in self.arguments:
            if self.code:
                with pytest.raises(CompileError) as caught:
                    compiled(*given)
                codes = [d.code for d in caught.value.diagnostics]
                assert codes == [self.code], str(caught.value)
                continue
            mine, theirs = copy.deepcopy(given), copy.deepcopy(given)
            found = outcome_of(compiled, *mine), describe(mine)
            expected = outcome_of(self._in_python, *theirs), describe(theirs)
            assert found == expected, f"{given}: {found}\nin Python: {expected}"

    def _in_python(self, *args):
        return without_scalars((self.python or self.function)(*args))


def without_scalars(value):
    """The value with Python's numbers for NumPy's: compiled code has but one of them."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)(map(without_scalars, value))
    if type(value) is dict:
        return {without_scalars(k): without_scalars(v) for k, v in value.items()}
    return value


class Rows:
    """The cases of one section."""

    def __init__(self, section, rows):
        """`rows`: how many there are, or which of them are meant."""
        self.section = section
        self.rows = {f"{n:02}" for n in (range(1, rows + 1) if isinstance(rows, int) else rows)}
        self.cases = []
        self.told = set()

    def same(self, row, *arguments, python=None, **options):
        """Note a function that gives what CPython gives, for each tuple of arguments."""

        def note(function):
            self._add(row, Case(function, arguments or ((),), options, python))
            return function

        return note

    def refused(self, row, code, *arguments, **options):
        """Note a function that is refused with the code, for each tuple of arguments."""

        def note(function):
            self._add(row, Case(function, arguments or ((),), options, code=code))
            return function

        return note

    def tested_by(self, *names):
        """Note a test function of its own for rows."""

        def note(function):
            self.told.update(names)
            return function

        return note

    def elsewhere(self, row, path):
        """Note that another file tests the row."""
        assert (_ROOT / path).exists(), path
        self.told.add(row)

    def lacking(self, row, reason):
        """Note that the row does not hold yet, and why."""
        assert reason
        self.told.add(row)

    def parameters(self):
        return [pytest.param(case, id=name) for name, case in self.cases]

    def check_complete(self):
        """Every row of the section is told about, and none that is not there."""
        assert self.told == self.rows

    def _add(self, row, case):
        name = f"{self.section}-{row}-{case.function.__name__.strip('<>')}"
        alike = sum(known.rstrip("0123456789") == name for known, _ in self.cases)
        self.cases.append((f"{name}{alike + 1}" if alike else name, case))
        self.told.add(row)
