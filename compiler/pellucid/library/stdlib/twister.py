"""The Mersenne Twister of `random`: CPython's, word for word. Each thread has one.

The state is memory of 32-bit words (`runtime/randomness.py` says what lies where), which the
runtime makes and seeds from the system at first use.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, uninterrupted
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.builtins.memory import load, store
from pellucid.runtime.randomness import (
    GAUSS,
    HAS_GAUSS,
    POSITION,
    RANDOM_FILL,
    RANDOM_STATE,
    SIZE,
    WORDS,
)
from pellucid.types import Pointer, float64, int64, none, uint32, uint64

STATE = Pointer(uint32)
_MIDDLE = 397
_UNIT = 1.0 / 9007199254740992.0  # 2**-53


class _Interpreted:
    """The state that the reference interpreter draws from."""

    memory: Any = None

    @classmethod
    def address(cls) -> int:
        if cls.memory is None:
            cls.memory = (ctypes.c_uint32 * SIZE)()
            cls.fill(ctypes.addressof(cls.memory))
        return ctypes.addressof(cls.memory)

    @staticmethod
    def fill(address: int) -> None:
        state = (ctypes.c_uint32 * SIZE).from_address(address)
        data = os.urandom(4 * WORDS)
        ctypes.memmove(address, data, len(data))
        state[0] |= 1 << 31
        state[POSITION], state[HAS_GAUSS] = WORDS, 0


@intrinsic
def random_state():
    """The state of this thread."""

    def lower(cg: Any, _: Sequence[Any]) -> Any:
        # As far as one call of compiled code can see, always the same.
        ll_type = ll.FunctionType(ll.PointerType(), [])
        ll_fn = cg.declare(RANDOM_STATE, ll_type, "willreturn", "memory(none)")
        return cg.builder.call(ll_fn, [])

    return Primitive("random.state", STATE(), lower, _Interpreted.address)


@intrinsic
def fill_state(state):
    """Seed a state from the system."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_type = ll.FunctionType(ll.VoidType(), [ll.PointerType()])
        cg.builder.call(cg.declare(RANDOM_FILL, ll_type), args)
        return cg.zero(none)

    return Primitive("random.fill", none(STATE), lower, _Interpreted.fill, Effects.WRITES)


@intrinsic
def as_floats(state):
    """The words as floats, two each."""

    def lower(_: Any, args: Sequence[Any]) -> Any:
        return args[0]

    return Primitive("random.as_floats", Pointer(float64)(STATE), lower, lambda address: address)


# ---- numbers --------------------------------------------------------------------------------


def next_word(state):
    """The next 32 random bits."""
    position = int64(load(state, POSITION))
    if position >= WORDS:
        twist(state)
        position = 0
    store(state, POSITION, position + 1)
    y = int64(load(state, position))
    y ^= y >> 11
    y ^= (y << 7) & 0x9D2C5680
    y ^= (y << 15) & 0xEFC60000
    return y ^ (y >> 18)


@uninterrupted
def twist(state):
    """Make the next 624 words."""
    for i in range(WORDS - _MIDDLE):
        store(state, i, int64(load(state, i + _MIDDLE)) ^ _twisted(state, i, i + 1))
    for i in range(WORDS - _MIDDLE, WORDS - 1):
        store(state, i, int64(load(state, i + _MIDDLE - WORDS)) ^ _twisted(state, i, i + 1))
    store(state, WORDS - 1, int64(load(state, _MIDDLE - 1)) ^ _twisted(state, WORDS - 1, 0))


def _twisted(state, high, low):
    y = (int64(load(state, high)) & 0x80000000) | (int64(load(state, low)) & 0x7FFFFFFF)
    return (y >> 1) ^ (-(y & 1) & 0x9908B0DF)


def next_float(state):
    """A float from 0 to 1, of 53 random bits."""
    high = next_word(state) >> 5
    low = next_word(state) >> 6
    return (high * 67108864.0 + low) * _UNIT


def next_bits(state, count):
    """A uint64 of so many random bits, from 0 to 64."""
    if count <= 0:
        return uint64(0)
    if count <= 32:
        return uint64(next_word(state) >> (32 - count))
    low = next_word(state)
    high = next_word(state) >> (64 - count)
    return uint64(low) | (uint64(high) << uint64(32))


def next_below(state, count):
    """A uint64 from 0 to `count`, which is not part of it and not 0."""
    bits = bit_length(count)
    found = next_bits(state, bits)
    while found >= count:
        found = next_bits(state, bits)
    return found


@intrinsic
def bit_length(x):
    """How many bits a uint64 has without the zeros before them."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_type, never = args[0].type, ll.Constant(ll.IntType(1), 0)
        zeros = cg.intrinsic("llvm.ctlz.i64", ll_type, args[0], never)
        return cg.builder.sub(ll.Constant(ll_type, 64), zeros)

    return Primitive("bit_length", int64(uint64), lower, lambda found: found.bit_length())


# ---- seeding --------------------------------------------------------------------------------


def seed_state(state, magnitude):
    """CPython's seeding by an int, of this magnitude: a uint64."""
    low = int64(magnitude & uint64(0xFFFFFFFF))
    high = int64(magnitude >> uint64(32))
    seed_words(state, [low, high] if high else [low])


@uninterrupted
def seed_words(state, key):
    """CPython's seeding by an int of these words of 32 bits, the lowest first."""
    word = 19650218
    store(state, 0, word)
    for i in range(1, WORDS):
        word = (1812433253 * (word ^ (word >> 30)) + i) & 0xFFFFFFFF
        store(state, i, word)
    count = len(key)
    i, j = 1, 0
    for _ in range(max(WORDS, count)):
        before = int64(load(state, i - 1))
        mixed = (int64(load(state, i)) ^ ((before ^ (before >> 30)) * 1664525)) + key[j] + j
        store(state, i, mixed & 0xFFFFFFFF)
        i, j = i + 1, (j + 1) % count
        if i >= WORDS:
            store(state, 0, load(state, WORDS - 1))
            i = 1
    for _ in range(WORDS - 1):
        before = int64(load(state, i - 1))
        mixed = (int64(load(state, i)) ^ ((before ^ (before >> 30)) * 1566083941)) - i
        store(state, i, mixed & 0xFFFFFFFF)
        i += 1
        if i >= WORDS:
            store(state, 0, load(state, WORDS - 1))
            i = 1
    store(state, 0, 0x80000000)
    store(state, POSITION, WORDS)
    store(state, HAS_GAUSS, 0)


# ---- what `gauss` keeps ---------------------------------------------------------------------


def has_kept(state):
    """Whether there is a second value of `gauss`."""
    return int64(load(state, HAS_GAUSS)) != 0


def take_kept(state):
    """That value, which is then gone."""
    store(state, HAS_GAUSS, 0)
    return load(as_floats(state), GAUSS // 2)


def keep(state, value):
    """Keep a value for the next `gauss`."""
    store(as_floats(state), GAUSS // 2, value)
    store(state, HAS_GAUSS, 1)
