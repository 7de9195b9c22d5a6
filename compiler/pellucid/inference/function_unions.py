"""Calls of a function that is one of several, or with a value of one of several types.

    g = a if c else b           g: FunctionUnion(a, b)
    g(x, k=2)              ->   call @call(g, x, 2)

    func @call(g, a0, k) {
      is_0 = call union.is(g, 0)
      branch is_0, call_0, other_0
    call_0:
      g_0 = call union.get(g, 0)         the function itself: a direct call
      t_0 = call g_0(a0, k=k)
      return t_0
    other_0:
      g_1 = call union.get(g, 1)
      ...

A call `len(x)` where `x` is an `Union(str, tuple)` is written in the same way, as one call for each
type of `x`.

The function is written untyped and inferred like any other, so results are joined, and recursion
solved, as everywhere. Passes inline it, and each direct call in it.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from pellucid.base.spans import Span
from pellucid.inference.binding import Arguments, Given
from pellucid.inference.candidates import OPERATORS
from pellucid.inference.folding import as_int
from pellucid.inference.overloads import Overload
from pellucid.inference.resolution import Resolved
from pellucid.ir.builder import Builder
from pellucid.ir.callee import Part, Primitive
from pellucid.ir.function import Function
from pellucid.ir.ops import Edge
from pellucid.ir.params import Param
from pellucid.ir.protocol import (
    BUILD_TUPLE,
    UNION_GET,
    UNION_IS,
    UNWRAP_OPTIONAL,
    box,
    ref,
)
from pellucid.types import Callable, FunctionUnion, Literal, Signature, Type, Union, boolean


def find_union(tys: Sequence[Type]) -> tuple[int, int] | None:
    """The first argument that is of one of several types, and how many those are."""
    for place, ty in enumerate(tys):
        if type(ty) is Union:
            return place, len(ty.members)
    return None


def build_caller(
    callee_ty: Type,
    union: tuple[int, int] | None,
    arity: int,
    kwnames: tuple[str, ...],
    stars: frozenset[int],
    span: Span,
) -> Function | None:
    """The function that calls what `callee_ty` says; None where a call goes to it directly.

    `union` is what `find_union` says of the arguments.
    """
    shape = (arity, kwnames, stars, span)
    if union is not None and _is_asked_by_type(callee_ty):
        return _build_caller_by_type(callee_ty, *union, *shape)
    if isinstance(callee_ty, FunctionUnion):
        return _build_union_caller(len(callee_ty.members), *shape)
    if isinstance(callee_ty, Callable):
        return _build_known_caller(callee_ty.pyobj, *shape)
    return _build_optional_caller(*shape)


def _is_asked_by_type(callee_ty: Type) -> TypeGuard[Callable]:
    """Whether a call is one for each type: what only holds its arguments takes them as they are."""
    if not isinstance(callee_ty, Callable) or isinstance(callee_ty.pyobj, Overload):
        return False
    return callee_ty.pyobj not in (box, BUILD_TUPLE.pyobj)


def _build_union_caller(
    count: int, arity: int, kwnames: tuple[str, ...], stars: frozenset[int], span: Span
) -> Function:
    """The function that calls one of `count` others with `arity` arguments."""
    names = ["function", *(f"a{i}" for i in range(arity))]
    fn = Function("call", [Param(name, 0) for name in names], span=span, is_library=True)
    builder = Builder(fn)
    builder.span = span
    entry = builder.new_block("entry")
    builder.block = entry
    which, *args = [builder.param(entry, name) for name in names]
    for index in range(count):
        number = builder.const(index)
        other = builder.new_block("other") if index + 1 < count else None
        if other is not None:
            is_it = builder.call(UNION_IS, which, number, hint="is")
            call = builder.new_block("call")
            builder.branch(is_it, Edge(call), Edge(other))
            builder.block = call
        member = builder.call(UNION_GET, which, number, hint="member")
        builder.ret(builder.call(member, *args, kwnames=kwnames, stars=stars))
        builder.block = other
    return fn


def _build_caller_by_type(
    callee_ty: Callable,
    place: int,
    count: int,
    arity: int,
    kwnames: tuple[str, ...],
    stars: frozenset[int],
    span: Span,
) -> Function:
    """The function that calls another one by the type that the argument at `place` has."""
    names = [f"a{i}" for i in range(arity)]
    spelt = OPERATORS.get(callee_ty.path, callee_ty.path.rpartition(".")[2])
    fn = Function(spelt, [Param(name, 0) for name in names], span=span, is_library=True)
    builder = Builder(fn)
    builder.span = span
    entry = builder.new_block("entry")
    builder.block = entry
    args = [builder.param(entry, name) for name in names]
    value = args[place]
    for index in range(count):
        number = builder.const(index)
        other = builder.new_block("other") if index + 1 < count else None
        if other is not None:
            is_it = builder.call(UNION_IS, value, number, hint="is")
            call = builder.new_block("call")
            builder.branch(is_it, Edge(call), Edge(other))
            builder.block = call
        args[place] = builder.call(UNION_GET, value, number, hint="member")
        function = ref(callee_ty.pyobj)
        builder.ret(builder.call(function, *args, kwnames=kwnames, stars=stars))
        builder.block = other
    return fn


def _build_optional_caller(
    arity: int, kwnames: tuple[str, ...], stars: frozenset[int], span: Span
) -> Function:
    """The function that calls another one, which must not be None."""
    names = ["function", *(f"a{i}" for i in range(arity))]
    fn = Function("call", [Param(name, 0) for name in names], span=span, is_library=True)
    builder = Builder(fn)
    builder.span = span
    entry = builder.new_block("entry")
    builder.block = entry
    which, *args = [builder.param(entry, name) for name in names]
    function = builder.call(UNWRAP_OPTIONAL, which, hint="function")
    builder.ret(builder.call(function, *args, kwnames=kwnames, stars=stars))
    return fn


def _build_known_caller(
    pyobj: Any, arity: int, kwnames: tuple[str, ...], stars: frozenset[int], span: Span
) -> Function | None:
    """The function that makes a `partial` or a getter of `operator` again, and calls it.

    None for other objects, whose content is not known.
    """
    made = _known_parts(pyobj)
    if made is None:
        return None
    cls, own, keywords = made
    names = [f"a{i}" for i in range(arity)]
    fn = Function("call", [Param(name, 0) for name in names], span=span, is_library=True)
    builder = Builder(fn)
    builder.span = span
    entry = builder.new_block("entry")
    builder.block = entry
    args = [builder.param(entry, name) for name in names]
    values = [builder.const(value) for value in (*own, *keywords.values())]
    function = builder.call(ref(cls), *values, kwnames=tuple(keywords), hint="function")
    builder.ret(builder.call(function, *args, kwnames=kwnames, stars=stars))
    return fn


def _known_parts(pyobj: Any) -> tuple[Any, tuple[Any, ...], Mapping[str, Any]] | None:
    if type(pyobj) is functools.partial:
        return functools.partial, (pyobj.func, *pyobj.args), pyobj.keywords
    if type(pyobj) in (operator.itemgetter, operator.attrgetter):
        cls, args = pyobj.__reduce__()
        return cls, args, {}
    if type(pyobj) is operator.methodcaller:
        made = pyobj.__reduce__()
        bound = made[0]  # with keywords, a partial of the class
        return (
            getattr(bound, "func", bound),
            (*getattr(bound, "args", ()), *made[1]),
            (getattr(bound, "keywords", {})),
        )
    return None


def is_member(ty: Union, index: int, index_ty: Type) -> Primitive:
    """The primitive that asks whether a value is the member at `index`."""

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        tag = cg.field(ty, args[0], "tag")
        return cg.builder.icmp_unsigned("==", tag, tag.type(index))

    def run(value: tuple[int, Any], _index: Any) -> bool:
        return value[0] == index

    return Primitive(f"union.is[{index}]", Signature(boolean, (ty, index_ty)), lower, run)


def get_member(ty: Union, index: int, index_ty: Type) -> Primitive:
    """The primitive that takes the member at `index` out, which the value must be."""
    member = ty.members[index]

    def lower(cg: Any, args: Sequence[Any]) -> Any:
        found = cg.element(ty, args[0], index + 1)
        cg.retain(member, found)
        return found

    def run(value: tuple[int, Any], _index: Any) -> Any:
        return value[1]

    sig = Signature(member, (ty, index_ty))
    return Primitive(f"union.get[{index}]", sig, lower, run, part=Part(0, index + 1))


def take_apart(pyobj: Any, arguments: Arguments) -> Resolved:
    """A question about a function that is one of several."""
    union, number = arguments.types
    assert isinstance(union, Union)
    assert isinstance(number, Literal)
    make = is_member if pyobj is UNION_IS.pyobj else get_member
    return Resolved(make(union, as_int(number.value), number), (Given(0), Given(1)))
