"""`hash()` of numbers and tuples: CPython's.

Numbers that are equal have one hash, whatever their types: it is the number modulo a prime.
"""

from __future__ import annotations

import math
import sys

from pellucid.inference.overloads import Constant, overload, refuse
from pellucid.types import Boolean, Complex, Float, Integer, NoneType, Tuple, int64, uint64

PRIME = sys.hash_info.modulus
BITS = 61
_IMAGINARY = sys.hash_info.imag
_STEP = 28

# Objects/tupleobject.c: xxHash.
_FIRST, _SECOND, _FIFTH = 11400714785074694791, 14029467366897019727, 2870177450012600261
_LENGTH = _FIFTH ^ 3527539


@overload(hash)
def hash_(obj):
    """The hash of a number, of None, or of a tuple, as CPython's.

    >>> hash(2**61 - 1), hash(1.0) == hash(1), hash((1, 2.5)) == hash((1.0, 2.5))
    (0, True, True)
    """
    ty = obj.base
    if sys.hash_info.width != 64 or PRIME != 2**BITS - 1:
        refuse("this Python hashes numbers in another way")
    if isinstance(ty, (Integer, Boolean)):
        is_signed = isinstance(ty, Boolean) or ty.signed
        return _hash_signed if is_signed else _hash_unsigned
    if isinstance(ty, Float):
        return _hash_float
    if isinstance(ty, Complex):
        return _hash_complex
    if isinstance(ty, NoneType) and sys.version_info >= (3, 12):
        return Constant(hash(None))
    if isinstance(ty, Tuple):
        return _hash_tuple
    return refuse(f"the hash of {ty} is not that of a number or a tuple")


def _hash_signed(obj):
    number = int64(obj)
    if number < 0:
        found = -int64(uint64(-number) % uint64(PRIME))
        return -2 if found == -1 else found
    return int64(uint64(number) % uint64(PRIME))


def _hash_unsigned(obj):
    return int64(uint64(obj) % uint64(PRIME))


def _hash_float(obj):
    number = float(obj)
    if number - number != 0:
        if number != number:
            return 0
        return 314159 if number > 0 else -314159
    part, exponent = math.frexp(math.fabs(number))
    found = 0
    while part != 0.0:
        found = ((found << _STEP) & PRIME) | (found >> (BITS - _STEP))
        part *= 268435456.0  # 2**28
        exponent -= _STEP
        whole = int(part)
        part -= whole
        found += whole
        if found >= PRIME:
            found -= PRIME
    turn = exponent % BITS
    found = ((found << turn) & PRIME) | (found >> (BITS - turn))
    if number < 0:
        return -2 if found == 1 else -found
    return found


def _hash_complex(obj):
    found = _hash_float(obj.real) + _IMAGINARY * _hash_float(obj.imag)
    return -2 if found == -1 else found


def _hash_tuple(obj):
    found = int64(_mixed(obj, uint64(_FIFTH)) + (uint64(len(obj)) ^ uint64(_LENGTH)))
    return 1546275796 if found == -1 else found


def _mixed(items, found):
    if len(items) == 0:
        return found
    found += uint64(hash(items[0])) * uint64(_SECOND)
    found = (found << uint64(31)) | (found >> uint64(33))
    return _mixed(items[1:], found * uint64(_FIRST))
