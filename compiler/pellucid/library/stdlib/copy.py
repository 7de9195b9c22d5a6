"""`copy.copy` and `copy.deepcopy` of containers and arrays; what cannot change is its own copy.

Unlike Python: a deep copy copies an object anew wherever it stands, also if it stands there twice.
"""

from __future__ import annotations

import copy

from pellucid.inference.overloads import overload, refuse
from pellucid.library.builtins.heap import new
from pellucid.library.containers.lists import type_of
from pellucid.types import (
    Array,
    Boolean,
    ByteArray,
    Deque,
    Dict,
    List,
    NoneType,
    Number,
    Range,
    Set,
    Tuple,
    Type,
    UnicodeType,
    bytes_type,
)
from pellucid.types.kinds import static

_CONSTANT = (Number, Boolean, NoneType, UnicodeType, Range)


def _is_constant(ty: Type) -> bool:
    """Whether values of a type, and all that they hold, cannot change."""
    if isinstance(ty, Tuple):
        return all(map(_is_constant, ty.elems))
    is_frozen = isinstance(ty, Set) and ty.is_frozen
    return isinstance(ty.base, _CONSTANT) or ty.base == bytes_type or is_frozen


@static
def is_constant(item: Type) -> bool:
    """The same, asked in compiled code."""
    return _is_constant(item)


@overload(copy.copy)
def copy_(x):
    """A new container of the same items."""
    if isinstance(x, (List, Deque, Dict, Array, ByteArray)) or (
        isinstance(x, Set) and not x.is_frozen
    ):
        return _by_method
    if isinstance(x, Tuple) or _is_constant(x):
        return _same
    return refuse(f"{x.base} cannot be copied")


def _by_method(x):
    return x.copy()


def _same(x):
    return x


@overload(copy.deepcopy)
def deepcopy(x):
    """A copy that shares nothing that can change."""
    if _is_constant(x):
        return _deep_constant
    if isinstance(x, List):
        return _deep_by_method if _is_constant(x.elem_ty) else _deep_list
    if isinstance(x, Dict):
        return _deep_by_method if _is_constant(x.value_ty) else _deep_dict
    if isinstance(x, Deque):
        return _deep_by_method if _is_constant(x.elem_ty) else _deep_deque
    if isinstance(x, (Array, ByteArray, Set)):
        return _deep_by_method
    if isinstance(x, Tuple):
        return _deep_tuple
    return refuse(f"{x.base} cannot be copied")


def _deep_constant(x):
    return x


def _deep_by_method(x):
    return x.copy()


def _deep_list(x):
    made = new(type_of(x))
    for item in x:
        made.append(copy.deepcopy(item))
    return made


def _deep_dict(x):
    made = x.copy()
    for key in x:
        made[key] = copy.deepcopy(x[key])
    return made


def _deep_deque(x):
    made = x.copy()
    for i in range(len(made)):
        made[i] = copy.deepcopy(made[i])
    return made


def _deep_tuple(x):
    if len(x) == 0:
        return ()
    return (copy.deepcopy(x[0]), *_deep_tuple(x[1:]))
