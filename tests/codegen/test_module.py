"""The module's text: names, linkage, declarations, what is made once."""

from __future__ import annotations

from typing import Any

from llvmlite import binding
from llvmlite import ir as ll

from pellucid.base.options import Options
from pellucid.codegen import emit_module
from pellucid.codegen.mangling import mangle
from pellucid.codegen.module import ModuleBuilder
from pellucid.ir.callee import FunctionTarget
from pellucid.types import Array, float64, int64


def chain(tools: Any) -> tuple[FunctionTarget, FunctionTarget]:
    inner = tools.Maker("inner", int64, {"a": int64}, is_library=True)
    inner.ret(inner.args[0])
    callee = inner.target()
    outer = tools.Maker("outer", int64, {"a": int64})
    outer.ret(outer.apply(callee, *outer.args))
    return callee, outer.target()


def test_functions_are_internal_unless_exported(tools: Any) -> None:
    callee, caller = chain(tools)
    text = emit_module([callee, caller], exported=[caller.symbol], options=Options())
    assert f'define internal i64 @"{callee.symbol}"' in text
    assert f'define i64 @"{caller.symbol}"' in text
    binding.parse_assembly(text).verify()


def test_functions_from_elsewhere_are_declared(tools: Any) -> None:
    callee, caller = chain(tools)
    text = emit_module([caller], exported=[caller.symbol], options=Options())
    assert f'declare i64 @"{callee.symbol}"' in text


def test_the_same_functions_give_the_same_text(tools: Any) -> None:
    targets = chain(tools)
    texts = {emit_module(targets, exported=[], options=Options()) for _ in range(2)}
    assert len(texts) == 1


def test_functions_that_do_not_raise_return_plain_values(tools: Any) -> None:
    target = chain(tools)[0]
    assert target.fn is not None
    raising = FunctionTarget(target.symbol, target.name, target.sig, target.fn)
    text = emit_module([raising], exported=[], options=Options())
    assert f'define internal {{i64, i32}} @"{target.symbol}"' in text


def test_equal_constants_are_one() -> None:
    module = ModuleBuilder(Options(), "test")
    assert module.string("abc") is module.string("abc")
    fields = [module.string("abc"), ll.Constant(ll.IntType(32), 1)]
    assert module.record("frame", fields) is module.record("frame", list(fields))


def test_symbols_are_readable() -> None:
    symbol = mangle("pkg.mod", "f.<locals>.g", [int64, Array(float64, 2, "C")])
    assert symbol == "pkg.mod.f.<locals>.g(int64, array(float64, 2d, C))"
    assert mangle("m", 'a"b@c', []) == "m.a'b_c()"
