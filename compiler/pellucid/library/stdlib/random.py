"""`random`: seeds, integers, and choices from sequences; `distributions.py` has the rest.

After `random.seed(n)` compiled code draws what Python's `random` draws after its own: the stream is
the same, the state is not. Each thread has a state, apart from that of Python and of `np.random`.
"""

from __future__ import annotations

import math
import random
import sys

from pellucid.inference.overloads import Typed, overload, refuse
from pellucid.ir.protocol import build_list, build_set
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer, real
from pellucid.library.builtins.structs import format_error
from pellucid.library.stdlib.sha512 import seed_of_bytes
from pellucid.library.stdlib.twister import (
    fill_state,
    next_below,
    next_bits,
    next_float,
    next_word,
    random_state,
    seed_state,
    seed_words,
)
from pellucid.library.strings.building import new_block
from pellucid.library.strings.byte_strings import as_bytes
from pellucid.library.strings.primitives import finish, put_any
from pellucid.types import (
    Array,
    BytesType,
    Float,
    List,
    NoneType,
    Range,
    Tuple,
    UnicodeType,
    int64,
    uint64,
)

EMPTY_RANGE = error_text(random.randrange, 0)
ZERO_STEP = error_text(random.randrange, 1, 2, 0)
NO_STOP = error_text(random.randrange, 1, None, 2)
EMPTY_CHOICE = error_text(random.choice, [])
NEGATIVE_BITS = error_text(random.getrandbits, -1)
SAMPLE_SIZE = error_text(random.sample, [1], 2)
COUNTS_LENGTH = error_text(random.sample, [1], 1, counts=[1, 2])
COUNTS_TOTAL = error_text(random.sample, [1], 1, counts=[0])
BOTH_WEIGHTS = error_text(random.choices, [1], [1], cum_weights=[1])
WEIGHTS_LENGTH = error_text(random.choices, [1], [1, 2])
WEIGHTS_TOTAL = error_text(random.choices, [1], [0])
WEIGHTS_FINITE = error_text(random.choices, [1], [math.inf])
EMPTY_WIDTH = (
    "empty range in randrange({}, {})"
    if sys.version_info >= (3, 12)
    else "empty range for randrange() ({}, {}, {})"
)
EMPTY_STEPS = "empty range in randrange({}, {}, {})" if sys.version_info >= (3, 12) else EMPTY_RANGE


# ---- seeds and bits -------------------------------------------------------------------------


@overload(random.seed)
def seed(a=None):
    """Begin the stream that Python's `random.seed(a)` begins; without `a`, one from the system.

    >>> random.seed(42)
    >>> random.random()
    0.6394267984578837
    """
    if isinstance(a, NoneType):
        return _seed_by_system
    if isinstance(a.base, Float):
        return _seed_by_float
    if isinstance(a.base, (UnicodeType, BytesType)):
        return _seed_by_text if isinstance(a.base, UnicodeType) else _seed_by_bytes
    return _seed if integer(a).signed else _seed_unsigned


def _seed_by_system(a=None):
    fill_state(random_state())


def _seed_by_float(a=None):
    seed_state(random_state(), uint64(hash(float(a))))


def _seed_by_text(a=None):
    seed_words(random_state(), seed_of_bytes(a.encode()))


def _seed_by_bytes(a=None):
    seed_words(random_state(), seed_of_bytes(a))


def _seed(a=None):
    number = int64(a)
    seed_state(random_state(), uint64(-number if number < 0 else number))


def _seed_unsigned(a=None):
    seed_state(random_state(), uint64(a))


@overload(random.random, inline=True)
def random_():
    """A float from 0 to 1."""
    return _random


def _random():
    return next_float(random_state())


@overload(random.getrandbits)
def getrandbits(k, /):
    """A uint64 of so many random bits, at most 64."""
    integer(k)
    return Typed(_getrandbits, (int64,))


def _getrandbits(k, /):
    if k < 0:
        raise ValueError(NEGATIVE_BITS)
    if k > 64:
        raise OverflowError("compiled code draws at most 64 bits at once")
    return next_bits(random_state(), k)


@overload(random.randbytes)
def randbytes(n):
    """So many random bytes."""
    integer(n)
    return Typed(_randbytes, (int64,))


def _randbytes(n):
    if n < 0:
        raise ValueError(NEGATIVE_BITS)
    block, state = new_block(n, 1), random_state()
    at = 0
    while at < n:
        count = min(n - at, 4)
        word = next_word(state) >> (32 - 8 * count)
        for i in range(count):
            put_any(block, at + i, (word >> (8 * i)) & 255, 1)
        at += count
    return as_bytes(finish(block, n, 1, False))


# ---- ranges ---------------------------------------------------------------------------------


@overload(random.randrange)
def randrange(start, stop=None, step=1):
    """A number of `range(start, stop, step)`."""
    integer(start)
    integer(step)
    if isinstance(stop, NoneType):
        return _randrange_to
    integer(stop)
    return Typed(_randrange, (int64, int64, int64))


def _randrange_to(start, stop=None, step=1):
    if step != 1:
        raise TypeError(NO_STOP)
    if start <= 0:
        raise ValueError(EMPTY_RANGE)
    return int64(next_below(random_state(), uint64(start)))


def _randrange(start, stop=None, step=1):
    if step == 1:
        if stop <= start:
            raise format_error(ValueError, EMPTY_WIDTH, start, stop, stop - start)
        return start + int64(next_below(random_state(), uint64(stop) - uint64(start)))
    if step == 0:
        raise ValueError(ZERO_STEP)
    count = len(range(start, stop, step))
    if count <= 0:
        raise format_error(ValueError, EMPTY_STEPS, start, stop, step)
    return start + step * int64(next_below(random_state(), uint64(count)))


@overload(random.randint)
def randint(a, b):
    """An integer from `a` to `b`, which may be drawn too."""
    integer(a)
    integer(b)
    return Typed(_randint, (int64, int64))


def _randint(a, b):
    if b < a:
        raise format_error(ValueError, EMPTY_WIDTH, a, b + 1, b - a + 1)
    count = uint64(b) - uint64(a) + uint64(1)
    if count == uint64(0):
        return int64(next_bits(random_state(), 64))
    return a + int64(next_below(random_state(), count))


# ---- choices --------------------------------------------------------------------------------


def _sequence(ty):
    if isinstance(ty, Array) and ty.ndim != 1:
        refuse("the array must have one dimension")
    if not isinstance(ty.base, (List, Tuple, Array, Range, UnicodeType)):
        refuse(f"{ty.base} is not a sequence")


@overload(random.choice)
def choice(seq):
    """One of the items."""
    _sequence(seq)
    return _choice


def _choice(seq):
    if len(seq) == 0:
        raise IndexError(EMPTY_CHOICE)
    return seq[int64(next_below(random_state(), uint64(len(seq))))]


@overload(random.shuffle)
def shuffle(x):
    """Bring the items of a list or of a 1-d array into a random order."""
    if isinstance(x, Array):
        if x.ndim != 1:
            refuse("the array must have one dimension")
        if x.readonly:
            refuse("the array is read-only")
    elif not isinstance(x, List):
        refuse(f"{x.base} cannot be shuffled")
    return _shuffle


def _shuffle(x):
    state = random_state()
    for i in range(len(x) - 1, 0, -1):
        j = int64(next_below(state, uint64(i + 1)))
        x[i], x[j] = x[j], x[i]


@overload(random.choices)
def choices(population, weights=None, *, cum_weights=None, k=1):
    """A list of `k` items, each drawn from all; by weights, or by their running totals."""
    _sequence(population)
    integer(k)
    if isinstance(weights, NoneType):
        return _choices if isinstance(cum_weights, NoneType) else _choices_by_totals
    return _choices_by_weights if isinstance(cum_weights, NoneType) else _two_weights


def _choices(population, weights=None, *, cum_weights=None, k=1):
    state, count = random_state(), float(len(population))
    made = build_list()
    for _ in range(k):
        made.append(population[int64(next_float(state) * count)])
    return made


def _two_weights(population, weights=None, *, cum_weights=None, k=1):
    if k == k:
        raise TypeError(BOTH_WEIGHTS)
    return [population[0]]


def _choices_by_weights(population, weights=None, *, cum_weights=None, k=1):
    return _by_totals(population, totals(weights), k)


def _choices_by_totals(population, weights=None, *, cum_weights=None, k=1):
    return _by_totals(population, cum_weights, k)


def totals(weights):
    """The running totals."""
    found = build_list()
    for weight in weights:
        if len(found) > 0:
            found.append(found[-1] + weight)
        else:
            found.append(+weight)
    return found


def _by_totals(population, cum_weights, k):
    count = len(population)
    if len(cum_weights) != count:
        raise ValueError(WEIGHTS_LENGTH)
    total = cum_weights[len(cum_weights) - 1] + 0.0
    if total <= 0.0:
        raise ValueError(WEIGHTS_TOTAL)
    if not math.isfinite(total):
        raise ValueError(WEIGHTS_FINITE)
    state = random_state()
    made = build_list()
    for _ in range(k):
        made.append(population[place_after(cum_weights, next_float(state) * total, count - 1)])
    return made


def place_after(items, x, high):
    """`bisect_right` of the first items."""
    low = 0
    while low < high:
        middle = (low + high) // 2
        if x < items[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@overload(random.sample)
def sample(population, k, *, counts=None):
    """A list of `k` items at different places; `counts` says how often each item is there."""
    _sequence(population)
    integer(k)
    return _sample if isinstance(counts, NoneType) else _sample_of_counted


def _sample(population, k, *, counts=None):
    made = build_list()
    for place in places(len(population), k):
        made.append(population[place])
    return made


def _sample_of_counted(population, k, *, counts=None):
    cum_counts = totals(counts)
    if len(cum_counts) != len(population):
        raise ValueError(COUNTS_LENGTH)
    total = int64(cum_counts.pop())
    if total <= 0:
        raise ValueError(COUNTS_TOTAL)
    made = build_list()
    for place in places(total, k):
        made.append(population[place_after(cum_counts, place, len(cum_counts))])
    return made


def places(count, k):
    """`k` different numbers below `count`, drawn as CPython's `sample` draws them."""
    if not 0 <= k <= count:
        raise ValueError(SAMPLE_SIZE)
    state = random_state()
    made = [0] * k
    set_size = 21
    if k > 5:
        set_size += 4 ** int64(math.ceil(math.log(k * 3.0) / math.log(4.0)))
    if count <= set_size:
        pool = list(range(count))
        for i in range(k):
            j = int64(next_below(state, uint64(count - i)))
            made[i] = pool[j]
            pool[j] = pool[count - i - 1]
        return made
    selected = build_set()
    for i in range(k):
        j = int64(next_below(state, uint64(count)))
        while j in selected:
            j = int64(next_below(state, uint64(count)))
        selected.add(j)
        made[i] = j
    return made


@overload(random.uniform)
def uniform(a, b):
    """A float from `a` to `b`."""
    real(a)
    real(b)
    return _uniform


def _uniform(a, b):
    return a + (b - a) * next_float(random_state())
