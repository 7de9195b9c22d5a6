"""Generators of compiled code: iterated, and resumed by hand.

What a `yield` gives its caller is a step (`ir/protocol.py`): the state of a loop over a generator
is the last step.
"""

from __future__ import annotations

from pellucid.inference.overloads import overload, refuse
from pellucid.ir.protocol import (
    get_field,
    iter_next,
    iter_result,
    iter_send,
    iter_start,
    iter_valid,
    iter_value,
    new_object,
    put_field,
    resume,
)
from pellucid.library.builtins import heap
from pellucid.library.builtins.structs import field
from pellucid.types import Generator, NoneType, Type


def generator_type(ty: Type) -> Generator:
    """`ty`, which must be the type of a generator; refuses others."""
    if not isinstance(ty, Generator):
        refuse(f"{ty.base} is not a generator")
    return ty


# ---- what inference writes ------------------------------------------------------------------


@overload(new_object, inline=True)
def new_object_(dtype):
    """An object of a heap type."""
    return heap.new


@overload(get_field)
def get_field_(obj, name):
    """A field of a heap object."""
    return heap.get.template(obj, name)


@overload(put_field)
def put_field_(obj, name, value):
    """Assign a field of a heap object."""
    return heap.put.template(obj, name, value)


# ---- iteration ------------------------------------------------------------------------------


@overload(iter_start, inline=True)
def start(iterable):
    """The first step."""
    generator_type(iterable)
    return _start


def _start(iterable):
    return resume(iterable, None)


@overload(iter_valid, inline=True)
def valid(iterable, state):
    """Whether the last step gave an item."""
    generator_type(iterable)
    return _valid


def _valid(iterable, state):
    return field(state, "valid")


@overload(iter_value, inline=True)
def value(iterable, state):
    """The item of the last step."""
    generator_type(iterable)
    return _value


def _value(iterable, state):
    return field(state, "value")


@overload(iter_next, inline=True)
def following(iterable, state):
    """The next step."""
    generator_type(iterable)
    return _next


def _next(iterable, state):
    return resume(iterable, None)


@overload(iter_send, inline=True)
def sending(iterable, state, sent):
    """The next step, which `yield from` passes on what it was sent."""
    if isinstance(iterable, Generator):
        return _send
    if not isinstance(sent, NoneType):
        refuse(f"{iterable.base} cannot be sent anything")
    return _send_nothing


def _send(iterable, state, sent):
    return resume(iterable, sent)


def _send_nothing(iterable, state, sent):
    return iter_next(iterable, state)


@overload(iter_result, inline=True)
def result(iterable, state):
    """What the generator returned."""
    return _result if isinstance(iterable, Generator) else _no_result


def _result(iterable, state):
    return field(state, "result")


def _no_result(iterable, state):
    return None
