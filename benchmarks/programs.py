"""The programs that are measured, written once: for another engine only the import line changes."""

import math

import numpy as np

from pellucid import njit


@njit
def no_argument():
    return 1


@njit
def two_ints(a, b):
    return a + b


@njit
def three_floats(a, b, c):
    return a * b + c


@njit
def one_array(a):
    return a[0]


@njit
def four_arrays(a, b, c, d):
    return a[0] + b[0] + c[0] + d[0]


@njit
def keyword(a, b=2):
    return a + b


@njit
def add(a, b):
    return a + b


@njit
def primes(limit):
    numbers = np.ones(limit, dtype=np.uint8)
    for i in range(2, limit):
        if numbers[i] == 0:
            continue
        else:  # noqa: RET507 (as it is in the talk)
            x = i + i
            while x < limit:
                numbers[x] = 0
                x += i
    return np.nonzero(numbers)[0][2:]


@njit
def mandel(x, y, max_iters):
    i = 0
    c = complex(x, y)
    z = 0.0j
    for i in range(max_iters):
        z = z * z + c
        if (z.real * z.real + z.imag * z.imag) >= 4:
            return i

    return 255


@njit
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


@njit
def fused(a, b, c):
    return np.sqrt(a * a + b * b) * 2.0 - np.abs(c - a) / (1.0 + b * b)


@njit
def matmul(a, b, out):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            total = 0.0
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            out[i, j] = total


@njit
def loop_sum(a):
    total = 0.0
    for i in range(a.shape[0]):
        total += a[i]
    return total


@njit
def loop_dot(a, b):
    total = 0.0
    for i in range(a.shape[0]):
        total += a[i] * b[i]
    return total


@njit
def array_sum(a):
    return np.sum(a)


@njit
def array_dot(a, b):
    return np.dot(a, b)


@njit
def saxpy(alpha, x, y, out):
    for i in range(x.shape[0]):
        out[i] = alpha * x[i] + y[i]


@njit
def loop_exp(a, out):
    for i in range(a.shape[0]):
        out[i] = math.exp(a[i])


@njit
def nbody(position, velocity, mass, dt, steps):
    n = position.shape[0]
    for _ in range(steps):
        for i in range(n):
            ax = 0.0
            ay = 0.0
            az = 0.0
            for j in range(n):
                dx = position[j, 0] - position[i, 0]
                dy = position[j, 1] - position[i, 1]
                dz = position[j, 2] - position[i, 2]
                square = dx * dx + dy * dy + dz * dz + 1e-9
                scale = mass[j] / (square * math.sqrt(square))
                ax += dx * scale
                ay += dy * scale
                az += dz * scale
            velocity[i, 0] += ax * dt
            velocity[i, 1] += ay * dt
            velocity[i, 2] += az * dt
        for i in range(n):
            position[i, 0] += velocity[i, 0] * dt
            position[i, 1] += velocity[i, 1] * dt
            position[i, 2] += velocity[i, 2] * dt


@njit
def normal_distribution(d):
    k = 1.0 / (1.0 + 0.2316419 * math.fabs(d))
    series = k * (
        0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429)))
    )
    tail = 0.39894228040143267794 * math.exp(-0.5 * d * d) * series
    if d > 0.0:
        return 1.0 - tail
    return tail


@njit
def black_scholes(price, strike, years, rate, volatility, call, put):
    for i in range(price.shape[0]):
        root = math.sqrt(years[i])
        spread = volatility * root
        d1 = (
            math.log(price[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]
        ) / spread
        d2 = d1 - spread
        n1 = normal_distribution(d1)
        n2 = normal_distribution(d2)
        discounted = strike[i] * math.exp(-rate * years[i])
        call[i] = price[i] * n1 - discounted * n2
        put[i] = discounted * (1.0 - n2) - price[i] * (1.0 - n1)
