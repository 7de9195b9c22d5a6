"""Sets with other sets: combined and compared."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from pellucid.inference.overloads import Overload, bind, overload, overload_method, refuse
from pellucid.library.builtins.heap import get, new
from pellucid.library.containers.lists import type_of
from pellucid.library.containers.sets import add_item, mutable, set_type
from pellucid.library.containers.tables import clear, copy_table
from pellucid.types import Set, Type


def union_of(self, other):
    """The elements of both."""
    made = self.copy()
    for item in other:
        add_item(made, item)
    return made


def intersection_of(self, other):
    """The elements of a set that are in another."""
    made = new(type_of(self))
    for item in self:
        if item in other:
            add_item(made, item)
    return made


def difference_of(self, other):
    """The elements of a set that are not in another."""
    made = new(type_of(self))
    for item in self:
        if item not in other:
            add_item(made, item)
    return made


def symmetric_difference_of(self, other):
    """The elements that are in one of two sets only."""
    made = difference_of(self, other)
    for item in other:
        if item not in self:
            add_item(made, item)
    return made


def _assign(self, made):
    """Let a set have the elements of a new one."""
    clear(self)
    copy_table(made, self)


COMBINATIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]] = {
    "union": (union_of, operator.or_, operator.ior),
    "intersection": (intersection_of, operator.and_, operator.iand),
    "difference": (difference_of, operator.sub, operator.isub),
    "symmetric_difference": (symmetric_difference_of, operator.xor, operator.ixor),
}


def _same_elements(left: Type, right: Type) -> None:
    a, b = set_type(left), set_type(right)
    bind(a.elem_ty, b.elem_ty)
    bind(b.elem_ty, a.elem_ty)
    if a.elem_ty != b.elem_ty:
        refuse(f"a set of {a.elem_ty} and one of {b.elem_ty} do not combine")


def _method(name: str, combine: Callable[..., Any]) -> Overload:
    def template(self, *others):
        set_type(self)
        for other in others:
            if isinstance(other, Set):
                _same_elements(self, other)
        return method

    def method(self, *others):
        if len(others) == 0:
            return self.copy()
        other = others[0]
        made = combine(self, as_set(other))
        return made if len(others) == 1 else method(made, *others[1:])

    template.__qualname__ = name
    template.__doc__ = f"A new set: the {name.replace('_', ' ')} with each of some iterables."
    return overload_method(Set, name)(template)


def _update_method(name: str, combine: Callable[..., Any]) -> Overload:
    def template(self, *others):
        mutable(self)
        return method

    def method(self, *others):
        if len(others) > 0:
            _assign(self, combine(self, as_set(others[0])))
            method(self, *others[1:])

    template.__qualname__ = f"{name}_update"
    template.__doc__ = f"Keeps the {name.replace('_', ' ')} with each of some iterables."
    return overload_method(Set, f"{name}_update")(template)


def _operator(function: Callable[..., Any], combine: Callable[..., Any]) -> Overload:
    def template(a, b):
        _same_elements(a, b)
        return combined

    def combined(a, b):
        return combine(a, b)

    template.__qualname__ = function.__name__
    template.__doc__ = "A new set of two sets."
    return overload(function)(template)


def _in_place(function: Callable[..., Any], combine: Callable[..., Any]) -> Overload:
    def template(a, b):
        _same_elements(a, b)
        return new_one if a.is_frozen else in_place

    def in_place(a, b):
        _assign(a, combine(a, b))
        return a

    def new_one(a, b):
        return combine(a, b)

    template.__qualname__ = function.__name__
    template.__doc__ = "Changes the set on the left."
    return overload(function)(template)


def as_set(iterable: Any) -> Any:
    """A set itself; of another iterable, the set of its items."""
    message = f"as_set({iterable}) has a meaning in compiled code only"
    raise TypeError(message)


@overload(as_set)
def as_set_(iterable):
    """A set itself; of another iterable, the set of its items."""
    return _same if isinstance(iterable, Set) else _set_of


def _set_of(iterable):
    return set(iterable)


def _same(iterable):
    return iterable


union = _method("union", union_of)
intersection = _method("intersection", intersection_of)
difference = _method("difference", difference_of)
symmetric_difference = _method("symmetric_difference", symmetric_difference_of)
intersection_update = _update_method("intersection", intersection_of)
difference_update = _update_method("difference", difference_of)
symmetric_difference_update = _update_method("symmetric_difference", symmetric_difference_of)
or_, and_, sub, xor = (_operator(function, c) for c, function, _ in COMBINATIONS.values())
ior, iand, isub, ixor = (_in_place(function, c) for c, _, function in COMBINATIONS.values())


# ---- comparing ------------------------------------------------------------------------------


def is_subset(a, b):
    """Whether every element of a set is in another."""
    if get(a, "used") > get(b, "used"):
        return False
    for item in a:  # noqa: SIM110 (a generator would be one function more)
        if item not in b:
            return False
    return True


def _le(a, b):
    return is_subset(a, b)


def _lt(a, b):
    return get(a, "used") < get(b, "used") and is_subset(a, b)


def _ge(a, b):
    return is_subset(b, a)


def _gt(a, b):
    return get(b, "used") < get(a, "used") and is_subset(b, a)


def _eq(a, b):
    return get(a, "used") == get(b, "used") and is_subset(a, b)


def _ne(a, b):
    return not _eq(a, b)


def _comparison(function: Callable[..., Any], implementation: Callable[..., Any]) -> Overload:
    def template(a, b):
        _same_elements(a, b)
        return implementation

    template.__qualname__ = function.__name__
    template.__doc__ = "Subsets, supersets and equal sets."
    return overload(function)(template)


le, lt = _comparison(operator.le, _le), _comparison(operator.lt, _lt)
ge, gt = _comparison(operator.ge, _ge), _comparison(operator.gt, _gt)
eq, ne = _comparison(operator.eq, _eq), _comparison(operator.ne, _ne)


@overload_method(Set, "issubset")
def issubset(self, other):
    """Whether every element is in an iterable."""
    set_type(self)
    return _issubset


def _issubset(self, other):
    return is_subset(self, as_set(other))


@overload_method(Set, "issuperset")
def issuperset(self, other):
    """Whether every item of an iterable is an element."""
    set_type(self)
    return _issuperset


def _issuperset(self, other):
    return is_subset(as_set(other), self)


@overload_method(Set, "isdisjoint")
def isdisjoint(self, other):
    """Whether no item of an iterable is an element."""
    set_type(self)
    return _isdisjoint


def _isdisjoint(self, other):
    for item in other:  # noqa: SIM110 (a generator would be one function more)
        if item in self:
            return False
    return True
