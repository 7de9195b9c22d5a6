"""What dicts and sets of all kinds have in common; and `is`, of all containers."""

from __future__ import annotations

import operator

from pellucid.inference.overloads import Typed, bind, overload, refuse
from pellucid.library.builtins.heap import get, is_same_object
from pellucid.library.containers.key_hashes import check_key
from pellucid.library.containers.tables import find, table_type
from pellucid.types import DataClass, HeapType, Table, Type
from pellucid.types.unify import unify


def takes_key(ty: Table, key: Type) -> Type:
    """The type of the keys; refuses to look for a key that none of them can be equal to."""
    key_ty = ty.entry_ty.elems[1]
    bind(key_ty, key)
    check_key(key)
    if unify(key_ty, key.base) != key_ty:
        refuse(f"what a {ty} holds is no {key.base}")
    return key_ty


@overload(len, inline=True)
def length(x):
    """The number of items."""
    table_type(x)
    return _length


def _length(x):
    return get(x, "used")


@overload(bool, inline=True)
def is_true(x):
    """Whether there are items."""
    table_type(x)
    return _is_true


def _is_true(x):
    return get(x, "used") != 0


@overload(operator.contains)
def contains(a, b):
    """`key in table`."""
    ty = table_type(a)
    return Typed(_contains, (ty, takes_key(ty, b)))


def _contains(a, b):
    return find(a, b) >= 0


def _require_containers(a: Type, b: Type) -> None:
    if not isinstance(a, HeapType) or isinstance(a, DataClass):
        refuse(f"{a.base} is not a container")
    if a != b:
        refuse(f"a {a} and a {b.base} are never the same")


@overload(operator.is_)
def is_(a, b):
    """`a is b` of two containers."""
    _require_containers(a, b)
    return _is_same


def _is_same(a, b):
    return is_same_object(a, b)


@overload(operator.is_not)
def is_not(a, b):
    """`a is not b` of two containers."""
    _require_containers(a, b)
    return _is_other


def _is_other(a, b):
    return not is_same_object(a, b)
