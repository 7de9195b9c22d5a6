"""Tuples: made, indexed, sliced, joined, compared, unpacked.

What a tuple holds is known by position, so these are decided while typing as far as they can be;
only a tuple whose elements have one type takes an index that is computed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import cache, reduce
from typing import Any

from llvmlite import ir as ll

from pellucid.inference.overloads import (
    Constant,
    Intrinsic,
    Overload,
    intrinsic,
    overload,
    overload_method,
    refuse,
)
from pellucid.ir.callee import Part, Primitive
from pellucid.ir.interp_values import convert
from pellucid.ir.protocol import (
    build_tuple,
    iter_next,
    iter_start,
    iter_valid,
    iter_value,
    unpack,
)
from pellucid.library.builtins.messages import error_text
from pellucid.library.builtins.promotion import integer, literal_value
from pellucid.library.builtins.structs import format_error
from pellucid.types import NoneType, Slice, Tuple, Type, int64
from pellucid.types.containers import items_of
from pellucid.types.signature import Signature
from pellucid.types.unify import FUNCTIONS, unify

INDEX_RANGE = error_text(operator.getitem, (1, 2), 5)
NOT_IN_TUPLE = error_text((1,).index, 2)


def tuple_type(ty: Type) -> Tuple:
    """`ty`, which must be a tuple type; refuses others."""
    if not isinstance(ty, Tuple):
        refuse(f"{ty.base} is not a tuple")
    return ty


def element_type(ty: Tuple) -> Type:
    """The one type of a tuple's elements; refuses a tuple of several types, or of none.

    Functions join to one of them.
    """
    if ty.elems and all(isinstance(elem, FUNCTIONS) for elem in ty.elems):
        joined = reduce(lambda a, b: None if a is None else unify(a, b), ty.elems)
        if joined is not None:
            return joined
    if not ty.is_homogeneous or not ty.elems:
        refuse(f"the elements of {ty.base} have no one type: only a constant index is possible")
    return ty.elems[0] if len(set(ty.elems)) == 1 else ty.elems[0].base


# ---- making ---------------------------------------------------------------------------------


@overload(build_tuple)
def build(*items):
    """`(a, b, c)`."""
    ty = Tuple(items)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        made = cg.make_tuple(ty, args)
        cg.retain(ty, made)
        return made

    parts = tuple(map(Part, range(len(items))))
    return Primitive("tuple", Signature(ty, items), lower, lambda *values: values, parts=parts)


@overload(tuple)
def tuple_(iterable=()):
    """A tuple itself."""
    if not isinstance(iterable, Tuple):
        refuse(f"the length of the tuple of a {iterable.base} is known at run time")
    return _plain if iterable.cls is not None else _same


def _same(iterable=()):
    return iterable


def _plain(iterable=()):
    # Of a named tuple, the items alone.
    return (*iterable,)


@overload(operator.add)
def add(a, b):
    """`a + b`: one tuple after the other."""
    lhs, rhs = tuple_type(a), tuple_type(b)
    ty = Tuple((*lhs.elems, *rhs.elems))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        items = [
            cg.element(part, value, i)
            for part, value in zip((lhs, rhs), args, strict=True)
            for i in range(len(part.elems))
        ]
        made = cg.make_tuple(ty, items)
        cg.retain(ty, made)
        return made

    parts = tuple(
        Part(arg, i) for arg, part in enumerate((lhs, rhs)) for i in range(len(part.elems))
    )
    return Primitive("concat", ty(lhs, rhs), lower, operator.add, parts=parts)


iadd = overload(operator.iadd)(add.template)


@overload(operator.mul)
def mul(a, b):
    """`a * 3`, `3 * a`: a tuple a constant number of times."""
    ty, count = (a, b) if isinstance(a, Tuple) else (b, a)
    times = literal_value(count)
    tuple_type(ty)
    integer(count)
    if times is None:
        refuse("a tuple is repeated a constant number of times")
    repeated = Tuple(ty.elems * times)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        value = args[0] if ty is a else args[1]
        items = [cg.element(ty, value, i) for i in range(len(ty.elems))] * max(times, 0)
        made = cg.make_tuple(repeated, items)
        cg.retain(repeated, made)
        return made

    return Primitive("repeat", repeated(a, b), lower, operator.mul)


imul = overload(operator.imul)(mul.template)


# ---- reading --------------------------------------------------------------------------------


@overload(len)
def length(x):
    """The number of elements."""
    return Constant(len(tuple_type(x).elems))


@overload(operator.getitem, inline=True)
def getitem(a, b):
    """`a[b]`: a constant index or slice; or a computed index, if all elements have one type."""
    ty = tuple_type(a)
    if isinstance(b, Slice):
        chosen = range(len(ty.elems))[_constant_slice(b)]
        ret = Tuple(tuple(ty.elems[position] for position in chosen))
        return _select_slice(ty, tuple(chosen), ret, b)
    known = literal_value(b)
    if known is None:
        element_type(ty)
        integer(b)
        return _checked_item
    count = len(ty.elems)
    if not -count <= known < count:
        refuse(f"index {known} is out of range for {ty.base}, which has {count} elements")
    return _select_item(ty, known % count, b)


@cache
def _select_item(ty: Tuple, position: int, index: Type) -> Primitive:
    elem = ty.elems[position]

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        item = cg.element(ty, args[0], position)
        cg.retain(elem, item)
        return item

    def run(value: tuple[Any, ...], _: Any) -> Any:
        return value[position]

    return Primitive(f"item{position}", elem(ty, index), lower, run, part=Part(0, position))


@cache
def _select_slice(ty: Tuple, positions: tuple[int, ...], ret: Tuple, index: Slice) -> Primitive:
    def lower(cg: Any, args: Sequence[Any]) -> Any:
        made = cg.make_tuple(ret, [cg.element(ty, args[0], position) for position in positions])
        cg.retain(ret, made)
        return made

    def run(value: tuple[Any, ...], _: Any) -> Any:
        return tuple(value[position] for position in positions)

    parts = tuple(Part(0, position) for position in positions)
    return Primitive("items", ret(ty, index), lower, run, parts=parts)


def _constant_slice(ty: Slice) -> slice:
    bounds = [literal_value(part) for part in (ty.start, ty.stop, ty.step)]
    for part, bound in zip((ty.start, ty.stop, ty.step), bounds, strict=True):
        if bound is None and not isinstance(part, NoneType):
            refuse("the bounds of a tuple's slice are constants")
    if bounds[2] == 0:
        refuse("slice step cannot be zero")
    return slice(*bounds)


def _checked_item(a, b):
    position = b + len(a) if b < 0 else b
    if not 0 <= position < len(a):
        raise IndexError(INDEX_RANGE)
    return item_at(a, position)


@intrinsic
def item_at(a, position):
    """The element of a tuple of one type at a computed position, which is in range."""
    ty = tuple_type(a)
    elem, count = element_type(ty), len(ty.elems)

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        items = [cg.convert(ty.elems[i], elem, cg.element(ty, args[0], i)) for i in range(count)]
        found = _find_item(cg, elem, items, args[1])
        cg.retain(elem, found)
        return found

    def run(value: tuple[Any, ...], index: int) -> Any:
        return convert(value[index], ty.elems[index], elem)

    return Primitive("item_at", elem(ty, int64), lower, run)


_SELECTS = 8
"""Up to this many elements, choosing among values in registers beats a table in memory."""


def _find_item(cg: Any, elem: Type, items: list[Any], position: Any) -> Any:
    builder = cg.builder
    if len(items) <= _SELECTS:
        found = items[-1]
        for i, item in reversed(list(enumerate(items[:-1]))):
            is_here = builder.icmp_unsigned("==", position, ll.Constant(position.type, i))
            found = builder.select(is_here, item, found)
        return found
    ll_type = cg.ll_type(elem)
    table = cg.alloca(ll_type, len(items))
    for i, item in enumerate(items):
        place = builder.gep(table, [ll.Constant(position.type, i)], source_etype=ll_type)
        builder.store(item, place)
    return builder.load(builder.gep(table, [position], source_etype=ll_type), typ=ll_type)


# ---- searching and comparing ----------------------------------------------------------------


@overload(operator.contains)
def contains(a, b):
    """`b in a`."""
    tuple_type(a)
    return _contains


def _contains(a, b):
    if len(a) == 0:
        return False
    if a[0] == b:
        return True
    return b in a[1:]


@overload_method(Tuple, "index")
def index(a, value):
    """The position of the first element equal to `value`; ValueError if there is none."""
    tuple_type(a)
    return _index


def _index(a, value):
    position = _find(a, value)
    if position < 0:
        raise ValueError(NOT_IN_TUPLE)
    return position


def _find(a, value):
    if len(a) == 0:
        return -1
    if a[0] == value:
        return 0
    rest = _find(a[1:], value)
    return rest + 1 if rest >= 0 else -1


@overload_method(Tuple, "count")
def count(a, value):
    """How many elements equal `value`."""
    tuple_type(a)
    return _count


def _count(a, value):
    if len(a) == 0:
        return 0
    return int(a[0] == value) + a[1:].count(value)


def _comparison(function: Callable[[Any, Any], bool], impl: Callable[[Any, Any], bool]) -> Overload:
    def template(a, b):
        tuple_type(a)
        tuple_type(b)
        return impl

    template.__qualname__ = function.__name__
    template.__doc__ = "Tuples compare by the first elements that differ, then by length."
    return overload(function)(template)


def _eq(a, b):
    if len(a) != len(b):
        return False
    if len(a) == 0:
        return True
    if a[0] != b[0]:
        return False
    return a[1:] == b[1:]


def _ne(a, b):
    return not a == b  # noqa: SIM201 (`a != b` is what is defined here)


def _lt(a, b):
    if len(b) == 0:
        return False
    if len(a) == 0:
        return True
    if a[0] != b[0]:
        return a[0] < b[0]
    return a[1:] < b[1:]


def _le(a, b):
    if len(a) == 0:
        return True
    if len(b) == 0:
        return False
    if a[0] != b[0]:
        return a[0] < b[0]
    return a[1:] <= b[1:]


def _gt(a, b):
    return b < a


def _ge(a, b):
    return b <= a


eq, ne = _comparison(operator.eq, _eq), _comparison(operator.ne, _ne)
lt, le = _comparison(operator.lt, _lt), _comparison(operator.le, _le)
gt, ge = _comparison(operator.gt, _gt), _comparison(operator.ge, _ge)


# ---- unpacking ------------------------------------------------------------------------------


@overload(unpack, inline=True, literals=("count",))
def unpack_(iterable, count):
    """The right side of `a, b = iterable`, as a tuple."""
    wanted = literal_value(count)
    if not isinstance(iterable, Tuple):
        if items_of(iterable) is not None:
            refuse("its items are of several types")
        return _unpack_iterable
    given = len(iterable.elems)
    if given != wanted:
        problem = "too many" if given > wanted else "not enough"
        refuse(f"{problem} values to unpack: expected {wanted}, {iterable.base} has {given}")
    return _itself(iterable, count)


@cache
def _itself(ty: Tuple, count: Type) -> Primitive:
    def lower(cg: Any, args: Sequence[Any]) -> Any:
        cg.retain(ty, args[0])
        return args[0]

    return Primitive("unpack", ty(ty, count), lower, lambda value, _: value, part=Part(0))


def _unpack_iterable(iterable, count):
    return take(iterable, iter_start(iterable), 0, count)


def _take(iterable, state, taken, wanted):
    """The items from `state` on, which must be `wanted - taken`."""
    if taken == wanted:
        if iter_valid(iterable, state):
            raise format_error(ValueError, TOO_MANY, wanted)
        return ()
    if not iter_valid(iterable, state):
        raise format_error(ValueError, NOT_ENOUGH, wanted, taken)
    item = iter_value(iterable, state)
    return (item, *take(iterable, iter_next(iterable, state), taken + 1, wanted))


def _take_template(iterable, state, taken, wanted):
    """Library code's loop over the items to unpack, unrolled: the counts are literals."""
    return _take


take = Intrinsic("pellucid.library.take", _take_template, frozenset({"taken", "wanted"}))
TOO_MANY = "too many values to unpack (expected {})"
NOT_ENOUGH = "not enough values to unpack (expected {}, got {})"
