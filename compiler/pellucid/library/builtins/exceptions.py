"""What an `except` clause does with the exception in flight: match, take up, raise again, chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.base.spans import NO_SPAN
from pellucid.codegen.exceptions import record_exception
from pellucid.codegen.models import context
from pellucid.codegen.models.model import ll_i64, ll_ptr, ll_void
from pellucid.codegen.payload import class_key, class_number
from pellucid.inference.overloads import Constant, overload, refuse
from pellucid.ir import protocol
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.types import (
    CaughtException,
    ExceptionClass,
    ExceptionInstance,
    NoneType,
    Tuple,
    Type,
    boolean,
    none,
)

_BIT = ll.IntType(1)
_UPDATES = Effects.READS | Effects.WRITES


def _classes(ty: Type) -> tuple[ExceptionClass, ...]:
    """The classes that an `except` clause names."""
    if isinstance(ty, ExceptionClass):
        return (ty,)
    if isinstance(ty, Tuple):
        return tuple(cls for elem in ty.elems for cls in _classes(elem))
    return refuse("catching classes that do not inherit from BaseException is not allowed")


@overload(protocol.exception_matches)
def exception_matches(classes):
    """Whether the exception in flight is of one of `classes`."""
    found = _classes(classes)
    if any(cls.pyobj is BaseException for cls in found):
        return Constant(True)
    names = ", ".join(cls.path for cls in found)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_type = ll.FunctionType(_BIT, [ll_ptr, ll_i64, ll_ptr])
        ll_matches = cg.declare(context.MATCHES, ll_type)
        ll_any = cg.constant(boolean, False)
        for cls in found:
            ll_number = ll.Constant(ll_i64, class_number(cls.pyobj))
            ll_key = cg.module.string(class_key(cls.pyobj))
            ll_one = cg.builder.call(ll_matches, [cg.ctx, ll_number, ll_key])
            ll_any = cg.builder.or_(ll_any, ll_one)
        return ll_any

    def run(_: Any) -> bool:
        return protocol.exception_matches(tuple(cls.pyobj for cls in found))

    return Primitive(f"exception_matches[{names}]", boolean(classes), lower, run, Effects.READS)


@overload(protocol.exception_take)
def exception_take(classes, raised):
    """The exception in flight, in a block of its own."""
    found = _classes(classes)
    known = [
        tuple(
            instance
            for instance in instances
            if any(issubclass(instance.cls.pyobj, cls.pyobj) for cls in found)
        )
        for instances in (raised.own, raised.others)
    ]
    # What the user's code raises says what is meant; the library's errors have messages only.
    ty = CaughtException(found, known[0] or known[1])

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_take = cg.declare(context.TAKE, ll.FunctionType(ll_ptr, [ll_ptr]))
        return cg.builder.call(ll_take, [cg.ctx])

    effects = Effects.READS | Effects.ALLOCATES
    sig = ty(classes, raised)
    return Primitive("exception_take", sig, lower, protocol.exception_take, effects)


@overload(protocol.exception_drop)
def exception_drop():
    """The exception in flight was handled."""

    def lower(cg: Any, args: Sequence[Any]) -> None:
        cg.builder.call(cg.declare(context.DROP, ll.FunctionType(ll_void, [ll_ptr])), [cg.ctx])

    return Primitive("exception_drop", none(), lower, protocol.exception_drop, _UPDATES)


@overload(protocol.exception_restore)
def exception_restore(exception):
    """`exception` is in flight again, or for the first time."""
    if not isinstance(exception, (CaughtException, ExceptionClass, ExceptionInstance)):
        refuse(f"exceptions must derive from BaseException: this is {exception.base}")

    def lower(cg: Any, args: Sequence[Any]) -> None:
        if isinstance(exception, CaughtException):
            _call_with_block(cg, context.RESTORE, args[0])
        else:
            record_exception(cg, exception, args[0], NO_SPAN)

    sig = none(exception)
    return Primitive("exception_restore", sig, lower, protocol.exception_restore, _UPDATES)


@overload(protocol.exception_capture)
def exception_capture(exception):
    """An exception, made or taken up, in a block."""
    match exception:
        case CaughtException():
            ty: Type = exception
        case ExceptionInstance():
            ty = CaughtException((exception.cls,), (exception,))
        case ExceptionClass():
            ty = CaughtException((exception,), (ExceptionInstance(exception, ()),))
        case NoneType():
            ty = none
        case _:
            refuse("exception causes must derive from BaseException")

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        if exception == none:
            return args[0]
        if isinstance(exception, CaughtException):
            cg.retain(exception, args[0])
            return args[0]
        return cg.capture_exception(exception, args[0])

    sig = ty(exception)
    return Primitive("exception_capture", sig, lower, protocol.exception_capture, _UPDATES)


@overload(protocol.exception_chain)
def exception_chain(handled):
    """The exception in flight was raised while `handled` was."""

    def lower(cg: Any, args: Sequence[Any]) -> None:
        _call_with_block(cg, context.CHAIN, args[0])

    return Primitive("exception_chain", none(handled), lower, protocol.exception_chain, _UPDATES)


@overload(protocol.exception_cause)
def exception_cause(cause):
    """`raise ... from cause`."""

    def lower(cg: Any, args: Sequence[Any]) -> None:
        ll_block = ll.Constant(ll_ptr, None) if cause == none else args[0]
        _call_with_block(cg, context.SET_CAUSE, ll_block)

    return Primitive("exception_cause", none(cause), lower, protocol.exception_cause, _UPDATES)


def _call_with_block(cg: Any, name: str, ll_block: Any) -> None:
    ll_fn = cg.declare(name, ll.FunctionType(ll_void, [ll_ptr, ll_ptr]))
    cg.builder.call(ll_fn, [cg.ctx, ll_block])
