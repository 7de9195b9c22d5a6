"""Numbers made of numbers: `int() float() complex()`, `abs()`, dtypes called, parts of numbers.

A float that an integer type cannot hold converts to some value of that type, as in Numba and NumPy:
`int(nan)` does not raise.
"""

from __future__ import annotations

import math
import operator
from typing import Any

from pellucid.inference.overloads import (
    Constant,
    Overload,
    overload,
    overload_attribute,
    overload_method,
    refuse,
)
from pellucid.library.builtins import arithmetic
from pellucid.library.builtins.arithmetic import make_complex, primitive
from pellucid.library.builtins.floats import floor, llvm_float
from pellucid.library.builtins.promotion import integer, number
from pellucid.types import (
    Boolean,
    Complex,
    DType,
    Float,
    Integer,
    Number,
    boolean,
    complex128,
    float64,
    int64,
    none,
)


@overload(int)
def int_(x=0):
    """`x` as an integer, towards zero; an integer keeps its width.

    Unlike Python: only numbers, and a float out of range or NaN gives some integer.

    >>> int(-2.7)
    -2
    """
    base = number(x)
    if isinstance(base, Complex):
        refuse("a complex number is not an integer")
    return arithmetic.identity(base if isinstance(base, Integer) else int64)


@overload(float)
def float_(x=0.0):
    """`x` as a float64.

    >>> float(3)
    3.0
    """
    if isinstance(number(x), Complex):
        refuse("a complex number is not a float")
    return arithmetic.identity(float64)


@overload(complex)
def complex_(real=0, imag=None):
    """The complex number of two real numbers, or of one number.

    >>> complex(1, 2) * 1j
    (-2+1j)
    """
    if imag == none:
        number(real)
        return _complex_of_one
    match number(real), number(imag):
        case Complex(), Complex():
            return _complex_of_complexes
        case Complex(), _:
            return _complex_and_real
        case _, Complex():
            return _real_and_complex
        case _:
            return arithmetic.complex_of(float64)


def _complex_of_one(real, imag=None):
    return complex128(real)


# `real + imag * 1j` without the products of zeros that could change a sign or make a NaN.


def _complex_of_complexes(real, imag=None):
    return make_complex(
        float64(real.real) - float64(imag.imag), float64(imag.real) + float64(real.imag)
    )


def _complex_and_real(real, imag=None):
    return make_complex(float64(real.real), float64(imag) + float64(real.imag))


def _real_and_complex(real, imag=None):
    return make_complex(float64(real) - float64(imag.imag), float64(imag.real))


@overload("pellucid.types.DType.call")
def dtype_call(dtype, x=0):
    """A scalar of a dtype: `np.int32(x)`, `x.dtype.type(y)`; integers wrap."""
    if not isinstance(dtype, DType):
        refuse(f"{dtype} is not a dtype")
    target, source = dtype.dtype, x.base
    if not isinstance(source, (Number, Boolean)):
        refuse(f"{source} is not a number")
    if isinstance(source, Complex) and not isinstance(target, (Complex, Boolean)):
        refuse(f"a complex number is not a {target}")

    def emit(cg: Any, _: Any, operand: Any) -> Any:
        return operand

    return primitive(f"to_{target}", target, (dtype, target), emit, lambda _, value: value)


@overload(abs)
def abs_(x):
    """`|x|`; integers keep their width and the least one wraps.

    >>> abs(-3)
    3
    >>> abs(3 + 4j)
    5.0
    """
    base = number(x)
    if isinstance(base, Complex):
        return _complex_abs
    if isinstance(base, Float):
        return llvm_float("fabs", base, 1, math.fabs)
    return arithmetic.identity(base) if not base.signed else _int_abs(base)


operator_abs = overload(operator.abs)(abs_.template)


def _complex_abs(x):
    return math.hypot(x.real, x.imag)


def _int_abs(ty: Integer):
    def emit(cg: Any, operand: Any) -> Any:
        negative = cg.builder.icmp_signed("<", operand, cg.zero(ty))
        return cg.builder.select(negative, cg.builder.neg(operand), operand)

    return primitive("abs", ty, (ty,), emit, abs)


# ---- parts of numbers -----------------------------------------------------------------------


def _part(name: str) -> Overload:
    def template(x):
        ty = x.base
        return primitive(
            name, ty.part, (ty,), lambda cg, z: cg.field(ty, z, name), operator.attrgetter(name)
        )

    template.__doc__ = f"The {name} part."
    template.__qualname__ = f"complex_{name}"
    return overload_attribute(Complex, name)(template)


complex_real, complex_imag = _part("real"), _part("imag")


def _itself(x):
    return arithmetic.identity(number(x))


def _whole(x):
    """The bool as an int."""
    return _as_int


def _as_int(x):
    return int(x)


def _zero(x):
    ty = number(x)
    return primitive("zero", ty, (ty,), lambda cg, _: cg.zero(ty), lambda _: 0)


int_real = overload_attribute(Integer, "real")(_itself)
float_real = overload_attribute(Float, "real")(_itself)
bool_real = overload_attribute(Boolean, "real")(_itself)
int_imag = overload_attribute(Integer, "imag")(_zero)
float_imag = overload_attribute(Float, "imag")(_zero)
bool_imag = overload_attribute(Boolean, "imag")(_zero)
int_numerator = overload_attribute(Integer, "numerator")(_itself)
bool_numerator = overload_attribute(Boolean, "numerator")(_whole)


@overload_attribute(Integer, "denominator")
def int_denominator(x):
    """1, of an integer."""
    ty = number(x)
    return primitive("one", ty, (ty,), lambda cg, _: cg.ll_type(ty)(1), lambda _: 1)


@overload_attribute(Boolean, "denominator")
def bool_denominator(x):
    """1, of a bool."""
    return Constant(1)


int_conjugate = overload_method(Integer, "conjugate")(_itself)
float_conjugate = overload_method(Float, "conjugate")(_itself)
bool_conjugate = overload_method(Boolean, "conjugate")(_itself)


@overload_method(Complex, "conjugate")
def complex_conjugate(x):
    """The number with the sign of its imaginary part changed."""
    return _conjugate


def _conjugate(x):
    return make_complex(x.real, -x.imag)


@overload_method(Integer, "bit_length")
def int_bit_length(x):
    """The bits needed for `|x|`.

    >>> (37).bit_length()
    6
    """
    ty = integer(x)

    def emit(cg: Any, operand: Any) -> Any:
        size = operand
        if ty.signed:
            size = _int_abs(ty).lower(cg, (operand,))
        no = cg.ll_type(boolean)(0)
        zeros = cg.intrinsic(f"llvm.ctlz.i{ty.bits}", cg.ll_type(ty), size, no)
        return cg.convert(ty, int64, cg.builder.sub(cg.ll_type(ty)(ty.bits), zeros))

    return primitive("bit_length", int64, (ty,), emit, int.bit_length)


@overload_method(Integer, "bit_count")
def int_bit_count(x):
    """The ones among the bits of `|x|`.

    >>> (13).bit_count()
    3
    """
    ty = integer(x)

    def emit(cg: Any, operand: Any) -> Any:
        size = _int_abs(ty).lower(cg, (operand,)) if ty.signed else operand
        count = cg.intrinsic(f"llvm.ctpop.i{ty.bits}", cg.ll_type(ty), size)
        return cg.convert(ty, int64, count)

    return primitive("bit_count", int64, (ty,), emit, int.bit_count)


@overload_method(Float, "is_integer")
def float_is_integer(x):
    """Whether the fraction is zero.

    >>> (2.0).is_integer()
    True
    """
    return _is_integer


def _is_integer(x):
    return x - x == 0 and floor(x) == x


@overload_method(Integer, "is_integer")
def int_is_integer(x):
    """True, of an integer."""
    return Constant(True)


@overload_method(Boolean, "is_integer")
def bool_is_integer(x):
    """True, of a bool."""
    return Constant(True)


@overload_attribute(Integer, "dtype")
def int_dtype(x):
    """The scalar's dtype."""
    return Constant(x.base)


@overload_attribute(Float, "dtype")
def float_dtype(x):
    """The scalar's dtype."""
    return Constant(x.base)


@overload_attribute(Complex, "dtype")
def complex_dtype(x):
    """The scalar's dtype."""
    return Constant(x.base)


@overload(operator.index)
def index(a):
    """`a` as an integer, which it must be."""
    return arithmetic.identity(integer(a))
