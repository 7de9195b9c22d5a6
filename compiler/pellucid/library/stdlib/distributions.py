"""The distributions of `random`: CPython's algorithms, so the same numbers for the same state."""

from __future__ import annotations

import math
import random

from pellucid.inference.overloads import Typed, overload
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer, real
from pellucid.library.stdlib.twister import has_kept, keep, next_float, random_state, take_kept
from pellucid.types import NoneType, float64, int64

NV_MAGICCONST = 4 * math.exp(-0.5) / math.sqrt(2.0)
LOG4 = math.log(4.0)
SG_MAGICCONST = 1.0 + math.log(4.5)
TWOPI = 2.0 * math.pi
GAMMA_POSITIVE = error_text(random.gammavariate, 0.0, 0.0)


def _of_floats(implementation, *args):
    """An implementation for float64s, whatever real numbers are given."""
    for ty in args:
        real(ty)
    return Typed(implementation, (float64,) * len(args))


@overload(random.triangular)
def triangular(low=0.0, high=1.0, mode=None):
    """A float from `low` to `high`, most likely near `mode` (the middle)."""
    real(low)
    real(high)
    if isinstance(mode, NoneType):
        return _triangular_around_middle
    real(mode)
    return _triangular_around


def _triangular_around_middle(low=0.0, high=1.0, mode=None):
    return _triangular(float64(low), float64(high), 0.5)


def _triangular_around(low=0.0, high=1.0, mode=None):
    if high == low:
        next_float(random_state())
        return float64(low)
    return _triangular(float64(low), float64(high), (mode - low) / (high - low))


def _triangular(low, high, c):
    u = next_float(random_state())
    if u > c:
        u = 1.0 - u
        c = 1.0 - c
        low, high = high, low
    return low + (high - low) * math.sqrt(u * c)


@overload(random.normalvariate, separate=True)
def normalvariate(mu=0.0, sigma=1.0):
    """A float of the normal distribution, by Kinderman and Monahan."""
    return _of_floats(_normalvariate, mu, sigma)


def _normalvariate(mu=0.0, sigma=1.0):
    state = random_state()
    while True:
        u1 = next_float(state)
        u2 = 1.0 - next_float(state)
        z = NV_MAGICCONST * (u1 - 0.5) / u2
        if z * z / 4.0 <= -math.log(u2):
            return mu + z * sigma


@overload(random.lognormvariate, separate=True)
def lognormvariate(mu=0.0, sigma=1.0):
    """A float whose logarithm is of the normal distribution."""
    return _of_floats(_lognormvariate, mu, sigma)


def _lognormvariate(mu=0.0, sigma=1.0):
    return math.exp(_normalvariate(mu, sigma))


@overload(random.gauss, separate=True)
def gauss(mu=0.0, sigma=1.0):
    """A float of the normal distribution; they are made in pairs, and the second is kept."""
    return _of_floats(_gauss, mu, sigma)


def _gauss(mu=0.0, sigma=1.0):
    state = random_state()
    if has_kept(state):
        return mu + take_kept(state) * sigma
    x2pi = next_float(state) * TWOPI
    g2rad = math.sqrt(-2.0 * math.log(1.0 - next_float(state)))
    keep(state, math.sin(x2pi) * g2rad)
    return mu + math.cos(x2pi) * g2rad * sigma


@overload(random.expovariate, separate=True)
def expovariate(lambd=1.0):
    """A float of the exponential distribution."""
    return _of_floats(_expovariate, lambd)


def _expovariate(lambd=1.0):
    return -math.log(1.0 - next_float(random_state())) / lambd


@overload(random.vonmisesvariate, separate=True)
def vonmisesvariate(mu, kappa):
    """An angle of the von Mises distribution."""
    return _of_floats(_vonmisesvariate, mu, kappa)


def _vonmisesvariate(mu, kappa):
    state = random_state()
    if kappa <= 1e-6:
        return TWOPI * next_float(state)
    s = 0.5 / kappa
    r = s + math.sqrt(1.0 + s * s)
    while True:
        z = math.cos(math.pi * next_float(state))
        d = z / (r + z)
        u2 = next_float(state)
        if u2 < 1.0 - d * d or u2 <= (1.0 - d) * math.exp(d):
            break
    q = 1.0 / r
    f = (q + z) / (1.0 + q * z)
    if next_float(state) > 0.5:
        return (mu + math.acos(f)) % TWOPI
    return (mu - math.acos(f)) % TWOPI


@overload(random.gammavariate, separate=True)
def gammavariate(alpha, beta):
    """A float of the gamma distribution."""
    return _of_floats(_gammavariate, alpha, beta)


def _gammavariate(alpha, beta):
    if alpha <= 0.0 or beta <= 0.0:
        raise ValueError(GAMMA_POSITIVE)
    if alpha > 1.0:
        return _cheng(alpha) * beta
    if alpha == 1.0:
        return -math.log(1.0 - next_float(random_state())) * beta
    return _kennedy(alpha) * beta


def _cheng(alpha):
    """R. C. H. Cheng, 1977: of a shape above 1."""
    state = random_state()
    ainv = math.sqrt(2.0 * alpha - 1.0)
    bbb = alpha - LOG4
    ccc = alpha + ainv
    while True:
        u1 = next_float(state)
        if not 1e-7 < u1 < 0.9999999:
            continue
        u2 = 1.0 - next_float(state)
        v = math.log(u1 / (1.0 - u1)) / ainv
        x = alpha * math.exp(v)
        z = u1 * u1 * u2
        r = bbb + ccc * v - x
        if r + SG_MAGICCONST - 4.5 * z >= 0.0 or r >= math.log(z):
            return x


def _kennedy(alpha):
    """Kennedy and Gentle, algorithm GS: of a shape below 1."""
    state = random_state()
    b = (math.e + alpha) / math.e
    while True:
        p = b * next_float(state)
        if p <= 1.0:
            x = p ** (1.0 / alpha)
        else:
            x = -math.log((b - p) / alpha)
        u1 = next_float(state)
        if p > 1.0:
            if u1 <= x ** (alpha - 1.0):
                return x
        elif u1 <= math.exp(-x):
            return x


@overload(random.betavariate, separate=True)
def betavariate(alpha, beta):
    """A float of the beta distribution."""
    return _of_floats(_betavariate, alpha, beta)


def _betavariate(alpha, beta):
    y = _gammavariate(alpha, 1.0)
    if y != 0.0:
        return y / (y + _gammavariate(beta, 1.0))
    return 0.0


@overload(random.paretovariate, separate=True)
def paretovariate(alpha):
    """A float of the Pareto distribution."""
    return _of_floats(_paretovariate, alpha)


def _paretovariate(alpha):
    return (1.0 - next_float(random_state())) ** (-1.0 / alpha)


@overload(random.weibullvariate, separate=True)
def weibullvariate(alpha, beta):
    """A float of the Weibull distribution."""
    return _of_floats(_weibullvariate, alpha, beta)


def _weibullvariate(alpha, beta):
    return alpha * (-math.log(1.0 - next_float(random_state()))) ** (1.0 / beta)


if hasattr(random, "binomialvariate"):
    NEGATIVE_COUNT = error_text(random.binomialvariate, -1, 0.5)
    NO_PROBABILITY = error_text(random.binomialvariate, 1, 2.0)

    @overload(random.binomialvariate, separate=True)
    def binomialvariate(n=1, p=0.5):
        """How many of `n` trials succeed, each with probability `p`."""
        integer(n)
        real(p)
        return Typed(_binomialvariate, (int64, float64))


def _binomialvariate(n=1, p=0.5):
    if n < 0:
        raise ValueError(NEGATIVE_COUNT)
    if p <= 0.0 or p >= 1.0:
        if p == 0.0:
            return 0
        if p == 1.0:
            return n
        raise ValueError(NO_PROBABILITY)
    if n == 1:
        return int64(next_float(random_state()) < p)
    if p > 0.5:
        return n - _likely(n, 1.0 - p)
    return _likely(n, p)


def _likely(n, p):
    return _by_gaps(n, p) if n * p < 10.0 else _by_rejection(n, p)


def _by_gaps(n, p):
    state = random_state()
    x = y = 0
    c = math.log2(1.0 - p)
    if c == 0.0:
        return x
    while True:
        gap = math.log2(next_float(state)) / c
        if gap > n:
            return x
        y += int64(math.floor(gap)) + 1
        if y > n:
            return x
        x += 1


def _by_rejection(n, p):
    state = random_state()
    spq = math.sqrt(n * p * (1.0 - p))
    b = 1.15 + 2.53 * spq
    a = -0.0873 + 0.0248 * b + 0.01 * p
    c = n * p + 0.5
    vr = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * spq
    lpq = math.log(p / (1.0 - p))
    m = int64(math.floor((n + 1) * p))
    h = math.lgamma(m + 1) + math.lgamma(n - m + 1)
    while True:
        u = next_float(state) - 0.5
        us = 0.5 - math.fabs(u)
        k = int64(math.floor((2.0 * a / us + b) * u + c))
        if k < 0 or k > n:
            continue
        v = next_float(state)
        if us >= 0.07 and v <= vr:
            return k
        v *= alpha / (a / (us * us) + b)
        if math.log(v) <= h - math.lgamma(k + 1) - math.lgamma(n - k + 1) + (k - m) * lpq:
            return k
