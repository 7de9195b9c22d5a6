"""Types from text."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.base import CompileError
from pellucid.types import (
    NUMBERS,
    SCALARS,
    Array,
    BoundMethod,
    Callable,
    Closure,
    Dispatcher,
    DType,
    ExceptionClass,
    ExceptionInstance,
    Literal,
    Module,
    Optional,
    Pointer,
    Range,
    Signature,
    Slice,
    Struct,
    Tuple,
    boolean,
    bytes_type,
    complex128,
    ellipsis,
    float64,
    int32,
    int64,
    literal_int,
    literal_str,
    memory_block,
    none,
    undefined,
    uni_tuple,
    unicode_type,
)
from pellucid.types.syntax import signature_from_text, type_from_text

value_error = ExceptionClass("ValueError", ValueError)
names = st.text("abcdefxyz_", min_size=1, max_size=5)
literals = st.one_of(
    st.integers(-(2**63), 2**63 - 1).map(literal_int),
    st.booleans().map(lambda b: Literal(b, boolean)),
    st.text().map(literal_str),
    st.binary().map(lambda b: Literal(b, bytes_type)),
)
arrays = st.builds(
    Array, st.sampled_from(SCALARS), st.integers(0, 5), st.sampled_from("CFA"), st.booleans()
)
simple = st.one_of(
    st.sampled_from([*SCALARS, none, unicode_type, bytes_type, undefined, memory_block, ellipsis]),
    literals,
    arrays,
    st.builds(Pointer, st.sampled_from(NUMBERS)),
    st.builds(DType, st.sampled_from(SCALARS)),
    st.builds(Range, st.sampled_from([int64, int32])),
    st.sampled_from(
        [
            Callable("operator.add", operator.add),
            Callable("builtins.len", len),
            Module("numpy", np),
            value_error,
            Dispatcher("tests.f", test_f := lambda: None),
            Closure("kernel", test_f),
        ]
    ),
)
types = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda elems: Tuple(tuple(elems))),
        st.builds(uni_tuple, inner, st.integers(0, 4)),
        inner.filter(lambda ty: not isinstance(ty, Optional)).map(Optional),
        st.builds(Slice, inner, inner, inner),
        st.builds(
            Struct, names, st.dictionaries(names, inner, max_size=3).map(lambda d: tuple(d.items()))
        ),
        st.builds(
            ExceptionInstance,
            st.just(value_error),
            st.lists(inner, max_size=2).map(tuple),
            st.none() | st.text(),
        ),
        st.builds(BoundMethod, inner, names),
        st.builds(
            lambda c: Closure("kernel", test_f, tuple(c)), st.lists(inner, min_size=1, max_size=2)
        ),
    ),
    max_leaves=6,
)


def find_object(path):
    from pellucid.types.syntax import import_object

    return test_f if path in {"tests.f", "kernel"} else import_object(path)


@given(types)
def test_text_of_a_type_reads_back(ty):
    assert type_from_text(str(ty), find_object) == ty


@pytest.mark.parametrize(
    ("text", "ty"),
    [
        ("f8[:, ::1]", Array(float64, 2, "C")),
        ("f8[::1,:]", Array(float64, 2, "F")),
        ("float64[:]", Array(float64, 1, "A")),
        ("b1", boolean),
        ("intp", int64),
        ("c16", complex128),
        ("void", none),
        ("Tuple((int64, f8))", Tuple((int64, float64))),
        ("Tuple((int64,))", Tuple((int64,))),
        ("Tuple(())", Tuple(())),
        ("UniTuple(f8, 3)", uni_tuple(float64, 3)),
        ("optional(i4)", Optional(int32)),
        ("Array(float64, 1, 'C', readonly=True)", Array(float64, 1, "C", readonly=True)),
        ("array(float64, 1d, C)", Array(float64, 1, "C")),
    ],
)
def test_numba_spellings(text, ty):
    assert type_from_text(text) == ty


def test_signatures():
    expected = Signature(float64, (int64, Array(float64, 2, "C")))
    assert signature_from_text("float64(int64, f8[:, ::1])") == expected
    assert signature_from_text(str(expected)) == expected
    assert signature_from_text("void(i4)") == Signature(none, (int32,))
    assert signature_from_text("f8()") == Signature(float64, ())
    assert signature_from_text("(int64, f8)") == (int64, float64)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("float65", "`float65` is not the name of a type"),
        ("float64[2]", "expected `:`"),
        ("Tuple(int64", "expected `)`"),
        ("int64 int64", "nothing more was expected"),
        ("array(int64, 1d, Q)", "the layout is C, F or A"),
        ("Function(numpy.no_such)", "there is no `numpy.no_such`"),
        ("", "expected a name"),
    ],
)
def test_what_is_no_type_says_where(text, reason):
    with pytest.raises(CompileError, match="is not a type") as caught:
        type_from_text(text)
    assert reason in str(caught.value)
