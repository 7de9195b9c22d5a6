"""Questions about Python objects that run no Python code."""

from __future__ import annotations

from collections.abc import Sequence
from types import CellType
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import intrinsic, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.objects.calls import NULL, emit, require_objects
from pellucid.types import Literal, boolean, int64, pyobject

CLASSES: dict[str, type] = {
    "PyBool_Type": bool,
    "PyByteArray_Type": bytearray,
    "PyBytes_Type": bytes,
    "PyCell_Type": CellType,
    "PyComplex_Type": complex,
    "PyDict_Type": dict,
    "PyFloat_Type": float,
    "PyFrozenSet_Type": frozenset,
    "PyList_Type": list,
    "PyLong_Type": int,
    "PySet_Type": set,
    "PyTuple_Type": tuple,
    "PyUnicode_Type": str,
}
"""The classes that Python's C API exports, by the symbols that stand for them."""


@intrinsic
def is_exact(obj, name):
    """Whether an object's class is exactly the one that `name`, a key of `CLASSES`, stands for."""
    require_objects(obj)
    if not isinstance(name, Literal) or str(name.value) not in CLASSES:
        refuse(f"{name} is not the name of a class")
    symbol = str(name.value)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg
        return objects.is_same(objects.type_of(args[0]), objects.symbol(symbol))

    def run(value: Any, _: str) -> bool:
        return type(value) is CLASSES[symbol]

    return emit("is_exact", boolean(pyobject, name), body, run)


@intrinsic
def is_same(a, b):
    """`a is b` of two objects."""
    require_objects(a, b)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.icmp_unsigned("==", *args)

    return Primitive("is_same", boolean(pyobject, pyobject), lower, lambda p, q: p is q)


@intrinsic
def identity(obj):
    """`id(obj)`."""
    require_objects(obj)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.ptrtoint(args[0], ll.IntType(64))

    return Primitive("identity", int64(pyobject), lower, id)


@intrinsic
def is_none_object(obj):
    """Whether an object is None."""
    require_objects(obj)

    def body(cg: Any, objects: Objects, args: Sequence[Any]) -> Any:
        del cg
        return objects.is_same(args[0], objects.symbol("_Py_NoneStruct"))

    return emit("is_none", boolean(pyobject), body, lambda value: value is None, Effects.PURE)


@intrinsic
def null_object():
    """No object: what a field holds that was never set."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        del cg, args
        return ll.Constant(NULL.type, None)

    return Primitive("null_object", pyobject(), lower, lambda: None)


@intrinsic
def is_null_object(obj):
    """Whether a field that holds an object was never set."""
    require_objects(obj)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.icmp_unsigned("==", args[0], NULL)

    return Primitive("is_null_object", boolean(pyobject), lower, lambda value: value is None)
