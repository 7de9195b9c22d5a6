"""From LLVM text to machine code that runs."""

from __future__ import annotations

import ctypes
from concurrent.futures import ThreadPoolExecutor

import pytest

from pellucid.backend.compile import (
    compile_module,
    compile_object,
    optimised_text,
)
from pellucid.backend.load import load_object
from pellucid.base.diagnostics import CompileError
from pellucid.base.events import Event
from pellucid.base.options import Options
from pellucid.cache.loader import ObjectCode
from pellucid.targets.cpu.target import host
from pellucid.targets.null import NullTarget

SQUARE = """
define i64 @square(i64 %x) {
  %y = mul i64 %x, %x
  ret i64 %y
}
"""
CALLER = """
declare i64 @square(i64)
define i64 @more(i64 %x) {
  %y = call i64 @square(i64 %x)
  %z = add i64 %y, 1
  ret i64 %z
}
"""
SUM = """
define double @total(ptr %data, i64 %n) {
start:
  br label %loop
loop:
  %i = phi i64 [0, %start], [%next, %loop]
  %acc = phi double [0.0, %start], [%sum, %loop]
  %at = getelementptr inbounds double, ptr %data, i64 %i
  %x = load double, ptr %at
  %sum = fadd fast double %acc, %x
  %next = add nuw i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret double %sum
}
"""
OPTIONS = Options()


def run(address: int, value: int) -> int:
    return ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(address)(value)


@pytest.mark.parametrize("level", range(4))
def test_every_level_gives_working_code(level: int) -> None:
    data = compile_object(SQUARE, host(), Options(opt_level=level), exported={"square"})
    assert run(load_object(data, {"square"}, {}).address_of("square"), 7) == 49


def test_levels_differ_in_vectorising() -> None:
    quick = optimised_text(SUM, host(), Options(opt_level=1))
    full = optimised_text(SUM, host(), OPTIONS)
    assert "x double>" not in quick
    assert "x double>" in full


def test_what_nobody_calls_from_outside_is_inlined() -> None:
    text = SQUARE + CALLER.replace("declare i64 @square(i64)", "")
    code = compile_module(text, host(), OPTIONS, exported={"more"}, with_texts=True)
    assert "@square" not in code.optimised
    assert run(load_object(code.data, {"more"}, {}).address_of("more"), 5) == 26


def test_symbols_are_given_by_the_caller() -> None:
    callback = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(lambda x: x * 10)
    address = ctypes.cast(callback, ctypes.c_void_p).value
    assert address
    data = compile_object(CALLER, host(), OPTIONS, exported={"more"})
    assert run(load_object(data, {"more"}, {"square": address}).address_of("more"), 5) == 51


def test_the_process_has_libm_and_libmvec() -> None:
    text = """
declare double @exp(double)
define double @f(double %x) {
  %y = call double @exp(double %x)
  ret double %y
}
"""
    data = compile_object(text, host(), OPTIONS, exported={"f"})
    loaded = load_object(data, {"f"}, {})
    function = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(loaded.address_of("f"))
    assert function(0.0) == 1.0


def test_the_other_loader_takes_the_same_object() -> None:
    data = compile_object(SQUARE, host(), OPTIONS, exported={"square"})
    loaded = ObjectCode(data).load(lambda name: int(name))
    assert run(loaded.symbols["square"], 7) == 49


def test_code_that_is_not_exported_goes() -> None:
    code = compile_module(
        SQUARE + CALLER.replace("declare i64 @square(i64)", ""),
        host(),
        OPTIONS,
        exported={"more"},
        with_texts=True,
    )
    assert "square" not in code.assembly


def test_phases_are_timed() -> None:
    class Sink:
        def __init__(self) -> None:
            self.names: list[str] = []

        def emit(self, event: Event) -> None:
            raise AssertionError(event)

        def phase(self, name: str, seconds: float) -> None:
            assert seconds >= 0
            self.names.append(name)

    sink = Sink()
    compile_module(SQUARE, host(), OPTIONS, exported={"square"}, events=sink)
    assert sink.names == ["optimise", "emit"]


def test_the_null_target_has_no_code() -> None:
    with pytest.raises(CompileError, match="no machine code"):
        compile_object(SQUARE, NullTarget(), OPTIONS, exported={"square"})


def test_the_host_names_itself() -> None:
    identity = host().identity
    assert host().cpu in identity
    assert "LLVM" in identity
    assert host().info.data_layout.startswith("e-")


def test_threads_compile_at_once() -> None:
    def work(number: int) -> int:
        text = SQUARE.replace("mul i64 %x, %x", f"mul i64 %x, {number}")
        data = compile_object(text, host(), OPTIONS, exported={"square"})
        loaded = load_object(data, {"square"}, {})
        return run(loaded.address_of("square"), 10)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(24))) == [10 * n for n in range(24)]


def test_code_goes_with_its_object() -> None:
    data = compile_object(SQUARE, host(), OPTIONS, exported={"square"})
    addresses: set[int] = set()
    for _ in range(20):
        loaded = load_object(data, {"square"}, {})
        addresses.add(loaded.address_of("square"))
        del loaded
    assert len(addresses) < 20
