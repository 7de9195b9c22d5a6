"""What dataclass instances can do: fields assigned, compared, hashed, operators of their own."""

from __future__ import annotations

import dataclasses
import operator
import types as pytypes
from collections.abc import Callable, Sequence
from typing import Any

from pellucid.inference.overloads import Constant, Overload, bind, intrinsic, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.library.builtins import heap
from pellucid.library.builtins.heap import is_same_object
from pellucid.library.containers.key_hashes import key_hash
from pellucid.library.records.data_objects import dataclass_type
from pellucid.types import DataClass, Literal, Tuple, Type
from pellucid.types.convert import can_convert

_GENERATED = "<string>"
"""The file that functions are said to be from which `dataclass` made."""


@overload(setattr)
def setattr_(obj, name, value):
    """`obj.name = value`; the field keeps its type."""
    ty = dataclass_type(obj)
    if not isinstance(name, Literal) or name.value not in ty.names:
        refuse(f"{ty.cls.path} has no field {name}")
    if ty.is_frozen:
        refuse(f"cannot assign to field {name.value!r} of a frozen dataclass")
    field_ty = ty.field_type(str(name.value))
    bind(value.base, field_ty)
    if not can_convert(value, field_ty):
        refuse(f"`{name.value}` is a {field_ty}, which a {value.base} is not")
    return heap.put.template(obj, name, value)


@overload(dataclasses.is_dataclass)
def is_dataclass(obj):
    """Whether `obj` is an instance of a dataclass, decided while compiling."""
    return Constant(isinstance(obj.base, DataClass))


# ---- comparing ------------------------------------------------------------------------------


@intrinsic
def compared(obj):
    """The tuple of the fields that are compared."""
    ty = dataclass_type(obj)
    names = [f.name for f in dataclasses.fields(ty.pyclass) if f.compare]
    made = Tuple(tuple(ty.field_type(name) for name in names))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        fields = [cg.load_field(ty, args[0], name) for name in names]
        value = cg.make_tuple(made, fields)
        cg.retain(made, value)
        return value

    def run(value: Any) -> Any:
        return tuple(value.fields[name] for name in names)

    return Primitive("fields", made(ty), lower, run, Effects.READS)


def own_method(ty: Type, name: str) -> Any:
    """The method of a name that a dataclass defines itself; None if it has the decorator's."""
    found = getattr(ty.pyclass, name, None) if isinstance(ty, DataClass) else None
    found = getattr(found, "py_func", found)
    if not isinstance(found, pytypes.FunctionType):
        return None
    return None if found.__code__.co_filename == _GENERATED else found


def _same_class(a: Type, b: Type) -> bool:
    if not isinstance(a, DataClass) and not isinstance(b, DataClass):
        refuse(f"neither {a.base} nor {b.base} is a dataclass instance")
    return isinstance(a, DataClass) and isinstance(b, DataClass) and a.cls == b.cls


def _equality(function: Callable[..., Any], *, equal: bool) -> Overload:
    @overload(function)
    def compare(a, b):
        is_same = _same_class(a, b)
        method = own_method(a, "__eq__")
        if method is not None:
            return _call_equal(method, equal=equal)
        if not is_same:
            return Constant(not equal)
        if not dataclass_type(a).pyclass.__dataclass_params__.eq:
            return _is_same if equal else _is_other
        return _is_equal if equal else _is_unequal

    compare.template.__doc__ = "Whether all fields are equal."
    return compare


def _call_equal(method: Any, *, equal: bool) -> Callable[..., Any]:
    def same(a, b):
        return bool(method(a, b))

    def differs(a, b):
        return not method(a, b)

    return same if equal else differs


def _is_equal(a, b):
    return compared(a) == compared(b)


def _is_unequal(a, b):
    return compared(a) != compared(b)


def _is_same(a, b):
    return is_same_object(a, b)


def _is_other(a, b):
    return not is_same_object(a, b)


eq, ne = _equality(operator.eq, equal=True), _equality(operator.ne, equal=False)


def _identity(function: Callable[..., Any], *, same: bool) -> Overload:
    @overload(function)
    def compare(a, b):
        if not _same_class(a, b):
            return Constant(not same)
        return _is_same if same else _is_other

    compare.template.__doc__ = "Whether two names are of one instance."
    return compare


is_, is_not = _identity(operator.is_, same=True), _identity(operator.is_not, same=False)


def _order(function: Callable[..., Any], impl: Callable[..., Any]) -> Overload:
    @overload(function)
    def compare(a, b):
        is_same = _same_class(a, b)
        method = own_method(a, f"__{function.__name__}__")
        if method is not None:
            return _call(method)
        if not is_same or not dataclass_type(a).pyclass.__dataclass_params__.order:
            refuse(f"{a.base} and {b.base} have no order")
        return impl

    compare.template.__doc__ = "Compares field by field, where the class has an order."
    return compare


def _lt(a, b):
    return compared(a) < compared(b)


def _le(a, b):
    return compared(a) <= compared(b)


def _gt(a, b):
    return compared(a) > compared(b)


def _ge(a, b):
    return compared(a) >= compared(b)


lt, le = _order(operator.lt, _lt), _order(operator.le, _le)
gt, ge = _order(operator.gt, _gt), _order(operator.ge, _ge)


def _call(method: Any) -> Callable[..., Any]:
    def call(a, b):
        return method(a, b)

    return call


# ---- hashing --------------------------------------------------------------------------------


def _hashable(ty: Type) -> None:
    if dataclass_type(ty).pyclass.__hash__ is None:
        refuse(f"unhashable type: {ty.base}")


@overload(key_hash)
def hash_of_key(key):
    """Of an instance of a frozen dataclass."""
    _hashable(key)
    return _key_hash


def _key_hash(key):
    return key_hash(compared(key))


@overload(hash)
def hash_(obj):
    """`hash(obj)`: that of the tuple of the fields."""
    _hashable(obj)
    method = own_method(obj, "__hash__")
    if method is None:
        return _hash

    def call(obj):
        return method(obj)

    return call


def _hash(obj):
    return hash(compared(obj))


# ---- operators that a class defines ---------------------------------------------------------


def _binary(name: str) -> Overload:
    @overload(getattr(operator, name))
    def operate(a, b):
        plain = name.rstrip("_")
        method = own_method(a, f"__{plain}__")
        if method is not None:
            return _call(method)
        method = own_method(b, f"__r{plain}__")
        if method is None:
            refuse(f"neither {a.base} nor {b.base} has an operator for this")

        def reflected(a, b):
            return method(b, a)

        return reflected

    operate.template.__doc__ = "What the class defines."
    return operate


add, sub, mul = _binary("add"), _binary("sub"), _binary("mul")
truediv, floordiv, mod = _binary("truediv"), _binary("floordiv"), _binary("mod")
power, matmul = _binary("pow"), _binary("matmul")
and_, or_, xor = _binary("and_"), _binary("or_"), _binary("xor")
getitem, contains = _binary("getitem"), _binary("contains")


def _in_place(name: str) -> Overload:
    @overload(getattr(operator, name))
    def operate(a, b):
        method = own_method(a, f"__{name}__") or own_method(a, f"__{name[1:]}__")
        if method is None:
            refuse(f"{a.base} has no operator for this")
        return _call(method)

    operate.template.__doc__ = "What the class defines."
    return operate


iadd, isub, imul = _in_place("iadd"), _in_place("isub"), _in_place("imul")
itruediv = _in_place("itruediv")


def _unary(function: Any, name: str) -> Overload:
    @overload(function)
    def operate(x):
        method = own_method(x, name)
        if method is None:
            refuse(f"{x.base} has no {name}")

        def call(x):
            return method(x)

        return call

    operate.template.__doc__ = "What the class defines."
    return operate


neg, pos = _unary(operator.neg, "__neg__"), _unary(operator.pos, "__pos__")
invert, absolute = _unary(operator.invert, "__invert__"), _unary(abs, "__abs__")
length = _unary(len, "__len__")


@overload(bool)
def truth(x):
    """What `__bool__` or `__len__` of the class says; else true."""
    dataclass_type(x)
    method = own_method(x, "__bool__") or own_method(x, "__len__")
    if method is None:
        return Constant(True)

    def call(x):
        return bool(method(x))

    return call
