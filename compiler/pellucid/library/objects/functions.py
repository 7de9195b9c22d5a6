"""Functions of which only the signature is known, across the boundary.

An object has code for a signature if it was compiled for it, or stands for a C function
(`runtime/native.py`). The value holds the object, and goes out as that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen import first_class
from pellucid.codegen.models import block
from pellucid.codegen.names import FIND_FUNCTION, HOLD_OBJECT
from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import box, unbox
from pellucid.library.objects.calls import CALLS_PYTHON, NULL, POINTER, drop, own, require_objects
from pellucid.library.objects.checks import is_none_object
from pellucid.library.objects.conversion import marked
from pellucid.types import FunctionType, Tuple, Type, boolean, none, pyobject

_I64 = ll.IntType(64)


@overload(unbox)
def unbox_function(obj, ty):
    """A function that has code for the signature."""
    require_objects(obj)
    if not isinstance(marked(ty), FunctionType):
        refuse(f"{marked(ty)} is no function type")

    def impl(obj, ty):
        return find_function(obj, ty)

    return impl


@intrinsic
def find_function(obj, ty):
    """(whether an object is a function with the signature of `ty`, that function)."""
    require_objects(obj)
    wanted = marked(ty)
    ret = Tuple((boolean, wanted))
    is_c = _has_c_form(wanted)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        pair = builder.bitcast(cg.alloca(_I64, 2), POINTER)
        with cg.python():
            objects = Objects(cg.module, builder)
            text = cg.module.string(str(wanted.signature))
            told = objects.call(FIND_FUNCTION, POINTER, args[0], text, pair)
            is_found = builder.icmp_unsigned("!=", told, NULL)
            drop(objects, told)
        cg.leave_by_python_error(builder.not_(is_found))
        code, data = (builder.load(cg.offset(pair, at), typ=POINTER, align=8) for at in (0, 8))
        has_code = builder.icmp_unsigned("!=", code, NULL)
        ok = builder.or_(has_code, builder.icmp_unsigned("!=", data, NULL))
        if is_c:
            adapter = first_class.c_adapter(cg.module, wanted.signature)
            code = builder.select(has_code, code, builder.bitcast(adapter, POINTER))
        with cg.python():
            with builder.if_else(ok) as (then, otherwise):
                with then:
                    owner = Objects(cg.module, builder).call(HOLD_OBJECT, POINTER, args[0])
                    then_end = builder.block
                with otherwise:
                    otherwise_end = builder.block
            held = builder.phi(POINTER)
            held.add_incoming(owner, then_end)
            held.add_incoming(NULL, otherwise_end)
        made = cg.make(wanted, owner=held, code=code, data=data)
        return cg.make_tuple(ret, [ok, made])

    def run(value: Any, _: Any) -> tuple[bool, Any]:
        return callable(value), value

    return Primitive(f"find_function[{wanted}]", ret(pyobject, ty), lower, run, CALLS_PYTHON)


def _has_c_form(ty: FunctionType) -> bool:
    sig = ty.signature
    return all(map(first_class.is_c_type, sig.params)) and (
        sig.ret == none or first_class.is_c_type(sig.ret)
    )


@overload(box)
def box_function(function):
    """The object that it came from; one that was made in compiled code has none."""
    if not isinstance(function, FunctionType):
        refuse(f"{function} is no function with a signature")

    def impl(function):
        found = object_of(function)
        if is_none_object(found):
            raise TypeError("a function made in compiled code cannot be returned by its signature")
        return found

    return impl


@intrinsic
def object_of(function):
    """The object of a function, or None."""
    ty: Type = function

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        builder = cg.builder
        owner = cg.field(ty, args[0], "owner")
        with cg.python():
            objects = Objects(cg.module, builder)
            nothing = objects.symbol("_Py_NoneStruct")
            with builder.if_else(builder.icmp_unsigned("!=", owner, NULL)) as (some, nowhere):
                with some:
                    held = objects.field(owner, block.PYOBJ, POINTER, 8)
                    is_there = builder.icmp_unsigned("!=", held, NULL)
                    there = builder.select(is_there, held, nothing)
                    some_end = builder.block
                with nowhere:
                    none_end = builder.block
            found = builder.phi(POINTER)
            found.add_incoming(there, some_end)
            found.add_incoming(nothing, none_end)
            return own(objects, found)

    return Primitive("object_of", pyobject(function), lower, lambda value: value, Effects.READS)
