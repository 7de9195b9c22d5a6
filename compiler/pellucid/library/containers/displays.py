"""What list displays and comprehensions do to the list that they build."""

from __future__ import annotations

import functools

from pellucid.inference.overloads import bind, overload, refuse
from pellucid.inference.variables import variables_in
from pellucid.ir.protocol import list_append, list_extend, list_reserve
from pellucid.library.builtins.heap import get, put, resize_items
from pellucid.library.containers.lists import list_type
from pellucid.types import Array, List, Range, Tuple, Type
from pellucid.types.unify import unify


@overload(list_extend)
def list_extend_(items, iterable):
    """`*iterable` in a list."""
    made = list_type(items)
    if isinstance(iterable, Tuple) and iterable.elems:
        joined = functools.reduce(_join, iterable.elems)
        bind(made.elem_ty, joined)
    return _extend


def _join(left: Type, right: Type) -> Type:
    ty = unify(left.base, right.base)
    return (
        refuse(f"the elements of a compiled list have one type, not {left}, {right}")
        if ty is None
        else ty
    )


def _extend(items, iterable):
    for item in iterable:
        list_append(items, item)


@overload(list_reserve)
def list_reserve_(items, iterable):
    """Room for the items of a list, tuple, range or array; nothing is known of others."""
    if any(variables_in(list_type(items))):
        refuse("what the list holds is not known")
    return _reserve if isinstance(iterable, (Array, List, Range, Tuple)) else _nothing


def _reserve(items, iterable):
    count = len(iterable)
    if count > get(items, "capacity"):
        put(items, "items", resize_items(get(items, "items"), count))
        put(items, "capacity", count)


def _nothing(items, iterable):
    pass
