"""IR text: spans, what it says of mistakes, and that generated functions read back."""

import pytest

from pellucid.base import CompileError, Span
from pellucid.base.spans import InlineSite
from pellucid.ir.clone import clone_function
from pellucid.ir.parser import parse_function
from pellucid.ir.printer import print_function

SITES = 'inlined g @7:1-7:4^7:2 in "g.py" inlined "<k>"'

LOOP = """
func @f(n) file="f.py" @1:0-4:10^1:4 {
entry:
  zero = const 0                                           @2:4-2:5^2:4
  jump loop(zero)
loop(i):
  more = call operator.lt(i, n)                            @3:7-3:12^3:9
  branch more, body, done
body:
  one = const 1                                            {SITES}
  i.1 = call operator.add(i, one)                          @4:4-5:9^4:6 in "other.py"
  jump loop(i.1)
done:
  return i
}
""".lstrip().replace("{SITES}", SITES)


def test_spans_and_inline_sites_read_back():
    fn = parse_function(LOOP)
    assert print_function(fn, spans=True) == LOOP
    assert fn.span == Span("f.py", 1, 0, 4, 10, 1, 4)
    one, added = fn.blocks[2].ops
    assert added.span == Span("other.py", 4, 4, 5, 9, 4, 6)
    assert one.inlined_at == InlineSite(
        "g",
        Span("g.py", 7, 1, 7, 4, 7, 2),
        InlineSite("<k>", parse_function("func @f() {\ne:\n  unreachable\n}").span),
    )


def test_short_spans_are_points():
    fn = parse_function("func @f() {\nentry:\n  x = const 1   @4:16\n  return x\n}")
    assert fn.blocks[0].ops[0].span == Span("", 4, 16, 4, 16, 4, 16)


def test_spans_are_left_out_unless_asked_for():
    assert "@2" not in print_function(parse_function(LOOP))


def test_a_copy_prints_the_same():
    fn = parse_function(LOOP)
    copy, values, blocks = clone_function(fn)
    assert print_function(copy, spans=True) == LOOP
    assert not set(values) & set(values.values())
    assert not set(blocks) & set(blocks.values())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x = call operator.add(a, z)", "`z` is not defined"),
        ("x = call operator.no_such(a, a)", "there is no `operator.no_such`"),
        ("x = move a", "`move` is not an op"),
        ("jump nowhere", "there is no block `nowhere`"),
        ("a = const 1", "a second `a`"),
        ("x = const [1]", "expected a name"),
        ("x = const 1 2", "nothing more was expected"),
        ("return", "expected a name"),
        ("branch a, entry", "expected `,`"),
    ],
)
def test_a_mistake_is_shown_in_the_text(line, reason):
    text = f"func @f(a) {{\nentry:\n  {line}\n}}\n"
    with pytest.raises(CompileError, match="this is not IR text") as caught:
        parse_function(text, file=f"<{line}>")
    rendered = str(caught.value)
    assert reason in rendered
    assert f"3 |   {line}" in rendered


def test_a_function_must_be_closed():
    with pytest.raises(CompileError, match="not IR text"):
        parse_function("func @f() {\nentry:\n  unreachable\n")
