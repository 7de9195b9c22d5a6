"""Random programs over the whole language: results, exceptions, printed text, changed arguments.

    PYTHONPATH=compiler:tests/support python -m language_programs 17 4    seed and size: the text

`make sweep` tries many more. What a program does is compared with CPython, in the interpreter of
untyped IR (a difference there is the front end's) and in machine code.
"""

import os

import pytest
from engines import describe, interpreted, outcome_of
from language_programs import copied, language_program

from pellucid import njit
from pellucid.base.diagnostics import CompileError
from pellucid.ir.interp import OutOfSteps

FACTOR = float(os.environ.get("PELLUCID_TEST_EXAMPLES", "30")) / 30
REFUSED = {"undefined-variable"}  # a program that reads what no path binds


def seen(function, program):
    """What calls of the program show: outcomes, and what became of the arguments."""
    found = []
    for arguments in program.arguments:
        own = copied(arguments)
        found.append((outcome_of(function, *own), describe(list(own))))
    return found


def check(program, make):
    try:
        found = seen(make(program), program)
    except OutOfSteps:
        return
    except CompileError as error:
        assert {d.code for d in error.diagnostics} <= REFUSED, error  # noqa: PT017
        return
    refused = [outcome.error for outcome, _ in found if "has no value here" in outcome.error]
    assert found == seen(program.load(), program) or refused


@pytest.mark.parametrize("seed", range(int(50 * FACTOR)))
def test_front_end(seed):
    check(language_program(seed), lambda program: interpreted(program.load(), steps=200_000))


def native(program):
    return program.load(njit(cache=False))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(4 * FACTOR)))
def test_native(seed, monkeypatch):
    monkeypatch.setenv("PELLUCID_OPT", "1")
    check(language_program(seed, size=4), native)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(1000, 1000 + int(2000 * FACTOR)))
def test_many(seed):
    program = language_program(seed, size=6 if seed % 3 else 14)
    check(program, lambda program: interpreted(program.load(), steps=200_000))
    check(program, native)
