"""Random programs give the same outcome in CPython and in every engine.

The first engine to disagree names the guilty room: the untyped interpreter the front end, the typed
one inference and the library, the one after the passes a pass, native code the rooms below.
PELLUCID_TEST_EXAMPLES asks for more programs.
"""

import os

import pytest
from engines import inferred, interpreted, outcome_of
from hypothesis import HealthCheck, given, note, reject, settings
from program_strategies import programs

from pellucid import njit
from pellucid.base.diagnostics import CompileError
from pellucid.frontend import build_function
from pellucid.ir.parser import environment_of, parse_function
from pellucid.ir.printer import print_function
from pellucid.ir.verifier import verify

# The second where a loop deletes a variable, which then may have no value for all that is known.
REFUSED = {"undefined-variable", "captured-variable"}
FACTOR = float(os.environ.get("PELLUCID_TEST_EXAMPLES", "30")) / 30


def examples(count):
    """How many programs a test tries by default, and what a slow generator is forgiven."""
    return settings(
        max_examples=int(count * FACTOR),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def compare(program, make):
    """The outcomes of `make(function)` are CPython's, for all arguments of the program."""
    f = program.load()
    try:
        run = make(f)
        found = [outcome_of(run, *args) for args in program.arguments]
        refuse_impossible(program)
    except CompileError as error:
        if any(d.code not in REFUSED for d in error.diagnostics):
            raise
        reject()
    assert found == [outcome_of(f, *args) for args in program.arguments]


def refuse_impossible(program):
    """A program that reads a variable which no path binds is refused while compiling."""
    for function in program.load().__globals__.values():
        if getattr(function, "__code__", None) is not None:
            build_function(function)


@examples(40)
@given(programs())
def test_front_end(program):
    compare(program, interpreted)


@examples(40)
@given(programs())
def test_untyped_text_reads_back(program):
    try:
        fn = build_function(program.load())
    except CompileError:
        reject()
    verify(fn)
    text = print_function(fn, spans=True)
    note(text)
    assert print_function(parse_function(text, environment_of([fn])), spans=True) == text


@pytest.mark.slow
@examples(30)
@given(programs())
def test_inference(program):
    compare(program, inferred)


@pytest.mark.slow
@examples(30)
@given(programs())
def test_passes(program):
    compare(program, lambda f: inferred(f, optimise=True))


@pytest.mark.slow
@examples(30)
@given(programs())
def test_native(program):
    compare(program, njit(cache=False))
