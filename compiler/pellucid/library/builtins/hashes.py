"""`hash()` of numbers, None, tuples, frozensets and optional values: CPython's, in this process.

A number's hash is its value modulo the Mersenne prime 2**61 - 1, so that equal numbers of any type
have equal ones; a tuple's is xxHash's. NaN and None hash by their address in CPython: here NaN has
the hash 0, and None CPython's.
"""

from __future__ import annotations

import math
import sys

from pellucid.inference.overloads import Constant, Typed, overload, refuse
from pellucid.ir.protocol import unwrap_optional
from pellucid.types import (
    Array,
    Boolean,
    Complex,
    Deque,
    Dict,
    Float,
    Integer,
    List,
    NoneType,
    Optional,
    Set,
    Tuple,
    Type,
    float64,
    int64,
    uint64,
)

BITS, MODULUS, IMAGINARY = 61, sys.hash_info.modulus, sys.hash_info.imag
INFINITY = sys.hash_info.inf
PRIME_1, PRIME_2, PRIME_5 = 11400714785074694791, 14029467366897019727, 2870177450012600261
TUPLE_END, TUPLE_ERROR = PRIME_5 ^ 3527539, 1546275796


@overload(hash)  # noqa: RET503 (`refuse` raises)
def hash_(obj):
    """The hash of a number, None, a tuple or a frozenset: equal values have equal ones.

    >>> hash(3) == hash(3.0) == 3, hash(-1), hash((1, 2.5)) == hash((1.0, 2.5))
    (True, -2, True)
    """
    check_hashable(obj)
    match obj.base:
        case Integer(signed=False):
            return Typed(_unsigned_hash, (uint64,))
        case Integer() | Boolean():
            return Typed(_integer_hash, (int64,))
        case Float():
            return Typed(_float_hash, (float64,))
        case Complex():
            return _complex_hash
        case NoneType():
            return _none_hash()
        case Optional():
            return _optional_hash
        case Tuple():
            return _tuple_hash
        case Set():
            return _frozenset_hash
        case _:
            refuse(f"a {obj.base} has no hash in compiled code")


def check_hashable(ty: Type) -> None:
    """Refuse a type whose values have no hash in Python."""
    name = None
    match ty.base:
        case List():
            name = "list"
        case Dict(spelling=spelling):
            name = spelling
        case Deque():
            name = "collections.deque"
        case Set(is_frozen=False):
            name = "set"
        case Array():
            name = "numpy.ndarray"
        case Tuple(elems=elems):
            for elem in elems:
                check_hashable(elem)
        case _:
            pass
    if name is not None:
        refuse(f"unhashable type: '{name}'")


def _none_hash() -> Constant:
    if sys.version_info < (3, 12):
        refuse("the hash of None differs from run to run before Python 3.12")
    return Constant(hash(None))


def _integer_hash(obj):
    size = uint64(-obj) if obj < 0 else uint64(obj)
    rest = int64(size % uint64(MODULUS))
    found = -rest if obj < 0 else rest
    return -2 if found == -1 else found


def _unsigned_hash(obj):
    return int64(obj % uint64(MODULUS))


def _float_hash(obj):
    if obj != obj:
        return 0
    if obj - obj != 0:
        return INFINITY if obj > 0 else -INFINITY
    fraction, exponent = math.frexp(abs(obj))
    found = int64(0)
    while fraction != 0:  # 28 bits of the fraction at a time, as CPython
        found = ((found << 28) & MODULUS) | (found >> (BITS - 28))
        fraction *= 268435456.0
        exponent -= 28
        part = int64(fraction)
        fraction -= part
        found += part
        if found >= MODULUS:
            found -= MODULUS
    turn = exponent % BITS if exponent >= 0 else BITS - 1 - ((-1 - exponent) % BITS)
    found = ((found << turn) & MODULUS) | (found >> (BITS - turn))
    if obj < 0:
        found = -found
    return -2 if found == -1 else found


def _complex_hash(obj):
    found = hash(obj.real) + IMAGINARY * hash(obj.imag)
    return -2 if found == -1 else found


def _optional_hash(obj):
    if obj is None:
        return hash(None)
    return hash(unwrap_optional(obj))


def _tuple_hash(obj):
    return finish_hash(_mix(obj, hash_start()), len(obj))


def _mix(items, found):
    if len(items) == 0:
        return found
    return _mix(items[1:], mix_hash(found, hash(items[0])))


def hash_start():
    """The hash of a tuple before its items."""
    return uint64(PRIME_5)


def mix_hash(found, own):
    """The hash of a tuple with one more item, whose hash is `own`."""
    found += uint64(own) * uint64(PRIME_2)
    found = (found << uint64(31)) | (found >> uint64(33))
    return found * uint64(PRIME_1)


def finish_hash(found, count):
    """The hash of a tuple after its items."""
    found += uint64(count) ^ uint64(TUPLE_END)
    if found == uint64(18446744073709551615):
        return TUPLE_ERROR
    return int64(found)


def _frozenset_hash(obj):
    found = uint64(0)
    for item in obj:
        own = uint64(hash(item))
        found ^= ((own ^ uint64(89869747)) ^ (own << uint64(16))) * uint64(3644798167)
    found ^= (uint64(len(obj)) + uint64(1)) * uint64(1927868237)
    found ^= (found >> uint64(11)) ^ (found >> uint64(25))
    found = found * uint64(69069) + uint64(907133923)
    if found == uint64(18446744073709551615):
        return 590923713
    return int64(found)
