"""`statistics` of real numbers, where it has a closed form. Results are floats.

CPython computes with fractions and rounds once. Here sums are pairs of floats, a float and what it
lacks, which is exact for `mean`, and good to some thirty digits for squares: so results are the
same unless a fraction lies that near to the middle between two floats.
"""

from __future__ import annotations

import math
import statistics

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import build_list
from pellucid.library.builtins.floats import fma
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import real
from pellucid.types import Boolean, Literal, NoneType, Number

EMPTY_MEAN = error_text(statistics.mean, [])
EMPTY_FMEAN = error_text(statistics.fmean, [])
EMPTY_GEOMETRIC = error_text(statistics.geometric_mean, [])
EMPTY_HARMONIC = error_text(statistics.harmonic_mean, [])
NEGATIVE_GEOMETRIC = "No negative inputs allowed"
NEGATIVE_HARMONIC = error_text(statistics.harmonic_mean, [-1.0])
EMPTY_MEDIAN = error_text(statistics.median, [])
EMPTY_MODE = error_text(statistics.mode, [])
SHORT_VARIANCE = error_text(statistics.variance, [])
SHORT_STDEV = error_text(statistics.stdev, [])
SHORT_PVARIANCE = error_text(statistics.pvariance, [])
SHORT_PSTDEV = error_text(statistics.pstdev, [])
WEIGHTS_LENGTH = error_text(statistics.fmean, [1.0], [1.0, 2.0])
WEIGHTS_TOTAL = error_text(statistics.fmean, [1.0], [0.0])
HARMONIC_WEIGHTS = error_text(statistics.harmonic_mean, [1.0, 2.0], [1.0])
WEIGHTED_TOTAL = error_text(statistics.harmonic_mean, [1.0, 2.0], [0.0, 0.0])
REGRESSION_LENGTHS = error_text(statistics.linear_regression, [1.0], [])
REGRESSION_SHORT = error_text(statistics.linear_regression, [], [])
REGRESSION_CONSTANT = error_text(statistics.linear_regression, [1.0, 1.0], [1.0, 1.0])
COVARIANCE_LENGTHS = error_text(statistics.covariance, [1.0], [])
COVARIANCE_SHORT = error_text(statistics.covariance, [], [])
CORRELATION_LENGTHS = error_text(statistics.correlation, [1.0], [])
CORRELATION_SHORT = error_text(statistics.correlation, [], [])
CORRELATION_CONSTANT = error_text(statistics.correlation, [1.0, 1.0], [1.0, 1.0])

StatisticsError = statistics.StatisticsError
LinearRegression = statistics.LinearRegression


def _data(*tys):
    for ty in tys:
        if isinstance(ty.base, (Number, Boolean)):
            refuse(f"a {ty.base} cannot be iterated")


# ---- pairs ----------------------------------------------------------------------------------


def floats(data):
    """The items as floats, in a list."""
    found = build_list()
    for item in data:
        found.append(float(item))
    return found


def total_of(values):
    """The exact sum of floats: the nearest float, and what it lacks."""
    high = math.fsum(values)
    if high - high != 0:
        return high, 0.0
    values.append(-high)
    low = math.fsum(values)
    values.pop()
    return high, low


def divide_pair(high, low, by):
    """A pair divided by a float, rounded."""
    quotient = high / by
    if quotient - quotient != 0:
        return quotient
    return quotient + (fma(-quotient, by, high) + low) / by


def mean_pair(values):
    """The mean as a pair."""
    count = float(len(values))
    high, low = total_of(values)
    quotient = high / count
    return quotient, (fma(-quotient, count, high) + low) / count


def scale(values):
    """Divide floats by a power of two, so that none is above 1; the exponent."""
    largest = 0.0
    for x in values:
        largest = max(largest, math.fabs(x))
    exponent = math.frexp(largest)[1]
    for i in range(len(values)):
        values[i] = math.ldexp(values[i], -exponent)
    return exponent


def squares_about_mean(values):
    """The sum of squared distances from the mean, as a pair."""
    middle, rest = mean_pair(values)
    high, low = 0.0, 0.0
    for x in values:
        first = x - middle
        part = first - x
        error = (x - (first - part)) - (middle + part)
        second = error - rest
        distance = first + second
        lacking = (first - distance) + second
        square = distance * distance
        low += fma(distance, distance, -square) + 2.0 * distance * lacking
        larger = high + square
        low += (high - larger) + square if high >= square else (square - larger) + high
        high = larger
    total = high + low
    return total, (high - total) + low


def squares_about(values, center):
    """The same from a center that is given; CPython rounds each square."""
    found = build_list()
    for x in values:
        found.append((x - center) * (x - center))
    return total_of(found)


def product_pair(xs, ys):
    """The sum of products, rounded once."""
    terms = build_list()
    for i in range(len(xs)):
        product = xs[i] * ys[i]
        terms.append(product)
        if product - product == 0:
            terms.append(fma(xs[i], ys[i], -product))
    return math.fsum(terms)


def root_of_pair(high, low):
    """The square root of a pair, rounded."""
    root = math.sqrt(high)
    if root == 0 or root - root != 0:
        return root
    return root + (fma(-root, root, high) + low) / (2.0 * root)


# ---- means ----------------------------------------------------------------------------------


@overload(statistics.mean)
def mean(data):
    """The arithmetic mean, rounded once; a float, also of integers.

    >>> statistics.mean([1.0, 2.5, 4.0])
    2.5
    """
    _data(data)
    return _mean


def _mean(data):
    values = floats(data)
    if len(values) == 0:
        raise StatisticsError(EMPTY_MEAN)
    high, low = total_of(values)
    return divide_pair(high, low, float(len(values)))


@overload(statistics.fmean)
def fmean(data, weights=None):
    """The arithmetic mean."""
    if not isinstance(weights, NoneType):
        _data(data, weights)
        return _weighted_fmean
    _data(data)
    return _fmean


def _fmean(data, weights=None):
    values = floats(data)
    if len(values) == 0:
        raise StatisticsError(EMPTY_FMEAN)
    return math.fsum(values) / len(values)


def _weighted_fmean(data, weights=None):
    values, shares = floats(data), floats(weights)
    if len(values) != len(shares):
        raise StatisticsError(WEIGHTS_LENGTH)
    total = product_pair(values, shares)
    whole = math.fsum(shares)
    if whole == 0:
        raise StatisticsError(WEIGHTS_TOTAL)
    return total / whole


@overload(statistics.geometric_mean)
def geometric_mean(data):
    """The n-th root of the product."""
    _data(data)
    return _geometric_mean


def _geometric_mean(data):
    logs = build_list()
    has_zero = False
    for item in data:
        if item < 0:
            raise StatisticsError(NEGATIVE_GEOMETRIC, item)
        has_zero = has_zero or item == 0
        logs.append(math.log(item))
    if len(logs) == 0:
        raise StatisticsError(EMPTY_GEOMETRIC)
    if has_zero:
        return 0.0
    return math.exp(math.fsum(logs) / len(logs))


@overload(statistics.harmonic_mean)
def harmonic_mean(data, weights=None):
    """The reciprocal of the mean of reciprocals."""
    if not isinstance(weights, NoneType):
        _data(data, weights)
        return _weighted_harmonic_mean
    _data(data)
    return _harmonic_mean


def _harmonic_mean(data, weights=None):
    values = floats(data)
    if len(values) == 0:
        raise StatisticsError(EMPTY_HARMONIC)
    inverses = build_list()
    has_zero = False
    for x in values:
        if x < 0:
            raise StatisticsError(NEGATIVE_HARMONIC)
        if x == 0:
            has_zero = True
        else:
            inverses.append(1.0 / x)
    if has_zero:
        return 0.0
    if len(values) == 1:
        return values[0]
    high, low = total_of(inverses)
    count = float(len(values))
    quotient = count / high
    return quotient + (fma(-quotient, high, count) - quotient * low) / high


def _weighted_harmonic_mean(data, weights=None):
    values, shares = floats(data), floats(weights)
    if len(values) == 0:
        raise StatisticsError(EMPTY_HARMONIC)
    if len(values) == 1:
        if values[0] < 0:
            raise StatisticsError(NEGATIVE_HARMONIC)
        return values[0]
    if len(values) != len(shares):
        raise StatisticsError(HARMONIC_WEIGHTS)
    inverses = build_list()
    for i in range(len(values)):
        if values[i] < 0 or shares[i] < 0:
            raise StatisticsError(NEGATIVE_HARMONIC)
        if values[i] == 0:
            return 0.0
        inverses.append(shares[i] / values[i])
    whole, rest = total_of(shares)
    high, low = total_of(inverses)
    if high <= 0:
        raise StatisticsError(WEIGHTED_TOTAL)
    quotient = whole / high
    return quotient + ((fma(-quotient, high, whole) + rest) - quotient * low) / high


# ---- what lies in the middle, and what is there most often ----------------------------------


@overload(statistics.median)
def median(data):
    """What lies in the middle, or between the two there; a float."""
    _data(data)
    return _median


def _median(data):
    ordered = sorted(data)
    count = len(ordered)
    if count == 0:
        raise StatisticsError(EMPTY_MEDIAN)
    if count % 2 == 1:
        return float(ordered[count // 2])
    return (ordered[count // 2 - 1] + ordered[count // 2]) / 2


@overload(statistics.median_low)
def median_low(data):
    """What lies in the middle, or the lower of the two there."""
    _data(data)
    return _median_low


def _median_low(data):
    ordered = sorted(data)
    if len(ordered) == 0:
        raise StatisticsError(EMPTY_MEDIAN)
    return ordered[(len(ordered) - 1) // 2]


@overload(statistics.median_high)
def median_high(data):
    """What lies in the middle, or the higher of the two there."""
    _data(data)
    return _median_high


def _median_high(data):
    ordered = sorted(data)
    if len(ordered) == 0:
        raise StatisticsError(EMPTY_MEDIAN)
    return ordered[len(ordered) // 2]


@overload(statistics.mode)
def mode(data):
    """What is there most often; of several such, the first."""
    _data(data)
    return _mode


def _mode(data):
    counts = {}
    for item in data:
        counts[item] = counts.get(item, 0) + 1
    most = 0
    for count in counts.values():
        most = max(most, count)
    for item, count in counts.items():
        if count == most:
            return item
    raise StatisticsError(EMPTY_MODE)


@overload(statistics.multimode)
def multimode(data):
    """All that is there most often."""
    _data(data)
    return _multimode


def _multimode(data):
    counts = {}
    for item in data:
        counts[item] = counts.get(item, 0) + 1
    most = 0
    for count in counts.values():
        most = max(most, count)
    return [item for item, count in counts.items() if count == most]


# ---- spread ---------------------------------------------------------------------------------


def _spread(function, doc, least, message, is_root):
    def impl(data, center=None):
        values = floats(data)
        if len(values) < least:
            raise StatisticsError(message)
        # Squares of what has been scaled by a power of two neither overflow nor vanish.
        exponent = scale(values)
        high, low = squares_about_mean(values)
        found = _rounded_spread(high, low, float(len(values) - least + 1), is_root)
        return math.ldexp(found, exponent if is_root else 2 * exponent)

    def impl_about(data, center=None):
        values = floats(data)
        if len(values) < least:
            raise StatisticsError(message)
        high, low = squares_about(values, float(center))
        return _rounded_spread(high, low, float(len(values) - least + 1), is_root)

    def template(data, center=None):
        _data(data)
        if isinstance(center, NoneType):
            return impl
        real(center)
        return impl_about

    template.__qualname__, template.__doc__ = function.__name__, doc
    return overload(function)(template)


def _rounded_spread(high, low, count, is_root):
    if not is_root:
        return divide_pair(high, low, count)
    quotient = high / count
    rest = (fma(-quotient, count, high) + low) / count
    return root_of_pair(quotient, rest)


variance = _spread(
    statistics.variance, "The variance of a sample.", 2, SHORT_VARIANCE, is_root=False
)
stdev = _spread(
    statistics.stdev, "The standard deviation of a sample.", 2, SHORT_STDEV, is_root=True
)
pvariance = _spread(
    statistics.pvariance, "The variance of a population.", 1, SHORT_PVARIANCE, is_root=False
)
pstdev = _spread(
    statistics.pstdev, "The standard deviation of a population.", 1, SHORT_PSTDEV, is_root=True
)


# ---- two inputs -----------------------------------------------------------------------------


def centered(values):
    """The distances from the mean."""
    middle = math.fsum(values) / len(values)
    found = build_list()
    for x in values:
        found.append(x - middle)
    return found


@overload(statistics.covariance)
def covariance(x, y, /):
    """The covariance of two samples."""
    _data(x, y)
    return _covariance


def _covariance(x, y, /):
    xs, ys = floats(x), floats(y)
    if len(xs) != len(ys):
        raise StatisticsError(COVARIANCE_LENGTHS)
    if len(xs) < 2:
        raise StatisticsError(COVARIANCE_SHORT)
    return product_pair(centered(xs), centered(ys)) / (len(xs) - 1)


@overload(statistics.correlation)
def correlation(x, y, /, *, method="linear"):
    """Pearson's correlation coefficient."""
    _data(x, y)
    if not isinstance(method, Literal) or method.value not in ("linear", "ranked"):
        refuse("the method is 'linear' or 'ranked'")
    return _correlation if method.value == "linear" else _rank_correlation


def _correlation(x, y, /, *, method="linear"):
    xs, ys = floats(x), floats(y)
    if len(xs) != len(ys):
        raise StatisticsError(CORRELATION_LENGTHS)
    if len(xs) < 2:
        raise StatisticsError(CORRELATION_SHORT)
    xs, ys = centered(xs), centered(ys)
    across, squares = product_pair(xs, ys), product_pair(xs, xs) * product_pair(ys, ys)
    if squares == 0:
        raise StatisticsError(CORRELATION_CONSTANT)
    return across / math.sqrt(squares)


def _rank_correlation(x, y, /, *, method="linear"):
    xs, ys = floats(x), floats(y)
    if len(xs) != len(ys):
        raise StatisticsError(CORRELATION_LENGTHS)
    if len(xs) < 2:
        raise StatisticsError(CORRELATION_SHORT)
    xs, ys = ranks(xs), ranks(ys)
    across, squares = product_pair(xs, ys), product_pair(xs, xs) * product_pair(ys, ys)
    if squares == 0:
        raise StatisticsError(CORRELATION_CONSTANT)
    return across / math.sqrt(squares)


def ranks(values):
    """The place of each value among them all, from the middle; of equal ones, their mean place."""
    count = len(values)
    order = sorted(range(count), key=lambda i: values[i])
    found = [0.0] * count
    begin = 0
    while begin < count:
        end = begin + 1
        while end < count and values[order[end]] == values[order[begin]]:
            end += 1
        for place in range(begin, end):
            found[order[place]] = (count - 1) / -2 + begin - 1 + (end - begin + 1) / 2
        begin = end
    return found


@overload(statistics.linear_regression)
def linear_regression(x, y, /, *, proportional=False):
    """The slope and intercept of the line that is nearest to points."""
    _data(x, y)
    return _linear_regression


def _linear_regression(x, y, /, *, proportional=False):
    xs, ys = floats(x), floats(y)
    count = len(xs)
    if len(ys) != count:
        raise StatisticsError(REGRESSION_LENGTHS)
    if count < 2:
        raise StatisticsError(REGRESSION_SHORT)
    x_mean, y_mean = 0.0, 0.0
    if not proportional:
        x_mean, y_mean = math.fsum(xs) / count, math.fsum(ys) / count
        for i in range(count):
            xs[i] -= x_mean
            ys[i] -= y_mean
    squares = product_pair(xs, xs)
    if squares == 0:
        raise StatisticsError(REGRESSION_CONSTANT)
    slope = product_pair(xs, ys) / squares
    return LinearRegression(slope, 0.0 if proportional else y_mean - slope * x_mean)
