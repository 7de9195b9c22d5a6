"""`collections.defaultdict`: a dict that makes the values of keys that are not there."""

from __future__ import annotations

import collections

from pellucid.inference.overloads import overload, overload_attribute, refuse
from pellucid.inference.variables import variables_in
from pellucid.ir.protocol import box, container, unbox
from pellucid.library.builtins.heap import get, new, put
from pellucid.library.containers.dicts import missing, raise_key_error, set_item
from pellucid.library.containers.entries import get_part
from pellucid.library.objects.classes import call_object
from pellucid.types import (
    Callable,
    DefaultDict,
    Deque,
    Dict,
    List,
    NoneType,
    PyObject,
    Set,
    Type,
)
from pellucid.types.kinds import static

WRONG_VALUE = "the factory of a defaultdict made a value of another type than those that are there"


def default_type(ty: Type) -> DefaultDict:
    """`ty`, which must be the type of a defaultdict; refuses others."""
    if not isinstance(ty, DefaultDict):
        refuse(f"{ty.base} is not a defaultdict")
    return ty


@overload(container)
def container_default(dtype, factory=None):
    """An empty defaultdict of a type."""
    default_type(dtype.dtype)
    return _container


def _container(dtype, factory=None):
    made = new(dtype)
    put(made, "factory", factory)
    return made


@overload(collections.defaultdict)
def defaultdict_(default_factory, *iterable, **kwargs):
    """A new defaultdict of a mapping or of pairs, and of keyword arguments.

    >>> groups = collections.defaultdict(list)
    >>> for word in ("one", "two", "four"):
    ...     groups[len(word)].append(word)
    >>> groups[3], len(groups[9]), len(groups)
    (['one', 'two'], 0, 3)
    """
    if len(iterable) > 1:
        refuse(f"defaultdict expected at most 2 arguments, got {len(iterable) + 1}")
    if not iterable and not kwargs:
        refuse("first argument must be callable or None")
    return _default_dict


def _default_dict(default_factory, *iterable, **kwargs):
    made = collections.defaultdict(default_factory)
    made.update(*iterable, **kwargs)
    return made


@overload_attribute(DefaultDict, "default_factory")
def default_factory(self):
    """What makes the values of keys that are not there."""
    default_type(self)
    return _factory


def _factory(self):
    return get(self, "factory")


@overload(missing)
def missing_value(table, key):
    """A new value, which the key has from now on."""
    ty = default_type(table)
    if isinstance(ty.factory, NoneType):
        return _no_value
    if any(variables_in(ty.value_ty)):
        return _unknown_value
    if isinstance(ty.factory, PyObject):
        return _value_of_python
    if isinstance(ty.factory, Callable) and isinstance(ty.value_ty, (Deque, Dict, List, Set)):
        return _new_container
    return _value_of_function


def _no_value(table, key):
    raise_key_error(key)


def _unknown_value(table, key):
    # What it is, is not known yet: only the type counts.
    return get_part(get(table, "entries"), 0, 2)


@static
def value_of(table: Type) -> Type:
    """The type of the values of a dict, as a dtype."""
    return default_type(table).value_ty


def _new_container(table, key):
    value = container(value_of(table))
    set_item(table, key, value)
    return value


def _value_of_function(table, key):
    value = get(table, "factory")(pellucid_wanted=value_of(table))
    set_item(table, key, value)
    return value


def _value_of_python(table, key):
    ok, value = unbox(call_object(get(table, "factory"), box(())), value_of(table))
    if not ok:
        raise TypeError(WRONG_VALUE)
    set_item(table, key, value)
    return value
