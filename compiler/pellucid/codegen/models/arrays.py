"""Arrays, pointers and memory blocks. The block header's layout is in `block.py`."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir as ll

from pellucid.base.diagnostics import error
from pellucid.codegen.models.block import ALIGNMENT
from pellucid.codegen.models.model import (
    ConstantPool,
    Leaf,
    LlValue,
    ModelOf,
    Record,
    ll_i64,
    ll_ptr,
)
from pellucid.types import (
    Array,
    MemoryBlock,
    MemoryView,
    Pointer,
    Tuple,
    int64,
    memory_block,
    uni_tuple,
)

MAX_CONSTANT_BYTES = 64 << 20


class PointerModel(Leaf):
    """An address."""

    def __init__(self, ty: Pointer, model_of: ModelOf | None = None) -> None:
        super().__init__(ty, ll_ptr, 8)

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        address: LlValue = ll.Constant(ll_i64, int(pyobj))
        return address.inttoptr(ll_ptr)


class MemoryBlockModel(Leaf):
    """The address of a counted block's header, or null."""

    is_owner = True

    def __init__(self, ty: MemoryBlock, model_of: ModelOf | None = None) -> None:
        super().__init__(ty, ll_ptr, 8)


class CountModel(Leaf):
    """The length of an axis: never negative, which loops and bounds checks rely on."""

    is_count = True

    def __init__(self) -> None:
        super().__init__(int64, ll_i64, 8)

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        return ll.Constant(ll_i64, int(pyobj))


class ShapeModel(Record):
    """The shape of an array; the same representation as a tuple of int64."""

    def __init__(self, ty: Tuple) -> None:
        count = CountModel()
        super().__init__(ty, [(str(i), count) for i in range(len(ty.elems))])

    def parts_of(self, pyobj: Any) -> Any:
        return tuple(pyobj)


class ArrayModel(Record):
    """An array: `owner`, `data`, `shape`, and `strides` in bytes, both tuples of int64.

    A memoryview is the same.
    """

    def __init__(self, ty: Array | MemoryView, model_of: ModelOf) -> None:
        array = ty.array if isinstance(ty, MemoryView) else ty
        axes = uni_tuple(int64, array.ndim)
        parts = (
            ("owner", model_of(memory_block)),
            ("data", model_of(Pointer(array.dtype))),
            ("shape", ShapeModel(axes)),
            ("strides", model_of(axes)),
        )
        super().__init__(ty, parts)

    def constant(self, pyobj: Any, pool: ConstantPool) -> ll.Constant:
        """A frozen copy of a global array. Its strides are kept, its gaps are not."""
        assert isinstance(self.ty, Array)
        order = "F" if self.ty.layout == "F" else "C"
        array = np.array(pyobj, order=order, copy=True)
        if array.nbytes > MAX_CONSTANT_BYTES:
            error(
                "unsupported-feature",
                f"a global array of {array.nbytes >> 20} MiB is too large for a constant",
                help="pass it as an argument",
            )
        ll_data = pool.bytes_constant(array.tobytes(order), ALIGNMENT)
        owner, _, shape, strides = self.parts
        ll_parts = [
            owner.zero(),
            ll_data,
            shape.constant(array.shape, pool),
            strides.constant(array.strides, pool),
        ]
        return ll.Constant(self.ll_type, ll_parts)
