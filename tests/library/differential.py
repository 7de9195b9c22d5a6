"""The same function in CPython, in the typed interpreter and in machine code: what differs?

    check(lambda a, b: a // b, np.int8(-7), 2.5)

runs the function on Python's own numbers and compiled for the types of the arguments, natively and
in the reference interpreter, and compares results (kind, value, sign of zero, NaN as equal), or
exceptions (class and message). Where compiled code means to differ, the caller gives `expected`.
Numbers have the width of the compiled result's type: Python's are brought to it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from pellucid.base.options import Options
from pellucid.compiler import CachingCompiler
from pellucid.frontend import build_function
from pellucid.inference.overloads import OverloadTable
from pellucid.inference.program import Program
from pellucid.ir import interp
from pellucid.library.index import get_index
from pellucid.runtime.dispatch import Dispatcher
from pellucid.types import (
    COMPLEXES,
    FLOATS,
    INTEGERS,
    Boolean,
    Complex,
    Float,
    Integer,
    Tuple,
    Type,
    boolean,
    dtype_of,
)
from pellucid.types.typeof import typeof

# The first draws wait for imports and compilation.
sampled = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

REAL_TYPES: tuple[Type, ...] = (boolean, *INTEGERS, *FLOATS)
SCALAR_TYPES: tuple[Type, ...] = (*REAL_TYPES, *COMPLEXES)


@dataclass(frozen=True)
class Outcome:
    """A result, or the class and message of an exception."""

    value: Any = None
    error: str = ""


def outcome_of(function: Callable[..., Any], *args: Any) -> Outcome:
    """Call and note what happens."""
    try:
        return Outcome(function(*args))
    except Exception as raised:
        return Outcome(error=f"{type(raised).__name__}: {raised}")


# ---- engines --------------------------------------------------------------------------------


@cache
def overload_table() -> OverloadTable:
    return OverloadTable(get_index())


@cache
def native(pyfunc: Callable[..., Any], **options: Any) -> Dispatcher[Any, Any]:
    """The function compiled, without the cache on disk."""
    return Dispatcher(pyfunc, CachingCompiler(), Options(cache=False, **options))


@cache
def typed(pyfunc: Callable[..., Any], arg_tys: tuple[Type, ...], **options: Any) -> Any:
    """The typed IR function, before any pass."""
    program = Program(Options(cache=False, **options), overload_table(), build_function_of)
    return program.specialise(pyfunc, arg_tys).fn


def build_function_of(pyfunc: Any, is_library: bool) -> Any:
    return build_function(pyfunc, is_library=is_library)


def result_type(pyfunc: Callable[..., Any], *args: Any, **options: Any) -> Type:
    """The inferred type of the result."""
    return typed(pyfunc, types_of(args), **options).sig.ret


def types_of(args: Iterable[Any]) -> tuple[Type, ...]:
    return tuple(typeof(arg) for arg in args)


# ---- comparing ------------------------------------------------------------------------------


def check(
    pyfunc: Callable[..., Any],
    *args: Any,
    expected: Outcome | None = None,
    ulps: int = 0,
    engines: str = "both",
    **options: Any,
) -> None:
    """Assert that the engines do what CPython does with the arguments as Python objects."""
    fn = typed(pyfunc, types_of(args), **options)
    wanted = expected or outcome_of(pyfunc, *map(plain, args))
    if not wanted.error:
        wanted = Outcome(fit(wanted.value, fn.sig.ret))
    found = {"interpreter": outcome_of(interp.run, fn, args)}
    if engines == "both":
        found["machine code"] = outcome_of(native(pyfunc, **options), *args)
    for engine, got in found.items():
        problem = difference(wanted, got, ulps, fn.sig.ret)
        shown = ", ".join(f"{typeof(a)} {a!r}" for a in args)
        assert not problem, f"{engine} on ({shown}): {problem}"


def plain(value: Any) -> Any:
    """A NumPy scalar as Python's own number; tuples by element."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return value.item() if isinstance(value, np.generic) else value


def fit(value: Any, ty: Type) -> Any:
    """Python's number at the width of `ty`: integers wrap, float32 rounds; tuples by element."""
    if isinstance(ty, Tuple) and isinstance(value, tuple) and len(value) == len(ty.elems):
        return tuple(fit(v, e) for v, e in zip(value, ty.elems, strict=True))
    match ty.base, value:
        case (Boolean(), bool()) | (Boolean(), np.bool_()):
            return bool(value)
        case Integer() as integer, int():
            return int(np.array(int(value) & (2**64 - 1), np.uint64).astype(dtype_of(integer)))
        case (Float(), int()) | (Float(), float()):
            with np.errstate(all="ignore"):
                return float(dtype_of(ty).type(float(value)))
        case (Complex(), int()) | (Complex(), float()) | (Complex(), complex()):
            with np.errstate(all="ignore"):
                return complex(dtype_of(ty).type(complex(value)))
        case _:
            return value


def difference(wanted: Outcome, got: Outcome, ulps: int, ty: Type) -> str:
    """What differs, in words; empty if nothing does."""
    if wanted.error or got.error:
        same = wanted.error == got.error
    else:
        same = are_same(wanted.value, got.value, ulps, ty)
    return "" if same else f"expected {_shown(wanted)}, got {_shown(got)}"


def _shown(outcome: Outcome) -> str:
    return outcome.error or f"{type(outcome.value).__name__} {outcome.value!r}"


def are_same(wanted: Any, got: Any, ulps: int, ty: Type) -> bool:
    """Whether two results are the same to `ulps` units in the last place of `ty`."""
    if type(wanted) is not type(got):
        return False
    if isinstance(wanted, tuple):
        tys = ty.elems if isinstance(ty, Tuple) else (ty,) * len(wanted)
        pairs = zip(wanted, got, tys, strict=False)
        return len(wanted) == len(got) and all(are_same(w, g, ulps, t) for w, g, t in pairs)
    if isinstance(wanted, complex):
        part = ty.base.part if isinstance(ty.base, Complex) else ty
        return are_same(wanted.real, got.real, ulps, part) and are_same(
            wanted.imag, got.imag, ulps, part
        )
    if isinstance(wanted, float):
        if math.isnan(wanted) or math.isnan(got):
            return math.isnan(wanted) and math.isnan(got)
        return abs(_order(wanted, ty) - _order(got, ty)) <= ulps
    return bool(wanted == got)


def _order(value: float, ty: Type) -> int:
    """The position among all floats of the width: neighbours differ by 1, 0.0 and -0.0 too."""
    form, bits = ("<f", "<i") if isinstance(ty.base, Float) and ty.base.bits == 32 else ("<d", "<q")
    (order,) = struct.unpack(bits, struct.pack(form, value))
    return order if order >= 0 else -(order & (2 ** (8 * struct.calcsize(bits) - 1) - 1)) - 1


# ---- arguments ------------------------------------------------------------------------------

AWKWARD_FLOATS = (
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -2.5, 3.0, -3.0, 7.0, 1e-5, 1e10, -1e10, 1e16, 5e-324,
    2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308,
    math.inf, -math.inf, math.nan,
)  # fmt: skip


def scalar(ty: Type, value: Any) -> Any:
    """A value whose type is `ty` when it is passed: Python's own for bool, int64 and so on."""
    with np.errstate(all="ignore"):
        made = dtype_of(ty).type(value)
    return made.item() if typeof(made.item()) == ty else made


def awkward(ty: Type) -> list[Any]:
    """The values of a scalar type that implementations get wrong."""
    match ty:
        case Boolean():
            return [False, True]
        case Integer():
            edges = {ty.min, ty.min + 1, ty.max, ty.max - 1, *range(-4, 8), 10, 63, 64, 65}
            inside = sorted(v for v in edges if ty.min <= v <= ty.max)
            return [scalar(ty, v) for v in inside]
        case Float():
            return list({repr(v): v for v in (scalar(ty, v) for v in AWKWARD_FLOATS)}.values())
        case _:
            parts = (0.0, -0.0, 1.0, -2.5, 1e10, math.inf, math.nan)
            return [scalar(ty, complex(re, im)) for re in parts for im in parts]


def scalars(ty: Type) -> st.SearchStrategy[Any]:
    """Any value of a scalar type, awkward ones often."""
    match ty:
        case Boolean():
            return st.booleans()
        case Integer():
            anything = st.integers(ty.min, ty.max)
        case Float():
            anything = st.floats(width=32 if ty.bits == 32 else 64)
        case _:
            anything = st.complex_numbers(width=64 if str(ty) == "complex64" else 128)
    return st.one_of(st.sampled_from(awkward(ty)), anything.map(lambda v: scalar(ty, v)))


def one_of_type(tys: Iterable[Type] = SCALAR_TYPES) -> st.SearchStrategy[Any]:
    """A value of any of these types."""
    return st.one_of([scalars(ty) for ty in tys])
