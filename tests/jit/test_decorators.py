"""`jit` and `njit`: their forms, options and explicit signatures."""

import io
import warnings

import numpy as np
import pytest
from fresh_process import run_python

import pellucid
from pellucid import errors, float64, int32, int64, jit, njit, prange, void
from pellucid.base.options import Options
from pellucid.jit import FAST_MATH
from pellucid.types import Array


def add(a, b):
    return a + b


@pytest.mark.parametrize("decorate", [njit, njit(), jit, jit(), njit(nogil=True), jit(None)])
def test_all_forms_make_a_dispatcher(decorate):
    decorated = decorate(add)
    assert decorated(1, 2) == 3
    assert decorated.py_func is add


SIGNATURES = [
    "float64(float64, float64)",
    "f8(f8,f8)",
    "(float64, float64)",
    (float64, float64),
    float64(float64, float64),
    ["float64(float64, float64)"],
    [float64(float64, float64), "f8(f8, f8)"],
]


@pytest.mark.parametrize("signature", SIGNATURES, ids=map(str, SIGNATURES))
def test_signatures_in_every_form(signature):
    function = njit(signature)(add)
    assert function.signatures == [(float64, float64)]
    assert [str(s) for s in function.nopython_signatures] == ["(float64, float64) -> float64"]
    for _ in range(2):
        assert function(1, 2) == 3.0
        assert type(function(1, 2)) is float
        assert function(1.5, np.float32(2)) == 3.5
    assert len(function.signatures) == 1


def test_one_signature_converts_its_arguments():
    function = njit("int64(int64)")(lambda x: x)
    for _ in range(2):
        assert function(3.7) == 3
        assert function(True) == 1
        assert function(np.int8(-3)) == -3
    with pytest.raises(TypeError, match=r"No matching definition for argument type.s. complex128"):
        function(1j)
    with pytest.raises(TypeError, match="No matching definition"):
        function(None)


def test_the_return_type_of_a_signature_is_kept():
    assert njit("int32(int32, int32)")(add)(2147483648, 2147483649) == 1
    assert njit("uint8(int64, int64)")(add)(150, 150) == 44
    assert njit("float32(float64, float64)")(add)(0.1, 0.2) == float(np.float32(0.1 + 0.2))
    assert njit(void())(lambda: None)() is None


def test_several_signatures_take_the_best():
    function = njit(["int32(int32)", "float64(float64)"])(lambda x: x)
    for _ in range(2):
        assert type(function(1)) is float
        assert function(2.5) == 2.5
        assert type(function(np.int32(3))) is int
    function = njit(["int64(int64)", "float64(float64)", "complex128(complex128)"])(lambda x: x)
    for value in (1, 1.5, 1j, np.float32(2), np.int8(3)):
        assert type(function(value)) is type(value.item() if hasattr(value, "item") else value)


def test_two_equally_good_signatures_are_ambiguous():
    function = njit(["f8(f8, f4)", "f8(f4, f8)"])(add)
    with pytest.raises(TypeError, match="Ambiguous overloading") as caught:
        function(1, 1)
    assert "(float64, float32)" in str(caught.value)


def test_array_signatures_take_the_layouts_they_include():
    @njit("float64(float64[:])")
    def first(a):
        return a[0]

    @njit("float64(float64[::1])")
    def contiguous(a):
        return a[0]

    strided = np.ones(6)[::2]
    for _ in range(2):
        assert first(np.ones(3)) == 1.0
        assert first(strided) == 1.0
        assert contiguous(np.ones(3)) == 1.0
        with pytest.raises(TypeError, match="No matching definition"):
            contiguous(strided)
        with pytest.raises(TypeError, match="No matching definition"):
            first(np.ones(3, np.float32))
        with pytest.raises(TypeError, match="No matching definition"):
            first(np.broadcast_to(1.0, 3))


def test_the_most_special_array_signature_is_taken():
    function = njit(["(f8[::1],)", "(f8[:],)"])(lambda a: a.ndim)
    assert [s[0].layout for s in function.signatures] == ["C", "A"]
    order = [s.signature.params[0].layout for s in function._family.chain]
    assert order == ["C", "A"]
    assert function(np.ones(3)) == function(np.ones(6)[::2]) == 1


def test_an_optional_parameter_takes_none():
    function = njit((pellucid.optional(int64),))(lambda x: x is not None)
    for _ in range(2):
        assert function(0) is True
        assert function(None) is False
    assert len(function.signatures) == 1


def test_a_signature_of_another_length_is_an_error():
    with pytest.raises(TypeError, match="Signature mismatch: 1 argument types given"):
        njit("int64(int64)")(add)


@pytest.mark.parametrize("text", ["int65(int64)", "int64(int64", "", "int64"])
def test_a_signature_that_is_none(text):
    with pytest.raises(errors.CompileError, match="is not a signature"):
        njit(text)(add)
    with pytest.raises(TypeError, match="is not a signature"):
        njit([3])(add)


def test_options_become_compile_options():
    function = njit(
        nogil=True, fastmath={"nnan"}, error_model="numpy", boundscheck=False, cache=False
    )(add)
    expected = Options(False, "numpy", frozenset({"nnan"}), nogil=True, cache=False)
    assert function.options == expected
    assert njit(fastmath=True)(add).options.fastmath == FAST_MATH
    assert njit(fastmath={"nnan": True, "ninf": False})(add).options.fastmath == {"nnan"}
    assert njit(parallel=True)(add).targetoptions == {"parallel": True}


def test_every_option_of_numba_is_taken():
    decorate = jit(
        nopython=True, nogil=True, cache=True, parallel=False, fastmath=False, looplift=True,
        error_model="python", boundscheck=None, debug=False, locals={}, inline="never",
        no_rewrites=True, no_cpython_wrapper=False, no_cfunc_wrapper=False, forceinline=False,
        writable_args=False, forceobj=False, target_backend="cpu", pipeline_class=None,
    )  # fmt: skip
    assert decorate(add)(1, 2) == 3


def test_wrong_options_are_refused():
    with pytest.raises(
        KeyError, match="unknown option nopthon; there are: annotations, boundscheck"
    ):
        njit(nopthon=True)
    with pytest.raises(KeyError, match="expected 'python' or 'numpy'"):
        njit(error_model="c")
    with pytest.raises(ValueError, match="Unrecognized fastmath flags: fats"):
        njit(fastmath={"fats"})
    for given in (3, ["nnan"], "nnan"):
        with pytest.raises(ValueError, match="expected True, False, or a set"):
            njit(fastmath=given)
    with pytest.raises(ValueError, match="expected 'wrap' or 'raise'"):
        njit(overflow="saturate")
    with pytest.raises(ValueError, match="contradict"):
        jit(forceobj=True, nopython=True)
    with pytest.raises(errors.UnsupportedError, match="locals"):
        jit(locals={"x": int32})


def test_nopython_and_forceobj_are_ignored_by_njit():
    with pytest.warns(RuntimeWarning, match="nopython is set for njit"):
        assert njit(nopython=False)(add)(1, 2) == 3
    with pytest.warns(RuntimeWarning, match="forceobj is set for njit"):
        njit(forceobj=True)(add)
    with pytest.warns(errors.NumbaDeprecationWarning, match="nopython=False has no effect"):
        jit(nopython=False)(add)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        jit(nopython=True)(add)


def test_only_functions_are_decorated():
    with pytest.raises(TypeError, match="int is a class, not a function"):
        njit(int)
    with pytest.raises(TypeError, match=r"is compiled already: decorate its \.py_func"):
        njit(njit(add))
    with pytest.raises(TypeError, match="not a function written in Python"):
        njit(len)
    with pytest.raises(TypeError, match="not a function written in Python"):
        njit(3)
    with pytest.raises(TypeError, match="put @staticmethod above"):
        njit(staticmethod(add))


def test_prange_is_range():
    @njit(parallel=True)
    def total(n):
        result = 0
        for i in prange(n):
            result += i
        return result

    assert total(10) == 45
    assert list(prange(3)) == [0, 1, 2]


def test_what_can_be_asked_of_a_compiled_function():
    function = njit(add)
    assert function.signatures == []
    assert function.stats._fields == ("cache_path", "cache_hits", "cache_misses")
    function(1, 2)
    key = (int64, int64)
    assert list(function.overloads) == [key]
    assert function.overloads[key].signature == int64(int64, int64)
    out = io.StringIO()
    function.inspect_types(file=out)
    assert out.getvalue().startswith("add (int64, int64)\n-----")
    for inspect, word in (
        (function.inspect_llvm, "define"),
        (function.inspect_asm, ".globl"),
        (function.inspect_cfg, "digraph"),
    ):
        assert word in str(inspect(key))
        assert word in str(inspect()[key])
        assert word in str(inspect("int64(int64, int64)"))
        with pytest.raises(KeyError):
            inspect((float64, float64))
    with pytest.raises(RuntimeError, match="not compiled with parallel=True"):
        function.parallel_diagnostics()
    with pytest.raises(ValueError, match="level is 1 to 4"):
        function.parallel_diagnostics(level=9)


def test_explain_gives_a_report():
    function = njit(add)
    report = function.explain(1, 2.5)
    assert function.signatures == [(int64, float64)]
    assert report.function.name == "add"
    assert function.explain("(int64, float64)").function.name == "add"
    assert function.explain().function.name == "add"
    function(1, 1)
    with pytest.raises(KeyError, match="2 specialisations"):
        function.explain()


def test_disable_compile_freezes_the_signatures():
    function = njit(lambda x: x)
    function(1)
    function.disable_compile()
    assert function(2.5) == 2
    assert len(function.signatures) == 1


def test_compile_adds_a_specialisation():
    function = njit(add)
    function.compile("float64(float64, float64)")
    function.compile((int64, int64))
    assert len(function.signatures) == 2
    assert function(1, 2) == 3


def test_public_names():
    assert pellucid.jit is jit
    assert pellucid.int_ is pellucid.intp is int64
    assert pellucid.typeof(1) is int64
    assert pellucid.NumbaError is errors.CompileError
    assert str(pellucid.float64[:, ::1]) == str(Array(float64, 2, "C"))
    assert "njit" in dir(pellucid)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = pellucid.nothing
    for name in pellucid.__all__:
        assert getattr(pellucid, name) is not None
    for name in errors.__all__:
        assert getattr(pellucid, name) is getattr(errors, name)


def test_the_function_jit_is_not_hidden_by_its_module():
    code = "from pellucid.jit import njit; import pellucid; print(callable(pellucid.jit))"
    assert run_python(code) == "True\n"
