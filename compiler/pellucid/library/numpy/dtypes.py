"""Arguments that name a dtype: `np.float64`, `np.dtype("f8")`, `"f8"`, `float`, `a.dtype`."""

from __future__ import annotations

import operator

import numpy as np

from pellucid.inference.overloads import Constant, overload, refuse
from pellucid.types import Callable, DType, Literal, Slice, Tuple, Type, find_scalar_type, is_none
from pellucid.types.arrays import array_from_slices


def dtype_argument(ty: Type, default: Type) -> Type:
    """The scalar type that a dtype argument names; `default` for None."""
    if is_none(ty):
        return default
    if isinstance(ty, DType):
        return ty.dtype
    named: object = None
    if isinstance(ty, Literal) and isinstance(ty.value, str):
        named = ty.value
    elif isinstance(ty, Callable) and ty.pyobj in (bool, int, float, complex):
        named = ty.pyobj
    if named is None:
        refuse(f"{ty} does not name a dtype")
    try:
        found = find_scalar_type(np.dtype(named))  # type: ignore[call-overload]  # text or class
    except TypeError as problem:
        refuse(str(problem))
    if found is None:
        refuse(f"the dtype {named!r} is not supported")
    return found


def order_argument(ty: Type, keep: str = "C") -> str:
    """The layout that an order argument asks for; `keep` for "K" and "A"."""
    value = ty.value if isinstance(ty, Literal) else ty
    if value not in ("C", "F", "A", "K"):
        refuse("order must be one of 'C', 'F', 'A', or 'K'")
    return keep if value in ("A", "K") else str(value)


@overload(operator.getitem)
def array_type_of(a, b):
    """The type of an array: `types.float64[:, ::1]`."""
    if not isinstance(a, DType):
        refuse(f"{a.base} is no type")
    slices = b.elems if isinstance(b, Tuple) else (b,)
    try:
        return Constant(array_from_slices(a.dtype, tuple(map(_plain_slice, slices))))
    except TypeError as problem:
        refuse(str(problem))


def _plain_slice(ty: Type) -> object:
    """The slice that a type of slices is, where all of its parts are known."""
    if not isinstance(ty, Slice):
        return ty
    parts = (ty.start, ty.stop, ty.step)
    return slice(*(None if is_none(p) else p.value if isinstance(p, Literal) else p for p in parts))
