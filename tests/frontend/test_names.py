"""What names mean, and what is said of those that mean nothing."""

import math
import types

import numpy as np
import pytest
from engines import define, interpreted
from pythonerrors import mistakes

from pellucid.frontend import build_function
from pellucid.ir.ops import Call, Const
from pellucid.ir.printer import op_text

LIMIT = 5
ARRAY = np.arange(3)
LATER = "after"


def consts(pyfunc):
    ops = build_function(pyfunc).ops()
    return {op_text(op).partition(" = ")[2] for op in ops if isinstance(op, Const)}


def callees(pyfunc):
    return {str(op.callee) for op in build_function(pyfunc).ops() if isinstance(op, Call)}


def uses_everything(x):
    return x, LIMIT, ARRAY, np, np.pi, math.sin, np.add, np.float32, ValueError, plain, LATER


def plain(x):
    return x


def test_globals_are_constants():
    assert consts(uses_everything) == {
        "const 5",
        f"const ref {__name__}.ARRAY",
        "const ref numpy",
        "const 3.141592653589793",
        "const ref math.sin",
        "const ref numpy.add",
        "const ref numpy.float32",
        "const ref builtins.ValueError",
        f"const ref {__name__}.plain",
        "const 'after'",
    }


def test_callees_are_refs():
    def f(x):
        return len(x), np.linalg.norm(x), math.sin(1), plain(x), np.float64(x), x.sum(), abs(x)

    assert callees(f) == {
        "builtins.len",
        "numpy.linalg.norm",
        "math.sin",
        f"{__name__}.plain",
        "numpy.float64",
        "builtins.getattr",
        "builtins.abs",
        "sum",
        "pellucid.ir.protocol.build_tuple",
    }


def test_mentions():
    def f(x):
        return np.linalg.norm(x) + LIMIT + LIMIT

    found = [(m.path, m.pyobj) for m in build_function(f).mentions]
    assert found == [
        ("numpy", np),
        ("numpy.linalg", np.linalg),
        ("numpy.linalg.norm", np.linalg.norm),
        ("LIMIT", 5),
        ("LIMIT", 5),
    ]


def test_overrides_come_first():
    f = define("def f(n):\n    return f(n) + g\n", g=1)
    fn = build_function(f, overrides={"f": abs, "g": 100})
    calls = [op for op in fn.ops() if isinstance(op, Call)]
    assert calls[0].callee.pyobj is abs


def test_recursion_before_the_name_is_assigned():
    f = define("def f(n):\n    return 1 if n < 1 else f(n - 1) * n\n")
    del f.__globals__["f"]
    calls = [op for op in build_function(f).ops() if isinstance(op, Call)]
    assert f in [getattr(op.callee, "pyobj", None) for op in calls]


def test_recursion_through_an_empty_cell():
    def outer():
        def f(n):
            return 1 if n < 1 else f(n - 1)

        return f

    f = outer()
    empty = types.CellType()
    bare = types.FunctionType(f.__code__, f.__globals__, "f", None, (empty,))
    calls = [op for op in build_function(bare).ops() if isinstance(op, Call)]
    assert bare in [getattr(op.callee, "pyobj", None) for op in calls]


def test_empty_cell():
    text = "def outer():\n    def f():\n        return later\n    return f\n    later = 1\n"
    (found,) = mistakes(define(text)())
    assert found == ("unknown-name", "`later` of the enclosing function has no value yet", "later")


@pytest.mark.parametrize(
    ("expression", "headline", "caret", "advice"),
    [
        ("lenn(x)", "`lenn` is not defined", "lenn", "did you mean `len`?"),
        ("argumnt", "`argumnt` is not defined", "argumnt", "did you mean `argument`?"),
        ("math.squrt(x)", "module `math` has no attribute `squrt`", "math.squrt", "`math.sqrt`"),
        ("math.no.such", "module `math` has no attribute `no`", "math.no", ""),
        ("zzzzzz.a.b", "`zzzzzz` is not defined", "zzzzzz", ""),
        ("sqrt(x)", "`sqrt` is not defined", "sqrt", "did you mean `math.sqrt`?"),
        ("argumetn", "`argumetn` is not defined", "argumetn", "did you mean `argument`?"),
    ],
)
def test_unknown_names(expression, headline, caret, advice):
    f = define(f"def f(x, argument=1):\n    return {expression}\n", math=math)
    (found,) = mistakes(f)
    assert found == ("unknown-name", headline, caret)
    assert advice in mistakes(f, full=True)[0].help


def test_all_mistakes_are_told():
    f = define("""
def f(a):
    x = (b async for b in a)
    y = x + unknown1
    if a:
        with a as z:
            pass
    else:
        z = (lambda: 0) + [unknown3 for _ in a]
    try:
        w = 1
    finally:
        pass
    for i in unknown2:
        print(z + w)
    return v + f"{await_}"
    v = 1
""")
    assert mistakes(f) == [
        (
            "unsupported-syntax",
            "asynchronous generator expressions are not supported yet",
            "(b async for b in a)",
        ),
        ("unknown-name", "`unknown1` is not defined", "unknown1"),
        ("unknown-name", "`unknown3` is not defined", "unknown3"),
        ("unknown-name", "`unknown2` is not defined", "unknown2"),
        ("undefined-variable", "`v` has no value here", "v"),
        ("unknown-name", "`await_` is not defined", "await_"),
    ]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("    return x\n    x = 1\n", "x"),
        ("    y = x\n    x = y\n", "x"),
        ("    x += a\n", "x"),
        ("    x = 1\n    del x\n    return x\n", "x"),
        ("    del x\n", "x"),
        ("    x: int\n    return x\n", "x"),
        ("    while a:\n        print(x)\n    for x in a: pass\n", "x"),
        ("    if a:\n        print(x)\n    else:\n        x = 1\n", "x"),
    ],
)
def test_undefined_variables(body, name):
    (found,) = mistakes(define(f"def f(a):\n{body}"))
    assert found == ("undefined-variable", f"`{name}` has no value here", name)


@pytest.mark.parametrize(
    ("body", "headline"),
    [
        ("    global g\n    g = a\n", "assignments to a global variable"),
        ("    global g\n    g += a\n", "assignments to a global variable"),
        ("    global g\n    del g\n", "assignments to a global variable"),
        ("    async def g(): pass\n", "async functions"),
        ("    class C: pass\n", "class definitions inside functions"),
        ("    global g\n    import math as g\n", "assignments to a global variable"),
        ("    global g\n    [g := x for x in a]\n", "assignments to a global variable"),
        ("    match a:\n        case a.b(): return 1\n", "class patterns whose class is not known"),
        ("    return f(b=1, **{'b': a})\n", "keyword arguments that are given twice"),
        (
            "    try:\n        pass\n    except* ValueError as e:\n        pass\n",
            "`try` statements",
        ),
    ],
)
def test_unsupported_syntax(body, headline):
    (found,) = mistakes(define(f"def f(a):\n{body}"), full=True)
    assert found.code == "unsupported-syntax"
    assert found.headline.startswith(headline)
    assert found.headline.endswith("not supported yet")


def test_global_declaration_for_reading():
    assert interpreted(define("def f():\n    global g\n    return g\n", name="f", g=4))() == 4


def test_deep_nesting_is_refused():
    text = "def f(x):\n    return " + " + ".join(["x"] * 3000) + "\n"
    try:
        f = define(text)
    except RecursionError:
        pytest.skip("this Python cannot compile it either")
    fn = build_function(f)
    assert len(list(fn.ops())) == 3000
