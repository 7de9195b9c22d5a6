"""The hashes by which tables find keys: equal keys have equal ones, which spread over all bits.

They are not Python's `hash`, which nothing in a table shows: an int takes one multiplication.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.types import (
    LONG_TUPLE,
    Boolean,
    BytesType,
    Complex,
    EnumMember,
    Float,
    Instance,
    Integer,
    NoneType,
    Optional,
    PyObject,
    Set,
    Struct,
    Tuple,
    Type,
    UnicodeType,
    int64,
)

_I64 = ll.IntType(64)
_MASK = (1 << 64) - 1
_FACTOR = 0x9E3779B97F4A7C15
"""2**64 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4)."""
GONE = -1
"""The hash of an entry that was taken out. No key has it."""


def key_hash(key: Any) -> int:
    """The hash of a key. Types overload it."""
    message = f"key_hash({key}) has a meaning in compiled code only"
    raise TypeError(message)


@intrinsic
def scramble(number):
    """A hash of 64 bits: never `GONE`."""
    if not isinstance(number, (Integer, Boolean)):
        refuse(f"{number} is not an integer")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        product = builder.mul(args[0], ll.Constant(_I64, _FACTOR))
        mixed = builder.xor(product, builder.lshr(product, ll.Constant(_I64, 32)))
        return builder.and_(mixed, ll.Constant(_I64, _MASK >> 1))

    def run(value: int) -> int:
        product = (value * _FACTOR) & _MASK
        return (product ^ (product >> 32)) & (_MASK >> 1)

    return Primitive("scramble", int64(int64), lower, run)


@intrinsic
def float_bits(number):
    """The bits of a float as an integer; those of -0.0 are those of 0.0."""
    if not isinstance(number, Float):
        refuse(f"{number} is not a float")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        zero = ll.Constant(args[0].type, 0.0)
        positive = cg.builder.fadd(args[0], zero)
        is_wide = number.bits == 64
        bits = cg.builder.bitcast(positive, _I64 if is_wide else ll.IntType(32))
        return bits if is_wide else cg.builder.zext(bits, _I64)

    def run(value: float) -> int:
        return hash(value)

    return Primitive("float_bits", int64(number), lower, run)


@overload(key_hash, inline=True)
def integer_hash(key):
    """Of an integer."""
    if not isinstance(key, (Integer, Boolean)):
        refuse(f"{key} is not an integer")
    return _integer_hash


def _integer_hash(key):
    return scramble(key)


@overload(key_hash, inline=True)
def float_hash(key):
    """Of a float."""
    if not isinstance(key, Float):
        refuse(f"{key} is not a float")
    return _float_hash


def _float_hash(key):
    return scramble(float_bits(key))


@overload(key_hash)
def complex_hash(key):
    """Of a complex number."""
    if not isinstance(key, Complex):
        refuse(f"{key} is not a complex number")
    return _complex_hash


def _complex_hash(key):
    return scramble(float_bits(key.real) + 31 * scramble(float_bits(key.imag)))


@overload(key_hash)
def text_hash(key):
    """Of a str, or bytes."""
    if not isinstance(key, (BytesType, UnicodeType)):
        refuse(f"{key} is neither a str nor bytes")
    return _text_hash


def _text_hash(key):
    return scramble(hash(key))


@overload(key_hash)
def none_hash(key):
    """Of None."""
    if not isinstance(key, NoneType):
        refuse(f"{key} is not None")
    return _none_hash


def _none_hash(key):
    return 1


@overload(key_hash)
def optional_hash(key):
    """Of what may be None."""
    if not isinstance(key, Optional):
        refuse(f"{key} is never None")
    return _optional_hash


def _optional_hash(key):
    return 1 if key is None else key_hash(key)


@overload(key_hash)
def object_hash(key):
    """Of a Python object: what its class says, or TypeError."""
    if not isinstance(key, PyObject):
        refuse(f"{key} is not a Python object")
    return _object_hash


def _object_hash(key):
    return scramble(hash(key))


@overload(key_hash)
def tuple_hash(key):
    """Of a tuple."""
    if not isinstance(key, Tuple):
        refuse(f"{key} is not a tuple")
    return _tuple_hash


def _tuple_hash(key):
    if len(key) == 0:
        return 2
    return scramble(key_hash(key[0]) + 3 * _tuple_hash(key[1:]))


def check_key(ty: Type) -> None:
    """Refuse a type whose values cannot be keys."""
    if isinstance(ty, Tuple):
        for elem in ty.elems:
            check_key(elem)
        return
    if isinstance(ty, Optional):
        check_key(ty.value_ty)
        return
    if isinstance(ty, Struct) and ty.name == LONG_TUPLE:
        check_key(getattr(ty.fields[0][1], "elem_ty"))  # noqa: B009 (of a list)
        return
    if isinstance(ty, Instance) and ty.pyclass.__hash__ is not None:
        return
    plain = (Integer, Boolean, Float, Complex, BytesType, UnicodeType, NoneType, EnumMember)
    if not isinstance(ty.base, (*plain, PyObject)) and not (isinstance(ty, Set) and ty.is_frozen):
        refuse(f"unhashable type: {ty.base}")
