"""Arrays as values: their parts, their items, constants, and what LLVM makes of loops over them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pellucid.ir.builder import Builder
from pellucid.ir.callee import FunctionTarget, Primitive
from pellucid.ir.effects import Effects
from pellucid.ir.interp_values import array_from_numpy, numpy_from_array
from pellucid.ir.ops import Edge
from pellucid.ir.values import Value
from pellucid.targets.cpu.target import host
from pellucid.types import (
    Array,
    Type,
    boolean,
    complex128,
    dtype_of,
    float32,
    float64,
    int32,
    int64,
    none,
    uni_tuple,
)

DTYPES = (boolean, int32, float32, float64, complex128)


def axis(ty: Array, index: int) -> Primitive:
    shape = uni_tuple(int64, ty.ndim)

    def lower(cg: Any, args: Any) -> Any:
        return cg.element(shape, cg.field(ty, args[0], "shape"), index)

    return Primitive("axis", int64(ty), lower, lambda a: a.shape[index])


def get(ty: Array) -> Primitive:
    def lower(cg: Any, args: Any) -> Any:
        return cg.load(ty.dtype, address(cg, ty, *args))

    def run(array: Any, index: int) -> Any:
        return numpy_from_array(array, ty)[index].item()

    return Primitive("get", ty.dtype(ty, int64), lower, run, Effects.READS)


def put(ty: Array) -> Primitive:
    def lower(cg: Any, args: Any) -> Any:
        cg.store(ty.dtype, args[2], address(cg, ty, *args[:2]))
        return cg.zero(none)

    def run(array: Any, index: int, value: Any) -> None:
        numpy_from_array(array, ty)[index] = value

    return Primitive("put", none(ty, int64, ty.dtype), lower, run, Effects.WRITES)


def address(cg: Any, ty: Array, ll_array: Any, ll_index: Any) -> Any:
    ll_data, storage = cg.field(ty, ll_array, "data"), cg.ll_storage(ty.dtype)
    return cg.builder.gep(ll_data, [ll_index], inbounds=True, source_etype=storage)


def math(name: str) -> Primitive:
    return Primitive(
        name, float64(float64), lambda cg, a: cg.math_call(name, *a), getattr(np, name)
    )


def loop(make: Any, tools: Any, count: Value, body: Callable[[Builder, Value], None]) -> None:
    """`for i in range(count): body(i)`; the builder stands after it."""
    head, inside, done = (make.new_block(name) for name in ("head", "inside", "done"))
    i = make.param(head, "i", int64)
    make.jump(head, make.const(0, ty=int64))
    make.block = head
    make.branch(make.apply(tools.compare("<"), i, count), Edge(inside), Edge(done))
    make.block = inside
    body(make, i)
    one = make.const(1, ty=int64)
    make.jump(head, make.apply(tools.binary("add", int64, lambda a, b: a + b), i, one))
    make.block = done


def mapping(tools: Any, ty: Array, item: Primitive) -> FunctionTarget:
    """`for i in range(len(x)): out[i] = item(x[i])`."""
    make = tools.Maker("mapping", none, {"out": ty, "x": ty})
    out, x = make.args

    def body(_: Builder, i: Value) -> None:
        make.apply(put(ty), out, i, make.apply(item, make.apply(get(ty), x, i)))

    loop(make, tools, make.apply(axis(ty, 0), x), body)
    make.ret(make.const(None, ty=none))
    return make.target()


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_items_are_loaded_and_stored(tools: Any, dtype: Type) -> None:
    ty = Array(dtype, 1, "C")
    same = Primitive("same", dtype(dtype), lambda _, a: a[0], lambda v: v)
    target = mapping(tools, ty, same)
    source = np.array([3, 0, 1.5, -2, 7, 0, 1], "f8").astype(dtype_of(dtype))
    out = np.zeros_like(source)
    tools.compile([target]).call(target, array_from_numpy(out), array_from_numpy(source))
    np.testing.assert_array_equal(out, source)


def test_a_byte_of_a_bool_array_is_true_if_it_is_not_zero(tools: Any) -> None:
    ty = Array(boolean, 1, "C")
    make = tools.Maker("first", boolean, {"x": ty})
    make.ret(make.apply(get(ty), *make.args, make.const(0, ty=int64)))
    odd = np.array([2], np.uint8).view(np.bool_)
    native = tools.compile([make.target()])
    assert native.call(make.target(), array_from_numpy(odd)).value is True


@pytest.mark.parametrize("layout", "CFA")
def test_arrays_are_passed_and_given(tools: Any, layout: str) -> None:
    ty = Array(float64, 3, layout)
    make = tools.Maker("same", ty, {"x": ty})
    make.ret(make.args[0])
    array = array_from_numpy(np.zeros((2, 3, 4))[:, ::-1])
    value = tools.compile([make.target()]).call(make.target(), array).value
    assert value.owner is array.owner
    assert (value.data, value.shape, value.strides) == (array.data, array.shape, array.strides)


@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("shape", [(2, 3), (0, 3), (40, 30)])
def test_constant_arrays(tools: Any, order: str, shape: tuple[int, int]) -> None:
    items = np.arange(shape[0] * shape[1], dtype="i4")
    array = np.asarray(items.reshape(shape), order=order)
    ty = Array(int32, 2, order, readonly=True)
    make = tools.Maker("constant", ty, {})
    make.ret(make.const(array, ty=ty))
    native = tools.compile([make.target()])
    value = native.call(make.target()).value
    assert (value.owner, value.shape) == (0, array.shape)
    assert array.size == 0 or value.strides == array.strides
    np.testing.assert_array_equal(numpy_from_array(value, ty), array)


# -- what LLVM makes of it --------------------------------------------------------------------


def test_shapes_stay_in_registers(tools: Any) -> None:
    ty = Array(float64, 1, "C")
    twice = Primitive("twice", float64(float64), lambda cg, a: cg.builder.fadd(*a, *a), None)
    native = tools.compile([mapping(tools, ty, twice)])
    assert "vector.body" in native.code.optimised


@pytest.mark.skipif("exp" not in host().info.vector_math, reason="there is no libmvec here")
@pytest.mark.parametrize("name", ["exp", "sin", "log", "tanh"])
def test_mathematics_in_loops_is_packed(tools: Any, name: str) -> None:
    ty = Array(float64, 1, "C")
    target = mapping(tools, ty, math(name))
    native = tools.compile([target])
    packed = re.findall(rf"call <\d+ x double> @_ZGV\wN\d+v_{name}\(", native.code.optimised)
    assert packed
    source = np.linspace(0.1, 3, 103)
    out = np.zeros_like(source)
    native.call(target, array_from_numpy(out), array_from_numpy(source))
    np.testing.assert_allclose(out, getattr(np, name)(source), rtol=1e-15 * 4)


def test_counting_references_does_not_hinder_packing(tools: Any) -> None:
    ty = Array(float64, 1, "C")
    keep = Primitive("keep", none(ty), lambda cg, v: cg.retain(ty, v[0]), None, Effects.WRITES)
    make = tools.Maker("kept", none, {"x": ty})
    (x,) = make.args
    make.apply(keep, x)
    add = tools.binary("fadd", float64, lambda a, b: a + b)

    def body(_: Builder, i: Value) -> None:
        item = make.apply(get(ty), x, i)
        make.apply(put(ty), x, i, make.apply(add, item, item))

    loop(make, tools, make.apply(axis(ty, 0), x), body)
    make.apply(keep, x)
    make.ret(make.const(None, ty=none))
    native = tools.compile([make.target()])
    assert "vector.body" in native.code.optimised
    array = np.arange(50.0)
    outcome = native.call(make.target(), array_from_numpy(array))
    assert outcome.refcounts == [3]
    np.testing.assert_array_equal(array, 2 * np.arange(50.0))
