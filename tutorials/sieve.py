"""The sieve of Eratosthenes, compiled: what `make demo` runs.

Prints the speed-up and the source with its inferred types, and writes sieve.html.
"""

from __future__ import annotations

from pathlib import Path
from timeit import repeat

import numpy as np

from pellucid import njit


@njit
def primes(max=100000):
    numbers = np.ones(max, dtype=np.uint8)
    for i in range(2, max):
        if numbers[i] == 0:
            continue
        else:
            x = i + i
            while x < max:
                numbers[x] = 0
                x += i
    return np.nonzero(numbers)[0][2:]


def best(call, number):
    """The shortest time of one call, in seconds."""
    return min(repeat(call, number=number, repeat=3)) / number


def main():
    expected, found = primes.py_func(), primes()
    assert np.array_equal(expected, found)
    slow = best(primes.py_func, 1)
    fast = best(primes, 20)
    print(f"{len(found)} primes below 100,000, the last is {found[-1]}")
    print(
        f"Python {slow * 1e3:.1f} ms, Pellucid {fast * 1e6:.0f} µs: {slow / fast:.0f} times faster"
    )
    print()
    report = primes.explain()
    print(report)
    page = report.save(Path("sieve.html"))
    print(f"Wrote {page}: open it in a browser; it needs no network.")


if __name__ == "__main__":
    main()
