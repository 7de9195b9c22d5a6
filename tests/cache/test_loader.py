"""Objects from LLVM's target machine run after loading without LLVM."""

from __future__ import annotations

import ctypes
import math
import sys

import llvmlite.binding as llvm
import pytest
from fresh_process import run_python

from pellucid.cache.loader import LoadedObject, ObjectCode, UnsupportedObject
from pellucid.cache.resolve import resolver, system_address

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or llvm.get_process_triple().split("-")[0] != "x86_64",
    reason="the loader knows x86-64 Linux only",
)

TRIPLE = "x86_64-unknown-linux-gnu"
UNKNOWN_CALL = """
    declare i64 @no_such_name()
    define i64 @f() { %a = call i64 @no_such_name()
                      ret i64 %a }"""
FAR = 0x10_0000_0000  # 64 GiB: out of a 32-bit displacement's reach


@pytest.fixture(scope="module", autouse=True)
def _native_target() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def emit(text: str, *, reloc: str = "pic", codemodel: str = "small", cpu: str = "") -> bytes:
    machine = llvm.Target.from_triple(TRIPLE).create_target_machine(
        cpu=cpu, opt=2, reloc=reloc, codemodel=codemodel
    )
    return machine.emit_object(llvm.parse_assembly(f'target triple = "{TRIPLE}"\n{text}'))


def load(text: str, **own: int) -> LoadedObject:
    return ObjectCode(emit(text)).load(resolver(own))


def call(loaded: LoadedObject, name: str, result: type, *args: object) -> object:
    return ctypes.CFUNCTYPE(result, *map(type, args))(loaded.symbols[name])(*args)


def test_code_constants_and_a_call_into_libm() -> None:
    loaded = load("""
        declare double @exp(double)
        define double @f(double %x) {
          %a = fmul double %x, 0x3FB999999999999A
          %b = call double @exp(double %a)
          ret double %b
        }""")
    assert call(loaded, "f", ctypes.c_double, ctypes.c_double(10.0)) == math.exp(1.0)


def test_data_is_writable_zeroed_and_shared_between_functions() -> None:
    loaded = load("""
        @state = internal global i64 7
        @zeros = internal global [100 x i64] zeroinitializer, align 64
        @shared = common global i64 0, align 32
        define i64 @next() {
          %a = load i64, ptr @state
          %b = add i64 %a, 1
          store i64 %b, ptr @state
          store i64 %b, ptr @shared
          ret i64 %a
        }
        define i64 @sum() {
          %a = load i64, ptr getelementptr ([100 x i64], ptr @zeros, i64 0, i64 99)
          %b = load i64, ptr @shared
          %c = add i64 %a, %b
          ret i64 %c
        }""")
    assert [call(loaded, "next", ctypes.c_int64) for _ in range(3)] == [7, 8, 9]
    assert call(loaded, "sum", ctypes.c_int64) == 10
    assert loaded.symbols["shared"] % 32 == 0


def test_tables_of_addresses_and_jump_tables() -> None:
    loaded = load("""
        @a = internal constant [6 x i8] c"hello\\00"
        @b = internal constant [6 x i8] c"world\\00"
        @table = internal constant [2 x ptr] [ptr @a, ptr @b]
        define ptr @word(i64 %i) {
          %p = getelementptr [2 x ptr], ptr @table, i64 0, i64 %i
          %q = load ptr, ptr %p
          ret ptr %q
        }
        declare i64 @labs(i64)
        define i64 @choose(i64 %x) {
          switch i64 %x, label %d [i64 0, label %a i64 1, label %b i64 2, label %c i64 3, label %e
                                   i64 4, label %f]
        a: ret i64 100
        b: ret i64 217
        c: ret i64 355
        e: ret i64 12
        f: %t = call i64 @labs(i64 -5)
           ret i64 %t
        d: ret i64 -1
        }""")
    words = [call(loaded, "word", ctypes.c_char_p, ctypes.c_int64(i)) for i in range(2)]
    assert words == [b"hello", b"world"]
    chosen = [call(loaded, "choose", ctypes.c_int64, ctypes.c_int64(i)) for i in range(6)]
    assert chosen == [100, 217, 355, 12, 5, -1]


def test_far_function_is_called_through_a_stub() -> None:
    """The target is reachable only through 64 bits: mapped there by another object."""
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    page = libc.mmap(FAR, 4096, 7, 0x32, -1, 0)
    assert page == FAR
    ctypes.memmove(page, b"\x48\x8d\x47\x01\xc3", 5)  # lea 1(%rdi), %rax; ret
    loaded = load(
        """
        declare i64 @far(i64)
        define i64 @f(i64 %x) {
          %a = call i64 @far(i64 %x)
          %b = add i64 %a, 100
          ret i64 %b
        }""",
        far=FAR,
    )
    assert call(loaded, "f", ctypes.c_int64, ctypes.c_int64(1)) == 102


def test_data_outside_is_reached_through_a_slot() -> None:
    cell = ctypes.c_int64(42)
    loaded = load(
        """
        @cell = external global i64
        define i64 @f() { %a = load i64, ptr @cell
                          ret i64 %a }
        define ptr @g() { ret ptr @cell }""",
        cell=ctypes.addressof(cell),
    )
    assert call(loaded, "f", ctypes.c_int64) == 42
    assert call(loaded, "g", ctypes.c_void_p) == ctypes.addressof(cell)


def test_symbols_may_stand_for_numbers() -> None:
    """What a cached function learns only when it is loaded, such as its first line."""
    loaded = load(
        """
        @line = external global i8
        @row = internal constant i64 add (i64 ptrtoint (ptr @line to i64), i64 12)
        define i64 @f() { %a = load volatile i64, ptr @row
                          ret i64 %a }""",
        line=1000,
    )
    assert call(loaded, "f", ctypes.c_int64) == 1012


def test_weak_reference_to_nothing_is_null() -> None:
    loaded = load("""
        @nowhere = extern_weak global i8
        define ptr @f() { ret ptr @nowhere }""")
    assert call(loaded, "f", ctypes.c_void_p) is None


def test_vector_constants_are_aligned() -> None:
    data = emit(
        """
        define void @f(ptr %p) {
          %a = load <8 x double>, ptr %p, align 8
          %b = fadd <8 x double> %a, <double 0.0, double 1.0, double 2.0, double 3.0,
                                      double 4.0, double 5.0, double 6.0, double 7.0>
          store <8 x double> %b, ptr %p, align 8
          ret void
        }""",
        cpu="x86-64",  # SSE operands in memory must be aligned
    )
    values = (ctypes.c_double * 8)(*[0.5] * 8)
    loaded = ObjectCode(data).load(system_address)
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(loaded.symbols["f"])(ctypes.addressof(values))
    assert list(values) == [i + 0.5 for i in range(8)]


def test_no_page_is_writable_and_executable() -> None:
    loaded = load("""
        @x = global i64 1
        @y = constant i64 2
        define i64 @f() { ret i64 0 }""")
    rights = {}
    with open("/proc/self/maps") as maps:
        for row in maps:
            start, end = (int(part, 16) for part in row.split()[0].split("-"))
            rights |= {
                name: row.split()[1] for name, at in loaded.symbols.items() if start <= at < end
            }
    assert rights == {"x": "rw-p", "y": "r--p", "f": "r-xp"}


def test_only_global_definitions_are_exported() -> None:
    loaded = load("""
        define internal i64 @hidden() noinline { ret i64 1 }
        define i64 @shown() { %a = call i64 @hidden()
                              ret i64 %a }
        declare double @exp(double)
        define double @caller(double %x) { %a = call double @exp(double %x)
                                           ret double %a }""")
    assert set(loaded.symbols) == {"shown", "caller"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (UNKNOWN_CALL,
         "nothing defines `no_such_name`"),
        ("@t = thread_local global i64 1\ndefine ptr @f() { ret ptr @t }", "thread-local"),
        ("""@llvm.global_ctors = appending global [1 x { i32, ptr, ptr }]
            [{ i32, ptr, ptr } { i32 1, ptr @f, ptr null }]
            define void @f() { ret void }""", "constructors"),
    ],
)  # fmt: skip
def test_what_it_cannot_load_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnsupportedObject, match=reason):
        load(text)


def test_absolute_addresses_out_of_reach_are_refused() -> None:
    data = emit(
        "@t = dso_local global [4 x i64] zeroinitializer\n"
        "define i64 @f(i64 %i) { %p = getelementptr i64, ptr @t, i64 %i\n"
        "%a = load i64, ptr %p\nret i64 %a }",
        reloc="static",
    )
    with pytest.raises(UnsupportedObject, match="cannot reach"):
        ObjectCode(data).load(system_address)


def test_large_code_model_is_refused() -> None:
    data = emit(
        "declare i64 @labs(i64)\ndefine i64 @f() { %a = call i64 @labs(i64 1)\nret i64 %a }",
        codemodel="large",
    )
    with pytest.raises(UnsupportedObject):
        ObjectCode(data).load(system_address)


def test_other_formats_are_refused() -> None:
    for data in (b"", b"\x7fELF", b"MZ" + bytes(100), b"\xcf\xfa\xed\xfe" + bytes(100)):
        with pytest.raises(UnsupportedObject):
            ObjectCode(data).load(system_address)


def test_an_object_cut_off_anywhere_is_refused() -> None:
    data = emit("@x = global i64 1\ndefine ptr @f() { ret ptr @x }")
    for length in range(0, len(data), 7):
        with pytest.raises(UnsupportedObject):
            ObjectCode(data[:length]).load(system_address)


def test_a_failed_load_leaves_no_mapping() -> None:
    def mappings() -> int:
        with open("/proc/self/maps") as maps:
            return len(maps.readlines())

    text = (
        "declare i64 @no_such_name()\ndefine i64 @f() { %a = call i64 @no_such_name()\nret i64 %a }"
    )
    data = emit(text)

    def attempt() -> None:
        with pytest.raises(UnsupportedObject):
            ObjectCode(data).load(system_address)

    attempt()
    before = mappings()
    for _ in range(50):
        attempt()
    assert mappings() < before + 10


def test_unloaded_code_gives_its_memory_back() -> None:
    loaded = load("define i64 @f() { ret i64 0 }")
    loaded.unload()
    with open("/proc/self/maps") as maps:
        assert f"{loaded.base:x}-" not in maps.read()


def test_system_functions_are_found_where_they_live() -> None:
    assert system_address("cos") == system_address("cos")
    for name in ("cos", "memcpy", "PyLong_FromLong", "PyExc_ValueError", "__divti3"):
        assert system_address(name) > 0
    with pytest.raises(LookupError):
        system_address("pellucid_no_such_function")


def test_loading_needs_no_llvmlite() -> None:
    code = (
        "import sys, pellucid.cache.loader, pellucid.cache.resolve\n"
        "print('llvmlite' in sys.modules)"
    )
    assert run_python(code) == "False\n"
