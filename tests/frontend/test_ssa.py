"""Which block parameters the front end makes: those that are needed, and no others."""

import pytest
from engines import define
from python_corpus import CASES

from pellucid.frontend import build_function
from pellucid.ir.ops import Terminator
from pellucid.ir.parser import environment_of, parse_function
from pellucid.ir.printer import print_function


def text_of(source):
    return print_function(build_function(define(source))).replace("pellucid.ir.protocol.", "")


def params(source):
    fn = build_function(define(source))
    return {block.name: [p.name for p in block.params] for block in fn.blocks[1:] if block.params}


def test_a_loop():
    assert (
        text_of("""
def f(a, n):
    total = 0
    for i in range(n):
        if i == 3:
            continue
        total += a
    return total
""")
        == """\
func @f(a, n) {
entry:
  total = const 0
  t = call builtins.range(n)
  state = call iter_start(t)
  jump for(state, total)
for(state.1, total.1):
  valid = call iter_valid(t, state.1)
  branch valid, body, endfor
body:
  i = call iter_value(t, state.1)
  c = const 3
  t.1 = call operator.eq(i, c)
  t.2 = call builtins.bool(t.1)
  branch t.2, then, endif
then:
  jump next(total.1)
endif:
  total.2 = call operator.iadd(total.1, a)
  jump next(total.2)
next(total.3):
  state.2 = call iter_next(t, state.1)
  jump for(state.2, total.3)
endfor:
  return total.1
}
"""
    )


def test_a_maybe_unbound_variable():
    assert (
        text_of("""
def f(a):
    if a:
        x = 1
    return x, x
""")
        == """\
func @f(a) {
entry:
  unbound = const UNBOUND
  true = const True
  false = const False
  t = call builtins.bool(a)
  branch t, then, endif(unbound, false)
then:
  x = const 1
  jump endif(x, true)
endif(x.1, x.2):
  c = const 'x'
  x.3 = call check_bound(x.1, x.2, c)
  t.1 = call build_tuple(x.3, x.1)
  return t.1
}
"""
    )


def test_variables_that_do_not_change_are_not_parameters():
    assert params("""
def f(a, b, c):
    for i in range(a):
        while b:
            if c:
                b -= 1
            elif a:
                break
            c = c and b or a
        a, c = a, c
        if i:
            print(a, b, c)
    return a, b, c
""") == {
        "for": ["state.1", "b.4", "c.5"],
        "while": ["b.1", "c.1"],
        "endif": ["b.3"],
        "decided.1": ["c.4"],
        "decided": ["c.3"],
    }


@pytest.mark.parametrize("function", [f for f, _ in CASES], ids=lambda f: f.__name__)
def test_no_parameter_has_one_value_only(function):
    fn = build_function(function)
    arguments = {}
    for op in fn.ops():
        for edge in op.edges() if isinstance(op, Terminator) else ():
            for param, arg in zip(edge.block.params, edge.args, strict=True):
                arguments.setdefault(param, set()).add(arg)
    for param, values in arguments.items():
        assert len(values - {param}) > 1, param


@pytest.mark.parametrize("function", [f for f, _ in CASES], ids=lambda f: f.__name__)
def test_text_reads_back(function):
    fn = build_function(function)
    text = print_function(fn, spans=True)
    assert print_function(parse_function(text, environment_of([fn])), spans=True) == text
