"""NumPy arrays, memoryviews, and pointers to items."""

from __future__ import annotations

from pellucid.base.records import record
from pellucid.types.kinds import Type
from pellucid.types.scalars import (
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)

LAYOUTS = "CFA"


@record(frozen=True, repr=False)
class Array(Type):
    """An n-dimensional array; `layout` is C (C-contiguous), F (Fortran-contiguous) or A (any).

    `ndim` 0 is an array of no dimensions, not a scalar. A `readonly` array refuses assignment.
    Items are aligned and in native byte order: other arrays do not reach compiled code.
    """

    dtype: Type
    ndim: int
    layout: str
    readonly: bool = False

    def __str__(self) -> str:
        prefix = "readonly " if self.readonly else ""
        return f"{prefix}array({self.dtype}, {self.ndim}d, {self.layout})"

    @property
    def is_managed(self) -> bool:
        return True

    @property
    def is_contiguous(self) -> bool:
        """Whether the items lie without gaps, in C or Fortran order."""
        return self.layout in "CF"


@record(frozen=True, repr=False)
class MemoryView(Type):
    """A memoryview: the memory of an array, with items as the letter `format` of `struct` says."""

    array: Array
    format: str

    def __str__(self) -> str:
        return f"memoryview({self.array}, {self.format!r})"

    @property
    def is_managed(self) -> bool:
        return True


VIEW_FORMATS: dict[str, Type] = {
    "b": int8, "B": uint8, "c": uint8, "?": uint8, "h": int16, "H": uint16, "i": int32,
    "I": uint32, "l": int64, "L": uint64, "q": int64, "Q": uint64, "n": int64, "N": uint64,
    "f": float32, "d": float64,
}  # fmt: skip
"""The item types of memoryviews, by their formats. Bools may be any byte: not 0 is True."""


@record(frozen=True, repr=False)
class Pointer(Type):
    """The address of items of `elem_ty`; internal to the library."""

    elem_ty: Type

    def __str__(self) -> str:
        return f"pointer({self.elem_ty})"


@record(frozen=True, repr=False)
class MemoryBlock(Type):
    """A counted block of memory that owns an array's items (runtime/memory.py); internal."""

    def __str__(self) -> str:
        return "memory_block"

    @property
    def is_managed(self) -> bool:
        return True


memory_block = MemoryBlock()


@record(frozen=True, repr=False)
class DType(Type):
    """A dtype or scalar class used as a value: `np.float64`, `np.dtype("f8")`, `int`, `x.dtype`."""

    dtype: Type

    def __str__(self) -> str:
        return f"dtype({self.dtype})"


def array_from_slices(dtype: Type, index: object) -> Array:
    """The array type that `dtype[index]` spells: `[:, :]` is A, `[:, ::1]` C, `[::1, :]` F."""
    slices = index if isinstance(index, tuple) else (index,)
    steps: list[object] = []
    for item in slices:
        if not isinstance(item, slice) or item.start is not None or item.stop is not None:
            message = "an array type is spelt with bare slices, such as float64[:, ::1]"
            raise TypeError(message)
        steps.append(item.step)
    if any(step not in (None, 1) for step in steps):
        message = "the step of an array type's slice is 1 or left out"
        raise TypeError(message)
    layout = "A"
    if steps[-1] == 1:
        layout = "C"
    elif steps[0] == 1:
        layout = "F"
    return Array(dtype, len(slices), layout)
