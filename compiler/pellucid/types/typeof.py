"""The type of a Python value that is passed to compiled code.

    typeof(3)                    int64                 typeof(np.float32(1))   float32
    typeof(2**63)                uint64                typeof((1, 2.0))        Tuple(int64, float64)
    typeof(np.zeros((2, 3)))     array(float64, 2d, C) typeof(np.sin)          Function(numpy.sin)

A value that compiled code cannot take is a `TypeError` whose text says what to pass instead; an
int beyond 64 bits is an `OverflowError`. Both are also a `ValueError`, as from Numba's `typeof`.
Never `Literal`: an argument's value is not part of its
type. The generated entry (`codegen/entry.py`) makes the same decisions in machine code.
"""

from __future__ import annotations

import array
import collections
import ctypes
import enum
import types as pytypes
from collections.abc import Callable as PyCallable
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, NoReturn

import numpy as np

from pellucid.types.arrays import VIEW_FORMATS, Array, DType, MemoryView, Pointer
from pellucid.types.cffi_types import ctypes_function
from pellucid.types.containers import Range, Slice, Tuple, bytes_type, uni_tuple, unicode_type
from pellucid.types.dataclass import (
    DataClass,
    declared_fields,
    field_names,
    is_dataclass_type,
)
from pellucid.types.enums import enum_type
from pellucid.types.exceptions import CaughtException
from pellucid.types.functions import (
    Callable,
    Dispatcher,
    ExceptionClass,
    FunctionType,
    Module,
    PyObjectType,
    WrapperAddressProtocol,
    undefined,
)
from pellucid.types.heap import (
    Counter,
    DefaultDict,
    Deque,
    Dict,
    HeapType,
    List,
    OrderedDict,
    Set,
    byte_array,
)
from pellucid.types.instance import class_type, instance_type, is_jitclass
from pellucid.types.kinds import Type
from pellucid.types.objects import pyobject
from pellucid.types.plain import (
    PlainInstance,
    attribute_names,
    is_plain_class,
    set_by_init,
)
from pellucid.types.scalars import (
    Integer,
    boolean,
    complex128,
    find_scalar_type,
    float64,
    int64,
    none,
    uint8,
    uint64,
)
from pellucid.types.signature import Signature
from pellucid.types.unify import unify


class UnsupportedValue(TypeError, ValueError):
    """A value whose type compiled code does not have."""


class TooLargeValue(OverflowError, ValueError):
    """An int that does not fit in 64 bits."""


def typeof(value: Any) -> Type:
    """The type of any Python value; TypeError or OverflowError if compiled code cannot take it."""
    exact = _BY_CLASS.get(type(value))
    if exact is not None:
        return exact(value)
    if isinstance(value, np.ndarray):
        return array_type(value)
    if isinstance(value, np.generic):
        return _numpy_scalar(value)
    if isinstance(value, np.dtype):
        return _dtype_value(value)
    if isinstance(value, type):
        return _class(value)
    if isinstance(value, BaseException):
        return CaughtException((ExceptionClass(_path(type(value)), type(value)),))
    if is_dispatcher(value):
        return Dispatcher(_path(value), value)
    instance = _find_instance_type(value)
    if instance is not None:
        return instance
    if isinstance(value, (int, float, complex, str)):
        return _subclassed(value)
    return _callable(value)


def _callable(value: Any) -> Type:
    signature = foreign_signature(value)
    if signature is not None:
        return FunctionType(signature)
    if is_plain_class(type(value)):
        return _plain(value)
    if not callable(value) or not _is_known_callable(value):
        _refuse(_describe(value), _ADVICE.get(type(value), ""))
    return Callable(_path(value), value)


def element_type(items: Collection[Any], what: str) -> Type:
    """The type that holds each of some items; of none, `undefined`: it is not known yet."""
    classes = set(map(type, items))
    if len(classes) == 1 and (plain := _PLAIN.get(next(iter(classes)))) is not None:
        if plain is not int64:
            return plain
        low, high = min(items), max(items)
        if _int(low) != _int(high):
            message = f"a {what} of {low} and {high}: no type of ints of 64 bits holds both"
            raise TooLargeValue(message)
        return _int(high)
    joined: Type = undefined
    for item in items:
        ty = typeof(item)
        both = _join(joined, ty)
        if both is None:
            _refuse(
                f"a {what} of {joined} and {ty}",
                "the elements of a compiled container have one type",
            )
        joined = both
    return joined


def can_hold(wanted: Type, given: Type) -> bool:
    """Whether a container of type `given` can be read as one of another type, as among others."""
    is_container = isinstance(wanted, (Deque, Dict, List, Set))
    return is_container and _join(given, wanted) == wanted


def _join(left: Type, right: Type) -> Type | None:
    """The type that holds both; a container that is empty is as the other.

    A list of ints may be one of floats; a dict or a set of ints is not.
    """
    if isinstance(left, Tuple) and isinstance(right, Tuple):
        return _join_tuples(left, right)
    if isinstance(left, Integer) and isinstance(right, Integer):
        both = unify(left, right)
        return both if isinstance(both, Integer) else None  # not int64 and uint64 as floats
    if not isinstance(left, (Deque, Dict, List, Set)) or type(left) is not type(right):
        return unify(left, right)
    joined: list[Any] = []
    for name in type(left).__match_args__:
        one, other = getattr(left, name), getattr(right, name)
        if one != other:
            is_open = isinstance(left, List) or undefined in (one, other)
            can_join = isinstance(one, Type) and isinstance(other, Type)
            is_number = can_join and not isinstance(one, HeapType) and not is_open
            one = _join(one, other) if can_join and not is_number else None
            if one is None:
                return None
        joined.append(one)
    made: Type = type(left)(*joined)
    return made


def _join_tuples(left: Tuple, right: Tuple) -> Type | None:
    if left.cls != right.cls or len(left.elems) != len(right.elems):
        return None
    elems = [_join(*pair) for pair in zip(left.elems, right.elems, strict=True)]
    known = tuple(elem for elem in elems if elem is not None)
    return Tuple(known, left.cls) if len(known) == len(elems) else None


_PLAIN: dict[type, Type] = {
    int: int64,
    bool: boolean,
    float: float64,
    complex: complex128,
    str: unicode_type,
    type(None): none,
}


def _subclassed(value: int | float | complex | str) -> Type:
    if isinstance(value, int):
        return _int(int(value))
    if isinstance(value, str):
        return unicode_type
    return float64 if isinstance(value, float) else complex128


def _is_known_callable(value: Any) -> bool:
    """Whether compiled code can know what a callable does: not what a user's `__call__` does."""
    return type(value).__module__ in _CALLABLE_MODULES or hasattr(value, "__qualname__")


def is_dispatcher(pyobj: Any) -> bool:
    """Whether `pyobj` is a function decorated by Pellucid."""
    return getattr(type(pyobj), "__pellucid_dispatcher__", False) is True


def array_type(array: np.ndarray) -> Type:
    """The type of an array: element type, rank, layout, and whether it may be written.

    An array that is both C and Fortran contiguous (one-dimensional, empty, 0-d) counts as C.
    """
    if type(array) is not np.ndarray and isinstance(array, np.ma.MaskedArray):
        _refuse("a masked array", "pass its .data, and its .mask as a second array")
    return _array_type(
        array_element(array), array.ndim, layout_of(array), not array.flags.writeable
    )


def _memory_view(value: memoryview) -> Type:
    elem_ty = VIEW_FORMATS.get(value.format)
    if elem_ty is None or value.ndim == 0:
        return array_type(np.asarray(value))  # as a NumPy array
    if value.suboffsets or not np.asarray(value).flags.aligned:
        _refuse("a memoryview whose items are scattered or not aligned", "pass bytes(value)")
    layout = "C" if value.c_contiguous else "F" if value.f_contiguous else "A"
    return MemoryView(_array_type(elem_ty, value.ndim, layout, value.readonly), value.format)


def array_element(array: np.ndarray) -> Type:
    """The element type of an array; TypeError if compiled code has none for it."""
    if not array.dtype.isnative:
        _refuse(
            f"an array in foreign byte order (dtype {array.dtype.str!r})",
            "convert it: a.astype(a.dtype.newbyteorder('='))",
        )
    elem_ty = find_scalar_type(array.dtype)
    if elem_ty is None:
        _refuse(f"an array of dtype {array.dtype}", _dtype_advice(array.dtype))
    if not array.flags.aligned:
        _refuse("an unaligned array", "copy it: a.copy()")
    return elem_ty


def layout_of(array: np.ndarray) -> str:
    """C, F or A."""
    if array.flags.c_contiguous:
        return "C"
    return "F" if array.flags.f_contiguous else "A"


@lru_cache(maxsize=1024)
def _array_type(elem_ty: Type, ndim: int, layout: str, readonly: bool) -> Array:
    return Array(elem_ty, ndim, layout, readonly)


def _int(value: int) -> Type:
    if int64.min <= value <= int64.max:
        return int64
    if 0 < value <= uint64.max:
        return uint64
    message = f"int of {value.bit_length()} bits: compiled code has ints of up to 64 bits"
    raise TooLargeValue(message)


def _numpy_scalar(value: np.generic) -> Type:
    if isinstance(value, np.str_):
        return unicode_type
    ty = find_scalar_type(value.dtype)
    if ty is None:
        _refuse(f"a NumPy scalar of dtype {value.dtype}", _dtype_advice(value.dtype))
    return ty


def _tuple(value: tuple[Any, ...]) -> Type:
    elems = tuple(map(typeof, value))
    typed = next((ty for ty in elems if isinstance(ty, FunctionType)), None)
    if typed is not None and all(_may_be(ty, typed) for ty in elems):
        # One of them says what the others are called with: then they are alike.
        return uni_tuple(typed, len(elems))
    return Tuple(elems)


def _may_be(ty: Type, wanted: FunctionType) -> bool:
    return ty == wanted or (isinstance(ty, Dispatcher) and is_dispatcher(ty.pyobj))


def foreign_signature(value: Any) -> Signature | None:
    """The signature of what is called through an address: a `cfunc`, a C function, a WAP object.

    Of a function of ctypes or cffi, if its argtypes and restype are numbers and pointers.
    """
    code = getattr(type(value), "__pellucid_signature__", None)
    if code is not None:
        return code.__get__(value)
    if isinstance(value, WrapperAddressProtocol):
        return value.signature()
    if isinstance(value, ctypes._CFuncPtr):  # type: ignore[attr-defined]  # there is no other name
        return _c_signature(value)
    made = ctypes_function(value)
    return None if made is None else _c_signature(made)


def _c_signature(function: Any) -> Signature | None:
    params = [_c_type(each) for each in function.argtypes or ()]
    ret = none if function.restype is None else _c_type(function.restype)
    known = [ty for ty in params if ty is not None]
    if ret is None or function.argtypes is None or len(known) < len(params):
        return None
    return Signature(ret, tuple(known))


def _c_type(cls: Any) -> Type | None:
    """The type of a class of ctypes; None if it is neither a number nor a pointer to some."""
    if cls is ctypes.c_void_p:
        return Pointer(uint8)
    inner = getattr(cls, "_type_", None)
    if isinstance(inner, str):
        return find_scalar_type(np.dtype(cls)) if inner in _C_NUMBERS else None
    pointed = None if inner is None or hasattr(cls, "_length_") else _c_type(inner)
    return None if pointed is None else Pointer(pointed)


_C_NUMBERS = "?bBhHiIlLqQfd"


def _find_instance_type(value: Any) -> Type | None:
    """The type of an instance of a class that users make, or of a typed container."""
    if getattr(type(value), "__pellucid_typed__", False):
        return _typed(value)
    if is_jitclass(type(value)):
        return instance_type(type(value))
    if isinstance(value, enum.Enum):
        return _enum_member(value)
    if isinstance(value, tuple):
        return _named_tuple(value)
    return _dataclass(value) if is_dataclass_type(type(value)) else None


def _typed(value: Any) -> Type:
    """The type of a `pellucid.typed` container, which must be known by now."""
    if value._type is None:
        kind = type(value).__name__.lower()
        message = f"invalid operation on untyped {kind}: nothing was put into it yet"
        raise UnsupportedValue(message)
    found: Type = value._type
    return found


def is_named_tuple_class(cls: Any) -> bool:
    """Whether an object is a class that `namedtuple` or `NamedTuple` made, or one derived of it."""
    return isinstance(cls, type) and issubclass(cls, tuple) and hasattr(cls, "_field_defaults")


def _named_tuple(value: tuple[Any, ...]) -> Type:
    cls = type(value)
    if not is_named_tuple_class(cls):
        _refuse(f"a {cls.__name__}", "pass tuple(...)")
    return Tuple(tuple(typeof(item) for item in value), class_type(cls))


def _enum_member(value: enum.Enum) -> Type:
    ty = enum_type(type(value))
    if ty.is_by_value and _int(int(value.value)) != int64:
        _refuse(f"an enum member of more than 64 bits ({value!r})", "pass its .value")
    return ty


_being_typed: set[int] = set()


def _dataclass(value: Any) -> Type:
    cls = type(value)
    if id(value) in _being_typed:
        _refuse(f"a {cls.__name__} that holds itself", "keep such objects in a list, by index")
    _being_typed.add(id(value))
    try:
        tys = tuple(
            _field_type(cls, name, declared, value)
            for name, declared in zip(field_names(cls), declared_fields(cls), strict=True)
        )
    finally:
        _being_typed.discard(id(value))
    return DataClass(class_type(cls), tys)


def _plain(value: Any) -> Type:
    """The type of an instance of a plain class.

    What attributes without a value will hold, the function that it is passed to tells.
    """
    cls = type(value)
    if id(value) in _being_typed:
        _refuse(f"a {cls.__name__} that holds itself", "decorate the class with jitclass")
    _being_typed.add(id(value))
    required, tys = set_by_init(cls), list[Type]()
    try:
        for name in attribute_names(cls):
            if name in required or hasattr(value, name):
                tys.append(_field_type(cls, name, None, value))
            else:
                tys.append(undefined)
    finally:
        _being_typed.discard(id(value))
    return PlainInstance(class_type(cls), tuple(tys))


def _field_type(cls: type, name: str, declared: Type | None, value: Any) -> Type:
    if declared is not None:
        return declared
    try:
        held = getattr(value, name)
    except AttributeError:
        _refuse(f"a {cls.__name__} whose `{name}` is not set", "set all its fields")
    return typeof(held)


def _item_types(items: Mapping[Any, Any]) -> tuple[Type, Type]:
    return element_type(items, "dict with keys"), element_type(items.values(), "dict with values")


def _counter(counts: collections.Counter[Any]) -> Type:
    key_ty, value_ty = _item_types(counts)
    return Counter(key_ty, int64 if value_ty == undefined else value_ty)


def _default_dict(items: collections.defaultdict[Any, Any]) -> Type:
    """What makes the values is known if it is a builtin class; else it is left to Python."""
    key_ty, value_ty = _item_types(items)
    make = items.default_factory
    if make is None:
        return DefaultDict(key_ty, value_ty, none)
    if not isinstance(make, type) or make.__module__ not in ("builtins", "collections"):
        return DefaultDict(key_ty, value_ty, pyobject)
    made = _join(value_ty, typeof(make()))
    if made is None:
        _refuse(
            f"a defaultdict of {value_ty} that makes a {make.__name__} for a new key",
            "the values of a compiled dict have one type",
        )
    return DefaultDict(key_ty, made, _class(make))


def _array_of_module(value: Any) -> Type:
    """An `array.array` is passed as a NumPy array over the same memory."""
    if value.typecode in "uw":
        _refuse(f"an array of characters ({value.typecode!r})", "pass value.tounicode()")
    return (
        array_type(np.frombuffer(value, value.typecode))
        if value
        else _array_type(array_element(np.empty(0, value.typecode)), 1, "C", False)
    )


def _index_part(value: Any, owner: str) -> Type:
    if value is None:
        return none
    try:
        index = value.__index__()
    except AttributeError:
        _refuse(f"a {owner} with a {type(value).__name__} in it", "use ints or None")
    if _int(index) != int64:
        message = f"a {owner} with {value} in it: its ints must fit in 64 signed bits"
        raise TooLargeValue(message)
    return int64


def _slice(value: slice) -> Type:
    return Slice(*(_index_part(part, "slice") for part in (value.start, value.stop, value.step)))


def _range(value: range) -> Type:
    for part in (value.start, value.stop, value.step):
        _index_part(part, "range")
    return Range(int64)


def _dtype_value(dtype: np.dtype) -> Type:
    ty = find_scalar_type(dtype)
    if ty is None:
        _refuse(f"the dtype {dtype}", _dtype_advice(dtype))
    return DType(ty)


def _class(cls: type) -> Type:
    if issubclass(cls, BaseException):
        return ExceptionClass(_path(cls), cls)
    if issubclass(cls, np.generic) and cls not in _ABSTRACT:
        ty = find_scalar_type(np.dtype(cls))
        if ty is not None:
            return DType(ty)
    return Callable(_path(cls), cls)


def _module(value: pytypes.ModuleType) -> Type:
    return Module(value.__name__, value)


def _function(value: PyCallable[..., Any]) -> PyObjectType:
    return Dispatcher(_path(value), value)


def _builtin(value: PyCallable[..., Any]) -> PyObjectType:
    return Callable(_path(value), value)


def _path(value: Any) -> str:
    module = getattr(value, "__module__", None)
    if module is None:
        module = "numpy" if isinstance(value, np.ufunc) else "?"
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", type(value).__name__)
    return f"{module[1:] if module in _PRIVATE else module}.{name}"


def _describe(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def _dtype_advice(dtype: np.dtype) -> str:
    if dtype.kind == "O":
        return "object arrays are not supported: convert it, for instance a.astype(float)"
    if dtype.char in "gG":
        return "extended precision is not supported: convert it to float64 or complex128"
    if dtype.char == "e":
        return "half precision is not supported yet: convert it to float32"
    if dtype.kind in "mM":
        return "dates are not supported yet: pass a.view(np.int64)"
    if dtype.kind == "V":
        return "structured arrays are not supported yet: pass its fields as arrays of their own"
    return "bool, int8 to int64, uint8 to uint64, float32, float64, complex64 and complex128 are"


def _refuse(what: str, advice: str = "") -> NoReturn:
    message = f"{what} cannot be passed to compiled code"
    raise UnsupportedValue(f"{message}; {advice}" if advice else message)


_CALLABLE_MODULES = frozenset({"functools", "operator", "numpy"})
_PRIVATE = frozenset({"_operator", "_functools"})
_ABSTRACT = frozenset(
    {np.generic, np.number, np.integer, np.signedinteger, np.unsignedinteger}
).union({np.inexact, np.floating, np.complexfloating, np.flexible, np.character})

_ADVICE: dict[type, str] = {}

_BY_CLASS: dict[type, PyCallable[[Any], Type]] = {
    int: _int,
    bool: lambda _value: boolean,
    float: lambda _value: float64,
    complex: lambda _value: complex128,
    str: lambda _value: unicode_type,
    bytes: lambda _value: bytes_type,
    bytearray: lambda _value: byte_array,
    array.array: _array_of_module,
    memoryview: _memory_view,
    type(None): lambda _value: none,
    tuple: _tuple,
    list: lambda value: List(element_type(value, "list")),
    set: lambda value: Set(element_type(value, "set")),
    frozenset: lambda value: Set(element_type(value, "frozenset"), is_frozen=True),
    dict: lambda value: Dict(*_item_types(value)),
    collections.OrderedDict: lambda value: OrderedDict(*_item_types(value)),
    collections.Counter: lambda value: _counter(value),
    collections.defaultdict: lambda value: _default_dict(value),
    collections.deque: lambda value: Deque(element_type(value, "deque")),
    np.ndarray: array_type,
    slice: _slice,
    range: _range,
    pytypes.ModuleType: _module,
    pytypes.FunctionType: _function,
    pytypes.BuiltinFunctionType: _builtin,
    np.ufunc: _builtin,
}
