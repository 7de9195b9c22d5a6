"""Objects on the heap: the value is the address of the block, the fields lie in it."""

from __future__ import annotations

from functools import cached_property

from pellucid.codegen.models import block
from pellucid.codegen.models.model import Leaf, ModelOf, Record, ll_ptr
from pellucid.types import HeapType


class Fields(Record):
    """The fields of an object, as a record in its memory."""

    def __init__(self, ty: HeapType, model_of: ModelOf) -> None:
        super().__init__(ty, [(name, model_of(field_ty)) for name, field_ty in ty.fields])


class HeapModel(Leaf):
    """A reference to an object; null only in fields that were never assigned."""

    is_owner = True

    def __init__(self, ty: HeapType, model_of: ModelOf) -> None:
        super().__init__(ty, ll_ptr, 8)
        self._heap_ty = ty
        self._model_of = model_of

    @cached_property
    def fields(self) -> Fields:
        """The layout of the fields. An object may hold others of its own type: asked for late."""
        return Fields(self._heap_ty, self._model_of)

    def field_offset(self, name: str) -> int:
        """Where a field lies, from the address of the block."""
        fields = self.fields
        return block.FIELDS + fields.offsets[fields.index(name)]
