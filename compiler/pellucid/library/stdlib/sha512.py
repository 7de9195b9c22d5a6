"""What `random.seed()` makes of text: the text and its SHA-512 digest, as one great integer.

FIPS 180-4, whose constants are bits of the roots of the first primes.
"""

from __future__ import annotations

import struct

from pellucid.inference.engines import engine
from pellucid.inference.overloads import intrinsic
from pellucid.ir.protocol import build_list
from pellucid.library.builtins.memory import load
from pellucid.library.text.machine import constant_table
from pellucid.types import bytes_type, int64, uint64

ROUNDS, BLOCK = 80, 128


def _first_primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def _root_bits(number: int, degree: int) -> int:
    """The first 64 bits of the fraction of a root."""
    scaled = number << (64 * degree)
    low, high = 0, 1 << 80
    while low + 1 < high:
        middle = (low + high) // 2
        if middle**degree <= scaled:
            low = middle
        else:
            high = middle
    return low & 0xFFFFFFFFFFFFFFFF


def _constants() -> bytes:
    primes = _first_primes(ROUNDS)
    words = [_root_bits(p, 3) for p in primes] + [_root_bits(p, 2) for p in primes[:8]]
    return struct.pack(f"<{len(words)}Q", *words)


@intrinsic
def constants():
    """The constants of the rounds, and after them the start of the state."""
    return constant_table("sha512_constants", uint64, _constants)


def _turned(x, count):
    return uint64(x >> uint64(count)) | uint64(x << uint64(64 - count))


def _message(data):
    """The bytes with the padding of the algorithm, which tells how many there are."""
    found = build_list()
    for byte in data:
        found.append(uint64(byte))
    found.append(uint64(128))
    while len(found) % BLOCK != BLOCK - 16:
        found.append(uint64(0))
    for _ in range(8):
        found.append(uint64(0))
    bits = 8 * len(data)
    for i in range(8):
        found.append(uint64((bits >> (56 - 8 * i)) & 255))
    return found


def _digest(data):
    """The eight words of the digest."""
    table = constants()
    state = [load(table, ROUNDS + i) for i in range(8)]
    message = _message(data)
    words = [uint64(0)] * ROUNDS
    for begin in range(0, len(message), BLOCK):
        for i in range(16):
            word = uint64(0)
            for k in range(8):
                word = uint64(word << uint64(8)) | message[begin + 8 * i + k]
            words[i] = word
        for i in range(16, ROUNDS):
            x, y = words[i - 15], words[i - 2]
            low = _turned(x, 1) ^ _turned(x, 8) ^ (x >> uint64(7))
            high = _turned(y, 19) ^ _turned(y, 61) ^ (y >> uint64(6))
            words[i] = words[i - 16] + low + words[i - 7] + high
        a, b, c, d = state[0], state[1], state[2], state[3]
        e, f, g, h = state[4], state[5], state[6], state[7]
        for i in range(ROUNDS):
            mixed = _turned(e, 14) ^ _turned(e, 18) ^ _turned(e, 41)
            chosen = (e & f) ^ (~e & g)
            first = h + mixed + chosen + load(table, i) + words[i]
            other = _turned(a, 28) ^ _turned(a, 34) ^ _turned(a, 39)
            second = other + ((a & b) ^ (a & c) ^ (b & c))
            h, g, f, e, d, c, b, a = g, f, e, d + first, c, b, a, first + second
        for i, word in enumerate((a, b, c, d, e, f, g, h)):
            state[i] += word
    return state


@engine(bytes_type)
def seed_of_bytes(data):
    """The words of 32 bits, the lowest first, of `int.from_bytes(data + sha512(data))`."""
    state = _digest(data)
    count = len(data) + 64
    found = build_list()
    word, place = 0, 0
    for i in range(count):
        at = count - 1 - i
        if at >= len(data):
            behind = at - len(data)
            byte = int64((state[behind // 8] >> uint64(56 - 8 * (behind % 8))) & uint64(255))
        else:
            byte = int64(data[at])
        word |= byte << place
        place += 8
        if place == 32:
            found.append(word)
            word, place = 0, 0
    found.append(word)
    while len(found) > 1 and found[len(found) - 1] == 0:
        found.pop()
    return found
