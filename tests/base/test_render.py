"""The one renderer of messages."""

import linecache
import textwrap

import pytest

from pellucid.base import Diagnostic, Label, Span
from pellucid.base.render import MAX_LINES, WIDTH, render


def put(name, text):
    text = text if text.startswith("\t") else textwrap.dedent(text).lstrip("\n")
    lines = text.splitlines(keepends=True)
    linecache.cache[name] = (len(text), None, lines, name)
    return lines


def at(name, line, piece, text="", end_line=None, end_col=None):
    """A label over the first occurrence of `piece` on `line`."""
    source = linecache.getline(name, line)
    col = len(source[: source.index(piece)].encode())
    end = col + len(piece.encode()) if end_col is None else end_col
    return Label(Span(name, line, col, end_line or line, end, line, col), text)


def lines_of(text):
    return textwrap.dedent(text).strip("\n")


def test_example_of_the_style_page():
    put(
        "demo1.py",
        """
        def f(fast, x):


            if fast: scale = 1
            else:    scale = "auto"
            return scale * x
        """,
    )
    diagnostic = Diagnostic(
        "cannot-unify",
        "`scale` is int64 on one path and str on the other",
        at("demo1.py", 4, "scale", "int64 here"),
        (at("demo1.py", 5, "scale", "str here"), at("demo1.py", 6, "scale", "used here")),
        help="give `scale` one type, or return from each branch",
    )
    assert render(diagnostic) == lines_of("""
        error[cannot-unify]: `scale` is int64 on one path and str on the other
         --> demo1.py:4:14
          |
        4 |     if fast: scale = 1
          |              ^^^^^ int64 here
        5 |     else:    scale = "auto"
          |              ----- str here
        6 |     return scale * x
          |            ----- used here
          = help: give `scale` one type, or return from each branch
        """)


def test_two_labels_on_one_line_get_a_row_each_the_primary_first():
    put("demo2.py", "a + b\n")
    diagnostic = Diagnostic(
        "x", "no", at("demo2.py", 1, "a + b", "this"), (at("demo2.py", 1, "b", "str"),)
    )
    assert render(diagnostic) == lines_of("""
        error[x]: no
         --> demo2.py:1:1
          |
        1 | a + b
          | ^^^^^ this
          |     - str
        """)


def test_multi_line_range_shows_its_first_and_last_line():
    put("demo3.py", "y = f(a,\n      b,\n      c)\n")
    span = Span("demo3.py", 1, 4, 3, 8, 1, 5)
    assert render(Diagnostic("x", "no", Label(span, "here"))) == lines_of("""
        error[x]: no
         --> demo3.py:1:5
          |
        1 | y = f(a,
          |     ^^^^
        ...
        3 |       c)
          |       ^^ here
        """)


def test_carets_stand_under_tabs_and_wide_characters():
    put("demo4.py", "\tx = 名前 + é\n")
    text = render(Diagnostic("x", "no", at("demo4.py", 1, "é", "here")))
    source, carets = text.splitlines()[3:]
    assert source == "1 |     x = 名前 + é"
    assert carets == "  |                ^ here"  # two cells for each of the two wide characters


def test_long_line_is_cut_around_its_label():
    put("demo5.py", f"x = {'a + ' * 60}bad + {'c + ' * 60}1\n")
    text = render(Diagnostic("x", "no", at("demo5.py", 1, "bad", "here")))
    source, carets = text.splitlines()[3:]
    assert len(source) <= WIDTH
    assert source[4:7] == "..."
    assert source.endswith("...")
    column = carets.index("^")
    assert source[column : column + 3] == "bad"


def test_label_in_another_file_has_its_own_heading():
    put("demo6.py", "f(1)\n")
    put("demo7.py", "def f(x): return x.y\n")
    diagnostic = Diagnostic(
        "x", "no", at("demo7.py", 1, "x.y"), (at("demo6.py", 1, "f(1)", "called here"),)
    )
    assert render(diagnostic) == lines_of("""
        error[x]: no
         --> demo7.py:1:18
          |
        1 | def f(x): return x.y
          |                  ^^^
         --> demo6.py:1:1
          |
        1 | f(1)
          | ---- called here
        """)


def test_notes_beyond_five_and_labels_beyond_the_length_are_counted():
    put("demo8.py", "x\n" * 9)
    labels = tuple(at("demo8.py", n, "x", "too") for n in range(2, 9))
    notes = tuple(f"reason {n}" for n in range(8))
    text = render(Diagnostic("x", "no", at("demo8.py", 1, "x", "this"), labels, notes)).splitlines()
    assert len(text) <= MAX_LINES
    assert "this" in text[4]
    assert "  = and 7 more places" in text
    assert "  = note: reason 4" in text
    assert text[-1] == "  = and 3 more"


def test_missing_source_keeps_the_words():
    span = Span("/no/such/file.py", 3, 4, 3, 5, 3, 4)
    text = render(Diagnostic("x", "no", Label(span, "this")))
    assert "/no/such/file.py:3" in text
    assert "line 3: this" in text


def test_no_label_at_all():
    assert render(Diagnostic("no-source", "no source")) == "error[no-source]: no source"


@pytest.mark.parametrize("colour", [False, True])
def test_colour_only_adds_escapes(colour):
    put("demo9.py", "a\n")
    text = render(Diagnostic("x", "no", at("demo9.py", 1, "a", "t"), help="h"), colour=colour)
    assert ("\x1b[" in text) is colour
