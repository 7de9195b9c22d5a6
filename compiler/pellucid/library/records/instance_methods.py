"""What instances of users' classes can do: comparison, hashing, operators.

An operator is the method that the class defines for it. One that gives `NotImplemented` for these
types leaves it to the other operand's, as in Python; types decide that.
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Sequence
from typing import Any

from pellucid.inference.overloads import (
    Constant,
    Overload,
    intrinsic,
    overload,
    refuse,
)
from pellucid.ir.callee import Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.protocol import unwrap_optional
from pellucid.library.builtins.heap import is_same_object
from pellucid.library.containers.key_hashes import key_hash
from pellucid.library.records.data_objects import dataclass_type
from pellucid.library.records.instance_attributes import instance_of
from pellucid.types import (
    DataClass,
    Instance,
    NotImplementedType,
    Optional,
    Tuple,
    Type,
    int64,
)
from pellucid.types.instance import class_member, own_function
from pellucid.types.kinds import static


@overload(dataclasses.is_dataclass)
def is_dataclass(obj):
    """Whether `obj` is an instance of a dataclass, decided while compiling."""
    return Constant(isinstance(obj.base, DataClass))


# ---- methods that are operators -------------------------------------------------------------


@static
def is_not_implemented(value: Type) -> bool:
    """Whether a method leaves an operator to the other operand."""
    return isinstance(value, NotImplementedType)


def first_of(attempts: Sequence[Callable[..., Any]], last: Callable[..., Any]) -> Any:
    """What tries functions of two operands in turn, until one implements the operator."""
    rest = last
    for attempt in reversed(attempts):
        rest = _one_or(attempt, rest)
    return rest


def _one_or(attempt: Callable[..., Any], rest: Callable[..., Any]) -> Callable[..., Any]:
    def call(a, b):
        result = attempt(a, b)
        if is_not_implemented(result):
            return rest(a, b)
        return result

    return call


def _reflected(method: Callable[..., Any]) -> Callable[..., Any]:
    def call(a, b):
        return method(b, a)

    return call


def attempts_of(a: Type, b: Type, own: str, other: str) -> list[Callable[..., Any]]:
    """The methods that may implement an operator, in the order in which Python tries them."""
    found: list[Callable[..., Any]] = []
    left, right = own_function(a, own), own_function(b, other)
    if left is not None:
        found.append(left)
    if right is not None and not (a.base == b.base and own != other and left is not None):
        found.append(_reflected(right))
    is_derived = left is not None and right is not None and _derives(b, a)
    return found[::-1] if is_derived and right is not own_function(a, other) else found


def _derives(ty: Type, base: Type) -> bool:
    classes = [getattr(each.base, "pyclass", None) for each in (ty, base)]
    return None not in classes and classes[0] is not classes[1] and issubclass(*classes)


@overload("pellucid.library.refused_operator")
def refused_operator(a, b):
    """Where both operands have left it to the other."""
    refuse(f"the methods of {a.base} and {b.base} give NotImplemented")


def _refused(a, b):
    return refused_operator(a, b)


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


def _same_class(a: Type, b: Type) -> bool:
    if not isinstance(a, Instance) and not isinstance(b, Instance):
        refuse(f"neither {a.base} nor {b.base} is an instance of a user's class")
    return isinstance(a, Instance) and isinstance(b, Instance) and a.pyclass is b.pyclass


def _compares_fields(ty: Type) -> bool:
    return isinstance(ty, DataClass) and ty.pyclass.__dataclass_params__.eq


@overload(operator.eq)
def eq(a, b):
    """What `__eq__` says; of a dataclass whether all fields are equal, else whether it is one."""
    is_same = _same_class(a, b)
    attempts = attempts_of(a, b, "__eq__", "__eq__")
    if is_same and _compares_fields(a) and not attempts:
        return _is_equal
    last = _is_same if is_same and a == b else _differ
    return first_of(attempts, last)


@overload(operator.ne)
def ne(a, b):
    """What `__ne__` says; else the opposite of `==`."""
    is_same = _same_class(a, b)
    attempts = attempts_of(a, b, "__ne__", "__ne__")
    if not attempts and is_same and _compares_fields(a) and own_function(a, "__eq__") is None:
        return _is_unequal
    return first_of(attempts, _is_not_equal)


def _is_not_equal(a, b):
    return not a == b  # noqa: SIM201 (that is what is to be computed)


def _is_equal(a, b):
    return compared(a) == compared(b)


def _is_unequal(a, b):
    return compared(a) != compared(b)


def _is_same(a, b):
    return is_same_object(a, b)


def _is_other(a, b):
    return not is_same_object(a, b)


def _differ(a, b):
    return False


def _identity(function: Callable[..., Any], *, same: bool) -> Overload:
    @overload(function)
    def compare(a, b):
        left, right = (ty.value_ty if isinstance(ty, Optional) else ty for ty in (a, b))
        if not _same_class(left, right) or left != right:
            return Constant(not same)
        if isinstance(a, Optional) or isinstance(b, Optional):
            return _is_same_optional if same else _is_other_optional
        return _is_same if same else _is_other

    compare.template.__doc__ = "Whether two names are of one instance."
    return compare


def _is_same_optional(a, b):
    if a is None or b is None:
        return (a is None) == (b is None)
    return is_same_object(unwrap_optional(a), unwrap_optional(b))


def _is_other_optional(a, b):
    return not _is_same_optional(a, b)


is_, is_not = _identity(operator.is_, same=True), _identity(operator.is_not, same=False)


_MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}


def _order(function: Callable[..., Any], impl: Callable[..., Any]) -> Overload:
    name = function.__name__

    @overload(function)
    def compare(a, b):
        is_same = _same_class(a, b)
        attempts = attempts_of(a, b, f"__{name}__", f"__{_MIRRORED[name]}__")
        if attempts:
            return first_of(attempts, _refused)
        if not is_same or not isinstance(a, DataClass) or not a.pyclass.__dataclass_params__.order:
            refuse(f"{a.base} and {b.base} have no order")
        return impl

    compare.template.__doc__ = "What the class defines; a dataclass with an order has them all."
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


# ---- hashing --------------------------------------------------------------------------------


def _hash_function(ty: Type) -> Callable[..., Any]:
    """What gives the hash of an instance; refuses one that has none."""
    cls = instance_of(ty).pyclass
    method = own_function(ty, "__hash__")
    if method is not None:

        def call(obj):
            return hash_number(method(obj))

        return call
    if class_member(cls, "__hash__") is None or _has_equality_only(ty):
        refuse(f"unhashable type: {cls.__name__!r}")
    return _hash_fields if _compares_fields(ty) else address_of


def _has_equality_only(ty: Type) -> bool:
    """Whether a class defines equality, and no hash that goes with it."""
    if isinstance(ty, DataClass):
        return ty.pyclass.__hash__ is None
    return own_function(ty, "__eq__") is not None


def _hash_fields(obj):
    return hash(compared(obj))


def hash_number(number):
    """What a hash is for the integer that `__hash__` gives."""
    return -2 if number == -1 else int(number)


@intrinsic
def address_of(obj):
    """A number that tells an instance from all others that are alive."""
    ty = instance_of(obj)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        number = cg.builder.ptrtoint(args[0], cg.ll_type(int64))
        return cg.builder.lshr(number, number.type(4))

    return Primitive("address", int64(ty), lower, id)


@overload(key_hash)
def hash_of_key(key):
    """Of an instance that has a hash."""
    function = _hash_function(key)
    if isinstance(key, DataClass) and function is _hash_fields:
        return _key_hash

    def call(key):
        return key_hash(function(key))

    return call


def _key_hash(key):
    return key_hash(compared(key))


@overload(hash)
def hash_(obj):
    """`hash(obj)`: what `__hash__` gives; of a frozen dataclass that of its fields."""
    function = _hash_function(obj)

    def call(obj):
        return function(obj)

    return call


# ---- operators that a class defines ---------------------------------------------------------


def _binary(name: str) -> Overload:
    plain = name.rstrip("_")

    @overload(getattr(operator, name))
    def operate(a, b):
        attempts = attempts_of(a, b, f"__{plain}__", f"__r{plain}__")
        if not attempts:
            refuse(f"neither {a.base} nor {b.base} has an operator for this")
        return first_of(attempts, _refused)

    operate.template.__doc__ = "What the class defines."
    return operate


add, sub, mul = _binary("add"), _binary("sub"), _binary("mul")
truediv, floordiv, mod = _binary("truediv"), _binary("floordiv"), _binary("mod")
power, matmul = _binary("pow"), _binary("matmul")
and_, or_, xor = _binary("and_"), _binary("or_"), _binary("xor")
lshift, rshift = _binary("lshift"), _binary("rshift")


def _in_place(name: str) -> Overload:
    @overload(getattr(operator, name))
    def operate(a, b):
        plain = name[1:]
        attempts = attempts_of(a, b, f"__{plain}__", f"__r{plain}__")
        own = own_function(a, f"__{name}__")
        if own is not None:
            attempts.insert(0, own)
        if not attempts:
            refuse(f"neither {a.base} nor {b.base} has an operator for this")
        return first_of(attempts, _refused)

    operate.template.__doc__ = "What the class defines."
    return operate


iadd, isub, imul = _in_place("iadd"), _in_place("isub"), _in_place("imul")
itruediv, ifloordiv, imod = _in_place("itruediv"), _in_place("ifloordiv"), _in_place("imod")
ipow, imatmul = _in_place("ipow"), _in_place("imatmul")
iand, ior, ixor = _in_place("iand"), _in_place("ior"), _in_place("ixor")
ilshift, irshift = _in_place("ilshift"), _in_place("irshift")


def method_of(ty: Type, name: str) -> Any:
    """The method of a name; refuses what has none."""
    method = own_function(ty, name)
    if method is None:
        refuse(f"{ty.base} has no {name}")
    return method


def _unary(function: Any, name: str) -> Overload:
    @overload(function)
    def operate(x):
        method = method_of(x, name)

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
    instance_of(x)
    method = own_function(x, "__bool__") or own_function(x, "__len__")
    if method is None:
        return Constant(True)

    def call(x):
        return bool(method(x))

    return call
