"""Random programs give the same outcome in CPython and in every engine."""

import os

from engines import interpreted, outcome_of
from hypothesis import HealthCheck, given, note, reject, settings
from program_strategies import programs

from pellucid.base.diagnostics import CompileError
from pellucid.frontend import build_function
from pellucid.ir.parser import environment_of, parse_function
from pellucid.ir.printer import print_function
from pellucid.ir.verifier import verify

SETTINGS = settings(
    max_examples=int(os.environ.get("PELLUCID_TEST_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def load(program, decorate=None):
    """The program's function; a program that never binds a variable it reads is no program."""
    f = program.load(decorate)
    try:
        for function in f.__globals__.values():
            if getattr(function, "__code__", None) is not None:
                build_function(function)
    except CompileError as error:
        if any(d.code != "undefined-variable" for d in error.diagnostics):
            raise
        reject()
    return f


@SETTINGS
@given(programs())
def test_untyped_interpreter(program):
    f = load(program)
    fn = build_function(f)
    verify(fn)
    text = print_function(fn, spans=True)
    assert print_function(parse_function(text, environment_of([fn])), spans=True) == text
    note(print_function(fn))
    run = interpreted(f)
    for args in program.arguments:
        assert outcome_of(run, *args) == outcome_of(f, *args)
