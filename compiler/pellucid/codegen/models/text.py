"""Text: where its code points lie, how many, and how wide they are.

`form` is the width of a code point in bytes, 1, 2 or 4: the least in which the text fits, so that
equal texts have equal bytes. The bit ASCII is set where all are known to be below 128; without it
they may be all the same (a slice of wider text).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models.arrays import CountModel
from pellucid.codegen.models.model import ConstantPool, ModelOf, Record
from pellucid.types import Pointer, UnicodeType, int32, memory_block, uint8

ASCII = 8
WIDTH_MASK = 7


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


def form_of(text: str) -> int:
    """The form of a Python str."""
    widest = ord(max(text, default="\0"))
    if widest < 256:
        return 1 | (ASCII if widest < 128 else 0)
    return 2 if widest < 65536 else 4


def encode(text: str) -> bytes:
    """The code points as they lie in memory."""
    codec = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}[form_of(text) & WIDTH_MASK]
    return text.encode(codec, "surrogatepass")
