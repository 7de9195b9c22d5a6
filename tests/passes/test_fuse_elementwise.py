"""Which array operations run as one loop, and that they give what they gave before."""

import numpy as np
import pytest
from array_checks import check, native
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.base.options import Options
from pellucid.compilation import FrontEnd, overload_table
from pellucid.inference.program import Program
from pellucid.ir.printer import print_function
from pellucid.passes.fuse_elementwise import FuseElementwise
from pellucid.passes.pass_base import PassContext
from pellucid.types.typeof import typeof


class Events:
    def __init__(self):
        self.events = []

    def emit(self, event):
        self.events.append(event)

    def phase(self, name, seconds):
        pass


def fused(pyfunc, *args):
    """The number of fused groups in the function, and the events."""
    sink = Events()
    program = Program(Options(), overload_table(), FrontEnd(), sink, None)
    target = program.specialise(pyfunc, tuple(map(typeof, args)))
    FuseElementwise().run(target.fn, PassContext(Options(), sink, program.specialise_callable))
    text = print_function(target.fn)
    return text.count('call @"pellucid.numpy.fused'), sink.events


A = np.linspace(-2, 2, 5)
B = np.linspace(1, 3, 5)


def expression(a, b):
    return np.sqrt(a * a + b * b) - 2 * a


def statements(a, b):
    t = a * b
    u = t + 1
    return u * u - t


def in_place(a, b):
    a += b * 2 - a
    return a


def summed(a, b):
    return np.sum(a * b + 1)


def summed_by_method(a, b):
    return (a * b).sum()


def compared(a, b):
    return (a < b) & (a * 2 > b)


def small_ints(a, b):
    c, d = a.astype(np.int8), b.astype(np.int8)
    return (c * 100) // (d + 1)


def with_scalars(a, b):
    x = b[0]
    return a * x + x - 1


def powers(a, b):
    return (a - b) ** 2 + a**3.0


FUSED = [
    expression, statements, in_place, summed, summed_by_method, compared, small_ints, with_scalars,
    powers,
]  # fmt: skip


@pytest.mark.parametrize("function", FUSED)
def test_fused(function):
    groups, events = fused(function, A, B)
    assert groups == 1, [e.reason for e in events]
    assert [e.kind for e in events] == ["fused"]
    check(function, A, B, ulps=2)
    check(function, A.reshape(5, 1), B, engines=("machine code",), ulps=2)


def used_twice(a, b):
    t = a * b
    return t + 1, t


def written_between(a, b):
    t = a * b
    a[0] = 7
    return t + a


def may_raise_between(a, b):
    t = a * b
    x = a[9]
    return t + x


def fewer_dimensions(a, b):
    return np.exp(a) + b


def integer_power(a, b):
    return a.astype(np.int64) ** b.astype(np.int64) + 1


KEPT = [
    (used_twice, A, B, "used elsewhere"),
    (written_between, A, B, "memory is written"),
    (may_raise_between, A, B, "may raise first"),
    (fewer_dimensions, A, np.ones((3, 5)), "fewer dimensions"),
]


@pytest.mark.parametrize(("function", "a", "b", "reason"), KEPT)
def test_kept(function, a, b, reason):
    groups, events = fused(function, a, b)
    assert groups == 0
    assert any(reason in event.reason for event in events)
    check(function, a, b, ulps=2)


def test_powers_of_integers_are_kept():
    assert fused(integer_power, A, B)[0] == 0


def error_order(a, b, c):
    return a * b + c


def test_the_first_mismatch_is_reported():
    for a, b, c in ((5, 5, 3), (5, 4, 5), (5, 4, 3), (1, 5, 3), (5, 1, 3)):
        check(error_order, np.ones(a), np.ones(b), np.ones(c))


def overlapping(a):
    b = a[1:]
    b += a[:-1] * 2
    return a


def same_memory(a):
    a *= a + 1
    return a


def test_memory_that_is_shared():
    check(overlapping, np.arange(700.0))
    check(same_memory, np.arange(700.0))


# ---- generated expressions --------------------------------------------------------------------

leaves = st.sampled_from(["a", "b", "c", "x", "2", "0.5", "a[::-1]"])


def combined(inner):
    binary = st.sampled_from(["+", "-", "*", "/", "<", "np.maximum"])
    unary = st.sampled_from(["-", "np.sqrt", "np.abs", "np.floor"])
    return st.one_of(
        st.tuples(binary, inner, inner).map(_binary),
        st.tuples(unary, inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
    )


def _binary(parts):
    symbol, left, right = parts
    if symbol.startswith("np."):
        return f"{symbol}({left}, {right})"
    return f"(({left}) {symbol} ({right}))"


expressions = st.recursive(leaves, combined, max_leaves=8)


@settings(max_examples=6, deadline=None)
@given(expressions)
def test_generated_expressions(text):
    from engines import define

    function = define(f"def f(a, b, c, x):\n    return ({text}) + a * 0\n", np=np)
    try:
        with np.errstate(all="ignore"):
            function(A, B, A, 1.5)
    except TypeError:
        return  # NumPy has no such operation
    check(function, A, B, np.arange(5), 1.5, engines=("machine code",), ulps=2)


def test_native_result_owns_its_memory():
    result = native(expression)(A, B)
    assert result.base is not A
    assert result.flags.writeable
