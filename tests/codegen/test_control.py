"""Blocks, phis, loops and values of every shape through them."""

from __future__ import annotations

from typing import Any

from pellucid.ir.callee import Primitive
from pellucid.ir.ops import Edge
from pellucid.types import (
    Tuple,
    boolean,
    complex128,
    float64,
    int64,
    literal_int,
    none,
    optional,
    uni_tuple,
)


def test_a_loop_sums(tools: Any) -> None:
    make = tools.Maker("total", int64, {"n": int64})
    (n,) = make.args
    add = tools.binary("add", int64, lambda a, b: a + b)
    loop, body, done = (make.new_block(name) for name in ("loop", "body", "done"))
    i, acc = make.param(loop, "i", int64), make.param(loop, "acc", int64)
    zero, one = make.const(0, ty=int64), make.const(1, ty=literal_int(1))
    one = make.convert(one, int64)
    make.jump(loop, zero, zero)
    make.block = loop
    make.branch(make.apply(tools.compare("<"), i, n), Edge(body), Edge(done))
    make.block = body
    make.jump(loop, make.apply(add, i, one), make.apply(add, acc, i))
    make.block = done
    make.ret(acc)
    tools.check(make.target(), (10,), (0,), (-3,), (1000,))


def test_records_travel_through_blocks(tools: Any) -> None:
    pair = Tuple((float64, Tuple((complex128, boolean)), none))
    make = tools.Maker("choose", pair, {"flag": boolean, "a": pair, "b": pair})
    flag, a, b = make.args
    join = make.new_block("join")
    chosen = make.param(join, "chosen", pair)
    make.branch(flag, Edge(join, [a]), Edge(join, [b]))
    make.block = join
    make.ret(chosen)
    one, two = (1.5, (1 + 2j, True), None), (-0.0, (complex("nan"), False), None)
    tools.check(make.target(), (True, one, two), (False, one, two))


def test_the_entry_may_be_a_loop(tools: Any) -> None:
    make = tools.Maker("count", int64, {"n": int64, "steps": int64})
    n, steps = make.args
    body, done = make.new_block("body"), make.new_block("done")
    half = Primitive(
        "half",
        int64(int64),
        lambda cg, a: cg.builder.ashr(a[0], cg.constant(int64, 1)),
        lambda v: v >> 1,
    )
    one = make.const(1, ty=int64)
    make.branch(make.apply(tools.compare("<"), n, one), Edge(done), Edge(body))
    make.block = body
    more = make.apply(tools.binary("add", int64, lambda a, b: a + b), steps, one)
    make.jump(make.fn.entry, make.apply(half, n), more)
    make.block = done
    make.ret(steps)
    tools.check(make.target(), (1000, 0), (0, 5))


def test_optionals(tools: Any) -> None:
    ty = optional(int64)
    make = tools.Maker("maybe", ty, {"n": int64})
    (n,) = make.args
    some, nothing, join = (make.new_block(name) for name in ("some", "nothing", "join"))
    out = make.param(join, "out", ty)
    zero = make.const(0, ty=int64)
    make.branch(make.apply(tools.compare("<"), n, zero), Edge(nothing), Edge(some))
    make.block = some
    make.jump(join, make.convert(n, ty))
    make.block = nothing
    make.jump(join, make.convert(make.const(None, ty=none), ty))
    make.block = join
    make.ret(out)
    tools.check(make.target(), (3,), (-3,))


def test_calls_pass_and_give_records(tools: Any) -> None:
    ty = uni_tuple(int64, 5)
    inner = tools.Maker("inner", ty, {"a": ty, "nothing": none, "k": int64})
    a, _, k = inner.args
    first = Primitive("first", int64(ty), lambda cg, v: cg.element(ty, v[0], 0), lambda t: t[0])
    rest = Primitive(
        "with_first",
        ty(ty, int64),
        lambda cg, v: cg.make_tuple(ty, [v[1], *(cg.element(ty, v[0], i) for i in range(1, 5))]),
        lambda t, x: (x, *t[1:]),
    )
    add = tools.binary("add", int64, lambda x, y: x + y)
    inner.ret(inner.apply(rest, a, inner.apply(add, inner.apply(first, a), k)))
    callee = inner.target()
    outer = tools.Maker("outer", ty, {"a": ty})
    (a,) = outer.args
    nothing, three = outer.const(None, ty=none), outer.const(3, ty=int64)
    outer.ret(outer.apply(callee, a, nothing, three))
    tools.check(outer.target(), ((1, 2, 3, 4, 5),), others=[callee])
