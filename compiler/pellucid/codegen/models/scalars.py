"""Numbers, booleans and None. A bool is `i1` in a register and one byte in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.model import (
    ConstantPool,
    Leaf,
    LlValue,
    ModelOf,
    Record,
    ll_i1,
    ll_i8,
    ll_i64,
)
from pellucid.types import Boolean, Complex, EnumMember, Float, Integer

_LL_FLOATS = {32: ll.FloatType(), 64: ll.DoubleType()}


class IntegerModel(Leaf):
    """An integer."""

    def __init__(self, ty: Integer, model_of: ModelOf) -> None:
        super().__init__(ty, ll.IntType(ty.bits), ty.bits // 8)
        self._mask = (1 << ty.bits) - 1

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        return ll.Constant(self.ll_type, int(pyobj) & self._mask)


class EnumModel(Leaf):
    """A member of an enumeration: an integer that stands for it."""

    def __init__(self, ty: EnumMember, model_of: ModelOf) -> None:
        super().__init__(ty, ll_i64, 8)
        self._code = ty.code

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        return ll.Constant(ll_i64, self._code(pyobj))


class BooleanModel(Leaf):
    """True or False."""

    def __init__(self, ty: Boolean, model_of: ModelOf) -> None:
        super().__init__(ty, ll_i1, 1, ll_i8)

    def from_storage(self, builder: ll.IRBuilder, ll_stored: LlValue) -> LlValue:
        # A byte of a bool array can be other than 0 and 1: NumPy counts it as True.
        return builder.icmp_unsigned("!=", ll_stored, ll.Constant(ll_i8, 0))

    def to_storage(self, builder: ll.IRBuilder, ll_value: LlValue) -> LlValue:
        return builder.zext(ll_value, ll_i8)

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        return ll.Constant(ll_i1, int(bool(pyobj)))


class FloatModel(Leaf):
    """A real number."""

    def __init__(self, ty: Float, model_of: ModelOf) -> None:
        super().__init__(ty, _LL_FLOATS[ty.bits], ty.bits // 8)

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        return ll.Constant(self.ll_type, float(pyobj))


class ComplexModel(Record):
    """A complex number: `real` and `imag`."""

    def __init__(self, ty: Complex, model_of: ModelOf) -> None:
        part = model_of(ty.part)
        super().__init__(ty, (("real", part), ("imag", part)))

    def parts_of(self, pyobj: Any) -> Sequence[Any]:
        value = complex(pyobj)
        return (value.real, value.imag)
