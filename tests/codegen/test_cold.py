"""What LLVM is told of blocks that are hardly ever run; and that places cost nothing else."""

import re

import numpy as np
from pir_files import read

from pellucid.base import Options
from pellucid.codegen import emit_module
from pellucid.compilation import compile_function
from pellucid.types import Array, float64, int64
from pellucid.types.typeof import typeof

LOOP = """
func @f(n: int64) -> int64 symbol="m.f" {
entry:
  zero: int64 = const 0
  bad: bool = call "compare<"(n, zero) for operator.lt
  branch bad, slow(n), fine
slow(i: int64) cold:
  one: int64 = const 1
  i.1: int64 = call add(i, one) for operator.add
  more: bool = call "compare<"(i.1, zero) for operator.lt
  branch more, slow(i.1), fine
fine:
  return n
}
"""


def test_a_branch_to_a_cold_block_is_unlikely_and_a_cold_loop_stays_as_it_is():
    fn = read(LOOP)[0][0]
    text = emit_module([fn], exported=["m.f"], options=Options())
    assert re.search(r'br i1 .*label %"slow", label %"fine".*, !prof', text)
    assert re.search(r'br i1 .*label %"slow", label %"fine".*, !llvm\.loop', text)
    assert '!{!"llvm.loop.disable_nonforced"}' in text


def swapped(a, n):
    for i in range(n):
        for j in range(n):
            for k in range(i, n):
                a[i, j, k] = a[j, i, k] + a[k, i, j]
    for i in range(n):
        for j in range(n):
            row = a[i, j]
            for k in range(n):
                row[k] = row[n - 1 - k]
    return a


def _size(options):
    arg_tys = (Array(float64, 3, "C"), int64)
    compiled = compile_function(swapped, arg_tys, options, use_library_cache=False)
    return sum(len(block.ops) for block in compiled.target.fn.blocks)


def test_loops_with_hoisted_checks_are_copied_once():
    assert _size(Options(boundscheck=True)) < 8 * _size(Options(boundscheck=False))


def test_code_that_just_runs_has_no_places():
    compiled = compile_function(swapped, (typeof(np.ones((2, 2, 2))), int64), Options())
    assert "!dbg" in compiled.llvm_text()
    assert "!dbg" not in compiled.llvm_text(with_places=False)
    code = compiled.machine_code(compiled.untyped.params)
    assert b".debug_line" not in code.data
    with_places = compiled.machine_code(compiled.untyped.params, with_texts=True)
    assert len(code.data) < len(with_places.data)
