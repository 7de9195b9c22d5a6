"""Generators of compiled code: iterated, and resumed by hand.

What a `yield` gives its caller is a step (`ir/protocol.py`): the state of a loop over a generator
is the last step.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from typing import Any

from pellucid.inference.generators import THROWN
from pellucid.inference.overloads import (
    Constant,
    bind,
    intrinsic,
    overload,
    overload_method,
    refuse,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import (
    exception_capture,
    get_field,
    go_on,
    iter_next,
    iter_result,
    iter_send,
    iter_start,
    iter_throw,
    iter_valid,
    iter_value,
    new_object,
    put_field,
    receive,
    resume,
    throw_into,
    unwrap_optional,
)
from pellucid.library.builtins import heap
from pellucid.library.builtins.structs import field
from pellucid.types import (
    CaughtException,
    DType,
    ExceptionClass,
    ExceptionInstance,
    Generator,
    JitInstance,
    Literal,
    NoneType,
    Optional,
    Type,
    none,
)
from pellucid.types.convert import can_convert
from pellucid.types.heap import variables_in


def generator_type(ty: Type) -> Generator:
    """`ty`, which must be the type of a generator; refuses others."""
    if not isinstance(ty, Generator):
        refuse(f"{ty.base} is not a generator")
    return ty


# ---- what inference writes ------------------------------------------------------------------


@overload(new_object, inline=True)
def new_object_(dtype):
    """An object of a heap type; fields that have a value in the class's body hold it."""
    ty = dtype.dtype if isinstance(dtype, DType) else dtype
    if isinstance(ty, JitInstance) and ty.defaults:
        return _new_with(tuple(ty.defaults.items()))
    if next(variables_in(ty), None) is not None:
        return Primitive("new", ty(dtype), _is_not_known, lambda _: None)
    return heap.new


def _is_not_known(*_: Any) -> Any:
    message = "the type of an object is not known yet"
    raise AssertionError(message)


def _new_with(values: tuple[tuple[str, Any], ...]) -> Callable[..., Any]:
    """What makes an object and assigns these fields."""
    if not values:
        return heap.new
    *before, (name, value) = values
    make = _new_with(tuple(before))

    def impl(dtype):
        made = make(dtype)
        setattr(made, name, value)
        return made

    return impl


@overload(get_field)
def get_field_(obj, name):
    """A field of a heap object."""
    return heap.get.template(obj, name)


@overload(put_field)
def put_field_(obj, name, value):
    """Assign a field of a heap object."""
    takes_field(obj, name, value)
    return heap.put.template(obj, name, value)


def takes_field(obj: Type, name: Type, value: Type) -> None:
    """Refuse a value that a field cannot hold."""
    assert isinstance(name, Literal)
    field_ty = heap.heap_type(obj).field_type(str(name.value))
    bind(value.base, field_ty)
    if not can_convert(value, field_ty):
        refuse(f"`{name.value}` is a {field_ty}, which a {value.base} is not")


# ---- going on -------------------------------------------------------------------------------


@overload(resume, inline=True)
def resume_(generator, sent):
    """The next step of a generator."""
    return _resume_checked if generator_type(generator).code.may_stop else _resume


def _resume(generator, sent):
    return go_on(generator, sent, None)


def _resume_checked(generator, sent):
    try:
        return go_on(generator, sent, None)
    except StopIteration as stop:
        raise RuntimeError(RAISED_STOP) from stop


RAISED_STOP = "generator raised StopIteration"


@overload(throw_into)
def throw_into_(generator, exception):
    """The next step of a generator whose `yield` raises an exception."""
    generator_type(generator)
    return _throw_into


def _throw_into(generator, exception):
    try:
        return go_on(generator, None, exception)
    except StopIteration as stop:
        raise RuntimeError(RAISED_STOP) from stop


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


@overload(iter_throw, inline=True)
def throwing(iterable, state, thrown):
    """The next step, where `yield from` passes on an exception that was thrown."""
    if not isinstance(iterable, Generator):
        return _throw_past
    return _throw_on if iterable.code.has_handlers else _end_by


def _throw_past(iterable, state, thrown):
    raise thrown


def _end_by(iterable, state, thrown):
    _end(iterable)
    raise thrown


def _throw_on(iterable, state, thrown):
    if _is_exit(thrown):
        iterable.close()
        raise thrown
    return throw_into(iterable, as_thrown(thrown))


def _is_exit(thrown):
    try:
        raise thrown
    except GeneratorExit:
        return True
    except BaseException:
        return False


@overload(iter_send, inline=True)
def sending(iterable, state, sent):
    """The next step, which `yield from` passes on what it was sent."""
    if isinstance(iterable, Generator) and iterable.code.reads_sent:
        return _send
    if isinstance(iterable, Generator) or isinstance(sent, NoneType):
        return _send_nothing
    message = f"a {iterable.base} has no attribute 'send'"

    def impl(iterable, state, sent):
        if sent is not None:
            raise AttributeError(message)
        return iter_next(iterable, state)

    return impl


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


# ---- by hand --------------------------------------------------------------------------------


@overload(bool, inline=True)
def bool_(x):
    """An iterator is true."""
    generator_type(x)
    return Constant(True)


@overload(operator.is_)
def is_(a, b):
    """`a is b` of iterators."""
    return _is_same if generator_type(a) == generator_type(b) else Constant(False)


def _is_same(a, b):
    return heap.is_same_object(a, b)


@overload(operator.is_not)
def is_not(a, b):
    """`a is not b` of iterators."""
    return _is_other if generator_type(a) == generator_type(b) else Constant(True)


def _is_other(a, b):
    return not heap.is_same_object(a, b)


@overload(next)
def next_(iterator, *default):
    """The next item of an iterator; `default`, or StopIteration, if there is none.

    >>> next(x * x for x in range(2, 5)), next(iter(()), -1)
    (4, -1)
    """
    if not isinstance(iterator, Generator):
        refuse(f"a {iterator.base} is no iterator: iter() makes one")
    if len(default) > 1:
        refuse("next() takes an iterator and at most one default")
    return _next_or_default if default else _next_item


def _next_item(iterator, *default):
    return _item_of(resume(iterator, None))


def _next_or_default(iterator, *default):
    step = resume(iterator, None)
    return field(step, "value") if field(step, "valid") else default[0]


def _item_of(step):
    if field(step, "valid"):
        return field(step, "value")
    result = field(step, "result")
    if result is None:
        raise StopIteration
    raise StopIteration(result)


@overload_method(Generator, "send")
def send(self, value):
    """Go on, with `value` as that of the `yield`; gives the next item.

    What can be sent is what the function says: `-> Generator[item, sent, result]`, or what it
    yields.
    """
    code = self.code
    if not code.reads_sent:
        return _send_ignored
    wanted = code.send_ty.value_ty if isinstance(code.send_ty, Optional) else code.send_ty
    if not can_convert(value, code.send_ty):
        refuse(f"this generator is sent values of type {wanted}: annotate its function")
    return _send_item


def _send_item(self, value):
    _check_started(self, value)
    return _item_of(resume(self, value))


def _send_ignored(self, value):
    _check_started(self, value)
    return _item_of(resume(self, None))


def _check_started(self, value):
    if value is not None and get_field(self, ".state") == 0:
        raise TypeError("can't send non-None value to a just-started generator")


# ---- exceptions -----------------------------------------------------------------------------


@overload(receive, inline=True)
def receive_(sent, thrown):
    """What was sent, unless an exception was thrown."""
    return _receive


def _receive(sent, thrown):
    if thrown is not None:
        raise unwrap_optional(thrown)
    return sent


@intrinsic
def as_thrown(exception):
    """A caught exception as one of any class."""

    def lower(cg: Any, args: Any) -> Any:
        cg.retain(exception, args[0])
        return args[0]

    return Primitive("thrown", THROWN(exception), lower, lambda caught: caught)


@overload_method(Generator, "close")
def close(self):
    """End the generator; a `yield` in a `try` statement raises GeneratorExit first.

    Since Python 3.13, it gives what the generator returns then.
    """
    if not self.code.has_handlers:
        return _end
    is_told = sys.version_info >= (3, 13) and self.code.return_ty not in (None, none)
    return _close_with_result if is_told else _close


def _end(self):
    put_field(self, ".state", -1)
    heap.clear_fields(self)


def _close(self):
    if get_field(self, ".state") <= 0:
        _end(self)
        return
    try:
        step = throw_into(self, as_thrown(exception_capture(GeneratorExit)))
    except GeneratorExit:
        return
    if field(step, "valid"):
        raise RuntimeError(IGNORED_EXIT)


def _close_with_result(self):
    if get_field(self, ".state") <= 0:
        _end(self)
        return None
    try:
        step = throw_into(self, as_thrown(exception_capture(GeneratorExit)))
    except GeneratorExit:
        return None
    if field(step, "valid"):
        raise RuntimeError(IGNORED_EXIT)
    return field(step, "result")


IGNORED_EXIT = "generator ignored GeneratorExit"


@overload_method(Generator, "throw")
def throw(self, exception):
    """Go on, with an exception that the `yield` raises; gives the next item."""
    if self.code.has_handlers:
        return _throw
    return _throw_stop if _may_be_stop(exception) else _throw_at_once


def _may_be_stop(exception: Type) -> bool:
    match exception:
        case ExceptionClass(pyobj=pyobj):
            found = [pyobj]
        case ExceptionInstance(cls=cls):
            found = [cls.pyobj]
        case CaughtException(classes=classes):
            found = [cls.pyobj for cls in classes]
        case _:
            return refuse("exceptions must derive from BaseException")
    return any(issubclass(cls, StopIteration) or issubclass(StopIteration, cls) for cls in found)


def _throw(self, exception):
    if get_field(self, ".state") <= 0:
        return _throw_stop(self, exception)
    return _item_of(throw_into(self, as_thrown(exception_capture(exception))))


def _throw_at_once(self, exception):
    _end(self)
    raise exception


FIRST_CONVERTED = 0 if sys.version_info < (3, 12) else 1
"""The first state in which Python makes RuntimeError of StopIteration: since 3.12, once started."""


def _throw_stop(self, exception):
    state = get_field(self, ".state")
    _end(self)
    if state >= FIRST_CONVERTED:
        try:
            raise exception
        except StopIteration as stop:
            raise RuntimeError(RAISED_STOP) from stop
    raise exception


@overload(heap.finalize)
def finalize(obj):
    """A generator that is given up runs the `finally` bodies that it stands in."""
    generator_type(obj)
    return _finalize


def _finalize(obj):
    if get_field(obj, ".state") > 0:
        try:
            throw_into(obj, as_thrown(exception_capture(GeneratorExit)))
        except BaseException:  # nobody is there to catch it
            put_field(obj, ".state", -1)
