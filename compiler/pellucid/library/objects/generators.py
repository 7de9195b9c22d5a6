"""Generators of compiled code as Python sees them: items as objects.

The entry of a function that returns a generator makes a Python object of it
(`runtime/generators.py`), which calls `next_object` for each item.
"""

from __future__ import annotations

from typing import Any

from pellucid.inference.overloads import intrinsic, overload
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import box, next_object, resume, unbox
from pellucid.library.builtins.generators import generator_type
from pellucid.library.builtins.structs import field
from pellucid.library.objects.calls import NULL, emit, require_objects
from pellucid.types import NoneType, Optional, boolean, pyobject
from pellucid.types.signature import Signature


@overload(next_object)
def next_object_(generator, sent):
    """(whether there is an item, the item or what was returned): null for None at the end.

    `sent` is null where nothing is sent.
    """
    ty = generator_type(generator)
    require_objects(sent)
    send_ty = ty.code.send_ty
    if isinstance(send_ty, NoneType):
        return _next
    wanted = send_ty.value_ty if isinstance(send_ty, Optional) else send_ty
    message = f"this compiled generator is sent values of type {wanted}"

    def impl(generator, sent):
        if _is_null(sent):
            return _told(resume(generator, None))
        ok, value = unbox(sent, wanted)
        if not ok:
            raise TypeError(message)
        return _told(resume(generator, value))

    return impl


def _next(generator, sent):
    return _told(resume(generator, None))


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
