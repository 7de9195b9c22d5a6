"""Untyped IR does what CPython does: result, exception, printed text."""

import pytest
from engines import interpreted, outcome_of
from python_corpus import CASES
from syntax_corpus import CASES as SYNTAX_CASES

from pellucid.frontend import build_function
from pellucid.ir.verifier import verify

EACH_CASE = pytest.mark.parametrize(
    ("function", "arguments"), CASES, ids=[function.__name__ for function, _ in CASES]
)

EACH_SYNTAX_CASE = pytest.mark.parametrize(
    ("function", "arguments"),
    SYNTAX_CASES,
    ids=[function.__name__ for function, _ in SYNTAX_CASES],
)


@EACH_CASE
def test_interpreter_agrees_with_cpython(function, arguments):
    run = interpreted(function)
    for args in arguments:
        assert outcome_of(run, *args) == outcome_of(function, *args), args


@EACH_SYNTAX_CASE
def test_syntax_agrees_with_cpython(function, arguments):
    run = interpreted(function)
    for make in arguments:
        assert outcome_of(run, *make()) == outcome_of(function, *make()), make()


@EACH_CASE
def test_ir_is_well_formed(function, arguments):
    verify(build_function(function))


@EACH_SYNTAX_CASE
def test_ir_of_syntax_is_well_formed(function, arguments):
    verify(build_function(function))
