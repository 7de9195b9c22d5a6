"""Exceptions as values: raised later, compared, asked for their class, given to Python.

An exception that more is done with than raising it is an object: a counted block, as a handler's.
Python's own exceptions, which come as arguments, are in such a block too.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models import context
from pellucid.codegen.models.model import ll_i64, ll_ptr, ll_void
from pellucid.codegen.objects import Objects
from pellucid.codegen.payload import class_key, class_number, class_symbol
from pellucid.inference.overloads import (
    Constant,
    intrinsic,
    overload,
    overload_method,
    refuse,
)
from pellucid.ir import protocol
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import box, unbox, unwrap_optional
from pellucid.library.builtins.caught import exception_object, require_exception
from pellucid.library.objects.calls import I32, emit, require_objects
from pellucid.library.objects.classes import assign_attribute, call_with, object_attribute
from pellucid.library.objects.conversion import marked, zero
from pellucid.types import (
    CaughtException,
    ExceptionClass,
    FunctionUnion,
    Literal,
    NoneType,
    Optional,
    Tuple,
    Type,
    UnicodeType,
    boolean,
    none,
    pyobject,
)

_BIT = ll.IntType(1)
_UPDATES = Effects.READS | Effects.WRITES
_ANY = CaughtException((ExceptionClass("builtins.BaseException", BaseException),))
_TEXT = UnicodeType()
_NOT_DERIVED = "exceptions must derive from BaseException"


# -- raised -----------------------------------------------------------------------------------


@overload(protocol.exception_value)
def exception_value(exception):
    """What `raise` is given: one of several classes, or an exception that may be None."""
    match exception:
        case FunctionUnion(members=members):
            if not all(isinstance(member, ExceptionClass) for member in members):
                refuse(_NOT_DERIVED)
            return _instance
        case Optional(value_ty=CaughtException()):
            return _some
        case NoneType():
            return _none_raised
        case _:
            return refuse(_NOT_DERIVED)


def _instance(exception):
    return exception()


def _some(exception):
    if exception is None:
        raise TypeError(_NOT_DERIVED)
    return unwrap_optional(exception)


def _none_raised(exception):
    raise TypeError(_NOT_DERIVED)


@overload(protocol.exception_enter)
def exception_enter(exception):
    """A handler is busy with an exception."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_fn = cg.declare(context.ENTER, ll.FunctionType(ll_ptr, [ll_ptr, ll_ptr]))
        return cg.builder.call(ll_fn, [cg.ctx, args[0]])

    sig = _ANY(require_exception(exception))
    return Primitive("exception_enter", sig, lower, protocol.exception_enter, _UPDATES)


@overload(protocol.exception_leave)
def exception_leave(before):
    """A handler is done."""

    def lower(cg: Any, args: Sequence[Any]) -> None:
        ll_fn = cg.declare(context.LEAVE, ll.FunctionType(ll_void, [ll_ptr, ll_ptr]))
        cg.builder.call(ll_fn, [cg.ctx, args[0]])

    sig = none(require_exception(before))
    return Primitive("exception_leave", sig, lower, protocol.exception_leave, _UPDATES)


@overload(protocol.exception_handled)
def exception_handled():
    """What a handler of a caller is busy with, or one in Python."""
    ty = Optional(_ANY)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del args
        ll_fn = cg.declare(context.HANDLED, ll.FunctionType(ll_ptr, [ll_ptr]))
        found = cg.builder.call(ll_fn, [cg.ctx])
        is_there = cg.builder.icmp_unsigned("!=", found, ll.Constant(ll_ptr, None))
        return cg.make_tuple(ty, [is_there, found])

    effects = _UPDATES | Effects.ALLOCATES
    return Primitive("exception_handled", ty(), lower, protocol.exception_handled, effects)


# -- asked ------------------------------------------------------------------------------------


def _classes(ty: Type) -> tuple[ExceptionClass, ...]:
    """The exception classes among those that `isinstance` is given: no others have exceptions."""
    if isinstance(ty, Tuple):
        return tuple(cls for elem in ty.elems for cls in _classes(elem))
    return (ty,) if isinstance(ty, ExceptionClass) else ()


@overload(isinstance)
def isinstance_exception(obj, class_or_tuple):
    """Whether an exception is of a class."""
    if isinstance(obj, Optional):
        require_exception(obj.value_ty)
        return _is_some_instance
    ty, classes = require_exception(obj), _classes(class_or_tuple)
    if all(any(issubclass(own.pyobj, cls.pyobj) for cls in classes) for own in ty.classes):
        return Constant(True)
    names = ", ".join(cls.path for cls in classes)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_is = cg.declare(context.IS, ll.FunctionType(_BIT, [ll_ptr, ll_i64, ll_ptr]))
        ll_any = cg.constant(boolean, False)
        for cls in classes:
            ll_number = ll.Constant(ll_i64, class_number(cls.pyobj))
            ll_key = cg.module.string(class_key(cls.pyobj))
            ll_one = cg.builder.call(ll_is, [args[0], ll_number, ll_key])
            ll_any = cg.builder.or_(ll_any, ll_one)
        return ll_any

    def run(exception: BaseException, _: Any) -> bool:
        return isinstance(exception, tuple(cls.pyobj for cls in classes))

    sig = boolean(ty, class_or_tuple)
    return Primitive(f"exception_is[{names}]", sig, lower, run, Effects.READS)


def _is_some_instance(obj, class_or_tuple):
    return obj is not None and isinstance(unwrap_optional(obj), class_or_tuple)


def _same(a: Type, b: Type, wanted: bool) -> Primitive:
    left, right = require_exception(a), require_exception(b)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_same = cg.declare(context.SAME, ll.FunctionType(_BIT, [ll_ptr, ll_ptr]))
        ll_found = cg.builder.call(ll_same, list(args))
        return ll_found if wanted else cg.builder.not_(ll_found)

    def run(one: BaseException, other: BaseException) -> bool:
        return (one is other) == wanted

    sig = boolean(left, right)
    return Primitive("exception_same", sig, lower, run, Effects.READS)


@overload(operator.is_)
def is_same(a, b):
    """Whether two exceptions are one."""
    return _same(a, b, wanted=True)


@overload(operator.is_not)
def is_other(a, b):
    """Whether two exceptions are not one."""
    return _same(a, b, wanted=False)


@overload(operator.eq)
def equal(a, b):
    """Exceptions are equal if they are one."""
    return _same(a, b, wanted=True)


@overload(operator.ne)
def unequal(a, b):
    """Exceptions are equal if they are one."""
    return _same(a, b, wanted=False)


@overload(bool)
def truth(x):
    """An exception is true."""
    require_exception(x)
    return Constant(True)


@overload_method(CaughtException, "add_note")
def add_note(exception, note):
    """Adds a line to what Python prints of an exception."""
    require_exception(exception)
    if not isinstance(note.base, UnicodeType):
        refuse(f"note must be a str, not {note.base}")
    return _add_note


def _add_note(exception, note):
    call_with(object_attribute(exception_object(exception), "add_note"), box(note))


@overload_method(CaughtException, "with_traceback")
def with_traceback(exception, tb):
    """The exception itself: compiled code makes its traceback anew."""
    require_exception(exception)
    if not isinstance(tb, NoneType):
        refuse("there are no traceback objects in compiled code: give None")
    return _itself


def _itself(exception, tb):
    return exception


@overload(setattr, literals=["name"])
def setattr_(obj, name, value):
    """Sets a field of an exception, for who catches it in Python."""
    require_exception(obj)
    if not isinstance(name, Literal) or not isinstance(name.value, str):
        refuse("the name of a field is known while compiling")
    return _set_field


def _set_field(obj, name, value):
    assign_attribute(exception_object(obj), name, box(value))


# -- across the boundary ----------------------------------------------------------------------


@overload(unbox)
def unbox_exception(obj, ty):
    """A Python exception of one of the classes."""
    require_objects(obj)
    require_exception(marked(ty))
    return _unbox


def _unbox(obj, ty):
    if is_of(obj, ty):
        return True, wrap(obj, ty)
    return False, zero(ty)


@intrinsic
def is_of(obj, ty):
    """Whether an object is an exception of one of the classes of a type."""
    require_objects(obj)
    classes = require_exception(marked(ty)).classes

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        ll_any = cg.constant(boolean, False)
        if any(cls.pyobj is BaseException for cls in classes):
            return cg.constant(boolean, True)  # what is asked is an exception or None
        for cls in classes:
            symbol = objects.symbol(class_symbol(cls.pyobj))
            ll_is = objects.call("PyErr_GivenExceptionMatches", I32, args[0], symbol)
            ll_any = cg.builder.or_(ll_any, cg.builder.icmp_signed("!=", ll_is, ll_is.type(0)))
        return ll_any

    def run(value: Any, _: Any) -> bool:
        return isinstance(value, tuple(cls.pyobj for cls in classes))

    return emit("is_exception_of", boolean(pyobject, ty), body, run)


@intrinsic
def wrap(obj, ty):
    """A Python exception as one of compiled code."""
    require_objects(obj)
    wanted = require_exception(marked(ty))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_wrap = cg.declare(context.WRAP, ll.FunctionType(ll_ptr, [ll_ptr]))
        return cg.builder.call(ll_wrap, [args[0]])

    effects = Effects.READS | Effects.ALLOCATES
    return Primitive("wrap_exception", wanted(pyobject, ty), lower, lambda e, _: e, effects)
