"""Machine arithmetic on single items, as the inner loops of NumPy do it.

Operands have one type and the result is of that type (or a bool). Integers wrap, nothing raises, no
operand is promoted: Python's operators, which do those things, are in `library/builtins/`. Where an
operation has no meaning for some operands (division by 0), its caller keeps them away.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.inference.overloads import Intrinsic, intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.builtins import arithmetic
from pellucid.library.numpy.primitives import item_type
from pellucid.types import (
    Boolean,
    Complex,
    Float,
    Integer,
    Number,
    Type,
    boolean,
    dtype_of,
    int64,
    is_complex,
    is_float,
)


def _own(
    name: str, make: Callable[[Any], Primitive], accepts: tuple[type[Type], ...]
) -> Callable[[Type], Primitive]:
    """`make`, for operands of the accepted classes of types. Any: `make` takes one of them."""

    def checked(ty: Type) -> Primitive:
        if not isinstance(ty.base, accepts):
            refuse(f"{name} does not take {ty.base}")
        return make(ty.base)

    return checked


def _unary(name: str, make: Callable[[Any], Primitive], *accepts: type[Type]) -> Intrinsic:
    checked = _own(name, make, accepts)
    return Intrinsic(f"{__name__}.{name}", lambda x: checked(x))


def _binary(name: str, make: Callable[[Any], Primitive], *accepts: type[Type]) -> Intrinsic:
    checked = _own(name, make, accepts)

    def template(x: Type, y: Type) -> Primitive:
        if x.base != y.base:
            refuse(f"{name} needs operands of one type, not {x.base} and {y.base}")
        return checked(x)

    return Intrinsic(f"{__name__}.{name}", template)


# ---- arithmetic -------------------------------------------------------------------------------

add = _binary("add", arithmetic.add, Number)
sub = _binary("sub", arithmetic.sub, Number)
mul = _binary("mul", arithmetic.mul, Number)
neg = _unary("neg", lambda ty: arithmetic.neg(ty, ty), Number)
div = _binary("div", arithmetic.quotient, Float)
remainder = _binary("remainder", arithmetic.remainder, Float)
floor_quotient = _binary("floor_quotient", arithmetic.floor_quotient, Integer)
floor_remainder = _binary("floor_remainder", arithmetic.floor_remainder, Integer)
bit_and = _binary("bit_and", lambda ty: arithmetic.bitwise("and_", ty), Integer, Boolean)
bit_or = _binary("bit_or", lambda ty: arithmetic.bitwise("or_", ty), Integer, Boolean)
bit_xor = _binary("bit_xor", lambda ty: arithmetic.bitwise("xor", ty), Integer, Boolean)
bit_not = _unary("bit_not", lambda ty: arithmetic.invert(ty, ty), Integer, Boolean)
shift_left = _binary("shift_left", lambda ty: arithmetic.shift("shl", ty), Integer)
shift_right = _binary("shift_right", lambda ty: arithmetic.shift("shr", ty), Integer)


# ---- comparison -------------------------------------------------------------------------------


def _comparison(name: str, symbol: str) -> Intrinsic:
    """A comparison by true value: of one type, or of a signed and an unsigned integer."""

    def template(x: Type, y: Type) -> Primitive:
        left, right = (int64 if ty.base == boolean else ty.base for ty in (x, y))
        if not isinstance(left, Number) or not isinstance(right, Number):
            refuse(f"{x} and {y} cannot be compared")
        return arithmetic.compare(symbol, left, right)

    return Intrinsic(f"{__name__}.{name}", template)


lt = _comparison("lt", "<")
le = _comparison("le", "<=")
gt = _comparison("gt", ">")
ge = _comparison("ge", ">=")
eq = _comparison("eq", "==")
ne = _comparison("ne", "!=")


@intrinsic
def choose(condition, x, y):
    """`x` if `condition` else `y`, both computed: no branch, so that loops vectorise."""
    ty = x.base
    if y.base != ty:
        refuse(f"choose needs one type, not {ty} and {y.base}")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.select(*args)

    return Primitive("choose", ty(boolean, ty, ty), lower, lambda c, a, b: a if c else b)


# ---- LLVM's own functions ---------------------------------------------------------------------


def _run(ty: Type, name: str) -> Callable[..., Any]:
    """NumPy's function on numbers of the type `ty`, for the interpreter."""
    function, dtype = getattr(np, name), dtype_of(ty)

    def run(*args: Any) -> Any:
        # Two items: for one, NumPy may take a short cut, such as a square root for `** 0.5`.
        with np.errstate(all="ignore"):
            return function(*(np.array([arg, arg], dtype) for arg in args))[0].item()

    return run


def _llvm(name: str, count: int, numpy_name: str) -> Callable[[Any], Primitive]:
    """LLVM's intrinsic, and the function of NumPy that does the same."""

    def make(ty: Type) -> Primitive:
        letter = "f" if isinstance(ty, Float) else "i"
        bits = ty.bits if isinstance(ty, (Float, Integer)) else 1

        def lower(cg: Any, args: Sequence[Any]) -> Any:
            return cg.intrinsic(
                f"llvm.{name}.{letter}{bits}", cg.ll_type(ty), *args, fast=letter == "f"
            )

        return Primitive(name, ty(*(ty,) * count), lower, _run(ty, numpy_name))

    return make


sqrt = _unary("sqrt", _llvm("sqrt", 1, "sqrt"), Float)
fabs = _unary("fabs", _llvm("fabs", 1, "fabs"), Float)
floor = _unary("floor", _llvm("floor", 1, "floor"), Float)
ceil = _unary("ceil", _llvm("ceil", 1, "ceil"), Float)
trunc = _unary("trunc", _llvm("trunc", 1, "trunc"), Float)
rint = _unary("rint", _llvm("rint", 1, "rint"), Float)
copysign = _binary("copysign", _llvm("copysign", 2, "copysign"), Float)
maximum = _binary("maximum", _llvm("maximum", 2, "maximum"), Float)
minimum = _binary("minimum", _llvm("minimum", 2, "minimum"), Float)
count_bits = _unary("count_bits", _llvm("ctpop", 1, "bitwise_count"), Integer)


# ---- the C library ----------------------------------------------------------------------------


def _libm(name: str, count: int, numpy_name: str) -> Callable[[Any], Primitive]:
    def make(ty: Type) -> Primitive:
        symbol = name if isinstance(ty, Float) and ty.bits == 64 else f"{name}f"

        def lower(cg: Any, args: Sequence[Any]) -> Any:
            return cg.math_call(symbol, *args)

        return Primitive(name, ty(*(ty,) * count), lower, _run(ty, numpy_name))

    return make


def _libm_unary(name: str, numpy_name: str | None = None) -> Intrinsic:
    return _unary(name, _libm(name, 1, numpy_name or name), Float)


def _libm_binary(name: str, numpy_name: str | None = None) -> Intrinsic:
    return _binary(name, _libm(name, 2, numpy_name or name), Float)


exp = _libm_unary("exp")
exp2 = _libm_unary("exp2")
expm1 = _libm_unary("expm1")
log = _libm_unary("log")
log2 = _libm_unary("log2")
log10 = _libm_unary("log10")
log1p = _libm_unary("log1p")
sin = _libm_unary("sin")
cos = _libm_unary("cos")
tan = _libm_unary("tan")
asin = _libm_unary("asin", "arcsin")
acos = _libm_unary("acos", "arccos")
atan = _libm_unary("atan", "arctan")
sinh = _libm_unary("sinh")
cosh = _libm_unary("cosh")
tanh = _libm_unary("tanh")
asinh = _libm_unary("asinh", "arcsinh")
acosh = _libm_unary("acosh", "arccosh")
atanh = _libm_unary("atanh", "arctanh")
cbrt = _libm_unary("cbrt")
atan2 = _libm_binary("atan2", "arctan2")
hypot = _libm_binary("hypot")
power = _libm_binary("pow", "power")
nextafter = _libm_binary("nextafter")


@intrinsic
def ldexp(x, n):
    """`x * 2**n` for a float `x`."""
    ty = x.base
    if not is_float(ty):
        refuse(f"ldexp does not take {ty}")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        i32 = ll.IntType(32)
        low, high = ll.Constant(int64_type, -100000), ll.Constant(int64_type, 100000)
        n = cg.builder.select(cg.builder.icmp_signed("<", args[1], low), low, args[1])
        n = cg.builder.select(cg.builder.icmp_signed(">", n, high), high, n)
        ll_ty = cg.ll_type(ty)
        symbol = "ldexp" if ll_ty == ll.DoubleType() else "ldexpf"
        function = cg.declare(symbol, ll.FunctionType(ll_ty, [ll_ty, i32]))
        return cg.builder.call(function, [args[0], cg.builder.trunc(n, i32)])

    int64_type = ll.IntType(64)

    def run(number: float, exponent: int) -> float:
        with np.errstate(all="ignore"):
            return np.ldexp(dtype_of(ty).type(number), max(min(exponent, 99999), -99999)).item()

    return Primitive("ldexp", ty(ty, int64), lower, run)


# ---- sums in any order ------------------------------------------------------------------------


def _any_order(
    method: str, flags: tuple[str, ...], exact: Callable[[Any], Primitive]
) -> Callable[[Any], Primitive]:
    """A float operation that LLVM may reorder or fuse as `flags` say; of integers, the exact."""

    def make(ty: Type) -> Primitive:
        plain = exact(ty)
        if not isinstance(ty, Float):
            return plain

        def lower(cg: Any, args: Sequence[Any]) -> Any:
            return getattr(cg.builder, method)(*args, flags=tuple({*flags, *cg.fast}))

        return Primitive(f"{plain.name}_any_order", plain.sig, lower, plain.run)

    return make


add_any_order = _binary(
    "add_any_order", _any_order("fadd", ("contract", "reassoc"), arithmetic.add), Integer, Float
)
mul_contracted = _binary(
    "mul_contracted", _any_order("fmul", ("contract",), arithmetic.mul), Integer, Float
)


# ---- kinds and parts --------------------------------------------------------------------------


@intrinsic
def as_type(x, dtype):
    """`x` converted to `dtype`, without a check; of complex numbers to complex or bool only."""
    source, target = x.base, item_type(dtype)
    if is_complex(source) and target == boolean:

        def lower(cg: Any, args: Sequence[Any]) -> Any:
            return cg.convert(source, boolean, args[0])

        return Primitive("as_type", boolean(source, dtype), lower, lambda v, _: bool(v))
    if is_complex(source) and not is_complex(target):
        refuse(f"{source} does not convert to {target}")
    return Primitive("as_type", target(target, dtype), lambda _, args: args[0], lambda v, _: v)


@intrinsic
def real_part(x):
    """The real part of a complex number."""
    ty = x.base
    if not isinstance(ty, Complex):
        refuse(f"{ty} is not complex")
    return Primitive(
        "real_part", ty.part(ty), lambda cg, args: cg.field(ty, args[0], "real"), lambda v: v.real
    )


@intrinsic
def imag_part(x):
    """The imaginary part of a complex number."""
    ty = x.base
    if not isinstance(ty, Complex):
        refuse(f"{ty} is not complex")
    return Primitive(
        "imag_part", ty.part(ty), lambda cg, args: cg.field(ty, args[0], "imag"), lambda v: v.imag
    )


@intrinsic
def make_complex(real, imag):
    """A complex number from its parts, two floats of one type."""
    part = real.base
    if not isinstance(part, Float) or imag.base != part:
        refuse(f"{real} and {imag} are not the parts of a complex number")
    ty = Complex(part.bits * 2)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.make(ty, real=args[0], imag=args[1])

    return Primitive("make_complex", ty(part, part), lower, complex)


@intrinsic
def limit_of(x, name):
    """A constant of a number type: "min", "max", "eps", "bits", "inf" or "nan"."""
    ty = x.base
    which = getattr(name, "value", None)
    if isinstance(ty, Boolean):
        value: Any = which == "max"
    elif isinstance(ty, Integer):
        value = {"min": ty.min, "max": ty.max, "bits": ty.bits}[str(which)]
    elif isinstance(ty, Float):
        info = np.finfo(dtype_of(ty))
        known = {"min": -math.inf, "max": math.inf, "inf": math.inf, "nan": math.nan}
        value = known[str(which)] if which in known else float(getattr(info, str(which)))
    else:
        refuse(f"{ty} has no limits")
    return Primitive(
        "limit_of",
        ty(ty, name),
        lambda cg, _: ll.Constant(cg.ll_type(ty), value),
        lambda _x, _name: value,
    )
