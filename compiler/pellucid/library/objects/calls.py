"""How a primitive calls Python's C API: the lock, the failure, the references.

A failed call leaves its exception in Python's error indicator, and compiled code by the op's way
out. Operands are lent, results are owned by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen import pylayout
from pellucid.codegen.names import RAISE_OBJECT
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.types import PyObject, Type, boolean, int64, none, pyobject
from pellucid.types.signature import Signature

POINTER, I32, I64, VOID = ll.PointerType(), ll.IntType(32), ll.IntType(64), ll.VoidType()
NULL = ll.Constant(POINTER, None)

CALLS_PYTHON = Effects.RAISES | Effects.READS | Effects.WRITES | Effects.IO
"""What code of any class may do."""
MAKES = Effects.RAISES | Effects.ALLOCATES
"""What making an object does."""


class Gives(Enum):
    """What a C function returns.

    OBJECT: a new reference, or null. STATUS: -1 on failure. COUNT: -1 on failure.
    TRUTH: 1, 0, or -1 on failure.
    """

    OBJECT = pyobject
    STATUS = none
    COUNT = int64
    TRUTH = boolean


def c_function(
    name: str,
    gives: Gives,
    params: Sequence[Type],
    run: Callable[..., Any],
    effects: Effects = CALLS_PYTHON,
) -> Primitive:
    """The primitive that calls a C function of Python's with its arguments as they are."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        failed, result = None, None
        with cg.python():
            ll_type = {Gives.OBJECT: POINTER, Gives.COUNT: I64}.get(gives, I32)
            result = Objects(cg.module, cg.builder).call(name, ll_type, *args)
        if gives is Gives.OBJECT:
            failed = cg.builder.icmp_unsigned("==", result, NULL)
        else:  # -1: a hash may be any other number
            failed = cg.builder.icmp_signed("==", result, ll.Constant(ll_type, -1))
        cg.leave_by_python_error(failed)
        if gives is Gives.STATUS:
            return cg.zero(none)
        if gives is Gives.TRUTH:
            return cg.builder.icmp_signed(">", result, ll.Constant(I32, 0))
        return result

    return Primitive(name, Signature(gives.value, tuple(params)), lower, run, effects)


def emit(
    name: str,
    sig: Signature,
    body: Callable[[Any, Objects, Sequence[Any]], Any],
    run: Callable[..., Any],
    effects: Effects = Effects.READS,
) -> Primitive:
    """The primitive that `body(cg, objects, args)` emits with the lock held; it cannot fail."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            return body(cg, Objects(cg.module, cg.builder), args)

    return Primitive(name, sig, lower, run, effects)


@intrinsic
def raise_object(obj):
    """Raise a Python object that is an exception."""
    require_objects(obj)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            objects.call(RAISE_OBJECT, VOID, own(objects, args[0]))
        cg.leave_by_python_error(ll.Constant(ll.IntType(1), 1))
        return cg.zero(none)

    def run(exception: BaseException) -> None:
        raise exception

    return Primitive("raise_object", none(pyobject), lower, run, CALLS_PYTHON)


def require_objects(*tys: Type) -> None:
    """Refuse what is not a Python object."""
    for ty in tys:
        if not isinstance(ty, PyObject):
            refuse(f"{ty.base} is not a Python object")


def own(objects: Objects, ll_obj: Any) -> Any:
    """A new reference to a borrowed object, which may be null."""
    objects.call("Py_IncRef", VOID, ll_obj)
    return ll_obj


def drop(objects: Objects, ll_obj: Any) -> None:
    """One reference fewer to an object, which may be null."""
    objects.call("Py_DecRef", VOID, ll_obj)


def item_address(objects: Objects, ll_obj: Any, ll_index: Any, *, is_list: bool) -> Any:
    """Where a list or tuple keeps its item."""
    if is_list:
        ll_items = objects.field(ll_obj, pylayout.LIST_ITEMS, POINTER, 8)
    else:
        ll_items = objects.builder.gep(
            ll_obj,
            [ll.Constant(I64, pylayout.TUPLE_ITEMS)],
            inbounds=True,
            source_etype=ll.IntType(8),
        )
    return objects.builder.gep(ll_items, [ll_index], inbounds=True, source_etype=POINTER)
