"""Protocols that a user's class takes part in: items, iteration, numbers made of an instance."""

from __future__ import annotations

import operator
from typing import Any

from pellucid.inference.overloads import Overload, overload, refuse
from pellucid.ir.protocol import (
    iter_next,
    iter_start,
    iter_valid,
    iter_value,
    unwrap_optional,
)
from pellucid.library.records.instance_attributes import instance_of
from pellucid.library.records.instance_methods import method_of
from pellucid.types import Instance, Type
from pellucid.types.instance import own_function

# ---- items ----------------------------------------------------------------------------------


@overload(operator.getitem)
def getitem(a, b):
    """`obj[i]`: what `__getitem__` gives."""
    method = method_of(a, "__getitem__")

    def call(a, b):
        return method(a, b)

    return call


@overload(operator.setitem)
def setitem(a, b, c):
    """`obj[i] = x`: what `__setitem__` does."""
    method = method_of(a, "__setitem__")

    def call(a, b, c):
        method(a, b, c)

    return call


@overload(operator.delitem)
def delitem(a, b):
    """`del obj[i]`: what `__delitem__` does."""
    method = method_of(a, "__delitem__")

    def call(a, b):
        method(a, b)

    return call


@overload(operator.contains)
def contains(a, b):
    """`x in obj`: what `__contains__` says, or whether iteration gives it."""
    instance_of(a)
    method = own_function(a, "__contains__")
    if method is None:
        return _is_among

    def call(a, b):
        return bool(method(a, b))

    return call


def _is_among(a, b):
    for item in a:  # noqa: SIM110 (a generator would be one function more)
        if item == b:
            return True
    return False


# ---- iteration ------------------------------------------------------------------------------
#
# The state of a loop over an instance is what `__iter__` gave, and the state of a loop over that;
# of an iterator that is an instance itself, its item, or None at the end.


def is_iterator(ty: Type) -> bool:
    """Whether an instance gives its items by `__next__`."""
    return isinstance(ty, Instance) and own_function(ty, "__next__") is not None


@overload(iter_start)
def start(iterable):
    """The state before the first item."""
    instance_of(iterable)
    method = own_function(iterable, "__iter__")
    if is_iterator(iterable):
        return _advance
    if method is None:
        return _start_items if own_function(iterable, "__getitem__") else refuse_iteration(iterable)

    def begin(iterable):
        inner = method(iterable)
        return inner, iter_start(inner)

    return begin


def refuse_iteration(ty: Type) -> Any:
    """Refuse an instance that cannot be iterated over."""
    refuse(f"{ty.base} has no __iter__")


def _advance(iterable):
    try:
        return (iterable.__next__(),)
    except StopIteration:
        return None


def _start_items(iterable):
    return 0, _item_at(iterable, 0)


def _item_at(iterable, index):
    try:
        return (iterable[index],)
    except IndexError:
        return None


@overload(iter_valid, inline=True)
def valid(iterable, state):
    """Whether there is an item."""
    instance_of(iterable)
    if is_iterator(iterable):
        return _is_there
    return _is_valid if own_function(iterable, "__iter__") else _is_item_there


def _is_there(iterable, state):
    return state is not None


def _is_valid(iterable, state):
    return iter_valid(state[0], state[1])


def _is_item_there(iterable, state):
    return state[1] is not None


@overload(iter_value, inline=True)
def value(iterable, state):
    """The item."""
    instance_of(iterable)
    if is_iterator(iterable):
        return _item
    return _value if own_function(iterable, "__iter__") else _item_there


def _item(iterable, state):
    return unwrap_optional(state)[0]


def _value(iterable, state):
    return iter_value(state[0], state[1])


def _item_there(iterable, state):
    return unwrap_optional(state[1])[0]


@overload(iter_next)
def following(iterable, state):
    """The state after."""
    instance_of(iterable)
    if is_iterator(iterable):
        return _go_on
    return _following if own_function(iterable, "__iter__") else _next_item


def _go_on(iterable, state):
    return _advance(iterable)


def _following(iterable, state):
    return state[0], iter_next(state[0], state[1])


def _next_item(iterable, state):
    return state[0] + 1, _item_at(iterable, state[0] + 1)


@overload(iter)
def iter_(object):
    """What `__iter__` gives."""
    method = method_of(object, "__iter__")

    def call(object):
        return method(object)

    return call


@overload(next)
def next_(iterator, *default):
    """What `__next__` gives; `default` where it raises StopIteration."""
    method = method_of(iterator, "__next__")
    if len(default) > 1:
        refuse("next() takes an iterator and at most one default")

    def call(iterator, *default):
        return method(iterator)

    def call_or(iterator, *default):
        try:
            return method(iterator)
        except StopIteration:
            return default[0]

    return call_or if default else call


@overload(reversed)
def reversed_(sequence):
    """What `__reversed__` gives."""
    method = method_of(sequence, "__reversed__")

    def call(sequence):
        return method(sequence)

    return call


# ---- numbers --------------------------------------------------------------------------------


def _number(function: Any, *names: str) -> Overload:
    @overload(function)
    def convert(x):
        instance_of(x)
        found = [method for name in names if (method := own_function(x, name)) is not None]
        if not found:
            refuse(f"{x.base} has no {names[0]}")
        method = found[0]

        def call(x):
            return function(method(x))

        return call

    convert.template.__doc__ = f"What `{names[0]}` gives."
    return convert


int_ = _number(int, "__int__", "__index__", "__trunc__")
float_ = _number(float, "__float__", "__index__")
complex_ = _number(complex, "__complex__", "__float__", "__index__")
index = _number(operator.index, "__index__")


@overload(round)
def round_(number, ndigits=None):
    """What `__round__` gives."""
    method = method_of(number, "__round__")
    has_digits = method.__code__.co_argcount > 1

    def call(number, ndigits=None):
        return method(number, ndigits) if has_digits else method(number)

    return call


@overload(divmod)
def divmod_(a, b):
    """What `__divmod__` gives."""
    method = method_of(a, "__divmod__")

    def call(a, b):
        return method(a, b)

    return call
