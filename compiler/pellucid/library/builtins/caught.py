"""What a handler may ask of an exception: `str(e)`, `repr(e)`, `e.args`, the fields of its class.

The Python exception is made and asked, so the answers are those of its class. The types of
arguments and fields follow from the exceptions that compiled code is known to raise there.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.models import context
from pellucid.codegen.models.model import ll_ptr
from pellucid.inference.exceptions import argument_types, field_type
from pellucid.inference.overloads import (
    Intrinsic,
    intrinsic,
    overload,
    overload_attribute,
    refuse,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import box, exception_field, exit_class
from pellucid.library.builtins.classes import EXCEPTION_CLASS, is_caught_class
from pellucid.library.builtins.structs import field, struct
from pellucid.library.objects.calls import CALLS_PYTHON, require_objects
from pellucid.library.objects.object_mode import from_object
from pellucid.library.objects.texts import literal_of, text_of
from pellucid.types import (
    CaughtException,
    ExceptionClass,
    ExceptionInstance,
    List,
    Literal,
    Optional,
    PyObject,
    Struct,
    Tuple,
    Type,
    boolean,
    pyobject,
    unicode_type,
)
from pellucid.types.unify import unify


def require_exception(ty: Type) -> CaughtException:
    if not isinstance(ty, CaughtException):
        refuse(f"{ty.base} is not an exception")
    return ty


@intrinsic
def exception_object(exception):
    """The Python exception."""
    ty = require_exception(exception)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            ll_make = cg.declare(context.MAKE_OBJECT, ll.FunctionType(ll_ptr, [ll_ptr]))
            ll_made = cg.builder.call(ll_make, [args[0]])
        is_null = cg.builder.icmp_unsigned("==", ll_made, ll.Constant(ll_ptr, None))
        cg.leave_by_python_error(is_null)
        return ll_made

    return Primitive("exception_object", pyobject(ty), lower, lambda e: e, CALLS_PYTHON)


@intrinsic
def object_field(obj, name):
    """`getattr(obj, name)`."""
    require_objects(obj)
    if not isinstance(name, Literal) or not isinstance(name.value, str):
        refuse("the name of a field is known while compiling")
    text = name.value

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            ll_type = ll.FunctionType(ll_ptr, [ll_ptr, ll_ptr])
            ll_get = cg.declare("PyObject_GetAttrString", ll_type)
            ll_found = cg.builder.call(ll_get, [args[0], cg.module.string(text)])
        is_null = cg.builder.icmp_unsigned("==", ll_found, ll.Constant(ll_ptr, None))
        cg.leave_by_python_error(is_null)
        return ll_found

    def run(obj: Any, _: Any) -> Any:
        return getattr(obj, text)

    return Primitive(f"field[{text}]", pyobject(pyobject, name), lower, run, CALLS_PYTHON)


# Machine code of its own, which does not depend on the exception's class.


def _field_of(obj, name, ty):
    """`getattr(obj, name)`, as a type."""
    require_objects(obj)
    return _read_field


def _read_field(obj, name, ty):
    return from_object(object_field(obj, name), ty)


field_of = Intrinsic(
    "pellucid.library.field_of", _field_of, literals=frozenset({"name"}), separate=True
)


@overload(box)
def box_exception(value):
    """The Python exception."""
    require_exception(value)
    return _box


def _box(value):
    return exception_object(value)


@overload(exit_class, inline=True)
def exit_class_(leave, exception):
    """The class, for Python's managers; those in compiled code get the exception, for its class."""
    require_exception(exception)
    return _exit_class if isinstance(leave, PyObject) else _exception_itself


def _exit_class(leave, exception):
    return type(exception_object(exception))


def _exception_itself(leave, exception):
    return exception


@overload(str, inline=True)
def str_(object):
    """The message of an exception that an `except` clause binds.

    >>> str(1)
    '1'
    """
    require_exception(object)
    return _message


def _message(object):
    return text_of(exception_object(object))


@overload(repr, inline=True)
def repr_(object):
    """An exception as its class and arguments."""
    require_exception(object)
    return _literal


def _literal(object):
    return literal_of(exception_object(object))


@overload(exception_field, literals=["name"], inline=True)
def field_(exception, name):
    """`e.args`, or what the constructor of a class of exceptions assigns to `e.name`."""
    ty = require_exception(exception)
    if name.value == "__class__":
        return _class_field
    wanted = _field_type(ty, str(name.value))

    def impl(exception, name):
        return field_of(exception_object(exception), name, wanted)

    return impl


def _field_type(ty: CaughtException, name: str) -> Type:
    if name == "__traceback__":
        refuse(f"`{name}` exists once Python has the exception: read it where Python catches it")
    if name in _KNOWN_FIELDS:
        return _KNOWN_FIELDS[name]
    if not ty.raised:
        refuse(
            f"`{name}` has no type: no `raise` in compiled code is known to lead to this handler"
        )
    if name == "args":
        return _joined(ty.raised, _arguments, name)
    return _joined(ty.raised, lambda instance: field_type(instance, name), name)


_ANY = CaughtException((ExceptionClass("builtins.BaseException", BaseException),))
_KNOWN_FIELDS: Mapping[str, Type] = {
    "__cause__": Optional(_ANY),
    "__context__": Optional(_ANY),
    "__suppress_context__": boolean,
    "__notes__": List(unicode_type),
}


def _arguments(instance: ExceptionInstance) -> Type | None:
    found = argument_types(instance)
    return None if found is None else Tuple(found)


# ---- the class ------------------------------------------------------------------------------


@overload(type, inline=True)
def class_of_caught(x):
    """The class of an exception that an `except` clause binds, which has a `__name__`."""
    require_exception(x)
    return _class


def _class_field(exception, name):
    return struct(EXCEPTION_CLASS, "exception", exception)


def _class(x):
    return struct(EXCEPTION_CLASS, "exception", x)


def _name_of(obj):
    """The name of an object's class."""
    require_objects(obj)
    return _read_name


def _read_name(obj):
    return from_object(object_field(object_field(obj, "__class__"), "__name__"), unicode_type)


name_of_class = Intrinsic("pellucid.library.name_of_class", _name_of, separate=True)


@overload_attribute(Struct, "__name__")
def class_name(x):
    """The name of the class of an exception."""
    if not is_caught_class(x):
        refuse(f"{x.base} is no class")
    return _class_name


def _class_name(x):
    return name_of_class(exception_object(field(x, "exception")))


def _class_comparison(function: Any, wanted: bool) -> Any:
    def template(a, b):
        if not (is_caught_class(a) and isinstance(b, ExceptionClass)):
            refuse(f"{a.base} and {b.base} are no classes that are compared at run time")
        return same if wanted else other

    def same(a, b):
        return class_object(exception_object(field(a, "exception"))) is box(b)

    def other(a, b):
        return class_object(exception_object(field(a, "exception"))) is not box(b)

    template.__qualname__ = f"class_{function.__name__}"
    template.__doc__ = "Whether an exception is of just this class."
    return overload(function, inline=True)(template)


def _class_object(obj):
    """The class of an object."""
    require_objects(obj)
    return _read_class


def _read_class(obj):
    return object_field(obj, "__class__")


class_object = Intrinsic("pellucid.library.class_object", _class_object, separate=True)
class_is, class_is_not = (
    _class_comparison(operator.is_, True),
    _class_comparison(operator.is_not, False),
)
class_eq, class_ne = _class_comparison(operator.eq, True), _class_comparison(operator.ne, False)


def _joined(
    instances: Sequence[ExceptionInstance],
    find: Callable[[ExceptionInstance], Type | None],
    name: str,
) -> Type:
    """The type that the field has in all the exceptions."""
    joined: Type | None = None
    for instance in instances:
        found = find(instance)
        if found is None:
            refuse(
                f"`{name}` is nothing that {instance.cls.path} assigns in its `__init__` from a "
                "parameter or a constant"
            )
        both = found if joined is None else unify(joined, found)
        if both is None:
            refuse(f"`{name}` is {joined} or {found}: it needs one type, of all that lead here")
        joined = both
    assert joined is not None, "an exception is known"
    return joined
