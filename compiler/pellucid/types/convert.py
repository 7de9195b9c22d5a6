"""Which types convert to which, and how good a match each conversion is.

Ranks follow Numba's: an explicit signature is chosen by the best of its worst conversions.
"""

from __future__ import annotations

from enum import IntEnum

from pellucid.types.arrays import Array
from pellucid.types.containers import Optional, Slice, Struct, Tuple
from pellucid.types.enums import EnumMember
from pellucid.types.exceptions import CaughtException
from pellucid.types.functions import (
    Callable,
    Closure,
    Dispatcher,
    FunctionType,
    FunctionUnion,
    Undefined,
    Union,
)
from pellucid.types.kinds import Type
from pellucid.types.objects import PyObject
from pellucid.types.scalars import Boolean, Complex, Float, Integer, NoneType, Number, int64

KNOWN_FUNCTIONS = (Callable, Closure, Dispatcher, FunctionUnion)
"""The types of functions that are known while compiling, and can be compiled for a signature."""


class Rank(IntEnum):
    """How good a conversion is; the lower the better.

    EXACT: the same type. PROMOTE: same kind, wider. SAFE: other kind, no value is lost. UNSAFE:
    values may be lost (int64 to float64, any narrowing).
    """

    EXACT = 0
    PROMOTE = 1
    SAFE = 2
    UNSAFE = 3


def conversion_rank(source: Type, target: Type) -> Rank | None:
    """How good the conversion from `source` to `target` is; None if there is none."""
    if source == target or source.base == target:
        return Rank.EXACT
    source = source.base
    if isinstance(target, (Number, Boolean)) and isinstance(source, (Number, Boolean)):
        return _scalar_rank(source, target)
    if isinstance(source, EnumMember) and isinstance(target, Number) and source.is_int:
        return max(Rank.SAFE, _scalar_rank(int64, target))
    if isinstance(target, Optional):
        if isinstance(source, NoneType):
            return Rank.PROMOTE
        inner = source.value_ty if isinstance(source, Optional) else source
        rank = conversion_rank(inner, target.value_ty)
        return None if rank is None else max(rank, Rank.PROMOTE)
    if isinstance(source, Undefined):
        return Rank.PROMOTE
    if isinstance(target, (Union, FunctionType, PyObject)):
        return _rank_of_making(source, target)
    if isinstance(source, Array) and isinstance(target, Array):
        return _array_rank(source, target)
    parts = _parts(source, target)
    if parts is None:
        return _exception_rank(source, target)
    worst = Rank.EXACT
    for part, wanted in parts:
        rank = conversion_rank(part, wanted)
        if rank is None:
            return None
        worst = max(worst, rank)
    return worst


def _exception_rank(source: Type, target: Type) -> Rank | None:
    """An exception may also be one that is known to be of more classes."""
    if not isinstance(source, CaughtException) or not isinstance(target, CaughtException):
        return None
    is_part = {*source.classes, *source.raised} <= {*target.classes, *target.raised}
    return Rank.PROMOTE if is_part else None


def _parts(source: Type, target: Type) -> list[tuple[Type, Type]] | None:
    if isinstance(source, Tuple) and isinstance(target, Tuple):
        if len(source.elems) != len(target.elems) or source.cls != target.cls:
            return None
        return list(zip(source.elems, target.elems, strict=True))
    if isinstance(source, Struct) and isinstance(target, Struct) and source.name == target.name:
        fields = zip(source.fields, target.fields, strict=True)
        return [(have, want) for (_, have), (_, want) in fields]
    if isinstance(source, Closure) and isinstance(target, Closure) and source.code is target.code:
        return list(zip(source.captured, target.captured, strict=True))
    if isinstance(source, Slice) and isinstance(target, Slice):
        return [
            (source.start, target.start),
            (source.stop, target.stop),
            (source.step, target.step),
        ]
    return None


def member_index(source: Type, target: Union) -> int | None:
    """Which member of a union a value becomes; None if it is none of them."""
    for index, member in enumerate(target.members):
        if source == member:
            return index
    for index, member in enumerate(target.members):
        if conversion_rank(source, member) is not None:
            return index
    return None


def _rank_of_making(source: Type, target: Union | FunctionType | PyObject) -> Rank | None:
    if isinstance(target, PyObject):
        return Rank.SAFE  # what has no object is refused where it should be made
    if isinstance(target, FunctionType):
        return Rank.SAFE if isinstance(source, KNOWN_FUNCTIONS) else None
    members = source.members if isinstance(source, Union) else (source,)
    known = all(member_index(member, target) is not None for member in members)
    return Rank.PROMOTE if known else None


def _array_rank(source: Array, target: Array) -> Rank | None:
    if source.dtype != target.dtype or source.ndim != target.ndim:
        return None
    if source.readonly and not target.readonly:
        return None
    if source.layout != target.layout and target.layout != "A":
        return None
    return Rank.PROMOTE if source.readonly != target.readonly else Rank.SAFE


def _scalar_rank(source: Type, target: Type) -> Rank:
    if isinstance(source, Boolean):
        return Rank.SAFE
    if isinstance(target, Boolean):
        return Rank.UNSAFE
    if isinstance(source, Integer) and isinstance(target, Integer):
        if target.signed == source.signed:
            return Rank.PROMOTE if target.bits > source.bits else Rank.UNSAFE
        return Rank.SAFE if target.signed and target.bits > source.bits else Rank.UNSAFE
    if isinstance(source, Integer):
        part = target.part if isinstance(target, Complex) else target
        mantissa = {32: 24, 64: 53}[part.bits] if isinstance(part, Float) else 0
        return Rank.SAFE if source.bits - source.signed <= mantissa else Rank.UNSAFE
    if isinstance(source, Float):
        if isinstance(target, Integer):
            return Rank.UNSAFE
        part = target.part if isinstance(target, Complex) else target
        wider = isinstance(part, Float) and part.bits >= source.bits
        same_kind = isinstance(target, Float)
        return (Rank.PROMOTE if same_kind else Rank.SAFE) if wider else Rank.UNSAFE
    if isinstance(source, Complex) and isinstance(target, Complex):
        return Rank.PROMOTE if target.bits > source.bits else Rank.UNSAFE
    return Rank.UNSAFE


def can_convert(source: Type, target: Type) -> bool:
    """Whether compiled code converts implicitly: complex to real and the like are refused."""
    rank = conversion_rank(source, target)
    if rank is None:
        return False
    lossy_kind = isinstance(source.base, Complex) and not isinstance(target.base, Complex)
    return not lossy_kind
