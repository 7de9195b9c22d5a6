"""Which loop a ufunc takes for these operand types: asked of NumPy itself, while compiling.

An int or bool constant is weak, as a Python number is in NumPy (NEP 50): `int8_array + 1` stays
int8. Any other scalar is as strong as an array of its type.

Unlike NumPy: there are no half-precision numbers, so where NumPy takes a float16 loop the float32
loop is taken; and a Python float or int that is an argument counts as float64 or int64.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pellucid.inference.overloads import Refused, refuse
from pellucid.types import (
    Array,
    Integer,
    Literal,
    Type,
    boolean,
    dtype_of,
    find_scalar_type,
    is_scalar,
)

_Weak = type[int] | type[float] | type[complex]


@dataclass(frozen=True)
class Loop:
    """The types that a ufunc's inner loop takes and gives."""

    inputs: tuple[Type, ...]
    output: Type


def is_operand(ty: Type) -> bool:
    """Whether a ufunc can take a value of `ty`: an array, a number or a bool."""
    return isinstance(ty, Array) or is_scalar(ty)


def operand_dtype(ty: Type) -> Type:
    """The type of the items of an operand."""
    return ty.dtype if isinstance(ty, Array) else ty.base


def _is_weak(ty: Type) -> bool:
    return isinstance(ty, Literal) and isinstance(ty.base_ty, Integer)


def resolve(ufunc: np.ufunc, *operands: Type) -> Loop:
    """The loop of `ufunc` for operands of these types; refuses if there is none."""
    for ty in operands:
        if not is_operand(ty):
            refuse(f"np.{ufunc.__name__} takes numbers and arrays of them, not {ty}")
    if all(_is_weak(ty) for ty in operands):
        # Numbers alone: nothing strong to give way to. NumPy's default integer, or uint64.
        return _resolve_dtypes(ufunc, tuple(dtype_of(ty) for ty in operands))
    keys = tuple(int if _is_weak(ty) else dtype_of(operand_dtype(ty)) for ty in operands)
    loop = _resolve_dtypes(ufunc, keys)
    for ty, target in zip(operands, loop.inputs, strict=True):
        if isinstance(ty, Literal) and _is_weak(ty) and not _fits(ty.value, target):
            if ufunc.nin != 2 or loop.output != boolean:
                refuse(f"Python integer {ty.value} out of bounds for {target}")
            # A comparison is exact for any integer: give the constant its own type.
            return _resolve_dtypes(ufunc, tuple(dtype_of(operand_dtype(t)) for t in operands))
    return loop


def _fits(value: object, ty: Type) -> bool:
    assert isinstance(value, int)
    return not isinstance(ty, Integer) or ty.min <= value <= ty.max


@lru_cache(maxsize=4096)
def _resolve_dtypes(ufunc: np.ufunc, operands: tuple[np.dtype | _Weak, ...]) -> Loop:
    try:
        dtypes = ufunc.resolve_dtypes((*operands, None))
    except TypeError as refused:
        refuse(_words(ufunc, operands, refused))
    types = [find_scalar_type(dtype) for dtype in dtypes]
    *inputs, output = [ty for ty in types if ty is not None] or [None]
    if output is None or len(inputs) != ufunc.nin:
        return _search(ufunc, operands)
    return Loop(tuple(inputs), output)


def _search(ufunc: np.ufunc, operands: tuple[np.dtype | _Weak, ...]) -> Loop:
    """The first loop of our own types that the operands convert to safely."""
    for text in ufunc.types:
        letters = text.replace("->", "")
        types = [find_scalar_type(np.dtype(letter)) for letter in letters]
        known = [ty for ty in types if ty is not None]
        pairs = zip(operands, letters, strict=False)
        fits = all(np.can_cast(have, want) for have, want in pairs if isinstance(have, np.dtype))
        if fits and len(known) == len(letters):
            return Loop(tuple(known[:-1]), known[-1])
    message = f"np.{ufunc.__name__} has no loop for these types"
    raise Refused(message)


def _words(ufunc: np.ufunc, operands: tuple[np.dtype | _Weak, ...], refused: TypeError) -> str:
    names = ", ".join(getattr(o, "name", None) or getattr(o, "__name__", "?") for o in operands)
    text = str(refused).split("\n", maxsplit=1)[0]
    return f"np.{ufunc.__name__} does not take ({names}): {text}"


def result_rank(*operands: Type) -> int:
    """The number of dimensions that operands broadcast to."""
    return max((ty.ndim for ty in operands if isinstance(ty, Array)), default=0)


def result_layout(*operands: Type) -> str:
    """F where all arrays that decide are in Fortran order, otherwise C."""
    ndim = result_rank(*operands)
    if ndim < 2:
        return "C"
    decide = [ty for ty in operands if isinstance(ty, Array) and ty.ndim == ndim]
    return "F" if all(ty.layout == "F" for ty in decide) else "C"


def common_type(*dtypes: Type) -> Type:
    """The type that holds items of all of these, as `np.result_type` says."""
    found = find_scalar_type(np.result_type(*map(dtype_of, dtypes)))
    assert found is not None
    return found


def can_cast(source: Type, target: Type, casting: str = "same_kind") -> bool:
    """Whether NumPy converts `source` to `target` under the rule `casting`."""
    return np.can_cast(dtype_of(source), dtype_of(target), casting)  # type: ignore[arg-type]  # a literal in the stubs
