"""Calls with a starred argument whose length is not known while compiling: `f(x, *items)`.

    def f(a, b, c): ...            func @call(x, items) {
    f(x, *items)             ->      items = list(items); count = len(items)
                                     branch count == 2, two, other
                                   two:
                                     return f(x, *unpack(items, 2))
                                   other:
                                     raise_count(...)          the TypeError that Python raises

There is a case for each length that the parameters allow. A function of the library that takes any
number of arguments may have an overload for the key that `spread_key` gives: it is called with the
last argument as it is.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from inspect import Parameter
from typing import TYPE_CHECKING, Any, NoReturn

from pellucid.base.diagnostics import error
from pellucid.inference.binding import Arguments, missing_text, too_many_text
from pellucid.inference.resolution import Resolution
from pellucid.ir.builder import Builder
from pellucid.ir.callee import Ref
from pellucid.ir.function import Function
from pellucid.ir.ops import Call, Edge
from pellucid.ir.params import MISSING, Param
from pellucid.ir.protocol import BUILD_LIST, BUILD_TUPLE, LIST_APPEND, LIST_EXTEND, UNPACK, ref
from pellucid.ir.spreading import RAISE_COUNT
from pellucid.types import Closure, Dispatcher, Tuple, Type

if TYPE_CHECKING:
    from pellucid.inference.frame import Frame
    from pellucid.inference.program import Program

_MOST_CASES = 8
_LIST, _TUPLE, _LEN, _EQ = ref(list), ref(tuple), ref(len), ref(operator.eq)


def spread_key(path: str) -> str:
    """The key of what a callable does with one last argument that is to be spread."""
    return f"spread:{path}"


def open_star(arguments: Arguments) -> int | None:
    """The starred argument whose length is not known; None if all are."""
    stars = [i for i in sorted(arguments.stars) if not isinstance(arguments.types[i], Tuple)]
    return stars[0] if stars else None


def _is_last(arguments: Arguments, star: int) -> bool:
    """Whether only the last positional argument is starred, and only once."""
    return (
        arguments.stars == frozenset({star})
        and star == len(arguments.types) - len(arguments.kwnames) - 1
    )


def _refuse(arguments: Arguments, star: int, op: Call) -> NoReturn:
    """Say what to do instead."""
    error(
        "wrong-arguments",
        "how many arguments this call has is not known while compiling",
        op.span,
        f"the argument after * is a {arguments.types[star].base}",
        help="pass the list itself, or spread a tuple or a slice of constant length",
    )


class SpreadCalls:
    """The calls of one program that have such an argument."""

    def __init__(self, program: Program, front_end: Callable[[Any, bool], Function]) -> None:
        self._program = program
        self._front_end = front_end
        self._written: dict[object, Function] = {}

    def resolve(
        self, op: Call, callee_ty: Type, arguments: Arguments, star: int, caller: Frame | None
    ) -> Resolution:
        """What a call does whose argument `star` has a length that is not known."""
        if isinstance(callee_ty, (Closure, Dispatcher)):
            code = callee_ty.code if isinstance(callee_ty, Closure) else callee_ty.pyobj
            pyfunc = getattr(code, "py_func", code)
            fn = pyfunc if isinstance(pyfunc, Function) else self._front_end(pyfunc, False)
            key = (callee_ty, arguments, op)
            if key not in self._written:
                self._written[key] = _build(callee_ty, fn, arguments, op, star)
            receiver = callee_ty if isinstance(callee_ty, Closure) else None
            return self._program.call_written(self._written[key], receiver, arguments, caller)
        if op.callee is BUILD_TUPLE:
            made = self._written.setdefault((arguments, op), _build_display(arguments, op))
            return self._program.call_written(made, None, arguments, caller)
        path = spread_key(getattr(callee_ty, "path", ""))
        found = self._program.overloads.find(path)
        if not found or not _is_last(arguments, star):
            _refuse(arguments, star, op)
        whole = replace(arguments, stars=frozenset())
        return self._program.resolve_overloads(op, path, found, whole, caller)


def _build_display(arguments: Arguments, op: Call) -> Function:
    """The function that makes `(x, *items)`."""
    names = [f"a{i}" for i in range(len(arguments.types))]
    made = Function("tuple", [Param(each, 0) for each in names], span=op.span, is_library=True)
    builder = Builder(made)
    builder.span = op.span
    builder.block = entry = builder.new_block("entry")
    args = [builder.param(entry, each) for each in names]
    items = builder.call(BUILD_LIST, hint="items")
    for index, arg in enumerate(args):
        builder.call(LIST_EXTEND if index in arguments.stars else LIST_APPEND, items, arg)
    builder.ret(builder.call(_TUPLE, items, hint="tuple"))
    return made


def _build(
    callee_ty: Closure | Dispatcher, fn: Function, arguments: Arguments, op: Call, star: int
) -> Function:
    """The function that calls `fn`, which is of a type."""
    name, params = fn.name.rpartition(".")[2], fn.params[fn.captured :]
    takes = [p for p in params if p.kind in (Parameter.POSITIONAL_ONLY, 1)]
    named = [p.name for p in takes if p.name in arguments.kwnames]
    takes = [p for p in takes if p.name not in named]
    given = star
    least = max(sum(p.default is MISSING for p in takes) - given, 0)
    most = len(takes) - given
    has_any = any(p.kind == Parameter.VAR_POSITIONAL for p in params)
    if has_any or not _is_last(arguments, star) or most - least >= _MOST_CASES:
        _refuse(arguments, star, op)
    required = [p.name for p in takes if p.default is MISSING][given:]
    texts = tuple(f"{name}() {missing_text(required[n:])}" for n in range(least))
    too_many = too_many_text(takes, 2).replace("but 2 ", "but {} ")
    if named:
        too_many = f"got multiple values for argument '{named[0]}'"
    too_many = f"{name}() {too_many}"
    is_value = isinstance(callee_ty, Closure)
    names = [*(["function"] if is_value else []), *(f"a{i}" for i in range(len(arguments.types)))]
    made = Function("call", [Param(each, 0) for each in names], span=op.span, is_library=True)
    builder = Builder(made)
    builder.span = op.span
    entry = builder.new_block("entry")
    builder.block = entry
    args = [builder.param(entry, each) for each in names]
    callee = args.pop(0) if is_value else Ref(callee_ty.path, callee_ty.pyobj)
    args[star] = builder.call(_LIST, args[star], hint="items")
    count = builder.call(_LEN, args[star], hint="count")
    for length in range(least, most + 1):
        number = builder.const(length)
        is_it = builder.call(_EQ, count, number, hint="is")
        call, other = builder.new_block("call"), builder.new_block("other")
        builder.branch(is_it, Edge(call), Edge(other))
        builder.block = call
        items = builder.call(UNPACK, args[star], number, hint="spread")
        spread = [*args[:star], items, *args[star + 1 :]]
        builder.ret(builder.call(callee, *spread, kwnames=arguments.kwnames, stars=arguments.stars))
        builder.block = other
    constants = [builder.const(value) for value in (given, texts, too_many)]
    builder.ret(builder.call(RAISE_COUNT, count, *constants, hint="refused"))
    return made
