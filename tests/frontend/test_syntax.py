"""What displays, comprehensions, patterns and f-strings become, as IR text."""

import sys

import pytest
from engines import define
from pythonerrors import mistakes

from pellucid.frontend import build_function
from pellucid.ir.printer import print_functions


def calls(text):
    """The functions that a function's IR calls, in the order of its text."""
    lines = print_functions([build_function(define(text))]).splitlines()
    found = [line.partition(" = call ")[2].partition("(")[0] for line in lines]
    return [name.rpartition(".")[2] for name in found if name]


def test_a_comprehension_is_its_loop():
    text = print_functions(
        [build_function(define("def f(a, k):\n    return [x * k for x in a]\n"))]
    )
    ops = [line.strip().partition(" @")[0] for line in text.splitlines()]
    assert [op for op in ops if "call" in op] == [
        "t = call pellucid.ir.protocol.build_list()",
        "t.1 = call pellucid.ir.protocol.list_reserve(t, a)",
        "state = call pellucid.ir.protocol.iter_start(a)",
        "valid = call pellucid.ir.protocol.iter_valid(a, state.1)",
        "x = call pellucid.ir.protocol.iter_value(a, state.1)",
        "t.2 = call operator.mul(x, k)",
        "t.3 = call pellucid.ir.protocol.list_append(t, t.2)",
        "state.2 = call pellucid.ir.protocol.iter_next(a, state.1)",
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[a, 1]", ["build_list"]),
        ("[a, *a, 1]", ["build_list", "list_extend", "list_append"]),
        ("{*a, 1}", ["build_set", "set_update", "set_add"]),
        ("{1: a, **a, 2: a}", ["build_dict", "dict_update", "dict_setitem"]),
        ('f"{a}"', ["format_value"]),
        ('f"{a} {1!r:{a}}"', [*["format_value"] * 4, "join_str"]),
        ('f"a" "b"', []),
        ("a in [1, 2]", ["build_tuple", "contains"]),
        ("a in [1, a]", ["build_list", "contains"]),
        ("a in {1, 2.0}", ["build_set", "contains"]),
    ],
)  # fmt: skip
def test_calls_of_expressions(expression, expected):
    assert calls(f"def f(a):\n    return {expression}\n") == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("_", []),
        ("x", []),
        ("1", ["eq", "bool"]),
        ("None", ["is_", "bool"]),
        ("[]", ["is_sequence", "bool", "len", "eq", "bool"]),
        ("[*_]", ["is_sequence", "bool"]),
        ("[_, *_]", ["is_sequence", "bool", "len", "ge", "bool"]),
        ("[x, _]", ["is_sequence", "bool", "len", "eq", "bool", "getitem"]),
        ("{}", ["is_mapping", "bool"]),
        ('{"a": _}', ["is_mapping", "bool", "contains", "bool"]),
        ("int(_)", ["isinstance", "bool"]),
        ("int(real=1)", ["isinstance", "bool", "hasattr", "bool", "getattr", "eq", "bool"]),
    ],
)
def test_calls_of_patterns(pattern, expected):
    assert calls(f"def f(a):\n    match a:\n        case {pattern}: pass\n") == expected


@pytest.mark.parametrize(
    ("body", "headline", "caret"),
    [
        ("import nothing_here", "`nothing_here` cannot be imported", "nothing_here"),
        ("from math import nope", "`math.nope` cannot be imported", "nope"),
        ("from . import nope", "`nope` cannot be imported", "nope"),
    ],
)
def test_failed_imports(body, headline, caret):
    assert mistakes(define(f"def f():\n    {body}\n")) == [("unknown-name", headline, caret)]


@pytest.mark.parametrize(
    ("pattern", "headline"),
    [
        ("int(x, y)", "int() accepts 1 positional sub-pattern (2 given)"),
        ("object(x)", "object() accepts 0 positional sub-patterns (1 given)"),
    ],
)
def test_too_many_positional_patterns(pattern, headline):
    f = define(f"def f(a):\n    match a:\n        case {pattern}: pass\n")
    assert mistakes(f) == [("wrong-arguments", headline, pattern)]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="no such statement before Python 3.12")
def test_type_statements_are_refused():
    headline = "`type` statements are not supported yet"
    assert mistakes(define("def f(a):\n    type X = int\n    return a\n")) == [
        ("unsupported-syntax", headline, "type X = int")
    ]
