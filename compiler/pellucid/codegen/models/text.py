"""Text: where its code points lie, how many, and how wide they are (`text_form.py`)."""

from __future__ import annotations

from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.arrays import CountModel
from pellucid.codegen.models.model import ConstantPool, ModelOf, Record
from pellucid.codegen.models.text_form import WIDTH_MASK, encode, form_of
from pellucid.types import BytesType, Pointer, UnicodeType, int32, memory_block, uint8


class TextModel(Record):
    """A `str`: `owner` (null for constants), `data`, `length` and `form`."""

    def __init__(self, ty: UnicodeType, model_of: ModelOf) -> None:
        parts = (
            ("owner", model_of(memory_block)),
            ("data", model_of(Pointer(uint8))),
            ("length", CountModel()),
            ("form", model_of(int32)),
        )
        super().__init__(ty, parts)

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        form = form_of(pyobj)
        owner, _, length, form_model = self.parts
        ll_parts = [
            owner.zero(),
            pool.bytes_constant(encode(pyobj), form & WIDTH_MASK),
            length.constant(len(pyobj), pool),
            form_model.constant(form, pool),
        ]
        return ll.Constant(self.ll_type, ll_parts)


class BytesModel(Record):
    """`bytes`: `owner` (null for constants), `data` and `length`."""

    def __init__(self, ty: BytesType, model_of: ModelOf) -> None:
        parts = (
            ("owner", model_of(memory_block)),
            ("data", model_of(Pointer(uint8))),
            ("length", CountModel()),
        )
        super().__init__(ty, parts)

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        owner, _, length = self.parts
        ll_data = pool.bytes_constant(bytes(pyobj), 1)
        ll_parts = [owner.zero(), ll_data, length.constant(len(pyobj), pool)]
        return ll.Constant(self.ll_type, ll_parts)
