"""The least type that holds the values of two types, where control flow joins.

Numbers follow NumPy's promotion (int64 with uint64 is float64), None with a type gives an optional,
arrays that differ in layout or writability join to the weaker, tuples join by element. With a
Python object, anything joins to one.
"""

from __future__ import annotations

from collections.abc import Callable as PyCallable
from collections.abc import Sequence
from typing import Any

import numpy as np

from pellucid.types.arrays import Array
from pellucid.types.containers import Optional, Slice, Struct, Tuple, optional
from pellucid.types.enums import EnumMember
from pellucid.types.exceptions import CaughtException
from pellucid.types.functions import (
    BoundMethod,
    Callable,
    Closure,
    Dispatcher,
    ExceptionClass,
    FunctionType,
    FunctionUnion,
    Undefined,
    Union,
)
from pellucid.types.kinds import Type
from pellucid.types.objects import PyObject
from pellucid.types.scalars import Boolean, NoneType, Number, dtype_of, find_scalar_type, int64

FUNCTIONS = (
    *(Callable, Closure, Dispatcher, ExceptionClass),
    *(FunctionType, FunctionUnion, BoundMethod),
)
"""The types of what can be called, and joined with any other such."""

_MOST_MEMBERS = 16
_MOST_RESULTS = 8
_DEEPEST = 4


def unify(left: Type, right: Type) -> Type | None:
    """The type that a variable assigned both `left` and `right` has; None if there is none."""
    if left == right:
        return left
    for one, other in ((left, right), (right, left)):
        if isinstance(one, (Undefined, PyObject)):
            return other if isinstance(one, Undefined) else one
    left, right = left.base, right.base
    if left == right:
        return left
    left, right = _plain_numbers(left, right)
    if isinstance(left, (Number, Boolean)) and isinstance(right, (Number, Boolean)):
        return find_scalar_type(np.promote_types(dtype_of(left), dtype_of(right)))
    if isinstance(left, (NoneType, Optional)) or isinstance(right, (NoneType, Optional)):
        return _unify_optional(left, right)
    for kind, join in _JOINS:
        if isinstance(left, kind) and isinstance(right, kind):
            return join(left, right)
    if isinstance(left, Tuple) and isinstance(right, Tuple) and left.cls == right.cls:
        elems = _unify_all(left.elems, right.elems)
        return None if elems is None else left.of(elems)
    if isinstance(left, Struct) and isinstance(right, Struct) and left.name == right.name:
        elems = _unify_all([t for _, t in left.fields], [t for _, t in right.fields])
        names = [name for name, _ in left.fields]
        return None if elems is None else Struct(left.name, tuple(zip(names, elems, strict=True)))
    if isinstance(left, Slice) and isinstance(right, Slice):
        parts = _unify_all(
            (left.start, left.stop, left.step), (right.start, right.stop, right.step)
        )
        return None if parts is None else Slice(*parts)
    return None


def join_results(left: Type, right: Type) -> Type | None:
    """The type of what is one or the other, where each may go its own way: of returned values.

    Types that do not unify are members of a `Union`; None where there would be too many.
    """
    if not isinstance(left, Union) and not isinstance(right, Union):
        joined = unify(left, right)
        if joined is not None:
            return joined
    members: list[Type] = []
    for new in (*_alternatives(left), *_alternatives(right)):
        for index, old in enumerate(members):
            both = unify(old, new)
            if both is not None:
                members[index] = both
                break
        else:
            members.append(new)
    return Union(tuple(members)) if len(members) <= _MOST_RESULTS else None


def _alternatives(ty: Type) -> Sequence[Type]:
    return ty.members if isinstance(ty, Union) else (ty.base,)


def _plain_numbers(left: Type, right: Type) -> tuple[Type, Type]:
    """The ints that members of an `IntEnum` are, where they meet other numbers."""
    plain = [int64 if isinstance(t, EnumMember) and t.is_int else t for t in (left, right)]
    both = all(isinstance(ty, (Number, Boolean)) for ty in plain)
    return (plain[0], plain[1]) if both else (left, right)


def _unify_optional(left: Type, right: Type) -> Type | None:
    if isinstance(left, NoneType):
        return optional(right)
    if isinstance(right, NoneType):
        return optional(left)
    inner_left = left.value_ty if isinstance(left, Optional) else left
    inner_right = right.value_ty if isinstance(right, Optional) else right
    inner = unify(inner_left, inner_right)
    return None if inner is None else optional(inner)


def _join_exceptions(left: CaughtException, right: CaughtException) -> Type:
    classes = {cls.path: cls for cls in (*left.classes, *right.classes)}
    raised = {str(made): made for made in (*left.raised, *right.raised)}
    return CaughtException(
        tuple(classes[path] for path in sorted(classes)),
        tuple(raised[text] for text in sorted(raised)),
    )


def _unify_arrays(left: Array, right: Array) -> Type | None:
    if left.dtype != right.dtype or left.ndim != right.ndim:
        return None
    layout = left.layout if left.layout == right.layout else "A"
    return Array(left.dtype, left.ndim, layout, left.readonly or right.readonly)


def _unify_all(
    lefts: list[Type] | tuple[Type, ...], rights: list[Type] | tuple[Type, ...]
) -> tuple[Type, ...] | None:
    if len(lefts) != len(rights):
        return None
    joined = [unify(a, b) for a, b in zip(lefts, rights, strict=True)]
    return None if any(t is None for t in joined) else tuple(t for t in joined if t is not None)


def _join_functions(left: Type, right: Type) -> Type | None:
    """One of the functions of both sides; None if there are too many, or ever new ones.

    With a function of which only the signature is known, the others become such.
    """
    for one, other in ((left, right), (right, left)):
        if isinstance(one, FunctionType) and not isinstance(other, FunctionType):
            return one
    members = list(members_of(left))
    for new in members_of(right):
        for index, old in enumerate(members):
            joined = _join_same(old, new)
            if joined is not None:
                members[index] = joined
                break
        else:
            members.append(new)
    if len(members) > _MOST_MEMBERS or max(map(_depth, members)) > _DEEPEST:
        return None
    return members[0] if len(members) == 1 else FunctionUnion(tuple(members))


def members_of(ty: Type) -> tuple[Type, ...]:
    """The functions that a value of a function type may be."""
    return ty.members if isinstance(ty, FunctionUnion) else (ty,)


def _join_same(old: Type, new: Type) -> Type | None:
    """The join of one function with itself, where the captured values differ in type at most."""
    if old == new:
        return old
    if isinstance(old, Closure) and isinstance(new, Closure) and old.code is new.code:
        pairs = list(zip(old.captured, new.captured, strict=True))
        # Captured numbers keep their types: as another member, a closure of floats is one more.
        if all(a == b or not isinstance(a, (Number, Boolean, NoneType)) for a, b in pairs):
            captured = [unify(a, b) for a, b in pairs]
            if not any(ty is None for ty in captured):
                return Closure(old.name, old.code, tuple(ty for ty in captured if ty is not None))
    return None


def _depth(ty: Type) -> int:
    """How deep closures capture closures."""
    if isinstance(ty, (FunctionUnion, Closure)):
        inner = ty.members if isinstance(ty, FunctionUnion) else ty.captured
        return isinstance(ty, Closure) + max(map(_depth, inner), default=0)
    return 0


# Any: each function takes the types before it.
_JOINS: tuple[tuple[Any, PyCallable[[Any, Any], Type | None]], ...] = (
    (FUNCTIONS, _join_functions),
    (CaughtException, _join_exceptions),
    (Array, _unify_arrays),
)
