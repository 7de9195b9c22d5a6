"""The hand-written corpus runs natively as in CPython, or is refused while compiling.

Both tables are exact: what starts to work, or to differ, fails here.
"""

import pytest
from engines import outcome_of
from python_corpus import CASES

from pellucid import njit
from pellucid.base.diagnostics import CompileError

REFUSED = {
    "layout": "an int or a tuple",
    "starred": "the starred name would be a list",
    "tuples": "a tuple that grows in a loop",
    "unpack_counts": "tuples of the wrong length",
}

# Results that differ in type only: compiled code returns Python's numbers for NumPy's, and where an
# int and a float join it has a float.
OTHER_TYPE = {"arrays", "iterate_while_changing", "logic", "module_names"}

# A bool inverted is a bool, in Python an int.
DIFFERENT = {("bits", (True, False))}


def is_refused(run, args):
    try:
        run(*args)
    except CompileError:
        return True
    except Exception:  # an outcome like any other
        return False
    return False


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "arguments"), CASES, ids=[function.__name__ for function, _ in CASES]
)
def test_native_agrees_with_cpython(function, arguments):
    name = function.__name__
    run = njit(cache=False)(function)
    refused = [args for args in arguments if is_refused(run, args)]
    assert bool(refused) == (name in REFUSED)
    for args in arguments:
        if args in refused or name in OTHER_TYPE:
            continue
        is_same = outcome_of(run, *args) == outcome_of(function, *args)
        assert is_same == ((name, args) not in DIFFERENT), args
