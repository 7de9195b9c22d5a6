"""Blocks for the interpreter: `with objmode(...)`.

Inputs are boxed, Python runs the block with the interpreter lock, and what it set is unboxed as
the types that it was listed with. Lists, dicts, sets and instances among the inputs take on what
the block did to them. Numbers convert as Python's own `int`, `float` and `complex` do; anything
else must be of the type.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.inference.overloads import Intrinsic, intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import box, read_back, run_block, run_function, unbox
from pellucid.library.objects.calls import Gives, c_function, emit, own, require_objects
from pellucid.library.objects.checks import is_exact, is_none_object
from pellucid.library.objects.classes import call_object
from pellucid.library.objects.containers import tuple_get, tuple_size
from pellucid.library.objects.conversion import marked, may_change, read_as, zero
from pellucid.types import (
    Array,
    Boolean,
    BoundMethod,
    Complex,
    Float,
    Generator,
    Integer,
    NoneType,
    ObjectBlock,
    Optional,
    Struct,
    Tuple,
    Type,
    complex128,
    float64,
    int64,
    pyobject,
)


@overload(run_block)
def run(block, inputs):
    """Run a block with the values that it reads; the values that it sets."""
    if not isinstance(block, ObjectBlock) or not isinstance(inputs, Tuple):
        refuse(f"{block} is not a block for the interpreter")
    for name, ty in zip(block.pyobj.inputs, inputs.elems, strict=True):
        _check_input(name, ty)
    wanted = Tuple(tuple(ty for _, ty in block.pyobj.outputs))
    if not may_change(inputs):

        def impl(block, inputs):
            return from_object(call_object(function_of(block), box(inputs)), wanted)

        return impl

    def impl_reading(block, inputs):
        given = box(inputs)
        try:
            made = call_object(function_of(block), given)
        finally:
            read_back(given, inputs)
        return from_object(made, wanted)

    return impl_reading


@overload(run_function)
def run_whole(block, inputs):
    """Run a function of object mode with its arguments."""
    if not isinstance(block, ObjectBlock) or not isinstance(inputs, Tuple):
        refuse(f"{block} is not a function for the interpreter")

    def impl(block, inputs):
        return call_object(function_of(block), box(inputs))

    return impl


def _check_input(name: str, ty: Type) -> None:
    match ty:
        case Generator() | BoundMethod() | Struct():
            refuse(f"`{name}` is a {ty.base}, for which Python has no object")
        case Tuple():
            for elem in ty.elems:
                _check_input(name, elem)
        case Optional():
            _check_input(name, ty.value_ty)
        case _:
            return


@intrinsic
def function_of(block):
    """The Python function of a block."""
    function = block.pyobj.function

    def body(cg: Any, objects: Any, args: Sequence[Any]) -> Any:
        del args
        return own(objects, cg.module.python_object(function))

    return emit("function_of", pyobject(block), body, lambda _: function)


# -- what comes back --------------------------------------------------------------------------


def _from_object(obj, ty):
    """The value of an object that a block made, as a type."""
    require_objects(obj)
    match marked(ty):
        case NoneType():
            return _as_none
        case Boolean():
            return _as_bool
        case Integer():
            return _as_integer
        case Float():
            return _as_float
        case Complex():
            return _as_complex
        case Array():
            return _as_array
        case Tuple() as wanted:
            return _tuple_from_object(wanted)
        case Optional() as wanted:
            return _optional_from_object(wanted)
        case _:
            return _as_itself


from_object = Intrinsic("pellucid.library.from_object", _from_object)


def _as_none(obj, ty):
    if not is_none_object(obj):
        raise TypeError("an objmode block set a value where None was listed")


def _as_bool(obj, ty):
    return object_truth(obj)


def _as_integer(obj, ty):
    ok, value = read_as(obj, int64)
    if not ok:
        ok, value = read_as(object_int(obj), int64)
        if not ok:
            ok, large = unbox(object_int(obj), ty)
            if ok:
                return large
            raise OverflowError("Python int too large to convert to a compiled integer")
    return ty(value)


def _as_float(obj, ty):
    ok, value = read_as(obj, float64)
    if not ok:
        ok, value = read_as(object_float(obj), float64)
    return ty(value)


def _as_complex(obj, ty):
    ok, value = unbox(obj, complex128)
    if not ok:
        ok, value = unbox(object_complex(obj), complex128)
    return ty(value)


def _as_array(obj, ty):
    ok, value = read_as(obj, ty)
    if not ok:
        raise TypeError("an objmode block set an array of another dtype, rank or layout")
    return value


def _as_itself(obj, ty):
    ok, value = unbox(obj, ty)
    if not ok:
        raise TypeError("an objmode block set a value of another type than it was listed with")
    return value


def _tuple_from_object(wanted: Tuple) -> Any:
    count = len(wanted.elems)

    def impl(obj, ty):
        if not is_exact(obj, "PyTuple_Type") or tuple_size(obj) != count:
            raise TypeError("an objmode block set something else than the tuple that was listed")
        return items_from_object(obj, ty, 0)

    return impl


def _items_from_object(obj, ty, at):
    elems = marked(ty).elems[at.value :]
    if not elems:
        return _no_items
    first_ty = elems[0]

    def impl(obj, ty, at):
        first = from_object(tuple_get(obj, at), first_ty)
        return (first, *items_from_object(obj, ty, at + 1))

    return impl


def _no_items(obj, ty, at):
    return ()


items_from_object = Intrinsic(
    "pellucid.library.items_from_object", _items_from_object, frozenset({"at"})
)


def _optional_from_object(wanted: Optional) -> Any:
    inner = wanted.value_ty

    def impl(obj, ty):
        if is_none_object(obj):
            return zero(ty)
        return from_object(obj, inner)

    return impl


@intrinsic
def object_truth(obj):
    """`bool(obj)`."""
    require_objects(obj)
    return c_function("PyObject_IsTrue", Gives.TRUTH, [pyobject], bool)


@intrinsic
def object_int(obj):
    """`int(obj)`."""
    require_objects(obj)
    return c_function("PyNumber_Long", Gives.OBJECT, [pyobject], int)


@intrinsic
def object_float(obj):
    """`float(obj)`."""
    require_objects(obj)
    return c_function("PyNumber_Float", Gives.OBJECT, [pyobject], float)


@intrinsic
def object_complex(obj):
    """`complex(obj)`."""
    require_objects(obj)
    called = c_function("PyObject_CallOneArg", Gives.OBJECT, [pyobject, pyobject], complex)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return called.lower(cg, [cg.module.symbol("PyComplex_Type"), *args])

    effects = called.effects | Effects.ALLOCATES
    return Primitive("object_complex", pyobject(pyobject), lower, complex, effects)
