"""Calls by Python: of an object, or of what is known while compiling and becomes an object.

A container that is passed is the same object for Python from call to call, and takes on what the
call made of it (`ir.protocol.read_back`), also if it raised. What Python changes later, or in a
container that it was not given, compiled code does not see.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.names import SCALAR
from pellucid.codegen.objects import Objects
from pellucid.inference.closures import captured_value
from pellucid.inference.overloads import Intrinsic, Overload, intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import (
    box,
    call_python,
    call_spread,
    read_back,
    union_get,
    union_is,
)
from pellucid.library.builtins.heap import get
from pellucid.library.builtins.promotion import literal_value
from pellucid.library.builtins.structs import field
from pellucid.library.objects.calls import (
    CALLS_PYTHON,
    NULL,
    POINTER,
    Gives,
    c_function,
    emit,
    own,
    require_objects,
)
from pellucid.library.objects.conversion import may_change
from pellucid.library.text.pieces import as_tuple
from pellucid.runtime.functions import FunctionMaker
from pellucid.types import (
    Closure,
    DType,
    HeapType,
    List,
    PyObjectType,
    Type,
    Union,
    dtype_of,
    pyobject,
)

_I64 = ll.IntType(64)
_HAS_ROOM = 1 << 63  # PY_VECTORCALL_ARGUMENTS_OFFSET: there is a place before the arguments


@overload(call_python)
def call_python_(function, *args, **kwargs):
    """Have Python call an object."""
    values = [*args, *kwargs.values()]
    pieces = [_boxed_argument(i) for i in range(len(args))]
    pieces += [_boxed_keyword(name) for name in kwargs]
    objects = as_tuple(pieces)
    call: Any = _vectorcall(tuple(kwargs))
    if not any(map(may_change, values)):

        def impl(function, *args, **kwargs):
            return call(box(function), objects((args, kwargs)))

        return impl
    reads = [_read_argument(i) for i, ty in enumerate(args) if may_change(ty)]
    reads += [
        _read_keyword(name, len(args) + i)
        for i, (name, ty) in enumerate(kwargs.items())
        if may_change(ty)
    ]
    read_all = as_tuple(reads)

    def impl_reading(function, *args, **kwargs):
        made = objects((args, kwargs))
        try:
            result = call(box(function), made)
        finally:
            read_all((args, kwargs, made))
        return result

    return impl_reading


def _boxed_argument(index: int) -> Any:
    def piece(given):
        return box(given[0][index])

    return piece


def _boxed_keyword(name: str) -> Any:
    def piece(given):
        return box(field(given[1], name))

    return piece


def _read_argument(index: int) -> Any:
    def piece(given):
        read_back(given[2][index], given[0][index])

    return piece


def _read_keyword(name: str, index: int) -> Any:
    def piece(given):
        read_back(given[2][index], field(given[1], name))

    return piece


@cache
def _vectorcall(names: tuple[str, ...]) -> Intrinsic:
    """`function(*objects)`, of objects of which the last have these names."""

    def template(function, objects):
        require_objects(function, *objects.elems)
        total = len(objects.elems)
        positional = total - len(names)

        def lower(cg: Any, args: Sequence[Any]) -> Any:
            builder = cg.builder
            room = Objects(cg.module, builder).stack(total + 1)
            for index in range(total):
                place = cg.offset(room, 8 * (index + 1))
                builder.store(cg.element(objects, args[1], index), place, align=8)
            first = cg.offset(room, 8)
            ll_names = cg.module.python_object(_interned(names)) if names else NULL
            count = ll.Constant(_I64, positional | _HAS_ROOM)
            return call.lower(cg, [args[0], first, count, ll_names])

        def run(called: Any, given: tuple[Any, ...]) -> Any:
            return called(*given[:positional], **dict(zip(names, given[positional:], strict=True)))

        call = c_function("PyObject_Vectorcall", Gives.OBJECT, [], run)
        sig = pyobject(function, objects)
        return Primitive(f"vectorcall[{positional}]", sig, lower, run, CALLS_PYTHON)

    return Intrinsic(f"pellucid.library.vectorcall{names}", template)


@cache
def _interned(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names as the one tuple that code refers to."""
    return tuple(map(sys.intern, names))


@overload(call_spread)
def call_spread_(function, items, **kwargs):
    """Have Python call an object with the items of a list."""
    if not isinstance(items, List):
        refuse("the arguments are a list")
    pieces = [_boxed_keyword(name) for name in kwargs]
    objects = as_tuple(pieces)
    call: Any = _call_with_tuple(tuple(kwargs))

    def impl(function, items, **kwargs):
        return call(box(function), list_as_tuple(box(items)), objects((items, kwargs)))

    return impl


@intrinsic
def list_as_tuple(obj):
    """The items of a list of Python's as a tuple."""
    require_objects(obj)
    return c_function("PyList_AsTuple", Gives.OBJECT, [pyobject], tuple)


@cache
def _call_with_tuple(names: tuple[str, ...]) -> Overload:
    """`function(*args, **kwargs)`, of a tuple and of the values for `names`."""

    def template(function, args, values):
        require_objects(function, args, *values.elems)

        def lower(cg: Any, ll_args: Sequence[Any]) -> Any:
            builder = cg.builder
            ll_function, ll_tuple, ll_values = ll_args
            if not names:
                return plain.lower(cg, [ll_function, ll_tuple])
            ll_dict = new.lower(cg, [])
            for index, name in enumerate(names):
                ll_name = cg.module.symbol(f"pellucid.name.{name}")
                with cg.python():
                    ll_type = ll.FunctionType(ll.IntType(32), [POINTER] * 3)
                    put = cg.declare("PyDict_SetItem", ll_type)
                    builder.call(put, [ll_dict, ll_name, cg.element(values, ll_values, index)])
            with cg.python():
                ll_called = builder.call(
                    cg.declare("PyObject_Call", ll.FunctionType(POINTER, [POINTER] * 3)),
                    [ll_function, ll_tuple, ll_dict],
                )
                cg.release(pyobject, ll_dict)
            cg.leave_by_python_error(builder.icmp_unsigned("==", ll_called, NULL))
            return ll_called

        def run(called: Any, given: tuple[Any, ...], named: tuple[Any, ...]) -> Any:
            return called(*given, **dict(zip(names, named, strict=True)))

        plain = c_function("PyObject_CallObject", Gives.OBJECT, [], run)
        new = c_function("PyDict_New", Gives.OBJECT, [], dict)
        sig = pyobject(function, args, values)
        return Primitive("call_with_tuple", sig, lower, run, CALLS_PYTHON)

    return Intrinsic(f"pellucid.library.call_with_tuple{names}", template)


# -- functions as objects ---------------------------------------------------------------------


@overload(box)
def box_known(value):
    """A function, class or module that is known while compiling."""
    if not isinstance(value, PyObjectType) or isinstance(value.pyobj, Overload):
        refuse(f"a {value.base} is no object that is known")
    pyobj = value.pyobj

    def body(cg: Any, objects: Any, args: Sequence[Any]) -> Any:
        del args
        return own(objects, cg.module.python_object(pyobj))

    return emit("known_object", pyobject(value), body, lambda _: pyobj)


@intrinsic
def scalar_class(dtype):
    """NumPy's class of the scalars of a dtype."""
    if not isinstance(dtype, DType):
        refuse(f"{dtype} is not a dtype")
    numpy_dtype = dtype_of(dtype.dtype)

    def body(cg: Any, objects: Any, args: Sequence[Any]) -> Any:
        del cg, args
        return own(objects, objects.symbol(f"{SCALAR}.{numpy_dtype.name}"))

    return emit("scalar_class", pyobject(dtype), body, lambda _: numpy_dtype.type)


@overload(box)
def box_closure(value):
    """An inner function as Python would have made it; what it captured are objects too.

    Unlike in compiled code, it is run by the interpreter.
    """
    if not isinstance(value, Closure):
        refuse(f"a {value.base} is no inner function")
    if value.code.pycode is None:
        refuse(f"`{value.name}` has no Python code")
    captured = as_tuple([_boxed_capture(i) for i in range(len(value.captured))])

    def impl(value):
        return make_function(value, captured(value))

    return impl


def _boxed_capture(index: int) -> Any:
    read: Any = _capture(index)

    def piece(closure):
        return box(read(closure))

    return piece


def _capture(index: int) -> Intrinsic:
    """What a closure captured, by its number."""
    name = f"pellucid.library.captured{index}"
    return Intrinsic(name, lambda closure: captured_value(closure, index))


@overload(read_back)
def read_back_captured(obj, value):
    """What Python code made of what an inner function captured: that has its object."""
    require_objects(obj)
    if not isinstance(value, Closure):
        refuse(f"a {value.base} is no inner function")
    pieces = [_read_capture(i) for i, ty in enumerate(value.captured) if _has_origin(ty)]
    read_all = as_tuple(pieces)

    def impl(obj, value):
        read_all(value)

    return impl


def _has_origin(ty: Type) -> bool:
    return isinstance(ty, HeapType) and any(name == "origin" for name, _ in ty.fields)


def _read_capture(index: int) -> Any:
    read: Any = _capture(index)

    def piece(closure):
        captured = read(closure)
        read_back(get(captured, "origin"), captured)

    return piece


@intrinsic
def make_function(closure, captured):
    """The Python function of a closure, of what it captured as objects."""
    maker = FunctionMaker.of(closure)

    def make(*values: Any) -> Any:
        return maker(_Undecorated(), *values)

    call: Any = _vectorcall(()).template(pyobject, captured)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return call.lower(cg, [cg.module.python_object(make), args[1]])

    sig = pyobject(closure, captured)
    return Primitive("make_function", sig, lower, lambda _, values: make(*values), CALLS_PYTHON)


class _Undecorated:
    """Makes nothing but the function itself: it is for code that the interpreter runs."""

    def derive(self, pyfunc: Any, shared: Any) -> Any:
        """The function as it is."""
        del shared
        return pyfunc


@overload(box)
def box_union(value):
    """What a value of one of several types is."""
    if not isinstance(value, Union):
        refuse(f"a {value.base} is not of one of several types")

    def impl(value):
        return box_member(value, 0)

    return impl


def _box_member(value, at):
    index = literal_value(at)
    if index + 1 == len(value.members):
        return _last_member

    def impl(value, at):
        if union_is(value, at):
            return box(union_get(value, at))
        return box_member(value, at + 1)

    return impl


def _last_member(value, at):
    return box(union_get(value, at))


box_member = Intrinsic("pellucid.library.box_member", _box_member, frozenset({"at"}))
