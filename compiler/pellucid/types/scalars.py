"""Numbers, booleans and None."""

from __future__ import annotations

import numpy as np

from pellucid.base.records import record
from pellucid.types.kinds import Literal, Type, static


@record(frozen=True, repr=False)
class Boolean(Type):
    """True or False; one byte in memory."""

    def __str__(self) -> str:
        return "bool"


class Number(Type):
    """An integer, real or complex number of a fixed width."""


@record(frozen=True, repr=False)
class Integer(Number):
    """A two's complement integer of `bits` bits; arithmetic wraps."""

    bits: int
    signed: bool

    def __str__(self) -> str:
        return f"{'int' if self.signed else 'uint'}{self.bits}"

    @property
    def min(self) -> int:
        """The least value."""
        return -(1 << (self.bits - 1)) if self.signed else 0

    @property
    def max(self) -> int:
        """The greatest value."""
        return (1 << (self.bits - self.signed)) - 1


@record(frozen=True, repr=False)
class Float(Number):
    """An IEEE 754 binary number of `bits` bits."""

    bits: int

    def __str__(self) -> str:
        return f"float{self.bits}"


@record(frozen=True, repr=False)
class Complex(Number):
    """A pair of floats; `bits` counts both."""

    bits: int

    def __str__(self) -> str:
        return f"complex{self.bits}"

    @property
    def part(self) -> Float:
        """The type of the real and of the imaginary part."""
        return Float(self.bits // 2)


@record(frozen=True, repr=False)
class NoneType(Type):
    """The type of None."""

    def __str__(self) -> str:
        return "none"


boolean = Boolean()
int8, int16, int32, int64 = (Integer(b, True) for b in (8, 16, 32, 64))
uint8, uint16, uint32, uint64 = (Integer(b, False) for b in (8, 16, 32, 64))
float32, float64 = Float(32), Float(64)
complex64, complex128 = Complex(64), Complex(128)
none = NoneType()

INTEGERS = (int8, int16, int32, int64, uint8, uint16, uint32, uint64)
FLOATS = (float32, float64)
COMPLEXES = (complex64, complex128)
NUMBERS: tuple[Number, ...] = (*INTEGERS, *FLOATS, *COMPLEXES)
SCALARS: tuple[Type, ...] = (boolean, *NUMBERS)


def dtype_of(ty: Type) -> np.dtype:
    """The NumPy dtype whose items have the scalar type `ty`; KeyError if there is none."""
    return np.dtype(_DTYPE_NAMES[ty.base])


_DTYPE_NAMES: dict[Type, str] = {ty: str(ty) for ty in SCALARS}
_BY_DTYPE: dict[np.dtype, Type] = {np.dtype(name): ty for ty, name in _DTYPE_NAMES.items()}


def find_scalar_type(dtype: np.dtype) -> Type | None:
    """The scalar type of items of `dtype`, if Pellucid has it in this byte order."""
    return _BY_DTYPE.get(dtype)


@static
def is_integer(ty: Type) -> bool:
    """Whether `ty` is an integer type (booleans are not), literal or not."""
    return isinstance(ty.base, Integer)


@static
def is_float(ty: Type) -> bool:
    """Whether `ty` is a real floating-point type."""
    return isinstance(ty.base, Float)


@static
def is_complex(ty: Type) -> bool:
    """Whether `ty` is a complex type."""
    return isinstance(ty.base, Complex)


@static
def is_number(ty: Type) -> bool:
    """Whether `ty` is a number; booleans are not."""
    return isinstance(ty.base, Number)


@static
def is_scalar(ty: Type) -> bool:
    """Whether `ty` is a number or a boolean."""
    return isinstance(ty.base, (Number, Boolean))


@static
def is_none(ty: object) -> bool:
    """Whether `ty` is the type of None, or None itself (an omitted default)."""
    return ty is None or ty == none


def literal_int(value: int) -> Literal:
    """The literal type of an int: int64 if it fits, else uint64; OverflowError beyond."""
    if int64.min <= value <= int64.max:
        return Literal(value, int64)
    if value <= uint64.max and value > 0:
        return Literal(value, uint64)
    message = f"{value} does not fit in 64 bits"
    raise OverflowError(message)
