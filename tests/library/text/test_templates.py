"""Templates: `%`, `str.format`, f-strings, and `print`, on generated fields."""

# ruff: noqa: F524, F525, UP031, UP032 (these forms are what is tested)
import contextlib
import io
import random

import numpy as np
import pytest
from engines import define
from texts import random_field

from pellucid import CompileError, njit


def random_templates(generator, count):
    """A function that formats by many templates, as source."""
    lines: list[str] = []
    for _ in range(count):
        fields = [random_field(generator) for _ in range(generator.randrange(1, 3))]
        template = "".join(f"{generator.choice(['', 'é=', '%%'])}{field}" for field, _ in fields)
        names = [name for _, taken in fields for name in taken]
        lines.append(f"        {template!r} % ({', '.join(names)},),")
    head = "def many(x, n, m, code, text, wide, places):\n    return (\n"
    return head + "\n".join(lines) + "\n    )\n"


@pytest.mark.parametrize("seed", range(3))
def test_percent(seed):
    many = define(random_templates(random.Random(seed), 12), "many")
    compiled = njit(many)
    for args in (
        (1234.5678, 42, -7, 65, "it's", 9, 3),
        (-0.0, -(2**63), 2**63 - 1, 0x1F40D, "日本", -12, 0),
        (float("inf"), 0, 1, 0xE9, "", 0, 7),
    ):
        assert compiled(*args) == many(*args)


def test_percent_of_one_value():
    def many(x, n, text):
        return ("%s" % x, "%d" % x, "<%5s>" % text, "%c%%" % text[0:1], "100%%" % (), "%.3d" % n)

    assert njit(many)(2.75, 5, "ab") == many(2.75, 5, "ab")


@pytest.mark.parametrize(
    ("template", "arguments"), [("%d", "()"), ("%d", "(1, 2)"), ("%x", "1.5"), ("%q", "1")]
)
def test_wrong_templates_are_refused_in_pythons_words(template, arguments):
    wrong = define(f"def wrong():\n    return {template!r} % {arguments}\n", "wrong")
    with pytest.raises((TypeError, ValueError)) as expected:
        wrong()
    with pytest.raises(CompileError) as found:
        njit(wrong)()
    assert str(expected.value).partition(" at index")[0] in str(found.value)


def test_format_method():
    def many(x, n, pair):
        return (
            "{} {} {!r}".format(n, x, "a"),
            "{1:>{0}}|{1:.{0}f}".format(n, x),
            "{0[1]:.2f} {{}} {0[0]}".format(pair),
            "{0.real:+} {0.imag}".format(x),
            "{:{}{}}".format(x, ">", 12),
            "plain".format(),
        )

    assert njit(many)(1.5, 7, (1, 2.5)) == many(1.5, 7, (1, 2.5))


def test_format_method_refuses_what_python_refuses():
    def too_few(n):
        return "{} {}".format(n)

    def mixed(n):
        return "{} {0}".format(n)

    for wrong in (too_few, mixed):
        with pytest.raises(CompileError):
            njit(wrong)(1)


def test_containers():
    def many(n, x, text):
        made = [x * i for i in range(n)]
        nothing = None if n > 3 else n
        return (
            str(made),
            repr([text, "b'"]),
            f"{[[n], [n, n]]} {(made, text)!s}",
            ascii([text]),
            f"{range(n)} {range(0, n, 2)} {nothing} {nothing!r:>5}",
            str({text: made, "": [x]}),
            f"{ {n: {text}} } { {n}!a} {frozenset([text])} {set(made[:0])}",
            ascii({text: {text}}),
        )

    compiled = njit(many)
    for args in ((3, 1.5, "é"), (0, -1.0, "\n"), (5, 2.0, "日'\"")):
        assert compiled(*args) == many(*args)


def test_what_has_no_text_is_refused_at_the_field():
    def wrong(values):
        return f"{1} {values:>5}"

    with pytest.raises(CompileError, match="array"):
        njit(wrong)(np.zeros(2))


def printed(function, *args):
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        function(*args)
    return stream.getvalue()


def test_print():
    def many(n, x, text, z, values):
        print(n, x, text, None, (1, x), [x, x], z, n > 3, range(n), values)
        print()
        print(text, n, sep=text, end="|\n", flush=True)
        print([text], "é", ("a", [n]), sep=None)
        print(np.float32(0.1))

    args = (3, 1.5, "日本", -0j, np.arange(3.0))
    assert printed(njit(many), *args) == printed(many, *args)


def test_print_to_a_file_is_refused():
    def wrong(stream):
        print(1, file=stream)

    with pytest.raises(CompileError, match="redirect"):
        njit(wrong)(1)
