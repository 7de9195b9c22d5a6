"""Whole programs as users write them, each with arguments to run it on.

`PROGRAMS` maps a name to (function, arguments). A function that others call is compiled with them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

PROGRAMS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {}


def program(*args: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the decorated function to the gallery, to be run on `args`."""

    def add(pyfunc: Callable[..., Any]) -> Callable[..., Any]:
        PROGRAMS[pyfunc.__name__] = (pyfunc, args)
        return pyfunc

    return add


_RANDOM = np.random.default_rng(20)


@program(1000)
def sieve(limit):
    numbers = np.ones(limit, dtype=np.uint8)
    for i in range(2, limit):
        if numbers[i] == 0:
            continue
        else:
            x = i + i
            while x < limit:
                numbers[x] = 0
                x += i
    return np.nonzero(numbers)[0][2:]


def mandel(x, y, max_iters):
    i = 0
    c = complex(x, y)
    z = 0.0j
    for i in range(max_iters):
        z = z * z + c
        if (z.real * z.real + z.imag * z.imag) >= 4:
            return i
    return 255


@program(-2.0, 1.0, -1.0, 1.0, np.zeros((20, 30), dtype=np.uint8), 20)
def create_fractal(min_x, max_x, min_y, max_y, image, iters):
    height = image.shape[0]
    width = image.shape[1]
    pixel_size_x = (max_x - min_x) / width
    pixel_size_y = (max_y - min_y) / height
    for x in range(width):
        real = min_x + x * pixel_size_x
        for y in range(height):
            imag = min_y + y * pixel_size_y
            color = mandel(real, imag, iters)
            image[y, x] = color
    return image


@program(_RANDOM.normal(size=(6, 6)))
def go_fast(a):
    trace = 0.0
    for i in range(a.shape[0]):
        trace += np.tanh(a[i, i])
    return a + trace


@program(_RANDOM.normal(size=50), _RANDOM.normal(size=50), _RANDOM.normal(size=50))
def fused_expression(a, b, c):
    return np.sqrt(a * a + b * b) * np.exp(-c) + 2.0 * a - b / (1.0 + c * c)


@program(_RANDOM.normal(size=(7, 5)), _RANDOM.normal(size=(5, 4)))
def matrix_product(a, b):
    n, m = a.shape
    p = b.shape[1]
    out = np.zeros((n, p))
    for i in range(n):
        for j in range(p):
            acc = 0.0
            for k in range(m):
                acc += a[i, k] * b[k, j]
            out[i, j] = acc
    return out


@program(27)
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


@program(20)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def is_even(n):
    if n == 0:
        return True
    return is_odd(n - 1)


def is_odd(n):
    if n == 0:
        return False
    return is_even(n - 1)


@program(17)
def parity(n):
    return is_even(n), is_odd(n)


@program(_RANDOM.integers(0, 100, 40))
def bubble_sort(values):
    values = values.copy()
    n = len(values)
    for i in range(n):
        swapped = False
        for j in range(n - 1 - i):
            if values[j] > values[j + 1]:
                values[j], values[j + 1] = values[j + 1], values[j]
                swapped = True
        if not swapped:
            break
    return values


@program(np.sort(_RANDOM.integers(0, 1000, 100)), 500)
def binary_search(values, wanted):
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@program((_RANDOM.random((12, 9)) < 0.4).astype(np.int8))
def life(board):
    rows, columns = board.shape
    out = np.empty_like(board)
    for i in range(rows):
        for j in range(columns):
            count = 0
            for di in range(-1, 2):
                for dj in range(-1, 2):
                    if di != 0 or dj != 0:
                        count += board[(i + di) % rows, (j + dj) % columns]
            alive = board[i, j] == 1
            out[i, j] = 1 if count == 3 or (alive and count == 2) else 0
    return out


@program(_RANDOM.random((10, 11)), 5)
def heat(grid, steps):
    for _ in range(steps):
        new = grid.copy()
        new[1:-1, 1:-1] = grid[1:-1, 1:-1] + 0.1 * (
            grid[2:, 1:-1]
            + grid[:-2, 1:-1]
            + grid[1:-1, 2:]
            + grid[1:-1, :-2]
            - 4.0 * grid[1:-1, 1:-1]
        )
        grid = new
    return grid


@program(2.0, 1e-12)
def newton_root(x, tolerance):
    guess = x
    while abs(guess * guess - x) > tolerance:
        guess = 0.5 * (guess + x / guess)
    return guess


@program(np.array([1.5, -2.0, 0.25, 3.0]), 1.75)
def horner(coefficients, x):
    total = 0.0
    for c in coefficients[::-1]:
        total = total * x + c
    return total


@program(_RANDOM.random(30) * 100, _RANDOM.random(30) * 100, 0.5, 0.02, 0.3)
def black_scholes(price, strike, years, rate, volatility):
    out = np.empty_like(price)
    for i in range(len(price)):
        root = volatility * math.sqrt(years)
        d1 = (math.log(price[i] / strike[i]) + (rate + 0.5 * volatility**2) * years) / root
        d2 = d1 - root
        n1 = 0.5 * (1.0 + math.erf(d1 / math.sqrt(2.0)))
        n2 = 0.5 * (1.0 + math.erf(d2 / math.sqrt(2.0)))
        out[i] = price[i] * n1 - strike[i] * math.exp(-rate * years) * n2
    return out


@program(_RANDOM.normal(size=(5, 3)), _RANDOM.normal(size=(5, 3)), _RANDOM.random(5), 0.01, 3)
def n_body(position, velocity, mass, dt, steps):
    n = len(mass)
    for _ in range(steps):
        for i in range(n):
            for j in range(i + 1, n):
                d = position[i] - position[j]
                distance = math.sqrt(d[0] ** 2 + d[1] ** 2 + d[2] ** 2)
                scale = dt / distance**3
                for k in range(3):
                    velocity[i, k] -= d[k] * mass[j] * scale
                    velocity[j, k] += d[k] * mass[i] * scale
        position += velocity * dt
    return position


@program(_RANDOM.integers(1, 20, (6, 6)).astype(np.float64))
def floyd_warshall(distance):
    out = distance.copy()
    n = out.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = out[i, k] + out[k, j]
                if through < out[i, j]:
                    out[i, j] = through
    return out


@program(
    np.frombuffer(b"kitten on the mat", np.uint8), np.frombuffer(b"sitting on a cat", np.uint8)
)
def edit_distance(a, b):
    previous = np.arange(len(b) + 1)
    for i in range(len(a)):
        current = np.empty(len(b) + 1, np.int64)
        current[0] = i + 1
        for j in range(len(b)):
            cost = 0 if a[i] == b[j] else 1
            current[j + 1] = min(current[j] + 1, previous[j + 1] + 1, previous[j] + cost)
        previous = current
    return previous[-1]


@program(_RANDOM.random(200), 10)
def histogram(values, bins):
    low, high = values.min(), values.max()
    counts = np.zeros(bins, dtype=np.int64)
    for v in values:
        index = int((v - low) / (high - low) * bins)
        counts[min(index, bins - 1)] += 1
    return counts


@program(np.arange(60, dtype=np.uint8))
def crc32(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= int(byte)
        for _ in range(8):
            mask = -(crc & 1)
            crc = (crc >> 1) ^ (0xEDB88320 & mask)
    return crc ^ 0xFFFFFFFF


def square(x):
    return x * x


def integrate(f, a, b, n):
    h = (b - a) / n
    total = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        total += f(a + i * h)
    return total * h


@program(0.0, 3.0, 100)
def integral_of_square(a, b, n):
    return integrate(square, a, b, n)


@program(_RANDOM.normal(size=40), 5)
def moving_average(values, window):
    out = np.empty(len(values) - window + 1)
    total = values[:window].sum()
    out[0] = total / window
    for i in range(window, len(values)):
        total += values[i] - values[i - window]
        out[i - window + 1] = total / window
    return out


@program(_RANDOM.normal(size=(20, 2)), _RANDOM.normal(size=(3, 2)))
def nearest_centre(points, centres):
    labels = np.zeros(len(points), dtype=np.int64)
    for i, point in enumerate(points):
        best, best_distance = -1, np.inf
        for j, centre in enumerate(centres):
            distance = ((point - centre) ** 2).sum()
            if distance < best_distance:
                best, best_distance = j, distance
        labels[i] = best
    return labels


@program(_RANDOM.normal(size=30), _RANDOM.normal(size=30))
def correlation(x, y):
    dx, dy = x - x.mean(), y - y.mean()
    return (dx * dy).sum() / math.sqrt((dx**2).sum() * (dy**2).sum())


@program(12345, 50)
def linear_congruential(seed, count):
    out = np.empty(count)
    state = np.uint32(seed)
    for i in range(count):
        state = np.uint32((1664525 * np.uint64(state) + 1013904223) & 0xFFFFFFFF)
        out[i] = state / 4294967296.0
    return out


@program(_RANDOM.normal(size=(4, 6)))
def row_statistics(table):
    out = np.zeros((table.shape[0], 3))
    for i in range(table.shape[0]):
        row = table[i]
        out[i, 0] = row.mean()
        out[i, 1] = row.std()
        out[i, 2] = row.max() - row.min()
    return out


@program(48, 36)
def greatest_common_divisor(a, b):
    while b:
        a, b = b, a % b
    return a


@program(10)
def pascal_row(n):
    row = np.zeros(n + 1, dtype=np.int64)
    row[0] = 1
    for i in range(1, n + 1):
        for j in range(i, 0, -1):
            row[j] += row[j - 1]
    return row


@program(_RANDOM.normal(size=16) + 1j * _RANDOM.normal(size=16))
def fourier(x):
    n = len(x)
    out = np.zeros(n, dtype=np.complex128)
    for k in range(n):
        for t in range(n):
            angle = -2.0 * math.pi * k * t / n
            out[k] += x[t] * complex(math.cos(angle), math.sin(angle))
    return out


@program(_RANDOM.normal(size=(5, 5)))
def determinant(matrix):
    a = matrix.copy()
    n = a.shape[0]
    sign = 1.0
    for i in range(n):
        pivot = i
        for r in range(i + 1, n):
            if abs(a[r, i]) > abs(a[pivot, i]):
                pivot = r
        if a[pivot, i] == 0.0:
            return 0.0
        if pivot != i:
            for k in range(n):
                a[i, k], a[pivot, k] = a[pivot, k], a[i, k]
            sign = -sign
        for r in range(i + 1, n):
            factor = a[r, i] / a[i, i]
            a[r, i:] -= factor * a[i, i:]
    for i in range(n):
        sign *= a[i, i]
    return sign


@program(_RANDOM.integers(0, 2**31, 20))
def population_count(values):
    total = 0
    for value in values:
        bits = value
        while bits:
            bits &= bits - 1
            total += 1
    return total


@program(np.array([3, 1, 2]), 1)
def tuple_results(values, k):
    low = high = values[0]
    for value in values[1:]:
        if value < low:
            low = value
        elif value > high:
            high = value
    return (low, high), len(values), values[k], (k > 0, None)


@program(5)
def nested_loops_with_else(n):
    found = 0
    for candidate in range(2, n * 10):
        for divisor in range(2, candidate):
            if divisor * divisor > candidate:
                found += candidate
                break
            if candidate % divisor == 0:
                break
        else:
            found += candidate
    return found


@program(np.linspace(-2.0, 2.0, 21))
def piecewise(x):
    return np.where(x < 0.0, -x, np.where(x > 1.0, 1.0, x))


@program(_RANDOM.normal(size=(3, 4)), _RANDOM.normal(size=4))
def affine(matrix, vector):
    return np.dot(matrix, vector) + 1.0


@program(_RANDOM.normal(size=(4, 4)))
def symmetric_part(a):
    return (a + a.T) / 2


@program(20, 0.1)
def random_walk_energy(n, coupling):
    spins = np.ones((n, n), dtype=np.int32)
    for i in range(n):
        for j in range(n):
            if (i * 7 + j * 13) % 5 < 2:
                spins[i, j] = -1
    energy = 0.0
    for i in range(n):
        for j in range(n):
            energy -= coupling * spins[i, j] * (spins[(i + 1) % n, j] + spins[i, (j + 1) % n])
    return energy
