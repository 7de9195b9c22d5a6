"""What each program is run on, what it must give, and how NumPy and C do the same.

A case makes fresh arguments from a size. `result` picks what is compared out of the arguments and
the returned value, because some programs fill an array they are given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """One program. `limit` is the most that it may take of Numba's time."""

    name: str
    arguments: Callable[[int], Arguments]
    size: int
    small_size: int
    numpy: Callable[..., Any]
    has_c: bool = True
    result: Callable[[Arguments, Any], Any] = lambda _, returned: returned
    limit: float = 1.05
    is_cold: bool = False  # also measured as the first call of a process
    tolerance: float = 1e-12
    differing: float = 0.0  # the share of integers that may differ


def generator() -> np.random.Generator:
    return np.random.default_rng(20)


def vectors(count: int) -> Callable[[int], Arguments]:
    def make(size: int) -> Arguments:
        return tuple(generator().random(size) + number for number in range(count))

    return make


def _fractal_arguments(size: int) -> Arguments:
    image = np.zeros((2 * size, 3 * size), np.uint8)
    return -2.0, 1.0, -1.0, 1.0, image, 20


def _numpy_fractal(
    min_x: float, max_x: float, min_y: float, max_y: float, image: np.ndarray, iters: int
) -> np.ndarray:
    height, width = image.shape
    x = min_x + np.arange(width) * ((max_x - min_x) / width)
    y = min_y + np.arange(height) * ((max_y - min_y) / height)
    c = x[None, :] + 1j * y[:, None]
    z = np.zeros_like(c)
    image[...] = 255
    alive = np.ones(c.shape, bool)
    for i in range(iters):
        z[alive] = z[alive] ** 2 + c[alive]
        gone = alive & (z.real * z.real + z.imag * z.imag >= 4)
        image[gone] = i
        alive &= ~gone
    return image


def _numpy_primes(limit: int) -> np.ndarray:
    numbers = np.ones(limit, np.uint8)
    for i in range(2, limit):
        if numbers[i]:
            numbers[i + i :: i] = 0
    return np.nonzero(numbers)[0][2:]


def _matrices(size: int) -> Arguments:
    return (
        generator().random((size, size)),
        generator().random((size, size)),
        np.zeros((size, size)),
    )


def _numpy_fused(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    return np.sqrt(a * a + b * b) * 2.0 - np.abs(c - a) / (1.0 + b * b)


def _numpy_saxpy(alpha: float, x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
    np.multiply(x, alpha, out)
    np.add(out, y, out)


def _bodies(size: int) -> Arguments:
    random = generator()
    return random.random((size, 3)), random.random((size, 3)), random.random(size), 1e-3, 2


def _numpy_nbody(
    position: np.ndarray, velocity: np.ndarray, mass: np.ndarray, dt: float, steps: int
) -> None:
    for _ in range(steps):
        between = position[None, :, :] - position[:, None, :]
        square = (between**2).sum(axis=2) + 1e-9
        scale = mass[None, :] / (square * np.sqrt(square))
        velocity += (between * scale[:, :, None]).sum(axis=1) * dt
        position += velocity * dt


def _options(size: int) -> Arguments:
    random = generator()
    price, strike = random.random(size) * 50 + 10, random.random(size) * 50 + 10
    years = random.random(size) * 2 + 0.1
    return price, strike, years, 0.02, 0.3, np.zeros(size), np.zeros(size)


def _numpy_normal(d: np.ndarray) -> np.ndarray:
    k = 1.0 / (1.0 + 0.2316419 * np.fabs(d))
    series = k * (
        0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))
    )
    tail = 0.39894228040143267794 * np.exp(-0.5 * d * d) * series
    return np.where(d > 0.0, 1.0 - tail, tail)


def _numpy_black_scholes(
    price: np.ndarray,
    strike: np.ndarray,
    years: np.ndarray,
    rate: float,
    volatility: float,
    call: np.ndarray,
    put: np.ndarray,
) -> None:
    spread = volatility * np.sqrt(years)
    d1 = (np.log(price / strike) + (rate + 0.5 * volatility * volatility) * years) / spread
    n1, n2 = _numpy_normal(d1), _numpy_normal(d1 - spread)
    discounted = strike * np.exp(-rate * years)
    call[...] = price * n1 - discounted * n2
    put[...] = discounted * (1.0 - n2) - price * (1.0 - n1)


def _last(arguments: Arguments, _: Any) -> Any:
    return arguments[-1]


CASES = (
    Case("add", lambda _: (1, 2), 0, 0, lambda a, b: a + b, has_c=False, is_cold=True),
    Case("primes", lambda size: (size,), 100_000, 500, _numpy_primes, is_cold=True),
    Case(
        "create_fractal",
        _fractal_arguments,
        100,
        10,
        _numpy_fractal,
        result=lambda arguments, _: arguments[4],
        is_cold=True,
        differing=1e-3,  # gcc contracts a*b + c, which decides some points on the rim otherwise
    ),
    Case("fused", vectors(3), 100_000, 100, _numpy_fused, is_cold=True),
    Case(
        "matmul",
        _matrices,
        120,
        9,
        lambda a, b, out: np.matmul(a, b, out),
        result=_last,
        is_cold=True,
    ),
    Case("loop_sum", vectors(1), 100_000, 100, np.sum),
    Case("loop_dot", vectors(2), 100_000, 100, np.dot),
    Case("array_sum", vectors(1), 100_000, 100, np.sum, has_c=False),
    Case("array_dot", vectors(2), 100_000, 100, np.dot, has_c=False),
    Case(
        "saxpy",
        lambda size: (3.0, *vectors(2)(size), np.zeros(size)),
        20_000,
        100,
        _numpy_saxpy,
        result=_last,
    ),
    Case(
        "loop_exp",
        lambda size: (*vectors(1)(size), np.zeros(size)),
        50_000,
        100,
        lambda a, out: np.exp(a, out),
        result=_last,
        limit=1 / 3,
    ),
    Case(
        "nbody",
        _bodies,
        150,
        7,
        _numpy_nbody,
        result=lambda arguments, _: arguments[:2],
        tolerance=1e-9,
    ),
    Case(
        "black_scholes",
        _options,
        20_000,
        100,
        _numpy_black_scholes,
        result=lambda arguments, _: arguments[-2:],
        limit=1 / 3,
        tolerance=1e-10,
    ),
)


def check(case: Case, found: Any, expected: Any, engine: str) -> None:
    """Compare an engine's result with NumPy's."""
    pairs = (
        zip(found, expected, strict=True) if isinstance(expected, tuple) else [(found, expected)]
    )
    for one, other in pairs:
        if not _agree(case, np.asarray(one), np.asarray(other)):
            message = f"{case.name}: {engine} gives {one!r}, NumPy {other!r}"
            raise AssertionError(message)


def _agree(case: Case, one: np.ndarray, other: np.ndarray) -> bool:
    if one.shape != other.shape:
        return False
    if other.dtype.kind == "f":
        return np.allclose(one, other, rtol=case.tolerance, atol=case.tolerance)
    return bool(np.mean(one != other) <= case.differing) if one.size else True
