"""Whether Pellucid works at all on this interpreter: run by `make smoke` on each one found.

Needs numpy and llvmlite only. Each part that knows CPython's insides is touched once: the entry and
its boxing, keyword calls, arrays, errors with their frames, the front end's grammar.
"""

from __future__ import annotations

import sys
import traceback

import numpy as np

from pellucid import njit


@njit
def primes(limit=100):
    numbers = np.ones(limit, dtype=np.uint8)
    for i in range(2, limit):
        if numbers[i]:
            for x in range(i + i, limit, i):
                numbers[x] = 0
    return np.nonzero(numbers)[0][2:]


@njit
def mixed(a, b=2, *, c=1.5):
    return a + b, a * c, complex(a, b), a > b


@njit
def inner(values, index):
    return values[index]


@njit
def outer(values, index):
    return inner(values, index) + 1


def main():
    assert len(primes()) == 25
    assert list(primes(limit=12)) == [2, 3, 5, 7, 11]
    assert mixed(3) == (5, 4.5, 3 + 2j, True)
    assert mixed(1.5, c=2) == (3.5, 3.0, 1.5 + 2j, False)
    assert outer(np.arange(4), -1) == 4
    try:
        outer(np.arange(4), 7)
    except IndexError as error:
        names = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
        assert names[-2:] == ["outer", "inner"], names
    else:
        message = "an index out of bounds was not refused"
        raise AssertionError(message)
    assert "outer" in str(outer.explain())
    print(f"CPython {sys.version.split()[0]}: works")


if __name__ == "__main__":
    main()
