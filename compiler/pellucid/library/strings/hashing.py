"""`hash()` of text: SipHash-1-3 with the process' own key, so that it is CPython's.

The key lies in CPython's memory (`_Py_HashSecret`) and follows PYTHONHASHSEED.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.text_form import WIDTH_MASK, encode, form_of
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import Typed, intrinsic, overload, refuse, uninterrupted
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.strings.basics import require_text
from pellucid.library.strings.primitives import TEXT, item_address, length, width
from pellucid.types import int64, uni_tuple

_I64 = ll.IntType(64)
_SECRET = "_Py_HashSecret"
STATE = uni_tuple(int64, 4)
_MASK = (1 << 64) - 1


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


START = tuple(
    _signed(value)
    for value in (
        0x736F6D6570736575,
        0x646F72616E646F6D,
        0x6C7967656E657261,
        0x7465646279746573,
    )
)


@intrinsic
def hash_key():
    """The two halves of the key."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del args
        address = Objects(cg.module, cg.builder).symbol(_SECRET)
        halves = [cg.builder.load(cg.offset(address, at), typ=_I64, align=8) for at in (0, 8)]
        return cg.make_tuple(uni_tuple(int64, 2), halves)

    sig = uni_tuple(int64, 2)()
    return Primitive("text.hash_key", sig, lower, _read_key, Effects.READS)


@cache
def _read_key() -> tuple[int, int]:
    secret = (ctypes.c_int64 * 2).in_dll(ctypes.pythonapi, _SECRET)
    return secret[0], secret[1]


@intrinsic
def sip_round(state):
    """One round of SipHash on the four words of its state."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        v0, v1, v2, v3 = (cg.element(STATE, args[0], index) for index in range(4))

        def rotated(word: Any, by: int) -> Any:
            return cg.intrinsic("llvm.fshl.i64", _I64, word, word, ll.Constant(_I64, by))

        def half(a: Any, b: Any, c: Any, d: Any, s: int, t: int) -> tuple[Any, ...]:
            a, c = builder.add(a, b), builder.add(c, d)
            b, d = builder.xor(rotated(b, s), a), builder.xor(rotated(d, t), c)
            return rotated(a, 32), b, c, d

        v0, v1, v2, v3 = half(v0, v1, v2, v3, 13, 16)
        v2, v1, v0, v3 = half(v2, v1, v0, v3, 17, 21)
        return cg.make_tuple(STATE, [v0, v1, v2, v3])

    return Primitive("text.sip_round", STATE(STATE), lower, _run_round)


def _run_round(state: Sequence[int]) -> tuple[int, ...]:
    def rotated(word: int, by: int) -> int:
        word &= _MASK
        return (word << by | word >> (64 - by)) & _MASK

    def half(a: int, b: int, c: int, d: int, s: int, t: int) -> tuple[int, ...]:
        a, c = a + b, c + d
        b, d = rotated(b, s) ^ (a & _MASK), rotated(d, t) ^ (c & _MASK)
        return rotated(a, 32), b, c, d

    v0, v1, v2, v3 = (word & _MASK for word in state)
    v0, v1, v2, v3 = half(v0, v1, v2, v3, 13, 16)
    v2, v1, v0, v3 = half(v2, v1, v0, v3, 17, 21)
    return v0, v1, v2, v3


@intrinsic
def word_at(s, place):
    """The eight bytes from byte `place` of a text, as an integer."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        address = item_address(cg, cg.field(TEXT, args[0], "data"), args[1], 1)
        return cg.builder.load(address, typ=_I64, align=1)

    def run(s: str, place: int) -> int:
        return int.from_bytes(encode(s)[place : place + 8], "little")

    return Primitive("text.word_at", int64(TEXT, int64), lower, run, Effects.READS)


@intrinsic
def byte_at(s, place):
    """The byte at `place` of a text."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        address = item_address(cg, cg.field(TEXT, args[0], "data"), args[1], 1)
        return cg.builder.zext(cg.builder.load(address, typ=ll.IntType(8), align=1), _I64)

    def run(s: str, place: int) -> int:
        assert form_of(s) & WIDTH_MASK
        return encode(s)[place]

    return Primitive("text.byte_at", int64(TEXT, int64), lower, run, Effects.READS)


@overload(hash, separate=True)
def hash_(obj):
    """The hash of a str is CPython's, in this process.

    >>> hash("abc") == hash("ab" + "c")
    True
    """
    require_text(obj)
    if sys.hash_info.algorithm != "siphash13" or sys.hash_info.cutoff:
        refuse(f"this Python hashes by {sys.hash_info.algorithm}, which is not supported")
    return Typed(_hash, (TEXT,))


@uninterrupted
def _hash(obj):
    count = length(obj) * width(obj)
    if count == 0:
        return 0
    low, high = hash_key()
    state = (low ^ START[0], high ^ START[1], low ^ START[2], high ^ START[3])
    place = 0
    while place + 8 <= count:
        word = word_at(obj, place)
        v0, v1, v2, v3 = sip_round((state[0], state[1], state[2], state[3] ^ word))
        state = (v0 ^ word, v1, v2, v3)
        place += 8
    word = count << 56
    for i in range(count - place):
        word |= byte_at(obj, place + i) << (8 * i)
    v0, v1, v2, v3 = sip_round((state[0], state[1], state[2], state[3] ^ word))
    state = sip_round(sip_round(sip_round((v0 ^ word, v1, v2 ^ 255, v3))))
    found = state[0] ^ state[1] ^ state[2] ^ state[3]
    return -2 if found == -1 else found
