"""Object mode over the corpus and the snippets: the answers are the interpreter's own.

Loops that are lifted are compiled code, so what that means to do otherwise differs there too.
"""

import copy
import runpy
from pathlib import Path

import pytest
from engines import describe, outcome_of
from python_corpus import CASES

from pellucid import jit

SNIPPETS = runpy.run_path(str(Path(__file__).with_name("test_snippets.py")))["SNIPPETS"]
NUMBERS = {"iterate_while_changing": "a compiled loop gives Python's numbers for NumPy's"}


def object_mode(function):
    return jit(forceobj=True, cache=False)(function)


@pytest.mark.parametrize(
    ("function", "calls"), CASES, ids=[function.__name__ for function, _ in CASES]
)
def test_the_corpus(function, calls):
    compiled = object_mode(function)
    for args in calls:
        ours = outcome_of(compiled, *copy.deepcopy(args))
        pythons = outcome_of(function, *copy.deepcopy(args))
        if function.__name__ in NUMBERS:
            assert (ours.error, ours.printed) == (pythons.error, pythons.printed)
            assert compiled(*copy.deepcopy(args)) == function(*copy.deepcopy(args))
        else:
            assert ours == pythons


@pytest.mark.parametrize(
    ("function", "makers"), SNIPPETS, ids=[function.__name__ for function, _ in SNIPPETS]
)
def test_the_snippets(function, makers):
    compiled = object_mode(function)
    for make in makers:
        ours, pythons = make(), make()
        assert outcome_of(compiled, *ours) == outcome_of(function, *pythons)
        assert describe(list(ours)) == describe(list(pythons))
