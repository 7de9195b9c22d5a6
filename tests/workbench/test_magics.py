"""The magics in a real shell: what they compile, show, refuse, complete and say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("IPython")

from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import CapturedIO, capture_output
from traitlets.config import Config

from pellucid_widgets.output import MIME

TOTAL = """\
def total(xs):
    s = 0.0
    for x in xs:
        s += x * 2.0
    return s

"""


@pytest.fixture
def shell(monkeypatch) -> Iterator[InteractiveShell]:
    """A shell of its own, with the extension loaded and no history on disk."""
    monkeypatch.setattr(InteractiveShell, "_instance", None)
    no_history = Config({"HistoryManager": {"enabled": False}})
    made = InteractiveShell.instance(colors="nocolor", config=no_history)
    made.run_line_magic("load_ext", "pellucid")
    made.run_cell("import numpy as np")
    yield made
    InteractiveShell.clear_instance()


def run(shell: InteractiveShell, cell: str) -> tuple[Any, CapturedIO]:
    with capture_output() as captured:
        result = shell.run_cell(cell)
    return result, captured


def bundles(captured: CapturedIO) -> list[dict[str, Any]]:
    return [output.data for output in captured.outputs if MIME in output.data]


def test_a_cell_is_compiled_run_and_shown(shell):
    result, captured = run(shell, f"%%jit\n{TOTAL}value = total(np.arange(4.0))\n")
    assert result.success
    assert shell.user_ns["value"] == 12.0
    (bundle,) = bundles(captured)
    (report,) = bundle[MIME]["reports"]
    assert report["function"]["name"] == "total"
    assert report["function"]["signature"] == "(array(float64, 1d, C)) -> float64"
    assert report["source"]["text"] == TOTAL.rstrip("\n") + "\n"
    # Lines are the cell's, in which the magic's own is the first.
    assert (report["source"]["first_line"], report["source"]["cell_offset"]) == (2, 0)
    assert "<table>" in bundle["text/html"]
    assert "s: float64" in bundle["text/plain"]


def test_the_last_value_is_displayed(shell, capsys):
    result = shell.run_cell(f"%%jit --quiet\n{TOTAL}total(np.arange(3.0))")
    assert result.success
    assert "6.0" in capsys.readouterr().out


def test_a_semicolon_hides_the_last_value(shell, capsys):
    shell.run_cell(f"%%jit --quiet\n{TOTAL}total(np.arange(3.0));")
    assert "6.0" not in capsys.readouterr().out


def test_every_called_function_and_signature_is_shown(shell):
    cell = (
        "%%jit\ndef a(x):\n    return x + 1\ndef b(x):\n    return a(x) * 2\nb(1), b(1.5), a(2)\n"
    )
    _, captured = run(shell, cell)
    (bundle,) = bundles(captured)
    found = [(r["function"]["name"], r["function"]["signature"]) for r in bundle[MIME]["reports"]]
    assert found[0][0] == "a"
    assert ("b", "(int64) -> int64") in found
    assert ("b", "(float64) -> float64") in found


def test_a_cell_that_calls_nothing_says_so(shell):
    _, captured = run(shell, f"%%jit\n{TOTAL}")
    assert not bundles(captured)
    assert "nothing was called" in captured.stdout


def test_quiet_shows_nothing(shell):
    _, captured = run(shell, f"%%jit --quiet\n{TOTAL}total(np.ones(2))\n")
    assert not bundles(captured)


def test_a_signature_compiles_without_a_call(shell):
    _, captured = run(shell, f'%%jit --sig "f8(f8[::1])"\n{TOTAL}')
    (bundle,) = bundles(captured)
    assert bundle[MIME]["reports"][0]["function"]["returns"] == "float64"


def test_options_reach_the_compiler(shell):
    _, captured = run(shell, f"%%jit --fastmath --no-boundscheck\n{TOTAL}total(np.ones(2))\n")
    options = bundles(captured)[0][MIME]["reports"][0]["options"]
    assert options["boundscheck"] is False
    assert options["fastmath"]


def test_levels_to_open_are_chosen(shell):
    _, captured = run(shell, f"%%jit --show source,asm\n{TOTAL}total(np.ones(2))\n")
    assert bundles(captured)[0][MIME]["show"] == ["source", "asm"]


def test_a_function_that_has_a_decorator_is_left_alone(shell):
    cell = "%%jit\nimport functools\n@functools.cache\ndef f(x):\n    return [x]\nf(1)\n"
    result, _ = run(shell, cell)
    assert result.success
    assert shell.user_ns["f"](2) == [2]


def test_a_compile_error_is_a_message_and_fails_the_cell(shell):
    result, captured = run(shell, "%%jit\ndef f(x):\n    return x + undefined_thing\nf(1)\n")
    assert not result.success
    text = captured.stdout + captured.stderr
    assert "undefined_thing" in text
    assert "^^^" in text
    assert "Traceback" not in text
    assert "line 4: f(1)" in text


def test_a_runtime_error_is_the_users_own(shell):
    result, _ = run(shell, "%%jit\ndef f(a, i):\n    return a[i]\nf(np.ones(2), 5)\n")
    assert isinstance(result.error_in_exec, IndexError)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%%jit --show sorce\npass", "no level 'sorce'"),
        ("%%jit --nonsense\npass", "nonsense"),
        ("%jit_show nothing_here", "there is no 'nothing_here'"),
        ("%jit_show np", "not a function compiled by Pellucid"),
        ("%jit_show f()", "is not a name"),
        ("%jit_show", "required"),
    ],
)
def test_a_wrong_line_is_refused_in_words(shell, cell, message):
    result, captured = run(shell, cell)
    assert not result.success
    assert message in captured.stderr + captured.stdout
    assert "Traceback" not in captured.stderr + captured.stdout


def test_a_function_from_before_is_shown(shell):
    run(shell, f"%%jit --quiet\n{TOTAL}total(np.ones(2))\n")
    _, captured = run(shell, "%jit_show total source")
    assert bundles(captured)[0][MIME]["show"] == ["source"]


def test_completion(shell):
    run(shell, f"%%jit --quiet\n{TOTAL}total(np.ones(2))\n")

    def complete(line: str) -> list[str]:
        with provisionalcompleter():
            return [found.text for found in shell.Completer.completions(line, len(line))]

    assert "--fastmath" in complete("%%jit --f")
    assert {"source", "asm"} <= set(complete("%%jit --show "))
    assert "total" in complete("%jit_show to")


def test_help_has_an_example(shell):
    for name in ("jit", "jit_show"):
        kind = "cell" if name == "jit" else "line"
        magic = shell.find_magic(name, kind)
        assert "Example::" in magic.__doc__
        assert "levels" in magic.__doc__
