"""Users' classes as Python objects, and the instances that Python makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.names import MEMBERS
from pellucid.codegen.objects import Objects
from pellucid.codegen.payload import class_key, class_symbol
from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.objects.calls import (
    I64,
    MAKES,
    NULL,
    POINTER,
    Gives,
    c_function,
    emit,
    own,
    require_objects,
)
from pellucid.library.objects.checks import CLASSES
from pellucid.types import DType, Literal, Type, boolean, none, pyobject


def class_of(ty: Type) -> Any:
    """The Python class of the type that a marker stands for; refuses one without."""
    cls = getattr(ty.dtype, "pyclass", None) if isinstance(ty, DType) else None
    if cls is None:
        refuse(f"{ty} has no Python class")
    return cls


@intrinsic
def class_object(ty):
    """The class of the instances that are of a type."""
    return _class_primitive(ty, class_of(ty))


@intrinsic
def has_class(obj, ty):
    """Whether the class of an object is exactly that of a type."""
    require_objects(obj)
    cls = class_of(ty)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg
        return objects.is_same(objects.type_of(args[0]), objects.symbol(class_symbol(cls)))

    return emit("has_class", boolean(pyobject, ty), body, lambda value, _: type(value) is cls)


@intrinsic
def member_objects(ty):
    """The tuple of the members of an enumeration."""
    cls = class_of(ty)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg, args
        return own(objects, objects.symbol(f"{MEMBERS}.{class_key(cls)}"))

    return emit("members", pyobject(ty), body, lambda _: tuple(cls))


@intrinsic
def new_named_tuple(ty):
    """A named tuple whose items are null until they are put."""
    cls, count = class_of(ty), len(ty.dtype.elems)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del args
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            ll_args = [objects.symbol(class_symbol(cls)), ll.Constant(I64, count)]
            made = objects.call("PyType_GenericAlloc", POINTER, *ll_args)
        cg.leave_by_python_error(cg.builder.icmp_unsigned("==", made, NULL))
        return made

    def run(_: Any) -> Any:
        message = "the interpreter cannot fill a tuple"
        raise TypeError(message)

    return Primitive("new_named_tuple", pyobject(ty), lower, run, MAKES)


@intrinsic
def new_instance(ty):
    """An instance of a class, which neither `__new__` nor `__init__` has seen."""
    cls = class_of(ty)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del args
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            ll_args = [objects.symbol(class_symbol(cls)), ll.Constant(I64, 0)]
            made = objects.call("PyType_GenericAlloc", POINTER, *ll_args)
        cg.leave_by_python_error(cg.builder.icmp_unsigned("==", made, NULL))
        return made

    return Primitive("new_instance", pyobject(ty), lower, lambda _: cls.__new__(cls), MAKES)


@intrinsic
def call_with(function, arg):
    """`function(arg)` of Python objects."""
    require_objects(function, arg)
    return c_function("PyObject_CallOneArg", Gives.OBJECT, [pyobject, pyobject], lambda f, a: f(a))


@intrinsic
def call_object(function, args):
    """`function(*args)`, of a Python object and a tuple."""
    require_objects(function, args)
    params = [pyobject, pyobject]
    return c_function("PyObject_CallObject", Gives.OBJECT, params, lambda f, a: f(*a))


@intrinsic
def known_class(ty):
    """A class that is a constant of compiled code."""
    cls = getattr(ty.dtype, "pyobj", None) if isinstance(ty, DType) else None
    if not isinstance(cls, type):
        refuse(f"{ty} is no class")
    return _class_primitive(ty, cls)


def _class_primitive(ty: Type, cls: type) -> Primitive:
    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg, args
        return own(objects, objects.symbol(class_symbol(cls)))

    return emit("class", pyobject(ty), body, lambda _: cls)


@intrinsic
def builtin_class(name):
    """The class that `name`, a key of `CLASSES`, stands for."""
    symbol = _name(name)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg, args
        return own(objects, objects.symbol(symbol))

    return emit(symbol, pyobject(name), body, lambda _: CLASSES[symbol])


def _name(ty: Type) -> str:
    if not isinstance(ty, Literal) or not isinstance(ty.value, str):
        refuse(f"{ty} is not a name known while compiling")
    return ty.value


@intrinsic
def object_attribute(obj, name):
    """`obj.name` of a Python object."""
    require_objects(obj)
    text = _name(name)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            ll_name = objects.symbol(f"pellucid.name.{text}")
            found = objects.call("PyObject_GetAttr", POINTER, args[0], ll_name)
        cg.leave_by_python_error(cg.builder.icmp_unsigned("==", found, NULL))
        return found

    def run(value: Any, _: str) -> Any:
        return getattr(value, text)

    effects = Effects.RAISES | Effects.READS | Effects.WRITES | Effects.IO
    return Primitive("getattr", pyobject(pyobject, name), lower, run, effects)


@intrinsic
def has_attribute(obj, name):
    """`hasattr(obj, name)` of a Python object."""
    require_objects(obj)
    text = _name(name)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        ll_name = objects.symbol(f"pellucid.name.{text}")
        found = objects.call("PyObject_HasAttr", ll.IntType(32), args[0], ll_name)
        return cg.builder.icmp_signed("!=", found, found.type(0))

    def run(value: Any, _: str) -> bool:
        return hasattr(value, text)

    return emit(f"has .{text}", boolean(pyobject, name), body, run)


@intrinsic
def assign_attribute(obj, name, value):
    """`obj.name = value` as a plain object does it, whatever its class says of assignments."""
    require_objects(obj, value)
    text = _name(name)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            ll_name = objects.symbol(f"pellucid.name.{text}")
            ll_args = [args[0], ll_name, args[2]]
            status = objects.call("PyObject_GenericSetAttr", ll.IntType(32), *ll_args)
        cg.leave_by_python_error(cg.builder.icmp_signed("<", status, status.type(0)))
        return cg.zero(none)

    def run(target: Any, _: str, held: Any) -> None:
        object.__setattr__(target, text, held)

    effects = Effects.RAISES | Effects.WRITES | Effects.IO
    return Primitive(f".{text}=", none(pyobject, name, pyobject), lower, run, effects)
