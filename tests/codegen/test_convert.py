"""Every conversion between scalars, against the interpreter, which asks NumPy."""

from __future__ import annotations

from typing import Any

import pytest

from pellucid.ir.interp_values import wrap
from pellucid.types import (
    COMPLEXES,
    FLOATS,
    INTEGERS,
    SCALARS,
    Complex,
    Float,
    Integer,
    Type,
    boolean,
    complex128,
    float32,
    float64,
    int8,
    int32,
    int64,
    none,
    optional,
    uint64,
    undefined,
)
from pellucid.types.containers import Slice, Tuple

INTS = (0, 1, -1, 2, 127, 128, -128, 255, 65535, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63)
REALS = (0.0, -0.0, 0.5, -0.5, 1.0, -1.0, -2.0, 127.9, 1e4, -1e4, 3e9, -3e9, 1e18, 1.5e19)
SPECIALS = (float("inf"), float("-inf"), float("nan"), 1e300)


def samples(ty: Type) -> list[Any]:
    """Values of a scalar type."""
    match ty:
        case Integer():
            return [wrap(v, ty) for v in INTS]
        case Float():
            return [wrap(v, ty) for v in (*REALS, *SPECIALS)]
        case Complex():
            return [wrap(complex(a, b), ty) for a in REALS for b in (0.0, -0.0, 2.5)]
        case _:
            return [True, False]


def conversion(tools: Any, source: Type, target: Type) -> Any:
    make = tools.Maker("convert", target, {"x": source})
    make.ret(make.convert(make.args[0], target))
    return make.target()


@pytest.mark.parametrize("source", SCALARS, ids=str)
def test_scalars(tools: Any, source: Type) -> None:
    for target in SCALARS:
        if target == source or (source in COMPLEXES and target not in (*COMPLEXES, boolean)):
            continue
        values = samples(source)
        if source in FLOATS and target in INTEGERS:
            values = [v for v in values if fits(v, target)]
        tools.check(conversion(tools, source, target), *((v,) for v in values))


def fits(value: float, target: Integer) -> bool:
    return value == value and target.min - 1 < value < target.max + 1


@pytest.mark.parametrize("source", FLOATS, ids=str)
@pytest.mark.parametrize("target", [int64, int32, uint64], ids=str)
def test_reals_out_of_range_convert_as_in_numpy(tools: Any, source: Type, target: Type) -> None:
    values = [v for v in samples(source) if not fits(v, target) or v < 0]
    if target == uint64:
        # Above the range gcc's code and NumPy's packed code differ.
        values = [v for v in values if v < 2**63]
    tools.check(conversion(tools, source, target), *((v,) for v in values))


def test_parts_convert_each(tools: Any) -> None:
    source = Tuple((int64, Tuple((boolean, float32)), none))
    target = Tuple((float64, Tuple((int8, complex128)), optional(int64)))
    tools.check(conversion(tools, source, target), ((3, (True, 0.5), None),))
    source, target = Slice(int64, none, int64), Slice(int64, none, int64)
    tools.check(conversion(tools, source, target), (slice(1, None, 2),))


def test_optionals_convert_inside(tools: Any) -> None:
    target = conversion(tools, optional(int64), optional(float64))
    tools.check(target, (3,), (None,))


def test_an_unbound_name_becomes_zero(tools: Any) -> None:
    make = tools.Maker("unbound", float64, {})
    make.ret(make.convert(make.const(None, ty=undefined), float64))
    assert tools.compile([make.target()]).call(make.target()).value == 0.0
