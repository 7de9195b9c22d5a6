"""Tuples, slices, ranges, optional values and the library's structs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.model import ConstantPool, ModelOf, Record
from pellucid.types import (
    Optional,
    Range,
    Slice,
    Struct,
    Tuple,
    boolean,
    int64,
)


class TupleModel(Record):
    """A tuple: its parts are named by their positions."""

    def __init__(self, ty: Tuple, model_of: ModelOf) -> None:
        super().__init__(ty, [(str(i), model_of(elem)) for i, elem in enumerate(ty.elems)])

    def parts_of(self, pyobj: Any) -> Sequence[Any]:
        return tuple(pyobj)


class SliceModel(Record):
    """A slice: `start`, `stop` and `step`, each an int64 or nothing."""

    def __init__(self, ty: Slice, model_of: ModelOf) -> None:
        fields = (("start", ty.start), ("stop", ty.stop), ("step", ty.step))
        super().__init__(ty, [(name, model_of(field)) for name, field in fields])

    def parts_of(self, pyobj: Any) -> Sequence[Any]:
        return (pyobj.start, pyobj.stop, pyobj.step)


class RangeModel(Record):
    """A range: `start`, `stop`, `step` and `length`, all int64 whatever the element type."""

    def __init__(self, ty: Range, model_of: ModelOf) -> None:
        part = model_of(int64)
        super().__init__(ty, [(name, part) for name in ("start", "stop", "step", "length")])

    def parts_of(self, pyobj: Any) -> Sequence[Any]:
        return (pyobj.start, pyobj.stop, pyobj.step, len(pyobj))


class OptionalModel(Record):
    """An optional value: `valid` and `value`, which is zero where there is none."""

    def __init__(self, ty: Optional, model_of: ModelOf) -> None:
        super().__init__(ty, [("valid", model_of(boolean)), ("value", model_of(ty.value_ty))])

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        if pyobj is None:
            return self.zero()
        valid, value = self.parts
        ll_parts = [valid.constant(True, pool), value.constant(pyobj, pool)]
        return ll.Constant(self.ll_type, ll_parts)


class StructModel(Record):
    """A record of the library."""

    def __init__(self, ty: Struct, model_of: ModelOf) -> None:
        super().__init__(ty, [(name, model_of(field)) for name, field in ty.fields])

    def parts_of(self, pyobj: Any) -> Sequence[Any]:
        # What is known while compiling is not asked for: `struct.Struct` has nothing else.
        parts = zip(self.names, self.parts, strict=True)
        return [None if model.is_empty else pyobj[name] for name, model in parts]
