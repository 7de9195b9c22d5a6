"""Every op points at its own token."""

import linecache

import pytest
from engines import define
from python_corpus import CASES
from syntax_corpus import CASES as SYNTAX_CASES

from pellucid.base.spans import NO_SPAN
from pellucid.frontend import build_function

FUNCTIONS = [function for function, _ in (*CASES, *SYNTAX_CASES)]


def text_at(span):
    line = linecache.getline(span.file, span.line).encode()
    if span.end_line == span.line:
        return line[span.col : span.end_col].decode()
    rest = [linecache.getline(span.file, n).encode() for n in range(span.line + 1, span.end_line)]
    last = linecache.getline(span.file, span.end_line).encode()[: span.end_col]
    return b"".join([line[span.col :], *rest, last]).decode()


def anchor_text(span, count=1):
    line = linecache.getline(span.file, span.anchor_line).encode()
    return line[span.anchor_col : span.anchor_col + count].decode()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_anchor_names_one_operation(function):
    fn = build_function(function)
    spans = {}
    for op in fn.ops():
        if op.span != NO_SPAN:
            assert spans.setdefault(op.span.key, op.span) == op.span
            assert op.span.file == fn.file


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_anchor_lies_in_its_range(function):
    for op in build_function(function).ops():
        span = op.span
        if span != NO_SPAN:
            start, end = (span.line, span.col), (span.end_line, span.end_col)
            assert start <= (span.anchor_line, span.anchor_col) < end


def anchors(text):
    """(source text, text from the anchor on) of each op of a function."""
    fn = build_function(define(text))
    seen = dict.fromkeys(op.span for op in fn.ops() if op.span != NO_SPAN)
    return [(text_at(s), anchor_text(s, len(text_at(s).encode()))) for s in seen]


@pytest.mark.parametrize(
    ("expression", "anchor"),
    [
        ("a + b", "+ b"),
        ("(a) + (b)", "+ (b)"),
        ("(a  # + (\n    ) + b", "+ b"),
        ("a \\\n  @ b", "@ b"),
        ("a is not b", "is not b"),
        ("a not in (b,)", "not in (b,)"),
        ("-a", "-a"),
        ("not a", "not a"),
        ("a[b]", "[b]"),
        ("(a)[b]", "[b]"),
        ("a.b", ".b"),
        ("(a . b)", ". b"),
        ("abs(a)", "(a)"),
        ("(abs) (a)", "(a)"),
        ("a, b", ", b"),
        ("(a, b)", "(a, b)"),
        ("(a), b", "(a), b"),
        ("(a, b), b", ", b"),
        ("a[b:a]", ":a"),
        ("a[:b]", ":b"),
        ("a if b else a", "if b else a"),
        ("a < b", "< b"),
        ("ä + 日", "+ 日"),
    ],
)
def test_anchor_is_the_token_of_the_operation(expression, anchor):
    found = anchors(f"def f(a, b, ä=1, 日=2):\n    x = {expression}\n")
    assert any(after.startswith(anchor) for _, after in found), found


def test_anchors_of_statements():
    text = """\
def f(a, b):
    for i in range(a):
        b += i
        a[i] -= 1
    while a:
        a = a - 1
    if a:
        pass
    elif b:
        assert a, b
    a[0], (x, y) = b
    raise ValueError(a)
"""
    found = {(where, after[:2]) for where, after in anchors(text)}
    for expected in [
        ("for i in range(a)", "fo"),
        ("range(a)", "(a"),
        ("b += i", "+="),
        ("a[i] -= 1", "-="),
        ("a[i]", "[i"),
        ("while a", "wh"),
        ("if a", "if"),
        ("elif b", "el"),
        ("assert a, b", "as"),
        ("a[0], (x, y)", ", "),
        ("(x, y)", "(x"),
        ("x", "x"),
        ("raise ValueError(a)", "ra"),
        ("ValueError(a)", "(a"),
    ]:
        assert expected in found, expected


def test_anchors_of_displays_and_patterns():
    text = """\
def f(a, b):
    c = [x + 1
         for x in a  # note
         if (x) for y in (b)]
    d = {*a, 1}
    e = f"{a!r:>{b}} {c} end"
    del a[0], b.c
    import math as m
    match a:
        case [1, *rest] | (rest, 2):
            pass
        case a.b, {"k": int(n)} as q:
            pass
        case -1 | 1 + 2j:
            pass
"""
    found = {(where, after[:2]) for where, after in anchors(text)}
    for expected in [
        ("for x in a", "fo"),
        ("for y in (b", "fo"),
        ("{*a, 1}", "{*"),
        ("*a", "*a"),
        ("{a!r:>{b}}", "{a"),
        ("{b}", "{b"),
        ("{c}", "{c"),
        ("a[0]", "[0"),
        ("b.c", ".c"),
        ("math as m", "ma"),
        ("[1, *rest]", "[1"),
        ("1", "1"),
        ("*rest", "*r"),
        ("[1, *rest] | (rest, 2)", "| "),
        ("(rest, 2)", "(r"),
        ("rest", "re"),
        ("a.b", ".b"),
        ('a.b, {"k": int(n)} as q', ", "),
        ('{"k": int(n)}', '{"'),
        ("int(n)", "(n"),
        ("-1", "-1"),
        ("1 + 2j", "+ "),
    ]:
        assert expected in found, expected
