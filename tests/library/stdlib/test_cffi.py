"""Functions of C that `cffi` knows, and arrays over memory of C."""

import ctypes
import ctypes.util
import math
import shutil
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import carray, cfunc, errors, farray, njit, types

SETTINGS = settings(max_examples=30, deadline=None)
C = ctypes.CDLL(None)
strlen = C.strlen
strlen.argtypes, strlen.restype = [ctypes.c_char_p], ctypes.c_size_t
frexp = C.frexp
frexp.argtypes, frexp.restype = [ctypes.c_double, ctypes.POINTER(ctypes.c_int)], ctypes.c_double


# -- ctypes -----------------------------------------------------------------------------------


@njit
def length(text):
    return strlen(text), strlen(b"abc"), strlen(text + b"x")


@SETTINGS
@given(st.binary(max_size=20))
def test_bytes_are_texts_of_c(data):
    text = data.replace(b"\0", b"0")
    assert length(text) == (len(text), 3, len(text) + 1)


@njit
def parts(x, exponent):
    return frexp(x, exponent.ctypes), exponent[0]


@SETTINGS
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_typed_pointers(x):
    assert parts(x, np.zeros(1, np.intc)) == math.frexp(x)


def test_pointers_of_another_type_are_refused():
    for wrong in (np.zeros(1), np.zeros(1, np.int64)):
        with pytest.raises(errors.TypingError, match="no address of"):
            parts(1.0, wrong)


# -- arrays over memory -----------------------------------------------------------------------


@cfunc("void(CPointer(float64), CPointer(float64), intc, intc)")
def doubled(source, target, m, n):
    given = carray(source, (m, n))
    made = carray(target, (m, n))
    for i in range(m):
        for j in range(n):
            made[i, j] = given[i, j] * 2


@cfunc("void(voidptr, intp)")
def numbered(memory, n):
    items = farray(memory, (n, 2), dtype=np.float32)
    items[0, 1] = 9
    items[n - 1, 0] = items.shape[0]


def test_callbacks_see_arrays():
    source, target = np.arange(6.0), np.zeros(6)
    pointer = ctypes.POINTER(ctypes.c_double)
    doubled.ctypes(source.ctypes.data_as(pointer), target.ctypes.data_as(pointer), 2, 3)
    assert target.tolist() == (source * 2).tolist()
    flat = np.zeros(6, np.float32)
    numbered.ctypes(flat.ctypes.data, 3)
    assert flat.tolist() == [0, 0, 3, 9, 0, 0]


def test_arrays_over_pointers_of_ctypes():
    items = np.arange(6, dtype=np.float32)
    typed = items.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
    untyped = ctypes.c_void_p(items.ctypes.data)
    for pointer in (typed, untyped):
        view = carray(pointer, (3, 2), dtype=np.float32)
        assert view.tolist() == items.reshape(3, 2).tolist()
        view = farray(pointer, (3, 2), dtype=np.float32)
        view[0, 1] += 1
        assert view.flags.f_contiguous
    assert items[3] == 5
    assert carray(typed, 2).tolist() == [0, 1]
    for wrong in (
        lambda: carray(untyped, 2),
        lambda: carray(typed, 2, dtype=np.int32),
        lambda: carray(items, 2),
        lambda: carray(typed, 2.5),
    ):
        with pytest.raises(TypeError):
            wrong()


def test_what_is_wrong_with_a_pointer_is_said():
    for signature, function, match in (
        ("void(voidptr)", lambda p: carray(p, 2)[0], "explicit dtype"),
        ("void(CPointer(float64))", lambda p: carray(p, 2, np.int32)[0], "mismatching dtype"),
        ("void(CPointer(float64))", lambda p: carray(p, 2.5)[0], "invalid shape"),
        ("void(int64)", lambda p: carray(p, 2)[0], "expected a pointer"),
    ):
        with pytest.raises(errors.TypingError, match=match):
            cfunc(signature)(function)


# -- cffi -------------------------------------------------------------------------------------

SOURCE = """
static double twice(double x) { return 2 * x; }
static long total(const long *p, int n) {
    long s = 0;
    for (int i = 0; i < n; i++) s += p[i];
    return s;
}
static unsigned char low(unsigned short x) { return x; }
static float narrow(signed char x, _Bool y) { return y ? x : 0.5f; }
static void fill(void *p, double x) { *(double *)p = x; }
typedef struct { int a; } Pair;
static int by_value(Pair p) { return p.a; }
static int by_address(Pair *p) { return p->a; }
"""
DECLARED = """
double twice(double); long total(const long *, int); unsigned char low(unsigned short);
float narrow(signed char, _Bool); void fill(void *, double); typedef struct { int a; } Pair;
int by_value(Pair); int by_address(Pair *);
"""


@pytest.fixture(scope="module")
def inline():
    ffi = pytest.importorskip("cffi").FFI()
    ffi.cdef("double sin(double); int abs(int); size_t strlen(const char *);")
    return ffi, ffi.dlopen(None)


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    cffi = pytest.importorskip("cffi")
    pytest.importorskip("setuptools")
    headers = Path(sysconfig.get_path("include"), "Python.h")
    if shutil.which("cc") is None or not headers.exists():
        pytest.skip("no C compiler, or no headers of Python")
    folder = tmp_path_factory.mktemp("cffi")
    builder = cffi.FFI()
    builder.cdef(DECLARED)
    builder.set_source("pellucid_test_cffi", SOURCE)
    builder.compile(tmpdir=str(folder))
    sys.path.insert(0, str(folder))
    try:
        import pellucid_test_cffi  # type: ignore[import-not-found]  # made above
    finally:
        sys.path.remove(str(folder))
    return pellucid_test_cffi


@pytest.fixture(scope="module")
def registered(module):
    from pellucid import cffi_utils

    with pytest.raises(errors.CompileError):  # not known yet
        njit((types.float64,), cache=False)(lambda x: module.lib.twice(x))
    cffi_utils.register_module(module)
    return module


def test_functions_of_a_library(inline):
    _, lib = inline
    sin = lib.sin

    @njit(cache=False)
    def compiled(x, n, text):
        return sin(x), lib.sin(x) + 1, lib.abs(n), lib.strlen(text)

    assert compiled(0.5, -3, b"four") == (math.sin(0.5), math.sin(0.5) + 1, 3, 4)
    assert compiled(1, True, b"") == (math.sin(1), math.sin(1) + 1, 1, 0)


def test_functions_of_a_module(registered):
    lib, ffi = registered.lib, registered.ffi

    @njit(cache=False)
    def compiled(x, items):
        made = np.zeros(2)
        lib.fill(ffi.from_buffer(made), x)
        sums = lib.total(ffi.from_buffer(items), len(items))
        return lib.twice(x), sums, lib.low(259), lib.narrow(-3, x > 1), made

    twice, total, low, narrow, made = compiled(1.5, np.arange(5, dtype=np.int_))
    assert (twice, total, low, narrow, made.tolist()) == (3.0, 10, 3, -3.0, [1.5, 0.0])
    with pytest.raises(errors.TypingError, match="contiguous"):
        compiled(1.5, np.arange(10, dtype=np.int_)[::2])
    with pytest.raises(errors.TypingError, match="no address of"):
        compiled(1.5, np.arange(5.0))


def test_what_cannot_be_passed(registered):
    lib = registered.lib
    with pytest.raises(errors.CompileError, match="Pair"):
        njit((types.int64,), cache=False)(lambda x: lib.by_value(x))


def test_types_of_cffi(inline, module):
    from pellucid import cffi_utils

    ffi, _ = inline
    for name, ty in (
        ("char", types.int8),
        ("unsigned short", types.uint16),
        ("int", types.int32),
        ("long long", types.int64),
        ("size_t", types.uint64),
        ("ssize_t", types.int64),
        ("uint8_t", types.uint8),
        ("float", types.float32),
        ("double", types.float64),
        ("void", types.none),
        ("double *", types.CPointer(types.float64)),
        ("int **", types.CPointer(types.CPointer(types.int32))),
        ("void *", types.voidptr),
    ):
        assert cffi_utils.map_type(ffi.typeof(name)) == ty
    pair = module.ffi.typeof("Pair *")
    assert cffi_utils.map_type(pair) == types.voidptr
    for wrong in (ffi.typeof("long double"), module.ffi.typeof("Pair")):
        with pytest.raises(TypeError):
            cffi_utils.map_type(wrong)
    with pytest.raises(TypeError, match="records"):
        cffi_utils.map_type(pair, use_record_dtype=True)
    named = ffi.typeof("int(*)(short)")
    cffi_utils.register_type(named, types.voidptr)
    assert cffi_utils.map_type(named) == types.voidptr


def test_functions_are_arguments(inline):
    _, lib = inline

    @njit(cache=False)
    def applied(function, x):
        return function(x) + 1

    assert applied(lib.sin, 0.5) == math.sin(0.5) + 1
