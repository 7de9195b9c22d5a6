"""What Python does with objects: operators, comparisons, truth, attributes and items.

These overloads are asked where an argument is a Python object (`inference/python_calls.py`). The
other arguments become objects on the way, as values do wherever an object is wanted. The result is
an object, but where Python has no choice: `not x`, `x in y` and `x is y` are bools.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import Overload, object_key, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.library.objects.calls import CALLS_PYTHON, NULL, POINTER, Gives, c_function
from pellucid.library.objects.classes import object_attribute
from pellucid.library.objects.texts import text_of
from pellucid.types import (
    HeapType,
    List,
    Literal,
    PyObject,
    Type,
    UnicodeType,
    boolean,
    none,
    pyobject,
)

_TWO = (pyobject, pyobject)


def _of_objects(function: Callable[..., Any]) -> Callable[[Any], Overload]:
    return overload(object_key(f"{_module(function)}.{function.__name__}"))


def _module(function: Callable[..., Any]) -> str:
    return (function.__module__ or "").removeprefix("_")


def _refuse_container(ty: Type, what: str) -> None:
    """A container of compiled code is copied for Python, so that changes would be lost."""
    if isinstance(ty, HeapType):
        refuse(f"{what} of a {ty} is done by compiled code, which needs values of its types")


# ---- operators ------------------------------------------------------------------------------


def _binary(c_name: str, function: Callable[..., Any]) -> Overload:
    call = c_function(c_name, Gives.OBJECT, _TWO, function)

    def template(a, b):
        """The operator as Python's objects define it."""
        return call

    return _of_objects(function)(template)


def _in_place(c_name: str, function: Callable[..., Any]) -> Overload:
    call = c_function(c_name, Gives.OBJECT, _TWO, function)

    def template(a, b):
        """The operator as Python's objects define it."""
        _refuse_container(a, "an in-place operator")
        return call

    return _of_objects(function)(template)


add = _binary("PyNumber_Add", operator.add)
sub = _binary("PyNumber_Subtract", operator.sub)
mul = _binary("PyNumber_Multiply", operator.mul)
matmul = _binary("PyNumber_MatrixMultiply", operator.matmul)
truediv = _binary("PyNumber_TrueDivide", operator.truediv)
floordiv = _binary("PyNumber_FloorDivide", operator.floordiv)
mod = _binary("PyNumber_Remainder", operator.mod)
divmod_ = _binary("PyNumber_Divmod", divmod)
lshift = _binary("PyNumber_Lshift", operator.lshift)
rshift = _binary("PyNumber_Rshift", operator.rshift)
and_ = _binary("PyNumber_And", operator.and_)
or_ = _binary("PyNumber_Or", operator.or_)
xor = _binary("PyNumber_Xor", operator.xor)

iadd = _in_place("PyNumber_InPlaceAdd", operator.iadd)
isub = _in_place("PyNumber_InPlaceSubtract", operator.isub)
imul = _in_place("PyNumber_InPlaceMultiply", operator.imul)
imatmul = _in_place("PyNumber_InPlaceMatrixMultiply", operator.imatmul)
itruediv = _in_place("PyNumber_InPlaceTrueDivide", operator.itruediv)
ifloordiv = _in_place("PyNumber_InPlaceFloorDivide", operator.ifloordiv)
imod = _in_place("PyNumber_InPlaceRemainder", operator.imod)
ilshift = _in_place("PyNumber_InPlaceLshift", operator.ilshift)
irshift = _in_place("PyNumber_InPlaceRshift", operator.irshift)
iand = _in_place("PyNumber_InPlaceAnd", operator.iand)
ior = _in_place("PyNumber_InPlaceOr", operator.ior)
ixor = _in_place("PyNumber_InPlaceXor", operator.ixor)


def _power(c_name: str, function: Callable[..., Any]) -> Primitive:
    """A power, which Python's C API takes with a modulus: None."""
    three = c_function(c_name, Gives.OBJECT, (*_TWO, pyobject), function)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return three.lower(cg, [*args, cg.module.symbol("_Py_NoneStruct")])

    return Primitive(c_name, pyobject(*_TWO), lower, function, CALLS_PYTHON)


_POWER = _power("PyNumber_Power", operator.pow)
_POWER_IN_PLACE = _power("PyNumber_InPlacePower", operator.ipow)


@_of_objects(operator.pow)
def pow_(a, b):
    """`a ** b`."""
    return _POWER


@_of_objects(operator.ipow)
def ipow(a, b):
    """`a **= b`."""
    _refuse_container(a, "an in-place operator")
    return _POWER_IN_PLACE


def _unary(c_name: str, function: Callable[..., Any]) -> Overload:
    call = c_function(c_name, Gives.OBJECT, [pyobject], function)

    def template(a):
        """The operator as Python's objects define it."""
        return call

    return _of_objects(function)(template)


neg = _unary("PyNumber_Negative", operator.neg)
pos = _unary("PyNumber_Positive", operator.pos)
invert = _unary("PyNumber_Invert", operator.invert)
abs_ = _unary("PyNumber_Absolute", abs)


# ---- comparisons and truth ------------------------------------------------------------------


def _comparison(number: int, function: Callable[..., Any]) -> Overload:
    """`number` is that of the operator in Python's C API."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return three.lower(cg, [*args, ll.Constant(ll.IntType(32), number)])

    three = c_function("PyObject_RichCompare", Gives.OBJECT, _TWO, function)
    name = f"compare_{function.__name__}"
    call = Primitive(name, pyobject(*_TWO), lower, function, CALLS_PYTHON)

    def template(a, b):
        """The comparison as Python's objects define it."""
        return call

    return _of_objects(function)(template)


lt = _comparison(0, operator.lt)
le = _comparison(1, operator.le)
eq = _comparison(2, operator.eq)
ne = _comparison(3, operator.ne)
gt = _comparison(4, operator.gt)
ge = _comparison(5, operator.ge)

_TRUTH = c_function("PyObject_IsTrue", Gives.TRUTH, [pyobject], bool)
_NOT = c_function("PyObject_Not", Gives.TRUTH, [pyobject], operator.not_)
_CONTAINS = c_function("PySequence_Contains", Gives.TRUTH, _TWO, operator.contains)


@_of_objects(bool)
def bool_(x=False):
    """Whether an object is true."""
    return _TRUTH


@_of_objects(operator.not_)
def not_(a):
    """Whether an object is not true."""
    return _NOT


@_of_objects(operator.contains)
def contains(a, b):
    """Whether an object is in another: `b in a`."""
    return _CONTAINS


def _identity(function: Callable[..., Any], predicate: str) -> Overload:
    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return cg.builder.icmp_unsigned(predicate, *args)

    call = Primitive(function.__name__, boolean(*_TWO), lower, function)

    def template(a, b):
        """Whether two objects are one."""
        return call

    return _of_objects(function)(template)


is_ = _identity(operator.is_, "==")
is_not = _identity(operator.is_not, "!=")


# ---- items ----------------------------------------------------------------------------------

_GET_ITEM = c_function("PyObject_GetItem", Gives.OBJECT, _TWO, operator.getitem)
_SET_ITEM = c_function("PyObject_SetItem", Gives.STATUS, [pyobject] * 3, operator.setitem)
_DELETE_ITEM = c_function("PyObject_DelItem", Gives.STATUS, _TWO, operator.delitem)
_INDEX = c_function("PyNumber_Index", Gives.OBJECT, [pyobject], operator.index)


@_of_objects(operator.index)
def index(a):
    """An object as an index."""
    return _INDEX


def _require_index(a: Type, b: Type) -> None:
    """Refuse what a container of compiled code cannot be asked with an object."""
    if not isinstance(b, PyObject):
        refuse(f"a {a} holds values of its type: convert the object first, as int(x) does")
    if not isinstance(a, List):
        refuse(f"a key of a {a} is a value: convert the object first, as int(x) does")


@_of_objects(operator.getitem)
def getitem(a, b):
    """`a[b]`."""
    if not isinstance(a, HeapType):
        return _GET_ITEM
    _require_index(a, b)
    return _get_from_list


def _get_from_list(a, b):
    return a[list_index(b)]


def list_index(obj):
    """An object as the index of a list."""
    if not hasattr(obj, "__index__"):
        name = text_of(type(obj).__name__)
        raise TypeError("list indices must be integers or slices, not " + name)
    return int(operator.index(obj))


@_of_objects(operator.setitem)
def setitem(a, b, c):
    """`a[b] = c`."""
    if not isinstance(a, HeapType):
        return _SET_ITEM
    _require_index(a, b)
    return _set_in_list


def _set_in_list(a, b, c):
    a[list_index(b)] = c


@_of_objects(operator.delitem)
def delitem(a, b):
    """`del a[b]`."""
    if not isinstance(a, HeapType):
        return _DELETE_ITEM
    _require_index(a, b)
    return _delete_from_list


def _delete_from_list(a, b):
    del a[list_index(b)]


# ---- attributes -----------------------------------------------------------------------------

_GET_ATTRIBUTE = c_function("PyObject_GetAttr", Gives.OBJECT, _TWO, getattr)
_SET_ATTRIBUTE = c_function("PyObject_SetAttr", Gives.STATUS, [pyobject] * 3, setattr)


def _known_name(ty: Type) -> str | None:
    """The name of an attribute, if it is known while compiling."""
    if isinstance(ty, Literal) and isinstance(ty.value, str):
        return ty.value
    if not isinstance(ty, (UnicodeType, PyObject)):
        refuse(f"the name of an attribute is a text, not a {ty.base}")
    return None


def _require_object(ty: Type) -> None:
    if not isinstance(ty, PyObject):
        refuse(f"{ty.base} is not a Python object")


@_of_objects(getattr)
def getattr_(obj, name):
    """`obj.name`."""
    _require_object(obj)
    return _GET_ATTRIBUTE if _known_name(name) is None else object_attribute.template(obj, name)


@_of_objects(setattr)
def setattr_(obj, name, value):
    """`obj.name = value`."""
    _require_object(obj)
    text = _known_name(name)
    if text is None:
        return _SET_ATTRIBUTE

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_name = cg.module.symbol(f"pellucid.name.{text}")
        return _SET_ATTRIBUTE.lower(cg, [args[0], ll_name, args[2]])

    def run(target: Any, _: str, held: Any) -> None:
        setattr(target, str(text), held)

    return Primitive("setattr", none(pyobject, name, pyobject), lower, run, CALLS_PYTHON)


@_of_objects(delattr)
def delattr_(obj, name):
    """`del obj.name`."""
    _require_object(obj)
    if _known_name(name) is None:
        return _DELETE_ATTRIBUTE
    text = _known_name(name)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_name = cg.module.symbol(f"pellucid.name.{text}")
        return _DELETE_ATTRIBUTE.lower(cg, [args[0], ll_name])

    def run(target: Any, _: str) -> None:
        delattr(target, str(text))

    return Primitive("delattr", none(pyobject, name), lower, run, CALLS_PYTHON)


def _lower_delete(cg: Any, args: Sequence[Any]) -> Any:
    return _SET_ATTRIBUTE.lower(cg, [*args, NULL])


_DELETE_ATTRIBUTE = Primitive("delattr", none(*_TWO), _lower_delete, delattr, CALLS_PYTHON)


@_of_objects(hasattr)
def hasattr_(obj, name):
    """Whether an object has an attribute; an error other than AttributeError comes out."""
    _require_object(obj)
    _known_name(name)
    return _HAS_ATTRIBUTE


def _lower_has(cg: Any, args: Sequence[Any]) -> Any:
    """1 or 0: what is not found leaves AttributeError behind, which is taken away."""
    builder, ll_i32 = cg.builder, ll.IntType(32)
    with cg.python():
        objects = Objects(cg.module, builder)
        ll_found = objects.call("PyObject_GetAttr", POINTER, *args)
        objects.call("Py_DecRef", ll.VoidType(), ll_found)
        ll_missing = builder.icmp_unsigned("==", ll_found, NULL)
        state = cg.alloca(ll_i32)
        builder.store(ll.Constant(ll_i32, 1), state)
        with builder.if_then(ll_missing, likely=False):
            ll_class = builder.load(objects.symbol("PyExc_AttributeError"), typ=POINTER)
            ll_matches = objects.call("PyErr_ExceptionMatches", ll_i32, ll_class)
            ll_is_other = builder.icmp_signed("==", ll_matches, ll.Constant(ll_i32, 0))
            ll_minus, ll_zero = ll.Constant(ll_i32, -1), ll.Constant(ll_i32, 0)
            builder.store(builder.select(ll_is_other, ll_minus, ll_zero), state)
            with builder.if_then(builder.not_(ll_is_other)):
                objects.call("PyErr_Clear", ll.VoidType())
    ll_state = builder.load(state, typ=ll_i32)
    cg.leave_by_python_error(builder.icmp_signed("<", ll_state, ll.Constant(ll_i32, 0)))
    return builder.icmp_signed(">", ll_state, ll.Constant(ll_i32, 0))


_HAS_ATTRIBUTE = Primitive("hasattr", boolean(*_TWO), _lower_has, hasattr, CALLS_PYTHON)
