"""Python objects in the protocols of the language: loops, texts, numbers made of them, classes.

As in `operators.py`, these overloads are asked where an argument is a Python object. What a loop or
an unpacking gives are objects; `int() float() complex() str() len() hash()` make values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir as ll

from pellucid.codegen.objects import Objects
from pellucid.inference.overloads import Intrinsic, Overload, object_key, overload, refuse
from pellucid.ir.callee import Primitive
from pellucid.ir.protocol import (
    callable_path,
    format_value,
    is_mapping,
    is_sequence,
    iter_next,
    iter_result,
    iter_send,
    iter_start,
    iter_valid,
    iter_value,
    unpack,
    unpack_star,
)
from pellucid.library.builtins.promotion import literal_value
from pellucid.library.builtins.tuples import take
from pellucid.library.builtins.unpacking import unpack_iterable
from pellucid.library.objects.calls import Gives, c_function, require_objects
from pellucid.library.objects.checks import identity, is_exact
from pellucid.library.objects.containers import (
    iterator_next,
    iterator_of,
    list_get,
    list_size,
    tuple_get,
    tuple_size,
)
from pellucid.library.objects.object_mode import from_object
from pellucid.library.objects.python_calls import scalar_class
from pellucid.library.objects.texts import format_of, literal_of, text_of
from pellucid.types import (
    DType,
    Literal,
    Tuple,
    Type,
    boolean,
    complex128,
    float64,
    int64,
    none,
    pyobject,
)


def _of_objects(function: Callable[..., Any], **options: Any) -> Callable[[Any], Overload]:
    return overload(object_key(callable_path(function)), **options)


# ---- loops ----------------------------------------------------------------------------------
#
# The state is (whether there is an item, the iterator, the item): one item is read ahead.


@_of_objects(iter_start)
def start(iterable):
    """The state before the first item."""
    require_objects(iterable)
    return _start


def _start(iterable):
    return _after(iterator_of(iterable))


def _after(iterator):
    more, item = iterator_next(iterator)
    return more, iterator, item


@_of_objects(iter_valid, inline=True)
def valid(iterable, state):
    """Whether there is an item at a state."""
    require_objects(iterable)
    return _valid


def _valid(iterable, state):
    return state[0]


@_of_objects(iter_value, inline=True)
def value(iterable, state):
    """The item at a state."""
    require_objects(iterable)
    return _value


def _value(iterable, state):
    return state[2]


@_of_objects(iter_next)
def following(iterable, state):
    """The state after a state."""
    require_objects(iterable)
    return _following


def _following(iterable, state):
    return _after(state[1])


@_of_objects(iter_send)
def send(iterable, state, sent):
    """The state after a state, where `yield from` was sent something."""
    require_objects(iterable)
    return _following_sent if sent == none else _send


def _following_sent(iterable, state, sent):
    return _after(state[1])


def _send(iterable, state, sent):
    if sent is None:
        return _after(state[1])
    return True, state[1], state[1].send(sent)


@_of_objects(iter_result)
def result(iterable, state):
    """What an iterator returned is lost with its StopIteration: None."""
    require_objects(iterable)
    return _no_result


def _no_result(iterable, state):
    return None


@_of_objects(unpack, literals=("count",))
def unpack_(iterable, count):
    """The right side of `a, b = obj`, as a tuple of objects."""
    require_objects(iterable)
    wanted = literal_value(count)

    def impl(iterable, count):
        if is_exact(iterable, "PyTuple_Type"):
            if tuple_size(iterable) == wanted:
                return tuple_items(iterable, 0, count)
        elif is_exact(iterable, "PyList_Type"):
            if list_size(iterable) == wanted:
                return list_items(iterable, 0, count)
        else:
            check_iterable(iterable)
        return take(iterable, iter_start(iterable), 0, count)

    return impl


def check_iterable(obj):
    """Raise as unpacking does what cannot be iterated over."""
    if not (hasattr(obj, "__iter__") or hasattr(obj, "__getitem__")):
        name = text_of(type(obj).__name__)
        raise TypeError("cannot unpack non-iterable " + name + " object")


@_of_objects(unpack_star, literals=("before", "after"))
def unpack_star_(iterable, before, after):
    """The items before the star, a list of the rest, the items after."""
    require_objects(iterable)

    def impl(iterable, before, after):
        check_iterable(iterable)
        return unpack_any(iterable, before, after)

    return impl


def _unpack_any(iterable, before, after):
    return unpack_iterable


unpack_any = Intrinsic("pellucid.library.unpack_any", _unpack_any, frozenset({"before", "after"}))


def _items(get: Callable[..., Any], itself: Callable[[], Any]) -> Callable[..., Any]:
    def template(obj, at, count):
        """The items of an object from a constant position on, as a tuple."""
        if literal_value(at) == literal_value(count):
            return _no_items
        rest: Any = itself()

        def impl(obj, at, count):
            return (get(obj, at), *rest(obj, at + 1, count))

        return impl

    return template


def _no_items(obj, at, count):
    return ()


_COUNTS = frozenset({"at", "count"})
tuple_items = Intrinsic(
    "pellucid.library.tuple_items", _items(tuple_get, lambda: tuple_items), _COUNTS
)
list_items = Intrinsic("pellucid.library.list_items", _items(list_get, lambda: list_items), _COUNTS)


# ---- numbers and texts ----------------------------------------------------------------------


@_of_objects(int)
def int_(x=0):
    """`int(x)`, which must fit into 64 bits."""
    require_objects(x)
    return _int


def _int(x=0):
    return from_object(x, int64)


@_of_objects(float)
def float_(x=0.0):
    """`float(x)`."""
    require_objects(x)
    return _float


def _float(x=0.0):
    return from_object(x, float64)


@_of_objects(complex)
def complex_(real=0):
    """`complex(x)`."""
    require_objects(real)
    return _complex


def _complex(real=0):
    return from_object(real, complex128)


@overload(object_key("pellucid.types.DType.call"))
def dtype_call(dtype, x):
    """An object as a number: `np.float32(x)`."""
    if not isinstance(dtype, DType):
        refuse(f"{dtype} is not a dtype")
    require_objects(x)
    wanted = dtype.dtype

    def impl(dtype, x):
        return from_object(x, wanted)

    return impl


@_of_objects(str)
def str_(object):
    """`str(x)`."""
    require_objects(object)
    return _str


def _str(object):
    return text_of(object)


@_of_objects(repr)
def repr_(obj):
    """`repr(x)`."""
    require_objects(obj)
    return _repr


def _repr(obj):
    return literal_of(obj)


@_of_objects(format)
def format_(value, format_spec=""):
    """`format(x, spec)`."""
    require_objects(value)
    return _format


def _format(value, format_spec=""):
    return format_of(value, format_spec)


@_of_objects(format_value, literals=("conversion",))
def format_value_(value, conversion, spec):
    """`{x!conversion:spec}` of an f-string."""
    require_objects(value)
    how = str(conversion.value) if isinstance(conversion, Literal) else ""
    if how in ("s", "r", "a"):
        refuse("a converted value is a text, which is formatted as such")
    return _format_value


def _format_value(value, conversion, spec):
    return format_of(value, spec)


# ---- what is asked of any object ------------------------------------------------------------

_LENGTH = c_function("PyObject_Size", Gives.COUNT, [pyobject], len)
_HASH = c_function("PyObject_Hash", Gives.COUNT, [pyobject], hash)
_IS_INSTANCE = c_function("PyObject_IsInstance", Gives.TRUTH, [pyobject] * 2, isinstance)
_IS_CALLABLE = c_function("PyCallable_Check", Gives.TRUTH, [pyobject], callable)
_IS_SUBCLASS = c_function("PyObject_IsSubclass", Gives.TRUTH, [pyobject] * 2, issubclass)


@_of_objects(len)
def len_(obj):
    """`len(x)`."""
    require_objects(obj)
    return _LENGTH


@_of_objects(hash)
def hash_(obj):
    """`hash(x)`."""
    require_objects(obj)
    return _HASH


@_of_objects(id)
def id_(obj):
    """`id(x)`."""
    require_objects(obj)
    return identity.template(obj)


@_of_objects(isinstance)
def isinstance_(obj, class_or_tuple):
    """Whether an object is of a class, or of one of a tuple of classes."""
    require_objects(obj)
    if isinstance(class_or_tuple, DType):
        return _is_scalar
    if isinstance(class_or_tuple, Tuple) and _names_scalars(class_or_tuple):
        return _is_one_of
    return _IS_INSTANCE


def _names_scalars(ty: Type) -> bool:
    return isinstance(ty, DType) or (isinstance(ty, Tuple) and any(map(_names_scalars, ty.elems)))


def _is_scalar(obj, class_or_tuple):
    return isinstance(obj, scalar_class(class_or_tuple))


def _is_one_of(obj, class_or_tuple):
    if len(class_or_tuple) == 0:
        return False
    if isinstance(obj, class_or_tuple[0]):
        return True
    return isinstance(obj, class_or_tuple[1:])


@_of_objects(issubclass)
def issubclass_(cls, class_or_tuple):
    """Whether a class is derived from another."""
    require_objects(cls)
    return _IS_SUBCLASS


@_of_objects(callable)
def callable_(obj):
    """Whether an object can be called."""
    require_objects(obj)
    return _IS_CALLABLE


@_of_objects(is_sequence)
def is_sequence_(value):
    """Whether a sequence pattern may match an object, which its class says."""
    require_objects(value)
    return _has_flag("is_sequence", 5, is_sequence)


@_of_objects(is_mapping)
def is_mapping_(value):
    """Whether a mapping pattern may match an object, which its class says."""
    require_objects(value)
    return _has_flag("is_mapping", 6, is_mapping)


def _has_flag(name: str, bit: int, run: Callable[[Any], bool]) -> Primitive:
    """Whether the class of an object has a flag: as CPython's own `match` asks."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        ll_i64 = ll.IntType(64)
        with cg.python():
            objects = Objects(cg.module, cg.builder)
            ll_flags = objects.call("PyType_GetFlags", ll_i64, objects.type_of(args[0]))
        ll_bit = cg.builder.and_(ll_flags, ll.Constant(ll_i64, 1 << bit))
        return cg.builder.icmp_unsigned("!=", ll_bit, ll.Constant(ll_i64, 0))

    return Primitive(name, boolean(pyobject), lower, run)
