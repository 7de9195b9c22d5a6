"""The keyword arguments of a `**kwargs` parameter: a mapping whose keys are known while compiling.

It does not change, and each value keeps its own type: `kwargs["scale"]` is a field of a record.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

from pellucid.inference.binding import keywords_type
from pellucid.inference.overloads import (
    Constant,
    Intrinsic,
    intrinsic,
    overload,
    overload_method,
    refuse,
)
from pellucid.ir.callee import Part, Primitive
from pellucid.ir.protocol import build_keywords, iter_next, iter_start, iter_valid, iter_value
from pellucid.library.builtins.structs import field, make_struct
from pellucid.types import KEYWORDS, Literal, Struct, Tuple, Type
from pellucid.types.signature import Signature


def keywords(ty: Type) -> Struct:
    """`ty`, which must be the type of keyword arguments; refuses others."""
    if not isinstance(ty, Struct) or ty.name != KEYWORDS:
        refuse(f"{ty.base} is no mapping of keyword arguments")
    return ty


def _known(key: Type) -> str:
    if not isinstance(key, Literal) or not isinstance(key.value, str):
        refuse("the keys of what holds values of several types are constants")
    return key.value


@overload(build_keywords)
def build(*items):
    """The mapping of these keys and values, which alternate."""
    ty = keywords_type(dict(zip(map(_known, items[::2]), items[1::2], strict=True)))
    made = make_struct(ty)
    params = [part for key, (_, held) in zip(items[::2], ty.fields) for part in (key, held)]  # noqa: B905

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        return made.lower(cg, args[1::2])

    def run(*values: Any) -> Any:
        return made.run(*values[1::2])

    parts = tuple(Part(2 * i + 1) for i in range(len(ty.fields)))
    return Primitive("keywords", Signature(ty, tuple(params)), lower, run, parts=parts)


@intrinsic
def values_of(kwargs):
    """The values, as a tuple."""
    own = keywords(kwargs)
    ty = Tuple(tuple(held for _, held in own.fields))

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        made = cg.make_tuple(ty, [cg.field(own, args[0], name) for name, _ in own.fields])
        cg.retain(ty, made)
        return made

    def run(value: Mapping[str, Any]) -> Any:
        return tuple(value.values())

    parts = tuple(Part(0, i) for i in range(len(own.fields)))
    return Primitive("keyword_values", ty(own), lower, run, parts=parts)


# ---- reading --------------------------------------------------------------------------------


@overload(operator.getitem, inline=True)
def getitem(a, b):
    """`kwargs["name"]`."""
    own, name = keywords(a), _known(b)
    if name not in dict(own.fields):
        refuse(f"it has no key {name!r}")

    def impl(a, b):
        return field(a, name)

    return impl


UNCHANGED = "what holds values of several types does not change: make a new one"


@overload(operator.setitem)
def setitem(a, b, c):
    """Refused: keyword arguments and dicts of several types do not change."""
    keywords(a)
    refuse(UNCHANGED)


@overload(operator.delitem)
def delitem(a, b):
    """Refused: keyword arguments and dicts of several types do not change."""
    keywords(a)
    refuse(UNCHANGED)


@overload(len)
def length(x):
    """How many there are."""
    return Constant(len(keywords(x).fields))


@overload(bool)
def truth(x):
    """Whether there are any."""
    return Constant(bool(keywords(x).fields))


@overload(operator.contains)
def contains(a, b):
    """`"name" in kwargs`."""
    return Constant(_known(b) in dict(keywords(a).fields))


@overload(operator.eq)
def eq(a, b):
    """`a == b`: the same keys with equal values."""
    names, others = ({name for name, _ in keywords(ty).fields} for ty in (a, b))
    return _equal if names == others else Constant(False)


def _equal(a, b):
    return are_equal(a, b, 0)


def _are_equal(a, b, at):
    """Whether the values of the keys from a constant position on are equal."""
    if at.value == len(keywords(a).fields):
        return Constant(True)
    name = keywords(a).fields[at.value][0]

    def impl(a, b, at):
        return field(a, name) == field(b, name) and are_equal(a, b, at + 1)

    return impl


are_equal = Intrinsic("pellucid.library.keywords_are_equal", _are_equal, frozenset({"at"}))


@overload(operator.ne)
def ne(a, b):
    """`a != b`."""
    keywords(a)
    keywords(b)
    return _not_equal


def _not_equal(a, b):
    return not a == b  # noqa: SIM201 (this is what `!=` is)


@overload(iter_start)
def start(iterable):
    """The first key."""
    keywords(iterable)
    return Constant(0)


@overload(iter_valid)
def valid(iterable, state):
    """Whether there is a key at a position."""
    count = len(keywords(iterable).fields)

    def impl(iterable, state):
        return state < count

    return impl


@overload(iter_value)
def value(iterable, state):
    """The key at a position."""
    names = tuple(name for name, _ in keywords(iterable).fields)

    def impl(iterable, state):
        return str(names[state])

    return impl


@overload(iter_next)
def following(iterable, state):
    """The next position."""
    keywords(iterable)
    return _following


def _following(iterable, state):
    return state + 1


@overload_method(Struct, "get", literals=["key"], inline=True)
def get(self, key, default=None):
    """The value of a key, or the default."""
    own, name = keywords(self), _known(key)
    if name not in dict(own.fields):
        return _default

    def impl(self, key, default=None):
        return field(self, name)

    return impl


def _default(self, key, default=None):
    return default


@overload_method(Struct, "keys")
def keys(self):
    """The keys, as a tuple."""
    return Constant(tuple(name for name, _ in keywords(self).fields))


@overload_method(Struct, "values", inline=True)
def values(self):
    """The values, as a tuple."""
    keywords(self)
    return _values


def _values(self):
    return values_of(self)


@overload_method(Struct, "items", inline=True)
def items(self):
    """Pairs of keys and values; a tuple of them if the values have several types."""
    names = tuple(name for name, _ in keywords(self).fields)
    if len({ty for _, ty in keywords(self).fields}) > 1:
        return _pairs_of_all

    def impl(self):
        return zip(names, values_of(self), strict=True)

    return impl


def _pairs_of_all(self):
    return pairs_from(self, 0)


def _pairs_from(kwargs, at):
    """The pairs of keys and values from a constant position on."""
    fields = keywords(kwargs).fields[at.value :]
    if not fields:
        return _no_pairs
    name = fields[0][0]

    def impl(kwargs, at):
        return ((name, field(kwargs, name)), *pairs_from(kwargs, at + 1))

    return impl


def _no_pairs(kwargs, at):
    return ()


pairs_from = Intrinsic("pellucid.library.pairs_from", _pairs_from, frozenset({"at"}))
