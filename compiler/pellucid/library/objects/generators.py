"""Generators of compiled code as Python sees them: items as objects.

The entry of a function that returns a generator makes a Python object of it
(`runtime/generators.py`), which calls `next_object` for each item.
"""

from __future__ import annotations

from typing import Any

from pellucid.inference.overloads import intrinsic, overload
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import box, next_object, resume, throw_into, unbox
from pellucid.library.builtins.generators import RAISED_STOP, as_thrown, generator_type
from pellucid.library.builtins.structs import field
from pellucid.library.objects.calls import NULL, emit, raise_object, require_objects
from pellucid.types import NoneType, Optional, boolean, pyobject
from pellucid.types.signature import Signature


@overload(next_object)
def next_object_(generator, sent, thrown):
    """(whether there is an item, the item or what was returned): null for None at the end.

    `sent` is null where nothing is sent, `thrown` where nothing is raised.
    """
    code = generator_type(generator).code
    require_objects(sent, thrown)
    wanted = code.send_ty.value_ty if isinstance(code.send_ty, Optional) else code.send_ty
    message = f"this compiled generator is sent values of type {wanted}"
    throw = _throw if code.has_handlers else _throw_at_once

    def impl(generator, sent, thrown):
        if not _is_null(thrown):
            return throw(generator, thrown)
        if _is_null(sent):
            return _told(resume(generator, None))
        ok, value = unbox(sent, wanted)
        if not ok:
            raise TypeError(message)
        return _told(resume(generator, value))

    def impl_without_sent(generator, sent, thrown):
        if not _is_null(thrown):
            return throw(generator, thrown)
        return _told(resume(generator, None))

    return impl_without_sent if isinstance(code.send_ty, NoneType) else impl


def _throw(generator, thrown):
    return _told(throw_into(generator, _taken(thrown)))


def _taken(thrown):
    try:
        raise_object(thrown)
    except BaseException as exception:
        return as_thrown(exception)
    raise SystemError("nothing was raised")


def _throw_at_once(generator, thrown):
    generator.close()
    try:
        raise_object(thrown)
    except StopIteration as stop:
        raise RuntimeError(RAISED_STOP) from stop
    return False, _no_object()


def _told(step):
    if field(step, "valid"):
        return True, box(field(step, "value"))
    result = field(step, "result")
    if result is None:
        return False, _no_object()
    return False, box(result)


@intrinsic
def _no_object():
    def lower(_cg: Any, _args: Any) -> Any:
        return NULL

    return Primitive("no_object", Signature(pyobject, ()), lower, lambda: None)


@intrinsic
def _is_null(obj):
    require_objects(obj)

    def body(cg: Any, _objects: Any, args: Any) -> Any:
        return cg.builder.icmp_unsigned("==", args[0], NULL)

    return emit("is_null_object", boolean(pyobject), body, lambda found: found is None)
