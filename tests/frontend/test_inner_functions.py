"""Functions inside functions: which captured variables are refused, and the IR as text."""

import pytest
from engines import define
from pythonerrors import mistakes

from pellucid.frontend import build_function
from pellucid.ir.function import Function
from pellucid.ir.ops import Const
from pellucid.ir.parser import parse_functions
from pellucid.ir.printer import print_functions
from pellucid.ir.verifier import verify

SHARED = {
    "assigned after": "    k = 2\n    f = lambda x: x * k\n    k = 3\n    return f(n)\n",
    "augmented": "    def f(x): return x + n\n    n += 1\n    return f(1)\n",
    "deleted": "    k = n\n    def f(): return k\n    del k\n    return f()\n",
    "used in the next turn": (
        "    f = lambda: 0\n    while n:\n        n -= 1\n        f()\n        f = lambda: n\n"
    ),
    "held by another": (
        "    k = n\n    f = lambda: k\n    g = lambda: f()\n    k = 2\n    return g()\n"
    ),
    "held by a list": (
        "    fs = []\n    for i in (1, 2):\n        fs.append(lambda: i)\n    return fs[0]()\n"
    ),
    "bound on one way": "    if n:\n        k = 1\n    f = lambda: k\n    return f()\n",
    "not itself any more": (
        "    def f(x): return f(x - 1) if x else 0\n    g = f\n    f = abs\n    return g(n)\n"
    ),
    "another of itself": (
        "    g = abs\n    while n:\n        def f(k=n): return f()\n        g()\n        g = f\n"
    ),
    "through a default": "    f = lambda g=(lambda: n): g()\n    n = 1\n    return f()\n",
    "nonlocal": (
        "    t = 0\n    def add(x):\n        nonlocal t\n        t += x\n    add(n)\n    return t\n"
    ),
}
COPIED = {
    "not changed": "    k = n\n    f = lambda x: x * k\n    return f(n)\n",
    "not called any more": (
        "    k = n\n    f = lambda: k\n    t = f()\n    k = 2\n    return t + k\n"
    ),
    "made in each turn": (
        "    t = 0\n    for i in (1, 2):\n        f = lambda: i\n        t += f()\n    return t\n"
    ),
    "made later beside it": (
        "    def f(x): return g(x - 1) if x else 0\n    def g(x): return f(x)\n    return f(n)\n"
    ),
}


@pytest.mark.parametrize("name", [*SHARED, *COPIED])
def test_variables_that_change_are_shared(name):
    body = SHARED.get(name) or COPIED[name]
    fn = build_function(define(f"def f(n):\n{body}"))
    verify(fn)
    assert ("make_cell" in print_functions(inner_first(fn))) == (name in SHARED)


def test_mistakes_inside_are_told_with_the_others():
    f = define("def f(n):\n    g = lambda x: x + a1\n    return g(b1)\n")
    assert [found[1] for found in mistakes(f)] == ["`a1` is not defined", "`b1` is not defined"]


TEXT = """\
func @step(x, /, q) symbol="f.add.step" captured=1 {
entry:
  code = const function f.add.step
  step = call pellucid.ir.protocol.make_closure(code, x)
  c = const 1
  t = call operator.add(q, x)
  t.1 = call (step)(t)
  return t.1
}

func @add(default.y, n, /, x, y = captured(0)) symbol="f.add" captured=2 {
entry:
  code = const function f.add.step
  step = call pellucid.ir.protocol.make_closure(code, x)
  t = call (step)(y)
  t.1 = call operator.mul(t, n)
  return t.1
}

func @f(n) {
entry:
  c = const 2
  code = const function f.add
  add = call pellucid.ir.protocol.make_closure(code, c, n)
  t = call (add)(n)
  return t
}
"""


def test_text():
    f = define(
        "def f(n):\n"
        "    def add(x, y=2):\n"
        "        def step(q): return step(q + x)\n"
        "        return step(y) * n\n"
        "    return add(n)\n"
    )
    assert print_functions(inner_first(build_function(f))) == TEXT.replace("  c = const 1\n", "")


def test_text_reads_back_on_its_own():
    functions = parse_functions(TEXT)
    for fn in functions:
        verify(fn)
    assert print_functions(functions) == TEXT


def inner_first(fn):
    codes = [op.value for op in fn.ops() if isinstance(op, Const)]
    inner = [code for code in codes if isinstance(code, Function) and code is not fn]
    return [*(found for code in inner for found in inner_first(code)), fn]


def test_names_are_kept_with_their_values():
    f = define(
        "def f(n):\n    a, b = n, 2\n    for i in range(n):\n        a += i\n    return a, b\n"
    )
    fn = build_function(f)
    uses = [(span.line, span.col, value.name) for span, value in fn.uses]
    assert uses == [
        (1, 6, "n"),
        (2, 11, "n"),
        (2, 4, "n"),
        (2, 7, "b"),
        (3, 19, "n"),
        (3, 8, "i"),
        (4, 8, "a"),
        (4, 13, "i"),
        (4, 8, "a.1"),
        (5, 11, "a"),
        (5, 14, "b"),
    ]
    assert {value for _, value in fn.uses} <= set(fn.values())
