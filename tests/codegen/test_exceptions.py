"""Raising: class, arguments, frames through calls and inlining, cleanup, recursion, interrupts."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from pellucid.base.options import Options
from pellucid.base.spans import InlineSite, Span
from pellucid.codegen.exceptions import _LIBRARY
from pellucid.codegen.models import context
from pellucid.ir.callee import FunctionTarget, Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import ArrayValue
from pellucid.ir.ops import Edge
from pellucid.types import (
    Array,
    Tuple,
    Type,
    boolean,
    complex128,
    float32,
    float64,
    int8,
    int64,
    literal_int,
    literal_str,
    none,
    optional,
)


class LocalError(Exception):
    """A class that its module's name leads to."""


def raiser(tools: Any, cls: type, *tys: Type, template: str | None = None, **fields: Any) -> Any:
    """A function that raises with its arguments, on line 2."""
    make = tools.Maker("raiser", int64, {f"a{i}": ty for i, ty in enumerate(tys)}, **fields)
    make.raise_(make.apply(tools.exception(cls, *tys, template=template), *make.args))
    return make.target()


ARGUMENTS: list[tuple[tuple[Type, ...], tuple[Any, ...]]] = [
    ((), ()),
    ((int64,), (-5,)),
    ((int8, float64, boolean, complex128), (-1, 2.5, True, 1 - 2j)),
    ((literal_str("oh no"), literal_int(7), none), ("oh no", 7, None)),
    ((Tuple((int8, Tuple((float32, int64)))),), ((1, (0.5, 2)),)),
    ((optional(int64), optional(float32), int8), (None, 1.5, 3)),
]


@pytest.mark.parametrize(("tys", "values"), ARGUMENTS)
def test_arguments_arrive(tools: Any, tys: Any, values: Any) -> None:
    tools.check(raiser(tools, ValueError, *tys), values)


def test_templates_are_filled(tools: Any) -> None:
    target = raiser(tools, IndexError, int64, int64, template="index {} is not below {}")
    outcome = tools.check(target, (7, 3)).call(target, 7, 3)
    assert outcome.error.args == ("index 7 is not below 3",)


def test_classes_are_found_again(tools: Any) -> None:
    class Hidden(LocalError):
        pass

    for cls in (LocalError, Hidden, KeyError):
        tools.check(raiser(tools, cls, int64), (1,))


def call_through(tools: Any, callee: FunctionTarget, line: int, **fields: Any) -> FunctionTarget:
    """A function that calls another with its one argument, on this line."""
    make = tools.Maker("caller", int64, {"a": int64}, **fields)
    make.at(line)
    make.ret(make.apply(callee, *make.args))
    return make.target()


def test_each_user_function_adds_a_frame(tools: Any) -> None:
    inner = raiser(tools, ValueError, int64)
    library = call_through(tools, inner, 30, is_library=True)
    outer = call_through(tools, library, 40)
    outcome = tools.check(outer, (3,), others=[inner, library]).call(outer, 3)
    assert outcome.frames == [("raiser", 2), ("caller", 40)]


def test_inlined_functions_have_frames(tools: Any) -> None:
    make = tools.Maker("outer", int64, {"a": int64})
    at = make.span
    in_library = Span(f"{_LIBRARY}numpy/sum.py", 7, 0, 7, 9, 7, 3)
    user = InlineSite("middle", Span(at.file, 50, 1, 50, 9, 50, 4))
    make.inlined_at = InlineSite("library_function", Span(at.file, 60, 1, 60, 9, 60, 4), user)
    make.span = in_library
    make.raise_(make.apply(tools.exception(ValueError, int64), *make.args))
    target = make.target()
    outcome = tools.compile([target]).call(target, 1)
    assert outcome.frames == [("middle", 60), ("outer", 50)]


def test_a_failed_call_releases_what_the_caller_owns(tools: Any) -> None:
    array = Array(float64, 1, "C")
    inner = raiser(tools, ValueError, int64)
    keep = Primitive("keep", none(array), lambda cg, v: cg.retain(array, v[0]), None)
    make = tools.Maker("owner", int64, {"a": int64, "xs": array})
    a, xs = make.args
    make.apply(keep, xs)
    make.apply(keep, xs)
    make.ret(make.apply(inner, a, cleanup=(xs,)))
    native = tools.compile([make.target(), inner], symbols={"pellucid.destroy": 1})
    outcome = native.call(make.target(), 1, ArrayValue(object(), 0, (3,), (8,)))
    assert outcome.error.args == (1,)
    assert outcome.refcounts == [2]


def test_destroy_is_called_at_zero(tools: Any) -> None:
    destroyed: list[int] = []
    callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(destroyed.append)
    address = ctypes.cast(callback, ctypes.c_void_p).value
    array = Array(float64, 1, "C")
    drop = Primitive("drop", none(array), lambda cg, v: cg.release(array, v[0]), None)
    keep = Primitive("keep", none(array), lambda cg, v: cg.retain(array, v[0]), None)
    for prims, count, calls in (((drop,), 0, 1), ((keep, drop), 1, 0), ((keep,), 2, 0)):
        destroyed.clear()
        make = tools.Maker("count", none, {"xs": array})
        for prim in prims:
            make.apply(prim, *make.args)
        make.ret(make.const(None, ty=none))
        native = tools.compile([make.target()], symbols={"pellucid.destroy": address})
        outcome = native.call(make.target(), ArrayValue(object(), 0, (3,), (8,)))
        assert (outcome.refcounts, len(destroyed)) == ([count], calls)


def fib(tools: Any) -> FunctionTarget:
    make = tools.Maker("fib", int64, {"n": int64})
    (n,) = make.args
    target = FunctionTarget(make.fn.symbol, "fib", make.fn.sig, make.fn)
    add, sub = (tools.binary(m, int64, f) for m, f in (("add", int.__add__), ("sub", int.__sub__)))
    small, large = make.new_block("small"), make.new_block("large")
    one, two = make.const(1, ty=int64), make.const(2, ty=int64)
    make.branch(make.apply(tools.compare("<"), n, two), Edge(small), Edge(large))
    make.block = small
    make.ret(n)
    make.block = large
    left = make.apply(target, make.apply(sub, n, one))
    right = make.apply(target, make.apply(sub, n, two))
    make.ret(make.apply(add, left, right))
    return target


def test_recursion_works(tools: Any) -> None:
    tools.check(fib(tools), (15,), (1,))


def test_recursion_ends_where_the_stack_does(tools: Any) -> None:
    target = fib(tools)
    native = tools.compile([target], stack_limit=(1 << 63) - 1)
    outcome = native.call(target, 5)
    assert isinstance(outcome.error, RecursionError)
    assert outcome.error.args == ("maximum recursion depth exceeded",)
    assert outcome.frames == []


def spin(tools: Any) -> FunctionTarget:
    """An endless loop that polls."""
    poll = Primitive("poll", none(), lambda cg, _: cg.poll(), lambda: None, Effects.RAISES)
    make = tools.Maker("spin", int64, {})
    loop = make.new_block("loop")
    make.jump(loop)
    make.block = loop
    make.at(5)
    make.apply(poll)
    make.jump(loop)
    return make.target()


def test_a_poll_leaves_the_loop(tools: Any) -> None:
    stop = raiser(tools, KeyboardInterrupt)
    polls: list[int] = []
    native_stop = tools.compile([stop])
    raise_it = ctypes.CFUNCTYPE(ctypes.c_int32, *(ctypes.c_void_p,) * 3)(
        native_stop.loaded.address_of(f"{stop.symbol}.test")
    )

    def poll(ctx: int) -> int:
        polls.append(ctypes.c_int32.from_address(ctx + context.BUDGET).value)
        ctypes.c_int32.from_address(ctx + context.BUDGET).value = 100
        room = ctypes.create_string_buffer(64)
        return raise_it(ctx, room, room) if len(polls) == 3 else 0

    callback = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(poll)
    address = ctypes.cast(callback, ctypes.c_void_p).value
    target = spin(tools)
    native = tools.compile([target], symbols={"pellucid.poll": address}, budget=1000)
    outcome = native.call(target)
    assert isinstance(outcome.error, KeyboardInterrupt)
    assert outcome.frames == [("raiser", 2), ("spin", 5)]
    assert polls == [0, 0, 0]


def test_counts_are_atomic_where_threads_run(tools: Any) -> None:
    array = Array(float64, 1, "C")
    keep = Primitive("keep", none(array), lambda cg, v: cg.retain(array, v[0]), None)
    make = tools.Maker("keeper", none, {"xs": array})
    make.apply(keep, *make.args)
    make.ret(make.const(None, ty=none))
    native = tools.compile([make.target()], Options(nogil=True))
    assert "atomicrmw add" in native.code.optimised
    assert native.call(make.target(), ArrayValue(object(), 0, (3,), (8,))).refcounts == [2]
